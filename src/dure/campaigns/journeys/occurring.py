"""Campaigns that begin by the clock: the audience as it is then, let in part by part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from dure.campaigns import events
from dure.campaigns import store as campaigns
from dure.campaigns.journeys import store
from dure.campaigns.journeys.clockwork import occurrences, own_times, zone_of
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.entering import Arrival, Entering
from dure.campaigns.journeys.plan import Plan
from dure.campaigns.journeys.plans import Plans
from dure.campaigns.journeys.stepping import Stepping
from dure.campaigns.model import Campaign
from dure.feed.api import append
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.state import State, Tx


class Occurring:
    """Plans occurrences, takes their audiences, and lets people in."""

    def __init__(self, state: State, clock: Clock, plans: Plans, entering: Entering, stepping: Stepping) -> None:
        self._state = state
        self._clock = clock
        self._plans = plans
        self._entering = entering
        self._stepping = stepping

    async def plan_next(
        self, tx: Tx, tenant: Tenant, campaign: Campaign, zone: str, now: datetime, after: str = ""
    ) -> None:  # fmt: skip
        """The next time of a campaign that begins by the clock, after the occurrence `after`."""
        coming = occurrences(campaign.design.entry, now, zone_of(zone, zone), 3)
        for key, due in coming:
            if key > after or not after:
                await store.plan_occurrence(tx, tenant.workspace, campaign.id, campaign.version, key, due)
                return

    async def begin(self) -> bool:
        """Takes the audience of one occurrence that is due; False where none is.

        The log is asked without a transaction, because that may take seconds in which the campaign can be stopped.
        """
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            row = await store.due_occurrence(tx, now)
            if row is None:
                return False
            plan = await self._plan(tx, row["workspace"], row["campaign"], row["version"])
            principal = Doing(tx, now).principal(plan)
        people = await self._stepping.segments.everybody(principal, plan.design.entry.audience)
        async with self._state.begin_system() as tx:
            key = row["key"]
            if not await store.lock_planned(tx, row["workspace"], row["campaign"], key):
                return True  # another process took it, or it was called off
            await store.begin_occurrence(tx, row["workspace"], row["campaign"], key, people, now)
            campaign = await campaigns.campaign(tx, row["workspace"], row["campaign"])
            if campaign is not None and campaign.design.entry.every is not None:
                await self.plan_next(tx, plan.tenant, campaign, plan.zone, now, key)
            told = {"occurrence": key, "people": len(people)}
            await append(tx, events.campaign_event(principal, now, events.OCCURRED, plan.campaign, told))
        return True

    async def let_in(self) -> int:
        """Lets one part of an audience in; how many were looked at."""
        async with self._state.begin_system() as tx:
            part = await store.take_part(tx)
            if part is None:
                return 0
            doing = Doing(tx, self._clock.now())
            workspace, key = part["workspace"], part["key"]
            occurrence = await store.occurrence(tx, workspace, part["campaign"], key)
            plan = await self._plan(tx, workspace, part["campaign"], occurrence["version"])
            await self._enter(doing, plan, key, part["people"])
            await store.took_part(tx, workspace, part["campaign"], key, len(part["people"]), doing.now)
            await doing.finish()
        return len(part["people"])

    async def _enter(self, doing: Doing, plan: Plan, key: str, people: Sequence[UUID]) -> None:
        arrivals = [Arrival(person, doing.now, key) for person in people]
        entry = plan.design.entry
        if entry.zone == "person" and key != "launch":
            known = await self._stepping.directory.known(doing.tx, plan.tenant, people)
            zones = [known[one].traits.get("timezone") if one in known else None for one in people]
            dues = [max(doing.now, due) for due in own_times(key, zones, plan.zone)]
            by_due: dict[datetime, list[Arrival]] = {}
            for arrival, due in zip(arrivals, dues, strict=True):
                by_due.setdefault(due, []).append(arrival)
            for due, some in sorted(by_due.items()):
                place = plan.at(plan.design.start, doing.now, list)
                if due > doing.now:
                    place = plan.waits_for(due)
                await self._entering.enter(doing, plan, some, resolved=True, place=place)
            return
        place = plan.begin(doing.now, list)
        if isinstance(place.due, list):
            await self._entering.enter(doing, plan, arrivals, resolved=True)
        else:
            await self._entering.enter(doing, plan, arrivals, resolved=True, place=place)

    async def finish(self) -> int:
        """Ends campaigns that begin by the clock and whose last people are through."""
        async with self._state.begin_system() as tx:
            now = self._clock.now()
            rows = await store.over(tx)
            for row in rows:
                campaign = campaigns.campaign_of({**row, "status": "finished"})
                await campaigns.save_campaign(tx, row["workspace"], campaign)
                await store.listen_anew(tx, row["workspace"])
                plan = await self._plan(tx, row["workspace"], campaign.id, campaign.version)
                principal = Doing(tx, now).principal(plan)
                await append(tx, events.campaign_event(principal, now, events.FINISHED, campaign))
        return len(rows)

    async def clear(self) -> int:
        """Takes people out who are on their way through a stopped campaign, a set at a time; how many."""
        out = 0
        async with self._state.begin_system() as tx:
            doing = Doing(tx, self._clock.now())
            for workspace, campaign in await store.abandoned(tx):
                stands = await store.open_ways(tx, workspace, campaign, store.SET)
                out += len(stands)
                await self._stepping.groups(doing, stands)
            await doing.finish()
        return out

    async def _plan(self, tx: Tx, workspace: str, campaign: str, version: int) -> Plan:
        key = (workspace, campaign, version)
        return (await self._plans.get(tx, [key]))[key]
