"""SCIM's PATCH (RFC 7644 §3.5.2): operations on a resource, all of them or none."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dure.governance.scim.errors import BadFilter, BadPath, BadSyntax, BadValue, NoTarget, ReadOnly
from dure.governance.scim.filters import Both, Compare, Filter, holds, key_of, read, steps

_PATH = re.compile(r"(?P<attribute>[A-Za-z][\w:.$-]*)(?:\[(?P<filter>.*)\](?:\.(?P<sub>[A-Za-z$][\w$]*))?)?", re.S)
_READ_ONLY = frozenset({"id", "meta", "groups"})
_MOST = 1_000


def patched(
    resource: Mapping[str, Any], operations: object, lists: frozenset[str], known: frozenset[str]
) -> dict[str, Any]:
    """The resource after the operations. `lists` are the attributes with many values, `known` all that there are (in
    small letters)."""
    if not isinstance(operations, list) or not operations or len(operations) > _MOST:
        raise BadSyntax(f"`Operations` is a list of 1 to {_MOST:,} operations.", field="Operations")
    made = copy.deepcopy(dict(resource))
    for one in operations:
        if not isinstance(one, Mapping):
            raise BadSyntax("An operation is an object.", field="Operations")
        op, path = str(one.get("op", "")).lower(), one.get("path")
        if op not in ("add", "replace", "remove"):
            raise BadSyntax("`op` is add, replace or remove.", field="op")
        if path is not None and not isinstance(path, str):
            raise BadPath("`path` is a text.", field="path")
        if op != "remove" and "value" not in one:
            raise BadValue(f"An operation {op!r} has a `value`.", field="value")
        if path:
            _apply(made, op, path, one.get("value"), lists, known)
        elif op == "remove":
            raise NoTarget("What is to be removed is named by a `path`.", field="path")
        elif not isinstance(one["value"], Mapping):
            raise BadValue("Without a `path`, `value` is an object of attributes.", field="value")
        else:
            for name, value in one["value"].items():
                if name.lower() not in ("schemas", "id", "meta"):
                    _apply(made, op, str(name), value, lists, known)
    return made


def _apply(
    resource: dict[str, Any], op: str, path: str, value: Any, lists: frozenset[str], known: frozenset[str]
) -> None:
    found = _PATH.fullmatch(path.strip())
    if found is None:
        raise BadPath(f"{path!r} is no path.", field="path")
    names = steps(found["attribute"])
    if names[0].lower() in _READ_ONLY:
        raise ReadOnly(f"{names[0]!r} is not changed from outside.", field="path")
    if names[0].lower() not in known:
        raise BadPath(f"There is no attribute {names[0]!r}.", field="path")
    place = resource
    for name in names[:-1]:
        key = key_of(place, name) or name
        inner = place.get(key)
        if isinstance(inner, list):  # `emails.value`: of every one
            for one in inner:
                if isinstance(one, dict):
                    _set(one, op, names[-1], value, many=False)
            return
        if not isinstance(inner, dict):
            if op == "remove":
                return
            inner = place[key] = {}
        place = inner
    if found["filter"] is None:
        _set(place, op, names[-1], value, many=names[-1].lower() in lists)
        return
    try:
        said = read(found["filter"])
    except BadFilter as error:
        raise BadPath(f"The filter in {path!r} cannot be read.", field="path") from error
    _among(place, op, names[-1], said, found["sub"], value)


def _set(place: dict[str, Any], op: str, name: str, value: Any, *, many: bool) -> None:
    key = key_of(place, name) or name
    if op == "remove":
        if (
            many and isinstance(value, list) and isinstance(place.get(key), list)
        ):  # these of them, as some directories say
            gone = {_identity(one) for one in value}
            place[key] = [one for one in place[key] if _identity(one) not in gone]
        else:
            place.pop(key, None)
    elif many:
        added = value if isinstance(value, list) else [value]
        kept = _list_of(place, key) if op == "add" else []
        place[key] = _without_twins([*kept, *(dict(one) if isinstance(one, Mapping) else one for one in added)])
    elif op == "add" and isinstance(value, Mapping) and isinstance(place.get(key), dict):
        place[key] |= value
    elif op == "replace" and isinstance(value, Mapping) and isinstance(place.get(key), dict):
        place[key] = {**place[key], **value}
    else:
        place[key] = copy.deepcopy(value)


def _among(place: dict[str, Any], op: str, name: str, said: Filter, sub: str | None, value: Any) -> None:
    """Of the values of a list those for which a filter holds."""
    key = key_of(place, name) or name
    kept = _list_of(place, key)
    meant = [one for one in kept if isinstance(one, dict) and holds(said, one)]
    if op == "remove":
        if sub is None:
            place[key] = [one for one in kept if one not in meant]
        else:
            for one in meant:
                one.pop(key_of(one, sub) or sub, None)
        return
    if not meant:
        new = _said(said)
        if new is None:
            raise NoTarget("The path's filter fits nothing.", field="path")
        kept.append(new)
        place[key], meant = kept, [new]
    for one in meant:
        if sub is not None:
            one[key_of(one, sub) or sub] = value
        elif isinstance(value, Mapping):
            one.update(value)
        else:
            raise BadValue("`value` is an object.", field="value")


def _said(said: Filter) -> dict[str, Any] | None:
    """The value that a filter describes, where it says nothing but what things are."""
    parts: Sequence[Filter] = said.parts if isinstance(said, Both) else (said,)
    made = {}
    for part in parts:
        if not isinstance(part, Compare) or part.op != "eq" or "." in part.path:
            return None
        made[part.path] = part.value
    return made


def _list_of(place: Mapping[str, Any], key: str) -> list[Any]:
    found = place.get(key)
    return list(found) if isinstance(found, list) else []


def _without_twins(values: Sequence[Any]) -> list[Any]:
    """The later of two with the same value stays; of several primary ones, the last is."""
    by: dict[str, Any] = {}
    for one in values:
        by[_identity(one)] = one
    found = list(by.values())
    primary = [one for one in found if isinstance(one, dict) and one.get("primary") is True]
    for one in primary[:-1]:
        one["primary"] = False
    return found


def _identity(one: Any) -> str:
    return str(one.get("value", sorted(one.items(), key=str))) if isinstance(one, Mapping) else str(one)
