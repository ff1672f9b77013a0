"""Reddit on a local port, which praw, unmodified, reads and answers on as Dure does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import praw
import pytest
from fastapi import FastAPI, Request, Response

from dure.social.plugs import Post, Refused, Said
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk
from tests.web.browser import serving

pytestmark = pytest.mark.anyio

NOW = MONDAY_NOON.timestamp()


@dataclass
class Reddit:
    things: dict[str, dict[str, Any]] = field(default_factory=dict)
    grants: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    left: str = "99.0"

    def post(self, name: str, title: str, text: str, ago: float) -> dict[str, Any]:
        self.things[f"t3_{name}"] = thing = {
            "id": name, "name": f"t3_{name}", "title": title, "selftext": text, "author": "nari", "edited": False,
            "created_utc": NOW - ago * 60, "permalink": f"/r/dure/comments/{name}/x/", "subreddit": "dure", "score": 3,
            "url": f"https://www.reddit.com/r/dure/comments/{name}/x/", "num_comments": 0,
        }  # fmt: skip
        return thing

    def comment(self, name: str, text: str, ago: float, post: str) -> dict[str, Any]:
        self.things[f"t1_{name}"] = thing = {
            "id": name, "name": f"t1_{name}", "body": text, "author": "joa", "edited": False,
            "created_utc": NOW - ago * 60, "permalink": f"/r/dure/comments/{post}/x/{name}/", "subreddit": "dure",
            "link_id": f"t3_{post}", "parent_id": f"t3_{post}", "score": 1,
        }  # fmt: skip
        return thing

    def listing(self, kind: str, after: str, limit: int) -> dict[str, Any]:
        found = sorted((one for name, one in self.things.items() if name.startswith(kind)),
                       key=lambda one: -one["created_utc"])  # fmt: skip
        begin = next((n + 1 for n, one in enumerate(found) if one["name"] == after), 0)
        page = found[begin : begin + min(limit, 2)]
        more = begin + len(page) < len(found)
        children = [{"kind": kind, "data": one} for one in page]
        return {"kind": "Listing", "data": {"children": children, "after": page[-1]["name"] if more else None}}


def reddit_app(held: Reddit) -> FastAPI:
    app = FastAPI()

    @app.post("/api/v1/access_token")
    async def token(request: Request) -> Any:
        held.grants.append(str((await request.form())["grant_type"]))
        if not request.headers.get("authorization", "").startswith("Basic "):
            return Response('{"message": "Unauthorized", "error": 401}', 401)
        return {"access_token": "AT", "token_type": "bearer", "expires_in": 86400, "scope": "*"}

    def limited(response: Response) -> None:
        response.headers.update(
            {"x-ratelimit-remaining": held.left, "x-ratelimit-used": "1", "x-ratelimit-reset": "45"}
        )

    @app.get("/r/{name}/new")
    async def new(name: str, response: Response, after: str = "", limit: int = 100) -> Any:
        limited(response)
        held.asked.append(f"new {after}")
        return held.listing("t3", after, limit)

    @app.get("/r/{name}/comments")
    async def comments(name: str, response: Response, after: str = "", limit: int = 100) -> Any:
        limited(response)
        return held.listing("t1", after, limit)

    @app.get("/api/info")
    async def info(id: str) -> Any:
        found = [held.things[one] for one in id.split(",") if one in held.things]
        return {"kind": "Listing", "data": {"children": [{"kind": one["name"][:2], "data": one} for one in found]}}

    @app.post("/api/comment")
    @app.post("/api/comment/")
    async def answer(request: Request) -> Any:
        form = await request.form()
        if form["text"] == "too fast":
            return {"json": {"errors": [["RATELIMIT", "Take a break for 9 minutes.", "ratelimit"]]}}
        made = held.comment(f"c{len(held.things)}", str(form["text"]), 0, str(form["thing_id"])[3:])
        return {"json": {"errors": [], "data": {"things": [{"kind": "t1", "data": made}]}}}

    @app.post("/api/submit")
    @app.post("/api/submit/")
    async def submit(request: Request) -> Any:
        form = await request.form()
        made = held.post(f"s{len(held.things)}", str(form["title"]), str(form.get("text", "")), 0)
        return {"json": {"errors": [], "data": {"id": made["id"], "name": made["name"], "url": made["url"]}}}

    return app


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Reddit, str]]:
    held = Reddit()
    with serving(reddit_app(held)) as address:
        yield held, address


@pytest.fixture
def reddit(served: tuple[Reddit, str]) -> tuple[Reddit, str]:
    served[0].__init__()  # type: ignore[misc]
    return served


def settings(address: str, **more: str) -> dict[str, str]:
    return {"agreed": "yes", "subreddits": "dure", "client": "ID", "server": address, "tokens": address, **more}


async def test_praw_reads_and_answers_on_the_same_server(reddit: tuple[Reddit, str]) -> None:
    held, address = reddit
    for number in range(3):
        held.post(f"p{number}", f"두레 {number}", "후기", number)

    def read() -> list[str]:
        client = praw.Reddit(
            client_id="ID", client_secret="S", user_agent="test", reddit_url=address, oauth_url=address,
            username="dure", password="pw", check_for_updates=False,
        )  # fmt: skip
        titles = [one.title for one in client.subreddit("dure").new(limit=10)]
        titles.append(client.submission("p0").reply("확인하겠습니다").body)
        client._core.close() if hasattr(client._core, "close") else client._core._requestor.close()
        return titles

    assert await asyncio.to_thread(read) == ["두레 0", "두레 1", "두레 2", "확인하겠습니다"]


async def test_nothing_is_asked_before_its_terms_are_agreed_to(desk: Desk, reddit: tuple[Reddit, str]) -> None:
    held, address = reddit
    held.post("p", "두레", "후기", 1)
    source = await desk.connect("reddit", settings(address, agreed=""), {"secret": "S"})
    await desk.ask()
    assert ((await desk.health(source)).trouble["code"], held.grants) == ("settings", [])


async def test_posts_and_comments_are_read_to_what_is_known(desk: Desk, reddit: tuple[Reddit, str]) -> None:
    held, address = reddit
    for number in range(5):
        held.post(f"p{number}", f"두레 후기 {number}", f"{'정말 ' * number}좋아요 {number}", 30 + number)
    held.comment("c1", "저는 결제 오류만 나요", 20, "p1")
    source = await desk.connect("reddit", settings(address), {"secret": "S"})
    await desk.ask()
    assert (await desk.health(source)).brought == 6
    comment = next(one for one in await desk.mentions() if one.kind == "comment")
    assert (comment.thread, comment.handle) == ("t3_p1", "u/joa")
    held.asked.clear()
    await desk.ask(turns=2)
    assert ((await desk.health(source)).brought, held.asked) == (6, ["new ", "new t3_p1", "new t3_p3"])


async def test_edits_and_what_authors_took_back_are_followed(desk: Desk, reddit: tuple[Reddit, str]) -> None:
    held, address = reddit
    edited, taken = held.post("p1", "두레", "별로예요", 30), held.post("p2", "두레 앱", "화면이 멈춰요", 40)
    await desk.connect("reddit", settings(address), {"secret": "S"})
    await desk.ask()
    edited |= {"selftext": "다시 써 보니 좋아요", "edited": NOW + 60}
    taken |= {"selftext": "[deleted]", "author": None}
    desk.clock.advance(timedelta(minutes=5))
    await desk.ask()
    assert await desk.texts() == ["다시 써 보니 좋아요"]
    assert len(await desk.events("Mention Deleted")) == 1


async def test_limits_are_kept(desk: Desk, reddit: tuple[Reddit, str]) -> None:
    held, address = reddit
    held.post("p1", "두레", "좋아요", 3)
    held.left = "0.0"
    source = await desk.connect("reddit", settings(address), {"secret": "S"})
    await desk.ask()
    assert (await desk.health(source)).due_at - desk.clock.now() == timedelta(seconds=45)


async def test_answers_and_posts_need_the_accounts_password(desk: Desk, reddit: tuple[Reddit, str]) -> None:
    held, address = reddit
    held.post("p1", "두레", "환불은 어떻게 하나요?", 3)
    source = await desk.connect("reddit", settings(address, user="dure"), {"secret": "S"})
    await desk.ask()
    (mention,) = await desk.mentions()
    saying = desk.sources.saying
    refused = await saying.reply(desk.cast.mina, mention.id, "안내합니다", "k")
    assert isinstance(refused, Refused)
    await desk.sources.change(desk.cast.mina, source.source.id, secrets={"password": "pw"})
    said = await saying.reply(desk.cast.mina, mention.id, "안내합니다", "k")  # what was refused may be said again
    assert isinstance(said, Said)
    assert (held.things[said.reference]["parent_id"], held.grants[-1]) == ("t3_p1", "password")
    limited = await saying.reply(desk.cast.mina, mention.id, "too fast", "k2")
    assert (isinstance(limited, Refused), getattr(limited, "code", "")) == (True, "busy")
    posted = await saying.publish(desk.cast.mina, source.source.id, Post("본문", title="제목"), "k3")
    assert isinstance(posted, Said)
    assert held.things[posted.reference]["title"] == "제목"
