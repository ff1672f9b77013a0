"""A workspace whose events come over the feed into the log, and segments of every kind that follow them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dure.feed.api import NOBODY, Event, append_lines, lines_of
from dure.governance.api import Principal
from dure.kernel.ids import person_id, uuid7
from dure.log.api import LogWriter
from dure.segments.api import Segments
from dure.segments.recomputing import SETTINGS
from dure.segments.sql import holders_of
from tests.metrics.room import Room

PLAY, GIFT, STOP = "Listen Started", "Gift Sent", "Listen Ended"
RULES: list[dict[str, Any]] = [
    {"kind": "did", "event": PLAY, "within": "1h"},
    {"kind": "not", "of": {"kind": "did", "event": PLAY, "within": "2h"}},
    {"kind": "did", "event": PLAY, "at_least": 2, "at_most": 3, "within": "2h", "before": "1h"},
    {"kind": "did", "event": "*", "measure": "days", "at_least": 2, "within": "2d"},
    {"kind": "did", "event": GIFT, "where": [{"prop": "coins", "op": ">=", "value": 5}], "before": "1h"},
    {"kind": "last_seen", "event": "*", "over": "1h", "under": "1d"},
    {"kind": "first_seen", "event": GIFT, "over": "1h"},
    {"kind": "first_seen", "event": PLAY, "under": "2h"},
    {"kind": "frequency", "event": PLAY, "per": "day", "periods": 2, "at_least": 1, "every": True},
    {"kind": "frequency", "event": PLAY, "per": "day", "periods": 2, "at_least": 1.5},
    {"kind": "amount", "event": GIFT, "prop": "coins", "value": 10, "within": "2h"},
    {"kind": "amount", "event": GIFT, "prop": "coins", "measure": "average", "op": "<", "value": 5, "within": "1d"},
    {"kind": "amount", "event": GIFT, "prop": "coins", "op": "<=", "value": 7, "within": "1h", "before": "1h"},
    {"kind": "sequence", "steps": [{"event": PLAY}, {"event": GIFT}], "span": "1h", "within": "2h"},
    {"kind": "sequence", "steps": [{"event": PLAY}, {"event": STOP}], "without": [{"event": GIFT}], "within": "1d"},
    {"kind": "trait", "prop": "plan", "value": "pro"},
    {"kind": "trait", "prop": "plan", "op": "not_set"},
    {"kind": "trait", "prop": "tier", "of": "account", "value": "gold"},
    {"kind": "share", "share": 0.5},
    {"kind": "any", "of": [
        {"kind": "all", "of": [{"kind": "did", "event": PLAY, "within": "1d"},
                               {"kind": "not", "of": {"kind": "did", "event": GIFT, "within": "2h"}}]},
        {"kind": "campaign", "what": "opened", "campaign": "c-1", "within": "1d"}]},
]  # fmt: skip


@dataclass
class Stream:
    """Everything that happens goes the way it goes outside: feed, log, tick."""

    room: Room
    segments: Segments
    prefix: str = ""
    version: int = 0
    sent: list[Event] = field(default_factory=list)

    @property
    def principal(self) -> Principal:
        return self.room.cast.mina

    @property
    def now(self) -> datetime:
        return self.room.clock.now()

    def id(self, name: str) -> UUID:
        return person_id(self.room.cast.tenant.workspace, self.prefix + name)

    def event(
        self, name: str, event: str, ago: timedelta = timedelta(), properties: dict[str, Any] | None = None, **more: Any
    ) -> Event:
        tenant = self.room.cast.tenant
        return Event(
            org=tenant.org, workspace=tenant.workspace, event=event, time=self.now - ago, received_at=self.now,
            message_id=str(uuid7()), properties=properties or {},
            **{"source": "web", "person": self.id(name) if name else NOBODY, "distinct_id": name, **more},
        )  # fmt: skip

    def linked(self, old: str, now: str) -> Event:
        self.version += 1
        said = {"from_person": str(self.id(old)), "to_person": str(self.id(now)), "version": self.version}
        return self.event(now, "Person Linked", properties=said, source="people")

    async def happen(self, *events: Event) -> None:
        """Into the feed; it is in the log when the log has followed."""
        self.sent += events
        if events:
            async with self.room.state.begin_system() as tx:
                await append_lines(tx, self.room.cast.tenant, len(events), lines_of(events))

    async def follow(self) -> None:
        while await LogWriter(self.room.state, self.room.log).step():
            pass

    async def kept(self, ids: Sequence[str]) -> dict[str, set[UUID]]:
        """The members as they are written."""
        async with self.room.state.begin_system() as tx:
            rows = await tx.rows("select segment, person from segments.member where segment = any(%s)", (list(ids),))
        return _by_segment(ids, [(row["segment"], row["person"]) for row in rows])

    async def whole(self, ids: Sequence[str]) -> dict[str, set[UUID]]:
        """What a look at everybody finds at this moment."""
        asking = self.segments._asking
        segments = {one.id: one for one in await self.segments.segments(self.principal)}
        known, zone = await asking.known(self.principal), await asking.zone(self.principal)
        rules = [known.unfold(segments[one].rule, (one,)) for one in ids]
        statement = holders_of(rules, self.now, zone)
        rows = (
            await self.room.log.query(self.principal.tenant, statement.sql, statement.params, settings=SETTINGS)
        ).rows
        return _by_segment(ids, [(ids[number], person) for person, numbers in rows for number in numbers])


def _by_segment(ids: Sequence[str], pairs: Sequence[tuple[str, UUID]]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {one: set() for one in ids}
    for segment, person in pairs:
        found[segment].add(person)
    return found
