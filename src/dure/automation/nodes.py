"""The engine's own nodes: what they take and where they lead."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from dure.automation import template, timing
from dure.automation.model import Node
from dure.automation.workdays import Workdays
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter, all_hold


class Wait(msgspec.Struct, frozen=True, rename={"for_": "for"}):
    """One of `for` (a duration), `until` (a moment, usually from a template, also `… - 5 business days at 09:00`) and
    `at` (`09:00` in `zone`, on `days` as triggers have them). What has passed already is waited for no longer."""

    for_: str | None = None
    until: str | None = None
    at: str | None = None
    zone: str | None = None
    days: tuple[str, ...] = ()


class WaitEvent(msgspec.Struct, frozen=True):
    """Until an event of that name happens to the run's subject and meets `where`, or the timeout.

    `on` is the event's path (or property) that must equal `equals`, the run's subject by default; without it the
    event's object, person, account or distinct id must.
    """

    event: str
    where: tuple[Filter, ...] = ()
    on: str | None = None
    equals: str | None = None
    timeout: str | None = None


class Branch(msgspec.Struct, frozen=True):
    """`yes` when every filter holds, else `no`."""

    where: tuple[Filter, ...]


class Split(msgspec.Struct, frozen=True):
    """Shares by name, `{"a": 50, "b": 50}`: the same subject always goes the same way."""

    parts: dict[str, float]


class Approve(msgspec.Struct, frozen=True):
    """Asks people: `yes`, `no`, or `timeout`. A single no decides.

    `of` says who may decide: user ids, `role:admin`, `function:sales`; anybody who may change automations when empty.
    `not_self` keeps out whoever caused the run; `needed` is how many different people must say yes. `channel` is
    carried on *Approval Asked*, for whoever brings questions to people there.
    """

    question: str
    timeout: str | None = None
    of: tuple[str, ...] = ()
    not_self: bool = False
    needed: int = 1
    channel: str = ""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One field of a form. `choices` are what may be chosen of."""

    name: str
    title: str | dict[str, str] = ""
    type: Literal["text", "long_text", "number", "date", "choice", "switch", "user", "link"] = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


class Ask(msgspec.Struct, frozen=True):
    """Puts a form to people (`of`, as `approve` has it): `answer`, or `timeout`. What was filled in is the output.

    `channel` is carried on *Form Asked*, for whoever brings forms to people there.
    """

    question: str
    fields: tuple[Field, ...]
    of: tuple[str, ...] = ()
    channel: str = ""
    timeout: str | None = None


class Each(msgspec.Struct, frozen=True):
    """For each item of a list: the chain of nodes that begins at `do`, or another automation (`automation`, or one made
    of a `recipe`). Ends when all have: `done`, or `failed` where any did not come to its end.

    At most `most` items; the output says how many were left out. In the chain `item` is the item; another automation
    is given `inputs` as its event's properties (the item itself, where it is a record and `inputs` is empty).
    `subject` is what each run is about.
    """

    list: Any
    do: str = ""
    automation: str = ""
    recipe: str = ""
    most: int = 100
    inputs: dict[str, Any] = {}
    subject: str | None = None


class Run(msgspec.Struct, frozen=True):
    """Another automation as a step: by its id, or the one made of a `recipe`. `inputs` are its event's properties.

    With `wait` the run goes on when the other has ended, `done` or `failed`, with its last outputs; else at once.
    """

    automation: str = ""
    recipe: str = ""
    inputs: dict[str, Any] = {}
    subject: str | None = None
    wait: bool = True


class Set(msgspec.Struct, frozen=True):
    """Gives names to values, for the nodes that follow: `{{ steps.<node>.<name> }}`."""

    values: dict[str, Any]


class End(msgspec.Struct, frozen=True):
    """Ends the run."""


