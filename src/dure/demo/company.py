"""Sorimaru brought to life in a Dure: founded, staffed, and its quarter loaded through the slices' own entrances."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dure.channels.api import Channels, PastMessage
from dure.deals.api import Deals
from dure.deals.model import LoadedAccount, LoadedContact, LoadedDeal, LoadedStage
from dure.demo import ad_ops, history, mentions, sales, talk
from dure.demo.history import Chunk
from dure.demo.spend import spend
from dure.demo.world import Scope, World
from dure.feed.api import append_lines
from dure.governance.api import Governance, Principal, Role
from dure.ingest.api import Ingest
from dure.kernel.clock import ShiftedClock
from dure.kernel.tenant import Tenant
from dure.pacing.api import Pacing
from dure.pacing.model import DayTotal, NewLineItem
from dure.people.api import People
from dure.people.model import Known
from dure.social.api import Social
from dure.social.model import NewMention
from dure.state import State

# Rooms of the simulated company that recipes look for by the function's own name.
_FUNCTION_ROOMS = {
    "제품": "product", "그로스-마케팅": "marketing", "영업": "sales", "광고운영": "ad-ops", "소셜-리스닝": "social",
    "고객센터": "care",
}  # fmt: skip
_NEXT_STEPS = {
    "Prospecting": ("첫 미팅 잡기", "매체 소개서 보내기", "Intro call", "담당자 확인"),
    "Qualified": ("집행 목표 확인", "타깃 논의", "Send case studies", "예산 범위 확인"),
    "Proposal": ("제안서 v2 보내기", "견적 회신 받기", "Walk through proposal", "편성안 확정"),
    "Negotiation": ("계약서 법무 검토", "할인율 승인", "Confirm flight dates", "발주서 받기"),
}
_CHUNK = 20_000
# When the story's fifth chapter begins: long enough before the end for a day to pass after people were met.
LAST_DAY = timedelta(hours=26, minutes=30)
# Mentions of the quarter's last hours are not loaded: they arrive in the story.
STORY_MENTIONS = timedelta(hours=2)
PASSWORD = "sorimaru-demo"  # noqa: S105  the demo's own, printed when it starts

Progress = Callable[[str, float], None]
"""Told what is being done and how much of the whole is done, 0 to 1."""


@dataclass(frozen=True)
class Rooms:
    """The slices that the company is loaded through."""

    state: State
    clock: ShiftedClock
    governance: Governance
    ingest: Ingest
    people: People
    channels: Channels
    deals: Deals
    pacing: Pacing
    social: Social
    settle_log: Callable[[], Awaitable[None]]


@dataclass
class Company:
    """The company as it stands in Dure: who is who there, under the ids that Dure gave them."""

    world: World
    tenant: Tenant
    owner: Principal
    owner_token: str
    bot_token: str
    sign_in: str
    web_key: str
    app_key: str
    users: dict[str, Principal] = field(default_factory=dict)  # by e-mail, customers' people too
    accounts: dict[str, str] = field(default_factory=dict)  # by the world's key
    deals: dict[str, str] = field(default_factory=dict)
    line_items: dict[str, str] = field(default_factory=dict)
    channels: dict[str, str] = field(default_factory=dict)  # by name
    campaign_rooms: dict[str, str] = field(default_factory=dict)  # by the world's campaign key
    customer_tokens: dict[str, str] = field(default_factory=dict)  # by account key
    events: int = 0


async def found(rooms: Rooms, world: World) -> Company:
    """Founds the company at the quarter's start, with everybody who works there."""
    _set(rooms.clock, world.start)
    return await _found(rooms, world)


async def live_through(
    rooms: Rooms, company: Company, progress: Progress, on_the_last_day: Callable[[], Awaitable[None]]
) -> None:
    """Lets the company live through its quarter; the clock ends at `world.end`.

    `on_the_last_day` is told when the clock is `LAST_DAY` before the end and the log holds what happened until then.
    """
    progress("고객과 딜 · customers and deals", 0.03)
    await _load_deals(rooms, company)
    progress("대화 · conversations", 0.06)
    await _load_talk(rooms, company)
    last_day = company.world.end - LAST_DAY
    _set(rooms.clock, last_day)
    progress("청취자 · listeners", 0.2)
    await _load_people(rooms, company)
    chunks = history.history(company.world, Scope(company.tenant.org, company.tenant.workspace), _CHUNK)
    left_over = None
    for chunk in chunks:
        progress("분기의 이벤트 · a quarter of events", 0.3 + 0.4 * _share(company.world, chunk.last))
        before, left_over = _split(chunk, last_day)
        await _load_events(rooms, company, before)
        if left_over is not None:
            break
    progress("어제 · yesterday", 0.7)
    await rooms.settle_log()
    await on_the_last_day()
    _set(rooms.clock, company.world.end)
    for chunk in itertools.chain([left_over] if left_over else [], chunks):
        await _load_events(rooms, company, chunk)
    await _load_events(rooms, company, spend(company.world, Scope(company.tenant.org, company.tenant.workspace)))
    progress("라인 아이템 · line items", 0.85)
    await _load_line_items(rooms, company)
    progress("언급 · mentions", 0.9)
    await _load_mentions(rooms, company)
    progress("자리 잡음 · settled", 1.0)


