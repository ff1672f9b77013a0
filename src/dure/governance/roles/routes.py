"""Roles, guests and requests to invite, over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal

from dure.governance.access import allowed
from dure.governance.api import Governance, Role
from dure.governance.http import Caller
from dure.governance.roles.table import COLUMNS, TABLE
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter

GuestKind = Literal["single", "multi"]


@body
class RoleBody:
    name: str
    rights: list[str]
    description: str = ""


@body
class GivenTo:
    user: str
    whole: bool = False
    channel: str = ""


@body
class NewRoleOf:
    role: Role
    guest: Literal["", "single", "multi"] = ""
    expires_at: datetime | None = None


@body
class NewExpiry:
    expires_at: datetime | None


@body
class NewGuest:
    email: str
    name: str
    channels: list[str]
    guest: GuestKind = "multi"
    expires_at: datetime | None = None


@body
class NewRequest:
    email: str
    name: str = ""
    guest: Literal["", "single", "multi"] = ""
    channels: list[str] | None = None
    expires_at: datetime | None = None
    reason: str = ""


def router(governance: Governance) -> APIRouter:
    routes = APIRouter(prefix="/api/v1", tags=["governance"])
    custom, seats, requests = governance.custom_roles, governance.seats, governance.invite_requests

    @routes.get("/roles")
    async def table(caller: Caller) -> dict[str, Any]:
        """The permission table: every right with the roles that hold it, the organisation's own roles, and which
        rights the caller holds here."""
        rights = [{"name": one.name, "level": one.level, "roles": sorted(one.roles)} for one in TABLE.values()]
        roles = [asdict(one) for one in await custom.listed(caller)]
        return {
            "columns": COLUMNS,
            "rights": rights,
            "roles": roles,
            "mine": [name for name in TABLE if allowed(caller, name)],
        }

    @routes.post("/roles", status_code=201)
    async def make(caller: Caller, body: RoleBody) -> dict[str, Any]:
        """Makes a role of the organisation's own: a named set of rights, none beyond the caller's."""
        return asdict(await custom.make(caller, body.name, body.description, body.rights))

    @routes.put("/roles/{role_id}")
    async def change(caller: Caller, role_id: str, body: RoleBody) -> dict[str, Any]:
        """Changes a role; whoever has it holds the new rights from their next act on."""
        return asdict(await custom.change(caller, role_id, body.name, body.description, body.rights))

    @routes.delete("/roles/{role_id}", status_code=204)
    async def remove(caller: Caller, role_id: str) -> None:
        """Takes a role away from everybody and out of the list."""
        await custom.remove(caller, role_id)

    @routes.get("/roles/given")
    async def given(caller: Caller, whole: bool = False) -> dict[str, Any]:
        """Who has which role and where, as far as it holds in this workspace; with `whole`, of all workspaces."""
        return {"given": [asdict(one) for one in await custom.given(caller, whole=whole)]}

    @routes.post("/roles/{role_id}/people", status_code=204)
    async def give(caller: Caller, role_id: str, body: GivenTo) -> None:
        """Gives a role to somebody: in this workspace, in one channel of it, or in the whole organisation."""
        await custom.give(caller, role_id, body.user, whole=body.whole, channel=body.channel)

    @routes.delete("/roles/{role_id}/people/{user_id}", status_code=204)
    async def take(caller: Caller, role_id: str, user_id: str, whole: bool = False, channel: str = "") -> None:
        """Takes a role away from somebody again."""
        await custom.take(caller, role_id, user_id, whole=whole, channel=channel)

    @routes.get("/organisation/people/here")
    async def people(caller: Caller) -> dict[str, Any]:
        """Everybody of this workspace with role, custom roles and, of a guest, channels and end."""
        return {"people": [asdict(one) for one in await seats.listed(caller)]}

    @routes.put("/organisation/people/{user_id}/seat", status_code=204)
    async def set_role(caller: Caller, user_id: str, body: NewRoleOf) -> None:
        """What somebody is in this workspace: owner, admin, member, or a guest of one channel or several."""
        await seats.set_role(caller, user_id, body.role, guest=body.guest, expires_at=body.expires_at)

    @routes.put("/organisation/people/{user_id}/expiry", status_code=204)
    async def set_expiry(caller: Caller, user_id: str, body: NewExpiry) -> None:
        """When a guest's seat ends; null is never. A guest whose time is over comes back."""
        await seats.set_expiry(caller, user_id, body.expires_at)

    @routes.post("/organisation/guests", status_code=201)
    async def invite_guest(caller: Caller, body: NewGuest) -> dict[str, Any]:
        """Brings a guest into one channel or several, for ever or until an end."""
        if not body.channels:
            raise Invalid("Say which channels the guest comes to.", field="channels")
        made = await governance.create_user(
            caller,
            body.email,
            body.name,
            role=Role.GUEST,
            guest=body.guest,
            channels=body.channels,
            expires_at=body.expires_at,
        )
        return asdict(made)

    @routes.get("/organisation/invite-requests")
    async def listed(caller: Caller, state: Literal["pending", "approved", "denied"] = "pending") -> dict[str, Any]:
        """Whom people asked to have invited."""
        return {"requests": [asdict(one) for one in await requests.listed(caller, state)]}

    @routes.post("/organisation/invite-requests", status_code=201)
    async def ask(caller: Caller, body: NewRequest) -> dict[str, Any]:
        """Asks that somebody be invited."""
        made = await requests.ask(
            caller,
            body.email,
            body.name,
            guest=body.guest,
            channels=body.channels or [],
            expires_at=body.expires_at,
            reason=body.reason,
        )
        return asdict(made)

    @routes.post("/organisation/invite-requests/{request_id}/{answer}", status_code=204)
    async def decide(caller: Caller, request_id: str, answer: Literal["approve", "deny"]) -> None:
        """Has somebody in, or not."""
        await requests.decide(caller, request_id, approve=answer == "approve")

    return routes
