"""What every step asks before it does something: is the campaign on, is somebody out by now, which half are they."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dure.campaigns import events, log_sql
from dure.campaigns.completing import Completing
from dure.campaigns.design import Leaving, Node
from dure.campaigns.journeys import store
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.lots import lots
from dure.campaigns.journeys.plan import Place, Plan
from dure.campaigns.journeys.plans import Key, Plans
from dure.campaigns.journeys.store import Stand
from dure.campaigns.model import Gone, Recipient
from dure.campaigns.plugs import Directory
from dure.feed.api import position_of
from dure.kernel.ids import person_id
from dure.log.api import LOG_FOLLOWER, Log
from dure.segments.api import Segments

_SOON = timedelta(milliseconds=200)
"""When somebody is looked at again of whom the log does not know all yet."""


@dataclass(frozen=True, slots=True)
class Group:
    """Ways at one node of one version."""

    plan: Plan
    status: str
    node: str
    stands: list[Stand]


@dataclass
class Stepping:
    """What steps have in common."""

    log: Log
    segments: Segments
    directory: Directory
    plans: Plans
    completing: Completing

    async def groups(self, doing: Doing, taken: Sequence[Stand]) -> list[Group]:
        """Ways by version and node. Those of campaigns that are not on are put aside or out, and are in no group."""
        by_node: dict[tuple[Key, str], list[Stand]] = {}
        for stand in taken:
            by_node.setdefault(((stand.workspace, stand.campaign, stand.version), stand.node), []).append(stand)
        keys = {key for key, _ in by_node}
        plans = await self.plans.get(doing.tx, keys)
        statuses = await store.statuses(doing.tx, {key[:2] for key in keys})
        found = []
        for (key, node), stands in by_node.items():
            status = statuses.get(key[:2], "stopped")
            if status == "paused":
                await store.park(doing.tx, key[0], [one.id for one in stands])
            elif status in ("live", "finished"):
                found.append(Group(plans[key], status, node, stands))
            else:
                await self.leave(doing, plans[key], stands, Gone.STOPPED)
        return found

    async def ready(self, doing: Doing, group: Group) -> list[Stand]:
        """Those of whom the log knows all that it must at this node; the others are looked at soon."""
        plan, stands = group.plan, group.stands
        if not plan.asks_log(plan.nodes.get(group.node)) or not any(one.mark for one in stands):
            return stands
        known = await position_of(doing.tx, LOG_FOLLOWER)
        early = [one.id for one in stands if one.mark > known]
        await store.postpone(doing.tx, plan.tenant.workspace, early, doing.now + _SOON)
        return [one for one in stands if one.mark <= known] if early else stands

    async def recipients(
        self, doing: Doing, plan: Plan, stands: Sequence[Stand], node: Node | None = None
    ) -> list[Recipient]:  # fmt: skip
        """Who they are now, in the same order, with all that `node` must know of them; of whom nothing is known, only
        their ids. Each way has its own as `to`."""
        known = await self.directory.known(doing.tx, plan.tenant, {one.person for one in stands})
        found = []
        for one in stands:
            who = known.get(one.person)
            if who is None:
                found.append(Recipient(one.person, one.distinct_id, {}))
            else:
                first = who.distinct_ids[0] if who.distinct_ids else ""
                found.append(Recipient(who.id, first, who.traits, (), who.distinct_ids, who.account))
        ways = [(one.id, one.entered_at) for one in stands]
        found = await self.completing.complete(doing.tx, plan.tenant, node, found, ways)
        for stand, to in zip(stands, found, strict=True):
            stand.met = to
        return found

    async def staying(
        self, doing: Doing, plan: Plan, stands: Sequence[Stand], now_are: Mapping[UUID, UUID]
    ) -> list[Stand]:  # fmt: skip
        """Those whom no exit takes out at this step; the others are out. `now_are` says who people are now."""
        if not plan.design.exits:
            return list(stands)
        gone = await self.gone(doing, plan, stands, now_are)
        for reason in sorted({reason for _, reason in gone}):
            await self.leave(doing, plan, [one for one, why in gone if why == reason], reason)
        out = {one.id for one, _ in gone}
        return [one for one in stands if one.id not in out]

    async def gone(
        self, doing: Doing, plan: Plan, stands: Sequence[Stand], now_are: Mapping[UUID, UUID]
    ) -> list[tuple[Stand, str]]:  # fmt: skip
        """Whom the design's exits take out at this step, and why."""
        found: dict[UUID, tuple[Stand, str]] = {}
        for leaving in plan.design.exits:
            left = [one for one in stands if one.id not in found]
            if not left:
                break
            if leaving.rule is not None:
                people = {now_are.get(one.person, one.person) for one in left}
                met = await self.segments.among(doing.principal(plan), leaving.rule, people)
                found |= {one.id: (one, Gone.RULE) for one in left if now_are.get(one.person, one.person) in met}
                continue
            last = await self._last_did(doing, plan, leaving, left, now_are)
            for one in left:
                at = last.get(now_are.get(one.person, one.person))
                if at is not None and at > one.entered_at:
                    found[one.id] = one, reason_of(plan, leaving)
        return list(found.values())

    async def _last_did(
        self, doing: Doing, plan: Plan, leaving: Leaving, stands: Sequence[Stand], now_are: Mapping[UUID, UUID]
    ) -> dict[UUID, datetime]:  # fmt: skip
        where, bound = self.segments.condition(leaving.where)
        params = {
            **bound, "event": leaving.event, "people": [str(now_are.get(one.person, one.person)) for one in stands],
            "since": _text(min(one.entered_at for one in stands) - timedelta(seconds=1)), "now": _text(doing.now),
        }  # fmt: skip
        answer = await self.log.query(plan.tenant, log_sql.LAST_DID.format(where=where), params)
        return {who: at if at.tzinfo else at.replace(tzinfo=UTC) for who, at in answer.rows}

    async def leave(self, doing: Doing, plan: Plan, stands: list[Stand], reason: str) -> None:
        await store.leave(doing.tx, plan.tenant.workspace, [one.id for one in stands], str(reason), doing.now)
        doing.left(plan, stands, str(reason))

    async def go(
        self, doing: Doing, plan: Plan, stands: Sequence[Stand], to: str | None,
        recipients: Sequence[Recipient] | None = None, *, arm: str | None = None,
    ) -> None:  # fmt: skip
        """They go on to a node, or to the end; `arm` is the half they were drawn into on the way."""
        if not stands:
            return
        own: list[object] | None = None
        if recipients is not None:
            own = [one.traits.get("timezone") for one in recipients]

        def zones() -> Sequence[object]:
            return own if own is not None else []

        place = plan.at(to, doing.now, zones)
        if isinstance(place.due, list) and own is None:
            asked = await self.recipients(doing, plan, stands)
            place = plan.at(to, doing.now, lambda: [one.traits.get("timezone") for one in asked])
        await store.put(doing.tx, plan.tenant.workspace, [one.id for one in stands], place, doing.now, arm=arm)
        self.arrived(doing, plan, stands, place)

    def arrived(self, doing: Doing, plan: Plan, stands: Sequence[Stand], place: Place) -> None:
        """Counts and tells that they went from where they stood to a place."""
        workspace, campaign = plan.tenant.workspace, plan.campaign.id
        for node, n in Counter(stand.node for stand in stands).items():
            doing.tally.add(workspace, campaign, node, "here", -n)
        if place.node:
            doing.tally.add(workspace, campaign, place.node, "reached", len(stands))
        if place.state != "done":
            doing.tally.add(workspace, campaign, place.node, "here", len(stands))
        elif not (plan.brief and place.reason == ""):
            for stand in stands:
                doing.tell(plan, events.EXITED, stand, reason=place.reason or "end")

    async def halves(
        self, doing: Doing, plan: Plan, stands: Sequence[Stand]
    ) -> tuple[list[Stand], list[Stand]]:  # fmt: skip
        """Control and treated: `entered` must be told of those who go on. Who was in the campaign before they were
        merged stays in the half of then."""
        new = [one for one in stands if not one.arm]
        drawn = lots(f"campaign:{plan.campaign.id}:", [one.person for one in new]) < plan.design.holdout
        before = await self._drawn_before(doing, plan, [one.to for one in new])
        for stand, held in zip(new, drawn.tolist(), strict=True):
            stand.arm = "control" if held else "treated"
            if before:
                stand.arm = before.get(stand.to.person, stand.arm)
            stand.drawn = True
        return [one for one in stands if one.arm == "control"], [one for one in stands if one.arm == "treated"]

    async def _drawn_before(self, doing: Doing, plan: Plan, to: Sequence[Recipient]) -> Mapping[UUID, str]:
        """The half in which people of several ids were first, under any of these."""
        workspace = plan.tenant.workspace
        owners = {person_id(workspace, own): one.person for one in to if len(one.ids) > 1 for own in one.ids}
        return await store.first_arms(doing.tx, workspace, plan.campaign.id, owners) if owners else {}

    def entered(self, doing: Doing, plan: Plan, stands: Sequence[Stand]) -> None:
        """Both halves are told to be in the campaign alike, at the moment when something would be done to them for the
        first time. All stand at one node."""
        for arm in ("control", "treated"):
            some = [one for one in stands if one.drawn and one.arm == arm]
            if some:
                doing.tell_all(plan, events.ENTERED, some, arm=arm)
                doing.tally.add(plan.tenant.workspace, plan.campaign.id, some[0].node, f"arm:{arm}", len(some))


def reason_of(plan: Plan, leaving: Leaving) -> str:
    """What a way that an event ended says."""
    goal = plan.design.goal
    return Gone.CAME_BACK if goal is not None and goal.event == leaving.event else Gone.EVENT


def now_are(stands: Sequence[Stand], recipients: Collection[Recipient]) -> dict[UUID, UUID]:
    """Who people are now by whom they were when they came in."""
    return {stand.person: one.person for stand, one in zip(stands, recipients, strict=True)}


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
