"""Filters over the fields of a kind of record, written as SQL: `where` over the row `r`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from dure.deals.record_id import full_id
from dure.deals.records import values
from dure.deals.records.shape import Field, Shape
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter

_CAST = {"number": "numeric", "money": "numeric", "percent": "numeric", "date": "date", "datetime": "timestamptz",
         "boolean": "boolean"}  # fmt: skip
_LISTS = ("multi_picklist", "list")
_AWAY = re.compile(r"([+-]\d{1,4})([dwm])")
_DAYS = {"d": 1, "w": 7, "m": 30}


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks, and when: for `me`, `today`, `+30d` and `-2w` as values of filters."""

    user: str
    today: date


def expression(shape: Shape[Any], field: Field) -> str:
    """A field's value in SQL, null or "" where it was never filled."""
    if field.custom:
        told = f"r.custom->>'{field.name}'"  # the name was checked when the field was made
        if field.type in _LISTS:
            return f"r.custom->'{field.name}'"
        return f"({told})::{_CAST[field.type]}" if field.type in _CAST else f"coalesce({told}, '')"
    if field.name in shape.joined:
        return shape.joined[field.name]
    return f"coalesce(r.{field.name}, '')" if field.name in shape.nulls else f"r.{field.name}"


def where(
    shape: Shape[Any], fields: Mapping[str, Field], filters: Sequence[Filter], seen: Seen
) -> tuple[str, list[Any]]:
    """A condition and its parameters; Invalid names a field that does not exist or a value that makes no sense."""
    parts: list[str] = []
    params: list[Any] = []
    for one in filters:
        field = fields.get(one.prop)
        if field is None or field.type == "prices":
            raise Invalid(f"There is no field {one.prop!r} to filter by.", field="filters")
        told = expression(shape, field)
        if field.type in _LISTS:
            has = shape.within.get(field.name) or (
                f"coalesce({told} ? %s, false)" if field.custom else f"%s = any({told})"
            )
            sql, bound = _in_list(told, has, field, one, seen)
        else:
            sql, bound = _condition(told, field, one, seen)
        parts.append(f"({sql})")
        params += bound
    return " and ".join(parts) or "true", params


def _condition(told: str, field: Field, one: Filter, seen: Seen) -> tuple[str, list[Any]]:
    texts = field.type not in _CAST
    there = f"{told} <> ''" if texts else f"{told} is not null"

    def bound(value: Any) -> Any:
        return _value(field, value, seen)

    match one.op:
        case "set":
            return there, []
        case "not_set":
            return f"not ({there})", []
        case "=":
            return f"{told} = %s", [bound(one.value)]
        case "!=":
            return f"{told} is distinct from %s", [bound(one.value)]
        case "in":
            return f"{told} = any(%s)", [[bound(value) for value in one.value]]
        case "not_in":
            return f"({told} = any(%s)) is not true", [[bound(value) for value in one.value]]
        case "contains":
            return f"strpos(lower(({told})::text), lower(%s)) > 0", [str(one.value)]
        case _:
            if texts:
                return f"{told} {one.op} %s", [str(one.value)]
            return f"{told} {one.op} %s", [bound(one.value)]


def _in_list(told: str, has: str, field: Field, one: Filter, seen: Seen) -> tuple[str, list[Any]]:
    filled = f"coalesce(jsonb_array_length({told}), 0) > 0" if field.custom else f"cardinality({told}) > 0"
    wanted = [_me(value, field, seen) for value in (one.value if one.op in ("in", "not_in") else [one.value])]
    match one.op:
        case "set":
            return filled, []
        case "not_set":
            return f"not ({filled})", []
        case "=" | "contains":
            return has, wanted
        case "!=":
            return f"not ({has})", wanted
        case "in":
            return " or ".join([has] * len(wanted)) or "false", wanted
        case "not_in":
            return f"not ({' or '.join([has] * len(wanted)) or 'false'})", wanted
        case _:
            raise Invalid(f"A list such as {field.name!r} has no {one.op}.", field="filters")


def _value(field: Field, value: Any, seen: Seen) -> Any:
    kind = _CAST.get(field.type)
    try:
        if kind == "numeric":
            if isinstance(value, bool):
                raise ValueError
            return float(value) if not isinstance(value, int) else value
        if kind == "date":
            return _day(value, seen)
        if kind == "timestamptz":
            return _moment(value, seen)
        if kind == "boolean":
            return {"true": True, "false": False}[str(value).lower()]
    except (TypeError, ValueError, KeyError):
        raise Invalid(f"{value!r} is no value of {field.name!r}.", field="filters") from None
    if field.type == "reference":
        return full_id(str(_me(value, field, seen)))
    return str(value)


def _me(value: Any, field: Field, seen: Seen) -> Any:
    return seen.user if value == "me" and field.reference == "user" else value


def _day(value: Any, seen: Seen) -> date:
    if value == "today":
        return seen.today
    if isinstance(value, str) and (away := _AWAY.fullmatch(value)):
        return seen.today + timedelta(days=int(away[1]) * _DAYS[away[2]])
    return date.fromisoformat(value)


def _moment(value: Any, seen: Seen) -> datetime:
    try:
        day = _day(value, seen)
    except ValueError:
        at = datetime.fromisoformat(value)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


Look = Callable[[str], Any]


def look_of(record: Any) -> Look:
    """How `kernel.filters` looks into a record, its own fields and those that a workspace added."""

    def look(prop: str) -> Any:
        value = record.custom.get(prop) if prop.endswith("__c") else getattr(record, prop, None)
        return None if values.is_empty(value) else values.plain(value)

    return look
