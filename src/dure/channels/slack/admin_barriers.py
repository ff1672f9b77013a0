"""`admin.barriers.*`: information barriers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.channels.slack.administered import administered, cut, page
from dure.channels.slack.call import Call, Method
from dure.governance.api import Barrier


async def create(call: Call) -> dict[str, Any]:
    made = await call.governance.barriers.create(call.principal, *_groups(call))
    return {"barrier": _shape(made, await call.governance.barriers.names(call.principal))}


async def update(call: Call) -> dict[str, Any]:
    barrier = call.arguments.needed("barrier_id", "barrier_not_found")
    made = await call.governance.barriers.update(call.principal, barrier, *_groups(call))
    return {"barrier": _shape(made, await call.governance.barriers.names(call.principal))}


async def delete(call: Call) -> None:
    await call.governance.barriers.delete(call.principal, call.arguments.needed("barrier_id", "barrier_not_found"))


async def list_(call: Call) -> dict[str, Any]:
    after, limit = page(call, "barrier", 100, 1_000)
    names = await call.governance.barriers.names(call.principal)
    found, metadata = cut("barrier", await call.governance.barriers.listed(call.principal), after, limit)
    return {"barriers": [_shape(one, names) for one in found], "response_metadata": metadata}


def _groups(call: Call) -> tuple[str, list[str], list[str]]:
    return (
        call.arguments.needed("primary_usergroup_id", "primary_usergroup_not_found"),
        call.arguments.items("barriered_from_usergroup_ids"),
        call.arguments.items("restricted_subjects"),
    )


def _shape(one: Barrier, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "enterprise_id": one.org,
        "primary_usergroup": {"id": one.primary, "name": names.get(one.primary, "")},
        "barriered_from_usergroups": [{"id": group, "name": names.get(group, "")} for group in one.groups],
        "restricted_subjects": list(one.subjects),
        "date_update": int(one.changed_at.timestamp()),
    }


METHODS: Mapping[str, Method] = administered(
    "barriers",
    {
        "admin.barriers.create": (create, "write"),
        "admin.barriers.delete": (delete, "write"),
        "admin.barriers.list": (list_, "read"),
        "admin.barriers.update": (update, "write"),
    },
)
