"""Slack's Audit Logs API: `/slack/audit/v1/{schemas,actions,logs}`, for an owner's token with `auditlogs:read`."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from dure.governance.api import Governance
from dure.governance.audit import slack
from dure.governance.audit.api import MOST, InvalidCursor, Wanted
from dure.governance.model import OrgRole, Principal
from dure.governance.pace import Pace, Rate
from dure.kernel.errors import DureError, NotSignedIn, TooMany
from dure.web.routing import APIRouter

PREFIX = "/slack/audit/v1"
SCOPE = "auditlogs:read"
_TIER = Rate("audit", 50, 50)
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class _Refused(Exception):
    """An error by Slack's name."""

    def __init__(self, status: int, error: str, **more: str) -> None:
        super().__init__(error)
        self.status = status
        self.body: dict[str, Any] = {"ok": False, "error": error, **more}


def router(governance: Governance, pace: Pace) -> APIRouter:
    routes = APIRouter()

    async def schemas(_: Request) -> dict[str, Any]:
        return {"schemas": [{"type": kind, kind: dict(fields)} for kind, fields in slack.SCHEMAS.items()]}

    async def actions(_: Request) -> dict[str, Any]:
        return {"actions": slack.categories(governance.audit.chain.rows)}

    async def logs(request: Request) -> dict[str, Any]:
        principal = await _owner(request, governance)
        pace.take(_TIER, principal.tenant.org)
        asked = request.query_params
        limit = _number(asked.get("limit"), "limit")
        if limit is not None and not 1 <= limit <= MOST:
            raise _Refused(400, "over_pagination_limit")
        wanted = Wanted(
            latest=_number(asked.get("latest"), "latest"), oldest=_number(asked.get("oldest"), "oldest"),
            action=tuple(one for one in asked.get("action", "").split(",") if one), actor=asked.get("actor", ""),
            entity=asked.get("entity", ""),
        )  # fmt: skip
        found = await governance.audit.logs(principal, wanted, limit=limit or 100, cursor=asked.get("cursor", ""))
        spaces = {space.id: space for space in await governance.workspaces() if space.org == principal.tenant.org}
        return {
            "entries": [slack.shown(entry, found.names, spaces) for entry in found.entries],
            "response_metadata": {"next_cursor": found.cursor},
        }

    for name, handle in (("schemas", schemas), ("actions", actions), ("logs", logs)):
        routes.add_route(f"{PREFIX}/{name}", _answering(handle), methods=_METHODS, include_in_schema=False)
    return routes


def _answering(handle: Any) -> Any:
    async def answer(request: Request) -> Response:
        try:
            if request.method != "GET":
                raise _Refused(405, "method_not_supported")
            return JSONResponse(await handle(request))
        except _Refused as refused:
            return JSONResponse(refused.body, refused.status)
        except TooMany as error:
            return JSONResponse(
                {"ok": False, "error": "ratelimited"}, 429, headers={"retry-after": str(error.retry_after)}
            )
        except InvalidCursor:
            return JSONResponse({"ok": False, "error": "invalid_cursor"}, 400)
        except DureError as error:
            return JSONResponse({"ok": False, "error": "internal_error"}, error.status)

    return answer


async def _owner(request: Request, governance: Governance) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _Refused(401, "missing_authentication")
    try:
        principal = await governance.principal(token.strip())
    except NotSignedIn as error:
        raise _Refused(401, "invalid_authentication") from error
    if principal.kind != "user" or principal.org_role is not OrgRole.OWNER:
        raise _Refused(403, "user_not_authorized")
    if "*" not in principal.scopes and SCOPE not in principal.scopes:
        raise _Refused(403, "missing_scope", needed=SCOPE, provided=",".join(sorted(principal.scopes)))
    return principal


def _number(text: str | None, name: str) -> int | None:
    if text is None or text == "":
        return None
    if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 18:
        raise _Refused(400, "invalid_arguments", detail=f"`{name}` is a whole number.")
    return int(text)
