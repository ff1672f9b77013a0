"""The engine's own nodes: wait, wait_event, branch, split, approve, end. What they take and where they lead."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from dure.automation import template, timing
from dure.automation.model import Node
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter, all_hold


class Wait(msgspec.Struct, frozen=True, rename={"for_": "for"}):
    """One of `for` (a duration), `until` (a moment, usually from a template) and `at` (`09:00` in `zone`)."""

    for_: str | None = None
    until: str | None = None
    at: str | None = None
    zone: str | None = None


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
    """Asks a person on the Automations screen; `yes`, `no`, or `timeout`."""

    question: str
    timeout: str | None = None


class End(msgspec.Struct, frozen=True):
    """Ends the run."""


CONTROL: Mapping[str, type[msgspec.Struct]] = {
    "wait": Wait,
    "wait_event": WaitEvent,
    "branch": Branch,
    "split": Split,
    "approve": Approve,
    "end": End,
}


def outcomes(node: Node) -> tuple[str, ...]:
    """The outcomes that `next` may name; empty for nodes that lead to one place."""
    if node.kind == "split":
        parts = node.with_.get("parts")
        return tuple(parts) if isinstance(parts, Mapping) else ()
    return {"branch": ("yes", "no"), "wait_event": ("event", "timeout"), "approve": ("yes", "no", "timeout")}.get(
        node.kind, ()
    )


def following(node: Node, outcome: str) -> str | None:
    """The next node's id, None where the run ends."""
    if node.next is None or isinstance(node.next, str):
        return node.next
    return node.next.get(outcome)


def check(node: Node, place: str) -> None:
    """What types alone do not say; Invalid names the field."""
    given = node.with_
    if node.kind == "wait":
        if len([name for name in ("for", "until", "at") if given.get(name)]) != 1:
            raise Invalid("A wait has one of `for`, `until` and `at`.", field=place)
        if given.get("for") and not template.has_holes(given["for"]):
            timing.duration(given["for"], f"{place}.for")
        if given.get("at"):
            timing.time_of_day(str(given["at"]), f"{place}.at")
        if given.get("zone"):
            timing.zone(str(given["zone"]), f"{place}.zone")
    elif node.kind in ("wait_event", "approve") and given.get("timeout") is not None:
        timing.duration(given["timeout"], f"{place}.timeout")
    elif node.kind == "split":
        parts = given["parts"]
        if not parts or any(share < 0 for share in parts.values()) or sum(parts.values()) <= 0:
            raise Invalid("`parts` are shares of which at least one is more than 0.", field=f"{place}.parts")


def wakes_at(wait: Wait, now: datetime, zone: str) -> datetime:
    """When a wait that begins now ends."""
    if wait.for_:
        return now + timing.duration(wait.for_, "for")
    if wait.until:
        return timing.moment(wait.until, "until")
    where = timing.zone(wait.zone or zone, "zone")
    return timing.next_daily(now, timing.time_of_day(wait.at or "", "at"), where)


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