async def _found(rooms: Rooms, world: World) -> Company:
    owner = world.employees[0]
    made = await rooms.governance.found(
        "소리마루 Sorimaru", "소리마루", owner.email, name=owner.name_ko, only_first=True
    )
    tenant = made.workspace.tenant
    acting = Principal(tenant, made.owner.id, Role.OWNER)
    await rooms.governance.set_password(acting, made.owner.id, PASSWORD)
    web = await rooms.ingest.create_source(acting, "web")
    app = await rooms.ingest.create_source(acting, "app")
    company = Company(
        world, tenant, acting, made.user_token, made.bot_token, made.sign_in, web.write_key, app.write_key
    )
    company.users[owner.email] = acting
    for person in world.employees[1:]:
        user = await rooms.governance.create_user(
            acting, person.email, person.name_ko, role=Role(person.role), function=person.function, title=person.title
        )
        company.users[person.email] = Principal(tenant, user.id, user.role)
    return company


async def _load_deals(rooms: Rooms, company: Company) -> None:
    world, users = company.world, company.users
    accounts = [
        LoadedAccount(
            one.key, one.name, one.industry, one.country, one.size, one.domain,
            [LoadedContact(contact.name, contact.email, contact.title) for contact in one.contacts],
        )
        for one in world.customers
    ]  # fmt: skip
    deals = [
        LoadedDeal(
            one.key, one.name, one.account, one.amount, "KRW", users[one.owner].user, one.close_date,
            [LoadedStage(entry.at, entry.stage, users[entry.by].user) for entry in one.history],
            [users[email].user for email in one.team], _NEXT_STEPS.get(one.stage, ("",) * 4)[number % 4],
        )
        for number, one in enumerate(sales.opportunities(world))
    ]  # fmt: skip
    loaded = await rooms.deals.bulk_load(company.owner, accounts, deals)
    company.accounts.update(loaded.accounts)
    company.deals.update(loaded.deals)


async def _load_talk(rooms: Rooms, company: Company) -> None:
    said = talk.talk(company.world)
    for room in said.rooms:
        name = _FUNCTION_ROOMS.get(room.name, room.name)
        inside = [email for email in room.members if email in company.users]
        creator = company.users[inside[0]]
        made = await rooms.channels.create(
            creator, name, topic=room.topic, members=[company.users[email].user for email in inside[1:]]
        )
        company.channels[room.name] = company.channels[name] = made.id
        if room.account:
            await _share_room(rooms, company, room.account, made.id, creator)
    for room in said.rooms:
        posts = [post for post in said.posts if post.room == room.name and post.author in company.users]
        place = {post.key: number for number, post in enumerate(posts)}
        past = [
            PastMessage(
                post.time, company.users[post.author], post.text, place.get(post.thread),
                tuple((name, tuple(company.users[fan].user for fan in fans if fan in company.users))
                      for name, fans in post.reactions),
            )
            for post in posts
        ]  # fmt: skip
        await rooms.channels.bulk_load(company.owner, company.channels[room.name], past)


async def _share_room(rooms: Rooms, company: Company, account: str, channel: str, host: Principal) -> None:
    """Founds the customer's own organisation, and shares the channel with it by the consent of both sides."""
    customer = next(one for one in company.world.customers if one.key == account)
    first, *others = customer.contacts
    made = await rooms.governance.found(customer.name, customer.name, first.email, name=first.name)
    guest = Principal(made.workspace.tenant, made.owner.id, Role.OWNER)
    company.users[first.email] = guest
    company.customer_tokens[account] = made.user_token
    await rooms.channels.offer(host, channel, made.workspace.id)
    if await rooms.channels.accept(guest, channel) is None:  # whoever made the channel is no administrator
        invites = await rooms.channels.invites(company.owner, limit=1_000)
        waiting = next(one for one in invites if one.channel == channel and one.state == "accepted")
        await rooms.channels.approve_invite(company.owner, waiting.id)
    joined = []
    for contact in others:
        user = await rooms.governance.create_user(guest, contact.email, contact.name, title=contact.title)
        company.users[contact.email] = Principal(made.workspace.tenant, user.id, user.role)
        joined.append(user.id)
    if joined:
        await rooms.channels.invite(guest, channel, joined)


