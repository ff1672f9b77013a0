"""Values of fields: what somebody sends, checked and brought to the form that is kept."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from dure.deals.record_id import full_id
from dure.deals.records.shape import Field, empty
from dure.kernel.errors import Invalid

LONG_TEXT = 32_000
LARGEST = 10**15
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"[0-9+()./\-#* x]{3,40}", re.I)


def is_empty(value: Any) -> bool:
    return value is None or value in ("", (), [], {})


def read(field: Field, value: Any) -> Any:
    """The value as it is kept; Invalid names the field. None empties it."""
    if is_empty(value):
        return empty(field)
    checked = _READERS[field.type](field, value)
    if field.options and not field.open:
        for one in checked if isinstance(checked, tuple) else (checked,):
            if one not in field.options:
                raise _wrong(field, f"is one of {', '.join(field.options)}")
    return checked


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    return value


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(field, "is text")
    if "\x00" in value:
        raise _wrong(field, "has a character that no text may have")
    limit = LONG_TEXT if field.type == "long_text" else field.limit
    text = value.strip() if field.type == "long_text" else " ".join(value.split())
    if len(text) > limit:
        raise _wrong(field, f"has at most {limit} characters")
    return text


def _number(field: Field, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(field, "is a number")
    if abs(value) > LARGEST or (field.whole and value != int(value)):
        raise _wrong(field, "is a whole number" if field.whole else f"lies within ±{LARGEST}")
    return int(value) if field.whole else value


def _money(field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
        raise _wrong(field, "is a whole number of minor units, 0 or more")
    return value


def _percent(field: Field, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100 or value != int(value):
        raise _wrong(field, "is a whole number of percent from 0 to 100")
    return int(value)


def _date(field: Field, value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        day = value
    else:
        try:
            day = date.fromisoformat(value)
        except (TypeError, ValueError):
            raise _wrong(field, "is a date such as 2026-12-24") from None
    if not date(1900, 1, 1) <= day <= date(2200, 1, 1):
        raise _wrong(field, "lies between 1900 and 2200")
    return day


def _datetime(field: Field, value: Any) -> datetime:
    if isinstance(value, datetime):
        at = value
    else:
        try:
            at = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise _wrong(field, "is a moment such as 2026-12-24T09:00:00+09:00") from None
    if at.tzinfo is None:
        raise _wrong(field, "is a moment with its offset from UTC")
    return at.astimezone(UTC)


def _boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(field, "is true or false")
    return value


def _prices(field: Field, value: Any) -> dict[str, int]:
    if not isinstance(value, Mapping) or len(value) > 60:
        raise _wrong(field, "is an object of currencies and minor units")
    return {_currency(field, code): _money(field, amount) for code, amount in value.items()}


def _several(field: Field, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise _wrong(field, "is a list of texts")
    if len(value) > 200:
        raise _wrong(field, "has at most 200 entries")
    return tuple(dict.fromkeys(one.strip() for one in value))


def _url(field: Field, value: Any) -> str:
    text = _text(field, value)
    if re.match(r"[a-z][a-z0-9+.\-]*:", text, re.I) and not re.match(r"https?://", text, re.I):
        raise _wrong(field, "is an address of the web")
    return text


def _email(field: Field, value: Any) -> str:
    text = _text(field, value)
    if not _EMAIL.fullmatch(text):
        raise _wrong(field, "is an e-mail address")
    return text


def _phone(field: Field, value: Any) -> str:
    text = _text(field, value)
    if not _PHONE.fullmatch(text):
        raise _wrong(field, "is a telephone number")
    return text


def _reference(field: Field, value: Any) -> str:
    return full_id(_text(field, value))


def _currency(field: Field, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch("[A-Z]{3}", value):
        raise _wrong(field, "is a code of ISO 4217, such as KRW")
    return value


_READERS = {
    "text": _text, "long_text": _text, "picklist": _text, "number": _number, "money": _money, "percent": _percent,
    "date": _date, "datetime": _datetime, "boolean": _boolean, "multi_picklist": _several, "list": _several,
    "url": _url, "email": _email, "phone": _phone, "reference": _reference, "currency": _currency,
    "prices": _prices,
}  # fmt: skip


def _wrong(field: Field, what: str) -> Invalid:
    return Invalid(f"`{field.name}` {what}.", field=field.name)
