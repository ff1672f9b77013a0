"""The door itself: everything below `/services/` and `/id/`, each address with what answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dure.deals.api import Deals
from dure.deals.salesforce import store
from dure.deals.salesforce.addresses import Handle, addresses_of, fits
from dure.deals.salesforce.apps import Apps
from dure.deals.salesforce.bulk.api import MOST_BYTES, Jobs
from dure.deals.salesforce.bulk.work import Work
from dure.deals.salesforce.call import Answer, Call
from dure.deals.salesforce.collections import Collections
from dure.deals.salesforce.composite import Composite
from dure.deals.salesforce.faults import Fault, fault_of
from dure.deals.salesforce.http import body_of, json_of, method_of, raw_path, response_of
from dure.deals.salesforce.ids import organisation_outside, user_outside
from dure.deals.salesforce.login import Login, Refused
from dure.deals.salesforce.resources import Resources
from dure.deals.salesforce.usage import Usage
from dure.deals.salesforce.writing import Writing
from dure.governance.api import Principal
from dure.kernel.errors import DureError, NotSignedIn

log = structlog.get_logger("deals.salesforce")

PREFIX = "/services/"
VERSIONS = tuple(f"{number}.0" for number in range(31, 68))
_MOST_JSON = 8 << 20
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
_VERSION = re.compile(r"v?(\d{1,3}\.\d)")
_RESOURCES = ("sobjects", "query", "queryAll", "search", "limits", "composite", "jobs", "recent")


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
        self._addresses: list[tuple[str, tuple[str, ...], Handle]] = addresses_of(
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
        raw = raw_path(request)
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
        return response_of(answer, headers, head=request.method == "HEAD")

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
        body = await body_of(request, MOST_BYTES if parts[-1] == "batches" else _MOST_JSON)
        asked = {name: values[-1] for name, values in parse_qs(request.url.query, keep_blank_values=True).items()}
        call = Call(
            self._desk, principal, method_of(request, asked), match[1], tuple(parts[2:]), asked, body,
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
            given = fits(pattern, call.parts)
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
            return response_of(_refusal(Fault("NOT_FOUND", "The requested resource does not exist")), {})
        try:
            body = await body_of(request, 1 << 16)
        except DureError as error:
            return response_of(_refusal(error), {})
        status, xml = await self._login.soap(body, self._base(request), match[1])
        return Response(xml, status, media_type="text/xml;charset=UTF-8")

    async def _oauth(self, request: Request, what: str) -> Response:
        try:
            if what == "userinfo":
                return response_of(
                    Answer(body=await self._who(await self._principal(request), self._base(request))), {}
                )
            if request.method != "POST" or what not in ("token", "revoke"):
                return response_of(_refusal(Fault("NOT_FOUND", "The requested resource does not exist")), {})
            text = (await body_of(request, 1 << 16)).decode("utf-8", "replace") + "&" + request.url.query
            form = {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
            if what == "revoke":
                await self._apps.end(form.get("token", ""))
                return Response(status_code=200)
            made = await self._login.token(form, request.headers.get("authorization", ""), self._base(request))
        except Refused as refused:
            status = 401 if refused.code == "invalid_client" else 400
            return json_of({"error": refused.code, "error_description": refused.message}, status, _NO_STORE)
        except DureError as error:
            return response_of(_refusal(error), {})
        return json_of(made, 200, _NO_STORE)

    async def identity(self, request: Request) -> Response:
        """Who a session is, at the address that its token names."""
        try:
            return response_of(Answer(body=await self._who(await self._principal(request), self._base(request))), {})
        except DureError as error:
            return response_of(_refusal(error), {})

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


def _refusal(error: DureError) -> Answer:
    fault = fault_of(error)
    return Answer(fault.status, [fault.as_salesforce()])


def _version(number: str) -> dict[str, str]:
    return {"label": f"Dure {number}", "url": f"/services/data/v{number}", "version": number}
