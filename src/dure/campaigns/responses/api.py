"""Responses' entrance: each thing that comes back for a message is noted once and told once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

from dure.campaigns import events
from dure.campaigns import store as campaign_store
from dure.campaigns.responses import store
from dure.campaigns.responses.tickets import Tickets
from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.state import State

MOST = 1_000
Kind = Literal["bounce", "complaint", "delivered"]
Told = Literal["opened", "clicked", "dismissed"]
TOLD: tuple[Told, ...] = get_args(Told)
_EVENTS = {
    "opened": events.OPENED, "clicked": events.CLICKED, "dismissed": events.DISMISSED, "bounce": events.BOUNCED,
    "complaint": events.COMPLAINED, "delivered": events.DELIVERED,
}  # fmt: skip
_ID = re.compile(r"<?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:@[^>\s]+)?>?")


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a provider says of a message: its id, or the Message-ID it went out with. `permanent` is for bounces."""

    message: UUID
    kind: Kind
    permanent: bool = False
    detail: str = ""


class Responses:
    def __init__(self, state: State, clock: Clock, governance: Governance, tickets: Tickets) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._tickets = tickets

    async def opened(self, ticket: str) -> None:
        """A letter's picture was fetched: at its first opening, or by a program that fetches pictures for people."""
        read = self._tickets.read("open", ticket)
        if read is not None:
            await self._note(read.tenant, read.message, "opened")

    async def clicked(self, ticket: str) -> str | None:
        """Where a message's link leads; None for a ticket that was not made here."""
        read = self._tickets.read("click", ticket)
        if read is None or not read.url:
            return None
        await self._note(read.tenant, read.message, "clicked", read.url)
        return read.url

    async def told(self, tenant: Tenant, message: str, what: Told) -> None:
        """An app or a site says what became of a push. NotFound for a message that is not the workspace's."""
        if not await self._note(tenant, message_id(message, "message"), what):
            raise NotFound("There is no such message.", field="message")

    async def feedback(self, principal: Principal, given: Sequence[Feedback]) -> list[UUID]:
        """A provider's words, at most 1,000 at a time; returns the messages that are not known here.

        A permanent bounce and a complaint suppress the address; a complaint is a no to that channel as well.
        """
        access(principal, "campaigns:write")
        if len(given) > MOST:
            raise Invalid(f"At most {MOST:,} at a time.", field="feedback")
        tenant, now = principal.tenant, self._clock.now()
        async with self._state.begin(tenant) as tx:
            known = await store.messages(tx, tenant.workspace, {one.message for one in given})
            ours = {(one.message, one.kind, ""): one for one in given if one.message in known}
            fresh = await store.add(tx, tenant.workspace, list(ours), now)
            told: list[Event] = []
            for key in (key for key in ours if key in fresh):
                one, row = ours[key], known[key[0]]
                dead = one.kind == "complaint" or (one.kind == "bounce" and one.permanent)
                if dead and row["channel"] in ("email", "sms"):
                    reason = "complained" if one.kind == "complaint" else "bounced"
                    await campaign_store.suppress(tx, tenant.workspace, row["address"], reason, now)
                if one.kind == "complaint":
                    await campaign_store.set_consent(
                        tx, tenant.workspace, row["person"], False, "complaint", now, channel=row["channel"]
                    )
                more = {"permanent": one.permanent} if one.kind == "bounce" else {}
                told.append(self._event(principal, row, one.kind, {**more, "detail": one.detail[:300]}))
            await append(tx, *told)
        return [one.message for one in given if one.message not in known]

    async def counts(self, principal: Principal, campaign: str) -> dict[str, int]:
        """How many of a campaign's messages were opened, clicked, bounced, complained about, delivered."""
        access(principal, "campaigns:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.counts(tx, principal.tenant.workspace, campaign)

    async def _note(self, tenant: Tenant, message: UUID, kind: str, link: str = "") -> bool:
        """False where there is no such message (any more)."""
        now = self._clock.now()
        async with self._state.begin(tenant) as tx:
            row = (await store.messages(tx, tenant.workspace, [message])).get(message)
            if row is None:
                return False
            if await store.add(tx, tenant.workspace, [(message, kind, link)], now):
                principal = self._governance.system(tenant, "responses")
                await append(tx, self._event(principal, row, kind, {"url": link} if link else {}))
        return True

    def _event(self, principal: Principal, row: dict[str, Any], kind: str, more: dict[str, Any]) -> Event:
        told = {
            "campaign": row["campaign"], "node": row["node"], "message": str(row["id"]), "channel": row["channel"],
            **more,
        }  # fmt: skip
        return events.workspace_event(
            principal, self._clock.now(), _EVENTS[kind], "campaign", row["campaign"], told, row["person"],
            row["distinct_id"],
        )  # fmt: skip


def message_id(text: object, field: str) -> UUID:
    """A message's id, given as it is or as the Message-ID of its letter."""
    found = _ID.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise Invalid("`message` is a message's id, or the Message-ID of its letter.", field=field)
    return UUID(found[1])


def read_feedback(raw: object) -> list[Feedback]:
    """Feedback out of decoded JSON: a list of `{message, kind, permanent?, detail?}`; Invalid names the field."""
    if not isinstance(raw, list):
        raise Invalid("Send a list of `{message, kind, permanent}`.", field="feedback")
    made = []
    for index, one in enumerate(raw):
        if not isinstance(one, dict) or one.get("kind") not in get_args(Kind):
            raise Invalid("`kind` is bounce, complaint or delivered.", field=f"feedback[{index}].kind")
        permanent = one.get("permanent", False)
        if not isinstance(permanent, bool):
            raise Invalid("`permanent` is true or false.", field=f"feedback[{index}].permanent")
        message = message_id(one.get("message"), f"feedback[{index}].message")
        made.append(Feedback(message, one["kind"], permanent, str(one.get("detail") or "").replace("\0", "")))
    return made
