"""A recipe filled in: its form's settings checked and put into its places; and an event to look at without one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation import timing
from dure.automation.model import Definition
from dure.automation.plugs import EventKind, Recipe, Setting
from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant

_PLACE = re.compile(r"\[\[(\w+)\]\]")
_WHOLE = "$setting"
_LONGEST = {"long_text": 4000}
_NUMBERS = ("number", "percent", "money")
_LISTS = ("days", "users")


def fill(
    recipe: Recipe, given: Mapping[str, Any], kept: Mapping[str, Any] | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every setting's value, and the definition with them in its places.

    What is not given stays as it was (`kept`) or is the form's default; None asks for the default again. Invalid
    names `settings.x`.
    """
    form = {setting.name: setting for setting in recipe.settings}
    for name in given:
        if name not in form:
            has = ", ".join(form) or "no settings"
            raise Invalid(f"The recipe {recipe.id!r} has no setting {name!r}; it has {has}.", field=f"settings.{name}")
    values = {name: _value(setting, given, kept or {}) for name, setting in form.items()}
    doc = _filled(recipe.doc, values)
    assert isinstance(doc, dict)  # noqa: S101  a recipe's doc is a mapping
    return values, doc


def drawn(recipe: Recipe, values: Mapping[str, Any]) -> dict[str, Any]:
    """The definition as it would be, to be shown: what has to be given yet is empty."""
    doc = _filled(recipe.doc, {name: "" if value is None else value for name, value in values.items()})
    return dict(doc)


def defaults(recipe: Recipe) -> dict[str, Any]:
    """What the form shows before anybody has filled it in; None where something has to be given."""
    return {setting.name: setting.default for setting in recipe.settings}


def places(value: Any) -> set[str]:
    """The names of the settings that a document has places for."""
    if isinstance(value, str):
        return set(_PLACE.findall(value))
    if isinstance(value, Mapping):
        if set(value) == {_WHOLE}:
            return {str(value[_WHOLE])}
        return set().union(*map(places, value.values()))
    return set().union(*map(places, value)) if isinstance(value, list | tuple) else set()


def sample_event(definition: Definition, kind: EventKind | None, tenant: Tenant, now: datetime) -> dict[str, Any]:
    """An event as it could come: each declared property with a value that says what it stands for, and the
    trigger's filters met."""
    declared = dict(kind.properties) if kind else {}
    properties = {name: _sample(name, words, now) for name, words in declared.items()}
    fields: dict[str, Any] = {
        "org": tenant.org, "workspace": tenant.workspace, "event": definition.trigger.event, "time": now.isoformat(),
        "received_at": now.isoformat(), "message_id": f"sample-{uuid7()}", "source": kind.slice if kind else "sample",
        "person": str(UUID(int=0)), "distinct_id": "", "account": "‹account›", "object_type": "", "object": "‹object›",
        "actor": "", "run": "",
    }  # fmt: skip
    for condition in (*definition.trigger.where, *definition.conditions):
        name = condition.prop.removeprefix("event.").removeprefix("properties.")
        where = fields if condition.prop.startswith("event.") and name in fields else properties
        if "." not in name:
            _meet(where, name, condition)
    return {**fields, "properties": properties}


def _value(setting: Setting, given: Mapping[str, Any], kept: Mapping[str, Any]) -> Any:
    value = given.get(setting.name, kept.get(setting.name))
    if value is None:
        value = setting.default
    field = f"settings.{setting.name}"
    if value is None:
        raise Invalid(f"{setting.title['en']} ({setting.title['ko']}) has to be given.", field=field)
    return _read(setting, value, field)


