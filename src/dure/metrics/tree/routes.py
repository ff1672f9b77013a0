"""Trees over HTTP: `/api/v1/trees`."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Body, Query

from dure.governance.http import Caller
from dure.metrics.tree.api import Trees
from dure.web.routing import APIRouter

Json = Annotated[dict[str, Any], Body()]


def router(api: Trees) -> APIRouter:
    """The routes of one `Trees`."""
    routes = APIRouter(prefix="/api/v1/trees", tags=["metrics"])

    @routes.get("")
    async def trees(caller: Caller) -> dict[str, Any]:
        """Every North Star tree."""
        return {"trees": msgspec.to_builtins(await api.trees(caller))}

    @routes.post("", status_code=201)
    async def create(caller: Caller, body: Json) -> dict[str, Any]:
        """A new tree."""
        made: dict[str, Any] = msgspec.to_builtins(await api.create(caller, body))
        return made

    @routes.get("/{tree}")
    async def tree(
        caller: Caller, tree: str, from_: Annotated[str | None, Query(alias="from")] = None, to: str | None = None,
        compare_from: str | None = None, compare_to: str | None = None, influences: bool = True,
    ) -> dict[str, Any]:  # fmt: skip
        """A tree for two periods: every node's values, and how much each input contributed to the change."""
        return await api.read(caller, tree, from_, to, compare_from, compare_to, influences=influences)

    @routes.put("/{tree}")
    async def change(caller: Caller, tree: str, body: Json) -> dict[str, Any]:
        """Changes a tree."""
        changed: dict[str, Any] = msgspec.to_builtins(await api.change(caller, tree, body))
        return changed

    @routes.delete("/{tree}", status_code=204)
    async def remove(caller: Caller, tree: str) -> None:
        """Removes a tree; its metrics stay."""
        await api.remove(caller, tree)

    return routes
