"""People walked along a campaign's real way, as far as their first message, inside a transaction that is undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from dure.campaigns import dry_store
from dure.campaigns.completing import Completing
from dure.campaigns.design import Leaving, Messaging, Wait
from dure.campaigns.journeys.claiming import Claiming, Handed
from dure.campaigns.journeys.clockwork import own_times
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.entering import Arrival, Entering
from dure.campaigns.journeys.moving import Moving
from dure.campaigns.journeys.plan import Plan
from dure.campaigns.journeys.plans import Plans
from dure.campaigns.journeys.stepping import Stepping, reason_of
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
    """Where people ended: rows of their ways and first messages, what was in hand, who was asked about, and who came to
    which wait."""

    ways: Sequence[Mapping[str, Any]] = ()
    handed: list[Handed] = field(default_factory=list)
    later: dict[UUID, tuple[str, str, Verdict]] = field(default_factory=dict)
    """By way: node, channel and what the gate said of whom it told to wait."""
    recipients: Mapping[UUID, Recipient] = field(default_factory=dict)
    met: dict[str, set[UUID]] = field(default_factory=dict)


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
        self, principal: Principal, campaign: Campaign, arrivals: Sequence[Arrival], key: str, begins: datetime,
        comes: Collection[str] = (),
    ) -> Walked:  # fmt: skip
        """Lets these people in at `begins` and moves them until each has a first message, or goes no further. At the
        waits `comes` the event comes at once, at all others never."""
        walked = Walked()
        try:
            async with self.state.begin(principal.tenant) as tx:
                walked = await self._walk(tx, principal, campaign, arrivals, key, begins, comes)
                raise _Undone
        except _Undone:
            return walked

    async def _walk(
        self, tx: Tx, principal: Principal, campaign: Campaign, arrivals: Sequence[Arrival], key: str, begins: datetime,
        comes: Collection[str],
    ) -> Walked:  # fmt: skip
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
        walked, done, at = Walked(recipients=heard.recipients), set[UUID](), begins
        for _ in range(_STEPS):
            going = await dry_store.on_their_way(tx, workspace, campaign.id, done)
            if not going:
                break
            if await self._come(_Unwritten(tx, at), stepping, plan, [stand for stand, _ in going], walked, comes):
                continue
            at = max(begins, min(due for _, due in going))
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

    async def _come(
        self, doing: Doing, stepping: Stepping, plan: Plan, going: Sequence[Stand], walked: Walked,
        comes: Collection[str],
    ) -> bool:  # fmt: skip
        """The events come that are waited for; whether anybody went on by one."""
        waiting: dict[str, list[Stand]] = {}
        for stand in going:
            if isinstance(plan.nodes.get(stand.node), Wait):
                walked.met.setdefault(stand.node, set()).add(stand.person)
                if stand.node in comes:
                    waiting.setdefault(stand.node, []).append(stand)
        for wait, stands in waiting.items():
            node = plan.nodes[wait]
            # Out before on, as in earnest: an event that takes people out takes nobody on.
            out = next((one for one in plan.design.exits if isinstance(node, Wait) and _same(one, node)), None)
            if out is not None:
                await stepping.leave(doing, plan, stands, reason_of(plan, out))
            elif isinstance(node, Wait):
                await stepping.go(doing, plan, stands, node.then)
        return bool(waiting)

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


def _same(leaving: Leaving, node: Wait) -> bool:
    return leaving.event == node.event.event and leaving.where == node.event.where


def _note_waiting(walked: Walked, node: Messaging, stands: Sequence[Stand], heard: _Overheard) -> None:
    for one in stands:
        verdict = heard.said.get(one.person)
        if verdict is not None and verdict.answer == "later":
            walked.later[one.id] = node.id, node.channel, verdict
