"""An entry of the trail: made of an event, written in one way only, and bound to the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dure.feed.api import Event
from dure.governance.plugs import Audited
from dure.kernel.origin import Origin

_LONGEST = 300
_MOST = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it is kept: its place in the organisation's trail, its bytes, and the digest up to here."""

    number: int
    entry: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The newest of a trail. Whoever keeps a copy of it elsewhere can tell later that nothing before it was changed."""

    number: int
    digest: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk over the whole trail found; `broken_at` is the first number at which it does not hold."""

    ok: bool
    entries: int
    head: str
    broken_at: int | None = None
    problem: str = ""


def beginning(org: str) -> bytes:
    """What the first entry is bound to."""
    return hashlib.sha256(org.encode()).digest()


def bound(before: bytes, entry: bytes) -> bytes:
    """The digest of a trail that goes on with this entry."""
    return hashlib.sha256(before + entry).digest()


def entry_of(event: Event, row: Audited, origin: Origin | None) -> str:
    """The entry that a change leaves: canonical JSON (sorted keys, no blanks, UTF-8). People are named by id alone."""
    kind, what = (row.entity or event.object_type, event.object) if isinstance(row.entity, str) else row.entity(event)
    made: dict[str, Any] = {
        "id": event.message_id,
        "date_create": int(event.received_at.timestamp()),
        "time": event.received_at.isoformat(timespec="microseconds"),
        "action": action_of(event, row),
        "event": event.event,
        "actor": event.actor,
        "workspace": event.workspace,
        "entity": {"type": kind, "id": what},
        "details": {name: _plain(event.properties[name]) for name in row.keep if name in event.properties},
    }
    if event.run:
        made["run"] = event.run
    if origin is not None:
        told = {
            "ip": origin.address, "ua": origin.agent, "session": origin.session, "token": origin.token,
            "app": origin.app,
        }  # fmt: skip
        made["context"] = {name: value for name, value in told.items() if value}
    # PostgreSQL's JSON has no NUL.
    return canonical(made).replace("\\u0000", "")


def canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def action_of(event: Event, row: Audited) -> str:
    """ "" for one that leaves no entry."""
    if not isinstance(row.action, str):
        return row.action(event)
    return row.action or event.event.lower().replace(" ", "_")


def _plain(value: Any) -> Any:
    """Values short enough to be looked at; longer ones end in an ellipsis."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
    if isinstance(value, Mapping):
        return {str(name)[:_LONGEST]: _plain(one) for name, one in list(value.items())[:_MOST]}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in list(value)[:_MOST]]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:_LONGEST]
