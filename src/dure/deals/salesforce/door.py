"""The door itself: everything below `/services/` and `/id/`, each address with what answers it."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dure.deals.api import Deals
from dure.deals.salesforce import store
from dure.deals.salesforce.apps import Apps
from dure.deals.salesforce.bulk.api import MOST_BYTES, Jobs
from dure.deals.salesforce.bulk.work import Work
from dure.deals.salesforce.call import Answer, Call
from dure.deals.salesforce.collections import Collections
from dure.deals.salesforce.composite import Composite
from dure.deals.salesforce.faults import Fault, fault_of
from dure.deals.salesforce.ids import organisation_outside, user_outside
from dure.deals.salesforce.login import Login, Refused
from dure.deals.salesforce.reading import PAGE, more, query
from dure.deals.salesforce.resources import Resources
from dure.deals.salesforce.search import search
from dure.deals.salesforce.usage import Usage
from dure.deals.salesforce.writing import Writing
from dure.governance.api import Principal
from dure.kernel.errors import DureError, Malformed, NotSignedIn, TooLarge

log = structlog.get_logger("deals.salesforce")

PREFIX = "/services/"
VERSIONS = tuple(f"{number}.0" for number in range(31, 68))
_MOST_JSON = 8 << 20
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
_VERSION = re.compile(r"v?(\d{1,3}\.\d)")
_BATCH = re.compile(r"batchSize=(\d{1,5})")
_RESOURCES = ("sobjects", "query", "queryAll", "search", "limits", "composite", "jobs", "recent")

Handle = Callable[..., Awaitable[Answer]]


class SalesforceDoor:
    """Salesforce's REST as one ASGI route; `address` maps method and path to what answers."""

    def __init__(self, deals: Deals, apps: Apps, *, public_url: str = "", daily_calls: int = 1_000_000) -> None:
        self._desk = deals.desk
        self._apps = apps
        self._login = Login(deals.desk.clock, deals.desk.governance, apps)
        self._usage = Usage(deals.desk, daily_calls)
        self._public_url = public_url.rstrip("/")
        resources = Resources(Writing(deals))
        collections = Collections(resources)
        jobs, composite = Jobs(), Composite(self._dispatch, self._inner)
        self.work = Work(deals.desk, collections)
        self._addresses: list[tuple[str, tuple[str, ...], Handle]] = _addresses(
            resources, collections, jobs, composite, self._usage
        )

    def route(self) -> Route:
        return Route(PREFIX + "{path:path}", self, methods=_METHODS)

    def identity_route(self) -> Route:
        return Route("/id/{organisation}/{user}", self.identity, methods=["GET"])

    path = PREFIX + "{path}"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        scope["route"] = self  # the access log names a request by its route's path
        request = Request(scope, receive)
        response = await self.answer(request)
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        raw = scope_path(request)
        if raw.startswith("/services/Soap/"):
            return await self._soap(request, raw)
        if raw.startswith("/services/oauth2/"):
            return await self._oauth(request, raw.removeprefix("/services/oauth2/").strip("/"))
        headers: dict[str, str] = {}
        try:
            answer = await self._data(request, raw, headers)
        except DureError as error:
            answer = _refusal(error)
        except Exception:
            log.exception("a call failed", path=request.url.path.split("?")[0][:60])
            answer = _refusal(Fault("UNKNOWN_EXCEPTION", "An unexpected error occurred; it was logged."))
        return _response(answer, headers, head=request.method == "HEAD")

    async def tick(self) -> None:
        """Works off the jobs that wait."""
        await self.work.tick()

    async def forget(self) -> None:
        async with self._desk.state.begin_system() as tx:
            await store.forget(tx, self._desk.clock.now())

    # -- calls with a session ---------------------------------------------------------------------------------------

    async def _data(self, request: Request, raw: str, headers: dict[str, str]) -> Answer:
        parts = [unquote(part) for part in raw.removeprefix("/services/").split("/")]
        while parts and not parts[-1]:
            parts.pop()
        if parts == ["data"]:
            return Answer(body=[_version(one) for one in VERSIONS])
        match = _VERSION.fullmatch(parts[1]) if len(parts) > 1 and parts[0] == "data" else None
        if match is None or match[1] not in VERSIONS:
            raise Fault("NOT_FOUND", "The requested resource does not exist")
        principal = await self._principal(request)
        headers["Sforce-Limit-Info"] = await self._usage.count(principal.tenant.workspace)
        body = await _body(request, MOST_BYTES if parts[-1] == "batches" else _MOST_JSON)
        asked = {name: values[-1] for name, values in parse_qs(request.url.query, keep_blank_values=True).items()}
        call = Call(
            self._desk, principal, _method(request, asked), match[1], tuple(parts[2:]), asked, body,
            {name.lower(): value for name, value in request.headers.items()}, self._base(request),
        )  # fmt: skip
        return await self._handle(call)

    async def _handle(self, call: Call) -> Answer:
        if not call.parts:
            base = f"/services/data/v{call.version}"
            organisation, user = organisation_outside(call.principal.tenant.workspace), call.principal.user
            identity = f"{call.base}/id/{organisation}/{user_outside(user)}"
            return Answer(body={name: f"{base}/{name}" for name in _RESOURCES} | {"identity": identity})
        known_path = False
        for method, pattern, handle in self._addresses:
            given = _fits(pattern, call.parts)
            if given is None:
                continue
            if method == call.method or (method == "GET" and call.method == "HEAD"):
                return await handle(call, *given)
            known_path = True
        if known_path:
            raise Fault("METHOD_NOT_ALLOWED", f"HTTP Method '{call.method}' not allowed.")
        raise Fault("NOT_FOUND", "The requested resource does not exist")

    async def _dispatch(self, call: Call) -> Answer:
        """The answer to a call inside another, refusals included."""
        try:
            return await self._handle(call)
        except DureError as error:
            return _refusal(error)

    def _inner(
        self, call: Call, method: str, version: str, path: str, query_text: str, body: bytes, headers: Mapping[str, str]
    ) -> Call:
        if version not in VERSIONS:
            raise Fault("NOT_FOUND", "The requested resource does not exist")
        parts = [unquote(part) for part in path.split("/")]
        while parts and not parts[-1]:
            parts.pop()
        asked = {name: values[-1] for name, values in parse_qs(query_text, keep_blank_values=True).items()}
        return Call(
            call.desk, call.principal, method, version, tuple(parts), asked, body,
            {str(name).lower(): str(value) for name, value in headers.items()}, call.base, call.tx,
        )  # fmt: skip

    async def _principal(self, request: Request) -> Principal:
        scheme, _, session = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "oauth") or not session.strip():
            raise NotSignedIn
        return await self._apps.principal(session.strip())

    def _base(self, request: Request) -> str:
        """Where the client reaches us: what the administrator said, else what the client asked for."""
        host = request.headers.get("host", "")
        return self._public_url or f"{request.url.scheme}://{host or request.url.netloc}"

    # -- signing in -------------------------------------------------------------------------------------------------

    async def _soap(self, request: Request, raw: str) -> Response:
        match = re.fullmatch(r"/services/Soap/[uc]/(\d{1,3}\.\d)(?:/.*)?", raw)
        if match is None or request.method != "POST":
            return _response(_refusal(Fault("NOT_FOUND", "The requested resource does not exist")), {})
        try:
            body = await _body(request, 1 << 16)
        except DureError as error:
            return _response(_refusal(error), {})
        status, xml = await self._login.soap(body, self._base(request), match[1])
        return Response(xml, status, media_type="text/xml;charset=UTF-8")

    async def _oauth(self, request: Request, what: str) -> Response:
        try:
            if what == "userinfo":
                return _response(Answer(body=await self._who(await self._principal(request), self._base(request))), {})
            if request.method != "POST" or what not in ("token", "revoke"):
                return _response(_refusal(Fault("NOT_FOUND", "The requested resource does not exist")), {})
            text = (await _body(request, 1 << 16)).decode("utf-8", "replace") + "&" + request.url.query
            form = {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
            if what == "revoke":
                await self._apps.end(form.get("token", ""))
                return Response(status_code=200)
            made = await self._login.token(form, request.headers.get("authorization", ""), self._base(request))
        except Refused as refused:
            status = 401 if refused.code == "invalid_client" else 400
            return _json({"error": refused.code, "error_description": refused.message}, status, _NO_STORE)
        except DureError as error:
            return _response(_refusal(error), {})
        return _json(made, 200, _NO_STORE)

    async def identity(self, request: Request) -> Response:
        """Who a session is, at the address that its token names."""
        try:
            return _response(Answer(body=await self._who(await self._principal(request), self._base(request))), {})
        except DureError as error:
            return _response(_refusal(error), {})

    async def _who(self, principal: Principal, base: str) -> dict[str, Any]:
        user = await self._desk.governance.user(principal.tenant, principal.user)
        organisation, ident = organisation_outside(principal.tenant.workspace), user_outside(user.id)
        return {
            "sub": f"{base}/id/{organisation}/{ident}", "user_id": ident, "organization_id": organisation,
            "preferred_username": user.email, "username": user.email, "name": user.name, "email": user.email,
            "email_verified": True, "user_type": "STANDARD", "active": not user.deleted, "language": user.language,
            "urls": {"rest": f"{base}/services/data/v{{version}}/"},
        }  # fmt: skip


_NO_STORE = {"cache-control": "no-store"}


def _addresses(
    resources: Resources, collections: Collections, jobs: Jobs, composite: Composite, usage: Usage
) -> list[tuple[str, tuple[str, ...], Handle]]:
    """Method, path, what answers; `*` is handed on. The first that fits answers, so the particular come first."""

    def bound(handle: Handle, *first: Any) -> Handle:
        async def call_it(call: Call, *given: str) -> Answer:
            return await handle(call, *first, *given)

        return call_it

    listed: list[tuple[str, str, Handle]] = [
        ("GET", "query", _query),
        ("GET", "queryAll", _query_all),
        ("GET", "query/*", _more),
        ("GET", "queryAll/*", _more),
        ("GET", "search", _search),
        ("GET", "limits", usage.limits),
        ("GET", "recent", _recent),
        ("GET", "sobjects", resources.everything),
        ("GET", "sobjects/*", resources.basics),
        ("POST", "sobjects/*", resources.create),
        ("GET", "sobjects/*/describe", resources.described),
        ("GET", "sobjects/*/describe/layouts", resources.layouts),
        ("GET", "sobjects/*/describe/layouts/*", resources.layouts),
        ("GET", "sobjects/*/updated", resources.updated),
        ("GET", "sobjects/*/deleted", resources.deleted),
        ("GET", "sobjects/*/*", resources.read),
        ("PATCH", "sobjects/*/*", resources.update),
        ("DELETE", "sobjects/*/*", resources.delete),
        ("POST", "sobjects/User/*/password", resources.set_password),
        ("GET", "sobjects/*/*/*", resources.read_external),
        ("PATCH", "sobjects/*/*/*", resources.upsert),
        ("DELETE", "sobjects/*/*/*", resources.delete_external),
        ("POST", "composite", composite.composite),
        ("POST", "composite/batch", composite.batch),
        ("POST", "composite/tree/*", collections.tree),
        ("POST", "composite/sobjects", collections.create),
        ("PATCH", "composite/sobjects", collections.update),
        ("DELETE", "composite/sobjects", collections.delete),
        ("GET", "composite/sobjects/*", collections.read),
        ("POST", "composite/sobjects/*", collections.read),
        ("PATCH", "composite/sobjects/*/*", collections.upsert),
        ("PUT", "jobs/ingest/*/batches", jobs.send),
        ("GET", "jobs/ingest/*/successfulResults", bound(_swapped(jobs.became), "successfulResults")),
        ("GET", "jobs/ingest/*/failedResults", bound(_swapped(jobs.became), "failedResults")),
        ("GET", "jobs/ingest/*/unprocessedrecords", bound(_swapped(jobs.became), "unprocessedRecords")),
        ("GET", "jobs/ingest/*/unprocessedRecords", bound(_swapped(jobs.became), "unprocessedRecords")),
        ("GET", "jobs/query/*/results", jobs.found),
    ]
    for kind in ("query", "ingest"):
        listed += [
            ("POST", f"jobs/{kind}", bound(jobs.create, kind)),
            ("GET", f"jobs/{kind}", bound(jobs.all, kind)),
            ("GET", f"jobs/{kind}/*", bound(jobs.one, kind)),
            ("PATCH", f"jobs/{kind}/*", bound(jobs.set_state, kind)),
            ("DELETE", f"jobs/{kind}/*", bound(jobs.delete, kind)),
        ]
    return [(method, tuple(path.split("/")), handle) for method, path, handle in listed]


def _swapped(handle: Handle) -> Handle:
    async def call_it(call: Call, which: str, job: str) -> Answer:
        return await handle(call, job, which)

    return call_it


async def _query(call: Call) -> Answer:
    return await _asked(call, deleted=False)


async def _query_all(call: Call) -> Answer:
    return await _asked(call, deleted=True)


async def _asked(call: Call, *, deleted: bool) -> Answer:
    text = call.query.get("q")
    if text is None:
        raise Fault("MALFORMED_QUERY", "The request has no query: say it as `q`.")
    size = _BATCH.search(call.headers.get("sforce-query-options", ""))
    async with call.begin() as tx:
        seen = await call.view(tx)
        seen = seen.with_deleted() if deleted else seen
        found = await query(call.desk, tx, call.principal, seen, text, call.version, int(size[1]) if size else PAGE)
    return Answer(body=found.as_json(call.version))


async def _more(call: Call, locator: str) -> Answer:
    async with call.begin() as tx:
        found = await more(tx, call.principal, locator)
    return Answer(body=found.as_json(call.version))


async def _search(call: Call) -> Answer:
    return await search(call, call.query.get("q", ""))


async def _recent(_: Call) -> Answer:
    """What somebody looked at is not kept."""
    return Answer(body=[])


def _fits(pattern: tuple[str, ...], parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """What stands in the places of `*`, or None; names of resources have no case."""
    if len(pattern) != len(parts):
        return None
    given = []
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted == "*":
            given.append(part)
        elif wanted != part and wanted.lower() != part.lower():
            return None
    return tuple(given)


def scope_path(request: Request) -> str:
    """The path as it was sent, so that a quoted slash stays inside its part."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0].decode("latin-1")


def _method(request: Request, asked: Mapping[str, str]) -> str:
    """Clients that cannot PATCH say so in the address."""
    wanted = asked.get("_HttpMethod", "").upper()
    return wanted if request.method == "POST" and wanted in ("PATCH", "DELETE") else request.method


async def _body(request: Request, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise TooLarge(f"The body is larger than {most} bytes.")
        parts.append(part)
    body = b"".join(parts)
    if request.headers.get("content-encoding", "").lower() == "gzip":
        return _unzipped(body, most)
    return body


def _unzipped(body: bytes, most: int) -> bytes:
    try:
        opened = zlib.decompressobj(zlib.MAX_WBITS | 16)
        plain = opened.decompress(body, most + 1)
    except zlib.error as error:
        raise Malformed(f"The body is not gzip: {error}") from error
    if len(plain) > most:
        raise TooLarge(f"The body is larger than {most} bytes.")
    return plain


def _refusal(error: DureError) -> Answer:
    fault = fault_of(error)
    return Answer(fault.status, [fault.as_salesforce()])


def _response(answer: Answer, headers: Mapping[str, str], *, head: bool = False) -> Response:
    all_headers = {**headers, **answer.headers}
    if answer.body is None:
        return Response(status_code=answer.status, headers=all_headers)
    if isinstance(answer.body, str | bytes):
        return Response(b"" if head else answer.body, answer.status, all_headers, answer.media)
    return _json(None if head else answer.body, answer.status, all_headers)


def _json(body: Any, status: int, headers: Mapping[str, str]) -> Response:
    raw = (
        b"" if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    )
    return Response(raw, status, headers, "application/json;charset=UTF-8")


def _version(number: str) -> dict[str, str]:
    return {"label": f"Dure {number}", "url": f"/services/data/v{number}", "version": number}
