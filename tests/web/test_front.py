"""The front of HTTP: one shape of errors, limits, headers, request ids, and nothing told that should not be."""

from __future__ import annotations

import errno
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
import structlog
from fastapi import FastAPI, Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from dure.kernel.errors import Conflict, DureError, NotSignedIn, TooMany, Unavailable
from dure.web import front

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class DriverDiskFull(Exception):
    """What a database driver might raise."""


class Deal(BaseModel):
    name: str
    amount: int


RAISED: dict[str, Exception] = {
    "conflict": Conflict("이미 있습니다.", field="name", data={"id": 7}),
    "many": TooMany(retry_after=9),
    "anonymous": NotSignedIn(),
    "http": HTTPException(404),
    "teapot": HTTPException(418, "short and stout"),
    "full": OSError(errno.ENOSPC, "No space left on device"),
    "driver": DriverDiskFull("could not extend file /secret/path"),
    "bug": ValueError("the password is hunter2"),
    "json": json.JSONDecodeError("x", "x", 0),
    "utf8": UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    "shape": msgspec.ValidationError("Expected `int`, got `str` - at `$.amount`"),
}


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    front.install(
        app, also={DriverDiskFull: lambda _: Unavailable("The disk is full.")}, max_body=1000, larger={"/files": 5000}
    )

    @app.get("/raise/{what}")
    async def throw(what: str) -> None:
        raise RAISED[what]

    @app.post("/deals")
    async def deals(deal: Deal) -> Deal:
        return deal

    @app.post("/raw")
    @app.post("/files/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure.test") as client:
        yield client


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("conflict", 409, "conflict"),
        ("many", 429, "too_many"),
        ("anonymous", 401, "not_signed_in"),
        ("http", 404, "not_found"),
        ("teapot", 418, "refused"),
        ("full", 503, "unavailable"),
        ("driver", 503, "unavailable"),
        ("bug", 500, "internal"),
        ("json", 400, "malformed"),
        ("utf8", 400, "malformed"),
        ("shape", 422, "invalid"),
    ],
)
async def test_every_error_has_the_one_shape(http: httpx.AsyncClient, what: str, status: int, code: str) -> None:
    answer = await http.get(f"/raise/{what}")
    body = answer.json()
    assert (answer.status_code, body["error"]["code"], set(body)) == (status, code, {"error"})
    assert {"code", "message"} <= set(body["error"]) <= {"code", "message", "field", "data"}
    assert "hunter2" not in answer.text
    assert "/secret" not in answer.text


async def test_an_error_keeps_its_field_and_data(http: httpx.AsyncClient) -> None:
    error = (await http.get("/raise/conflict")).json()["error"]
    assert error == {"code": "conflict", "message": "이미 있습니다.", "field": "name", "data": {"id": 7}}


async def test_a_bug_is_logged_with_the_id_that_the_answer_carries(http: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        answer = await http.get("/raise/bug")
    told = answer.json()["error"]["data"]["request_id"]
    assert answer.headers["x-request-id"] == told
    logged = next(line for line in lines if line["event"] == "unexpected error")
    assert (logged["request_id"], logged["route"]) == (told, "/raise/{what}")


async def test_a_wrong_field_is_named(http: httpx.AsyncClient) -> None:
    answer = await http.post("/deals", json={"name": "한빛", "amount": "much"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "amount")


@pytest.mark.parametrize("body", [b"{", b'{"name": "\xff\xfe"}', b"\x00"])
async def test_what_is_not_json_is_malformed(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/deals", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "malformed")


async def test_waiting_and_signing_in_have_their_headers(http: httpx.AsyncClient) -> None:
    assert (await http.get("/raise/many")).headers["retry-after"] == "9"
    assert (await http.get("/raise/anonymous")).headers["www-authenticate"] == "Bearer"


async def test_a_wrong_method_says_which_are_right(http: httpx.AsyncClient) -> None:
    answer = await http.put("/deals", json={})
    assert (answer.status_code, answer.json()["error"]["code"], answer.headers["allow"]) == (
        405,
        "method_not_allowed",
        "POST",
    )


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("path", ["/raw", "/deals"])
async def test_a_body_that_is_too_large_is_refused(http: httpx.AsyncClient, announced: bool, path: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 500

    content: Any = b"x" * 1500 if announced else pieces()
    answer = await http.post(path, content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert answer.json()["error"]["data"] == {"limit": 1000}


async def test_a_door_may_take_more(http: httpx.AsyncClient) -> None:
    assert (await http.post("/files/raw", content=b"x" * 4000)).json() == 4000
    assert (await http.post("/raw", content=b"x" * 1000)).json() == 1000


async def test_every_answer_is_guarded_by_headers(http: httpx.AsyncClient) -> None:
    for path in ("/raise/bug", "/raise/conflict", "/nothing"):
        headers = (await http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_a_request_id_is_taken_over_if_it_is_decent(http: httpx.AsyncClient) -> None:
    assert (await http.get("/nothing", headers={"x-request-id": "from-proxy-1"})).headers[
        "x-request-id"
    ] == "from-proxy-1"
    assert (await http.get("/nothing", headers={"x-request-id": "<x>"})).headers["x-request-id"] != "<x>"


async def test_the_log_names_the_route_and_never_the_path(http: httpx.AsyncClient) -> None:
    structlog.reset_defaults()  # another file's server may have set its own level
    with structlog.testing.capture_logs() as lines:
        await http.get("/raise/conflict?token=hunter2")
    line = next(line for line in lines if line["event"] == "request")
    assert (line["route"], line["status"], line["method"]) == ("/raise/{what}", 409, "GET")
    assert "hunter2" not in str(lines)


def test_the_tree_has_no_second_code_for_a_status() -> None:
    kinds = DureError.__subclasses__()
    assert len({kind.code for kind in kinds}) >= 9
