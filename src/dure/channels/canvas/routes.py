"""A channel's page over HTTP, below /api/v1."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from dure.channels.api import Channels, Conversation
from dure.channels.canvas.api import Canvas, Pages, Version
from dure.channels.routes.shapes import person
from dure.governance.api import Principal
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class PageText:
    """`version` is the one that was changed; 0 where there is no page yet."""

    title: str
    body: str
    version: int


@body
class Tick:
    """A box: the number of its line from 0, and what it says."""

    line: int
    text: str
    done: bool


def router(pages: Pages, channels: Channels) -> APIRouter:
    """/api/v1/channels/{channel}/page."""
    routes = APIRouter(prefix="/api/v1/channels/{channel}", tags=["pages"])

    async def named(caller: Principal, room: Conversation, users: set[str]) -> dict[str, Any]:
        workspaces = await channels.workspaces_named()
        return {user.id: person(user, caller, workspaces) for user in await channels.people_in(caller, room, users)}

    @routes.get("/page")
    async def page(caller: Caller, channel: str) -> dict[str, Any]:
        """The page that a channel pins, or null; `seen`: the caller was shown it before."""
        shown = await pages.page(caller, channel)
        room = await channels.info(caller, channel)
        return {
            "page": _page(shown.page) if shown.page else None,
            "seen": shown.seen,
            "may_write": shown.may_write,
            "people": await named(caller, room, {shown.page.user, shown.page.creator} if shown.page else set()),
        }

    @routes.put("/page")
    async def write(caller: Caller, channel: str, body: PageText) -> dict[str, Any]:
        """Changes the page. 409 with the text as it stands where somebody changed the same lines meanwhile."""
        return {"page": _page(await pages.write(caller, channel, body.title, body.body, body.version))}

    @routes.post("/page/ticks")
    async def tick(caller: Caller, channel: str, body: Tick) -> dict[str, Any]:
        """Ticks or clears one box of the page."""
        return {"page": _page(await pages.tick(caller, channel, body.line, body.text, body.done))}

    @routes.get("/page/versions")
    async def versions(caller: Caller, channel: str) -> dict[str, Any]:
        """When the page was changed and by whom, the newest first."""
        found = await pages.versions(caller, channel)
        room = await channels.info(caller, channel)
        return {
            "versions": [_version(one, text=False) for one in found],
            "people": await named(caller, room, {one.user for one in found}),
        }

    @routes.get("/page/versions/{number}")
    async def version(caller: Caller, channel: str, number: int) -> dict[str, Any]:
        """The page as it was."""
        return {"version": _version(await pages.version(caller, channel, number), text=True)}

    @routes.post("/page/seen", status_code=204)
    async def seen(caller: Caller, channel: str) -> Response:
        """Notes that the caller was shown the page."""
        await pages.see(caller, channel)
        return Response(status_code=204)

    return routes


def _page(page: Canvas) -> dict[str, Any]:
    return {
        "id": page.id,
        "title": page.title,
        "body": page.body,
        "version": page.version,
        "by": page.user,
        "at": page.at,
        "creator": page.creator,
        "created_at": page.created_at,
    }


def _version(one: Version, *, text: bool) -> dict[str, Any]:
    shape = {"version": one.version, "title": one.title, "by": one.user, "at": one.at}
    return {**shape, "body": one.body} if text else shape
