"""`usergroups.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.slack.arguments import Refused
from dure.channels.slack.call import Call, Method
from dure.channels.slack.group_shapes import group

_READ, _WRITE = ("usergroups:read",), ("usergroups:write",)


async def create(call: Call) -> dict[str, Any]:
    arguments = call.arguments
    made = await call.colleagues.groups.create(
        call.principal, arguments.needed("name", "invalid_name"), handle=arguments.text("handle"),
        description=arguments.text("description"), channels=arguments.items("channels"),
    )  # fmt: skip
    return {"usergroup": group(made, count=True)}


async def update(call: Call) -> dict[str, Any]:
    given, values = call.arguments, call.arguments.values
    made = await call.colleagues.groups.change(
        call.principal, _group(call),
        name=given.text("name") if values.get("name") is not None else None,
        handle=given.text("handle") if values.get("handle") is not None else None,
        description=given.text("description") if values.get("description") is not None else None,
        channels=given.items("channels") if values.get("channels") is not None else None,
    )  # fmt: skip
    return {"usergroup": group(made, count=given.flag("include_count"))}


async def list_(call: Call) -> dict[str, Any]:
    given = call.arguments
    found = await call.colleagues.groups.listed(call.principal, disabled=given.flag("include_disabled"))
    count, users = given.flag("include_count"), given.flag("include_users")
    return {"usergroups": [group(one, count=count, users=users) for one in found]}


async def enable(call: Call) -> dict[str, Any]:
    made = await call.colleagues.groups.set_enabled(call.principal, _group(call), True)
    return {"usergroup": group(made, count=call.arguments.flag("include_count"))}


async def disable(call: Call) -> dict[str, Any]:
    made = await call.colleagues.groups.set_enabled(call.principal, _group(call), False)
    return {"usergroup": group(made, count=call.arguments.flag("include_count"))}


async def list_users(call: Call) -> dict[str, Any]:
    found = await call.colleagues.groups.find(call.principal, _group(call))
    if found.deleted_at is not None and not call.arguments.flag("include_disabled"):
        raise Refused("no_such_subteam")
    return {"users": list(found.users)}


async def update_users(call: Call) -> dict[str, Any]:
    made = await call.colleagues.groups.set_users(call.principal, _group(call), call.arguments.items("users"))
    return {"usergroup": group(made, count=call.arguments.flag("include_count"), users=True)}


def _group(call: Call) -> str:
    return call.arguments.needed("usergroup", "no_such_subteam")


METHODS: Mapping[str, Method] = {
    "usergroups.create": Method(create, _WRITE),
    "usergroups.disable": Method(disable, _WRITE),
    "usergroups.enable": Method(enable, _WRITE),
    "usergroups.list": Method(list_, _READ),
    "usergroups.update": Method(update, _WRITE),
    "usergroups.users.list": Method(list_users, _READ),
    "usergroups.users.update": Method(update_users, _WRITE),
}
