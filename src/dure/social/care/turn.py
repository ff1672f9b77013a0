"""A change of a conversation: what it is afterwards, what is written down in it, what the feed and the clocks are told.

All of it is kept together, at the end of the transaction that makes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dure.feed.api import Event, append
from dure.governance.api import Principal
from dure.kernel.ids import uuid7
from dure.social.care import events, store
from dure.social.care.model import By, Conversation, Entry, EntryKind, State, Why
from dure.social.care.plugs import Clocks, Move
from dure.state import Tx

# What a change of state is called, by where it leads; to open it depends on where it was.
_STATES: Mapping[State, str] = {
    "waiting": events.WAITING, "snoozed": events.SNOOZED, "resolved": events.RESOLVED,
}  # fmt: skip


class Turn:
    """`before` is None for a conversation that is just opened."""

    def __init__(
        self, principal: Principal, before: Conversation | None, talk: Conversation, now: datetime, by: By | None = None
    ) -> None:
        self.principal = principal
        self.before = before
        self.talk = talk
        self.now = now
        self.by: By = by or by_of(principal)
        self.entries: list[Entry] = []
        self._written: list[tuple[str, Mapping[str, Any], datetime]] = []
        self.moves: list[Move] = []
        self._known = before is not None

    @property
    def changed(self) -> bool:
        return bool(self.entries or self._written or self.moves) or self.talk != self.before

    def set(self, **changes: Any) -> None:
        """A change that no clock depends on."""
        self.talk = replace(self.talk, **changes)

    def move(self, why: Why, at: datetime, **changes: Any) -> None:
        """A change that the clocks are told."""
        was = self.talk if self._known else None
        self.talk, self._known = replace(self.talk, **changes), True
        self.moves.append(Move(was, self.talk, why, at))

    def enter(self, kind: EntryKind, *, at: datetime | None = None, by: By | None = None, **fields: Any) -> Entry:
        """Writes something down as the newest entry."""
        self.talk = replace(self.talk, seq=self.talk.seq + 1)
        made = Entry(
            uuid7(), self.talk.id, self.talk.seq, kind, at or self.now, by or self.by,
            fields.pop("actor", self.principal.actor), **fields,
        )  # fmt: skip
        self.entries.append(made)
        return made

    def act(self, code: str, **data: Any) -> None:
        self.enter("act", act=code, data=data)

    def tell(self, name: str, more: Mapping[str, Any] | None = None, *, at: datetime | None = None) -> None:
        """An event; it says how the conversation is when the whole change is made."""
        self._written.append((name, more or {}, at or self.now))

    def state(self, to: State, *, until: datetime | None = None, at: datetime | None = None) -> None:
        """Changes the state with its entry and event; to what it is already changes nothing. `until` is of a snooze."""
        was = self.talk
        if was.state == to and until == was.snoozed_until:
            return
        again = was.state == "resolved" and to == "open"
        self.move(
            "state", at or self.now, state=to, snoozed_until=until, reopened=was.reopened + again,
            resolved_at=self.now if to == "resolved" else None,
        )  # fmt: skip
        told: dict[str, Any] = {"from": was.state, **({"until": until.isoformat()} if until else {})}
        if to == "resolved" and was.first_in_at:
            told["seconds"] = max(round((self.now - was.first_in_at).total_seconds()), 0)
        name = _STATES.get(to, events.REOPENED if again else events.WOKEN)
        self.act("reopened" if again else "woken" if to == "open" else to, **told)
        self.tell(name, told)

    def written(self) -> list[Event]:
        return [
            events.talk_event(self.principal, name, self.now, self.talk, {"by": self.by, **more}, at=at)
            for name, more, at in self._written
        ]


def by_of(principal: Principal) -> By:
    """Whether a person acts, an automation or a program."""
    if principal.run or principal.kind == "system":
        return "automation"
    return "person" if principal.kind == "user" else "bot"


async def keep(tx: Tx, turns: Sequence[Turn], clocks: Clocks | None) -> list[Event]:
    """Writes what was changed, tells the clocks in order, and appends the events in one writing."""
    made = [turn for turn in turns if turn.changed]
    for turn in made:
        turn.talk = replace(turn.talk, version=turn.talk.version + (turn.before is not None), changed_at=turn.now)
    if not made:
        return []
    workspace = made[0].principal.tenant.workspace
    await store.keep_many(tx, workspace, [turn.talk for turn in made])
    await store.add_entries(tx, workspace, [entry for turn in made for entry in turn.entries])
    if clocks is not None and (moves := [move for turn in made for move in turn.moves]):
        await clocks.moved(tx, made[0].principal.tenant, moves)
    written = [event for turn in made for event in turn.written()]
    await append(tx, *written)
    return written
