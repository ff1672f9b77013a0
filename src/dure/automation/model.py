"""Automations as frozen values: a definition (trigger, conditions, nodes), runs of it and their steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from dure.kernel.filters import Filter

RunStatus = Literal["queued", "running", "waiting", "done", "failed", "stopped", "dropped"]
StepStatus = Literal["ready", "claimed", "waiting", "done", "failed", "dead", "unknown", "skipped"]
LaneName = Literal["interactive", "bulk"]


class Hook(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A web address of the automation's own. `signature` is the header that carries HMAC-SHA256 of the body in hex,
    under the key shown with the address; without it the address alone is the secret."""

    signature: str = ""


class Crossing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The event's `prop` passes `above` or `below` for what `of` names (the trigger's subject when empty): the last
    value seen of each is kept, and only the step over the line counts."""

    prop: str
    above: float | None = None
    below: float | None = None
    of: str = ""


class OnRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Started by hand on a record of a type, such as `deal`; what is known of the record becomes the event."""

    type: str


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How much an automation may do: runs begun in an hour, runs open at once, one run a subject in a duration. What
    goes beyond waits its turn or is dropped; both are shown among the runs."""

    runs_per_hour: int | None = None
    at_once: int | None = None
    per_subject_per: str | None = None
    over: Literal["wait", "drop"] = "wait"


class Trigger(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"with_": "with"}
):  # fmt: skip
    """What starts a run: an event that meets `where`, a schedule, or a person's hand (neither given).

    `kind` names a trigger that a slice offers and `with` its settings; `event` and `where` are then what they stand
    for, written when the definition is saved.

    `key` says what makes a trigger the same one: `event` (every event starts a run), `subject` (one run a subject,
    ever) or a path such as `event.properties.deal` (one run a value). It may also be a template:
    `{{ event.object }}:{{ event.properties.to }}`.
    `subject` says what a run is about: `person`, `object`, `account` or a path. Default: the object if there is one,
    else the person.
    `every` is a duration (`15m`); `at` is `HH:MM` in `zone` on `days` (mon..sun, `business`; all when empty) or on the
    `monthday` (`1`, `-1`, `first business`, `3 business`, `last business`).
    """

    event: str | None = None
    where: tuple[Filter, ...] = ()
    key: str = "event"
    subject: str = ""
    every: str | None = None
    at: str | None = None
    days: tuple[str, ...] = ()
    monthday: int | str | None = None
    zone: str | None = None
    hook: Hook | None = None
    crosses: Crossing | None = None
    record: OnRecord | None = None
    kind: str | None = None
    with_: Mapping[str, Any] = {}


class Node(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"with_": "with"}):
    """One node. `next` is the id of the node that follows, a map from outcome to node, or nothing (the run ends).

    `retries` is how often an attempt is made at most; `on_error` the node to go to once it is dead.
    """

    id: str
    kind: str
    with_: Mapping[str, Any] = {}
    next: str | Mapping[str, str] | None = None
    retries: int | None = None
    on_error: str | None = None
    title: str | Mapping[str, str] | None = None


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A version's whole text. `conditions` are checked once at the start, over the event and what is known then.

    `lane` bulk keeps a million people's journey from standing before one person's click.
    """

    trigger: Trigger
    nodes: tuple[Node, ...]
    conditions: tuple[Filter, ...] = ()
    lane: LaneName = "interactive"
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class AutomationInfo:
    """An automation as lists show it. `settings` are what its recipe was filled with, None where its definition was
    written by hand. Where it was stopped for feeding itself, `stopped` has the `reason` (`depth` or `rate`), the event
    that was the `cause`, and how many it were (`depth` or `runs`); `stopped_because` says it in English."""

    id: str
    name: str
    recipe: str
    enabled: bool
    version: int
    definition: Definition
    created_at: datetime
    stopped_because: str = ""
    runs_today: int = 0
    failures: int = 0
    waiting: int = 0
    settings: Mapping[str, Any] | None = None
    stopped: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `state` holds outputs by node; `event` what started it."""

    id: str
    automation: str
    version: int
    subject: str
    trigger_key: str
    node: str
    status: RunStatus
    due_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    state: Mapping[str, Any]
    event: Mapping[str, Any] | None
    error: str = ""
    parent: str = ""
    item: Any = None


@dataclass(frozen=True, slots=True)
class Step:
    """One visit of a run to a node: outbox and history in one."""

    run: str
    node: str
    visit: int
    kind: str
    status: StepStatus
    attempts: int
    due_at: datetime | None
    inputs: Mapping[str, Any] | None
    outputs: Mapping[str, Any] | None
    error: str
    started_at: datetime | None
    ended_at: datetime | None
    outcome: str = ""
