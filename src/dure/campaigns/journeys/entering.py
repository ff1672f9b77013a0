"""Coming in: who may, once more or for the first time, and where they stand first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.campaigns.design import Again
from dure.campaigns.journeys import began, store
from dure.campaigns.journeys.doing import Doing
from dure.campaigns.journeys.plan import ENTRANCE, Place, Plan
from dure.campaigns.journeys.store import Coming
from dure.campaigns.plugs import Directory, Known
from dure.kernel.filters import Filter, all_hold
from dure.kernel.ids import person_id, uuid7s
from dure.segments.api import duration

ONCE = "once"
"""The key of ways through campaigns that everybody goes through once."""
_PERSON = "person."


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who comes, and when that was (None: now). `key` makes it the same coming, such as a trigger's message
    id; `mark` is how far the log must be to know of it; `event` is what began it, where texts name that."""

    person: UUID
    at: datetime | None
    key: str = ""
    mark: int = 0
    distinct_id: str = ""
    event: Mapping[str, Any] | None = None


class Entering:
    """Lets people into campaigns, in sets."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def enter(
        self, doing: Doing, plan: Plan, arrivals: Sequence[Arrival], *, resolved: bool = False,
        place: Place | None = None,
    ) -> dict[UUID, UUID]:  # fmt: skip
        """New ways for those who may come in; returns the way of everybody who has one by the arrival's person, also
        that from before. `resolved` people are who they are now; `place` is where they stand, if not at the beginning.
        """
        again, tenant = plan.design.entry.again, plan.tenant
        campaign = plan.campaign.id
        if again is not None:
            await store.lock_campaign(doing.tx, tenant.workspace, campaign)
        had = await store.had(doing.tx, tenant.workspace, campaign, {one.person for one in arrivals})
        found: dict[UUID, UUID] = {}
        fresh: list[Arrival] = []
        for one in arrivals:
            before = had.get(one.person, {}).get(_key(again, one, doing.now))
            if before is not None:
                found[one.person] = before
            else:
                fresh.append(one)
        known: Mapping[UUID, Known] = {}
        if fresh and not (resolved and place is not None and not isinstance(place.due, list)):
            known = await self._directory.known(doing.tx, tenant, {one.person for one in fresh})
        where = [one for one in plan.design.entry.trigger.where if one.prop.startswith(_PERSON)] if (
            plan.design.entry.trigger is not None
        ) else []  # fmt: skip
        coming: dict[tuple[UUID, str], tuple[Coming, Any]] = {}
        asked: dict[UUID, tuple[UUID, str]] = {}
        ids = uuid7s(len(fresh))
        for number, one in enumerate(sorted(fresh, key=lambda each: each.at or doing.now)):
            who = known.get(one.person)
            if where and not _meant(where, who):
                continue
            person = who.id if who else one.person
            key = (person, _key(again, one, doing.now))
            asked[one.person] = key
            if key not in coming:
                distinct = who.distinct_ids[0] if who and who.distinct_ids else one.distinct_id
                made = Coming(ids[number], person, distinct, key[1], one.at or doing.now, one.mark, one.event)
                coming[key] = made, who.traits.get("timezone") if who else None
        coming = await self._not_again(doing, plan, coming, known, found)
        new = await self._put_in(doing, plan, list(coming.values()), place)
        if len(new) < len(asked):
            others = await store.had(doing.tx, tenant.workspace, campaign, {person for person, _ in asked.values()})
        else:
            others = {}
        for person, (who_now, name) in asked.items():
            made_now = coming.get((who_now, name))
            way = made_now[0].id if made_now and made_now[0].id in new else others.get(who_now, {}).get(name)
            if way is not None:
                found[person] = way
        return found

    async def _not_again(
        self, doing: Doing, plan: Plan, coming: dict[tuple[UUID, str], tuple[Coming, Any]],
        known: Mapping[UUID, Known], found: dict[UUID, UUID],
    ) -> dict[tuple[UUID, str], tuple[Coming, Any]]:  # fmt: skip
        """Without those who may not come again, also under an id they had before they were merged."""
        workspace, campaign = plan.tenant.workspace, plan.campaign.id
        merged = {
            person_id(workspace, own): one.id
            for one in known.values() if len(one.distinct_ids) > 1
            for own in one.distinct_ids
        }  # fmt: skip
        again = plan.design.entry.again
        if again is None:
            if not merged:
                return coming
            in_before = await store.had(doing.tx, workspace, campaign, merged)
            out = {merged[own] for own, keys in in_before.items() if ONCE in keys}
            for own, keys in in_before.items():
                if ONCE in keys:
                    found.update({asked: keys[ONCE] for asked, one in known.items() if one.id == merged[own]})
            return {key: one for key, one in coming.items() if key[0] not in out}
        past = await store.past(doing.tx, workspace, campaign, {*merged, *(person for person, _ in coming)})
        for own, now_is in merged.items():
            if own != now_is and own in past:
                past[now_is] = _together(past[own], past.get(now_is))
        kept = {}
        for key, (made, zone) in coming.items():
            before = past.get(key[0])
            if before is None or may_again(again, before, made.at):
                kept[key] = made, zone
                times = before["times"] + 1 if before else 1
                past[key[0]] = {"times": times, "entry": made.at, "exit": None, "send": None, "open": True}
        return kept

    async def _put_in(
        self, doing: Doing, plan: Plan, coming: Collection[tuple[Coming, Any]], place: Place | None
    ) -> set[UUID]:
        if not coming:
            return set()
        stands = place or plan.begin(doing.now, lambda: [zone for _, zone in coming])
        workspace, campaign = plan.tenant.workspace, plan.campaign.id
        new = await store.enter(doing.tx, workspace, campaign, plan.version, [one for one, _ in coming], stands)
        kept = {one.id: one.event for one, _ in coming if one.event is not None and one.id in new}
        await began.keep(doing.tx, workspace, kept)
        if stands.state != "done":
            doing.tally.add(workspace, campaign, stands.node, "here", len(new))
        doing.tally.add(workspace, campaign, stands.node, "reached", len(new))
        if stands.node != ENTRANCE:
            doing.tally.add(workspace, campaign, ENTRANCE, "in", len(new))
        return new


def may_again(again: Again, before: Mapping[str, Any], at: datetime) -> bool:
    """Whether somebody may come in once more. `before`: how many `times` they were in, when they last came (`entry`),
    were sent something (`send`) and went out (`exit`), and whether they are still in (`open`)."""
    if again.most is not None and before["times"] >= again.most:
        return False
    last = before[again.clock]
    if again.clock == "exit" and before["open"]:
        return False
    if last is None:
        # Nothing was sent yet to somebody who is on their way; nothing ever to one who is out.
        return not before["open"]
    return bool(at - last >= duration(again.after))


def arrival_of(subject: str, event: Mapping[str, Any] | None) -> Arrival:
    """An automation run's subject and trigger as an arrival."""
    at = datetime.fromisoformat(str(event["time"])) if event and event.get("time") else None
    return Arrival(UUID(subject), at, str(event.get("message_id") or "") if event else "")


def _key(again: Again | None, one: Arrival, now: datetime) -> str:
    if again is None:
        return ONCE
    return one.key or (one.at or now).isoformat()


def _meant(where: Sequence[Filter], who: Known | None) -> bool:
    traits = who.traits if who else {}
    return all_hold(where, lambda prop: traits.get(prop.removeprefix(_PERSON)))


def _together(one: Mapping[str, Any], other: Mapping[str, Any] | None) -> dict[str, Any]:
    """What two ids of one person went through."""
    if other is None:
        return dict(one)
    latest = {
        name: max((each[name] for each in (one, other) if each[name] is not None), default=None)
        for name in ("entry", "exit", "send")
    }
    return {"times": one["times"] + other["times"], "open": one["open"] or other["open"], **latest}
