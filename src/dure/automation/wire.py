"""HTTP/1.1 over kept connections, as little of it as a call to a checked address needs.

A library that can do everything cost more than the run that called. Here there are no redirects, no cookies and no
proxies; a body is read up to a limit, and what does not fit in the protocol ends the connection.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import time
import zlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httptools

from dure.automation.plugs import Unreached
from dure.kernel.errors import Invalid

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
# Said by this side alone.
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "expect", "upgrade"})
_WORD = re.compile(r"[^\x00-\x20\x7f]+")
_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
_MOST_HEAD = 64 * 1024
_KEPT_SECONDS = 15.0
_KEPT_FOR_EACH = 16
_BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Target:
    """Where a connection leads: a checked address, a port, and the name for TLS ("" for none)."""

    address: str
    port: int
    tls: str = ""


@dataclass(slots=True)
class Response:
    """What came back; `body` is cut at the limit. Header names are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes


class Hung(OSError):
    """The other side hung up before it said a word: on a kept connection most likely before it heard one."""


class Wire:
    """Connections of this process, kept for a moment after each call."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._idle: dict[Target, deque[_Line]] = {}

    async def request(
        self, target: Target, method: str, path: str, host: str, headers: Mapping[str, str], body: bytes,
        seconds: float, most: int,
    ) -> Response:  # fmt: skip
        """One request. OSError where nothing, or nothing that can be read, came back in time; Unreached where no
        connection was made."""
        data = _written(method, path, host, headers, body)
        opened = False
        try:
            async with asyncio.timeout(seconds):
                kept = self._kept(target)
                line = kept or await self._opened(target)
                opened = True
                try:
                    response = await line.ask(data, head=method == "HEAD", most=most)
                except Hung:
                    if kept is None or method not in _IDEMPOTENT:
                        raise
                    line = await self._opened(target)
                    response = await line.ask(data, head=method == "HEAD", most=most)
        except TimeoutError as error:
            raise (OSError if opened else Unreached)(f"no answer within {seconds:g} seconds") from error
        self._keep(target, line)
        return response

    async def close(self) -> None:
        for lines in self._idle.values():
            for line in lines:
                line.close()
        self._idle.clear()

    def _kept(self, target: Target) -> _Line | None:
        lines = self._idle.get(target)
        while lines:
            line = lines.pop()
            if line.alive and time.monotonic() - line.since < _KEPT_SECONDS:
                return line
            line.close()
        return None

    def _keep(self, target: Target, line: _Line) -> None:
        if not line.alive:
            line.close()
            return
        line.since = time.monotonic()
        lines = self._idle.setdefault(target, deque())
        lines.append(line)
        if len(lines) > _KEPT_FOR_EACH:
            lines.popleft().close()
        if len(self._idle) > 256:
            # Addresses that nobody has called for long.
            self._idle = {one: some for one, some in self._idle.items() if some and some[-1].alive}

    async def _opened(self, target: Target) -> _Line:
        loop = asyncio.get_running_loop()
        tls: dict[str, Any] = {"ssl": self._context, "server_hostname": target.tls} if target.tls else {}
        try:
            _, line = await loop.create_connection(_Line, target.address, target.port, **tls)
        except ssl.SSLError as error:
            raise Unreached(f"TLS: {getattr(error, 'verify_message', '') or error.reason or error}") from error
        except OSError as error:
            raise Unreached(str(error)) from error
        return line


@dataclass(eq=False)
class _Line(asyncio.Protocol):
    """One connection; one request at a time."""

    since: float = 0.0
    alive: bool = True
    _transport: Any = None
    _answer: asyncio.Future[Response] | None = None
    _parser: Any = None
    _status: int = 0
    _headers: dict[str, str] = field(default_factory=dict)
    _parts: list[bytes] = field(default_factory=list)
    _size: int = 0
    _most: int = 0
    _head: bool = False
    _begun: bool = False
    _heard: int = 0

    async def ask(self, data: bytes, *, head: bool, most: int) -> Response:
        self._answer = asyncio.get_running_loop().create_future()
        self._head, self._most = head, most
        self._reset()
        self._transport.write(data)
        try:
            return await self._answer
        except BaseException:
            self.close()
            raise
        finally:
            self._answer = None

    def close(self) -> None:
        self.alive = False
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._over:
            self.close()  # it speaks without having been asked
            return
        if not self._begun and self._heard > _MOST_HEAD:
            self._fail("the answer's head does not end")
            return
        self._heard += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(f"the answer is not HTTP: {error}")

    def connection_lost(self, error: Exception | None) -> None:
        self.alive = False
        if self._answer is not None and not self._answer.done():
            if self._begun and error is None and not self._measured:
                self._done()
            else:
                self._fail(
                    str(error or "the connection ended before the answer did"), Hung if not self._heard else OSError
                )

    # -- told by the parser -----------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        if self._over:
            self.alive = False  # a second answer to one question: nothing here can be believed any more

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._over:
            return
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        if self._over:
            return
        self._status = self._parser.get_status_code()
        self._begun = self._status >= 200
        if self._head and self._begun:
            self.alive = False  # the parser waits for a body that never comes
            self._done()

    def on_body(self, body: bytes) -> None:
        if self._over or self._size > self._most:
            return
        self._parts.append(body)
        self._size += len(body)
        if self._size > self._most:
            self.alive = False
            self._done()

    def on_message_complete(self) -> None:
        if not self._begun:
            self._headers = {}  # a word ahead of the answer, such as 100 Continue
            return
        self.alive = self.alive and self._parser.should_keep_alive()
        self._done()

    # -- the end ----------------------------------------------------------------------------------------------------

    @property
    def _over(self) -> bool:
        return self._answer is None or self._answer.done()

    @property
    def _measured(self) -> bool:
        """Whether the answer says where it ends."""
        return "content-length" in self._headers or "chunked" in self._headers.get("transfer-encoding", "").lower()

    def _done(self) -> None:
        if self._answer is None or self._answer.done():
            return
        body = b"".join(self._parts)
        try:
            body = _unpacked(self._headers.get("content-encoding", ""), body, self._most)
        except zlib.error as error:
            self._fail(f"the answer cannot be unpacked: {error}")
            return
        self._answer.set_result(Response(self._status, self._headers, body))

    def _fail(self, why: str, kind: type[OSError] = OSError) -> None:
        self.alive = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(kind(why))

    def _reset(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._headers, self._parts, self._size, self._begun, self._status, self._heard = {}, [], 0, False, 0, 0


def _written(method: str, path: str, host: str, headers: Mapping[str, str], body: bytes) -> bytes:
    if not (_TOKEN.fullmatch(method) and _WORD.fullmatch(path) and _WORD.fullmatch(host)):
        raise Invalid("A method, a path and a host have no blanks or control characters.", field="url")
    lines = [f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip, deflate"]
    names = set()
    for name, value in headers.items():
        low = name.lower()
        if not _TOKEN.fullmatch(name):
            raise Invalid(f"{name!r} is not the name of a header.", field="headers")
        if not _VALUE.fullmatch(value):
            raise Invalid(f"The header {name} has a line break or another control character.", field="headers")
        if low not in _OURS:
            names.add(low)
            lines.append(f"{name}: {value}")
    if "user-agent" not in names:
        lines.append("User-Agent: Dure")
    if "accept" not in names:
        lines.append("Accept: */*")
    if body or method not in ("GET", "HEAD", "DELETE"):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "\r\n"]).encode("utf-8") + body


def _unpacked(encoding: str, body: bytes, most: int) -> bytes:
    kind = encoding.strip().lower()
    if kind not in ("gzip", "x-gzip", "deflate") or not body:
        return body
    # A small answer must not grow large in being unpacked.
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(body, most)
