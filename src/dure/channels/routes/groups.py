"""User groups over HTTP."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from dure.channels.api import Channels
from dure.channels.groups.model import Group
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewGroup:
    name: str
    handle: str = ""
    description: str = ""
    channels: list[str] = field(default_factory=list)
    users: list[str] = field(default_factory=list)


@body
class GroupChange:
    """What is left out stays; `users` are exactly those who are in it from then on."""

    name: str | None = None
    handle: str | None = None
    description: str | None = None
    channels: list[str] | None = None
    users: list[str] | None = None
    enabled: bool | None = None


def add(routes: APIRouter, api: Channels) -> None:
    us = api.colleagues

    @routes.get("/usergroups")
    async def groups(caller: Caller, disabled: bool = False) -> dict[str, Any]:
        """User groups, with their people."""
        return {"groups": [_group(one) for one in await us.groups.listed(caller, disabled=disabled)]}

    @routes.post("/usergroups", status_code=201)
    async def create_group(caller: Caller, body: NewGroup) -> dict[str, Any]:
        """A new user group."""
        return {"group": _group(await us.groups.create(caller, **vars(body)))}

    @routes.patch("/usergroups/{group}")
    async def change_group(caller: Caller, group: str, body: GroupChange) -> dict[str, Any]:
        """Changes a user group, its people, or whether it is enabled."""
        found = await us.groups.find(caller, group)
        told = {name: value for name, value in vars(body).items() if name not in ("users", "enabled")}
        if any(value is not None for value in told.values()):
            found = await us.groups.change(caller, group, **told)
        if body.users is not None:
            found = await us.groups.set_users(caller, group, body.users)
        if body.enabled is not None:
            found = await us.groups.set_enabled(caller, group, body.enabled)
        return {"group": _group(found)}


def _group(it: Group) -> dict[str, Any]:
    return {
        "id": it.id,
        "name": it.name,
        "handle": it.handle,
        "description": it.description,
        "channels": list(it.channels),
        "users": list(it.users),
        "enabled": it.deleted_at is None,
        "updated_at": it.updated_at,
    }
