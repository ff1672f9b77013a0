"""What mentions became, over HTTP."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from dure.governance.http import Caller
from dure.social.becoming.api import Becoming
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Became:
    what: Literal["task", "activity", "segment", "idea"]
    ref: str
    path: str
    title: str = ""


def router(api: Becoming) -> APIRouter:
    """/api/v1/mentions/{id}/became."""
    routes = APIRouter(prefix="/api/v1", tags=["social"])

    @routes.get("/mentions/{mention_id}/became")
    async def of(caller: Caller, mention_id: uuid.UUID) -> dict[str, Any]:
        """What a mention became."""
        return {"became": await api.of(caller, mention_id)}

    @routes.post("/mentions/{mention_id}/became", status_code=201)
    async def note(caller: Caller, mention_id: uuid.UUID, body: Became) -> dict[str, Any]:
        """Notes that a mention became a task, a deal's activity, somebody on a list or an idea."""
        return {"became": await api.note(caller, mention_id, body.what, body.ref, body.title, body.path)}

    return routes
