"""Trials' entrance: a message of a campaign sent to chosen addresses as a chosen person's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import structlog

from dure.campaigns import events as campaign_events
from dure.campaigns import store as campaigns
from dure.campaigns.approval.headcount import Headcount
from dure.campaigns.design import Messaging
from dure.campaigns.gate import store as gate_store
from dure.campaigns.gate.rules import is_address
from dure.campaigns.model import Campaign, Item, Recipient
from dure.campaigns.plugs import (
    Accepted,
    Carrier,
    Content,
    Delivery,
    Directory,
    Parcel,
    Recommending,
    Refused,
    Unknown,
    Withheld,
    Writing,
)
from dure.campaigns.trials import events, store
from dure.campaigns.trials.model import State, Trial
from dure.campaigns.writing import Missing
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound, TooMany
from dure.kernel.ids import uuid7
from dure.kernel.seal import Seal
from dure.kernel.tenant import Tenant
from dure.state import State as Database
from dure.state import Tx

log = structlog.get_logger("campaigns")

AT_ONCE, AN_HOUR = 20, 100
MARK = {"ko": "[테스트] ", "en": "[Test] "}
HEADER = "X-Dure-Test"
_PHONE = re.compile(r"\+?[0-9][0-9\- ]{6,18}")
_PERSON = "person:"
_ABANDONED = timedelta(minutes=10)


class Trials:
    """Allowed before approval, because approving is what they are for; limited, and told in the feed."""

    def __init__(
        self, state: Database, clock: Clock, governance: Governance, directory: Directory, heads: Headcount, seal: Seal,
        carriers: Mapping[str, Carrier], writing: Writing, recommending: Recommending, out_url: str,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._directory = directory
        self._heads = heads
        self._seal = seal
        self._carriers = carriers
        self._writing = writing
        self._recommending = recommending
        self._out_url = out_url

    async def send(
        self, principal: Principal, id: str, node: str, to: Sequence[str], *, person: str = "", seeds: bool = False,
        language: str = "",
    ) -> list[Trial]:  # fmt: skip
        """One message node to each address, or to the workspace's seed list, written as `person`'s: else as that of
        somebody whom the campaign may reach. `person:ID` as an address means that person's own, as for pushes.
        """
        access(principal, "campaigns:write")
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            campaign = await _found(tx, workspace, id)
            if seeds:
                to = [*to, *(await gate_store.policy(tx, workspace)).seeds]
        found = campaign.design.by_id.get(node)
        if not isinstance(found, Messaging):
            raise Invalid("There is no message of that name in this campaign.", field="node")
        if language and language not in found.texts:
            raise Invalid("The message is not written in this language.", field="language")
        if not to or len(set(to)) > AT_ONCE:
            raise Invalid(f"A test goes to 1 to {AT_ONCE} addresses.", field="to")
        whose = _uuid(person) if person else await self._somebody(principal, campaign)
        async with self._state.begin(principal.tenant) as tx:
            wanted = sorted(set(to))
            addresses = [
                await self._address(tx, principal.tenant, found, one, f"to[{n}]") for n, one in enumerate(wanted)
            ]
            await self._refuse_suppressed(tx, workspace, addresses)
            if await store.count_since(tx, workspace, now - timedelta(hours=1)) + len(addresses) > AN_HOUR:
                raise TooMany(f"At most {AN_HOUR} tests an hour.", retry_after=600)
            made = [
                Trial(uuid7(), id, node, found.channel, "test", one, whose, principal.actor, now, "planned", language)
                for one in addresses
            ]
            await store.add(tx, principal.tenant.org, workspace, made)
            told = {"node": node, "channel": found.channel, "to": addresses, "person": str(whose or "")}
            await append(tx, campaign_events.campaign_event(principal, now, events.TESTED, campaign, told))
        while await self._drain(workspace):
            pass
        async with self._state.begin(principal.tenant) as tx:
            return await store.trials_by_id(tx, workspace, [one.id for one in made])

    async def listed(self, principal: Principal, id: str) -> list[Trial]:
        """A campaign's tests and seeds, newest first."""
        access(principal, "campaigns:read")
        async with self._state.begin(principal.tenant) as tx:
            await _found(tx, principal.tenant.workspace, id)
            return await store.trials(tx, principal.tenant.workspace, id)

    async def seed_in(self, tx: Tx, principal: Principal, campaign: Campaign) -> int:
        """Within a launch: the seed list gets every e-mail in each of its languages; they leave by the next tick."""
        seeds = (await gate_store.policy(tx, principal.tenant.workspace)).seeds
        letters = [node for node in campaign.design.messages if node.channel == "email"]
        now = self._clock.now()
        made = [
            Trial(uuid7(), campaign.id, node.id, "email", "seed", seed, None, principal.actor, now, "planned", language)
            for node in letters
            for language in sorted(node.texts)
            for seed in seeds
        ]
        if made:
            await store.add(tx, principal.tenant.org, principal.tenant.workspace, made)
        return len(made)

    async def tick(self) -> None:
        """Sends what is planned; for the server's own loop."""
        async with self._state.begin_system() as tx:
            await store.abandon(tx, self._clock.now() - _ABANDONED)
        while await self._drain(None):
            pass

    # -- sending ----------------------------------------------------------------------------------------------------

    async def _drain(self, workspace: str | None) -> int:
        async with self._state.begin_system() as tx:
            claimed = await store.claim(tx, AT_ONCE, workspace)
        for org, place, trial in claimed:
            tenant = Tenant(org, place)
            state, detail, subject, language = await self._carry(tenant, trial)
            async with self._state.begin(tenant) as tx:
                await store.note(tx, place, trial.id, state, detail[:500], subject, language)
        return len(claimed)

    async def _carry(self, tenant: Tenant, trial: Trial) -> tuple[State, str, str, str]:
        """What became of it, why, under which subject and in which language."""
        carrier = self._carriers.get(trial.channel)
        if carrier is None:
            return "failed", f"There is no way out by {trial.channel} here.", "", ""
        principal = self._governance.system(tenant, "trials")
        language = (await self._governance.workspace(tenant)).language
        async with self._state.begin(tenant) as tx:
            campaign = await _found(tx, tenant.workspace, trial.campaign)
        node = campaign.design.by_id.get(trial.node)
        if not isinstance(node, Messaging):
            return "failed", "The message is no longer in the campaign.", "", ""
        whose = trial.person or await self._somebody(principal, campaign)
        now, items = self._clock.now(), tuple[Item, ...]()
        async with self._state.begin(tenant) as tx:
            known = (await self._directory.known(tx, tenant, [whose])).get(whose) if whose else None
            if known is None:
                return "failed", "Nothing is known of the person as whom it is written.", "", ""
            traits = {**known.traits, "language": trial.language} if trial.language else known.traits
            to = Recipient(known.id, known.distinct_ids[0] if known.distinct_ids else "", traits)
            if node.items is not None:
                found = await self._recommending.items_for(tx, tenant, [to], node.items, now)
                items = tuple(found.get(to.person, ()))
        try:
            content = self._writing.compose(campaign, node, to, items, language=language, out_url=self._out_url)
        except Missing as error:
            return "failed", error.message, "", ""
        content = marked(content, trial.address)
        parcel = Parcel(str(trial.id), trial.address, content, {HEADER: trial.kind}, to.person, "")
        try:
            delivery: Delivery = await carrier.carry(tenant, parcel)
        except Exception as error:
            # A carrier answers; one that raises may have handed it over.
            log.exception("campaigns.carrier_raised", trial=str(trial.id))
            delivery = Unknown(f"{type(error).__name__}: {error}"[:300])
        if isinstance(delivery, Accepted):
            return "sent", delivery.reference, content.title, content.language
        if isinstance(delivery, Refused | Withheld):
            return "failed", delivery.message, content.title, content.language
        return "unknown", delivery.message, content.title, content.language

    async def _address(self, tx: Tx, tenant: Tenant, node: Messaging, to: str, field: str) -> str:
        if to.startswith(_PERSON):
            who = _uuid(to.removeprefix(_PERSON), field)
            known = (await self._directory.known(tx, tenant, [who])).get(who)
            carrier = self._carriers.get(node.channel)
            if known is None or carrier is None:
                raise NotFound("Nothing is known of this person.", field=field)
            address = carrier.address(Recipient(known.id, next(iter(known.distinct_ids), ""), known.traits))
            if not address:
                raise Invalid("This person is not reached this way.", field=field)
            return address
        if node.channel == "email" and not is_address(to):
            raise Invalid(f"{to!r} is not an e-mail address.", field=field)
        if node.channel == "sms" and not _PHONE.fullmatch(to):
            raise Invalid(f"{to!r} is not a telephone number.", field=field)
        if node.channel not in ("email", "sms", "post"):
            raise Invalid("Name somebody whose own device gets it: `person:ID`.", field=field)
        return to

    async def _refuse_suppressed(self, tx: Tx, workspace: str, addresses: Sequence[str]) -> None:
        dead = await gate_store.suppressed(tx, workspace, {one.lower() for one in addresses}, self._seal)
        for n, one in enumerate(addresses):
            if one.lower() in dead:
                raise Invalid(f"{one} is suppressed ({dead[one.lower()]}).", field=f"to[{n}]")

    async def _somebody(self, principal: Principal, campaign: Campaign) -> UUID | None:
        """Whom the campaign may reach, of whom something is known."""
        some = await self._heads.some(principal, campaign.design, 50)
        async with self._state.begin(principal.tenant) as tx:
            known = await self._directory.known(tx, principal.tenant, some)
        return next((one for one in some if one in known), None)


def marked(content: Content, address: str) -> Content:
    """Says in the message itself that it is a test; a post goes to the channel that was named."""
    if content.channel == "post":
        content = replace(content, more={**content.more, "to": address})
    mark = MARK.get(content.language, MARK["en"])
    if content.title:
        return replace(content, title=mark + content.title)
    return replace(content, text=mark + content.text) if content.channel in ("sms", "post") else content


async def _found(tx: Tx, workspace: str, id: str) -> Campaign:
    found = await campaigns.campaign(tx, workspace, id)
    if found is None:
        raise NotFound("There is no such campaign.", field="campaign")
    return found


def _uuid(text: str, field: str = "person") -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is not an id.", field=field) from error
