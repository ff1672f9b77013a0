"""The directory's groups over Dure's own door: which there are, and the workspace that gives their members seats."""

from __future__ import annotations

from typing import Any

from dure.governance.http import Caller
from dure.governance.scim.groups import Groups
from dure.governance.scim.model import Group
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Link:
    workspace: str = ""


def router(groups: Groups) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/organisation/groups", tags=["governance"])

    @routes.get("")
    async def listed(caller: Caller) -> dict[str, Any]:
        """The groups that the organisation's directory keeps; for those who look after it."""
        return {"groups": [_shown(one) for one in await groups.listed(caller)]}

    @routes.put("/{group_id}/workspace")
    async def link(caller: Caller, group_id: str, body: Link) -> dict[str, Any]:
        """Gives a group's members seats in a workspace from now on; "" ends that."""
        return _shown(await groups.link(caller, group_id, body.workspace))

    return routes


def _shown(group: Group) -> dict[str, Any]:
    return {
        "id": group.id, "name": group.name, "external_id": group.external_id, "workspace": group.workspace,
        "created_at": group.created_at, "changed_at": group.changed_at,
        "members": [{"id": account, "name": name} for account, name in group.members],
    }  # fmt: skip
