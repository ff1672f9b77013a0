"""One inbox for each file: Social with its sources and care on one database; a network that answers as it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dure.deals import lookups
from dure.feed.api import Event, Lane, tail
from dure.governance.api import Principal, Role
from dure.kernel.clock import StillClock
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people.api import Known, People
from dure.social.api import NewMention, Social
from dure.social.care.api import Care, Conversation, Entry, Listing
from dure.social.care.plugs import Move
from dure.social.linking.api import Linking
from dure.social.model import Mention
from dure.social.plugs import Field, Given, Manifest, Outcome, Said, Source
from dure.social.routing.api import Routing
from dure.social.sources.api import Sources
from dure.state import State, Tx
from tests.databases import copied, named
from tests.people_of import MONDAY_NOON, Cast, found_sori


class Square:
    """A network made for tests: whoever connects it may reply, and it does what the next of `answers` says."""

    manifest = Manifest(
        "square", "square", {"ko": "광장", "en": "Square"}, {"ko": "", "en": ""}, "own_data",
        frozenset({"upload", "reply"}), (Field("handle", {"ko": "계정", "en": "Handle"}, required=False),),
    )  # fmt: skip

    def __init__(self) -> None:
        self.said: list[tuple[str, str, str]] = []  # what it answers, the text, the key
        self.answers: list[Outcome | BaseException] = []

    def read(self, given: Given, body: bytes, name: str) -> Any:
        raise NotImplementedError

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        self.said.append((mention.external, text, key))
        answer = self.answers.pop(0) if self.answers else Said(f"r-{len(self.said)}", "https://square.example/r")
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Ticking:
    """Notes what clocks are told."""

    def __init__(self) -> None:
        self.moves: list[tuple[str, str, str]] = []

    async def moved(self, tx: Tx, tenant: Tenant, moves: Sequence[Move]) -> None:
        self.moves += [(one.before.state if one.before else "", one.after.state, one.why) for one in moves]


@dataclass
class Inbox:
    state: State
    clock: StillClock
    cast: Cast
    people: People
    square: Square = field(default_factory=Square)
    ticking: Ticking = field(default_factory=Ticking)
    social: Social = field(init=False)
    sources: Sources = field(init=False)
    routing: Routing = field(init=False)
    linking: Linking = field(init=False)
    care: Care = field(init=False)
    source: UUID = field(init=False)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.social = Social(self.state, self.clock)
        connectors: list[Source] = [self.square]
        self.sources = Sources(self.state, self.clock, self.cast.governance, self.social, connectors, b"a key" * 8)
        self.routing = Routing(self.state, self.clock, self.social.shelf)
        self.linking = self.social.linker = Linking(self.state, self.clock, self.people, lookups.open_deals)
        self.care = Care(self.state, self.clock, self.cast.governance, self.social, self.sources, self.ticking)

    def post(self, text: str, **fields: Any) -> NewMention:
        self.numbers += 1
        number = self.numbers
        given: dict[str, Any] = {
            "network": "square", "id": f"p-{number}", "handle": f"h{number}", "author": f"고객{number}",
            "posted_at": self.clock.now() - timedelta(seconds=60 - number % 60),
        }  # fmt: skip
        return NewMention(text=text, **given | fields)

    async def arrive(self, *posts: NewMention, gone: set[tuple[str, str]] | None = None) -> list[UUID]:
        """Mentions of the square, followed into the inbox."""
        from dure.social.api import Bearer

        found = await self.social.arrive(
            self.cast.mina, posts, gone=gone or set(), bearer=Bearer(self.source, edits=True)
        )
        await self.follow()
        return list(found.ids)

    async def follow(self) -> None:
        while await self.care.follower.step():
            pass

    async def talk(self, text: str = "앱에서 결제가 두 번 됐어요", **fields: Any) -> Conversation:
        """A conversation that somebody new began by writing to the company."""
        (mention,) = await self.arrive(self.post(text, **{"direct": True, **fields}))
        found = await self.care.of_mention(self.cast.mina, mention)
        assert found is not None
        return found

    async def now(self, talk: Conversation) -> Conversation:
        return (await self.care.one(self.cast.mina, talk.id))[0]

    async def entries(self, talk: Conversation) -> list[Entry]:
        return (await self.care.one(self.cast.mina, talk.id))[1]

    async def reply(self, talk: Conversation, text: str, key: str, who: Principal | None = None, **more: Any) -> Any:
        seen = (await self.now(talk)).said_seq
        return await self.care.answering.reply(who or self.cast.mina, talk.id, text, key, **{"seen": seen, **more})

    async def listed(self, **look: Any) -> list[UUID]:
        return [one.id for one, _ in await self.care.listed(self.cast.mina, Listing(**{"limit": 200, **look}))]

    async def told(self, talk: Conversation) -> list[str]:
        """Names of the events of a conversation, in order."""
        return [event.event for event in await self.events() if event.object == str(talk.id)]

    async def events(self) -> list[Event]:
        async with self.state.begin_system() as tx:
            batches = await tail(tx, 0, (Lane.DOMAIN,), limit=10_000)
        return [event for batch in batches for event in batch.events()]

    async def known(self, distinct_id: str, **traits: Any) -> UUID:
        await self.people.bulk_people(self.cast.tenant, [Known(distinct_id, traits, self.clock.now())])
        async with self.state.begin(self.cast.tenant) as tx:
            return (await self.people.having(tx, self.cast.tenant, list(traits.items())))[next(iter(traits.items()))][0]

    @property
    def automation(self) -> Principal:
        return Principal(self.cast.tenant, "", Role.ADMIN, frozenset({"*"}), "system", "automation", run="run-1")


@pytest.fixture(scope="module")
async def inbox(postgres_url: str, template: str, run_folder: Path) -> AsyncIterator[Inbox]:
    with copied(postgres_url, template) as url:
        state = State(url, connections=6)
        await state.open()
        log = Log(f"chdb://{run_folder}/ch", database=named(url))
        log.open()
        clock = StillClock(MONDAY_NOON)
        inbox = Inbox(state, clock, await found_sori(state, clock), People(state, log, clock))
        made = await inbox.sources.connect(inbox.cast.mina, "square", "광장", {"handle": "@sorimaru"}, {})
        inbox.source = made.source.id
        yield inbox
        await state.close()
        log.drop()
        log.close()
