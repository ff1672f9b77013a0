"""Erasing and giving out a person's data over Dure's own REST."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from dure.governance.http import Caller
from dure.people.erasure import Erasures
from dure.people.erasure_model import Erasure
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Ask:
    reason: str = "request"
    wait: int = 0


@body
class Presented:
    id: str


def router(erasures: Erasures) -> APIRouter:
    """`/api/v1/people/{id}/erasure`, `/api/v1/people/{id}/export` and `/api/v1/erasures…`."""
    routes = APIRouter(prefix="/api/v1", tags=["people"])

    @routes.post("/people/{id}/erasure", status_code=202)
    async def ask(caller: Caller, id: str, body: Ask | None = None) -> dict[str, Any]:
        """Asks for a person to be erased from state, feed, log and disk; `wait` seconds long it can be cancelled."""
        given = body or Ask()
        return _shown(await erasures.ask(caller, id, given.reason, given.wait))

    @routes.get("/people/{id}/export")
    async def export(caller: Caller, id: str) -> FileResponse:
        """Everything held of a person, as a zip of JSON and NDJSON."""
        with tempfile.NamedTemporaryFile(prefix="dure-person-", suffix=".zip", delete=False) as file:
            made = Path(file.name)
        try:
            await erasures.export(caller, id, made)
        except BaseException:
            await asyncio.to_thread(made.unlink)
            raise
        return FileResponse(
            made, media_type="application/zip", filename="person.zip", background=BackgroundTask(made.unlink)
        )

    @routes.get("/erasures")
    async def listed(caller: Caller, limit: int = 100) -> dict[str, Any]:
        """The workspace's erasures, newest first; none names whom it erased."""
        return {"erasures": [_shown(one) for one in await erasures.erasures(caller, limit)]}

    @routes.get("/erasures/{id}")
    async def one(caller: Caller, id: str) -> dict[str, Any]:
        """How far an erasure is, and its proof when it is done."""
        return _shown(await erasures.erasure(caller, id))

    @routes.delete("/erasures/{id}")
    async def cancel(caller: Caller, id: str) -> dict[str, Any]:
        """Takes an erasure back that has not begun."""
        return _shown(await erasures.cancel(caller, id))

    @routes.post("/erasures/proof")
    async def proof(caller: Caller, body: Presented) -> dict[str, Any]:
        """The erasures in which a presented distinct id was erased."""
        return {"erasures": [_shown(one) for one in await erasures.proof(caller, body.id)]}

    return routes


def _shown(erasure: Erasure) -> dict[str, Any]:
    shown = asdict(erasure)
    return {"id": str(shown.pop("id")), **shown, "over": erasure.over}
