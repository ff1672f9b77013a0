"""Customers' entrance: the list, and one customer's page. Nothing is kept here; everything is asked at the moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from dure.channels.customer.api import TOPICS, Place
from dure.channels.model import ts_at
from dure.customers.gathering import Gathered, Sources, gather, may_look
from dure.customers.model import (
    TROUBLE,
    Asked,
    Customer,
    DealLine,
    Delivery,
    FileLine,
    MentionLine,
    Room,
    Row,
    Somebody,
    WeekCard,
)
from dure.customers.weekly import channels_in, numbers_in, told
from dure.governance.api import Principal, Role, allowed
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound
from dure.social.model import Look
from dure.state import State, Tx

__all__ = ["Customer", "Customers", "Row", "WeekCard"]

_DAYS = 90
_SHOWN = 50


class Customers:
    def __init__(self, state: State, clock: Clock, sources: Sources) -> None:
        self._state = state
        self._clock = clock
        self.sources = sources

    async def listed(self, principal: Principal) -> list[Row]:
        """Every customer, by name."""
        may_look(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await gather(self.sources, tx, principal)
        return sorted((_row(found, one) for one in found.accounts), key=lambda row: row.name.casefold())

    async def one(self, principal: Principal, account: str) -> Customer:
        """A customer's page. Raises NotFound for no such account."""
        may_look(principal)
        async with self._state.begin(principal.tenant) as tx:
            known = await self.sources.accounts(tx, principal.tenant, [account])
            if account not in known:
                raise NotFound("There is no such customer.", field="account")
            account = str(known[account].get("account", account))
            found = await gather(self.sources, tx, principal, account)
            return await self._page(tx, principal, found, account)

    async def week(self, principal: Principal, topic: str = "", audience: str = "both") -> list[WeekCard]:
        """The cards that a Monday's automation would post now, in the channels that the caller sees."""
        may_look(principal)
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            space = await self.sources.governance.workspace_in(tx, principal.tenant.workspace)
            cards = []
            for channel in await channels_in(self.sources, tx, principal, topic, audience):
                numbers, place = await numbers_in(self.sources, tx, principal, channel, now, 7)
                text, blocks = told(numbers, now, space.timezone)
                cards.append(WeekCard(channel, place.name, numbers.account, numbers.inner is not None, text, blocks))
        return cards

    async def _page(self, tx: Tx, principal: Principal, found: Gathered, account: str) -> Customer:
        places, questions = found.places.get(account, ()), found.questions.get(account, ())
        channels = [one.channel for one in places]
        names = {one.channel: one.name for one in places}
        rooms, tenant = self.sources.rooms, principal.tenant
        answers = {one.group: one for one in await rooms.answers_in(tx, principal, channels, _DAYS)}
        files = await rooms.files_in(tx, tenant, channels) if channels else []
        seated = await rooms.seated_in(tx, tenant, channels) if channels else []
        people = dict(found.users) | {user.id: user for _, user in seated}
        called = {user.id: user.display or user.name for user in people.values()}
        known, counts = found.accounts[account], Counter(one.channel for one in questions)
        late = Counter(one.channel for one in questions if one.late)
        shown = [
            Room(
                one.channel, one.topic, one.name, one.private, one.archived, one.member, one.outside, one.unread,
                counts[one.channel], late[one.channel], one.minutes, told.answered if told else 0,
                told.median if told else None, told.met if told else 0, told.missed if told else 0, one.touched,
                one.charter,
            )
            for one in sorted(places, key=lambda one: (one.archived, TOPICS.index(one.topic), one.name))
            for told in [answers.get(one.channel)]
        ]  # fmt: skip
        asked = [
            Asked(one.channel, names[one.channel], one.thread, one.asked, one.by, called.get(one.by, ""), one.text,
                  one.messages, one.late, one.state, one.due_at)
            for one in questions
        ]  # fmt: skip
        ours: list[Somebody] = []
        theirs: list[Somebody] = []
        orgs = {one.id: one.org for one in await self.sources.governance.workspaces_in(tx)}
        for seat, user in seated:
            outside = user.role is Role.GUEST or orgs.get(seat.workspace) != tenant.org
            person = Somebody(
                user.id, user.display or user.name, user.title, user.function, len(seat.channels), seat.messages,
                seat.last, user.email if outside else "",
            )  # fmt: skip
            (theirs if outside else ours).append(person)
        theirs += await self._contacts(tx, principal, account, theirs)
        return Customer(
            _row(found, account), str(known.get("domain", "")), str(known.get("country", "")), shown, asked,
            [FileLine(one.file, one.channel, names[one.channel], one.ts, one.title, one.filetype, one.size,
                      called.get(one.by, ""), one.outside) for one in files],
            await self._deals(tx, principal, found, account), _deliveries(found, account), ours, theirs,
            await self._mentions(tx, principal, account),
            await self.sources.relations.one_in(tx, principal, account),
        )  # fmt: skip

    async def _contacts(self, tx: Tx, principal: Principal, account: str, met: Sequence[Somebody]) -> list[Somebody]:
        """Contacts whom nobody has met in a channel yet."""
        known = {one.email.casefold() for one in met if one.email}
        contacts = await self.sources.deals.contacts.at_in(tx, principal, account)
        return [
            Somebody("", one.name, one.title, "", 0, 0, 0, one.email)
            for one in contacts if not one.email or one.email.casefold() not in known
        ][:_SHOWN]  # fmt: skip

    async def _deals(self, tx: Tx, principal: Principal, found: Gathered, account: str) -> list[DealLine]:
        stages = await self.sources.deals.stages_in(tx, principal)
        lines = []
        for deal in found.deals.get(account, ()):
            health, stage = found.health.get(deal.id, {}), stages[deal.stage]
            lines.append(
                DealLine(
                    deal.id, deal.name, deal.stage, stage.name_ko, stage.name_en, deal.probability, deal.amount,
                    deal.currency, deal.owner, found.name_of(deal.owner), deal.close_date, deal.next_step,
                    deal.closed_at, health.get("score"), health.get("band") or "", tuple(health.get("reasons") or ()),
                )
            )  # fmt: skip
        return sorted(lines, key=lambda one: (one.closed_at is not None, -one.amount))

    async def _mentions(self, tx: Tx, principal: Principal, account: str) -> list[MentionLine] | None:
        if not allowed(principal, "social:read"):
            return None
        since = self._clock.now() - timedelta(days=_DAYS)
        found = await self.sources.social.mentions_in(tx, principal, Look(account=account, since=since, limit=20))
        return [
            MentionLine(str(one.id), one.network, one.author or one.handle, one.text[:280], one.url, one.sentiment,
                        one.posted_at) for one in found
        ]  # fmt: skip


