"""People walked along a campaign's real way, as far as their first message, inside a transaction that is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.campaigns import dry_store
from dure.campaigns.completing import Completing
from dure.campaigns.design import Messaging
from dure.campaigns.journeys.claiming import Claiming, Handed
from dure.campaigns.journeys.clockwork import own_times
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.entering import Arrival, Entering
from dure.campaigns.journeys.moving import Moving
from dure.campaigns.journeys.plan import Plan
from dure.campaigns.journeys.plans import Plans
from dure.campaigns.journeys.stepping import Stepping
from dure.campaigns.journeys.store import Stand
from dure.campaigns.model import Campaign, Recipient, Verdict
from dure.campaigns.plugs import Carrier, Directory, Gate
from dure.governance.api import Governance, Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.api import Segments
from dure.state import State, Tx

_STEPS = 200
"""More than a design has nodes: it ends also where a journey goes round in a circle."""


class _Undone(Exception):
    """Takes everything back."""


class _Unwritten(Doing):
    """What is told and counted is not kept, so it is not written at all."""

    async def finish(self) -> None:
        return


class _Overheard:
    """The gate, and what it said of each person last."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self.said: dict[UUID, Verdict] = {}
        self.recipients: dict[UUID, Recipient] = {}

    async def look(
        self, tx: Tx, principal: Principal, campaign: Campaign, node: Messaging, recipients: Sequence[Recipient],
        now: datetime,
    ) -> list[Verdict]:  # fmt: skip
        verdicts = await self._gate.look(tx, principal, campaign, node, recipients, now)
        self.said |= {to.person: one for to, one in zip(recipients, verdicts, strict=True)}
        self.recipients |= {to.person: to for to in recipients}
        return verdicts

    async def room(self, tenant: Tenant, channel: str, wanted: int) -> int:
        """Everybody: how long a rate limit would take is reckoned at the end."""
        del tenant, channel
        return wanted


@dataclass
class Walked:
    """Where people ended: rows of their ways and first messages, what was in hand, and who was asked about."""

    ways: Sequence[Mapping[str, Any]] = ()
    handed: list[Handed] = field(default_factory=list)
    later: dict[UUID, tuple[str, str, Verdict]] = field(default_factory=dict)
    """By way: node, channel and what the gate said of whom it told to wait."""
    recipients: Mapping[UUID, Recipient] = field(default_factory=dict)


@dataclass
class Walk:
    """`gate` asks no approval: that is what a dry run is looked at for."""

    state: State
    log: Log
    clock: Clock
    governance: Governance
    segments: Segments
    directory: Directory
    gate: Gate
    carriers: dict[str, Carrier]
    completing: Completing

    async def take(
        self, principal: Principal, campaign: Campaign, arrivals: Sequence[Arrival], key: str, begins: datetime
    ) -> Walked:
        """Lets these people in at `begins` and moves them until each has a first message, or goes no further."""
        walked = Walked()
        try:
            async with self.state.begin(principal.tenant) as tx:
                walked = await self._walk(tx, principal, campaign, arrivals, key, begins)
                raise _Undone
        except _Undone:
            return walked

    async def _walk(
        self, tx: Tx, principal: Principal, campaign: Campaign, arrivals: Sequence[Arrival], key: str, begins: datetime
    ) -> Walked:
        workspace = principal.tenant.workspace
        row = await dry_store.put_on(tx, workspace, campaign.id)
        if row is None:
            return Walked()
        # Plans of its own: what is read here must not be known to those who really move people.
        plans, heard = Plans(self.governance), _Overheard(self.gate)
        launched = msgspec.to_builtins(campaign.design)
        plan = await plans.plan_of(tx, {**row, "number": dry_store.VERSION, "launched": launched})
        stepping = Stepping(self.log, self.segments, self.directory, plans, self.completing)
        moving = Moving(self.state, self.clock, stepping)
        claiming = Claiming(self.state, self.clock, stepping, heard, self.carriers, uuid7(), 60.0)
        await self._enter(_Unwritten(tx, begins), plan, arrivals, key)
        walked, done = Walked(recipients=heard.recipients), set[UUID]()
        for _ in range(_STEPS):
            going = await dry_store.on_their_way(tx, workspace, campaign.id, done)
            if not going:
                break
            at: datetime = max(begins, min(due for _, due in going))
            some = [stand for stand, due in going if due <= at]
            inside = [one for one in some if not plan.outside(one.node)]
            if inside:
                await moving.move(_Unwritten(tx, at), inside)
            for node in sorted({one.node for one in some if plan.outside(one.node)}):
                stands = [one for one in some if one.node == node]
                walked.handed += await claiming.claim(_Unwritten(tx, at), stands)
                if isinstance(message := plan.nodes[node], Messaging):
                    done |= {one.id for one in stands}
                    _note_waiting(walked, message, stands, heard)
        walked.ways = await dry_store.ended(tx, workspace, campaign.id)
        return walked

    async def _enter(self, doing: Doing, plan: Plan, arrivals: Sequence[Arrival], key: str) -> None:
        """As an occurrence lets its audience in, or a trigger those whom it met."""
        entering, entry = Entering(self.directory), plan.design.entry
        if entry.trigger is not None or entry.zone != "person" or key in ("", "launch"):
            await entering.enter(doing, plan, arrivals)
            return
        known = await self.directory.known(doing.tx, plan.tenant, {one.person for one in arrivals})
        zones = [known[one.person].traits.get("timezone") if one.person in known else None for one in arrivals]
        by_due: dict[datetime, list[Arrival]] = {}
        for arrival, due in zip(arrivals, own_times(key, zones, plan.zone), strict=True):
            by_due.setdefault(max(due, doing.now), []).append(arrival)
        for due, some in sorted(by_due.items()):
            await entering.enter(doing, plan, some, place=plan.waits_for(due))


def _note_waiting(walked: Walked, node: Messaging, stands: Sequence[Stand], heard: _Overheard) -> None:
    for one in stands:
        verdict = heard.said.get(one.person)
        if verdict is not None and verdict.answer == "later":
            walked.later[one.id] = node.id, node.channel, verdict
