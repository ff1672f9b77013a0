"""Files that people bring, and anybody's webhook: rows and calls become mentions, once, or say what is wrong where."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from uuid import UUID

import pytest

from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.social.plugs import Call
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk

pytestmark = pytest.mark.anyio

CSV = """번호,제목,내용,작성자,별점,작성일,링크
a-1,결제 오류,"결제 버튼을 눌러도
오류만 나요",나리,1,2026.11.20,https://board.example/1
a-2,좋아요,진행자 목소리가 좋아요,조아,★5,2026-11-21 09:30,
"""


async def test_a_csv_in_korean_is_brought_once_however_often(desk: Desk) -> None:
    source = await desk.connect("files", {"network": "Naver Cafe"})
    first = await desk.sources.hearing.upload(desk.cast.joon, source.source.id, "글.csv", CSV.encode("cp949", "ignore"))
    again = await desk.sources.hearing.upload(desk.cast.joon, source.source.id, "글.csv", CSV.encode())
    assert (first.added, again.added, again.known) == (2, 0, 2)
    one, other = await desk.mentions()
    assert (one.external, one.network, one.rating, one.text) == (
        "a-1",
        "naver_cafe",
        1,
        "결제 버튼을 눌러도\n오류만 나요",
    )
    assert (other.rating, other.posted_at.isoformat()) == (5, "2026-11-21T09:30:00+00:00")
    assert (await desk.health(source, "upload")).brought == 2
    assert all(one.properties.get("loaded") for one in await desk.events("Mention Arrived"))


async def test_ndjson_and_rows_without_an_id(desk: Desk) -> None:
    source = await desk.connect("files")
    rows = [{"text": "두레 좋아요", "posted_at": 1_795_000_000}, {"body": "결제 오류가 나요", "followers": 12}]
    body = "\n".join(json.dumps(one, ensure_ascii=False) for one in rows).encode()
    assert (await desk.sources.hearing.upload(desk.cast.mina, source.source.id, "x.ndjson", body)).added == 2
    assert (await desk.sources.hearing.upload(desk.cast.mina, source.source.id, "x.ndjson", body)).added == 0


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("이름,날짜\n나리,2026-11-20\n", "rows[1]"),
        ("내용,별점\n좋아요,여섯\n", "rows[2].rating"),
        ("내용,별점\n좋아요,9\n", "rows[2].rating"),
        ("내용,작성일\n좋아요,어제\n", "rows[2].posted_at"),
        ("내용,도달\n좋아요,많음\n", "rows[2].reach"),
        ("내용,제목,작성자\n,,나리\n", "rows[2].text"),
        ('{"text": "좋아요"}\n{not json}\n', "rows[2]"),
        ("", "rows[1]"),
    ],
)
async def test_what_cannot_be_read_is_named_and_nothing_is_kept(desk: Desk, text: str, field: str) -> None:
    source = await desk.connect("files")
    with pytest.raises(Invalid) as refused:
        await desk.sources.hearing.upload(desk.cast.mina, source.source.id, "x.csv", text.encode())
    assert refused.value.field == field
    assert await desk.mentions() == []


async def test_employer_reviews_put_pros_cons_and_wishes_together(desk: Desk) -> None:
    source = await desk.connect("employer_reviews", {"network": "jobplanet"})
    text = (
        "한줄평,장점,단점,경영진에 바라는 점,총점,직무\n성장하는 곳,동료가 좋다,야근이 많다,소통을 바랍니다,4.0,개발\n"
    )
    assert (await desk.sources.hearing.upload(desk.cast.mina, source.source.id, "x.csv", text.encode())).added == 1
    (one,) = await desk.mentions()
    assert one.text == "동료가 좋다\n야근이 많다\n소통을 바랍니다"
    assert (one.title, one.rating, one.kind, one.network, one.author) == (
        "성장하는 곳",
        4,
        "review",
        "jobplanet",
        "개발",
    )


async def test_a_source_that_takes_no_files_says_so(desk: Desk) -> None:
    source = await desk.connect("webhook", {}, {"secret": "S"})
    with pytest.raises(Invalid):
        await desk.sources.hearing.upload(desk.cast.mina, source.source.id, "x.csv", CSV.encode())


def call(said: Any, secret: str = "S", seconds: int | None = None) -> Call:
    body = json.dumps(said, ensure_ascii=False).encode()
    signed = body if seconds is None else f"{seconds}.".encode() + body
    signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    headers = {"x-signature-256": f"sha256={signature}"} | ({"x-time": str(seconds)} if seconds is not None else {})
    return Call("POST", "dure.example", "/x", headers, body)


MAPPING = """id=post.no
text=post.body
author=post.by.name
posted_at=post.at
rating=post.stars
deleted=removed"""


async def test_a_signed_call_is_mapped_edited_and_taken_back(desk: Desk) -> None:
    given = {"mapping": MAPPING, "network": "Forum", "items": "data.items", "time": "x-time"}
    source, now = await desk.connect("webhook", given, {"secret": "S"}), int(MONDAY_NOON.timestamp())
    known = source.source.id

    def items(*found: dict[str, Any]) -> dict[str, Any]:
        return {"data": {"items": list(found)}}

    post = {"no": 7, "body": "재생이 끊겨요", "by": {"name": "나리"}, "at": "2026-11-23T02:00:00Z", "stars": 2}
    arrived = await desk.sources.hearing.hear(
        known, call(items({"post": post}, {"post": {**post, "no": 8}}), seconds=now)
    )
    assert arrived.added == 2
    first = (await desk.mentions())[0]
    assert (first.network, first.external, first.author, first.rating) == ("forum", "7", "나리", 2)
    edited = await desk.sources.hearing.hear(
        known, call(items({"post": {**post, "body": "이제 잘 돼요"}}), seconds=now)
    )
    gone = await desk.sources.hearing.hear(known, call(items({"post": {"no": 8}, "removed": True}), seconds=now))
    assert (edited.edited, gone.deleted, await desk.texts()) == (1, 1, ["이제 잘 돼요"])
    for unproved in (call(items(), "other", now), call(items(), "S", now - 301), call(items(), "S")):
        with pytest.raises(NotAllowed):
            await desk.sources.hearing.hear(known, unproved)
    with pytest.raises(Invalid):
        await desk.sources.hearing.hear(known, call(items({"post": {"body": "x"}}), seconds=now))


async def test_nobody_listens_at_a_paused_or_an_unknown_address(desk: Desk) -> None:
    source = await desk.connect("webhook", {}, {"secret": "S"})
    await desk.sources.change(desk.cast.mina, source.source.id, paused=True)
    for known in (source.source.id, UUID(int=7)):
        with pytest.raises(NotFound):
            await desk.sources.hearing.hear(known, call({"id": 1, "text": "x"}))


@pytest.mark.parametrize(
    ("mapping", "said"), [("text=body", "names no `id`"), ("id=id\ntext=body\nbody=text", "'body=text' means nothing")]
)
async def test_a_mapping_that_means_nothing_is_said_before_it_is_kept(desk: Desk, mapping: str, said: str) -> None:
    with pytest.raises(Invalid, match=said) as refused:
        await desk.connect("webhook", {"mapping": mapping}, {"secret": "S"})
    assert refused.value.field == "settings.mapping"
    source = await desk.connect("webhook", {}, {"secret": "S"})
    with pytest.raises(Invalid, match=said):
        await desk.sources.change(desk.cast.mina, source.source.id, settings={"mapping": mapping})
