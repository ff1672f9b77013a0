"""`admin.users.*`: who is in which workspace, as what, and until when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dure.channels.slack.admin import BY, administrator, moment, named, stepping_in
from dure.channels.slack.arguments import Refused, cursor_of
from dure.channels.slack.call import Call, Method
from dure.governance.api import LastOwner, NoGuest, Role
from dure.governance.model import Guest
from dure.kernel.errors import Invalid, NotAllowed

_READ, _WRITE = ("admin.users:read",), ("admin.users:write",)


async def list_(call: Call) -> dict[str, Any]:
    """Everybody of the organisation, or of one workspace of it."""
    acting = administrator(call, "org:read")
    limit, after = call.arguments.whole("limit", 100, 100), call.arguments.cursor("user")
    team, active = call.arguments.text("team_id").strip(), call.arguments.flag("is_active", True)
    if team and team not in {one.id for one in await call.governance.organisation.workspaces(acting)}:
        raise Refused("team_not_found")
    found = []
    for account in await call.governance.accounts.listed(acting):
        shape = _shape(account, team, call.arguments.flag("include_deactivated_user_workspaces"))
        if shape is not None and shape["is_active"] == active and shape["id"] > after:
            found.append(shape)
    more = found[limit - 1]["id"] if len(found) > limit else ""
    return {
        "users": found[:limit],
        "response_metadata": {"next_cursor": cursor_of("user", more) if more else ""},
    }


async def invite(call: Call) -> dict[str, Any]:
    acting = administrator(call, error="failed_to_validate_caller")
    acting = await stepping_in(call, acting)
    email, channels = call.arguments.needed("email", "invalid_email"), call.arguments.items("channel_ids")
    if not channels:
        raise Refused("failed_to_validate_channels")
    guest = _guest(call)
    until = moment(call, "guest_expiration_ts", "failed_to_validate_expiration")
    errors = {"email": "invalid_email", "channel": "failed_to_validate_channels",
              "channels": "failed_to_validate_channels", "expires_at": "failed_to_validate_expiration"}  # fmt: skip
    for user in await call.governance.users(acting.tenant):
        if user.email.lower() == email.lower():
            raise Refused("user_disabled" if user.deleted else "already_in_team")
    with named(errors, refused="failed_to_validate_caller"):
        await call.governance.create_user(
            acting, email, _full_name(call.arguments.text("real_name")) or email.split("@")[0],
            role=Role.GUEST if guest else Role.MEMBER, guest=guest, channels=channels, expires_at=until,
        )  # fmt: skip
    return {}


async def assign(call: Call) -> dict[str, Any]:
    """Gives somebody of the organisation a seat in a workspace."""
    acting = await stepping_in(call, administrator(call))
    user, guest = call.arguments.needed("user_id", "user_not_found"), _guest(call)
    account = next((one for one in await call.governance.accounts.listed(acting) if one["id"] == user), None)
    if account is None:
        raise Refused("user_not_found")
    if account["app"]:
        raise Refused("user_is_bot")
    if any(seat["workspace"] == acting.tenant.workspace and not seat["left"] for seat in account["seats"]):
        raise Refused("user_already_team_member")
    channels = call.arguments.items("channel_ids")
    with named({"user": "user_not_found", "channel": "channel_not_found", "channels": "channel_not_found"},
               conflict="user_already_team_member"):  # fmt: skip
        await call.governance.assign(
            acting, user, Role.GUEST if guest else Role.MEMBER, guest=guest, channels=channels
        )  # fmt: skip
    return {}


async def remove(call: Call) -> dict[str, Any]:
    acting = await stepping_in(call, administrator(call, error="invalid_permissions"))
    user = call.arguments.needed("user_id", "user_not_found")
    known = {one.id: one for one in await call.governance.users(acting.tenant)}
    if user in known and known[user].deleted:
        raise Refused("user_already_deleted")
    with named({"user": "user_not_found"}, refused="invalid_permissions"):
        await call.governance.deactivate(acting, user)
    return {}


def _setting(role: Role, failed: str) -> Any:
    async def set_role(call: Call) -> dict[str, Any]:
        acting = await stepping_in(call, administrator(call))
        try:
            with named({"user": "user_not_found"}):
                await call.governance.seats.set_role(acting, call.arguments.needed("user_id", "user_not_found"), role)
        except LastOwner as error:
            raise Refused("cannot_modify_primary_owner") from error
        except NotAllowed as error:
            raise Refused("invalid_permissions") from error
        except Invalid as error:
            raise Refused(failed) from error
        return {}

    return set_role


async def set_expiration(call: Call) -> dict[str, Any]:
    acting = await stepping_in(call, administrator(call, error="failed_to_validate_caller"))
    user = call.arguments.needed("user_id", "user_not_found")
    call.arguments.needed("expiration_ts", "failed_to_validate_expiration")
    until = moment(call, "expiration_ts", "failed_to_validate_expiration")
    try:
        with named({"expires_at": "failed_to_validate_expiration"}, missing="user_not_found",
                   conflict="user_is_already_deleted"):  # fmt: skip
            await call.governance.seats.set_expiry(acting, user, until)
    except NoGuest as error:
        raise Refused("user_is_not_a_guest") from error
    return {}


async def get_expiration(call: Call) -> dict[str, Any]:
    acting = await stepping_in(call, administrator(call, "org:write", "not_permitted"), "target_team")
    wanted = call.arguments.needed("user_id", "user_not_found")
    user = next((one for one in await call.governance.users(acting.tenant) if one.id == wanted), None)
    if user is None:
        raise Refused("user_not_found")
    if not user.guest:
        raise Refused("user_is_not_guest")
    return {
        "user": {
            "id": user.id, "email": user.email, "is_restricted": user.guest == "multi",
            "is_ultra_restricted": user.guest == "single",
            "expiration_ts": int(user.expires_at.timestamp()) if user.expires_at else 0,
        }
    }  # fmt: skip


def _guest(call: Call) -> Guest:
    if call.arguments.flag("is_ultra_restricted"):
        return "single"
    return "multi" if call.arguments.flag("is_restricted") else ""


def _full_name(text: str) -> str:
    """`real_name` is a name, or an object that holds one."""
    if not text.startswith("{"):
        return text.strip()
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Refused("invalid_arguments", "[ERROR] real_name: not JSON") from error
    return str(found.get("full_name", "")).strip()


def _shape(account: Mapping[str, Any], team: str, with_left: bool) -> dict[str, Any] | None:
    """An account in Slack's words: as its seat in `team` is, else as the strongest of its seats; None without one."""
    seats = [seat for seat in account["seats"] if team in ("", seat["workspace"])]
    if not seats:
        return None
    live = [seat for seat in seats if not seat["left"]]
    roles = {seat["role"] for seat in live or seats}
    guests = {seat["guest"] for seat in live or seats if seat["role"] == "guest"}
    only_guest = roles == {"guest"}
    ends = [seat["expires_at"] for seat in live if seat["expires_at"]]
    return {
        "id": account["id"],
        "email": account["email"],
        "is_admin": bool(roles & {"admin", "owner"}),
        "is_owner": "owner" in roles,
        "is_primary_owner": False,
        "is_restricted": only_guest,
        "is_ultra_restricted": only_guest and guests == {"single"},
        "is_bot": bool(account["app"]),
        "username": account["email"].split("@")[0] or account["name"],
        "full_name": account["name"],
        "is_active": bool(live),
        "date_created": int(account["created_at"].timestamp()),
        "deactivated_ts": int(account["deleted_at"].timestamp()) if account["deleted_at"] else 0,
        "expiration_ts": min(ends) if only_guest and ends else 0,
        "workspaces": [seat["workspace"] for seat in (seats if with_left else live)],
        "has_2fa": False,
        "has_sso": False,
    }


METHODS: Mapping[str, Method] = {
    "admin.users.list": Method(list_, _READ, BY),
    "admin.users.invite": Method(invite, _WRITE, BY),
    "admin.users.assign": Method(assign, _WRITE, BY),
    "admin.users.remove": Method(remove, _WRITE, BY),
    "admin.users.setAdmin": Method(_setting(Role.ADMIN, "failed_to_set_user_to_admin"), _WRITE, BY),
    "admin.users.setOwner": Method(_setting(Role.OWNER, "failed_to_set_user_to_owner"), _WRITE, BY),
    "admin.users.setRegular": Method(_setting(Role.MEMBER, "failed_to_set_user_to_regular"), _WRITE, BY),
    "admin.users.setExpiration": Method(set_expiration, _WRITE, BY),
    "admin.users.getExpiration": Method(get_expiration, _READ, BY),
}
