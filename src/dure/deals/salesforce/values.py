"""Values between the two: as the database has them, as JSON and CSV say them, as somebody sends them."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from dure.deals.rules import NO_DECIMALS
from dure.deals.salesforce.catalogue import IDS, TEXTS, Field
from dure.deals.salesforce.faults import Fault
from dure.deals.salesforce.ids import inside, user_outside
from dure.deals.salesforce.soql.meaning import Term

_LARGEST = 10**15


def outside(term: Term, value: Any) -> Any:
    """A value of an answer, as JSON has it."""
    if value is None:
        return None
    if term.type in IDS:
        return user_outside(value) if term.users else value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool) and term.type != "int"):
        return float(value)
    return value


def moment(at: datetime) -> str:
    """2026-11-23T03:00:00.000+0000"""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}+0000"


def cell(value: Any) -> str:
    """A value of an answer, as CSV has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value == int(value) and abs(value) < 1e15:
        return f"{value:.1f}"
    text = str(value)
    return text[:-5] + "Z" if _MOMENT.fullmatch(text) else text


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000")


def given(field: Field, value: Any) -> Any:
    """What somebody sends for a field, as Dure's records take it; "" empties a text and None anything else.

    Money stays a decimal of major units: its currency is known only beside the other fields (`minor`).
    """
    kind = field.type
    if value is None or value == "":
        return "" if kind in TEXTS | IDS else None
    try:
        if kind in IDS:
            return _id(field, value)
        if kind == "multipicklist":
            return [part.strip() for part in _string(field, value).split(";") if part.strip()]
        if kind in TEXTS:
            return _string(field, value)
        if kind == "boolean":
            return _boolean(value)
        if kind == "date":
            return date.fromisoformat(str(value)[:10])
        if kind == "datetime":
            return _datetime(value)
        return _number(field, value)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        raise Fault(
            "JSON_PARSER_ERROR" if kind in ("date", "datetime", "boolean") else "INVALID_TYPE_ON_FIELD_IN_RECORD",
            f"{field.label}: value not of required type: {str(value)[:80]}", [field.name],
        ) from None  # fmt: skip


def minor(amount: Decimal, currency: str) -> int:
    """Decimals of the major unit as whole minor ones; halves go up, as in trade."""
    scaled = amount if currency in NO_DECIMALS else amount * 100
    return int(scaled.quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def _string(field: Field, value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, dict | list):
        raise ValueError
    if field.length and len(text) > field.length:
        raise Fault(
            "STRING_TOO_LONG", f"{field.label}: data value too large: {text[:80]} (max length={field.length})",
            [field.name],
        )  # fmt: skip
    if field.restricted and text not in field.options:
        raise Fault(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{field.label}: bad value for restricted picklist field: {text[:80]}", [field.name],
        )  # fmt: skip
    return text


def _id(field: Field, value: Any) -> str:
    found = inside(value, users=field.users) if isinstance(value, str) else None
    if found is None:
        raise Fault("MALFORMED_ID", f"{field.label}: id value of incorrect type: {str(value)[:80]}", [field.name])
    return found


def _boolean(value: Any) -> bool:
    text = str(value).lower()
    if text not in ("true", "false", "1", "0"):
        raise ValueError
    return text in ("true", "1")


def _datetime(value: Any) -> datetime:
    text = str(value)
    if isinstance(value, bool | int | float):
        raise ValueError
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _number(field: Field, value: Any) -> Decimal | int:
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError
    number = Decimal(str(value).strip())
    if not number.is_finite():
        raise ValueError
    if abs(number) > _LARGEST:
        raise Fault("NUMBER_OUTSIDE_VALID_RANGE", f"{field.label}: value outside of valid range", [field.name])
    return int(number) if field.type == "int" else number
