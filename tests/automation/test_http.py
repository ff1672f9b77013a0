"""Calls to typed-in addresses: signed, keyed, refused where they may not go."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping

import pytest

from dure.automation import wire
from dure.automation.outgoing import HttpOutgoing
from dure.automation.plugs import Answer, sign
from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.tenant import Tenant
from dure.state import State
from tests.automation.workshop import Workshop, open_workshop
from tests.conftest import SORI

pytestmark = pytest.mark.anyio


class Postbox:
    """Fills Outgoing: keeps what was sent and answers what it was told."""

    def __init__(self, *answers: Answer) -> None:
        self.sent: list[tuple[str, str, Mapping[str, str], bytes]] = []
        self.answers = list(answers)

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float
    ) -> Answer:
        self.sent.append((method, url, headers, body))
        return self.answers.pop(0)


async def call(state: State, *answers: Answer) -> tuple[Workshop, Postbox]:
    postbox = Postbox(*answers)
    workshop = await open_workshop(state, outgoing=postbox, signing_key=b"secret")
    await workshop.make([
        {"id": "call", "kind": "http.request", "next": "write",
         "with": {"url": "https://hook.example/x", "body": {"deal": "{{ run.subject }}"}}},
        {"id": "write", "kind": "book.write", "with": {"text": "{{ steps.call.body.ticket }}"}},
    ])  # fmt: skip
    await workshop.happen(object="D1")
    await workshop.settle()
    return workshop, postbox


async def test_the_answer_is_handed_on_and_the_request_signed(state: State) -> None:
    workshop, postbox = await call(state, Answer(200, '{"ticket": "T-1"}', {"ticket": "T-1"}))
    assert await workshop.book() == ["T-1"]
    ((method, url, headers, body),) = postbox.sent
    assert (method, url, body) == ("POST", "https://hook.example/x", b'{"deal":"D1"}')
    (run,) = await workshop.runs()
    assert headers["Idempotency-Key"] == f"{run.id}:call:1"
    seconds, signature = (part.split("=")[1] for part in headers["Dure-Signature"].split(","))
    assert signature == sign(b"secret", workshop.cast.tenant.workspace, seconds, body)


async def test_a_busy_service_is_asked_again_and_a_refusal_is_not(state: State) -> None:
    workshop, postbox = await call(state, Answer(503, "busy"), Answer(404, "no such hook"))
    await workshop.later(minutes=1)
    (run,) = await workshop.runs()
    assert (len(postbox.sent), run.status) == (2, "failed")
    assert run.error == "https://hook.example/x answered 404: no such hook"


@pytest.fixture
async def loopback() -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b'{"ok": true}'
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/", "http://169.254.169.254/", "http://10.0.0.1/"],
)
async def test_private_networks_are_refused(url: str) -> None:
    outgoing = HttpOutgoing()
    with pytest.raises(NotAllowed, match="private network"):
        await outgoing.send(SORI, "GET", url, {}, b"", 5)
    await outgoing.close()


async def test_a_private_network_can_be_allowed(loopback: str) -> None:
    outgoing = HttpOutgoing(["127.0.0.0/8"])
    answer = await outgoing.send(SORI, "GET", loopback, {}, b"", 5)
    assert (answer.status, answer.json) == (200, {"ok": True})
    await outgoing.close()


async def test_an_address_that_is_not_http_is_refused() -> None:
    outgoing = HttpOutgoing(["0.0.0.0/0"])
    with pytest.raises(NotAllowed):
        await outgoing.send(SORI, "GET", "file:///etc/passwd", {}, b"", 5)
    await outgoing.close()


async def test_bytes_are_fetched_up_to_a_limit_and_never_from_a_private_network(loopback: str) -> None:
    outgoing = HttpOutgoing(["127.0.0.0/8"])
    body = (await outgoing.send(SORI, "GET", loopback, {}, b"", 5)).text.encode()
    assert await outgoing.fetch(SORI, loopback, 5, len(body)) == body
    with pytest.raises(OSError, match="longer than"):
        await outgoing.fetch(SORI, loopback, 5, len(body) - 1)
    await outgoing.close()
    careful = HttpOutgoing()
    with pytest.raises(NotAllowed):
        await careful.fetch(SORI, loopback, 5, 1000)
    await careful.close()


# -- the wire ---------------------------------------------------------------------------------------------------------


class Server:
    """Answers each request on its connections with the next of some texts; keeps what was asked."""

    def __init__(self, *answers: bytes, ends: bool = False) -> None:
        self.answers, self.asked, self.connections, self._ends = list(answers), list[bytes](), 0, ends

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split()[0]) if b"ength:" in head else 0
                self.asked.append(head + await reader.readexactly(length))
                writer.write(self.answers.pop(0))
                if self._ends:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()


async def ask(url: str, outgoing: HttpOutgoing | None = None, method: str = "GET", **headers: str) -> Answer:
    out = outgoing or HttpOutgoing(["127.0.0.0/8"])
    try:
        return await out.send(SORI, method, url, headers, b"", 2)
    finally:
        if outgoing is None:
            await out.close()


OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


async def test_a_connection_is_kept_and_a_path_is_escaped_once() -> None:
    server, outgoing = Server(OK, OK), HttpOutgoing(["127.0.0.0/8"])
    async with server as url:
        assert (await ask(f"{url}/a b/%20?q=한&r=1#part", outgoing)).text == "ok"
        assert (await ask(url, outgoing)).status == 200
    assert server.connections == 1
    assert server.asked[0].startswith(b"GET /a%20b/%20?q=%ED%95%9C&r=1 HTTP/1.1\r\nHost: 127.0.0.1:")
    await outgoing.close()


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", "abc"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, "ok"),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=euc-kr\r\ncontent-length: 2\r\n\r\n\xc7\xd1", "한"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n" + b"x" * 300_000, "x" * (256 * 1024)),
    ],
)
async def test_the_ways_in_which_answers_end(answer: bytes, text: str) -> None:
    async with Server(answer, ends=True) as url:
        assert (await ask(url)).text == text


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok", b""])
async def test_what_is_no_answer_is_an_error_to_try_again(answer: bytes) -> None:
    async with Server(answer, ends=True) as url:
        with pytest.raises(OSError, match=r"\w"):
            await ask(url)


async def test_a_packed_answer_does_not_grow_beyond_the_limit() -> None:
    packed = gzip.compress(b"x" * 10_000_000)
    answer = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed) + packed
    async with Server(answer) as url:
        assert len((await ask(url)).text) == 256 * 1024
    assert len(wire._unpacked("gzip", packed, 1_000)) == 1_000  # it is not unpacked first and cut then


async def test_a_head_has_no_body_and_a_header_no_line_break() -> None:
    async with Server(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n") as url:
        assert (await ask(url, method="HEAD")).text == ""
    server = Server(OK)
    async with server as url:
        with pytest.raises(Invalid):
            await ask(url, x="a\r\nHost: elsewhere")
        await ask(url, host="elsewhere", x="fine")
    assert b"elsewhere" not in server.asked[0]
    assert b"x: fine" in server.asked[0]
