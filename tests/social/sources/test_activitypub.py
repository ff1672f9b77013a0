"""A server of the fediverse on a local port, which apkit, unmodified, reads as Dure does; and an inbox to which apkit
delivers what it signs."""

from __future__ import annotations

import json
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apkit.types import ActorKey
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI, Request, Response

from dure.kernel.errors import DureError
from dure.social.model import NewMention
from dure.social.plugs import Call
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk
from tests.web.browser import serving

with warnings.catch_warnings():
    # It builds on aiohttp in a way that aiohttp advises against.
    warnings.simplefilter("ignore", DeprecationWarning)
    from apkit.client.asyncio import ActivityPubClient

pytestmark = pytest.mark.anyio

KEY, OTHER = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
KIND = "application/activity+json"


@dataclass
class Fediverse:
    """Nari's server: her actor, her outbox two at a page, her notes."""

    address: str = ""
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        return f"{self.address}/users/nari"

    def note(self, name: str, text: str, ago: float, **more: Any) -> dict[str, Any]:
        made = (MONDAY_NOON - timedelta(minutes=ago)).isoformat().replace("+00:00", "Z")
        known = f"{self.address}/notes/{name}"
        self.notes[name] = note = {
            "id": known, "type": "Note", "attributedTo": self.actor, "content": f"<p>{text}</p>", "published": made,
            "to": ["https://www.w3.org/ns/activitystreams#Public"], "url": known, **more,
        }  # fmt: skip
        return note

    def create(self, note: dict[str, Any], kind: str = "Create") -> dict[str, Any]:
        return {"@context": "https://www.w3.org/ns/activitystreams", "id": f"{note['id']}/{kind}", "type": kind,
                "actor": self.actor, "object": note}  # fmt: skip


def fediverse_app(held: Fediverse) -> FastAPI:
    app = FastAPI()

    def told(value: Any, status: int = 200) -> Response:
        return Response(
            json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **value}), status, media_type=KIND
        )

    @app.get("/users/nari")
    async def actor() -> Response:
        key = {"id": f"{held.actor}#main-key", "owner": held.actor, "publicKeyPem": PEM}
        return told({"id": held.actor, "type": "Person", "preferredUsername": "nari", "inbox": f"{held.actor}/inbox",
                     "outbox": f"{held.actor}/outbox", "publicKey": key})  # fmt: skip

    @app.get("/users/nari/outbox")
    async def outbox(page: int = 0) -> Response:
        place = f"{held.actor}/outbox"
        if not page:
            return told(
                {"id": place, "type": "OrderedCollection", "totalItems": len(held.notes), "first": f"{place}?page=1"}
            )
        found = sorted(held.notes.values(), key=lambda one: one["published"], reverse=True)[page * 2 - 2 : page * 2]
        items = [held.create(one) for one in found]
        boost = {"id": f"{held.actor}/boost", "type": "Announce", "actor": held.actor, "object": "https://x.example/1"}
        more = {"next": f"{place}?page={page + 1}"} if page * 2 < len(held.notes) else {}
        return told(
            {"id": f"{place}?page={page}", "type": "OrderedCollectionPage", "orderedItems": [boost, *items], **more}
        )

    @app.get("/notes/{name}")
    async def note(name: str) -> Response:
        return told(held.notes[name]) if name in held.notes else told({"type": "Tombstone"}, 410)

    return app


@pytest.fixture(scope="module")
def served() -> Iterator[Fediverse]:
    held = Fediverse()
    with serving(fediverse_app(held)) as held.address:
        yield held


@pytest.fixture
def fediverse(served: Fediverse) -> Fediverse:
    served.notes.clear()
    return served


@pytest.fixture
async def client() -> AsyncIterator[ActivityPubClient]:
    async with ActivityPubClient() as client:
        yield client


async def test_apkit_reads_the_same_actor_and_note(fediverse: Fediverse, client: ActivityPubClient) -> None:
    fediverse.note("1", "두레 좋아요", 5)
    actor: Any = await client.actor.fetch(fediverse.actor)
    note: Any = await client.actor.fetch(f"{fediverse.address}/notes/1")
    assert (actor.preferred_username, note.content) == ("nari", "<p>두레 좋아요</p>")


