"""Claiming: everything is asked once more, and the message's row is committed before anything leaves the house.

At most once: a message is handed over by the one worker whose transaction wrote its row. Whoever finds it claimed
later cannot know what became of it, says `unknown`, and never sends it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from dure.campaigns.design import Messaging, Webhook
from dure.campaigns.gate import store as gate_store
from dure.campaigns.journeys import messages, store
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.messages import Row
from dure.campaigns.journeys.plan import Plan
from dure.campaigns.journeys.stepping import Group, Stepping, now_are
from dure.campaigns.journeys.store import Stand
from dure.campaigns.model import Campaign, Gone, Reason, Recipient, State, Verdict
from dure.campaigns.plugs import Carrier, Gate
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7, uuid7s
from dure.state import State as Database

_LOOK_AGAIN = timedelta(seconds=1)
"""When somebody is asked for again who waits for something without a known end."""


@dataclass(slots=True)
class Handed:
    """A message in a worker's hands; its claim is committed. `entered_at` is when its way began."""

    id: UUID
    claim: UUID
    plan: Plan
    node: Messaging | Webhook
    stand: Stand
    recipient: Recipient
    address: str
    tries: int = 0


class Claiming:
    """Takes those who are due at a message, and says who is sent it."""

    def __init__(
        self, state: Database, clock: Clock, stepping: Stepping, gate: Gate, carriers: dict[str, Carrier], worker: UUID,
        lease: float,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._stepping = stepping
        self._gate = gate
        self._carriers = carriers
        self.worker = worker
        self.lease = lease

    async def step(self, queue: int, limit: int) -> tuple[int, list[Handed]]:
        """One transaction: how many were looked at, and the messages that are in hand after it."""
        async with self._state.begin_system() as tx:
            doing = Doing(tx, self._clock.now())
            taken = await store.take(tx, queue, doing.now, limit)
            handed = await self.claim(doing, taken) if taken else []
        return len(taken), handed

    async def claim(self, doing: Doing, taken: Sequence[Stand]) -> list[Handed]:
        """Claims for ways that were taken by this transaction, and takes them on."""
        # Before it is asked who they are now: of people who are merged meanwhile, the next one knows both ids.
        for workspace in sorted({one.workspace for one in taken}):
            await gate_store.lock(doing.tx, workspace)
        handed: list[Handed] = []
        for group in await self._stepping.groups(doing, taken):
            node = group.plan.nodes.get(group.node)
            stands = await self._stepping.ready(doing, group)
            if not isinstance(node, Messaging | Webhook):
                await self._stepping.leave(doing, group.plan, stands, Gone.BROKEN)
            elif stands:
                handed += await self._group(doing, group, node, stands)
        await doing.finish()
        return handed

    async def _group(
        self, doing: Doing, group: Group, node: Messaging | Webhook, stands: list[Stand]
    ) -> list[Handed]:  # fmt: skip
        plan, go = group.plan, self._stepping.go
        recipients = await self._stepping.recipients(doing, plan, stands, node)
        for stand, to in zip(stands, recipients, strict=True):
            stand.distinct_id = to.distinct_id or stand.distinct_id
        stands = await self._stepping.staying(
            doing, plan, stands, now_are(stands, recipients) if plan.design.exits else {}
        )
        if isinstance(node, Messaging):
            stands = await self._asked(doing, group, node, stands)
        control, treated = await self._stepping.halves(doing, plan, stands)
        treated, later = await self._within_rate(plan, node, treated)
        self._stepping.entered(doing, plan, [*control, *treated])
        await store.postpone(doing.tx, plan.tenant.workspace, [one.id for one in later], doing.now + _LOOK_AGAIN)
        carrier = self._carriers.get(node.channel) if isinstance(node, Messaging) else None
        if isinstance(node, Messaging) and carrier is not None:
            await messages.hold(doing, plan, node, control, carrier)
        rows = [
            Row(made, stand, carrier.address(stand.to) if carrier else node_address(node))
            for made, stand in zip(uuid7s(len(treated)), treated, strict=True)
        ]
        fresh = await messages.add(doing, plan, node, State.CLAIMED, rows)
        for arm, some in (("control", control), ("treated", treated)):
            await go(doing, plan, some, node.next, [one.to for one in some], arm=arm)
        if not fresh:
            return []
        claim = uuid7()
        await messages.claim(doing.tx, claim, plan.tenant.workspace, self.worker, [one.id for one in fresh], self.lease)
        return [Handed(one.id, claim, plan, node, one.stand, one.stand.to, one.address) for one in fresh]

    async def _asked(self, doing: Doing, group: Group, node: Messaging, stands: list[Stand]) -> list[Stand]:
        """Those whom the gate lets through; what becomes of the others is done."""
        plan = group.plan
        if not stands:
            return []
        campaign = replace(plan.campaign, status=group.status, design=plan.design)  # type: ignore[arg-type]
        verdicts = await looked_at(
            doing, self._gate, self._carriers.get(node.channel), plan, campaign, node, [one.to for one in stands]
        )
        sent: list[Stand] = []
        skipped: dict[UUID, str] = {}
        held: dict[str, list[Stand]] = {}
        later: dict[datetime, list[UUID]] = {}
        for stand, verdict in zip(stands, verdicts, strict=True):
            if verdict.answer == "send":
                sent.append(stand)
            elif verdict.answer == "skip":
                skipped[stand.id] = verdict.reason
            elif verdict.answer == "hold":
                held.setdefault(verdict.reason, []).append(stand)
            else:
                until = verdict.until if verdict.until and verdict.until > doing.now else doing.now + _LOOK_AGAIN
                later.setdefault(until, []).append(stand.id)
        for moment, ids in later.items():
            await store.postpone(doing.tx, plan.tenant.workspace, ids, moment)
        if skipped:
            out = [one for one in stands if one.id in skipped]
            await messages.skip(doing, plan, node, out, skipped)
            await self._stepping.go(doing, plan, out, node.next, [one.to for one in out])
        for reason, some in held.items():
            await messages.hold(doing, plan, node, some, None, reason)
            await self._stepping.go(doing, plan, some, node.next, [one.to for one in some])
        return sent

    async def _within_rate(
        self, plan: Plan, node: Messaging | Webhook, stands: list[Stand]
    ) -> tuple[list[Stand], list[Stand]]:
        if not isinstance(node, Messaging) or not stands:
            return stands, []
        room = await self._gate.room(plan.tenant, node.channel, len(stands))
        return stands[:room], stands[room:]


async def looked_at(
    doing: Doing, gate: Gate, carrier: Carrier | None, plan: Plan, campaign: Campaign, node: Messaging,
    recipients: Sequence[Recipient],
) -> list[Verdict]:  # fmt: skip
    """The gate's verdicts in the order asked; whom the channel does not reach gets nothing, whatever the gate says."""
    verdicts = await gate.look(doing.tx, doing.principal(plan), campaign, node, recipients, doing.now)
    unreached = Verdict("skip", Reason.NO_ADDRESS.value)
    return [
        verdict if verdict.answer != "send" or (carrier is not None and carrier.address(one)) else unreached
        for verdict, one in zip(verdicts, recipients, strict=True)
    ]


def node_address(node: Messaging | Webhook) -> str:
    return node.url if isinstance(node, Webhook) else ""
