"""Entering a campaign, many people at a time: who may, which half, and a row for everybody with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from dure.campaigns import events, log_sql, store
from dure.campaigns.model import Campaign, Item, Reason, Recipient, State
from dure.campaigns.plugs import Directory
from dure.campaigns.recommending.api import Recommending
from dure.campaigns.rules import CAP_HOURS, may_get
from dure.experiments.api import held_back
from dure.feed.api import append
from dure.governance.api import Principal
from dure.kernel.ids import uuid7
from dure.kernel.seal import Seal
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.api import Segments
from dure.state import Tx

ITEMS = 3
ONCE = "once"
"""The trigger key of campaigns that everybody goes through once; whoever was merged since counts as one person."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody the trigger met, and when it did."""

    person: UUID
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to happen with an arrival. `message` is "" in a dry run."""

    person: UUID
    recipient: Recipient | None
    arm: str
    state: State
    reason: str
    message: UUID


@dataclass
class Entering:
    """The gate of every campaign."""

    log: Log
    segments: Segments
    directory: Directory
    recommending: Recommending
    seal: Seal

    async def decide(
        self, tx: Tx, principal: Principal, campaign: Campaign, arrivals: Sequence[Arrival], now: datetime
    ) -> list[Decision]:
        """Who may enter, and which half they are in. Reads only; the dry run asks the same.

        Whether somebody may be written to is asked before the halves are drawn, alike for both.
        """
        tenant = principal.tenant
        known = await self.directory.known(tx, tenant, {arrival.person for arrival in arrivals})
        to = {
            arrival.person: Recipient(found.id, found.distinct_ids[0] if found.distinct_ids else "", found.traits)
            for arrival in arrivals
            if (found := known.get(arrival.person)) is not None
        }
        whom = {person: recipient.person for person, recipient in to.items()}
        people = set(whom.values())
        consents = await store.consents(tx, tenant.workspace, people)
        asked = {one.address.lower() for one in to.values()}
        addresses = await store.suppressed(tx, tenant.workspace, asked, self.seal)
        capped = await store.capped(tx, tenant.workspace, people, now - timedelta(hours=CAP_HOURS))
        back = await self._came_back(tenant, campaign, arrivals, whom, now)
        audience = people
        if campaign.design.audience is not None and people:
            audience = await self.segments.among(principal, campaign.design.audience, people)
        decisions = []
        for arrival in arrivals:
            recipient = to.get(arrival.person)
            person = whom.get(arrival.person, arrival.person)
            reason = may_get(
                recipient, consent=consents.get(person), capped=person in capped,
                suppressed=recipient is not None and recipient.address.lower() in addresses,
            )  # fmt: skip
            if reason is None and person not in audience:
                reason = Reason.NOT_IN_AUDIENCE
            if reason is None and person in back:
                reason = Reason.CAME_BACK
            arm, state = _half(campaign, person) if reason is None else ("", State.SKIPPED)
            decisions.append(
                Decision(person, recipient, arm, state, reason.value if reason else "", uuid7())
            )  # fmt: skip
        return decisions

    async def enter(
        self, tx: Tx, principal: Principal, campaign: Campaign, arrivals: Sequence[Arrival], now: datetime
    ) -> dict[UUID, UUID]:
        """Writes the decisions; returns the message of each arrival's person. Whoever was here before enters no more.

        Both halves get their *Campaign Entered* at the same moment: it is what results are counted from.
        """
        workspace = principal.tenant.workspace
        decisions = await self.decide(tx, principal, campaign, arrivals, now)
        first: dict[UUID, Decision] = {}
        for decision in decisions:
            first.setdefault(decision.person, decision)
        fresh = await store.claim(
            tx, workspace, campaign.id, list(first), [ONCE] * len(first), [one.message for one in first.values()], now
        )
        new = [one for one in first.values() if one.message in fresh]
        items = await self.recommended(tx, principal.tenant, new, now)
        await store.add_messages(
            tx, workspace, campaign.id,
            [
                store.Entry(
                    one.message, one.person, one.recipient.distinct_id if one.recipient else "", one.arm, one.state,
                    one.reason, one.recipient.address if one.recipient else "",
                    [item.id for item in items.get(one.person, ())],
                )
                for one in new
            ],
            now,
        )  # fmt: skip
        await append(tx, *(event for one in new for event in _told(principal, now, campaign, one)))
        messages = await store.claimed(tx, workspace, campaign.id, list(first))
        return {
            arrival.person: messages[decision.person, ONCE]
            for arrival, decision in zip(arrivals, decisions, strict=True)
        }

    async def recommended(
        self, tx: Tx, tenant: Tenant, decisions: Sequence[Decision], now: datetime
    ) -> dict[UUID, list[Item]]:
        """What those who will be written to are recommended, asked once for all of them."""
        to = {one.person: one.recipient for one in decisions if one.state is State.WAITING and one.recipient}
        if not to:
            return {}
        found = await self.recommending.for_people(tenant, list(to), "together", ITEMS, now, tx=tx)
        return {person: [each.item for each in each_of] for person, each_of in found.items()}

    async def _came_back(
        self, tenant: Tenant, campaign: Campaign, arrivals: Sequence[Arrival], whom: Mapping[UUID, UUID], now: datetime
    ) -> set[UUID]:
        """Those who did the goal event after the trigger, also under another of their ids."""
        left = {whom[one.person]: one.at for one in arrivals if one.at is not None and one.person in whom}
        if not left:
            return set()
        params = {
            "goal": campaign.design.goal, "people": [str(person) for person in left],
            "since": _text(min(at for at in left.values() if at) - timedelta(seconds=1)), "now": _text(now),
        }  # fmt: skip
        rows = (await self.log.query(tenant, log_sql.LAST_GOAL, params)).rows
        return {who for who, last in rows if (at := left.get(who)) is not None and _utc(last) > at}


def arrival_of(subject: str, event: Mapping[str, Any] | None) -> Arrival:
    """An automation run's subject and trigger as an arrival."""
    at = datetime.fromisoformat(str(event["time"])) if event and event.get("time") else None
    return Arrival(UUID(subject), at)


def _half(campaign: Campaign, person: UUID) -> tuple[str, State]:
    if held_back(f"campaign:{campaign.id}:", str(person), campaign.design.holdout):
        return "control", State.HELD
    return "treated", State.WAITING


def _told(principal: Principal, now: datetime, campaign: Campaign, one: Decision) -> list[Any]:
    who = one.recipient.distinct_id if one.recipient else ""
    about = {"message": str(one.message)}
    if one.state is State.SKIPPED:
        told = {**about, "reason": one.reason}
        return [events.campaign_event(principal, now, events.SKIPPED, campaign, told, one.person, who)]
    entered = {**about, "arm": one.arm}
    made = [events.campaign_event(principal, now, events.ENTERED, campaign, entered, one.person, who)]
    if one.state is State.HELD:
        made.append(events.campaign_event(principal, now, events.HELD_BACK, campaign, about, one.person, who))
    return made


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