CONTROL: Mapping[str, type[msgspec.Struct]] = {
    "wait": Wait,
    "wait_event": WaitEvent,
    "branch": Branch,
    "split": Split,
    "approve": Approve,
    "ask": Ask,
    "each": Each,
    "run": Run,
    "set": Set,
    "end": End,
}
_OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "branch": ("yes", "no"),
    "wait_event": ("event", "timeout"),
    "approve": ("yes", "no", "timeout"),
    "ask": ("answer", "timeout"),
    "each": ("done", "failed"),
    "run": ("done", "failed"),
}
ALONE = frozenset({"wait", "wait_event", "branch", "split", "set"})
"""Nodes that ask the database nothing and tell nobody anything."""
MOST_ITEMS = 1_000
# Rendered for each item, not once for the node.
PER_ITEM = ("inputs", "subject")


def outcomes(node: Node) -> tuple[str, ...]:
    """The outcomes that `next` may name; empty for nodes that lead to one place."""
    if node.kind == "split":
        parts = node.with_.get("parts")
        return tuple(parts) if isinstance(parts, Mapping) else ()
    return _OUTCOMES.get(node.kind, ())


def following(node: Node, outcome: str) -> str | None:
    """The next node's id, None where the run ends."""
    if node.next is None or isinstance(node.next, str):
        return node.next
    return node.next.get(outcome)


def check(node: Node, place: str) -> None:
    """What types alone do not say; Invalid names the field."""
    given = node.with_
    if given.get("timeout") is not None and node.kind in ("wait_event", "approve", "ask"):
        timing.duration(given["timeout"], f"{place}.timeout")
    match node.kind:
        case "wait":
            _check_wait(given, place)
        case "split":
            parts = given["parts"]
            if not parts or any(share < 0 for share in parts.values()) or sum(parts.values()) <= 0:
                raise Invalid("`parts` are shares of which at least one is more than 0.", field=f"{place}.parts")
        case "approve":
            if not template.has_holes(given.get("needed")) and not 1 <= int(given.get("needed", 1)) <= 20:
                raise Invalid("`needed` is between 1 and 20.", field=f"{place}.needed")
            check_whom(given.get("of", ()), f"{place}.of")
        case "ask":
            check_whom(given.get("of", ()), f"{place}.of")
            _check_form(given["fields"], f"{place}.fields")
        case "each" | "run":
            ways = ("do", "automation", "recipe") if node.kind == "each" else ("automation", "recipe")
            if len([name for name in ways if given.get(name)]) != 1:
                raise Invalid(f"Give one of {', '.join(f'`{name}`' for name in ways)}.", field=place)
            most = given.get("most", 1)
            if not template.has_holes(most) and not 1 <= int(most) <= MOST_ITEMS:
                raise Invalid(f"`most` is between 1 and {MOST_ITEMS}.", field=f"{place}.most")


def check_whom(whom: Any, place: str) -> None:
    """User ids, `role:…` and `function:…`; holes are filled later."""
    for index, one in enumerate(whom if isinstance(whom, list | tuple) else ()):
        kind, _, name = str(one).partition(":")
        if template.has_holes(one) or (not name and kind) or (kind in ("role", "function") and name):
            continue
        raise Invalid(f"{one!r} is not a user's id, `role:…` or `function:…`.", field=f"{place}[{index}]")


def _check_wait(given: Mapping[str, Any], place: str) -> None:
    if len([name for name in ("for", "until", "at") if given.get(name)]) != 1:
        raise Invalid("A wait has one of `for`, `until` and `at`.", field=place)
    if given.get("for") and not template.has_holes(given["for"]):
        timing.duration(given["for"], f"{place}.for")
    if given.get("at"):
        timing.time_of_day(str(given["at"]), f"{place}.at")
    where = timing.zone(str(given.get("zone") or "UTC"), f"{place}.zone")
    until = given.get("until")
    if until and len(list(template.holes(until))) < 2:
        # The hole stands for some moment; what is written around it can be read today.
        timing.moment_from(template.filled(str(until), "2026-01-05"), f"{place}.until", where, Workdays())
    check_days(given.get("days", ()), f"{place}.days")


