"""Files over HTTP, below /api/v1."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response

from dure.channels.api import Channels
from dure.channels.files import shapes
from dure.channels.files.api import Files, Filter
from dure.channels.routes.shapes import person
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.routing import APIRouter

_PAGE = 100


def router(files: Files, channels: Channels) -> APIRouter:
    """/api/v1/files, and the files of a channel."""
    routes = APIRouter(prefix="/api/v1", tags=["files"])

    @routes.put("/files/upload", status_code=201)
    async def upload(caller: Caller, request: Request, name: str, alt: str = "") -> dict[str, Any]:
        """Takes a file, the body; a message that names it in `files` keeps it, else it goes after a day."""
        return {"file": shapes.file(await files.upload(caller, name, request.stream(), alt=alt))}

    @routes.get("/files/{file}")
    async def file(caller: Caller, file: str) -> dict[str, Any]:
        """A file, and where the caller can see it."""
        return {"file": shapes.placed(await files.info(caller, file))}

    @routes.delete("/files/{file}", status_code=204)
    async def delete(caller: Caller, file: str) -> Response:
        """Deletes a file; messages that carry it say so."""
        await files.delete(caller, file)
        return Response(status_code=204)

    @routes.put("/files/{file}/public")
    async def publish(caller: Caller, file: str) -> dict[str, Any]:
        """Makes a file reachable to whoever has its `public_url`."""
        return {"file": shapes.placed(await files.publish(caller, file, True))}

    @routes.delete("/files/{file}/public")
    async def unpublish(caller: Caller, file: str) -> dict[str, Any]:
        """Takes a file's public address back; the next one is another."""
        return {"file": shapes.placed(await files.publish(caller, file, False))}

    @routes.get("/channels/{channel}/files")
    async def listed(caller: Caller, channel: str, type: str = "", page: int = 1, count: int = 50) -> dict[str, Any]:
        """A page of the files shared in a channel, the newest first. `type` is Slack's word for a group of kinds."""
        if not 1 <= count <= _PAGE:
            raise Invalid(f"`count` is 1 to {_PAGE}.", field="count")
        if not 1 <= page <= 1_000_000:
            raise Invalid("`page` begins at 1.", field="page")
        room = await channels.info(caller, channel)
        found, total = await files.listed(
            caller, Filter(channel=room.id, types=(type,) if type else ()), page=page, count=count
        )
        workspaces = await channels.workspaces_named()
        people = await channels.people_in(caller, room, {one.user for one in found})
        return {
            "files": [shapes.placed(one) for one in found],
            "total": total,
            "people": {user.id: person(user, caller, workspaces) for user in people},
        }

    return routes
