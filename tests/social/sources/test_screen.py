"""The screens of sources in a real Chromium, on a server whose hands really ask; and its doors over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Response

import dure
from dure import screens
from dure.automation.outgoing import HttpOutgoing
from dure.connectors.social import sources
from dure.feed.api import Bell
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.governance.http import COOKIE
from dure.kernel.clock import SystemClock
from dure.social.api import Social
from dure.social.page import PAGES
from dure.social.routes import router
from dure.social.sources import routes as source_routes
from dure.social.sources.api import Sources
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.routing import include
from tests.people_of import found_sori
from tests.web.browser import Browser, browser, chromium, serving

__all__ = ["browser", "chromium"]

TEXTS = {"첫 소식": "두레 첫 방송이 좋았어요", "둘째": "결제 오류가 나요"}


def feed_app(texts: dict[str, str]) -> FastAPI:
    app = FastAPI()

    @app.get("/atom")
    async def atom() -> Response:
        entries = "".join(
            f"<entry><id>{name}</id><title>{name}</title><link href='https://news.example/{name}'/>"
            f"<published>{(datetime.now(UTC) - timedelta(hours=n)).isoformat()}</published>"
            f"<author><name>한기자</name></author><summary>{text}</summary></entry>"
            for n, (name, text) in enumerate(texts.items())
        )
        return Response(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>새소식</title>{entries}</feed>',
                        media_type="application/atom+xml")  # fmt: skip

    return app


@dataclass
class Desk:
    database: str
    token: str = ""
    session: str = ""
    member: str = ""
    texts: dict[str, str] = field(
        default_factory=lambda: {"첫 소식": "두레 첫 방송이 좋았어요", "둘째": "결제 오류가 나요"}
    )

    @contextlib.contextmanager
    def served(self) -> Iterator[tuple[str, str]]:
        with serving(feed_app(self.texts)) as feed, serving(self._app()) as url:
            yield url, feed

    def _app(self) -> FastAPI:
        state = State(self.database, connections=10)
        clock, hub, bell = SystemClock(), Hub(), Bell(state)
        governance, social = Governance(state, clock), Social(state, clock)
        outgoing = HttpOutgoing(["127.0.0.0/8"])
        heard_from = Sources(state, clock, governance, social, sources(outgoing), b"key")

        @contextlib.asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            await state.open()
            cast = await found_sori(state, clock)
            self.token = cast.token
            self.member = await governance.create_token(cast.mina, "user", "joon@sorimaru.example", ["*"])
            async with state.begin(cast.tenant) as tx:
                self.session = await governance.sessions.begin_in(tx, cast.tenant, cast.users["mina"].id)
            work = [bell.run(), screens.broadcasting(state, bell, hub)(), heard_from.pulling.work()]
            tasks = [asyncio.create_task(one) for one in work]
            yield
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await outgoing.close()
            await state.close()

        app = FastAPI(lifespan=lifespan)
        app.state.governance = governance
        front.install(app)
        for each in (governance_routes.router(governance), router(social), source_routes.outside(heard_from),
                     source_routes.router(heard_from, "https://dure.example")):  # fmt: skip
            include(app, each)

        async def heard(principal: Principal, topic: str) -> bool:
            return topic == "social"

        screens.install(app, Assets(gather(Path(dure.__file__).parent)), PAGES, governance, hub, heard)
        return app


@pytest.fixture
def desk(fresh_database: str) -> Desk:
    return Desk(fresh_database)


def test_a_feed_is_connected_looked_at_paused_and_let_go_of(browser: Browser, desk: Desk) -> None:
    with desk.served() as (url, feed):
        browser.cookie(url, COOKIE, desk.session)
        browser.open(url + "/social", lang="ko")
        browser.click("a.btn", "소스")
        browser.sees("연결된 소스가 없습니다")
        browser.click(".btn.pri", "소스 연결")
        browser.click(".social-src-card", "RSS·Atom 피드")
        browser.type("textarea", f"{feed}/atom")
        browser.click(".social-src-look .btn", "미리 보기")
        browser.sees("두레 첫 방송이 좋았어요", ".social-src-look")
        browser.click(".form .btn.pri", "연결")
        browser.sees("정상", ".panel")
        browser.until(lambda: browser.text(".social-src-ways tbody .num") == "2")
        browser.type(".social-src-days", "30")
        browser.click(".panel form .btn", "시작")
        browser.sees("끝났습니다", ".panel")
        browser.open(url + "/social", lang="en")
        browser.sees("결제 오류가 나요", ".social-row")
        browser.open(url + "/social/sources", lang="en", theme="dark")
        browser.sees("Well", "table")
        browser.click("table a")
        browser.click("[aria-label=More]")
        browser.click("[role=menuitem]", "Pause")
        browser.sees("Paused", ".panel")
        browser.click("[aria-label=More]")
        browser.click("[role=menuitem]", "Disconnect")
        browser.click("dialog .btn.danger, [role=dialog] .btn.danger")
        browser.sees("No source is connected")
        assert browser.complaints() == []


def test_the_doors_take_signed_calls_files_and_answers(desk: Desk) -> None:
    with desk.served() as (url, _), httpx.Client(base_url=url + "/api/v1", trust_env=False) as web:
        mina = {"authorization": f"Bearer {desk.token}"}
        made = web.post("/social-sources", headers=mina, json={
            "connector": "webhook", "name": "가게", "secrets": {"secret": "S"}, "settings": {"network": "shop"},
        })  # fmt: skip
        assert made.status_code == 201, made.text
        source = made.json()
        assert source["address"] == f"https://dure.example/api/v1/hear/{source['id']}"
        assert (source["has_secrets"], "sealed" in source, "S" in source["settings"].values()) == (True, False, False)
        body = json.dumps({"id": "1", "text": "환불은 어떻게 하나요?"}).encode()
        signature = hmac.new(b"S", body, hashlib.sha256).hexdigest()
        heard = web.post(f"/hear/{source['id']}", content=body, headers={"x-signature-256": signature})
        assert (heard.status_code, heard.json()["added"]) == (202, 1)
        assert web.post(f"/hear/{source['id']}", content=body).status_code == 403
        assert web.post("/hear/00000000-0000-0000-0000-000000000007", content=body).status_code == 404
        mention = web.get("/mentions", headers=mina).json()["mentions"][0]
        refused = web.post(f"/mentions/{mention['id']}/answers", headers=mina, json={"text": "안내", "key": "k"})
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "mention")
        files = web.post("/social-sources", headers=mina, json={"connector": "files", "name": "파일"}).json()
        place = f"/social-sources/{files['id']}/upload?name=x.csv"
        joon = {"authorization": f"Bearer {desk.member}"}
        assert web.post(place, headers=joon, content="내용\n좋아요 정말\n".encode()).json()["added"] == 1
        wrong = web.post(place, headers=joon, content="내용,별점\n좋아요,9\n".encode())
        assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "rows[2].rating")
        assert web.post("/social-sources", headers=joon, json={"connector": "files", "name": "x"}).status_code == 403
        listed = web.get("/social-sources", headers=joon).json()
        assert [one["name"] for one in listed["sources"]] == ["가게", "파일"]
        assert {one["name"]: one["basis"] for one in listed["connectors"]}["reddit"] == "terms_restricted"
        unknown = web.patch(f"/social-sources/{files['id']}", headers=mina, json={"settings": {"x": "y"}})
        assert unknown.json()["error"]["field"] == "settings.x"
        assert web.delete(f"/social-sources/{files['id']}", headers=mina).status_code == 204
