"""Boards over HTTP: tiles, views, annotations, links; and what links and pictures open without an account."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import Body, Query, Request, Response

from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.metrics.boards.api import Boards
from dure.metrics.boards.posting import Posting
from dure.metrics.boards.sharing import Shares
from dure.web.body import body
from dure.web.presence import while_there
from dure.web.routing import APIRouter

Json = Annotated[dict[str, Any], Body()]
From = Annotated[str | None, Query(alias="from")]
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@body
class NewView:
    """A bar as the board's address has it."""

    name: str
    bar: dict[str, Any]
    shared: bool = False


@body
class NewShare:
    """The bar that the link shows; `people` also shows who is behind a number."""

    bar: dict[str, Any]
    any_range: bool = False
    people: bool = False
    expires_at: datetime | None = None


def router(boards: Boards, shares: Shares, site: str) -> APIRouter:
    """What people of the workspace do with boards."""
    routes = APIRouter(prefix="/api/v1", tags=["boards"])

    @routes.get("/boards/{board}/tiles/{number}")
    async def tile(
        request: Request, caller: Caller, board: str, number: int, from_: From = None, to: str | None = None,
        last: int | None = None, where: str = "", breakdown: str | None = None, compare: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """One tile of a board, narrowed by its bar; `where` is a JSON list of filters."""
        bar = {"from": from_, "to": to, "last": last, "breakdown": breakdown, "compare": compare}
        narrow = {name: value for name, value in bar.items() if value is not None} | {"where": _filters(where)}
        return await while_there(request, boards.tile(caller, board, number, narrow))

    @routes.delete("/boards/{board}", status_code=204)
    async def remove(caller: Caller, board: str) -> None:
        """Takes a board away, with its views and links."""
        await boards.remove(caller, board)

    @routes.get("/boards/{board}/views")
    async def views(caller: Caller, board: str) -> dict[str, Any]:
        """A board's shared views and one's own."""
        return {"views": msgspec.to_builtins(await boards.views(caller, board))}

    @routes.post("/boards/{board}/views", status_code=201)
    async def save_view(caller: Caller, board: str, body: NewView) -> dict[str, Any]:
        """Keeps a bar under a name."""
        return _shown(await boards.save_view(caller, board, body.name, body.bar, shared=body.shared))

    @routes.put("/boards/{board}/views/{view}")
    async def change_view(caller: Caller, board: str, view: str, body: NewView) -> dict[str, Any]:
        """Writes a view anew."""
        return _shown(await boards.save_view(caller, board, body.name, body.bar, shared=body.shared, id=view))

    @routes.delete("/boards/{board}/views/{view}", status_code=204)
    async def remove_view(caller: Caller, board: str, view: str) -> None:
        """Takes a view away."""
        await boards.remove_view(caller, board, view)

    @routes.get("/annotations")
    async def annotations(
        caller: Caller, from_: Annotated[str, Query(alias="from")], to: str, board: str | None = None,
        metric: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """What happened from one date to another, for lines over time."""
        return {"annotations": msgspec.to_builtins(await boards.annotations(caller, from_, to, board, metric))}

    @routes.post("/annotations", status_code=201)
    async def annotate(caller: Caller, body: Json) -> dict[str, Any]:
        """Writes down what happened at a time: `{at, text, function?, board?, metric?}`."""
        return _shown(await boards.annotate(caller, body))

    @routes.put("/annotations/{annotation}")
    async def change_annotation(caller: Caller, annotation: str, body: Json) -> dict[str, Any]:
        """Writes an annotation anew."""
        return _shown(await boards.annotate(caller, body, annotation))

    @routes.delete("/annotations/{annotation}", status_code=204)
    async def remove_annotation(caller: Caller, annotation: str) -> None:
        """Takes an annotation away."""
        await boards.remove_annotation(caller, annotation)

    @routes.get("/boards/{board}/shares")
    async def its_shares(caller: Caller, board: str) -> dict[str, Any]:
        """A board's links for people without an account, without their secrets."""
        return {"shares": msgspec.to_builtins(await shares.shares(caller, board))}

    @routes.post("/boards/{board}/shares", status_code=201)
    async def share(caller: Caller, board: str, body: NewShare) -> dict[str, Any]:
        """A link to a board for people without an account; its address is shown this once."""
        made, secret = await shares.share(
            caller, board, body.bar, any_range=body.any_range, people=body.people, expires_at=body.expires_at
        )
        return {**_shown(made), "url": f"{site.rstrip('/')}/shared/{secret}"}

    @routes.delete("/boards/{board}/shares/{share}", status_code=204)
    async def revoke(caller: Caller, board: str, share: str) -> None:
        """Ends a link at once."""
        await shares.revoke(caller, board, share)

    return routes


def outside(shares: Shares, posting: Posting) -> APIRouter:
    """What is answered without an account: a link's board and nothing else, and pictures at signed addresses."""
    routes = APIRouter(tags=["boards"])

    @routes.get("/api/v1/shared/{secret}")
    async def opened(secret: str, response: Response) -> dict[str, Any]:
        """The board of a link; counted as a use. 404 for a link that does not hold."""
        response.headers["cache-control"] = "no-store"
        return _shown(await shares.open(secret))

    @routes.get("/api/v1/shared/{secret}/tiles/{number}")
    async def tile(
        secret: str, number: int, response: Response, from_: From = None, to: str | None = None
    ) -> dict[str, Any]:
        """One tile's numbers; dates only where the link lets its reader choose them."""
        response.headers["cache-control"] = "no-store"
        return _shown(await shares.tile(secret, number, from_, to))

    @routes.post("/api/v1/shared/{secret}/tiles/{number}/behind")
    async def behind(
        secret: str, number: int, body: Json, response: Response, from_: From = None, to: str | None = None
    ) -> Any:
        """Who is behind a number, where the link allows it."""
        response.headers["cache-control"] = "no-store"
        return await shares.behind(secret, number, body, from_, to)

    @routes.get("/pictures/{workspace}/{name}.svg", include_in_schema=False)
    async def picture(workspace: str, name: str, until: str = "", sign: str = "") -> Response:
        headers = {"cache-control": "private, max-age=86400", "content-security-policy": _PICTURE_POLICY}
        svg = await posting.picture(workspace, name, until, sign)
        return Response(svg, media_type="image/svg+xml; charset=utf-8", headers=headers)

    return routes


def _filters(text: str) -> Any:
    try:
        return json.loads(text) if text else []
    except ValueError as error:
        raise Invalid("`where` is a JSON list of filters.", field="where") from error


def _shown(value: Any) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(value)
    return shown