def check_days(days: Any, place: str) -> None:
    for day in days:
        if day not in (*timing.DAYS, timing.BUSINESS):
            known = ", ".join((*timing.DAYS, timing.BUSINESS))
            raise Invalid(f"{day!r} is not one of {known}.", field=place)


def _check_form(fields: Any, place: str) -> None:
    if not isinstance(fields, list | tuple) or not 1 <= len(fields) <= 50:
        raise Invalid("A form has between 1 and 50 fields.", field=place)
    seen = set()
    for index, field in enumerate(fields):
        name = field.get("name", "")
        if not str(name).isidentifier() or name in seen:
            raise Invalid("A field's name is a word of letters, digits and _, given once.",
                          field=f"{place}[{index}].name")  # fmt: skip
        seen.add(name)
        if field.get("type") == "choice" and not field.get("choices"):
            raise Invalid("A choice needs `choices`.", field=f"{place}[{index}].choices")


def read_answer(fields: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled into a form, as its fields want it; Invalid names the field."""
    known = msgspec.convert(fields, tuple[Field, ...])
    for name in values:
        if name not in {field.name for field in known}:
            raise Invalid(f"The form has no field `{name}`.", field=f"values.{name}")
    return {field.name: _value_for(field, values.get(field.name)) for field in known}


def _value_for(field: Field, value: Any) -> Any:
    place = f"values.{field.name}"
    if value is None or value == "":
        if field.required:
            raise Invalid(f"`{field.name}` must be filled in.", field=place)
        return None
    try:
        match field.type:
            case "number":
                return msgspec.convert(value, float | int, strict=False)
            case "switch":
                return msgspec.convert(value, bool, strict=False)
            case "date":
                return timing.moment(value, place).date().isoformat()
            case "choice":
                if value not in field.choices:
                    raise Invalid(f"`{field.name}` is one of {', '.join(field.choices)}.", field=place)
                return value
            case _:
                return msgspec.convert(value, str)[:10_000]
    except msgspec.ValidationError as error:
        raise Invalid(f"`{field.name}` is a {field.type}.", field=place) from error


def wakes_at(wait: Wait, now: datetime, zone: str, workdays: Workdays) -> datetime:
    """When a wait that begins now ends."""
    if wait.for_:
        return now + timing.duration(wait.for_, "for")
    where = timing.zone(wait.zone or zone, "zone")
    if wait.until:
        return timing.moment_from(wait.until, "until", where, workdays)
    return timing.next_daily(now, timing.time_of_day(wait.at or "", "at"), where, wait.days, workdays=workdays)


def asks_calendar(node: Node) -> bool:
    """Whether a node looks at a calendar of worked days."""
    return node.kind == "wait" and (
        timing.BUSINESS in node.with_.get("days", ()) or timing.BUSINESS in str(node.with_.get("until", ""))
    )


def timeout_at(timeout: str | None, now: datetime) -> datetime | None:
    return now + timing.duration(timeout, "timeout") if timeout else None


def part_of(split: Split, automation: str, node: str, subject: str) -> str:
    """The part a subject belongs to: by hash, so it is the same on every visit and on every machine."""
    digest = hashlib.blake2b(f"{automation}:{node}:{subject}".encode(), digest_size=8).digest()
    at = int.from_bytes(digest, "big") / 2**64 * sum(split.parts.values())
    for name, share in sorted(split.parts.items()):
        at -= share
        if at < 0:
            return name
    return name


def conditions(where: tuple[Filter, ...], scope: Mapping[str, Any]) -> bool:
    """Whether filters hold in a scope. A plain name is a property of the event."""
    return all_hold(where, lambda prop: value_of(prop, scope))


def value_of(prop: str, scope: Mapping[str, Any]) -> Any:
    """What a filter's `prop` stands for: `event.…`, `run.…`, `steps.…`, `person.…`, else an event property."""
    root = prop.split(".", 1)[0]
    if "." in prop and root in scope:
        return template.look(scope, prop)
    return template.look((scope.get("event") or {}).get("properties") or {}, prop)
