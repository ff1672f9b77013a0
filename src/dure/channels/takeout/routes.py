"""Takeouts over HTTP, below /api/v1/takeouts."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Any, Literal

from starlette.responses import StreamingResponse

from dure.channels.takeout.api import Takeouts
from dure.channels.takeout.model import Takeout
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewTakeout:
    kind: Literal["compliance", "leaving"]
    people: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None


def router(takeouts: Takeouts) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/takeouts", tags=["keeping"])

    @routes.get("")
    async def listed(caller: Caller) -> dict[str, Any]:
        """Exports of this workspace, the newest first."""
        return {"takeouts": [_shown(one) for one in await takeouts.listed(caller)]}

    @routes.post("", status_code=201)
    async def ask(caller: Caller, body: NewTakeout) -> dict[str, Any]:
        """Begins an export: `compliance` or `leaving`."""
        for name in ("since", "until"):
            at = getattr(body, name)
            if at is not None and at.tzinfo is None:
                raise Invalid(f"`{name}` is a time with its zone.", field=name)
        made = await takeouts.ask(
            caller, body.kind, people=body.people, channels=body.channels, since=body.since, until=body.until
        )
        return _shown(made)

    @routes.get("/{takeout}")
    async def one(caller: Caller, takeout: str) -> dict[str, Any]:
        """How far an export has come."""
        return _shown(await takeouts.one(caller, takeout))

    @routes.delete("/{takeout}")
    async def cancel(caller: Caller, takeout: str) -> dict[str, Any]:
        """Stops an export that is being made; takes away one that is done."""
        return _shown(await takeouts.cancel(caller, takeout))

    @routes.get("/{takeout}/file")
    async def fetch(caller: Caller, takeout: str) -> StreamingResponse:
        """The export itself, a zip, until its time is over. Each time it is fetched is written down."""
        found, parts = await takeouts.fetch(caller, takeout)
        headers = {
            "content-disposition": f'attachment; filename="{found.kind}-{found.made_at:%Y-%m-%d}.zip"',
            "content-length": str(found.size), "cache-control": "private, no-store",
            "x-content-type-options": "nosniff",
        }  # fmt: skip
        return StreamingResponse(parts, media_type="application/zip", headers=headers)

    return routes


def _shown(one: Takeout) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "state": one.state, "why": one.why, "asked": one.asked,
        "channels_done": one.channels_done, "channels_all": one.channels_all, "messages": one.messages,
        "files": one.files, "size": one.size, "sha256": one.sha256, "made_by": one.made_by, "made_at": one.made_at,
        "ended_at": one.ended_at, "gone_at": one.gone_at,
        "file": f"/api/v1/takeouts/{one.id}/file" if one.state == "done" else "",
    }  # fmt: skip
