"""A small application that shows every part of the kit, with fake doors: good, empty, slow and failing ones."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI, Request, Response, WebSocket
from pydantic import BaseModel

import dure
from dure.kernel.errors import Invalid, NotSignedIn, Unavailable
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import Page, in_order
from dure.web.shell import Shell, preferences

PAGES = in_order(
    [
        Page(
            "/", "home", {"ko": "홈", "en": "Home"}, "home", "today", "show/home.js", key="h", startup="show/start.js"
        ),
        Page("/deals", "deals", {"ko": "딜", "en": "Deals"}, "board", "work", "show/list.js", key="d"),
        Page("/pacing", "pacing", {"ko": "페이싱", "en": "Pacing"}, "gauge", "work", "show/list.js", key="p"),
        Page("/analytics", "metrics", {"ko": "지표", "en": "Metrics"}, "chart", "grow", "show/charts.js", key="m"),
        Page("/broken", "broken", {"ko": "고장", "en": "Broken"}, "warn", "admin", "show/broken.js"),
        Page("/channels/{id}", "channel", {"ko": "채널", "en": "Channel"}, "hash", None, "show/channel.js"),
    ]
)
NAMES = ("한빛모빌리티", "Northwind", "새벽커머스", "가람건설", "Acme Robotics", "푸른은행", "Globex", "다온게임즈")


class NewDeal(BaseModel):
    name: str
    amount: int | None = None


class Credentials(BaseModel):
    email: str
    password: str


class Gallery:
    """The application, and what a test needs to reach into it for."""

    def __init__(self) -> None:
        root = Path(dure.__file__).parent
        shown = {f"show/{file.name}": file for file in (Path(__file__).parent / "show").iterdir()}
        self.assets = Assets(gather(root) | shown)
        self.shell = Shell(self.assets, PAGES)
        self.hub = Hub(ping_seconds=1)
        self.hub.begin(100)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.ready = asyncio.Event()
        self.fails = True
        self.app = self._app()

    def publish(self, topics: list[str], payload: Mapping[str, object]) -> None:
        """Publishes from another thread, as the next id."""
        assert self.loop
        done = asyncio.run_coroutine_threadsafe(self._publish(topics, payload), self.loop)
        done.result(10)

    def release(self) -> None:
        """Lets the slow door answer."""
        if self.loop:
            self.loop.call_soon_threadsafe(self.ready.set)

    async def _publish(self, topics: list[str], payload: Mapping[str, object]) -> None:
        self.hub.publish(self.hub.last_id + 1, "T0GALLERY", topics, payload)

    def _app(self) -> FastAPI:
        app = FastAPI()
        front.install(app, larger={"/api/v1/upload": 10_000_000})
        app.router.routes.append(self.assets.route())

        @app.get("/api/v1/deals")
        async def deals(n: int = 40) -> list[dict[str, object]]:
            return [
                {
                    "id": i,
                    "name": f"{NAMES[i % 8]} {i + 1}",
                    "amount": (i * 7919 % 97 + 3) * 4_170_000,
                    "days": i * 31 % 47,
                }
                for i in range(n)
            ]

        @app.post("/api/v1/deals", status_code=201)
        async def create(deal: NewDeal) -> dict[str, object]:
            if deal.name == "있는 딜":
                raise Invalid("같은 이름의 딜이 이미 있습니다.", field="name")
            return {"id": 1, "name": deal.name}

        @app.get("/api/v1/empty")
        async def empty() -> list[object]:
            return []

        @app.get("/api/v1/failing")
        async def failing() -> dict[str, object]:
            if self.fails:
                raise Unavailable()
            return {"text": "다시 왔습니다"}

        @app.get("/api/v1/slow")
        async def slow() -> dict[str, object]:
            await self.ready.wait()
            return {"text": "느린 답이 왔습니다"}

        @app.post("/api/v1/session", status_code=204)
        async def session(given: Credentials) -> Response:
            if given.password != "right":
                raise NotSignedIn()
            return Response(status_code=204, headers={"set-cookie": "signed=1; path=/"})

        @app.websocket("/api/live")
        async def live(ws: WebSocket) -> None:
            self.loop = asyncio.get_running_loop()

            async def may(topic: str) -> bool:
                return topic != "channel:C0SECRET"

            await self.hub.serve(ws, "T0GALLERY", may, principal="U0MINA")

        @app.get("/sign-in")
        async def sign_in(request: Request) -> Response:
            return self.shell.sign_in(preferences(request.cookies))

        @app.get("/sign-in/{token}")
        async def link(request: Request, token: str) -> Response:
            says = "이 링크는 한 번만 쓸 수 있습니다."
            lang = preferences(request.cookies)["lang"]
            return self.shell.card(lang, "로그인", says, button="들어가기", post_to=f"/sign-in/{token}")

        @app.get("/{path:path}")
        async def page(request: Request) -> Response:
            boot = {
                **preferences(request.cookies),
                "me": {"id": "U0MINA", "name": "김미나", "email": "mina@sorimaru.test", "role": "owner"},
                "workspace": {"id": "T0GALLERY", "name": "소리마루", "timezone": "Asia/Seoul", "currency": "KRW"},
                "pages": [page.as_json() for page in PAGES],
            }
            return self.shell.application(request.url.path, boot)

        return app
