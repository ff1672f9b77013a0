"""A launched version as what moves people: where a node puts them, and which queue takes them on from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from dure.campaigns.design import (
    CHANNELS,
    Acting,
    Branch,
    Delay,
    Design,
    Exit,
    Messaging,
    Node,
    Wait,
    Webhook,
)
from dure.campaigns.journeys.clockwork import next_time, zone_of
from dure.campaigns.model import Campaign
from dure.kernel.tenant import Tenant
from dure.segments.api import duration

ENTRANCE = ""
"""Where ways stand whose campaign asks for its audience before anything else."""
MOVES = (0, 1)
"""Queues of what happens in the database alone: quick for what an event began, bulk for what the clock did."""
CALLS = "call"
_OUTSIDE = (*CHANNELS, CALLS)
_FIRST = 10


def queue_of(channel: str, *, bulk: bool) -> int:
    """The queue of what goes out on a channel."""
    return _FIRST + 2 * _OUTSIDE.index(channel) + bulk


OUTSIDE = {queue_of(channel, bulk=bulk): channel for channel in _OUTSIDE for bulk in (False, True)}
"""Every queue of what leaves the house, and its channel."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where people stand next: at a node, taken on by a queue at `due`, which differs by person where it is a list."""

    node: str
    queue: int
    state: Literal["moving", "waiting", "done"]
    due: datetime | list[datetime] | None
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """A version of a campaign. It never changes, so it is read once."""

    tenant: Tenant
    campaign: Campaign
    version: int
    design: Design
    zone: str
    nodes: dict[str, Node] = field(default_factory=dict)

    @property
    def bulk(self) -> bool:
        return self.design.entry.trigger is None

    @property
    def brief(self) -> bool:
        """Whether its only message is its end, so that what became of that says all."""
        acts = [node for node in self.design.nodes if isinstance(node, Acting)]
        return len(acts) == 1 and isinstance(acts[0], Messaging) and acts[0].next is None

    @property
    def recommends_again(self) -> bool:
        """Whether somebody may be recommended something more than once on their way."""
        return sum(isinstance(node, Messaging) and node.items is not None for node in self.design.nodes) > 1

    def asks_log(self, node: Node | None) -> bool:
        """Whether what the log knows of somebody decides at a node, beside what they did since they came in."""
        if node is None or isinstance(node, Branch):
            return True
        return isinstance(node, Acting) and any(leaving.rule is not None for leaving in self.design.exits)

    def outside(self, id: str) -> bool:
        """Whether what a node does leaves the house."""
        return isinstance(self.nodes.get(id), Messaging | Webhook)

    def begin(self, now: datetime, zones: Callable[[], Sequence[Any]]) -> Place:
        """Where people come in."""
        if self.design.entry.trigger is not None and self.design.entry.audience is not None:
            return Place(ENTRANCE, int(self.bulk), "moving", now)
        return self.at(self.design.start, now, zones)

    def waits_for(self, due: datetime) -> Place:
        """Where people stand whose own clock does not show the time yet at which they come in."""
        return Place(ENTRANCE, int(self.bulk), "moving", due)

    def at(self, id: str | None, now: datetime, zones: Callable[[], Sequence[Any]]) -> Place:
        """Where people stand who come to a node; `zones` are their own, asked for only where it matters."""
        if id is None:
            return Place("", int(self.bulk), "done", None)
        node = self.nodes[id]
        if isinstance(node, Exit):
            return Place(id, int(self.bulk), "done", None, node.reason)
        if isinstance(node, Delay | Wait):
            state: Literal["moving", "waiting"] = "waiting" if isinstance(node, Wait) else "moving"
            return Place(id, int(self.bulk), state, self._until(node, now, zones))
        if isinstance(node, Messaging | Webhook):
            channel = node.channel if isinstance(node, Messaging) else CALLS
            return Place(id, queue_of(channel, bulk=self.bulk), "moving", now)
        return Place(id, int(self.bulk), "moving", now)

    def _until(
        self, node: Delay | Wait, now: datetime, zones: Callable[[], Sequence[Any]]
    ) -> datetime | list[datetime]:
        lasts = node.for_ if isinstance(node, Delay) else node.within
        after = now + duration(lasts) if lasts is not None else now
        until = node.until
        if until is None:
            return after
        if isinstance(node, Wait) and lasts is not None:
            # Whichever is first.
            return self._clock(until, now, zones, latest=after)
        return self._clock(until, after, zones)

    def _clock(
        self, until: Any, after: datetime, zones: Callable[[], Sequence[Any]], latest: datetime | None = None
    ) -> datetime | list[datetime]:  # fmt: skip
        def one(name: Any) -> datetime:
            at = next_time(after, until.time, until.days, zone_of(name if isinstance(name, str) else "", self.zone))
            return at if latest is None else min(at, latest)

        if until.zone == "workspace":
            return one("")
        known: dict[Any, datetime] = {}
        return [known[name] if name in known else known.setdefault(name, one(name)) for name in zones()]
