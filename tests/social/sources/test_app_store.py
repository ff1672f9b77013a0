"""App Store reviews on a local port, behind the check that Apple makes of a token. Apple has no client in Python; the
token is read by PyJWT."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI, Request, Response

from dure.social.plugs import Said, Trouble
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk
from tests.web.browser import serving

pytestmark = pytest.mark.anyio

KEY = ec.generate_private_key(ec.SECP256R1())
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@dataclass
class Apple:
    reviews: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    tokens: list[dict[str, Any]] = field(default_factory=list)

    def review(self, name: str, title: str, text: str, rating: int, ago: float) -> dict[str, Any]:
        created = (MONDAY_NOON - timedelta(minutes=ago)).isoformat()
        said = {"rating": rating, "title": title, "body": text, "reviewerNickname": "나리", "createdDate": created,
                "territory": "KOR"}  # fmt: skip
        review = {"type": "customerReviews", "id": name, "attributes": said}
        self.reviews.append(review)
        return review


def apple_app(held: Apple) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def known(request: Request, go_on: Any) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            options = {"verify_exp": False, "verify_iat": False}  # the test's own Monday
            claims = jwt.decode(token, KEY.public_key(), ["ES256"], audience="appstoreconnect-v1", options=options)
            assert jwt.get_unverified_header(token)["kid"] == "KID"
            assert claims["exp"] - claims["iat"] <= 1200  # Apple takes none that lives for longer
        except (jwt.PyJWTError, AssertionError, KeyError):
            return Response('{"errors": [{"status": "401", "code": "NOT_AUTHORIZED"}]}', 401)
        held.tokens.append(claims)
        return await go_on(request)  # type: ignore[no-any-return]

    @app.get("/v1/apps/77/customerReviews")
    async def reviews(request: Request, sort: str, cursor: int = 0) -> Any:
        assert sort == "-createdDate"
        found = sorted(held.reviews, key=lambda one: one["attributes"]["createdDate"], reverse=True)
        links = {"self": str(request.url)}
        if cursor + 2 < len(found):
            links["next"] = str(request.url.include_query_params(cursor=cursor + 2))
        return {
            "data": found[cursor : cursor + 2],
            "links": links,
            "meta": {"paging": {"total": len(found), "limit": 2}},
        }

    @app.post("/v1/customerReviewResponses", status_code=201)
    async def answer(request: Request) -> Any:
        said = (await request.json())["data"]
        review = said["relationships"]["review"]["data"]["id"]
        held.answers[review] = said["attributes"]["responseBody"]
        return {"data": {"type": "customerReviewResponses", "id": f"resp-{review}"}}

    return app


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Apple, str]]:
    held = Apple()
    with serving(apple_app(held)) as address:
        yield held, address


@pytest.fixture
def apple(served: tuple[Apple, str]) -> tuple[Apple, str]:
    served[0].__init__()  # type: ignore[misc]
    return served


def settings(address: str) -> dict[str, str]:
    return {"app": "77", "issuer": "ISS", "key_id": "KID", "server": address}


async def test_reviews_are_read_page_by_page_to_what_is_known(desk: Desk, apple: tuple[Apple, str]) -> None:
    held, address = apple
    for number in range(5):
        held.review(f"r{number}", f"제목 {number}", f"{'정말 ' * number}좋아요", 5, 30 + number)
    source = await desk.connect("app_store", settings(address), {"key": PEM})
    await desk.ask()
    way = await desk.health(source)
    assert (way.brought, way.total, len(held.tokens)) == (5, 5, 3)
    assert {one["iss"] for one in held.tokens} == {"ISS"}
    held.review("r9", "결제 오류", "결제 버튼을 눌러도 오류만 나요", 1, -50)
    await desk.ask(turns=2)
    newest = (await desk.mentions())[-1]
    assert (newest.external, newest.rating, newest.title, newest.kind) == ("r9", 1, "결제 오류", "review")
    assert (await desk.health(source)).brought == 6


async def test_a_review_that_its_author_changed_is_read_again(desk: Desk, apple: tuple[Apple, str]) -> None:
    held, address = apple
    review = held.review("r1", "별로", "화면이 자꾸 멈춰요", 1, 5)
    await desk.connect("app_store", settings(address), {"key": PEM})
    await desk.ask()
    review["attributes"] |= {"title": "이제 좋아요", "body": "고쳐져서 좋아요", "rating": 5}
    await desk.ask(turns=2)
    (one,) = await desk.mentions()
    assert (one.title, one.rating, len(await desk.events("Mention Edited"))) == ("이제 좋아요", 5, 1)


async def test_a_review_is_answered(desk: Desk, apple: tuple[Apple, str]) -> None:
    held, address = apple
    held.review("r1", "별로", "화면이 자꾸 멈춰요", 1, 5)
    await desk.connect("app_store", settings(address), {"key": PEM})
    await desk.ask()
    (mention,) = await desk.mentions()
    said = await desk.sources.saying.reply(desk.cast.mina, mention.id, "고치겠습니다", "k")
    assert (said, held.answers) == (Said("resp-r1"), {"r1": "고치겠습니다"})


async def test_a_key_that_is_none_and_one_that_apple_does_not_know_are_said(
    desk: Desk, apple: tuple[Apple, str]
) -> None:
    _, address = apple
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for key in ("no key", other.decode()):
        found = await desk.sources.preview(desk.cast.mina, "app_store", settings(address), {"key": key})
        assert found.trouble is not None
        assert found.trouble["code"] == "refused_key"


async def test_a_next_page_at_another_host_gets_no_token(desk: Desk, apple: tuple[Apple, str]) -> None:
    held, address = apple
    for number in range(3):
        held.review(f"r{number}", "제목", f"좋아요 {number}", 5, number)
    await desk.connect(
        "app_store", {**settings(address), "server": address.replace("127.0.0.1", "localhost")}, {"key": PEM}
    )
    connector: Any = desk.sources.connectors["app_store"]
    source = (await desk.sources.one(desk.cast.mina, desk.ids[0])).source
    given = desk.sources.pulling.given_of(desk.cast.tenant, source, MONDAY_NOON - timedelta(days=1), {})
    with pytest.raises(Trouble, match="another host"):
        await connector.pull(given, {"page": "http://evil.example/next"})
