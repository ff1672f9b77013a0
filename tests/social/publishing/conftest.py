"""One company that publishes for each file: two walls that take posts, and hands that put them there."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dure.feed.api import Event, Lane, tail
from dure.governance.api import Principal
from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.social.api import NewMention, Social
from dure.social.links.api import Links
from dure.social.plugs import Given, Limits, Manifest, Outcome, Post, Pulled, Said
from dure.social.publishing.api import Content, Plan, Publishing, Wording
from dure.social.publishing.posting import Posting
from dure.social.publishing.tracking import Tracking
from dure.social.sources.api import Sources
from dure.state import State
from tests.databases import copied, named
from tests.people_of import MONDAY_NOON, Cast, found_sori

SITE = "https://go.sorimaru.example"


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Wall:
    """A network that takes posts; `answers` are given one a post instead of taking it."""

    manifest: Manifest
    taken: list[Post] = field(default_factory=list)
    answers: list[Outcome | BaseException] = field(default_factory=list)

    async def pull(self, given: Given, cursor: Any) -> Pulled:
        return Pulled({})

    async def publish(self, given: Given, post: Post, key: str) -> Outcome:
        answer = self.answers.pop(0) if self.answers else Said(f"{self.manifest.name}-{len(self.taken)}", "https://w/1")
        if isinstance(answer, Said | BaseException):
            self.taken.append(post)  # who dies here has handed it over
        if isinstance(answer, BaseException):
            raise answer
        return answer


def wall(name: str, limits: Limits) -> Wall:
    return Wall(
        Manifest(name, name, {"ko": "담", "en": "Wall"}, {"ko": "", "en": ""}, "official",
                 frozenset({"pull", "publish"}), limits=limits)
    )  # fmt: skip


@dataclass
class Desk:
    state: State
    clock: StillClock
    cast: Cast
    social: Social
    sources: Sources
    log: Log
    red: Wall
    blue: Wall
    publishing: Publishing = field(init=False)
    places: dict[str, UUID] = field(default_factory=dict)
    days: Any = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.publishing = self.hands()

    def hands(self, says: Any = None) -> Publishing:
        """A process's own Publishing; `says` stands in for what says posts."""
        links = Links(self.state, self.log, self.clock, SITE)
        return Publishing(
            self.state, self.clock, self.cast.governance, self.sources.connectors, says or self.sources.saying,
            Tracking(links),
        )  # fmt: skip

    def content(self, text: str = "새 방송이 열렸어요", title: str = "새 방송", **more: Any) -> Content:
        given: dict[str, Any] = {"wordings": (Wording(self.places["red"]), Wording(self.places["blue"])), **more}
        return Content(title, text, **given)

    async def drafted(self, text: str = "새 방송이 열렸어요", **more: Any) -> Plan:
        return await self.publishing.draft(self.cast.joon, self.content(text, **more))

    async def approved(self, text: str = "새 방송이 열렸어요", **more: Any) -> Plan:
        """Written by joon, approved by mina."""
        plan = await self.drafted(text, **more)
        await self.publishing.reviews.submit(self.cast.joon, plan.id)
        whole = await self.publishing.one(self.cast.mina, plan.id)
        return await self.publishing.reviews.decide(self.cast.mina, plan.id, whole.hash, True)

    async def due(self, text: str = "새 방송이 열렸어요", **more: Any) -> Plan:
        """Approved, and due now."""
        plan = await self.approved(text, **more)
        return await self.publishing.calendar.schedule(self.cast.joon, plan.id)

    async def plan(self, plan: Plan, who: Principal | None = None) -> Plan:
        return (await self.publishing.one(who or self.cast.mina, plan.id)).plan

    async def run(self, posting: Posting | None = None, later: timedelta = timedelta()) -> None:
        """Publishes all that is due, by the still clock."""
        self.clock.advance(later)
        while await (posting or self.publishing.posting).step(self.clock.now()):
            pass

    async def heard(self, **fields: Any) -> Any:
        given: dict[str, Any] = {"network": "red", "id": f"m{next(self.days)}", "author": "나리", **fields}
        found = await self.social.arrive(self.cast.mina, [NewMention(posted_at=self.clock.now(), **given)])
        return found.ids[0]

    async def told(self, name: str) -> list[Mapping[str, Any]]:
        """What events of a name said, in order."""
        async with self.state.begin_system() as tx:
            batches = await tail(tx, 0, (Lane.DOMAIN,), limit=10_000)
        found: list[Event] = [event for batch in batches for event in batch.events() if event.event == name]
        return [one.properties for one in found]

    def at(self, **later: float) -> datetime:
        return self.clock.now() + timedelta(**later)


@pytest.fixture(scope="module")
async def shared(postgres_url: str, template: str, run_folder: Path, anyio_backend: str) -> AsyncIterator[Desk]:
    with copied(postgres_url, template) as url:
        state = State(url, connections=6)
        await state.open()
        clock = StillClock(MONDAY_NOON)
        cast = await found_sori(state, clock)
        social = Social(state, clock)
        red = wall("red", Limits(300, graphemes=True))
        blue = wall("blue", Limits(500, graphemes=True, link=23, handles=True))
        sources = Sources(state, clock, cast.governance, social, [red, blue], b"a key of this installation alone")
        log = Log(f"chdb://{run_folder}/ch", database=named(url))
        log.open()
        desk = Desk(state, clock, cast, social, sources, log, red, blue)
        for one in ("red", "blue"):
            made = await sources.connect(cast.mina, one, one, {}, {})
            desk.places[one] = made.source.id
        yield desk
        log.close()
        await state.close()


@pytest.fixture
async def desk(shared: Desk) -> AsyncIterator[Desk]:
    yield shared
    async with shared.state.begin_system() as tx:
        await tx.run("delete from social.post_plan")
        await tx.run("delete from social.publishing")
        await tx.run("update social.source set state = 'on'")
    for one in (shared.red, shared.blue):
        one.taken.clear()
        one.answers.clear()