async def _load_line_items(rooms: Rooms, company: Company) -> None:
    world, users = company.world, company.users
    booked = sales.bookings(world)
    accounts = {one.key: one for one in world.customers}
    ad_ops_people = [person.email for person in world.employees if person.function == "ad_ops"]
    today = (world.end + timedelta(hours=9)).date()
    running = {item.campaign for item in booked.line_items if item.start <= today <= item.end}
    for key in sorted(running):
        made = await rooms.channels.create(
            users[ad_ops_people[0]], _room_name(booked.campaigns[key], company.channels), topic=booked.campaigns[key],
            members=[users[email].user for email in ad_ops_people[1:]],
        )  # fmt: skip
        company.campaign_rooms[key] = made.id
        company.channels[made.name] = made.id
    names = {one.key: one.name for one in world.customers}
    ordered = await ad_ops.orders(rooms.pacing, company.owner, booked, names, company.deals, company.campaign_rooms)
    loaded = await rooms.pacing.bulk_load(
        company.owner,
        [
            NewLineItem(
                item.name, item.goal, item.start, item.end, item.budget, "KRW", company.accounts[item.account],
                accounts[item.account].name, company.deals.get(item.opportunity, ""), booked.campaigns[item.campaign],
                company.campaign_rooms.get(item.campaign, ""), users[item.manager].user, item.format, item.key,
                item.created_at,
                [
                    DayTotal(day.date, day.impressions, day.clicks, day.spend)
                    for day in item.deliveries if day.date < today - timedelta(days=1)
                ],
                order=ordered[item.campaign], targeting=item.name.rpartition(" · ")[2],
            )
            for item in booked.line_items
        ],
    )  # fmt: skip
    company.line_items.update(loaded)
    await ad_ops.desk(rooms.pacing, users[ad_ops_people[0]], users[ad_ops_people[1]], loaded, booked, today)


async def _load_people(rooms: Rooms, company: Company) -> None:
    links: dict[str, list[tuple[str, datetime]]] = {}
    for link in history.links(company.world):
        links.setdefault(link.distinct_id, []).append((link.anonymous_id, _moment(link.at)))
    known = [
        Known(distinct_id, traits, _moment(at), tuple(links.get(distinct_id, ())))
        for distinct_id, traits, at in history.traits(company.world)
    ]
    await rooms.people.bulk_people(company.tenant, known)


async def _load_events(rooms: Rooms, company: Company, chunk: Chunk) -> None:
    async with rooms.state.begin(company.tenant) as tx:
        await append_lines(tx, company.tenant, chunk.count, chunk.body)
    company.events += chunk.count


def _split(chunk: Chunk, at: datetime) -> tuple[Chunk, Chunk | None]:
    """What of a chunk happened before a moment, and what after it."""
    edge = int(at.timestamp() * 1e6)
    if chunk.last < edge:
        return chunk, None
    lines = chunk.body.strip(b"\n").split(b"\n")
    text = at.strftime("%Y-%m-%dT%H:%M:%S").encode()
    place = bisect.bisect_left(lines, text, key=_time_of)
    parts = (lines[:place], lines[place:])
    before, after = (Chunk(b"\n".join(part), len(part), chunk.first, chunk.last) for part in parts)
    return before, after


def _time_of(line: bytes) -> bytes:
    return line.partition(b'"time":"')[2][:19]


def _share(world: World, micros: int) -> float:
    return (micros / 1e6 - world.start.timestamp()) / (world.end - world.start).total_seconds()


async def _load_mentions(rooms: Rooms, company: Company) -> None:
    until = company.world.end - STORY_MENTIONS
    past = [
        NewMention(
            network=one.network, id=one.id, text=one.text, author=one.author, handle=one.handle, url=one.url,
            reach=one.reach, posted_at=one.time,
        )
        for one in mentions.mentions(company.world) if one.time <= until
    ]  # fmt: skip
    await rooms.social.bulk_load(company.owner, past)


def _moment(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1e6, UTC)


def _set(clock: ShiftedClock, at: datetime) -> None:
    clock.offset = at - datetime.now(UTC)


def _room_name(campaign: str, taken: Container[str]) -> str:
    base = "캠페인-" + re.sub(r"[^\w-]+", "-", campaign.lower()).strip("-")[:60]
    numbered = (f"{base}-{number}" for number in range(2, 100))
    return base if base not in taken else next(name for name in numbered if name not in taken)
