"""Customers' channels: linked, taken apart again, and how they stand for whoever looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from dure.automation.plugs import Lookup
from dure.channels import events
from dure.channels.api import Channels, Conversation
from dure.channels.customer import store
from dure.channels.customer.model import TOPICS, Exchanged, Link, Place, Question, Seated
from dure.channels.customer.rules import EXCERPT, open_questions
from dure.channels.events import channel_event
from dure.channels.model import ts_at
from dure.channels.refusals import RestrictedAction, WrongKind
from dure.channels.responding.report import ResponseRow
from dure.channels.responding.rules import state_at
from dure.channels.retention.model import Since
from dure.channels.rules import clean
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role, User, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

__all__ = ["TOPICS", "CustomerRooms", "Exchanged", "Link", "Place", "Question", "Seated", "Standing"]

# What was asked longer ago is no open question any more, and nobody is counted by it.
REACH = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Standing:
    """Customers' channels and what waits in them."""

    places: tuple[Place, ...]
    questions: tuple[Question, ...]


class CustomerRooms:
    """`accounts` says what is known of sales' accounts by id; which they are is all that channels ask."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, channels: Channels, accounts: Lookup
    ) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels
        self.accounts = accounts

    # -- linking ----------------------------------------------------------------------------------------------------

    async def link(self, principal: Principal, channel: str, account: str, topic: str = "general") -> Link:
        """Says whose channel it is for the caller's side, and what it is about. Nobody else is told."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.link_in(tx, principal, channel, account, topic)

    async def link_in(self, tx: Tx, principal: Principal, channel: str, account: str, topic: str = "general") -> Link:
        """`link` within a transaction."""
        access(principal, "channels:write")
        if topic not in TOPICS:
            raise Invalid(f"`topic` is one of {', '.join(TOPICS)}.", field="topic")
        found = await self._own(tx, principal, channel)
        known = await self.accounts(tx, principal.tenant, [str(clean(account))])
        if account not in known:
            raise Invalid("There is no such account.", field="account")
        user = (await self._channels.author(tx, principal)).user
        whose = str(known[account].get("account", account))
        before = await store.of(tx, principal.tenant.workspace, found.id)
        if before is not None and (before.account, before.topic) == (whose, topic):
            return before
        made = Link(found.id, whose, topic, user, self._clock.now())
        await store.link(tx, principal.tenant.workspace, made)
        await self._tell(tx, principal, found, events.CUSTOMER_LINKED, {"account": whose, "topic": topic, "by": user})
        return made

    async def unlink(self, principal: Principal, channel: str) -> None:
        """The channel is no customer's any more. Raises NotFound where it was none."""
        access(principal, "channels:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._own(tx, principal, channel)
            before = await store.of(tx, principal.tenant.workspace, found.id)
            if before is None or not await store.unlink(tx, principal.tenant.workspace, found.id):
                raise NotFound("This channel belongs to no customer.", field="channel")
            told = {"account": before.account, "topic": before.topic, "by": principal.user}
            await self._tell(tx, principal, found, events.CUSTOMER_UNLINKED, told)

    async def of(self, principal: Principal, channel: str) -> tuple[Link, dict[str, Any]] | None:
        """Whose channel it is on the caller's side, with what is known of the account; None for none and for guests."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._channels.see(tx, principal, channel)
            if principal.role is Role.GUEST:
                return None
            link = await store.of(tx, principal.tenant.workspace, found.id)
            if link is None:
                return None
            known = await self.accounts(tx, principal.tenant, [link.account])
        return link, dict(known.get(link.account, {}))

    async def links_in(self, tx: Tx, tenant: Tenant, after: str, limit: int) -> list[tuple[str, str]]:
        """(channel, account) of the workspace's linked channels, those after one."""
        return await store.links(tx, tenant.workspace, after, limit)

    # -- looking ----------------------------------------------------------------------------------------------------

    async def standing(self, principal: Principal, accounts: Sequence[str] | None = None) -> Standing:
        """The linked channels that the caller is in (who administers sees open ones too), and what waits in them."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self.standing_in(tx, principal, accounts)

    async def standing_in(self, tx: Tx, principal: Principal, accounts: Sequence[str] | None = None) -> Standing:
        """`standing` within a transaction."""
        if principal.role is Role.GUEST:
            raise RestrictedAction("Guests do not see whose channels are whose.")
        tenant, user = principal.tenant, (await self._channels.author(tx, principal)).user
        guests = await self.guests_in(tx, tenant)
        places = await store.places(
            tx, tenant.workspace, tenant.org, user, of=accounts, guests=guests,
            open_too=principal.role in (Role.OWNER, Role.ADMIN), everything=principal.kind == "system",
        )  # fmt: skip
        shown = [one.channel for one in places]
        if not shown:
            return Standing((), ())
        since = ts_at(self._clock.now() - REACH)
        seen = await self._channels.keeping.since_in(tx, shown)
        touches = await store.touches(tx, tenant.org, user, shown, guests, since, seen)
        places = [
            replace(one, unread=touches[one.channel][0] if one.member else 0, touched=touches[one.channel][1])
            for one in places
        ]
        outside = [one for one in places if one.outside and one.home and not one.archived]
        untimed = [one.channel for one in outside if one.minutes is None]
        waiting = await store.waiting(tx, tenant.org, untimed, guests, since, seen) if untimed else []
        clocked = [one.channel for one in outside if one.minutes is not None]
        timed = await self._timed(tx, tenant, clocked, guests, seen)
        asked = sorted([*open_questions(waiting), *timed], key=lambda one: one.asked)
        return Standing(tuple(places), tuple(asked))

    async def guests_in(self, tx: Tx, tenant: Tenant) -> list[str]:
        """People of the workspace who are guests: they stand outside like another organisation's."""
        users = await self._governance.users_in(tx, tenant)
        return [user.id for user in users if user.role is Role.GUEST and not user.deleted]

    async def answers_in(self, tx: Tx, principal: Principal, channels: Sequence[str], days: int) -> list[ResponseRow]:
        """How questions of the last days were answered, by channel: the rows of the response report."""
        if not channels:
            return []
        return (await self._channels.waits.last_days_in(tx, principal, days, channels=channels))[2]

    async def said_in(self, tx: Tx, tenant: Tenant, channels: Sequence[str], limit: int) -> list[Question]:
        """What people from outside said lately, the newest first, answered or not."""
        guests, since = await self.guests_in(tx, tenant), ts_at(self._clock.now() - REACH)
        seen = await self._channels.keeping.since_in(tx, channels)
        return await store.said(tx, tenant.org, channels, guests, since, limit, seen)

    async def files_in(self, tx: Tx, tenant: Tenant, channels: Sequence[str], limit: int = 20) -> list[Exchanged]:
        guests, seen = await self.guests_in(tx, tenant), await self._channels.keeping.since_in(tx, channels)
        return await store.files(tx, tenant.org, channels, guests, limit, seen)

    async def seated_in(self, tx: Tx, tenant: Tenant, channels: Sequence[str]) -> list[tuple[Seated, User]]:
        """Everybody in these channels who still has a seat, of every side; bots are not people."""
        found = await store.seated(tx, channels, ts_at(self._clock.now() - REACH))
        users: dict[str, User] = {}
        for workspace in dict.fromkeys(one.workspace for one in found):
            known = await self._governance.users_in(
                tx, Tenant("", workspace) if workspace != tenant.workspace else tenant
            )
            users |= {user.id: user for user in known if not user.is_bot and not user.deleted}
        return [(one, users[one.user]) for one in found if one.user in users]

    # -- within -----------------------------------------------------------------------------------------------------

    async def _timed(
        self, tx: Tx, tenant: Tenant, channels: Sequence[str], guests: Sequence[str], seen: Mapping[str, Since]
    ) -> list[Question]:
        """What waits where an answer is promised: the running response clocks, as the response report counts them."""
        clocks, now = await self._channels.waiting_in(tx, tenant, channels) if channels else [], self._clock.now()
        if not clocks:
            return []
        behind = await store.behind(tx, tenant.org, clocks, guests, seen)
        return [
            Question(one.channel, one.thread, one.asked, one.asked_by, behind.get(one.id, ("", 1))[0][:EXCERPT],
                     behind.get(one.id, ("", 1))[1], state_at(one, now), one.due_at)
            for one in clocks
        ]  # fmt: skip

    async def _own(self, tx: Tx, principal: Principal, channel: str) -> Conversation:
        if principal.role is Role.GUEST:
            raise RestrictedAction("A guest cannot say whose channel it is.")
        found = await self._channels.see(tx, principal, channel, lock=True)
        if found.kind != "channel":
            raise WrongKind(field="channel")
        if not found.is_member and principal.role not in (Role.OWNER, Role.ADMIN) and principal.kind == "user":
            raise RestrictedAction("Only who is in the channel says whose it is.")
        return found

    async def _tell(self, tx: Tx, principal: Principal, found: Conversation, name: str, told: dict[str, Any]) -> None:
        """On the caller's own feed only: whose customer one is, is not the customer's business."""
        await append(tx, channel_event(principal, self._clock, found, found.side, name, told))
