"""YouTube's comments and Google Play's reviews on a local port, which Google's own client, unmodified, reads and
answers by Google's own description of the APIs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI, Request, Response
from google.auth.credentials import AnonymousCredentials
from googleapiclient.discovery import build

from dure.social.plugs import Refused, Said
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk
from tests.web.browser import serving

pytestmark = pytest.mark.anyio


def at(ago: float) -> str:
    return (MONDAY_NOON - timedelta(minutes=ago)).isoformat().replace("+00:00", "Z")


@dataclass
class Google:
    comments: dict[str, dict[str, Any]] = field(default_factory=dict)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    def comment(self, name: str, text: str, ago: float, parent: str = "") -> dict[str, Any]:
        said = {
            "textOriginal": text, "textDisplay": text, "authorDisplayName": "@nari", "videoId": "v1", "likeCount": 0,
            "authorChannelId": {"value": "UCnari"}, "publishedAt": at(ago), "updatedAt": at(ago),
            **({"parentId": parent} if parent else {}),
        }  # fmt: skip
        self.comments[name] = comment = {"kind": "youtube#comment", "id": name, "snippet": said}
        return comment

    def review(self, name: str, text: str, stars: int, ago: float) -> dict[str, Any]:
        seconds = int((MONDAY_NOON - timedelta(minutes=ago)).timestamp())
        said = {"text": text, "lastModified": {"seconds": str(seconds)}, "starRating": stars, "reviewerLanguage": "ko"}
        review = {"reviewId": name, "authorName": "나리", "comments": [{"userComment": said}]}
        self.reviews.append(review)
        return review


def google_app(held: Google) -> FastAPI:
    app = FastAPI()

    @app.post("/token")
    async def token(request: Request) -> Any:
        form = await request.form()
        held.asked.append(f"token {str(form['grant_type']).rpartition(':')[2]}")
        return {"access_token": "AT", "expires_in": 3600, "token_type": "Bearer"}

    @app.get("/youtube/v3/commentThreads")
    async def threads(key: str = "", videoId: str = "", pageToken: str = "", maxResults: int = 20) -> Any:  # noqa: N803
        if key != "KEY":
            return Response(
                '{"error": {"code": 403, "message": "API key not valid"}}', 403, media_type="application/json"
            )
        held.asked.append(f"threads {pageToken}")
        first = sorted((one for one in held.comments.values() if "parentId" not in one["snippet"]),
                       key=lambda one: one["snippet"]["publishedAt"], reverse=True)  # fmt: skip
        begin = int(pageToken or 0)
        items = [
            {
                "kind": "youtube#commentThread", "id": one["id"],
                "snippet": {"videoId": videoId, "topLevelComment": one, "totalReplyCount": 0},
                "replies": {"comments": [
                    other for other in held.comments.values() if other["snippet"].get("parentId") == one["id"]
                ]},
            }
            for one in first[begin : begin + min(maxResults, 2)]
        ]  # fmt: skip
        more = begin + 2 < len(first)
        return {"kind": "youtube#commentThreadListResponse", "items": items,
                **({"nextPageToken": str(begin + 2)} if more else {})}  # fmt: skip

    @app.get("/youtube/v3/comments")
    async def several(id: str) -> Any:
        held.asked.append("comments")
        return {"items": [held.comments[one] for one in id.split(",") if one in held.comments]}

    @app.post("/youtube/v3/comments")
    async def answer(request: Request) -> Any:
        if request.headers.get("authorization") != "Bearer AT":
            return Response(
                '{"error": {"code": 401, "message": "Login Required."}}', 401, media_type="application/json"
            )
        said = (await request.json())["snippet"]
        return held.comment(f"a{len(held.comments)}", said["textOriginal"], 0, said["parentId"])

    @app.get("/androidpublisher/v3/applications/{package}/reviews")
    async def reviews(package: str, token: str = "", maxResults: int = 10) -> Any:  # noqa: N803
        begin, most = int(token or 0), min(maxResults, 2)
        more = begin + most < len(held.reviews)
        return {"reviews": held.reviews[begin : begin + most],
                **({"tokenPagination": {"nextPageToken": str(begin + most)}} if more else {})}  # fmt: skip

    @app.post("/androidpublisher/v3/applications/{package}/reviews/{review}:reply")
    async def reply(package: str, review: str, request: Request) -> Any:
        held.answers[review] = (await request.json())["replyText"]
        return {"result": {"replyText": held.answers[review], "lastEdited": {"seconds": "1"}}}

    return app


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Google, str]]:
    held = Google()
    with serving(google_app(held)) as address:
        yield held, address


@pytest.fixture
def google(served: tuple[Google, str]) -> tuple[Google, str]:
    served[0].__init__()  # type: ignore[misc]
    return served


@pytest.fixture(scope="module")
def account() -> str:
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return json.dumps({"client_email": "dure@x.iam.gserviceaccount.com", "private_key": pem, "private_key_id": "1"})


def youtube(address: str, **more: str) -> dict[str, str]:
    return {"videos": "v1", "server": address, "tokens": f"{address}/token", **more}


async def test_googles_own_client_reads_and_answers_on_the_same_server(google: tuple[Google, str]) -> None:
    held, address = google
    held.comment("c1", "두레 소리가 끊겨요", 5)
    held.review("r1", "자꾸 튕겨요", 1, 5)

    def ask() -> list[Any]:
        given = {"static_discovery": True, "client_options": {"api_endpoint": address}}
        with build("youtube", "v3", developerKey="KEY", **given) as tube:
            threads = tube.commentThreads().list(part="snippet,replies", videoId="v1", order="time").execute()
            text = threads["items"][0]["snippet"]["topLevelComment"]["snippet"]["textOriginal"]
            there = tube.comments().list(part="snippet", id="c1").execute()["items"]
        with build("androidpublisher", "v3", credentials=AnonymousCredentials(), **given) as play:
            reviews = play.reviews()
            (review,) = reviews.list(packageName="kr.dure").execute()["reviews"]
            reviews.reply(packageName="kr.dure", reviewId="r1", body={"replyText": "확인하겠습니다"}).execute()
        return [text, len(there), review["comments"][0]["userComment"]["starRating"]]

    assert await asyncio.to_thread(ask) == ["두레 소리가 끊겨요", 1, 1]
    assert held.answers == {"r1": "확인하겠습니다"}


async def test_comments_and_their_answers_are_read_to_what_is_known(desk: Desk, google: tuple[Google, str]) -> None:
    held, address = google
    for number in range(5):
        held.comment(f"c{number}", f"두레 {'정말 ' * number}좋아요", 20 + number)
    held.comment("c9", "저도 그래요, 결제 오류", 3, "c1")
    source = await desk.connect("youtube", youtube(address), {"key": "KEY"})
    await desk.ask()
    assert (await desk.health(source)).brought == 6
    answer = next(one for one in await desk.mentions() if one.external == "c9")
    assert (answer.thread, answer.parent, answer.url) == ("c1", "c1", "https://www.youtube.com/watch?v=v1&lc=c9")
    del held.comments["c0"]
    held.comments["c1"]["snippet"] |= {"textOriginal": "두레 별로예요", "updatedAt": at(-1)}
    desk.clock.advance(timedelta(minutes=10))
    await desk.ask()
    found = {one.external: one.text for one in await desk.mentions()}
    assert ("c0" in found, found["c1"]) == (False, "두레 별로예요")


async def test_units_are_counted_for_the_day_and_the_next_one_is_waited_for(
    desk: Desk, google: tuple[Google, str]
) -> None:
    held, address = google
    held.comment("c1", "두레 좋아요", 5)
    source = await desk.connect("youtube", youtube(address, units="2"), {"key": "KEY"})
    await desk.ask()
    found = await desk.sources.one(desk.cast.mina, source.source.id)
    assert found.source.quota == {"day": "2026-11-22", "used": 2}  # it is still Sunday in California
    desk.clock.advance(timedelta(minutes=10))
    await desk.ask()
    way = await desk.health(source)
    assert (way.trouble["code"], way.due_at.isoformat()) == ("busy", "2026-11-23T08:00:00+00:00")
    desk.clock.advance(way.due_at - desk.clock.now())
    await desk.ask()
    assert (await desk.health(source)).trouble is None


async def test_an_answer_stands_under_the_threads_first_comment(desk: Desk, google: tuple[Google, str]) -> None:
    held, address = google
    held.comment("c1", "두레 좋아요", 5)
    held.comment("c2", "환불은 어떻게 하나요?", 3, "c1")
    client = json.dumps({"client_id": "ID", "client_secret": "S", "refresh_token": "R"})
    source = await desk.connect("youtube", youtube(address), {"key": "KEY"})
    await desk.ask()
    mention = next(one for one in await desk.mentions() if one.external == "c2")
    assert isinstance(await desk.sources.saying.reply(desk.cast.mina, mention.id, "안내합니다", "k"), Refused)
    await desk.sources.change(desk.cast.mina, source.source.id, secrets={"client": client})
    said = await desk.sources.saying.reply(desk.cast.mina, mention.id, "안내합니다", "k")
    assert isinstance(said, Said)
    assert held.comments[said.reference]["snippet"]["parentId"] == "c1"
    assert "token refresh_token" in held.asked


async def test_a_weeks_reviews_are_read_kept_and_answered(desk: Desk, google: tuple[Google, str], account: str) -> None:
    held, address = google
    for number in range(5):
        held.review(f"r{number}", f"\t두레 {'정말 ' * number}좋아요", 5, 30 + number)
    changed = held.review("r9", "제목\t재생이 끊겨요", 2, 20)
    given = {"package": "kr.dure", "server": address, "tokens": f"{address}/token"}
    source = await desk.connect("play_store", given, {"account": account})
    await desk.ask()
    assert (await desk.health(source)).brought == 6
    review = next(one for one in await desk.mentions() if one.external == "r9")
    assert (review.title, review.text, review.rating, review.kind) == ("제목", "재생이 끊겨요", 2, "review")
    held.reviews = [changed]
    later = {"text": "이제 잘 나와요", "starRating": 5, "lastModified": {"seconds": str(int(MONDAY_NOON.timestamp()))}}
    changed["comments"].insert(0, {"userComment": {**changed["comments"][0]["userComment"], **later}})
    changed["comments"].pop()
    await desk.ask(turns=2)
    after = await desk.social.one(desk.cast.mina, review.id)
    assert (after.text, after.rating) == ("이제 잘 나와요", 5)
    assert isinstance(await desk.sources.saying.reply(desk.cast.mina, review.id, "고맙습니다", "k"), Said)
    assert held.answers == {"r9": "고맙습니다"}
    assert isinstance(await desk.sources.saying.reply(desk.cast.mina, review.id, "길" * 351, "k2"), Refused)
    assert held.asked.count("token jwt-bearer") == 1


async def test_a_key_that_is_none_is_said(desk: Desk, google: tuple[Google, str]) -> None:
    _, address = google
    given = {"package": "kr.dure", "server": address, "tokens": f"{address}/token"}
    found = await desk.sources.preview(desk.cast.mina, "play_store", given, {"account": "{}"})
    assert found.trouble is not None
    assert found.trouble["code"] == "refused_key"
    refused = await desk.sources.preview(desk.cast.mina, "youtube", youtube(address), {"key": "other"})
    assert refused.trouble is not None
    assert refused.trouble["code"] == "refused_key"
