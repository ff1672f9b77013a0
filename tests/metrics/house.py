"""A house with metrics only, its doors open to a browser, holding two months of listening."""

from __future__ import annotations

import contextlib
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI

import dure
from dure import screens
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.log.api import Log
from dure.metrics import page, routes
from dure.metrics.alerts import routes as alert_routes
from dure.metrics.alerts.api import Alerts
from dure.metrics.api import Metrics
from dure.metrics.boards import routes as board_routes
from dure.metrics.boards import shared_page
from dure.metrics.boards.api import Boards
from dure.metrics.boards.posting import Posting
from dure.metrics.boards.sharing import Shares
from dure.segments import page as segment_page
from dure.segments import routes as segment_routes
from dure.segments.api import Segments
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.routing import include
from tests.metrics.journeys import Happening, Journeys

PACKAGE = Path(dure.__file__).parent
GENRES = ("talk", "sleep", "news", "music")


class House:
    """`session` is the owner's, once the application has started; `full=False` leaves the house empty."""

    def __init__(self, database: str, log: Log, *, full: bool = True) -> None:
        self.session = ""
        self._full = full
        self._log = log
        self._state = State(database, connections=6)
        clock = SystemClock()
        self.governance = Governance(self._state, clock)
        self.metrics = Metrics(self._state, log, clock, self.governance)
        segments = Segments(self._state, log, clock, self.governance, metrics=self.metrics)
        self.metrics.know_segments_by(segments.is_known)
        self.app = FastAPI(lifespan=self._lifespan)
        self.app.state.governance = self.governance
        front.install(self.app)
        include(self.app, governance_routes.router(self.governance))
        include(self.app, routes.router(self.metrics))
        boards = Boards(self._state, clock, self.governance, self.metrics)
        shares = Shares(self._state, clock, self.governance, self.metrics, boards)
        posting = Posting(self._state, clock, self.governance, self.metrics, boards)
        self.alerts = Alerts(self._state, clock, self.governance, self.metrics)
        assets = Assets(gather(PACKAGE))
        for router in (
            board_routes.router(boards, shares, ""), board_routes.outside(shares, posting),
            alert_routes.router(self.alerts), shared_page.router(shares, assets), segment_routes.router(segments),
        ):  # fmt: skip
            include(self.app, router)
        pages = in_order([*page.PAGES, *segment_page.PAGES])
        screens.install(self.app, assets, pages, self.governance, Hub(), _nobody)

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        await self._state.open()
        founding = await self.governance.found("소리마루", "소리마루", "jiwoo.han@sorimaru.example", name="한지우")
        self.session = await self.governance.follow_link(founding.sign_in)
        if self._full:
            Journeys(self._log, founding.workspace.tenant).write(listening(datetime.now(UTC)))
            await self.metrics.start(Principal(founding.workspace.tenant, founding.owner.id, founding.owner.role))
        yield
        await self._state.close()


def listening(now: datetime) -> dict[str, list[Happening]]:
    """Three hundred listeners who sign up within sixty days and listen less and less often."""
    chance = random.Random(7)
    people: dict[str, list[Happening]] = {}
    for number in range(300):
        at = now - timedelta(days=chance.random() * 60, hours=1)
        country = chance.choice(["KR", "KR", "KR", "US"])
        did: list[Happening] = [("Signed Up", at, {"country": country, "plan": "free"})]
        for day in range((now - at).days + 1):
            if chance.random() < 0.7 / (1 + day * 0.4):
                when = min(at + timedelta(days=day, minutes=chance.randint(5, 300)), now)
                did.append(("Listen Started", when, {"genre": chance.choice(GENRES), "platform": "ios"}))
                if chance.random() < 0.3:
                    did.append(("Gift Sent", when + timedelta(minutes=9), {"amount": chance.randint(1, 30) * 1000}))
        people[f"u-{number}"] = did
    people["sales"] = [("Deal Won", now - timedelta(days=day * 5), {}) for day in range(9)]
    return people


async def _nobody(principal: Principal, topic: str) -> bool:
    return False
