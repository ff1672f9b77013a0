"""What slices hand to automation: kinds of steps, documented events, ready recipes; and the way out of the house."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from dure.governance.model import Principal
from dure.kernel.filters import Filter
from dure.kernel.tenant import Tenant
from dure.state import Tx

OnUnknown = Literal["ask", "retry", "leave"]
SettingType = Literal[
    "text", "long_text", "number", "percent", "money", "duration", "time", "days", "channel", "user", "users",
    "function", "stage", "metric", "segment", "campaign", "choice", "switch",
]  # fmt: skip
RecipeGroup = Literal["campaign", "sales", "growth", "care", "house"]


@dataclass(frozen=True, slots=True)
class StepCall:
    """Who calls a step, for which run, and when.

    `key` is run, node and visit: the same however often the step is tried. `subject` is what the run is about (a
    person, a deal). `event` is the event that started the run as plain JSON, None for schedules and by hand.
    `principal` is automation's own, with `run` set, so that what the step does is traced to the run.
    """

    tenant: Tenant
    principal: Principal
    run_id: str
    automation: str
    key: str
    subject: str
    now: datetime
    event: dict[str, Any] | None = None


@dataclass(frozen=True)
class StepKind:
    """A kind of step, such as `channels.create`.

    Inside steps: `async run(tx, call, inputs) -> outputs`, in the transaction that completes the step: exactly once.
    Outside steps (`outside=True`): `async run(call, inputs) -> outputs` with no transaction open, at least once, with
    `call.key` as the idempotency key. `on_unknown` says what to do when a worker died between the call and its note:
    `retry` with the same key, `ask` a person, or `leave` it and go on.
    An inside step may also offer `async run_many(tx, calls, inputs) -> list[outputs | Exception]`, one answer a call
    in the same order; automation prefers it where many runs stand on one node.
    """

    name: str
    title: Mapping[str, str]
    inputs: type[msgspec.Struct]
    outputs: type[msgspec.Struct]
    run: Callable[..., Awaitable[msgspec.Struct]]
    outside: bool = False
    on_unknown: OnUnknown = "retry"
    run_many: Callable[..., Awaitable[Sequence[msgspec.Struct | Exception]]] | None = None
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EventKind:
    """An event that automations may start from. `properties` names each property with its type or a few words."""

    name: str
    title: Mapping[str, str]
    slice: str
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TriggerKind:
    """A typed way to start, such as `channels.message`: a few settings that stand for an event and filters on it.

    `where` turns settings into filters; they are checked when a definition is saved, and the definition keeps both.
    Where a setting decides which event it is, `event_of` says so; where one decides what makes a trigger the same one,
    `key` does, and `subject` names what a run is about (both as in `model.Trigger`).
    """

    name: str
    title: Mapping[str, str]
    event: str
    inputs: type[msgspec.Struct]
    where: Callable[[Any], Sequence[Filter]]
    about: Mapping[str, str] = field(default_factory=dict)
    event_of: Callable[[Any], str] | None = None
    key: Callable[[Any], str] | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """An automation that is on, and the settings of its trigger: what a slice offers people for starting it."""

    automation: str
    name: str
    given: Mapping[str, Any]


@dataclass(frozen=True)
class Setting:
    """One field of a recipe's small form. `type` says with what it is asked for; `choices` are (value, title) pairs."""

    name: str
    title: Mapping[str, str]
    type: SettingType = "text"
    default: Any = ""
    choices: Sequence[tuple[str, Mapping[str, str]]] = ()
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """A ready automation, switched on by its id. `doc` is a definition as `model.Definition` reads it; `group` is the
    part of the work it belongs to. `settings` fill its `[[name]]` places before it is read."""

    id: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    doc: Mapping[str, Any]
    settings: Sequence[Setting] = ()
    group: RecipeGroup = "house"


Lookup = Callable[[Tx, Tenant, Sequence[str]], Awaitable[Mapping[str, Mapping[str, Any]]]]
"""What is known of things by their ids, asked in sets, for conditions and templates such as `person.plan`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One run to start: what it is about, the key that makes it the same one, and the event it stands for."""

    subject: str
    key: str
    event: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What an outside service answered: status, body as text (cut at a limit), JSON where it was JSON.

    The names of `headers` are in small letters; `body` is the answer's own bytes.
    """

    status: int
    text: str
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


class Unreached(OSError):
    """Nobody was there: the request certainly reached no one."""


class Outgoing(Protocol):
    """The one way out to addresses that people typed in: refuses private networks unless they are allowed.

    Raises `dure.kernel.errors.NotAllowed` for a refused address and `OSError` where nothing answered: `Unreached`
    where the request was not even written, so that nobody can have acted on it.
    """

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float
    ) -> Answer: ...


def sign(signing_key: bytes, workspace: str, seconds: str, body: bytes) -> str:
    """HMAC-SHA256 of `seconds.body` in hex, under the workspace's own key."""
    key = hmac.new(signing_key, b"http.request:" + workspace.encode(), hashlib.sha256).digest()
    return hmac.new(key, seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
