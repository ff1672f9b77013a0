"""Addresses that letters carry, `/o/…` and `/c/…`; and a provider's words about what became of messages."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from fastapi import Body
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dure.campaigns.responses.api import Responses, read_feedback
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.routing import APIRouter

_DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_NEVER_KEPT = {"cache-control": "no-store"}


def router(api: Responses) -> APIRouter:
    """/api/v1/campaigns/feedback and a campaign's responses."""
    routes = APIRouter(prefix="/api/v1", tags=["campaigns"])

    @routes.post("/campaigns/feedback")
    async def feedback(caller: Caller, body: Annotated[Any, Body()]) -> dict[str, Any]:
        """What a mail or SMS provider says became of messages: a list of `{message, kind, permanent}`, where kind is
        bounce, complaint or delivered. Also as `{"feedback": […]}`."""
        given = read_feedback(body.get("feedback") if isinstance(body, dict) else body)
        if not given:
            raise Invalid("The list is empty.", field="feedback")
        unknown = await api.feedback(caller, given)
        return {"taken": len(given) - len(unknown), "unknown": unknown}

    @routes.get("/campaigns/{campaign}/responses")
    async def responses(caller: Caller, campaign: str) -> dict[str, Any]:
        """How many of a campaign's messages were opened, clicked, bounced, complained about, delivered."""
        return {"responses": await api.counts(caller, campaign)}

    return routes


def outside(api: Responses) -> APIRouter:
    """What a mail program fetches and a reader follows; neither is signed in."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/o/{ticket}")
    async def opened(ticket: str) -> Response:
        """The picture of one dot, the same for a ticket that is none."""
        await api.opened(ticket)
        headers = {**_NEVER_KEPT, "cross-origin-resource-policy": "cross-origin"}
        return Response(_DOT, media_type="image/gif", headers=headers)

    @routes.get("/c/{ticket}")
    async def clicked(ticket: str) -> Response:
        """On to where the link of the message leads, and nowhere else."""
        url = await api.clicked(ticket)
        if url is None:
            return HTMLResponse(
                "<!doctype html><meta charset=utf-8><title>Dure</title><p>이 링크는 쓸 수 없습니다."
                '<p lang="en">This link leads nowhere.', 404, headers=_NEVER_KEPT,
            )  # fmt: skip
        return RedirectResponse(url, 302, headers={**_NEVER_KEPT, "referrer-policy": "no-referrer"})

    return routes
