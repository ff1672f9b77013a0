"""Texts of cells as values. A cell that makes no sense is a BadCell with its field."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

_NOTHING = frozenset({"", "-", "–", "n/a", "na", "null", "none"})
_SIGNS = re.compile(r"[₩￦$€¥£원\s,\u00a0']")
_HOUR = r"(?:[T ](\d{1,2})(?::?\d{2}){0,2}.*)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.년]?\s?(\d{1,2})[-/.월]?\s?(\d{1,2})일?\.?" + _HOUR)
_YEAR_LAST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})" + _HOUR)
_WHOLE = frozenset({"KRW", "JPY", "VND", "CLP", "ISK", "UGX", "XAF", "XOF"})


class BadCell(ValueError):
    """What stands there cannot be read as what the column should hold."""

    def __init__(self, field: str, text: str, wanted: str) -> None:
        self.field = field
        super().__init__(f"{text!r} is no {wanted}.")


def number(field: str, text: str) -> int:
    """A whole number, with separators or without; nothing is 0."""
    if text.strip().casefold() in _NOTHING:
        return 0
    try:
        value = Decimal(_SIGNS.sub("", text))
        if value == value.to_integral_value():
            return int(value)
    except InvalidOperation:
        pass
    raise BadCell(field, text, "whole number")


def money(field: str, text: str, currency: str, *, micro: bool = False) -> int:
    """An amount as people write it (or in millionths), in minor units."""
    if text.strip().casefold() in _NOTHING:
        return 0
    try:
        value = Decimal(_SIGNS.sub("", text).replace(currency, ""))
    except InvalidOperation as error:
        raise BadCell(field, text, "amount") from error
    if not value.is_finite():
        raise BadCell(field, text, "amount")
    if micro:
        value /= 1_000_000
    return round(value if currency in _WHOLE else value * 100)


def moment(field: str, text: str, *, day_first: bool = False) -> tuple[date, int | None]:
    """A day, and the hour where the text says one. 2026-11-20, 2026.11.20, 20261120, 11/20/2026 (or day first)."""
    text = text.strip()
    if matched := _YEAR_FIRST.fullmatch(text):
        year, month, day, hour = matched.groups()
    elif matched := _YEAR_LAST.fullmatch(text):
        first, second, year, hour = matched.groups()
        month, day = (second, first) if day_first else (first, second)
    else:
        raise BadCell(field, text, "day")
    try:
        return date(int(year), int(month), int(day)), int(hour) if hour is not None else None
    except ValueError as error:
        raise BadCell(field, text, "day") from error


def instant(field: str, text: str) -> datetime | None:
    """A time; UTC where no zone is said."""
    if text.strip().casefold() in _NOTHING:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadCell(field, text, "time") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