async def test_an_outbox_is_read_to_what_is_known_and_followed(desk: Desk, fediverse: Fediverse) -> None:
    for number in range(5):
        fediverse.note(str(number), f"두레 {'정말 ' * number}좋아요", 30 - number)
    source = await desk.connect("activitypub", {"actors": fediverse.actor})
    await desk.ask()
    assert (await desk.health(source)).brought == 5
    first = (await desk.mentions())[0]
    assert (first.author, first.network, first.kind) == ("nari", "fediverse", "post")
    fediverse.notes["4"] |= {"content": "<p>별로예요</p>", "updated": "2026-11-23T02:50:00Z"}
    del fediverse.notes["3"]
    desk.clock.advance(timedelta(minutes=10))
    await desk.ask()
    told = [one.event for one in await desk.events("Mention Edited", "Mention Deleted")]
    assert sorted(told) == ["Mention Deleted", "Mention Edited"]


async def test_a_delivery_that_apkit_signed_is_taken_and_no_other(
    desk: Desk, fediverse: Fediverse, client: ActivityPubClient
) -> None:
    desk.clock.at = datetime.now(UTC)  # a signature is of now
    source = await desk.connect("activitypub", {"words": "두레"})
    heard: list[Call] = []
    answers: list[int] = []
    inbox = FastAPI()

    @inbox.post("/api/v1/hear/{source}")
    async def hear(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        heard.append(Call("POST", headers["host"], request.url.path, headers, await request.body()))
        return Response(status_code=202)

    async def deliver(activity: dict[str, Any], key: Any = KEY) -> Call:
        signed = [ActorKey(f"{fediverse.actor}#main-key", key)]
        async with client.post(f"{address}/api/v1/hear/{source.source.id}", json=activity, signatures=signed,
                               sign_with=["draft-cavage"]) as answer:  # fmt: skip
            answers.append(answer.status)
        return heard[-1]

    note = fediverse.note("1", "두레 결제가 안 돼요", 5)
    with serving(inbox) as address:
        good = await deliver(fediverse.create(note))
        other = await deliver(fediverse.create(fediverse.note("2", "오늘 날씨 좋다", 4)))
        edited = await deliver(fediverse.create({**note, "content": "<p>두레 이제 돼요</p>",
                                                 "updated": datetime.now(UTC).isoformat()}, "Update"))  # fmt: skip
        deleted = await deliver(fediverse.create(note, "Delete"))
        forged = await deliver(fediverse.create(note), OTHER)
    assert answers == [202] * 5
    known = source.source.id
    assert (await desk.sources.hearing.hear(known, good)).added == 1
    assert (await desk.sources.hearing.hear(known, good)).added == 0
    assert (await desk.sources.hearing.hear(known, other)).added == 0
    assert (await desk.sources.hearing.hear(known, edited)).edited == 1
    assert await desk.texts() == ["두레 이제 돼요"]
    assert (await desk.sources.hearing.hear(known, deleted)).deleted == 1
    without = {name: value for name, value in good.headers.items() if name != "signature"}
    for bad in (
        forged,
        Call(good.method, good.host, good.path, without, good.body),
        Call(good.method, good.host, good.path, good.headers, good.body.replace(b"note", b"nope")),
        Call(good.method, good.host, "/api/v1/hear/elsewhere", good.headers, good.body),
        Call(good.method, good.host, good.path, {**good.headers, "date": "Mon, 23 Nov 2020 03:00:00 GMT"}, good.body),
    ):
        with pytest.raises(DureError, match="signature"):
            await desk.sources.hearing.hear(known, bad)


async def test_nobody_speaks_for_another_server(desk: Desk, fediverse: Fediverse, client: ActivityPubClient) -> None:
    desk.clock.at = datetime.now(UTC)
    theirs = {"network": "fediverse", "id": "https://elsewhere.example/notes/9", "text": "남의 글입니다"}
    await desk.social.arrive(desk.cast.mina, [NewMention(**theirs)])
    source = await desk.connect("activitypub")
    heard: list[Call] = []
    inbox = FastAPI()

    @inbox.post("/{path:path}")
    async def hear(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        heard.append(Call("POST", headers["host"], request.url.path, headers, await request.body()))
        return Response(status_code=202)

    signed = [ActorKey(f"{fediverse.actor}#main-key", KEY)]
    forged = {**fediverse.note("1", "거짓말", 1), "id": theirs["id"]}
    with serving(inbox) as address:
        for kind in ("Create", "Update", "Delete"):
            activity = fediverse.create(forged, kind)
            await client.post(f"{address}/inbox", json=activity, signatures=signed, sign_with=["draft-cavage"])
    for call in heard:
        found = await desk.sources.hearing.hear(source.source.id, call)
        assert (found.added, found.edited, found.deleted) == (0, 0, 0)
    assert await desk.texts() == ["남의 글입니다"]