def _read(setting: Setting, value: Any, field: str) -> Any:
    if setting.type == "switch":
        if not isinstance(value, bool):
            raise Invalid(f"{value!r} is not true or false.", field=field)
        return value
    if setting.type in _NUMBERS:
        return _number(setting, value, field)
    if setting.type in _LISTS:
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one for one in value):
            raise Invalid(f"{value!r} is not a list of names.", field=field)
        for one in value:
            if setting.type == "days" and one not in timing.DAYS:
                raise Invalid(f"{one!r} is not one of {', '.join(timing.DAYS)}.", field=field)
        return list(value)
    if not isinstance(value, str):
        raise Invalid(f"{value!r} is not a text.", field=field)
    _check_text(setting, value, field)
    return value


def _number(setting: Setting, value: Any, field: str) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid(f"{value!r} is not a number.", field=field)
    if value < 0:
        raise Invalid(f"{value!r} is less than 0.", field=field)
    if isinstance(setting.default, int) and value != int(value):
        raise Invalid(f"{value!r} is not a whole number.", field=field)
    if setting.type == "percent" and not 0 <= value <= 100:
        raise Invalid(f"{value!r} is not a percentage from 0 to 100.", field=field)
    if setting.type == "money" and value != int(value):
        raise Invalid(f"{value!r} is not an amount in whole minor units.", field=field)
    return int(value) if value == int(value) else value


def _check_text(setting: Setting, value: str, field: str) -> None:
    most = _LONGEST.get(setting.type, 300)
    if len(value) > most:
        raise Invalid(f"It is longer than {most} characters.", field=field)
    if setting.type == "duration":
        timing.duration(value, field)
    elif setting.type == "time":
        timing.time_of_day(value, field)
    elif setting.type == "function" and value not in FUNCTIONS:
        raise Invalid(f"{value!r} is not one of {', '.join(FUNCTIONS)}.", field=field)
    elif setting.type == "choice" and value not in [one for one, _ in setting.choices]:
        raise Invalid(f"{value!r} is not one of {', '.join(one for one, _ in setting.choices)}.", field=field)
    elif setting.type not in ("text", "long_text") and "{{" in value:
        # A name is a name; only what people read may be a template.
        raise Invalid("A template cannot stand here.", field=field)
    elif setting.default not in ("", None) and not value.strip():
        raise Invalid("It cannot be empty.", field=field)


def _filled(value: Any, values: Mapping[str, Any]) -> Any:
    """One pass: what a setting brings in is not looked through again for places."""
    if isinstance(value, str):
        return _PLACE.sub(lambda place: _words(values[place[1]]), value)
    if isinstance(value, Mapping):
        if set(value) == {_WHOLE}:
            return values[value[_WHOLE]]
        return {key: _filled(item, values) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, values) for item in value]
    return value


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sample(name: str, words: str, now: datetime) -> Any:
    """A value out of the words that declare a property: its kind where they name one, else its name in brackets."""
    said = words.lower()
    if "true" in said.split():
        return True
    if said.startswith(("list", "user ids", "names of", "ids")):
        return [f"‹{name}›"]
    if said.startswith(("date", "day", "iso date")) and "days" not in said:
        return now.date().isoformat()
    if said.startswith("time"):
        return now.isoformat()
    numeric = ("percent", "number", "minor units", "impressions", "seconds", "days", "how ", "people", "probability",
               "minutes", "bytes", "0 to 1", "employees", "count")  # fmt: skip
    return 10 if said.startswith(numeric) else f"‹{name}›"


def _meet(where: dict[str, Any], name: str, condition: Filter) -> None:
    """Changes a value so that the condition holds for it."""
    value = condition.value
    match condition.op:
        case "=" | ">=" | "<=":
            where[name] = value
        case ">":
            where[name] = _moved(value, 1)
        case "<":
            where[name] = _moved(value, -1)
        case "in":
            where[name] = value[0] if isinstance(value, Sequence) and value else None
        case "contains":
            where[name] = [value] if isinstance(where.get(name), list) else str(value)
        case "not_set":
            where.pop(name, None)
        case _:
            where.setdefault(name, f"‹{name}›")


def _moved(value: Any, by: int) -> Any:
    return value + by if isinstance(value, int | float) else value
