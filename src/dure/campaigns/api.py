"""Campaigns' entrance: making and launching them, who enters, what is sent, how it went, what to recommend."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec

from dure.automation.api import Automation
from dure.automation.model import Definition
from dure.campaigns import events, store
from dure.campaigns.dry_run import dry_run
from dure.campaigns.entering import Arrival, Entering
from dure.campaigns.letter import compose
from dure.campaigns.model import (
    Campaign,
    Counts,
    Design,
    DryRun,
    Letter,
    Message,
    Recipient,
    Result,
)
from dure.campaigns.plugs import Directory, Mailer
from dure.campaigns.recommending.api import Recommending
from dure.campaigns.results import result_of
from dure.campaigns.rules import as_automation, read_design
from dure.campaigns.sending import Sending, digest
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.seal import Seal
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.api import Rule, Segments
from dure.state import State, Tx

__all__ = ["Campaign", "Campaigns", "Counts", "Design", "DryRun", "Message", "Result"]

READ, WRITE = "campaigns:read", "campaigns:write"


class Campaigns:
    """What marketing sends, and to whom it does not. `sender` is the From line, `site` Dure's own address outside."""

    def __init__(
        self, state: State, log: Log, clock: Clock, governance: Governance, segments: Segments, directory: Directory,
        automation: Automation, mailer: Mailer, *, sender: str, site: str, seal: Seal | None = None,
        patience: float = 0.0,
    ) -> None:  # fmt: skip
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self._segments = segments
        self._directory = directory
        self._automation = automation
        self._sender = sender
        self._site = site.rstrip("/")
        # Without the installation's key no address of an erased person is known again.
        self._seal = seal or Seal(secrets.token_bytes(32))
        self.recommending = Recommending(state, log, clock, segments, directory, patience=patience)
        self._entering = Entering(log, segments, directory, self.recommending, self._seal)
        self._sending = Sending(state, clock, governance, directory, mailer, sender, self._site, self._seal)

    # -- designs ----------------------------------------------------------------------------------------------------

    async def campaigns(self, principal: Principal) -> list[tuple[Campaign, Counts]]:
        """Every campaign with its counts, newest first."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            counts = await store.counts(tx, principal.tenant.workspace)
            found = await store.campaigns(tx, principal.tenant.workspace)
        return [(each, counts.get(each.id, Counts(0, {}, {}))) for each in found]

    async def campaign(self, principal: Principal, id: str) -> tuple[Campaign, Counts]:
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            found = await _found(tx, principal, id)
            return found, (await store.counts(tx, principal.tenant.workspace)).get(id, Counts(0, {}, {}))

    async def words(self, principal: Principal, rules: Sequence[Rule]) -> list[dict[str, str]]:
        """Audience rules in words, `ko` and `en`."""
        access(principal, READ)
        return await self._segments.words(principal, rules)

    async def create(self, principal: Principal, design: object) -> Campaign:
        """A draft. `design` is a Design or its JSON; Invalid names the field."""
        access(principal, WRITE)
        made = Campaign(str(uuid7()), _design(design), "draft", "", principal.actor, self._clock.now(), None)
        async with self._state.begin(principal.tenant) as tx:
            await store.add_campaign(tx, principal.tenant.org, principal.tenant.workspace, made)
            await append(tx, events.campaign_event(principal, self._clock.now(), events.CREATED, made))
        return made

    async def change(self, principal: Principal, id: str, design: object) -> Campaign:
        """Changes a draft or a stopped campaign. Of a live one only the texts: the rest would spoil its result."""
        access(principal, WRITE)
        new = _design(design)
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id, lock=True)
            if before.launched_at is not None:
                only_words = msgspec.structs.replace(before.design, texts=new.texts, name=new.name)
                if only_words != new:
                    raise Conflict("After its launch only a campaign's name and texts change; make another one.")
            after = replace(before, design=new)
            await store.save_campaign(tx, principal.tenant.workspace, after)
            await append(tx, events.campaign_event(principal, self._clock.now(), events.CHANGED, after))
        return after

    async def launch(self, principal: Principal, id: str) -> Campaign:
        """Switches a campaign on: its automation is made, or goes on where it was stopped."""
        access(principal, WRITE)
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id, lock=True)
            if before.status == "live":
                return before
            automation = before.automation
            if not automation:
                text = msgspec.convert(as_automation(before), Definition)
                name = before.design.name
                automation = await self._automation.create_in(
                    tx, principal, name.get("ko") or next(iter(name.values())), text, enabled=True
                )
            after = replace(before, status="live", automation=automation, launched_at=before.launched_at or now)
            await store.save_campaign(tx, principal.tenant.workspace, after)
            await append(tx, events.campaign_event(principal, now, events.LAUNCHED, after))
        if before.automation:
            await self._automation.switch(principal, automation, True)
        return after

    async def stop(self, principal: Principal, id: str) -> Campaign:
        """Nothing more goes out from this moment, also to those who are on their way."""
        access(principal, WRITE)
        async with self._state.begin(principal.tenant) as tx:
            before = await _found(tx, principal, id, lock=True)
            if before.status != "live":
                return before
            after = replace(before, status="stopped")
            await store.save_campaign(tx, principal.tenant.workspace, after)
            await append(tx, events.campaign_event(principal, self._clock.now(), events.STOPPED, after))
        await self._automation.switch(principal, before.automation, False)
        return after

    # -- people on their way ----------------------------------------------------------------------------------------

    async def enter_in(self, tx: Tx, principal: Principal, id: str, arrivals: Sequence[Arrival]) -> dict[UUID, Message]:
        """People enter, in sets; returns each arrival's message. Entering twice changes nothing."""
        access(principal, WRITE)
        campaign = await _found(tx, principal, id)
        if campaign.status != "live":
            raise Conflict("The campaign is not live.")
        ids = await self._entering.enter(tx, principal, campaign, arrivals, self._clock.now())
        messages = await store.messages_of(tx, principal.tenant.workspace, set(ids.values()))
        return {person: messages[message] for person, message in ids.items()}

    async def send(self, principal: Principal, message: str) -> Message:
        """Sends a waiting message, at most once ever; returns what became of it."""
        access(principal, WRITE)
        return await self._sending.send(principal, _uuid(message, "message"))

    async def messages(
        self, principal: Principal, id: str, *, state: str | None = None, before: datetime | None = None,
        limit: int = 100,
    ) -> list[Message]:  # fmt: skip
        """What became of each, newest first."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            await _found(tx, principal, id)
            return await store.messages(tx, principal.tenant.workspace, id, state, before, min(limit, 1000))

    async def names(self, principal: Principal, people: Collection[UUID]) -> dict[UUID, str]:
        """What people are called, of those who said."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            known = await self._directory.known(tx, principal.tenant, people)
        return {asked: str(one.traits.get("name") or "") for asked, one in known.items()}

    async def result(self, principal: Principal, id: str) -> Result:
        """Both halves' return within the goal window."""
        access(principal, READ)
        async with self._state.begin(principal.tenant) as tx:
            campaign = await _found(tx, principal, id)
        return await result_of(self._log, principal.tenant, campaign, self._clock.now())

    # -- before launching -------------------------------------------------------------------------------------------

    async def dry_run(self, principal: Principal, id: str, limit: int = 200) -> DryRun:
        """Who would get what, and why others would not; nothing is sent or kept."""
        access(principal, READ)
        language = (await self._governance.workspace(principal.tenant)).language
        async with self._state.begin(principal.tenant) as tx:
            campaign = await _found(tx, principal, id)
            return await dry_run(
                tx, self._log, self._clock, self._segments, self._entering, principal, campaign, sender=self._sender,
                site=self._site, language=language, limit=max(1, min(limit, 2000)),
            )  # fmt: skip

    async def preview(self, principal: Principal, design: object, person: str) -> Letter:
        """The letter as one person would get it; `missing_value` where the text names what they do not have."""
        access(principal, READ)
        read, who = _design(design), _uuid(person, "person")
        language = (await self._governance.workspace(principal.tenant)).language
        async with self._state.begin(principal.tenant) as tx:
            known = (await self._directory.known(tx, principal.tenant, [who])).get(who)
        if known is None:
            raise NotFound("Nothing is known of this person.", field="person")
        to = Recipient(known.id, known.distinct_ids[0] if known.distinct_ids else "", known.traits)
        items = [each.item for each in await self.recommending.for_person(principal, str(who))]
        return compose(read, to, items, sender=self._sender, out_url=f"{self._site}/u/preview", language=language)

    # -- leaving the list -------------------------------------------------------------------------------------------

    async def set_consent(self, principal: Principal, person: str, allowed: bool, source: str = "staff") -> None:
        """What somebody said about e-mail. Yes also lifts the suppression of the address they have."""
        access(principal, WRITE)
        who, tenant = _uuid(person, "person"), principal.tenant
        async with self._state.begin(tenant) as tx:
            known = (await self._directory.known(tx, tenant, [who])).get(who)
            now_is = known.id if known else who
            await store.set_consent(tx, tenant.workspace, now_is, allowed, source, self._clock.now())
            if allowed and known is not None:
                await store.release(tx, tenant.workspace, Recipient(known.id, "", known.traits).address, self._seal)
            name = "Consent Given" if allowed else "Consent Withdrawn"
            told = {"channel": "email", "source": source}
            await append(
                tx,
                events.workspace_event(
                    principal, self._clock.now(), name, "person", str(now_is), told, now_is
                ),
            )  # fmt: skip

    async def unsubscribe(self, secret: str, by: str) -> str:
        """Leaves the list by a letter's secret, however often; returns the address. NotFound for an unknown secret."""
        async with self._state.begin_system() as tx:
            row = await store.way_out(tx, digest(secret))
        if row is None:
            raise NotFound("This link leads nowhere. Copy the whole address from the letter.")
        tenant, now = Tenant(row["org"], row["workspace"]), self._clock.now()
        principal = self._governance.system(tenant, "unsubscribe")
        async with self._state.begin(tenant) as tx:
            message = await store.message(tx, tenant.workspace, row["message"])
            if message is None:
                raise NotFound("This link leads nowhere.")
            await store.set_consent(tx, tenant.workspace, message.person, False, by, now)
            if await store.suppress(tx, tenant.workspace, message.address, "unsubscribed", now):
                campaign = await _found(tx, principal, message.campaign)
                await append(
                    tx, events.campaign_event(principal, now, events.UNSUBSCRIBED, campaign, {"by": by}, message.person)
                )
        return message.address

    async def has_way_out(self, secret: str) -> bool:
        """Whether a secret is some letter's."""
        async with self._state.begin_system() as tx:
            return await store.way_out(tx, digest(secret)) is not None


async def _found(tx: Tx, principal: Principal, id: str, *, lock: bool = False) -> Campaign:
    found = await store.campaign(tx, principal.tenant.workspace, id, lock=lock)
    if found is None:
        raise NotFound("There is no such campaign.", field="campaign")
    return found


def _design(design: object) -> Design:
    return read_design(msgspec.to_builtins(design) if isinstance(design, Design) else design)


def _uuid(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is not an id.", field=field) from error