def _row(found: Gathered, account: str) -> Row:
    known, places = found.accounts[account], found.places.get(account, ())
    questions = found.questions.get(account, ())
    deals = [one for one in found.deals.get(account, ()) if one.closed_at is None]
    judged = [found.health[one.id] for one in deals if one.id in found.health]
    scored = [one for one in judged if one["score"] is not None]
    worst = min(scored, key=lambda one: one["score"], default=None)
    amounts: dict[str, int] = {}
    for deal in deals:
        amounts[deal.currency] = amounts.get(deal.currency, 0) + deal.amount
    heard: list[datetime] = [one["last_theirs"] for one in judged if one["last_theirs"]]
    lines = found.lines.get(account, ()) if found.lines is not None else None
    relation = found.relations.get(account, {})
    return Row(
        account, str(known.get("name", "")), str(known.get("industry", "")), str(known.get("owner", "")),
        found.name_of(str(known.get("owner", ""))), len([one for one in places if not one.archived]),
        sum(one.unread for one in places), len(questions), min((one.asked for one in questions), default=0),
        sum(one.late for one in questions),
        worst["score"] if worst else None, worst["band"] or "" if worst else "", len(deals), amounts,
        None if lines is None else sum(one.outlook.status in TROUBLE for one in lines),
        len([one for one in places if _charterless(one)]),
        max([*(one.touched for one in places), *map(ts_at, heard)], default=0),
        relation.get("score"), relation.get("band") or "", relation.get("why", ""),
    )  # fmt: skip


def _charterless(one: Place) -> bool:
    return one.outside and one.home and not one.archived and not one.charter


def _deliveries(found: Gathered, account: str) -> list[Delivery] | None:
    if found.lines is None:
        return None
    order = {status: rank for rank, status in enumerate(TROUBLE)}
    return [
        Delivery(
            row.item.id, row.item.name, row.outlook.status, row.item.goal, row.item.goal_unit, row.outlook.delivered,
            row.outlook.middle, row.item.start_day, row.item.end_day,
        )
        for row in sorted(
            found.lines.get(account, ()), key=lambda row: (order.get(row.outlook.status, 9), row.item.end_day)
        )
    ][:_SHOWN]  # fmt: skip
