"""What of a tile goes out through a link: numbers and how they were counted, but neither colleagues nor people.

What is sent of a metric, of a tile and of how an answer came about is listed, so that a new field stays inside until
somebody lists it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dure.kernel.errors import Invalid
from dure.metrics.catalogue import formula
from dure.metrics.model import Metric
from dure.metrics.question import as_json, parse

_LISTED = {
    "metric": frozenset({
        "id", "name_ko", "name_en", "about_ko", "about_en", "function", "reading", "unit", "currency", "direction",
        "target", "verified", "value",
    }),
    "tile": frozenset({"size", "look", "title_ko", "title_en"}),
    "meta": frozenset({"definitions", "warnings", "as_of", "cached"}),
}  # fmt: skip
# Conditions may name people, a statement and a map hold conditions, and the rest are people's ids.
_OF_PEOPLE = frozenset({"where", "segment", "sql", "map", "actors", "person_id", "distinct_id", "distinct_ids"})
# Events whose properties are what was said of a person: what becomes their traits, and their other ids.
_TELLS_OF_PEOPLE = frozenset({"Identified", "Aliased", "Person Linked"})
_ANY = "*"


def shown_outside(value: Any, *, people: bool = False) -> Any:
    """A tile's answer as a link sends it; with `people` also what names some."""
    if isinstance(value, Mapping):
        asked = value.get("question")
        if not people and "meta" in value and isinstance(asked, Mapping) and asked.get("kind") == "journey":
            # A stage's sentence is its conditions.
            value = {**value, "meta": {**value["meta"], "definitions": []}}
        return {
            name: shown_outside(_kept(name, one), people=people)
            for name, one in value.items()
            if people or name not in _OF_PEOPLE
        }
    return [shown_outside(one, people=people) for one in value] if isinstance(value, list | tuple) else value


def may_name_people(question: Mapping[str, Any], known: Mapping[str, Metric], split: str | None = None) -> bool:
    """Whether the values in an answer may be those of person traits, or rows of SQL, of which nobody can tell.

    `split` is the property by which the bar breaks the question down; `known` are the catalogue's metrics. A property
    of any event at all is one of `Identified` too: `of_any_event` says which must not be traits.
    """
    return any(
        prop.startswith("person.") or events & _TELLS_OF_PEOPLE for events, prop in _asked(question, known, split)
    )


def of_any_event(question: Mapping[str, Any], known: Mapping[str, Metric], split: str | None = None) -> set[str]:
    """The properties whose values are shown of any event, of those that tell of people too."""
    asked = _asked(question, known, split)
    return {".".join(part for part in prop.split(".") if part) for events, prop in asked if _ANY in events}


def _asked(
    question: Mapping[str, Any], known: Mapping[str, Metric], split: str | None
) -> Iterator[tuple[set[str], str]]:
    """The properties whose values an answer shows, each with the names of the events it is taken from."""
    kind = question.get("kind")
    if kind == "metric":
        metric = known.get(question["metric"])
        if metric is not None and metric.question["kind"] != "sql":  # of which one number is read
            own = question.get("breakdown") or {}
            yield from _asked(metric.question, known, own.get("prop") or split)
        return
    if formula.is_formula(question):
        for part in formula.read(question).parts:
            yield from _asked({"kind": "metric", "metric": part}, known, split)
        return
    try:
        whole = as_json(parse(dict(question)))
    except Invalid:  # no question any more: nothing is known of it
        whole = {"prop": "person.*"}
    if kind == "correlation" and "traits" in whole.get("look", ()) and whole.get("by") == "person":
        yield set(), "person.*"
    if kind == "sql":
        yield set(), "person.*"
    events = set(_texts(whole, ("event", "events")))
    if kind == "paths" and not whole.get("events"):
        events = {_ANY}
    for prop in (*_texts(whole, ("prop", "props")), *([split] if split else ())):
        yield (set() if prop.startswith("account.") else events), prop


def _texts(value: Any, names: tuple[str, ...], name: str = "") -> Iterator[str]:
    """The texts in fields of these names. Conditions and maps are not sent; coming back gives no values."""
    if isinstance(value, Mapping):
        for field, one in value.items():
            if field not in ("where", "map", "return"):
                yield from _texts(one, names, field)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one, names, name)
    elif isinstance(value, str) and name in names:
        yield value


def _kept(name: str, value: Any) -> Any:
    listed = _LISTED.get(name)
    if listed is None or not isinstance(value, Mapping):
        return value
    return {field: one for field, one in value.items() if field in listed}
