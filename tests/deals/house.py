"""A house with deals and pacing only, its doors open to a browser, holding a quarter of the simulated company's sales.

Everything lives in the serving thread's own event loop: `House(url).app` opens its database when it starts, and what is
to stand in the house is brought in once it is served.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

import dure
from dure import screens
from dure.automation import routes as automation_routes
from dure.automation.api import Automation
from dure.automation.outgoing import HttpOutgoing
from dure.deals import lookups as deal_lookups
from dure.deals import page as deal_pages
from dure.deals import routes as deal_routes
from dure.deals.api import Deals
from dure.deals.health import routes as health_routes
from dure.deals.health.api import DealHealth
from dure.deals.health.follow import HealthFollower
from dure.deals.model import LoadedAccount, LoadedContact, LoadedDeal, LoadedStage
from dure.deals.timeline import routes as timeline_routes
from dure.deals.timeline.api import Timeline
from dure.deals.winning import routes as winning_routes
from dure.deals.winning.api import Winning
from dure.demo import ad_ops, sales, world
from dure.feed.api import Bell
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.log.api import Log
from dure.pacing import lookups as pacing_lookups
from dure.pacing import page as pacing_pages
from dure.pacing import routes as pacing_routes
from dure.pacing import server_routes as pacing_server_routes
from dure.pacing.api import DayTotal, NewLineItem, Pacing
from dure.pacing.sources.api import AdServers
from dure.pacing.sources.spotify import SpotifyAds
from dure.people.api import People
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.routing import include
from tests.web.browser import serving

PACKAGE = Path(dure.__file__).parent
SMALL = world.Sizes(listeners=50, visitors=10, creators=10, broadcasts=20, mentions=10, messages=10)


class House:
    """`session` is the owner's, once the application has started; `delivers=False` leaves line items out. With a `log`
    it has timelines too."""

    def __init__(self, database: str, *, delivers: bool = True, log: Log | None = None) -> None:
        self.session = ""
        self._delivers = delivers
        self._state = State(database, connections=6)
        clock = SystemClock()
        self.governance = Governance(self._state, clock)
        self.deals = Deals(self._state, clock, self.governance)
        self.pacing = Pacing(self._state, clock, self.governance)
        servers = AdServers(self._state, clock, self.governance, self.pacing, [SpotifyAds(HttpOutgoing())])
        self.winning = Winning(self._state, clock, self.governance)
        known = log or Log("chdb:///nowhere")  # not opened: what needs it is not asked
        self.health = DealHealth(self._state, known, clock, self.governance)
        self.automation = Automation(
            self._state, clock, self.governance, lookups={**deal_lookups.LOOKUPS, **pacing_lookups.LOOKUPS}
        )
        self._follower = HealthFollower(self._state, self.governance)
        self._hub = Hub()
        self.app = FastAPI(lifespan=self._lifespan)
        self.app.state.governance = self.governance
        front.install(self.app)
        for router in (
            governance_routes.router(self.governance),
            health_routes.router(self.health),
            winning_routes.router(self.winning),
            timeline_routes.router(Timeline(self._state, known, clock, People(self._state, known, clock))),
            deal_routes.router(self.deals),
            pacing_routes.router(self.pacing),
            pacing_server_routes.router(servers),
            automation_routes.router(self.automation),
        ):
            include(self.app, router)
        pages = in_order([*deal_pages.PAGES, *pacing_pages.PAGES])
        screens.install(self.app, Assets(gather(PACKAGE)), pages, self.governance, self._hub, _nobody)

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        """Its URL, while it stands filled. A server has to start at once, whatever the past that is then brought in."""
        with serving(self.app) as url:
            asyncio.run_coroutine_threadsafe(self._settle(self._owner), self._loop).result()
            yield url

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        await self._state.open()
        founding = await self.governance.found("소리마루", "소리마루", "jiwoo.han@sorimaru.example", name="한지우")
        self.session = await self.governance.follow_link(founding.sign_in)
        self._owner = Principal(founding.workspace.tenant, founding.owner.id, founding.owner.role)
        self._loop = asyncio.get_running_loop()
        bell = Bell(self._state)
        tasks = [
            asyncio.create_task(bell.run()),
            asyncio.create_task(screens.broadcasting(self._state, bell, self._hub)()),
        ]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._state.close()

    async def _settle(self, owner: Principal) -> None:
        made = world.build(7, datetime.now(UTC), SMALL)
        users = {made.employees[0].email: owner.user}
        for one in made.employees[1:]:
            user = await self.governance.create_user(owner, one.email, one.name_ko, function=one.function)
            users[one.email] = user.id
        accounts = [
            LoadedAccount(c.key, c.name, c.industry, c.country, c.size, c.domain,
                          [LoadedContact(p.name, p.email, p.title) for p in c.contacts])
            for c in made.customers
        ]  # fmt: skip
        steps = ("제안서 초안 공유", "매체 소개 미팅", "견적 회신 기다림", "", "계약서 검토", "예산 확인 통화")
        deals = [
            LoadedDeal(
                d.key, d.name, d.account, d.amount, "KRW", users[d.owner], d.close_date,
                [LoadedStage(s.at, s.stage, users[s.by]) for s in d.history], [users[m] for m in d.team],
                steps[n % len(steps)],
            )
            for n, d in enumerate(sales.opportunities(made))
        ]  # fmt: skip
        await self.deals.bulk_load(owner, accounts, deals)
        if self._delivers:
            await self._deliver(owner, made, users)
        await self.look(owner)

    async def _deliver(self, owner: Principal, made: world.World, users: dict[str, str]) -> None:
        names = {c.key: c.name for c in made.customers}
        booked, today = sales.bookings(made), (made.end + timedelta(hours=9)).date()
        orders = await ad_ops.orders(self.pacing, owner, booked, names, {}, {})
        loaded = await self.pacing.bulk_load(owner, [
            NewLineItem(
                one.name, one.goal, one.start, one.end, one.budget, external=one.key, created_at=one.created_at,
                account=one.account, account_name=names[one.account], campaign=one.campaign, format=one.format,
                manager=users[one.manager],
                days=[DayTotal(d.date, d.impressions, d.clicks, d.spend) for d in one.deliveries],
                order=orders[one.campaign], targeting=one.name.rpartition(" · ")[2],
            )
            for one in booked.line_items
        ])  # fmt: skip
        second = Principal(owner.tenant, next(user for user in users.values() if user != owner.user), owner.role)
        await ad_ops.desk(self.pacing, owner, second, loaded, booked, today)
        await self.pacing.assess(owner.tenant)

    async def look(self, owner: Principal) -> None:
        """What the loops beside a server do: health and chances of the deals that are there now."""
        while await self._follower.step():
            pass
        await self.health.tick()
        await self.winning.learn(await self.governance.workspace(owner.tenant))


async def _nobody(principal: Principal, topic: str) -> bool:
    return False


def soon(days: int) -> str:
    """An ISO date so many days from now."""
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
