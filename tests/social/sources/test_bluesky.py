"""Bluesky on local ports: a Jetstream and an XRPC server, both read and written by atproto's own clients, unmodified,
as Dure does."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from atproto import Client
from atproto_jetstream import AsyncJetstreamClient
from fastapi import FastAPI, Request, Response
from websockets.asyncio.server import ServerConnection, serve

from dure.social.plugs import Post, Refused, Said
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk
from tests.web.browser import serving

pytestmark = pytest.mark.anyio

DID = "did:plc:nari2222222222222222222a"
CID = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a"
POSTS = "app.bsky.feed.post"
EVENTS = "network.bsky.jetstream.subscribeEvents"


def at(seconds: float) -> str:
    moment = MONDAY_NOON - timedelta(minutes=10) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def record(text: str, seconds: float = 0, **more: Any) -> dict[str, Any]:
    return {"$type": POSTS, "text": text, "createdAt": at(seconds), "langs": ["ko"], **more}


def frame(seq: int, rkey: str, operation: str, text: str = "", **more: Any) -> dict[str, Any]:
    made = {} if operation == "delete" else {"cid": CID, "record": record(text, seq, **more)}
    return {
        "$type": "message",
        "payload": {"$type": f"{EVENTS}#commit", "seq": seq, "did": DID, "rev": "3l3qo2vutsw2b", "time": at(seq),
                    "witnessedAt": at(seq), "operation": operation, "collection": POSTS, "rkey": rkey, **made},
    }  # fmt: skip


@dataclass
class Jetstream:
    """Its events, of which each line hears those that were witnessed at or after its cursor."""

    frames: list[dict[str, Any]] = field(default_factory=list)
    cursors: list[int] = field(default_factory=list)
    stays: bool = False

    async def __call__(self, line: ServerConnection) -> None:
        assert line.request is not None
        parts = urlsplit(line.request.path)
        asked = parse_qs(parts.query)
        assert parts.path == f"/xrpc/{EVENTS}"
        assert asked.get("collections", [POSTS]) == [POSTS]
        cursor = int(asked.get("cursor", ["0"])[0])
        self.cursors.append(cursor)
        for one in self.frames:
            witnessed = datetime.fromisoformat(one["payload"]["witnessedAt"])
            place = int(witnessed.timestamp() * 1e6) if cursor >= 10**15 else one["payload"]["seq"]
            if place >= cursor:
                await line.send(json.dumps(one, ensure_ascii=False))
        if self.stays:
            await line.wait_closed()

    @contextlib.asynccontextmanager
    async def served(self) -> AsyncIterator[str]:
        async with serve(self, "127.0.0.1", 0, subprotocols=["xrpc.v1.json"]) as server:
            yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@dataclass
class Pds:
    """An account server with search: posts by address."""

    posts: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, rkey: str, text: str, seconds: float = 0, **more: Any) -> str:
        uri = f"at://{DID}/{POSTS}/{rkey}"
        self.posts[uri] = {
            "$type": "app.bsky.feed.defs#postView", "uri": uri, "cid": CID, "indexedAt": at(seconds),
            "author": {"did": DID, "handle": "nari.bsky.example", "displayName": "나리"},
            "record": record(text, seconds, **more), "likeCount": 0,
        }  # fmt: skip
        return uri


def pds_app(held: Pds) -> FastAPI:
    app = FastAPI()
    session = {"did": DID, "handle": "dure.bsky.example", "active": True}

    @app.post("/xrpc/com.atproto.server.createSession")
    async def create(request: Request) -> Any:
        said = await request.json()
        if said["password"] != "app-pass-word":
            return Response('{"error": "AuthenticationRequired", "message": "Invalid identifier or password"}', 401)
        return {**session, "accessJwt": jwt(), "refreshJwt": jwt()}

    @app.get("/xrpc/app.bsky.actor.getProfile")
    async def profile() -> dict[str, Any]:
        return {"did": DID, "handle": "dure.bsky.example"}

    @app.get("/xrpc/app.bsky.feed.searchPosts")
    async def search(q: str, limit: int = 25, cursor: str = "") -> dict[str, Any]:
        held.asked.append(cursor)
        found = [one for one in held.posts.values() if q.lower() in one["record"]["text"].lower()]
        found.sort(key=lambda one: one["indexedAt"], reverse=True)
        begin, most = int(cursor or 0), min(limit, 3)
        page = {"posts": found[begin : begin + most]}
        return page | ({"cursor": str(begin + most)} if begin + most < len(found) else {})

    @app.get("/xrpc/app.bsky.feed.getPosts")
    async def several(request: Request) -> dict[str, Any]:
        uris = request.query_params.getlist("uris")
        return {"posts": [held.posts[uri] for uri in uris if uri in held.posts]}

    @app.post("/xrpc/com.atproto.repo.createRecord")
    async def write(request: Request) -> Any:
        said = await request.json()
        rkey = said.get("rkey") or f"made{len(held.posts)}"
        if f"at://{DID}/{POSTS}/{rkey}" in held.posts:
            return Response('{"error": "InvalidRequest", "message": "Record already exists"}', 400)
        made = said["record"]
        uri = held.put(rkey, made["text"], 600, reply=made.get("reply"), facets=made.get("facets"))
        return {"uri": uri, "cid": CID}

    return app


def jwt() -> str:
    return "eyJhbGciOiJub25lIn0.eyJleHAiOjQwMDAwMDAwMDB9."


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Pds, str]]:
    held = Pds()
    with serving(pds_app(held)) as address:
        yield held, address


@pytest.fixture
def pds(served: tuple[Pds, str]) -> tuple[Pds, str]:
    served[0].posts.clear()
    served[0].asked.clear()
    return served


async def test_atprotos_own_jetstream_client_hears_the_same_frames() -> None:
    stream = Jetstream([frame(1, "a", "create", "두레 좋아요"), frame(2, "a", "delete")], stays=True)
    async with stream.served() as address:
        client = AsyncJetstreamClient({"collections": [POSTS]}, base_uri=f"{address}/xrpc", compress=False)
        heard: list[tuple[str, Any]] = []

        async def on(message: Any) -> None:
            heard.append((message.operation, message.record["text"] if message.record else None))
            if len(heard) == 2:
                await client.stop()

        await asyncio.wait_for(client.start(on), 10)
    assert heard == [("create", "두레 좋아요"), ("delete", None)]


async def test_atprotos_own_client_searches_and_posts_on_the_same_server(pds: tuple[Pds, str]) -> None:
    held, address = pds
    held.put("one", "두레 앱 결제 오류")
    client = Client(base_url=f"{address}/xrpc")
    await asyncio.to_thread(client.login, "dure.bsky.example", "app-pass-word")
    found = await asyncio.to_thread(client.app.bsky.feed.search_posts, {"q": "두레"})
    assert [one.record.text for one in found.posts] == ["두레 앱 결제 오류"]
    made = await asyncio.to_thread(client.send_post, "안녕하세요")
    assert held.posts[made.uri]["record"]["text"] == "안녕하세요"
    client.request.close()


async def test_a_line_tells_what_holds_a_word_and_what_is_gone(desk: Desk) -> None:
    stream = Jetstream(
        [frame(1, "a", "create", "두레 결제가 안 돼요"), frame(2, "b", "create", "오늘 날씨 좋다"),
         frame(3, "c", "create", "DURE app crashes a lot"), frame(4, "c", "delete"), frame(5, "zz", "delete"),
         frame(6, "a", "update", "두레 결제가 이제 돼요")]
    )  # fmt: skip
    async with stream.served() as address:
        source = await desk.connect("bluesky", {"words": "두레, dure", "stream": address})
        await desk.sources.streaming.step()
        (one,) = await desk.mentions()
        assert (one.text, one.language) == ("두레 결제가 이제 돼요", "ko")
        assert one.url == f"https://bsky.app/profile/{DID}/post/a"
        way = await desk.health(source, "stream")
        assert way.cursor == {"at": int(datetime.fromisoformat(at(6)).timestamp() * 1e6)}
        assert way.trouble["code"] == "unreached"  # the stand-in ended its line
        (kept,) = await desk.sources.payloads(desk.cast.mina, source.source.id)
        assert "날씨" not in kept.body


async def test_a_line_that_is_opened_again_begins_a_little_earlier(desk: Desk) -> None:
    stream = Jetstream([frame(1, "a", "create", "두레 좋아요 정말로")])
    async with stream.served() as address:
        await desk.connect("bluesky", {"words": "두레", "stream": address})
        await desk.sources.streaming.step()
        stream.frames += [frame(2, "b", "create", "두레 방송이 자꾸 끊겨요"), frame(3, "a", "delete")]
        desk.clock.advance(timedelta(minutes=5))
        await desk.sources.streaming.step()
    first = int(datetime.fromisoformat(at(1)).timestamp() * 1e6)
    assert stream.cursors == [0, first - 5_000_000]
    assert await desk.texts() == ["두레 방송이 자꾸 끊겨요"]
    assert len(await desk.events("Mention Arrived")) == 2


async def test_a_held_line_is_put_down_when_its_source_is_paused(desk: Desk) -> None:
    stream = Jetstream([frame(1, "a", "create", "두레 좋아요")], stays=True)
    async with stream.served() as address:
        source = await desk.connect("bluesky", {"words": "두레", "stream": address})
        held = asyncio.create_task(desk.sources.streaming.step())
        async with asyncio.timeout(20):
            while not await desk.mentions():  # noqa: ASYNC110  (what is waited for is in the database)
                await asyncio.sleep(0.02)
            await desk.sources.change(desk.cast.mina, source.source.id, paused=True)
            desk.clock.advance(timedelta(minutes=1))  # a quiet line looks now and then whether it is still its own
            assert await held
        assert not await desk.sources.streaming.step()


async def test_search_finds_what_was_said_before_and_what_is_gone(desk: Desk, pds: tuple[Pds, str]) -> None:
    held, address = pds
    for number in range(5):
        held.put(f"p{number}", f"두레 {'아주 ' * number}좋아요 {number}", number)
    given = {"words": "두레", "handle": "dure.bsky.example", "server": address, "stream": "ws://127.0.0.1:1"}
    source = await desk.connect("bluesky", given, {"password": "app-pass-word"})
    await desk.ask()
    assert (await desk.health(source)).brought == 5
    assert held.asked == ["", "3"]
    del held.posts[f"at://{DID}/{POSTS}/p4"]
    await desk.ask(turns=2)
    assert len(await desk.events("Mention Deleted")) == 1
    refused = await desk.sources.preview(desk.cast.mina, "bluesky", given, {"password": "no"})
    assert refused.trouble is not None
    assert refused.trouble["code"] == "refused_key"


async def test_an_answer_names_its_thread_and_stands_there_once(desk: Desk, pds: tuple[Pds, str]) -> None:
    held, address = pds
    root = {"uri": f"at://{DID}/{POSTS}/root", "cid": CID}
    uri = held.put("p1", "두레 환불은 어떻게 하나요", reply={"root": root, "parent": root})
    given = {"words": "두레", "handle": "dure.bsky.example", "server": address}
    await desk.connect("bluesky", given, {"password": "app-pass-word"})
    await desk.ask()
    (mention,) = await desk.mentions()
    assert (mention.external, mention.thread, mention.kind) == (uri, root["uri"], "comment")
    said = await desk.sources.saying.reply(desk.cast.mina, mention.id, "안내 https://dure.example/refund", "k1")
    assert isinstance(said, Said)
    written = held.posts[said.reference]["record"]
    assert written["reply"] == {"root": root, "parent": {"uri": uri, "cid": CID}}
    assert written["facets"][0]["index"] == {"byteStart": 7, "byteEnd": 34}
    post = Post("새 방송", url="https://dure.example/live", language="ko")
    assert isinstance(await desk.sources.saying.publish(desk.cast.mina, desk.ids[0], post, "k2"), Said)
    # Even a second process that knows nothing of the first is refused by the server: the record's name is the key's.
    connector: Any = desk.sources.connectors["bluesky"]
    source = (await desk.sources.one(desk.cast.mina, desk.ids[0])).source
    again = desk.sources.pulling.given_of(desk.cast.tenant, source, datetime.now(UTC), {})
    assert isinstance(await connector.publish(again, post, "k2"), Refused)
