"""A Discourse on a local port, which pydiscourse, unmodified, reads and writes as Dure does; and its webhook."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI, Request, Response
from pydiscourse import DiscourseClient

from dure.kernel.errors import NotAllowed
from dure.social.plugs import Call, Post, Said
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk
from tests.web.browser import serving

pytestmark = pytest.mark.anyio


@dataclass
class Forum:
    posts: dict[int, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def post(self, text: str, ago: float, topic: int = 5, number: int = 1, **more: Any) -> dict[str, Any]:
        made = (MONDAY_NOON - timedelta(minutes=ago)).isoformat().replace("+00:00", "Z")
        known = len(self.posts) + 1
        self.posts[known] = post = {
            "id": known, "raw": text, "cooked": f"<p>{text}</p>", "topic_id": topic, "topic_slug": "hello",
            "topic_title": "두레 이야기", "post_number": number, "reply_to_post_number": None, "username": "nari",
            "name": "나리", "created_at": made, "updated_at": made, "version": 1, **more,
        }  # fmt: skip
        return post


def forum_app(held: Forum) -> FastAPI:
    app = FastAPI()

    def told(value: Any) -> Response:
        # pydiscourse takes an answer only under exactly this name of its kind.
        return Response(json.dumps(value), headers={"content-type": "application/json; charset=utf-8"})

    @app.get("/posts.json")
    async def posts(before: str = "") -> Response:
        held.asked.append(before)
        found = sorted((one for one in held.posts.values() if not before or one["id"] < int(before)),
                       key=lambda one: -one["id"])  # fmt: skip
        return told({"latest_posts": found[:3]})

    @app.post("/posts.json")
    @app.post("/posts")
    async def write(request: Request) -> Response:
        if request.headers.get("api-key") != "KEY":
            return Response('{"errors": ["You are not permitted"]}', 403)
        body = await request.body()
        form = json.loads(body) if request.headers["content-type"].startswith("application/json") else dict(
            await request.form()
        )  # fmt: skip
        topic = int(form.get("topic_id") or 40 + len(held.posts))
        return told(held.post(str(form["raw"]), 0, topic, 2, reply_to_post_number=form.get("reply_to_post_number"),
                              topic_title=form.get("title")))  # fmt: skip

    @app.get("/posts/{post}.json")
    async def one(post: int) -> Response:
        return told(held.posts[post])

    return app


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Forum, str]]:
    held = Forum()
    with serving(forum_app(held)) as address:
        yield held, address


@pytest.fixture
def forum(served: tuple[Forum, str]) -> tuple[Forum, str]:
    served[0].__init__()  # type: ignore[misc]
    return served


def hook(event: str, post: dict[str, Any], secret: str = "S") -> Call:
    body = json.dumps({"post": post}).encode()
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"x-discourse-event": event, "x-discourse-event-signature": signature}
    return Call("POST", "dure.example", "/api/v1/hear/x", headers, body)


async def test_pydiscourse_reads_and_writes_on_the_same_server(forum: tuple[Forum, str]) -> None:
    held, address = forum
    held.post("두레 좋아요", 3)

    def ask() -> list[Any]:
        client = DiscourseClient(address, api_username="system", api_key="KEY")
        latest = client.latest_posts()["latest_posts"]
        return [latest[0]["raw"], client.create_post("고맙습니다", topic_id=5)["raw"]]

    assert await asyncio.to_thread(ask) == ["두레 좋아요", "고맙습니다"]


async def test_posts_are_read_downwards_to_what_is_known(desk: Desk, forum: tuple[Forum, str]) -> None:
    held, address = forum
    for number in range(7):
        held.post(f"두레 {'정말 ' * number}좋아요", 30 - number, number=number + 1)
    source = await desk.connect("discourse", {"server": address})
    await desk.ask()
    assert ((await desk.health(source)).brought, held.asked) == (7, ["", "5", "2"])
    held.post("결제 오류가 나요", 1, number=8)
    held.asked.clear()
    await desk.ask(turns=2)
    assert ((await desk.health(source)).brought, held.asked) == (8, [""])
    newest = (await desk.mentions())[-1]
    assert (newest.thread, newest.kind, newest.url) == ("5/8", "comment", f"{address}/t/hello/5/8")


async def test_the_webhook_tells_edits_and_deletions(desk: Desk, forum: tuple[Forum, str]) -> None:
    held, address = forum
    source = await desk.connect("discourse", {"server": address}, {"hook": "S"})
    post, known = held.post("화면이 멈춰요", 3), source.source.id
    assert (await desk.sources.hearing.hear(known, hook("post_created", post))).added == 1
    assert (await desk.sources.hearing.hear(known, hook("post_created", post))).added == 0
    edited = {**post, "raw": "고쳐졌어요, 좋아요", "version": 2, "updated_at": "2026-11-23T02:59:00Z"}
    assert (await desk.sources.hearing.hear(known, hook("post_edited", edited))).edited == 1
    assert await desk.texts() == ["고쳐졌어요, 좋아요"]
    assert (await desk.sources.hearing.hear(known, hook("post_destroyed", edited))).deleted == 1
    assert await desk.texts() == []
    with pytest.raises(NotAllowed):
        await desk.sources.hearing.hear(known, hook("post_created", post, "another secret"))
    assert (await desk.health(source, "hear")).trouble["code"] == "unsigned"


async def test_an_answer_names_topic_and_post(desk: Desk, forum: tuple[Forum, str]) -> None:
    held, address = forum
    held.post("환불은 어떻게 하나요?", 3, number=4)
    await desk.connect("discourse", {"server": address}, {"key": "KEY"})
    await desk.ask()
    (mention,) = await desk.mentions()
    said = await desk.sources.saying.reply(desk.cast.mina, mention.id, "안내합니다", "k")
    assert isinstance(said, Said)
    written = held.posts[int(said.reference)]
    assert (written["topic_id"], written["reply_to_post_number"]) == (5, "4")
    posted = await desk.sources.saying.publish(desk.cast.mina, desk.ids[0], Post("본문", title="새 소식"), "k2")
    assert isinstance(posted, Said)
    assert held.posts[int(posted.reference)]["topic_title"] == "새 소식"
