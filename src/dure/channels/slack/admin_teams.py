"""`admin.teams.*`: the organisation's workspaces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.slack import shapes
from dure.channels.slack.administered import administered, cut, page, picture, team
from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method
from dure.governance.api import Role
from dure.kernel.errors import Conflict, Invalid, TooLarge

_LARGEST_ICON = 128 * 1024
_FINDABLE = ("open", "closed", "invite_only", "unlisted")


async def create(call: Call) -> dict[str, Any]:
    given = call.arguments
    name, domain = (
        given.needed("team_name", "must_provide_team_name"),
        given.needed("team_domain", "must_provide_team_domain"),
    )
    findable = _findable(given.text("team_discoverability") or "unlisted")
    known = await call.governance.about.about(call.principal)
    if any(one.workspace.name == name for one in known):
        raise Refused("name_taken_in_org")
    try:
        made = await call.governance.organisation.open_workspace(call.principal, name, domain=domain.lower())
    except Conflict as error:
        raise Refused("domain_taken" if error.field == "domain" else "could_not_create_workspace") from error
    except Invalid as error:
        raise Refused("bad_url" if error.field == "domain" else "could_not_create_workspace") from error
    await call.governance.about.change(
        call.principal, made.id, description=given.text("team_description"), discoverability=findable
    )
    return {"team": made.id}


async def list_(call: Call) -> dict[str, Any]:
    after, limit = page(call, "team", 100, 100)
    found, metadata = cut("team", await call.governance.about.about(call.principal), after, limit)
    teams = [
        {
            "id": one.workspace.id, "name": one.workspace.name, "discoverability": one.discoverability,
            "primary_owner": {"user_id": one.owner.id, "email": one.owner.email} if one.owner else None,
            "team_url": call.base, "domain": one.workspace.domain,
        }
        for one in found
    ]  # fmt: skip
    return {"teams": teams, "response_metadata": metadata}


async def admins(call: Call) -> dict[str, Any]:
    return await _people(call, "admin_ids", Role.ADMIN)


async def owners(call: Call) -> dict[str, Any]:
    return await _people(call, "owner_ids", Role.OWNER)


async def info(call: Call) -> dict[str, Any]:
    space = await team(call)
    about = next(one for one in await call.governance.about.about(call.principal) if one.workspace.id == space.id)
    defaults = await call.channels.spanning.defaults(call.principal, space.id)
    icon: dict[str, Any] = {"image_default": True}
    if about.has_icon:
        where = f"{call.base}api/v1/workspaces/{space.id}/icon"
        icon = {f"image_{size}": where for size in (34, 44, 68, 88, 102, 132, 230)} | {"image_default": False}
    return {
        "team": {
            **shapes.team(space), "icon": icon, "default_channels": list(defaults), "is_verified": False,
            "enterprise_domain": "", "url": call.base, "avatar_base_url": call.base, "description": about.description,
            "discoverability": about.discoverability,
        }
    }  # fmt: skip


async def set_defaults(call: Call) -> None:
    space = await team(call)
    channels = call.arguments.items("channel_ids")
    if len(channels) > 100:
        raise Refused("too_many_channels")
    await call.channels.spanning.set_defaults(call.principal, space.id, channels)


async def set_description(call: Call) -> None:
    space = await team(call)
    try:
        await call.governance.about.change(call.principal, space.id, description=call.arguments.text("description"))
    except Invalid as error:
        raise Refused("invalid_description") from error


async def set_discoverability(call: Call) -> None:
    space = await team(call)
    findable = _findable(call.arguments.needed("discoverability", "discoverability_setting_invalid"))
    await call.governance.about.change(call.principal, space.id, discoverability=findable)


async def set_icon(call: Call) -> None:
    space = await team(call)
    body = await picture(call, call.arguments.needed("image_url", "invalid_image"), _LARGEST_ICON, "bad_image")
    try:
        await call.governance.about.set_icon(call.principal, space.id, body)
    except TooLarge as error:
        raise Refused("too_large") from error
    except Invalid as error:
        raise Refused("bad_image") from error


async def set_name(call: Call) -> None:
    space = await team(call)
    try:
        await call.governance.about.change(call.principal, space.id, name=call.arguments.needed("name", "invalid_name"))
    except Conflict as error:
        raise Refused("name_taken_in_org") from error
    except Invalid as error:
        raise Refused("invalid_name") from error


async def _people(call: Call, key: str, role: Role) -> dict[str, Any]:
    space = await team(call)
    after, limit = page(call, "user", 100, 1_000)
    people = [one.id for one in await call.governance.about.people(call.principal, space.id) if one.role is role]
    ids, metadata = cut("user", sorted(people), after, limit)
    return {key: ids, "response_metadata": metadata}


def _findable(value: str) -> str:
    if value not in _FINDABLE:
        raise Refused("discoverability_setting_invalid")
    return value


METHODS: Mapping[str, Method] = administered(
    "teams",
    {
        "admin.teams.admins.list": (admins, "read"),
        "admin.teams.create": (create, "write"),
        "admin.teams.list": (list_, "read"),
        "admin.teams.owners.list": (owners, "read"),
        "admin.teams.settings.info": (info, "read"),
        "admin.teams.settings.setDefaultChannels": (set_defaults, "write"),
        "admin.teams.settings.setDescription": (set_description, "write"),
        "admin.teams.settings.setDiscoverability": (set_discoverability, "write"),
        "admin.teams.settings.setIcon": (set_icon, "write"),
        "admin.teams.settings.setName": (set_name, "write"),
    },
)
