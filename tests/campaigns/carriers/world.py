"""A workspace with people, and all its ways out, each to a stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from dure.automation.outgoing import HttpOutgoing
from dure.campaigns.api import Campaigns
from dure.campaigns.model import Campaign, Message, Recipient
from dure.campaigns.plugs import Accepted, Content, Delivery, Parcel
from dure.campaigns.reach import Reach
from dure.connectors.apns import ApnsPusher
from dure.connectors.fcm import FcmPusher
from dure.connectors.smtp import SmtpMailer
from dure.feed.api import Event, append, tail
from dure.kernel.clock import StillClock
from dure.kernel.ids import person_id, uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people.api import People
from dure.people.model import Known
from dure.segments.api import Segments
from dure.state import State
from dure.web.push import Sender
from tests.campaigns.carriers.services import Apple, Browser, Endpoint, Google, PostOffice, pem
from tests.people_of import MONDAY_NOON, Cast, found_sori
from tests.wire.server import serving

KEY = b"the signing key of this data folder"
SITE = "https://dure.example"


@dataclass
class Team:
    """Fills `plugs.Poster`."""

    said: list[tuple[str, str, str]] = field(default_factory=list)

    async def post(self, tenant: Tenant, to: str, text: str, key: str) -> Delivery:
        self.said.append((to, text, key))
        return Accepted("said")


@dataclass
class World:
    state: State
    clock: StillClock
    cast: Cast
    people: People
    reach: Reach
    office: PostOffice
    mailer: SmtpMailer
    browser: Browser
    browsers: str
    apple: Apple
    google: Google
    endpoint: Endpoint
    provider: str
    team: Team
    campaigns: Campaigns
    log: Log

    @property
    def tenant(self) -> Tenant:
        return self.cast.tenant

    def who(self, distinct_id: str) -> UUID:
        return person_id(self.tenant.workspace, distinct_id)

    async def know(self, distinct_id: str, links: tuple[str, ...] = (), **traits: Any) -> UUID:
        """Somebody; `links` are other ids that are theirs."""
        at = self.clock.now() - timedelta(days=30)
        await self.people.bulk_people(
            self.tenant, [Known(distinct_id, traits, at, links=tuple((one, at) for one in links))]
        )
        return self.who(distinct_id)

    async def recipient(self, distinct_id: str) -> Recipient:
        """With their devices, as a campaign meets them."""
        person = self.who(distinct_id)
        async with self.state.begin(self.tenant) as tx:
            it = (await self.people.known(tx, self.tenant, [person]))[person]
            to = Recipient(it.id, it.distinct_ids[0], it.traits, (), it.distinct_ids)
            return (await self.reach.devices.with_devices(tx, self.tenant, [to]))[0]

    async def provide(self, kind: str, settings: Mapping[str, str], secret: str | None = None) -> None:
        await self.reach.providers.put(self.cast.mina, kind, settings, secret)

    def parcel(self, address: str, channel: str = "email", **more: Any) -> Parcel:
        content = Content(channel, "ko", **{"title": "밤의 낭독", "text": "안녕하세요", **more})
        return Parcel(str(uuid7()), address, content, person=self.who("mina"), campaign="c-1")

    async def carry(self, parcel: Parcel) -> Delivery:
        return await self.reach.carriers[parcel.content.channel].carry(self.tenant, parcel)

    async def made(self, channel: str, text: dict[str, str], *, on: str, topic: str = "marketing") -> Campaign:
        """A draft of one message that begins at an event, and leaves nobody out."""
        message = {"kind": "message", "id": "m", "channel": channel, "texts": {"ko": text}}
        design = {
            "name": {"ko": "가을", "en": "Autumn"}, "kind": "triggered", "entry": {"trigger": {"event": on}},
            "start": "m", "nodes": [message], "holdout": 0.0, "global_holdout": False, "topic": topic,
        }  # fmt: skip
        return await self.campaigns.create(self.cast.joon, design)

    async def launched(self, channel: str, text: dict[str, str], *, on: str, topic: str = "marketing") -> Campaign:
        made = await self.made(channel, text, on=on, topic=topic)
        return await self.campaigns.launch(self.cast.joon, made.id)

    async def happen(self, event: str, who: str, **properties: Any) -> None:
        """It happens now, and the campaigns do what they do."""
        now = self.clock.now()
        async with self.state.begin(self.tenant) as tx:
            await append(
                tx,
                Event(
                    org=self.tenant.org, workspace=self.tenant.workspace, event=event, time=now, received_at=now,
                    message_id=str(uuid7()), source="web", person=self.who(who), distinct_id=who, properties=properties,
                ),
            )  # fmt: skip
        await self.campaigns.engine.settle()

    async def became(self, campaign: Campaign, who: str) -> Message:
        """What became of somebody's message."""
        found = await self.campaigns.messages(self.cast.joon, campaign.id)
        return next(one for one in found if one.person == self.who(who))

    async def events(self, *names: str) -> list[Event]:
        async with self.state.begin_system() as tx:
            batches = await tail(tx, 0, limit=10_000)
        return [event for batch in batches for event in batch.events() if event.event in names]


@asynccontextmanager
async def open_world(state: State, log: Log) -> AsyncIterator[World]:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    people = People(state, log, clock)
    office, browser, apple, google, endpoint, team = PostOffice(), Browser(), Apple(), Google(), Endpoint(), Team()
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(office.serving())
        browsers = await stack.enter_async_context(serving(browser.app))
        at_google = await stack.enter_async_context(serving(google.app))
        provider = await stack.enter_async_context(serving(endpoint.app))
        at_apple, trust = await stack.enter_async_context(apple.serving())
        mailer, outgoing = SmtpMailer("127.0.0.1", port), HttpOutgoing(["127.0.0.0/8"])
        pushers = FcmPusher(clock, at_google, f"{at_google}/token"), ApnsPusher(clock, at_apple, trust)
        for one in (mailer, outgoing, *pushers):
            stack.push_async_callback(one.close)
        reach = Reach(
            state, clock, cast.governance, people, mailer=mailer, outgoing=outgoing, pushers=pushers, poster=team,
            vapid=Sender(KEY, "mailto:dure@sorimaru.example"), key=KEY, site=SITE,
            sender="소리마루 <hello@sorimaru.example>",
        )  # fmt: skip
        campaigns = Campaigns(
            state, log, clock, cast.governance, Segments(state, log, clock, cast.governance, people=people), people,
            mailer, sender="소리마루 <hello@sorimaru.example>", site=SITE, key=KEY, outgoing=outgoing,
            carriers=list(reach.carriers.values()),
        )  # fmt: skip
        world = World(
            state, clock, cast, people, reach, office, mailer, browser, browsers, apple, google, endpoint, provider,
            team, campaigns, log,
        )  # fmt: skip
        await world.provide("fcm", {}, google.account)
        await world.provide("apns", {"key_id": "KEY123", "team_id": "TEAM123", "topic": "com.sori.app"}, pem(apple.key))
        yield world
