"""Our own HTTP over TLS: who is believed, how answers end, what a server cannot do to us."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from dure.automation.outgoing import HttpOutgoing, _host, _read
from dure.automation.plugs import Answer
from dure.automation.wire import Target, Wire
from dure.kernel.errors import Invalid
from dure.tls import Certificate, self_signed
from tests.conftest import SORI

pytestmark = pytest.mark.anyio

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
LOOPBACK = ["127.0.0.0/8", "::1/128"]


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return self_signed(tmp_path_factory.mktemp("tls"), [])


@pytest.fixture(scope="module")
def trust(papers: Certificate) -> ssl.SSLContext:
    """Believes that one issuer, and looks at names."""
    return ssl.create_default_context(cafile=str(papers.cert))


@pytest.fixture
async def outgoing(trust: ssl.SSLContext) -> AsyncIterator[HttpOutgoing]:
    out = HttpOutgoing(LOOPBACK, trust)
    yield out
    await out.close()


class Server:
    """Answers each request with the next of some texts; one that is None is hung up on instead, once it was asked."""

    def __init__(self, papers: Certificate, *answers: bytes | None, hangs_up: bool = False) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(papers.cert, papers.key)
        self.answers, self.asked, self.connections, self._hangs_up = list(answers), list[bytes](), 0, hangs_up
        self.gone = asyncio.Event()

    @asynccontextmanager
    async def up(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=self._context)
        yield server.sockets[0].getsockname()[1]
        server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.answers:
                self.asked.append(await reader.readuntil(b"\r\n\r\n"))
                answer = self.answers.pop(0)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
                if self._hangs_up:
                    break
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            pass
        writer.close()
        self.gone.set()


async def ask(outgoing: HttpOutgoing, port: int, method: str = "GET", host: str = "127.0.0.1", **more: str) -> Answer:
    return await outgoing.send(SORI, method, f"https://{host}:{port}/", more, b"", 5)


async def test_an_issuer_that_nobody_knows_is_refused(papers: Certificate) -> None:
    server, out = Server(papers, OK), HttpOutgoing(LOOPBACK)
    async with server.up() as port:
        with pytest.raises(OSError, match="self-signed certificate"):
            await ask(out, port)
    assert server.asked == [], "not a word was said to it"
    await out.close()


async def test_a_trusted_one_is_believed_by_address_and_by_name(papers: Certificate, outgoing: HttpOutgoing) -> None:
    server = Server(papers, OK, OK)
    async with server.up() as port:
        assert (await ask(outgoing, port)).text == "ok"
        assert (await ask(outgoing, port)).text == "ok"
    assert server.connections == 1, "the connection was kept"


async def test_a_certificate_for_another_name_is_refused(papers: Certificate, trust: ssl.SSLContext) -> None:
    server, wire = Server(papers, OK), Wire(trust)
    async with server.up() as port:
        target = Target("127.0.0.1", port, "elsewhere.example")
        with pytest.raises(OSError, match=r"not valid for 'elsewhere\.example'"):
            await wire.request(target, "GET", "/", "elsewhere.example", {}, b"", 5, 1000)
        assert server.asked == []
        known = Target("127.0.0.1", port, "localhost")
        assert (await wire.request(known, "GET", "/", "localhost", {}, b"", 5, 1000)).body == b"ok"
    await wire.close()


async def test_a_kept_connection_that_the_server_has_closed_is_opened_anew(
    papers: Certificate, outgoing: HttpOutgoing
) -> None:
    server = Server(papers, OK, OK, hangs_up=True)
    async with server.up() as port:
        for _ in range(2):
            server.gone.clear()
            assert (await ask(outgoing, port, "POST")).text == "ok"
            await server.gone.wait()
            idle = [line for lines in outgoing._wire._idle.values() for line in lines]
            while any(line.alive for line in idle):  # noqa: ASYNC110 - until this side has heard of it
                await asyncio.sleep(0)
    assert server.connections == 2


async def test_one_that_hangs_up_as_it_is_asked_is_asked_again_where_that_does_no_harm(
    papers: Certificate, outgoing: HttpOutgoing
) -> None:
    server = Server(papers, OK, None, OK, None, OK)
    async with server.up() as port:
        await ask(outgoing, port)
        assert (await ask(outgoing, port)).text == "ok"
        with pytest.raises(OSError, match="ended before the answer"):
            await ask(outgoing, port, "POST")
    assert (server.connections, len(server.asked)) == (2, 4), "what a POST has done is not known: its step decides"


async def test_one_that_hangs_up_on_a_new_connection_is_not_asked_again(
    papers: Certificate, outgoing: HttpOutgoing
) -> None:
    server = Server(papers, None, OK)
    async with server.up() as port:
        with pytest.raises(OSError, match="ended before the answer"):
            await ask(outgoing, port)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", "abc"),
        (OK, "ok"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n" + b"x" * 300_000, "x" * (256 * 1024)),
    ],
)
async def test_the_ways_in_which_answers_end(
    papers: Certificate, outgoing: HttpOutgoing, answer: bytes, text: str
) -> None:
    async with Server(papers, answer, hangs_up=True).up() as port:
        assert (await ask(outgoing, port)).text == text


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nok",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
async def test_an_answer_that_is_cut_or_says_two_lengths_is_an_error(
    papers: Certificate, outgoing: HttpOutgoing, answer: bytes
) -> None:
    async with Server(papers, answer, hangs_up=True).up() as port:
        with pytest.raises(OSError, match="answer"):
            await ask(outgoing, port)


@pytest.mark.parametrize("framing", ["length", "chunked", "end"])
async def test_a_small_answer_does_not_grow_large(papers: Certificate, outgoing: HttpOutgoing, framing: str) -> None:
    packed = gzip.compress(b"x" * 20_000_000)
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n"
    answer = {
        "length": head + b"content-length: %d\r\n\r\n" % len(packed) + packed,
        "chunked": head + b"transfer-encoding: chunked\r\n\r\n%x\r\n" % len(packed) + packed + b"\r\n0\r\n\r\n",
        "end": head + b"\r\n" + packed,
    }[framing]
    async with Server(papers, answer, hangs_up=True).up() as port:
        assert len((await ask(outgoing, port)).text) == 256 * 1024


async def test_headers_that_never_end_are_cut_off(papers: Certificate, outgoing: HttpOutgoing) -> None:
    async with Server(papers, b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 4_000_000).up() as port:
        with pytest.raises(OSError, match="head does not end"):
            await ask(outgoing, port)


async def test_a_second_answer_that_nobody_asked_for_reaches_nobody(
    papers: Certificate, outgoing: HttpOutgoing
) -> None:
    smuggled = b"HTTP/1.1 200 OK\r\nx-evil: 1\r\ncontent-length: 4\r\n\r\nevil"
    server = Server(papers, OK + smuggled, OK)
    async with server.up() as port:
        first = await ask(outgoing, port)
        assert (first.text, "x-evil" in first.headers) == ("ok", False)
        assert (await ask(outgoing, port)).text == "ok"
    assert server.connections == 2, "that connection is not used again"


@pytest.mark.parametrize("value", ["a\r\nHost: elsewhere", "a\nx: y", "a\rb", "a\x00b"])
async def test_a_value_cannot_bring_headers_of_its_own(papers: Certificate, outgoing: HttpOutgoing, value: str) -> None:
    server = Server(papers, OK)
    async with server.up() as port:
        with pytest.raises(Invalid, match="line break"):
            await ask(outgoing, port, x=value)
        with pytest.raises(Invalid, match="not the name of a header"):
            await outgoing.send(SORI, "GET", f"https://127.0.0.1:{port}/", {"x\r\ny": "z"}, b"", 5)
        with pytest.raises(Invalid):
            await ask(outgoing, port, "GET / HTTP/1.1\r\nx: y\r\n\r\nGET")
        await ask(outgoing, port, **{"transfer-encoding": "chunked", "content-length": "9"})
    assert b"chunked" not in server.asked[0]
    assert b"content-length" not in server.asked[0].lower()


async def test_a_korean_host_is_named_in_ascii() -> None:
    assert _host(_read("https://두레.한국:8443/길")[0]).endswith(".xn--3e0b707e:8443"), "as the registry writes .한국"
    assert _host(_read("https://user:word@[::1]:8443/")[0]) == "[::1]:8443"
