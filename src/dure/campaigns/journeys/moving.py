"""Moving people on, in sets: one statement or two for all who stand at a node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np

from dure.campaigns import events
from dure.campaigns.design import Branch, Delay, HandOver, Split, Update, Wait
from dure.campaigns.journeys import messages, store
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.lots import lots
from dure.campaigns.journeys.plan import ENTRANCE, Plan
from dure.campaigns.journeys.stepping import Group, Stepping, now_are
from dure.campaigns.journeys.store import Stand
from dure.campaigns.model import Gone, Reason
from dure.campaigns.writing import Missing, render, values_of
from dure.kernel.clock import Clock
from dure.state import State


class Moving:
    """Everything that happens in the database alone."""

    def __init__(self, state: State, clock: Clock, stepping: Stepping) -> None:
        self._state = state
        self._clock = clock
        self._stepping = stepping

    async def step(self, queue: int, limit: int = store.SET) -> int:
        """One transaction: takes what is due in a queue and moves it on; how many there were."""
        async with self._state.begin_system() as tx:
            doing = Doing(tx, self._clock.now())
            taken = await store.take(tx, queue, doing.now, limit)
            await self.move(doing, taken)
        return len(taken)

    async def move(self, doing: Doing, taken: Sequence[Stand]) -> None:
        """Moves ways that were taken by one node each."""
        for group in await self._stepping.groups(doing, taken) if taken else []:
            stands = await self._stepping.ready(doing, group)
            if stands:
                await self._go(doing, group, stands)
        await doing.finish()

    async def _go(self, doing: Doing, group: Group, stands: list[Stand]) -> None:
        plan, node = group.plan, group.plan.nodes.get(group.node)
        go = self._stepping.go
        if group.node == ENTRANCE:
            await self._entrance(doing, plan, stands)
        elif isinstance(node, Delay):
            await go(doing, plan, stands, node.next)
        elif isinstance(node, Wait):
            await go(doing, plan, stands, node.else_)
        elif isinstance(node, Branch):
            await self._branch(doing, plan, node, stands)
        elif isinstance(node, Split):
            await self._split(doing, plan, node, stands)
        elif isinstance(node, Update | HandOver):
            await self._act(doing, plan, node, stands)
        else:
            # The version has no such node: its people cannot go on.
            await self._stepping.leave(doing, plan, stands, Gone.BROKEN)

    async def _entrance(self, doing: Doing, plan: Plan, stands: list[Stand]) -> None:
        recipients = await self._stepping.recipients(doing, plan, stands)
        people = now_are(stands, recipients)
        if plan.design.entry.trigger is None:
            # In the audience when that was taken: only their own clock was waited for.
            meant = set(people.values())
        else:
            meant = await self._stepping.segments.among(
                doing.principal(plan), plan.design.entry.audience, set(people.values())
            )
        inside = [number for number, one in enumerate(stands) if people[one.person] in meant]
        out = [one for one in stands if people[one.person] not in meant]
        if inside:
            doing.tally.add(plan.tenant.workspace, plan.campaign.id, ENTRANCE, "in", len(inside))
            await self._stepping.go(
                doing, plan, [stands[n] for n in inside], plan.design.start, [recipients[n] for n in inside]
            )
        if out:
            await self._turn_away(doing, plan, out)

    async def _turn_away(self, doing: Doing, plan: Plan, stands: list[Stand]) -> None:
        """They may come another time; that they were not meant this time is kept once a day."""
        workspace, reason = plan.tenant.workspace, Reason.NOT_IN_AUDIENCE.value
        noted = await store.turn_away(
            doing.tx, workspace, plan.campaign.id, [one.id for one in stands], reason, doing.now
        )
        doing.tally.add(workspace, plan.campaign.id, ENTRANCE, "here", -len(stands))
        told = [one for one in stands if one.id in noted]
        await messages.skip(doing, plan, None, told, dict.fromkeys((one.id for one in told), reason))

    async def _branch(self, doing: Doing, plan: Plan, node: Branch, stands: list[Stand]) -> None:
        await self._stepping.recipients(doing, plan, stands)
        left = stands
        for case in node.when:
            if not left:
                return
            people = {one.to.person for one in left}
            met = await self._stepping.segments.among(doing.principal(plan), case.rule, people)
            yes = [one for one in left if one.to.person in met]
            await self._stepping.go(doing, plan, yes, case.next, [one.to for one in yes])
            left = [one for one in left if one.to.person not in met]
        await self._stepping.go(doing, plan, left, node.else_, [one.to for one in left])

    async def _split(self, doing: Doing, plan: Plan, node: Split, stands: list[Stand]) -> None:
        bounds = np.cumsum([arm.share for arm in node.arms])
        drawn = lots(f"campaign:{plan.campaign.id}:{node.id}:", [one.person for one in stands])
        numbers = np.searchsorted(bounds / bounds[-1], drawn, side="right").tolist()
        for number, arm in enumerate(node.arms):
            some = [one for one, at in zip(stands, numbers, strict=True) if at == number]
            doing.tally.add(plan.tenant.workspace, plan.campaign.id, node.id, f"split:{arm.name}", len(some))
            await self._stepping.go(doing, plan, some, arm.next)

    async def _act(self, doing: Doing, plan: Plan, node: Update | HandOver, stands: list[Stand]) -> None:
        recipients = await self._stepping.recipients(doing, plan, stands, node)
        staying = await self._stepping.staying(doing, plan, stands, now_are(stands, recipients))
        control, treated = await self._stepping.halves(doing, plan, staying)
        self._stepping.entered(doing, plan, staying)
        if isinstance(node, Update):
            await self._update(doing, plan, node, treated)
        else:
            self._hand_over(doing, plan, node, treated)
        for arm, some in (("control", control), ("treated", treated)):
            await self._stepping.go(doing, plan, some, node.next, [one.to for one in some], arm=arm)

    async def _update(self, doing: Doing, plan: Plan, node: Update, stands: Sequence[Stand]) -> None:
        said: dict[UUID, tuple[str, dict[str, Any]]] = {}
        for stand in stands:
            to = stand.to
            values = values_of(plan.campaign, to, to.language or "ko", doing.now)
            try:
                traits = {
                    name: render(value, values) if isinstance(value, str) else value
                    for name, value in node.traits.items()
                }
            except Missing:
                traits = {}
            if not traits or not (to.distinct_id or to.traits):
                self._missed(doing, plan, stand)
                continue
            # Of whom nothing but events is known, the distinct id is who they are.
            said[to.person] = (to.distinct_id or str(to.person), traits)
        some = list(said.values())
        for at in range(0, len(some), 1_000):
            await self._stepping.directory.state_in(doing.tx, doing.principal(plan), some[at : at + 1_000])

    def _hand_over(self, doing: Doing, plan: Plan, node: HandOver, stands: Sequence[Stand]) -> None:
        for stand in stands:
            to = stand.to
            try:
                text = render(node.text, values_of(plan.campaign, to, to.language or "ko", doing.now))
            except Missing:
                self._missed(doing, plan, stand)
                continue
            who = str(to.traits.get("name") or to.distinct_id or to.person)
            doing.tell(plan, events.HANDED_OVER, stand, to=node.to, channel=node.channel, text=text, who=who)

    def _missed(self, doing: Doing, plan: Plan, stand: Stand) -> None:
        workspace, campaign, reason = plan.tenant.workspace, plan.campaign.id, Reason.MISSING_VALUE.value
        doing.tally.add(workspace, campaign, stand.node, f"reason:{reason}")
        doing.tell(plan, events.SKIPPED, stand, reason=reason)
