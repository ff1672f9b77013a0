"""Approval's entrance: asking for a word, giving or refusing it, and whether a launch may go ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from dure.campaigns import events as campaign_events
from dure.campaigns import store as campaigns
from dure.campaigns.approval import events, rules, store
from dure.campaigns.approval.fingerprint import fingerprint, referred
from dure.campaigns.approval.headcount import Headcount
from dure.campaigns.approval.model import Approval, Concern, Concerns, Launched, Request
from dure.campaigns.gate import store as gate_store
from dure.campaigns.model import Campaign
from dure.experiments.api import Experiments
from dure.feed.api import append
from dure.governance.api import Principal, access, allowed
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import uuid7
from dure.segments.api import Segments
from dure.state import State, Tx

MOST_WORDS = 2_000
MOST_SHOWN = 20
_LATELY = timedelta(days=7)

_WHY_NOT = {
    "not_a_person": "Only a person approves, in their own name.",
    "own": "Nobody approves their own campaign here.",
    "own_and_large": "Nobody approves their own campaign that reaches so many people.",
}


@dataclass(frozen=True, slots=True)
class As:
    """A campaign as it is at a moment: its hash, and how many it may reach."""

    campaign: Campaign
    hash: str
    reach: int


class Approvals:
    """A second person's word. It is bound to a hash of the design and all it refers to, and lost at any change."""

    def __init__(
        self, state: State, clock: Clock, segments: Segments, experiments: Experiments, heads: Headcount
    ) -> None:
        self._state = state
        self._clock = clock
        self._segments = segments
        self._experiments = experiments
        self._heads = heads

    async def hash_of(self, principal: Principal, design: Mapping[str, Any]) -> str:
        return fingerprint(design, await referred(self._segments, self._experiments, principal, design))

    async def of(self, principal: Principal, id: str) -> Approval:
        """Where a campaign's approval stands, and whether the caller may give it."""
        access(principal, "campaigns:read")
        now = await self._as_it_is(principal, id)
        async with self._state.begin(principal.tenant) as tx:
            return await self._approval(tx, principal, now)

    async def waiting(self, principal: Principal) -> list[Request]:
        """What nobody has decided yet, oldest first."""
        access(principal, "campaigns:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.waiting(tx, principal.tenant.workspace)

    async def concerning(self, principal: Principal) -> Concerns:
        """What waits for the caller's own word, and what was said lately to what they asked for.

        Only what they may decide, as it is asked for: a campaign that changed since has lost its request.
        """
        access(principal, "campaigns:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            since = self._clock.now() - _LATELY
            answers = await store.answered(tx, workspace, principal.actor, since, MOST_SHOWN)
            answered = [Concern(one, (await self._found(tx, workspace, one.campaign)).design.name) for one in answers]
            open_ = await self._decidable(tx, principal)
        waiting = [
            Concern(asked, campaign.design.name) for asked, campaign in open_
            if await self.hash_of(principal, msgspec.to_builtins(campaign.design)) == asked.hash
        ]  # fmt: skip
        return Concerns(tuple(waiting), tuple(answered))

    async def submit(self, principal: Principal, id: str, note: str = "") -> Approval:
        """Asks for a word on the campaign as it is now; what was asked before is asked no more."""
        access(principal, "campaigns:write")
        now = await self._as_it_is(principal, id)
        made = Request(
            uuid7(),
            id,
            now.hash,
            now.reach,
            principal.actor,
            self._clock.now(),
            _words(note, "note"),
            "",
            "",
            None,
            "",
            msgspec.to_builtins(now.campaign.design),
        )
        async with self._state.begin(principal.tenant) as tx:
            await store.add(tx, principal.tenant.workspace, made)
            await self._tell(tx, principal, events.SUBMITTED, now.campaign, made, {"note": made.note})
            return await self._approval(tx, principal, now)

    async def decide(self, principal: Principal, request: str, hash: str, approve: bool, comment: str = "") -> Approval:
        """Approves or refuses what was asked; a Conflict where `hash`, which the caller saw, is not it any more."""
        access(principal, "campaigns:write")
        said, workspace = _words(comment, "comment"), principal.tenant.workspace
        if not approve and not said:
            raise Invalid("Say why it is refused.", field="comment")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.request(tx, workspace, _uuid(request))
        if found is None:
            raise NotFound("There is no such request.", field="request")
        now = await self._as_it_is(principal, found.campaign)
        async with self._state.begin(principal.tenant) as tx:
            asked = await store.request(tx, workspace, found.id)
            if asked is None or asked.decision:
                raise Conflict("This was decided already, or asked anew.", field="request")
            if approve and not now.hash == asked.hash == hash:
                raise Conflict("The campaign, or what it stands on, changed since this was asked.", field="hash")
            demand = (await gate_store.policy(tx, workspace)).approval
            why = rules.why_not(demand, principal, await self._authors(tx, workspace, now.campaign, asked), now.reach)
            if why and (approve or why == "not_a_person"):
                raise NotAllowed(_WHY_NOT[why], data={"why": why})
            decided = replace(
                asked, decision="approved" if approve else "refused", decided_by=principal.user,
                decided_at=self._clock.now(), comment=said, reach=now.reach,
            )  # fmt: skip
            await store.decide(tx, workspace, decided)
            told = {"comment": said, "asked_by": asked.asked_by}
            name = events.APPROVED if approve else events.REFUSED
            await self._tell(tx, principal, name, now.campaign, decided, told)
            return await self._approval(tx, principal, now)

    async def note_change_in(self, tx: Tx, principal: Principal, id: str) -> None:
        """Keeps who changed a campaign, within the act that does."""
        await store.note_change(tx, principal.tenant.workspace, id, principal.actor, self._clock.now())

    # -- launching --------------------------------------------------------------------------------------------------

    async def look_at(self, principal: Principal, campaign: Campaign) -> As:
        """The hash and the reach of a campaign that is about to be launched; asked before its transaction."""
        design = campaign.design
        made = await self.hash_of(principal, msgspec.to_builtins(design))
        return As(campaign, made, await self._heads.of(principal, design))

    async def require_in(self, tx: Tx, principal: Principal, campaign: Campaign, seen: As) -> None:
        """A Conflict where the workspace demands a word on this and nobody gave it; else the launch is noted.

        `campaign` is what the launch locked; `seen` must be of that same design.
        """
        workspace = principal.tenant.workspace
        if campaign.design != seen.campaign.design:
            raise Conflict("The campaign changed at this moment; look at it and launch it again.")
        demand = (await gate_store.policy(tx, workspace)).approval
        needed = rules.needed(demand, seen.reach)
        if needed:
            standing = rules.standing(True, await store.requests(tx, workspace, campaign.id), seen.hash)
            if standing != "approved":
                raise Conflict(
                    "A second person has to approve this campaign before it is launched.", field="approval",
                    data={"standing": standing, "reach": seen.reach, "above": demand.above},
                )  # fmt: skip
        made = Launched(campaign.id, seen.hash, needed, seen.reach, principal.actor, self._clock.now())
        await store.note_launched(tx, workspace, made)

    async def holds(self, tx: Tx, principal: Principal, campaign: Campaign) -> bool:
        """Whether what these people go through is what somebody agreed to, where the launch was bound to that.

        `campaign.design` is theirs: a text that changed since needs a word of its own, and only whoever came after the
        change waits for it.
        """
        workspace = principal.tenant.workspace
        launched = await store.launched(tx, workspace, campaign.id)
        if launched is None or not launched.bound:
            return True
        now_is = await self.hash_of(principal, msgspec.to_builtins(campaign.design))
        return now_is == launched.hash or now_is in await store.approved(tx, workspace, campaign.id)

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _as_it_is(self, principal: Principal, id: str) -> As:
        async with self._state.begin(principal.tenant) as tx:
            campaign = await self._found(tx, principal.tenant.workspace, id)
        return await self.look_at(principal, campaign)

    async def _approval(self, tx: Tx, principal: Principal, now: As) -> Approval:
        workspace = principal.tenant.workspace
        demand = (await gate_store.policy(tx, workspace)).approval
        requests = await store.requests(tx, workspace, now.campaign.id)
        needed = rules.needed(demand, now.reach)
        standing, why = rules.standing(needed, requests, now.hash), ""
        if standing == "asked":
            authors = await self._authors(tx, workspace, now.campaign, requests[0])
            why = rules.why_not(demand, principal, authors, now.reach)
        may = standing == "asked" and not why
        return Approval(standing, needed, now.hash, now.reach, may, why, tuple(requests))

    async def _found(self, tx: Tx, workspace: str, id: str) -> Campaign:
        found = await campaigns.campaign(tx, workspace, id)
        if found is None:
            raise NotFound("There is no such campaign.", field="campaign")
        return found

    async def _decidable(self, tx: Tx, principal: Principal) -> list[tuple[Request, Campaign]]:
        """What others asked for that the caller may decide, with its campaign."""
        if not allowed(principal, "campaigns:write"):
            return []
        workspace = principal.tenant.workspace
        demand, found = (await gate_store.policy(tx, workspace)).approval, list[tuple[Request, Campaign]]()
        for one in await store.undecided(tx, workspace, principal.actor, MOST_SHOWN):
            campaign = await self._found(tx, workspace, one.campaign)
            authors = await self._authors(tx, workspace, campaign, one)
            if not rules.why_not(demand, principal, authors, one.reach):
                found.append((one, campaign))
        return found

    async def _authors(self, tx: Tx, workspace: str, campaign: Campaign, request: Request) -> set[str]:
        """Whose own it is: who asked, who made it, and who changed it last."""
        changed_by = await store.changed_by(tx, workspace, campaign.id)
        return {one for one in (request.asked_by, campaign.created_by, changed_by) if one}

    async def _tell(
        self, tx: Tx, principal: Principal, name: str, campaign: Campaign, request: Request, more: dict[str, Any]
    ) -> None:
        told = {"hash": request.hash, "reach": request.reach, **more}
        await append(tx, campaign_events.campaign_event(principal, self._clock.now(), name, campaign, told))


def _words(text: str, field: str) -> str:
    if len(text) > MOST_WORDS:
        raise Invalid(f"At most {MOST_WORDS} characters.", field=field)
    return text.strip()


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is not an id.", field="request") from error
