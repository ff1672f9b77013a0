"""The HTTP side of every event protocol: read, unpack, check the key, run the pipeline, store, answer.

It speaks ASGI itself: on this path a framework's request objects would cost more than the work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import structlog
from psycopg import OperationalError
from psycopg_pool import PoolTimeout, TooManyRequests
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from dure.ingest import pipeline
from dure.ingest.plugs import EventProtocol, Outcome, Reply, Request
from dure.ingest.protocols.default import SETTINGS
from dure.ingest.protocols.posthog_flags import PostHogFlags
from dure.ingest.wire import unpack
from dure.kernel.errors import DureError, Malformed, NotSignedIn, TooLarge, TooMany, Unavailable

if TYPE_CHECKING:
    from dure.ingest.api import Ingest

log = structlog.get_logger("ingest")

# What the vendors' browser libraries ask to send.
_HEADERS = (
    b"authorization, content-type, content-encoding, x-retry-count, anonymousid, posthog-sdk-info, posthog-attempt,"
    b" posthog-request-id, posthog-request-timestamp"
)
# Browsers on any site send here; a write key is all they bring.
_OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", _HEADERS),
    (b"access-control-max-age", b"86400"),
]
_UNREACHABLE = (OperationalError, PoolTimeout, TooManyRequests, OSError)


def routes(ingest: Ingest) -> list[BaseRoute]:
    """Every path of every protocol; added to the application as they are, beside FastAPI's."""
    doors: list[BaseRoute] = []
    doors += [Route(path, door) for path, door in doors_of(ingest).items()]
    doors += [Route(path, SettingsDoor(ingest, path, settings)) for path, settings in SETTINGS.items()]
    return doors


def doors_of(ingest: Ingest) -> dict[str, EventDoor]:
    """The door behind each path."""
    return {
        path: FlagDoor(ingest, protocol, path)
        if isinstance(protocol, PostHogFlags)
        else EventDoor(ingest, protocol, path)
        for protocol in ingest.protocols
        for path in protocol.paths
    }


class DoorsFirst:
    """Hands requests for events to their doors before anything else of the application sees them.

    An event door is asked a thousand times for every other one, and needs none of what lies between.
    """

    def __init__(self, app: ASGIApp, ingest: Ingest) -> None:
        self._app = app
        self._doors = doors_of(ingest)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._doors.get(scope["path"]) if scope["type"] == "http" else None
        await (door or self._app)(scope, receive, send)


class EventDoor:
    """Events in; 2xx only once they are on disk."""

    def __init__(self, ingest: Ingest, protocol: EventProtocol, path: str) -> None:
        self.path = path
        self._ingest = ingest
        self._protocol = protocol

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method: str = scope["method"]
        scope["route"] = self  # the access log names a request by its route's path
        if method == "OPTIONS":
            return await _answer(send, Reply(204, b""))
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        request = Request(
            method, scope["path"], scope["query_string"].decode("latin-1"), headers, b"", self._ingest.clock.now()
        )
        if method not in self._protocol.methods:
            reply = self._protocol.failed(request, 405, "method_not_allowed", "Send events with POST.")
            return await _answer(send, reply, allow="POST, OPTIONS")
        started = time.perf_counter()
        try:
            body = await read_body(receive, headers, self._protocol.limit(request.path))
            request = Request(method, request.path, request.query, headers, body, request.received)
            reply = await self._take(request)
            self._ingest.tally.took(time.perf_counter() - started)
        except DureError as error:
            reply = self._protocol.failed(request, error.status, error.code, error.message)
            if isinstance(error, Unavailable | TooMany):
                return await _answer(send, reply, retry_after=getattr(error, "retry_after", 1))
        except Exception:
            log.exception("ingest.unexpected", path=self.path)
            reply = self._protocol.failed(request, 500, "internal", "Something went wrong inside; it was logged.")
        return await _answer(send, reply)

    async def _take(self, request: Request) -> Reply:
        decoded = self._protocol.decode(request)
        try:
            source = await self._ingest.source_of_key(decoded.write_key)
            if source is None:
                raise NotSignedIn("The write key is not known here, or it was revoked.")
            rules = await self._ingest.rules_of(source.tenant)
            passed = pipeline.run(decoded.events, source.tenant, source.name, rules)
            if decoded.whole and passed.refused:
                passed = passed.refused_only()
            await self._ingest.keep(source, passed, request.received, rules)
        except _UNREACHABLE as error:
            log.error("ingest.unavailable", error=str(error).strip())
            raise Unavailable("The events cannot be stored right now; nothing was kept, send them again.") from error
        return self._protocol.answer(request, Outcome(len(passed.lines), passed.refused))


class FlagDoor(EventDoor):
    """Which flags hold for somebody: asked with a write key, and nothing is stored."""

    def __init__(self, ingest: Ingest, protocol: PostHogFlags, path: str) -> None:
        super().__init__(ingest, protocol, path)
        self._flags = protocol

    async def _take(self, request: Request) -> Reply:
        key, asked = self._flags.asked(request)
        try:
            source = await self._ingest.source_of_key(key)
            if source is None:
                raise NotSignedIn("The write key is not known here, or it was revoked.")
            known = self._ingest.flags
            told = await known.answer(source.tenant, asked) if known is not None and asked is not None else ()
        except _UNREACHABLE as error:
            log.error("flags.unavailable", error=str(error).strip())
            raise Unavailable("Flags cannot be answered right now; ask again.") from error
        return self._flags.told(request, told)


class SettingsDoor:
    """`GET …/KEY/…`, asked by browser and phone libraries before they send; `settings` writes the answer."""

    def __init__(self, ingest: Ingest, path: str, settings: Callable[[str, str], bytes]) -> None:
        self.path = path
        self._ingest = ingest
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        scope["route"] = self
        if scope["method"] == "OPTIONS":
            return await _answer(send, Reply(204, b""))
        key: str = scope["path_params"]["write_key"]
        if await self._ingest.source_of_key(key) is None:
            return await _answer(
                send, Reply(404, b'{"success":false,"code":"not_found","message":"The write key is not known here."}')
            )
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "localhost")
        return await _answer(send, Reply(200, self._settings(key, host)))


async def read_body(receive: Receive, headers: Mapping[str, str], limit: int) -> bytes:
    """The body, unpacked, never more than `limit` bytes in memory. Raises TooLarge or Malformed."""
    packed = headers.get("content-encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise Malformed(f"The content encoding {packed!r} is not read here; send gzip or none.")
    try:
        told = int(headers.get("content-length") or 0)
    except ValueError as error:
        raise Malformed("Content-Length is not a number.") from error
    if told > limit:
        raise TooLarge(f"The body has {told} bytes; this path takes {limit}.")
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("The connection ended before the body did.")
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise TooLarge(f"The body has more than the {limit} bytes that this path takes.")
        parts.append(part)
        if not message.get("more_body"):
            break
    body = b"".join(parts)
    return body if packed in ("", "identity") else unpack(body, limit)


async def _answer(send: Send, reply: Reply, *, allow: str = "", retry_after: int | None = None) -> None:
    headers = [
        (b"content-type", reply.content_type.encode()),
        (b"content-length", str(len(reply.body)).encode()),
        *(_OPEN if not reply.headers else [field for field in _OPEN if field[0].decode() not in reply.headers]),
        *((name.encode(), value.encode()) for name, value in reply.headers.items()),
    ]
    if allow:
        headers.append((b"allow", allow.encode()))
    if retry_after is not None:
        headers.append((b"retry-after", str(retry_after).encode()))
    if reply.status == 401:
        headers.append((b"www-authenticate", b'Basic realm="write key"'))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})
