"""One letter: everything is asked again, the claim is committed, and only then is it handed to the mail server.

At most once: a message is handed over by the one transaction that turned it from waiting to claimed. Whoever finds it
claimed later cannot know what became of it, says `unknown`, and never sends it again.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from dure.campaigns import events, store
from dure.campaigns.letter import compose
from dure.campaigns.model import Campaign, Item, Letter, Message, Reason, Recipient, State
from dure.campaigns.plugs import Accepted, Delivery, Directory, Mailer, Refused
from dure.campaigns.recommending.store import items
from dure.campaigns.rules import CAP_HOURS, may_get
from dure.campaigns.template import Missing
from dure.feed.api import append
from dure.governance.api import Governance, Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound
from dure.kernel.seal import Seal
from dure.state import State as Database
from dure.state import Tx


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter whose claim is committed."""

    campaign: Campaign
    message: Message
    distinct_id: str
    letter: Letter
    items: tuple[Item, ...]


@dataclass
class Sending:
    """Takes waiting messages out of the house."""

    state: Database
    clock: Clock
    governance: Governance
    directory: Directory
    mailer: Mailer
    sender: str
    site: str
    seal: Seal

    async def send(self, principal: Principal, message_id: UUID) -> Message:
        """Sends a waiting message and says what became of it; any other message stays as it is."""
        ready = await self._claim(principal, message_id)
        if ready is not None:
            delivery = await self.mailer.send(ready.letter, f"{principal.tenant.workspace}:{message_id}")
            await self._note(principal, ready, delivery)
        async with self.state.begin(principal.tenant) as tx:
            return await _found(tx, principal, message_id)

    async def _claim(self, principal: Principal, message_id: UUID) -> Ready | None:
        tenant, now = principal.tenant, self.clock.now()
        language = (await self.governance.workspace(tenant)).language
        async with self.state.begin(tenant) as tx:
            message = await _found(tx, principal, message_id, lock=True)
            campaign = await store.campaign(tx, tenant.workspace, message.campaign)
            if campaign is None or message.state not in (State.WAITING, State.CLAIMED):
                return None
            if message.state is State.CLAIMED:
                await self._end(tx, principal, campaign, message, State.UNKNOWN, Reason.CRASHED, "")
                return None
            await store.lock_person(tx, tenant.workspace, message.person)
            to, reason = await self._asked_again(tx, principal, campaign, message)
            if to is None or reason is not None:
                await self._end(tx, principal, campaign, message, State.SKIPPED, reason or Reason.NO_ADDRESS, "")
                return None
            catalogue = await items(tx, tenant.workspace, message.items)
            told = tuple(catalogue[item] for item in message.items if item in catalogue)
            secret = secrets.token_urlsafe(18)
            try:
                letter = compose(
                    campaign.design, to, told, sender=self.sender, out_url=f"{self.site}/u/{secret}", language=language
                )
            except Missing as error:
                await self._end(tx, principal, campaign, message, State.FAILED, Reason.MISSING_VALUE, error.message)
                return None
            await store.add_way_out(tx, tenant.org, tenant.workspace, digest(secret), message_id)
            await store.set_message(tx, tenant.workspace, message_id, State.CLAIMED, now, subject=letter.subject)
        return Ready(campaign, message, to.distinct_id, letter, told)

    async def _asked_again(
        self, tx: Tx, principal: Principal, campaign: Campaign, message: Message
    ) -> tuple[Recipient | None, Reason | None]:
        """Consent, suppression, cap and the stop switch as they are at this moment, not as they were at entering."""
        tenant = principal.tenant
        if campaign.status != "live":
            return None, Reason.STOPPED
        known = (await self.directory.known(tx, tenant, [message.person])).get(message.person)
        if known is None:
            return None, Reason.NO_ADDRESS
        to = Recipient(known.id, known.distinct_ids[0] if known.distinct_ids else "", known.traits)
        since = self.clock.now() - timedelta(hours=CAP_HOURS)
        return to, may_get(
            to,
            consent=(await store.consents(tx, tenant.workspace, [to.person])).get(to.person),
            suppressed=bool(await store.suppressed(tx, tenant.workspace, [to.address.lower()], self.seal)),
            capped=bool(await store.capped(tx, tenant.workspace, [to.person, message.person], since, message.id)),
        )

    async def _note(self, principal: Principal, ready: Ready, delivery: Delivery) -> None:
        async with self.state.begin(principal.tenant) as tx:
            if isinstance(delivery, Accepted):
                now = self.clock.now()
                await store.set_message(
                    tx, principal.tenant.workspace, ready.message.id, State.SENT, now, detail=delivery.reference
                )
                told = {
                    "message": str(ready.message.id), "subject": ready.letter.subject,
                    "items": [item.id for item in ready.items],
                    "genre": ready.items[0].genre if ready.items else "",
                    "latency_ms": round((now - ready.message.entered_at).total_seconds() * 1000),
                }  # fmt: skip
                await append(
                    tx,
                    events.campaign_event(
                        principal, now, events.SENT, ready.campaign, told, ready.message.person, ready.distinct_id
                    ),
                )
            elif isinstance(delivery, Refused):
                if delivery.permanent:
                    await store.suppress(
                        tx, principal.tenant.workspace, ready.letter.to, "bounced", self.clock.now()
                    )  # fmt: skip
                reason = Reason.REFUSED if delivery.reached else Reason.UNREACHABLE
                await self._end(tx, principal, ready.campaign, ready.message, State.FAILED, reason, delivery.message)
            else:
                await self._end(
                    tx, principal, ready.campaign, ready.message, State.UNKNOWN, Reason.NO_ANSWER, delivery.message
                )

    async def _end(
        self, tx: Tx, principal: Principal, campaign: Campaign, message: Message, state: State, reason: Reason,
        detail: str,
    ) -> None:  # fmt: skip
        now = self.clock.now()
        await store.set_message(
            tx, principal.tenant.workspace, message.id, state, now, reason=reason.value, detail=detail
        )
        name = events.SKIPPED if state is State.SKIPPED else events.FAILED
        told = {"message": str(message.id), "reason": reason.value, "detail": detail, "state": state.value}
        await append(tx, events.campaign_event(principal, now, name, campaign, told, message.person))


def digest(secret: str) -> bytes:
    """What is kept of a way out's secret."""
    return hashlib.sha256(secret.encode()).digest()


async def _found(tx: Tx, principal: Principal, id: UUID, *, lock: bool = False) -> Message:
    message = await store.message(tx, principal.tenant.workspace, id, lock=lock)
    if message is None:
        raise NotFound("There is no such message.", field="message")
    return message
