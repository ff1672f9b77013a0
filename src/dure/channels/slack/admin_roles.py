"""`admin.roles.*` and `admin.inviteRequests.*`: custom roles where they are given, and whom members would have in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from dure.channels.slack.admin import BY, administrator, named, stepping_in
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.governance.api import InviteRequest, Principal
from dure.kernel.errors import DureError
from dure.kernel.tenant import Tenant

_READ, _WRITE = ("admin.roles:read",), ("admin.roles:write",)
_INVITES_READ, _INVITES_WRITE = ("admin.invites:read",), ("admin.invites:write",)
_TYPES = {"": "full_member", "multi": "restricted", "single": "ultra_restricted"}


async def list_assignments(call: Call) -> dict[str, Any]:
    acting = administrator(call, "org:read", "invalid_actor")
    limit, after = call.arguments.whole("limit", 100, 100), call.arguments.cursor("place")
    roles, entities = set(call.arguments.items("role_ids")), set(call.arguments.items("entity_ids"))
    order = call.arguments.text("sort_dir", "DESC").upper()
    if order not in ("ASC", "DESC"):
        raise Refused("invalid_sort")
    found = [
        {
            "role_id": one.role, "entity_id": one.channel or one.workspace or acting.tenant.org,
            "user_id": one.account, "date_create": int(one.given_at.timestamp()),
        }
        for one in await call.governance.custom_roles.given(acting, whole=True)
    ]  # fmt: skip
    found = [
        one for one in found
        if (not roles or one["role_id"] in roles) and (not entities or one["entity_id"] in entities)
    ]  # fmt: skip
    found = found[::-1] if order == "ASC" else found
    start = int(after) if after.isdigit() else 0
    more = str(start + limit) if len(found) > start + limit else ""
    return {
        "role_assignments": found[start : start + limit],
        "response_metadata": {"next_cursor": cursor_of("place", more) if more else ""},
    }


Change = Callable[[Principal, str, str, bool, str], Awaitable[object]]


def _assignments(*, takes: bool) -> Any:
    async def change(call: Call) -> dict[str, Any]:
        acting = administrator(call, "org:write", "invalid_actor")
        role = call.arguments.needed("role_id", "invalid_role_id")
        users, entities = call.arguments.items("user_ids"), call.arguments.items("entity_ids")
        if len(users) > 10 or len(entities) > 10:
            raise Refused("too_many_users" if len(users) > 10 else "too_many_entities")
        if not users or not entities:
            raise Refused("no_valid_users" if not users else "no_valid_entities")
        custom = call.governance.custom_roles
        if role not in {one.id for one in await custom.listed(acting)}:
            raise Refused("invalid_role_id")
        act = custom.take if takes else custom.give
        bad_users: dict[str, str] = {}
        bad_entities: dict[str, str] = {}
        done = 0
        for entity in dict.fromkeys(entities):
            where = await _where(call, acting, entity)
            if where is None:
                bad_entities[entity] = "not_found"
                continue
            there, whole, channel = where
            for user in dict.fromkeys(users):
                try:
                    await act(there, role, user, whole=whole, channel=channel)
                    done += 1
                except DureError as error:
                    if error.field == "user" or user == acting.user:
                        bad_users[user] = "user_not_found" if error.field == "user" else "not_allowed"
                    else:
                        bad_entities[entity] = "not_allowed" if error.field != "role" else "invalid_entity"
        return _outcome(done, bad_users, bad_entities)

    return change


def _outcome(done: int, users: Mapping[str, str], entities: Mapping[str, str]) -> dict[str, Any]:
    if not users and not entities:
        return {}
    if not done:
        raise Refused("no_valid_users" if users and not entities else "no_valid_entities")
    error = "failed_for_some_" + "_and_".join(
        name for name, bad in (("users", users), ("entities", entities)) if bad
    )  # fmt: skip
    return {
        "ok": False, "error": error,
        "rejected_users": [{"id": one, "error": why} for one, why in users.items()],
        "rejected_entities": [{"id": one, "error": why} for one, why in entities.items()],
    }  # fmt: skip


async def _where(call: Call, acting: Principal, entity: str) -> tuple[Principal, bool, str] | None:
    """Where a role is given: the organisation's id, a workspace's, or a channel's; None for what is none of ours."""
    if entity == acting.tenant.org:
        return acting, True, ""
    spaces = [one.id for one in await call.governance.organisation.workspaces(acting)]
    if entity in spaces:
        return await call.governance.seats.stepping_in(acting, entity), False, ""
    for workspace in sorted(spaces, key=lambda one: one != acting.tenant.workspace):
        there = replace(acting, tenant=Tenant(acting.tenant.org, workspace))
        if await call.channels.has_channel(there, entity):
            return await call.governance.seats.stepping_in(acting, workspace), False, entity
    return None


