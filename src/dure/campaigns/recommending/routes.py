"""Recommendations over HTTP: catalogue, what one person may like, how it stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import Body, Query

from dure.campaigns.recommending.api import Recommendations, item_of
from dure.campaigns.recommending.model import KINDS
from dure.campaigns.recommending.recommender import shown, told
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter

Json = Annotated[dict[str, Any], Body()]


@body
class Items:
    items: list[dict[str, Any]]


@body
class Blocked:
    blocked: bool


@body
class PersonBlocks:
    what: str
    id: str
    blocked: bool = True


def router(api: Recommendations) -> APIRouter:
    """/api/v1/items, /api/v1/people/ID/recommendations, /api/v1/recommendations."""
    routes = APIRouter(prefix="/api/v1", tags=["recommendations"])

    @routes.get("/items")
    async def items(
        caller: Caller, q: str = "", kind: str = "", only: str = "", limit: int = 100, offset: int = 0
    ) -> dict[str, Any]:
        """A page of the catalogue, newest first; `only` is live, ended or blocked."""
        count, page = await api.items(caller, q, kind=kind, only=only, limit=limit, offset=max(0, offset))
        return {"count": count, "items": [shown(each) for each in page]}

    @routes.post("/items")
    async def load(caller: Caller, body: Items) -> dict[str, Any]:
        """Fills the catalogue of what can be recommended: id, title (text or {ko, en}), and where known kind, creator,
        genre, language, url, live_from, live_to, blocked, attributes."""
        read = [item_of(each, f"items[{index}]") for index, each in enumerate(body.items)]
        return {"items": await api.load_items(caller, read)}

    @routes.put("/items/{item:path}/blocked")
    async def block_item(caller: Caller, item: str, body: Blocked) -> dict[str, Any]:
        """Takes an item out of every recommendation at once, or lets it in again."""
        await api.block_item(caller, item, body.blocked)
        return {"blocked": body.blocked}

    @routes.get("/recommendations")
    async def standing(caller: Caller) -> dict[str, Any]:
        """How far the log is read, which model answers, how each kind did, and whose items staff keeps out."""
        stands = await api.standing(caller)
        return {
            **asdict(stands), "selectors": msgspec.to_builtins(stands.selectors), "kinds": list(KINDS),
            "measured": [asdict(each) for each in await api.measured(caller)],
            "blocked_creators": await api.blocked_creators(caller),
        }  # fmt: skip

    @routes.put("/recommendations/selectors")
    async def set_up(caller: Caller, body: Json) -> dict[str, Any]:
        """Says which events tastes are learned from; everything is read anew."""
        await api.set_up(caller, body)
        return await standing(caller)

    @routes.post("/recommendations/model")
    async def want(caller: Caller) -> dict[str, Any]:
        """Asks for a new model now; its progress is told by `GET /api/v1/recommendations`."""
        await api.want_model(caller)
        return await standing(caller)

    @routes.delete("/recommendations/model")
    async def stop(caller: Caller) -> dict[str, Any]:
        """Stops the model that is being made; the one before goes on answering."""
        await api.stop_model(caller)
        return await standing(caller)

    @routes.put("/recommendations/creators/{creator:path}/blocked")
    async def block_creator(caller: Caller, creator: str, body: Blocked) -> dict[str, Any]:
        """Takes all that a creator makes out of every recommendation, or lets it in again."""
        await api.block_creator(caller, creator, body.blocked)
        return {"blocked": body.blocked}

    @routes.get("/people/{person}/recommendations")
    async def recommendations(
        caller: Caller, person: str, kind: str = "together", count: int = 3,
        besides: Annotated[list[str], Query()] = [],  # noqa: B006
    ) -> dict[str, Any]:  # fmt: skip
        """Items for one person, from what they heard; `besides` names items that are not to be among them."""
        return {"recommendations": told(await api.for_person(caller, person, kind, count, besides))}

    @routes.post("/people/{person}/blocks")
    async def block(caller: Caller, person: str, body: PersonBlocks) -> dict[str, Any]:
        """Notes that a person does not want an item or a creator any more, or wants them again."""
        await api.block(caller, person, body.what, body.id, body.blocked)
        return {"blocked": body.blocked}

    return routes
