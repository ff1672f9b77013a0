"""Sorimaru's channels with screens, served on a port for a real browser, with a day's talk in them."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from dure import main, screens
from dure.channels.api import Channels, Draft
from dure.channels.apps.api import Apps
from dure.channels.canvas.api import Pages
from dure.channels.canvas.routes import router as page_router
from dure.channels.files.api import Files
from dure.channels.files.door import file_door
from dure.channels.files.folder import FolderBlobs
from dure.channels.files.routes import router as file_router
from dure.channels.guarding import routes as guard_routes
from dure.channels.guarding.api import Guards
from dure.channels.interaction import routes as interaction_routes
from dure.channels.interaction.api import Interaction
from dure.channels.interaction.asides import ShownAsides
from dure.channels.interaction.plugs import Unconnected
from dure.channels.moving import routes as moving_routes
from dure.channels.moving.api import Movings
from dure.channels.moving.working import Mover
from dure.channels.notice.follow import NoticeFollower
from dure.channels.notice.mailing import Mailing
from dure.channels.page import PAGES
from dure.channels.retention import routes as retention_routes
from dure.channels.routes import app_approvals, notices, router
from dure.channels.routes import apps as app_routes
from dure.channels.routes import search as search_routes
from dure.channels.search.api import Search
from dure.channels.search.index import Indexer
from dure.channels.slack.install import install_router
from dure.channels.spanning import routes as spanning_routes
from dure.channels.takeout import routes as takeout_routes
from dure.channels.takeout.api import Takeouts
from dure.channels.takeout.making import Maker
from dure.connectors.mail import mailer_from
from dure.connectors.postman import MailerPostman
from dure.feed.api import Bell, Whispers
from dure.governance import organisation_routes
from dure.governance import routes as governance_routes
from dure.governance.api import Governance, Principal
from dure.governance.barriers import routes as barrier_routes
from dure.governance.http import COOKIE
from dure.governance.policies import routes as policy_routes
from dure.kernel.clock import ShiftedClock
from dure.state import State
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.push import Sender
from dure.web.routing import include
from dure.work import every
from tests.people_of import Cast, found_sori
from tests.web.browser import Browser, serving

_CARD: list[Any] = [
    {"type": "header", "text": {"type": "plain_text", "text": "한빛커피 4분기 브랜딩"}},
    {
        "type": "section",
        "fields": [
            {"type": "mrkdwn", "text": "*금액*\n1억 2,000만원"},
            {"type": "mrkdwn", "text": "*단계*\n제안 (25%)"},
            {"type": "mrkdwn", "text": "*담당*\n<@MINA>"},
            {"type": "mrkdwn", "text": "*마감*\n12월 15일"},
        ],
    },
    {"type": "divider"},
    {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": "자동화 *거래 채널 열기* :zap: </deals/d-1|거래 열기>"}],
    },
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "거래 열기"},
                "url": "/deals/d-1",
                "style": "primary",
            },
            {"type": "button", "text": {"type": "plain_text", "text": "승인"}, "action_id": "ok"},
        ],
    },
]


@dataclass
class House:
    """What a test of screens holds: the address, sessions, channel ids, and a way to act as somebody."""

    url: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=dict)

    def enter(self, browser: Browser, who: str, path: str, lang: str = "ko", theme: str = "light") -> None:
        browser.cookie(self.url, COOKIE, self.sessions[who])
        browser.open(self.url + path, lang=lang, theme=theme)

    def ask(self, who: str, method: str, path: str, **body: Any) -> Any:
        """A call of the API as somebody."""
        headers = {"authorization": f"Bearer {self.tokens[who]}"}
        answer = httpx.request(method, f"{self.url}/api/v1{path}", headers=headers, json=body or None)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def say(self, who: str, room: str, text: str, **more: Any) -> str:
        said = self.ask(who, "POST", f"/channels/{self.rooms[room]}/messages", text=text, **more)
        return str(said["messages"][0]["ts"])


@contextlib.contextmanager
def open_house(database: str, again: House | None = None) -> Iterator[House]:
    """A house on a free port; `again` opens one once more where it was, as after a restart of its server."""
    house = again or House()
    app = FastAPI(lifespan=lambda app: _living(app, database, house))
    front.install(app, larger={"/api/v1/files/upload": 64 << 20, moving_routes.UPLOAD: 64 << 20})
    with serving(app, int(house.url.rpartition(":")[2] or 0)) as url:
        house.url = url
        yield house


@asynccontextmanager
async def _living(app: FastAPI, database: str, house: House) -> AsyncIterator[None]:
    state, clock = State(database, connections=8), ShiftedClock(timedelta(minutes=-86))
    await state.open()
    cast = None if house.rooms else await found_sori(state, clock)
    governance = cast.governance if cast else Governance(state, clock)
    channels = Channels(state, clock, governance)
    app.state.governance = governance
    include(app, notices.router(channels, Sender(b"key", "mailto:dure@sorimaru.example")))
    postman = MailerPostman(mailer_from(""), "dure@sorimaru.example")
    include(app, notices.outside(Mailing(state, clock, governance, postman, key=b"key", site="")))
    include(app, router(channels))
    include(app, spanning_routes.router(channels.spanning))
    include(app, organisation_routes.router(governance.organisation, governance.sign_out, governance.about))
    include(app, barrier_routes.router(governance.barriers))
    folder = tempfile.TemporaryDirectory(prefix="dure-files-")
    files = Files(state, clock, channels, FolderBlobs(Path(folder.name)))
    include(app, file_router(files, channels))
    include(app, file_door(files))
    include(app, page_router(Pages(state, clock, channels), channels))
    interaction = Interaction(state, clock, governance, channels, Unconnected(), ShownAsides(clock, channels))
    include(app, interaction_routes.router(interaction))
    apps, assets = Apps(state, clock, governance, channels), Assets(gather(main.PACKAGE))
    include(app, app_routes.router(apps, channels))
    include(app, app_approvals.router(apps, governance))
    include(app, governance_routes.router(governance))
    include(app, policy_routes.router(governance.policies))
    include(app, install_router(apps, channels, assets))
    include(app, policy_routes.router(governance.policies))
    app.include_router(guard_routes.router(guards := Guards(state, clock, governance, channels)))
    include(app, retention_routes.router(channels.retention))
    include(app, takeout_routes.router(Takeouts(state, clock, governance, files)))
    maker = Maker(state, None, clock, governance, channels.keeping, files, {})
    include(app, moving_routes.router(Movings(state, clock, governance, channels, files)))
    mover = Mover(state, clock, governance, channels, files, site=f"{house.url}/")
    include(app, search_routes.router(Search(state, clock, governance, channels), channels))
    bell, hub = Bell(state), Hub()
    screens.install(app, assets, in_order(PAGES), governance, hub, channels.may_hear)
    if cast:
        await _day(house, cast, channels, clock)
    clock.offset = timedelta()
    indexing, follower = Indexer(state), NoticeFollower(state, clock, governance)
    loops = [
        asyncio.ensure_future(loop())
        for loop in (
            bell.run, screens.broadcasting(state, bell, hub), Whispers(state, hub.whisper).run,
            lambda: follower.run(bell), lambda: indexing.run(bell), every(0.2, channels.spanning.bulks.step),
            every(0.2, guards.go_on), every(0.2, maker.tick), every(0.2, mover.tick),
        )
    ]  # fmt: skip
    yield
    for task in loops:
        task.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    await state.close()
    folder.cleanup()


async def _day(house: House, cast: Cast, channels: Channels, clock: ShiftedClock) -> None:
    governance, mina, joon, rina = cast.governance, cast.mina, cast.joon, cast.rina
    house.tokens = {"mina": cast.token, "rina": cast.rival_token}
    house.tokens["joon"] = await governance.create_token(mina, "user", joon.user, ["*"])
    house.sessions["mina"] = await governance.follow_link(await governance.sign_in_link(mina, mina.user))
    house.sessions["joon"] = await governance.sign_in("joon@sorimaru.example", "correct horse")
    house.sessions["rina"] = await governance.follow_link(await governance.sign_in_link(rina, rina.user))
    house.users = {"mina": mina.user, "joon": joon.user, "rina": rina.user}
    bot = await governance.principal(cast.bot_token)

    async def say(who: Principal, room: str, text: str, minutes: int = 1, **more: Any) -> int:
        clock.advance(timedelta(minutes=minutes))
        return (await channels.post(who, house.rooms[room], Draft(text, **more))).ts

    async def make(name: str, purpose: str, *, private: bool = False) -> None:
        made = await channels.create(mina, name, purpose=purpose, members=[joon.user], private=private)
        house.rooms[name] = made.id

    await make("deal-한빛커피", "한빛커피 · 1억 2,000만원")
    await make("q4-launch", "4분기 캠페인 런칭")
    await make("경영-비공개", "임원만", private=True)
    await make("광고주-라이벌", "라이벌과 함께 쓰는 채널")
    shared = house.rooms["광고주-라이벌"]
    await channels.offer(mina, shared, "rival")
    await channels.accept(rina, shared, "소리마루")
    house.rooms["direct"] = (await channels.open_direct(mina, [joon.user]))[0].id
    clock.advance(timedelta(minutes=5))
    card = [*_CARD]
    card[1] = {
        "type": "section",
        "fields": [{**f, "text": f["text"].replace("MINA", mina.user)} for f in card[1]["fields"]],
    }
    await channels.join(bot, house.rooms["deal-한빛커피"])
    await say(bot, "deal-한빛커피", "한빛커피 4분기 브랜딩", blocks=card)
    root = await say(
        joon, "deal-한빛커피", "제안서 v3 공유드립니다. 12페이지 *단가표*만 확인 부탁드려요. https://example.com/v3", 4
    )
    await say(joon, "deal-한빛커피", "지난번보다 `CPM`을 _8 %_ 낮췄습니다.")
    await say(mina, "deal-한빛커피", "확인했어요 :+1:", 3, thread=root)
    await say(joon, "deal-한빛커피", "감사합니다!", thread=root)
    await channels.react(mina, house.rooms["deal-한빛커피"], root, "tada")
    await say(mina, "deal-한빛커피", f"<@{joon.user}> 금요일까지 계약서 초안 가능할까요?\n> 법무 검토 이틀 필요", 9)
    await say(joon, "deal-한빛커피", "네, 목요일에 드릴게요.", 2)
    await say(joon, "q4-launch", "오늘 오전 기준 소진율이 87 %입니다. 주말 전에 증액 여부를 결정해야 해요.")
    await say(mina, "q4-launch", "<script>alert(1)</script> &lt;b&gt;", 1)
    await say(rina, "광고주-라이벌", "안녕하세요, 이번 주 리포트는 언제 받을 수 있을까요?", 5)
    clock.advance(timedelta(minutes=50))
    await channels.tick(clock.now())
    await say(joon, "direct", "점심 같이 하실래요?", 1)
    for n in range(130):
        await channels.post(joon if n % 3 else mina, house.rooms["경영-비공개"], Draft(f"안건 {n}"))
