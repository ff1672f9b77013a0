"""What is different between two definitions, as lines that a person can read.

Nodes are known by their ids. A value that changed is shown as it was and as it is; long texts are left whole, since
the screen shows them one above the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from dure.automation.model import Definition

What = Literal["added", "removed", "changed"]
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `place` is where: `name`, `trigger.event`, `conditions`, `lane`, `nodes.<id>`,
    `nodes.<id>.with.text`. `said` is the line in both languages, without the values."""

    what: What
    place: str
    before: Any
    after: Any
    said: Mapping[str, str]


def changes(before: Definition | None, after: Definition, names: tuple[str, str] = ("", "")) -> list[Change]:
    """What leads from one definition (None: nothing yet) to another; `names` are what they are called."""
    old, new = msgspec.to_builtins(before) if before else {}, msgspec.to_builtins(after)
    found = []
    if before and names[0] != names[1]:
        found.append(_change("changed", "name", *names))
    for part in sorted((old.keys() | new.keys()) - {"nodes"}, key=_order):
        found += _parts(part, old.get(part, _ABSENT), new.get(part, _ABSENT))
    return found + list(_nodes(old.get("nodes", []), new["nodes"]))


def _nodes(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[Change]:
    was, now = {node["id"]: node for node in old}, {node["id"]: node for node in new}
    for name, node in was.items():
        if name not in now:
            yield _change("removed", f"nodes.{name}", node, None, node)
    for name, node in now.items():
        if name not in was:
            yield _change("added", f"nodes.{name}", None, node, node)
            continue
        for part in sorted((was[name].keys() | node.keys()) - {"id"}, key=_order):
            yield from _parts(f"nodes.{name}.{part}", was[name].get(part, _ABSENT), node.get(part, _ABSENT))
    # A run begins at the first node; the order of the others means nothing by itself.
    if was and (first := (next(iter(was)), next(iter(now))))[0] != first[1]:
        yield _change("changed", "start", *first)


def _parts(place: str, old: Any, new: Any) -> Iterator[Change]:
    """Differences inside a value, as deep as mappings go."""
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted(old.keys() | new.keys(), key=_order):
            yield from _parts(f"{place}.{name}", old.get(name, _ABSENT), new.get(name, _ABSENT))
    elif _filters(old) and _filters(new):
        yield from (_change("removed", place, one, None) for one in old if one not in new)
        yield from (_change("added", place, None, one) for one in new if one not in old)
    elif old is _ABSENT:
        yield from _each("added", place, new)
    elif new is _ABSENT:
        yield from _each("removed", place, old)
    else:
        yield _change("changed", place, old, new)


def _filters(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, Mapping) and "prop" in one for one in value)


def _each(what: What, place: str, value: Any) -> Iterator[Change]:
    if isinstance(value, Mapping) and value and not place.startswith("nodes."):
        for name in sorted(value, key=_order):
            yield from _each(what, f"{place}.{name}", value[name])
    else:
        yield _change(what, place, *((None, value) if what == "added" else (value, None)))


_PLACES = {
    "name": {"ko": "이름", "en": "name"},
    "start": {"ko": "첫 단계", "en": "first step"},
    "trigger": {"ko": "시작 조건", "en": "trigger"},
    "conditions": {"ko": "조건", "en": "conditions"},
    "lane": {"ko": "줄", "en": "lane"},
}
_VERBS = {
    "added": {"ko": "추가", "en": "added"},
    "removed": {"ko": "삭제", "en": "removed"},
    "changed": {"ko": "변경", "en": "changed"},
}


def _change(what: What, place: str, before: Any, after: Any, node: Mapping[str, Any] | None = None) -> Change:
    root, _, rest = place.partition(".")
    verb = _VERBS[what]
    if root == "nodes":
        name, _, field = rest.partition(".")
        kind = f" ({node['kind']})" if node else ""
        inside = f" · {field}" if field else ""
        said = {"ko": f"단계 {name}{kind}{inside} {verb['ko']}", "en": f"step {name}{kind}{inside} {verb['en']}"}
    else:
        named = _PLACES.get(root, {"ko": root, "en": root})
        inside = f" · {rest}" if rest else ""
        said = {language: f"{named[language]}{inside} {verb[language]}" for language in ("ko", "en")}
    return Change(what, place, before, after, said)


def _order(name: str) -> tuple[int, str]:
    """The order in which a definition is read: what starts it, its conditions, then the rest by name."""
    first = ("trigger", "event", "kind", "title", "where", "with", "conditions", "next")
    return (first.index(name), "") if name in first else (len(first), name)