# -- admin.inviteRequests -------------------------------------------------------------------------------------------


def _requests(state: str, key: str) -> Any:
    async def listed(call: Call) -> dict[str, Any]:
        acting = await stepping_in(call, administrator(call))
        limit, after = call.arguments.whole("limit", 1000, 1000), call.arguments.cursor("place")
        start = int(after) if after.isdigit() else 0
        found = await call.governance.invite_requests.listed(acting, state)
        more = str(start + limit) if len(found) > start + limit else ""
        return {
            key: [_decided(one) if state != "pending" else _shape(one) for one in found[start : start + limit]],
            "response_metadata": {"next_cursor": cursor_of("place", more) if more else ""},
        }

    return listed


def _deciding(*, approve: bool) -> Any:
    async def decide(call: Call) -> dict[str, Any]:
        acting = await stepping_in(call, administrator(call))
        request = call.arguments.needed("invite_request_id", "invalid_request")
        errors = {"request": "invalid_request"}
        found = [
            one.id for state in ("approved", "denied")
            for one in await call.governance.invite_requests.listed(acting, state)
        ]  # fmt: skip
        if request in found:
            raise Refused("already_processed")
        fails = "failed_to_send_invite"
        with named(errors, conflict=fails, refused=fails, missing=fails):
            await call.governance.invite_requests.decide(acting, request, approve=approve)
        return {}

    return decide


def _shape(request: InviteRequest) -> dict[str, Any]:
    return {
        "id": request.id, "email": request.email, "date_created": int(request.asked_at.timestamp()),
        "requester_ids": [request.asked_by], "channel_ids": list(request.channels),
        "invite_type": _TYPES[request.guest], "real_name": request.name,
        "date_expire": int(request.expires_at.timestamp()) if request.expires_at else 0,
        "request_reason": request.reason, "team_id": request.workspace,
    }  # fmt: skip


def _decided(request: InviteRequest) -> dict[str, Any]:
    at = int(request.decided_at.timestamp()) if request.decided_at else 0
    by = {"actor_type": "user", "actor_id": request.decided_by}
    verb = "approved" if request.state == "approved" else "denied"
    return {"invite_request": _shape(request), f"{verb}_by": by, f"date_{verb}": at}


METHODS: Mapping[str, Method] = {
    "admin.roles.listAssignments": Method(list_assignments, _READ, BY),
    "admin.roles.addAssignments": Method(_assignments(takes=False), _WRITE, BY),
    "admin.roles.removeAssignments": Method(_assignments(takes=True), _WRITE, BY),
    "admin.inviteRequests.list": Method(_requests("pending", "invite_requests"), _INVITES_READ, BY),
    "admin.inviteRequests.approved.list": Method(_requests("approved", "approved_requests"), _INVITES_READ, BY),
    "admin.inviteRequests.denied.list": Method(_requests("denied", "denied_requests"), _INVITES_READ, BY),
    "admin.inviteRequests.approve": Method(_deciding(approve=True), _INVITES_WRITE, BY),
    "admin.inviteRequests.deny": Method(_deciding(approve=False), _INVITES_WRITE, BY),
}
