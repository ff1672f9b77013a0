"""The organisation, its workspaces and people, over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from fastapi import Request, Response

from dure.governance.api import OrgRole, Role
from dure.governance.http import COOKIE, Caller, device_of, with_session
from dure.governance.organisation import Organisation
from dure.governance.workspaces import Workspaces
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewWorkspace:
    name: str
    timezone: str = ""
    currency: str = ""
    language: str = ""


@body
class NewSeat:
    user: str
    role: Role = Role.MEMBER


@body
class NewOrgRole:
    role: OrgRole


@body
class Switch:
    workspace: str


def router(organisation: Organisation, sign_out: Callable[[str], Awaitable[None]], about: Workspaces) -> APIRouter:
    """`sign_out` ends a session by its secret."""
    routes = APIRouter(prefix="/api/v1", tags=["governance"])

    @routes.get("/workspaces")
    async def mine(caller: Caller) -> dict[str, Any]:
        """The workspaces in which the caller has a seat, with their role there."""
        return {"workspaces": [{**asdict(one), "role": role} for one, role in await organisation.mine(caller)]}

    @routes.post("/workspaces", status_code=201)
    async def open_workspace(caller: Caller, body: NewWorkspace) -> dict[str, Any]:
        """Opens another workspace of the organisation, owned by the caller."""
        made = await organisation.open_workspace(
            caller, body.name, timezone=body.timezone, currency=body.currency, language=body.language
        )
        return asdict(made)

    @routes.post("/session/workspace", status_code=204)
    async def switch(caller: Caller, body: Switch, request: Request) -> Response:
        """Goes to another of one's workspaces: the browser's session is one of there from then on, the old one ends."""
        secret = await organisation.switch(
            caller, body.workspace, device=device_of(request), secret=request.cookies.get(COOKIE, "")
        )
        await sign_out(request.cookies.get(COOKIE, ""))
        return with_session(Response(status_code=204), request, secret)

    @routes.post("/seats", status_code=201)
    async def seat(caller: Caller, body: NewSeat) -> dict[str, Any]:
        """Gives somebody of the organisation a seat in the caller's workspace."""
        return asdict(await organisation.seat(caller, body.user, body.role))

    @routes.get("/organisation/workspaces")
    async def workspaces(caller: Caller) -> dict[str, Any]:
        """Every workspace of the organisation; for those who look after it."""
        return {"workspaces": [asdict(one) for one in await organisation.workspaces(caller)]}

    @routes.get("/workspaces/{workspace}/icon")
    async def icon(caller: Caller, workspace: str) -> Response:
        """A workspace's picture, for whoever is of its organisation."""
        kind, picture = await about.icon(caller, workspace)
        headers = {"cache-control": "private, max-age=300", "x-content-type-options": "nosniff"}
        return Response(picture, media_type=kind, headers=headers)

    @routes.get("/organisation/people")
    async def people(caller: Caller) -> dict[str, Any]:
        """Everybody of the organisation, with their workspaces; for those who look after it."""
        return {"people": [asdict(one) for one in await organisation.people(caller)]}

    @routes.put("/organisation/people/{user_id}/role", status_code=204)
    async def set_role(caller: Caller, user_id: str, body: NewOrgRole) -> None:
        """What somebody may do with the organisation itself: owner, admin, auditor, or nothing."""
        await organisation.set_role(caller, user_id, body.role)

    return routes
