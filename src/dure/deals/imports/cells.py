"""Cells as values: dates in whatever order a column writes them, numbers and amounts as people type them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from dure.deals.rules import decimals

ORDERS = ("ymd", "mdy", "dmy")
_PARTS = re.compile(r"(\d{1,4})\s*[-/.년]\s*(\d{1,2})\s*[-/.월]\s*(\d{1,4})\s*일?\.?(?:[T ].*)?")
_NUMBER = re.compile(r"[^\d.,\-()]")


def day(text: str, order: str) -> date | None:
    """The day that a cell says, None where it says none."""
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        return None
    parts = dict(zip(order, (int(one) for one in found.groups()), strict=True))
    year = parts["y"] + (2000 if parts["y"] < 70 else 1900 if parts["y"] < 100 else 0)
    try:
        return date(year, parts["m"], parts["d"])
    except ValueError:
        return None


def order_of(texts: Iterable[str], given: str = "") -> tuple[str, bool]:
    """In which order a column writes year, month and day, and whether other orders would do as well."""
    told = [text for text in texts if text.strip()]
    if given:
        return given, False
    fitting = [order for order in ORDERS if all(day(text, order) is not None for text in told)]
    if not fitting:
        # Bad cells are said one by one; the order that reads most of them is taken.
        return max(ORDERS, key=lambda order: sum(day(text, order) is not None for text in told)), False
    return fitting[0], len(fitting) > 1 and bool(told)


def number(text: str) -> Decimal | None:
    """A number with commas, currency signs, percent or brackets around a negative one."""
    bare = _NUMBER.sub("", text)
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("()")
    if re.fullmatch(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?", bare) and "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d+,\d{1,2}", bare):
        bare = bare.replace(",", ".")
    try:
        found = Decimal(bare.replace(",", ""))
    except InvalidOperation:
        return None
    return -found if negative else found


def minor(value: Decimal, currency: str) -> int:
    """Major units as minor ones."""
    return round(value.scaleb(decimals(currency)))
