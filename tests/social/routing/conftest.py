"""One desk for each file: Social with routing, linking and ideas on one database, beside people and deals."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dure.deals import lookups
from dure.deals.api import Deals
from dure.feed.api import Event, Lane, tail
from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.people.api import Known, People
from dure.social.api import NewMention, Social
from dure.social.becoming.api import Becoming
from dure.social.ideas.api import Ideas
from dure.social.linking.api import Linking
from dure.social.routing.api import Routing
from dure.state import State
from tests.databases import copied, named
from tests.people_of import MONDAY_NOON, Cast, found_sori

CRASH = "앱이 켜자마자 튕겨요 오류"
PAY = "결제 버튼을 눌러도 오류만 나고 카드 승인이 안 돼요"


@dataclass
class Desk:
    state: State
    clock: StillClock
    cast: Cast
    people: People
    deals: Deals
    log: Log
    social: Social = field(init=False)
    routing: Routing = field(init=False)
    linking: Linking = field(init=False)
    ideas: Ideas = field(init=False)
    becoming: Becoming = field(init=False)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.social = Social(self.state, self.clock)
        self.routing = Routing(self.state, self.clock, self.social.shelf)
        self.linking = Linking(self.state, self.clock, self.people, lookups.open_deals)
        self.social.linker = self.linking
        self.ideas = Ideas(self.state, self.clock, self.people, lookups.open_deals)
        self.becoming = Becoming(self.state, self.clock)

    def post(self, text: str, **fields: Any) -> NewMention:
        """A post of somebody new, a minute ago, near to no other."""
        self.numbers += 1
        number = self.numbers
        given: dict[str, Any] = {"network": "x", "id": f"p-{number}", "handle": f"h{number}", "author": f"이름{number}"}
        return NewMention(text=text, posted_at=self.clock.now() - timedelta(minutes=1), **given | fields)

    async def arrived(self, text: str, **fields: Any) -> Any:
        """One post, as it is stored."""
        found = await self.social.arrive(self.cast.mina, [self.post(text, **fields)])
        return await self.social.one(self.cast.mina, found.ids[0])

    async def told(self, name: str) -> list[Event]:
        """Events of a name, in order."""
        async with self.state.begin_system() as tx:
            batches = await tail(tx, 0, (Lane.DOMAIN,), limit=10_000)
        return [event for batch in batches for event in batch.events() if event.event == name]

    async def known(self, distinct_id: str, account: str = "", **traits: Any) -> Any:
        """Somebody among the customers."""
        row = Known(distinct_id, traits, self.clock.now(), account=account)
        await self.people.bulk_people(self.cast.tenant, [row])
        async with self.state.begin(self.cast.tenant) as tx:
            return (await self.people.having(tx, self.cast.tenant, list(traits.items())))[next(iter(traits.items()))][0]


@pytest.fixture(scope="module")
async def desk(postgres_url: str, template: str, run_folder: Path) -> AsyncIterator[Desk]:
    with copied(postgres_url, template) as url:
        state = State(url, connections=6)
        await state.open()
        log = Log(f"chdb://{run_folder}/ch", database=named(url))
        log.open()
        clock = StillClock(MONDAY_NOON)
        cast = await found_sori(state, clock)
        yield Desk(state, clock, cast, People(state, log, clock), Deals(state, clock, cast.governance), log)
        await state.close()
        log.drop()
        log.close()
