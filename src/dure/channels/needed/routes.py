"""The check who is needed, over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from dure.channels.model import ts_text
from dure.channels.needed.api import NeededPeople
from dure.channels.needed.model import Member
from dure.governance.http import Caller
from dure.web.routing import APIRouter


def router(api: NeededPeople) -> APIRouter:
    """/api/v1/channels/{channel}/needed."""
    routes = APIRouter(prefix="/api/v1/channels/{channel}/needed", tags=["customers"])

    @routes.get("")
    async def needed(caller: Caller, channel: str, days: int = 45) -> dict[str, Any]:
        """What each member does in a channel, and whom one might leave out: `why` is silent, reads_only or empty.
        `functions` counts those of the caller's own side, for who is about to invite somebody."""
        found = await api.check(caller, channel, days)
        return {
            "days": found.days, "may_act": found.may_act, "functions": dict(found.functions), "inside": found.inside,
            "outside": found.outside, "suggested": len(found.suggested),
            "members": [_member(one) for one in found.members],
        }  # fmt: skip

    @routes.post("/{user}/ask", status_code=204)
    async def ask(caller: Caller, channel: str, user: str, days: int = 45) -> Response:
        """Asks somebody who is suggested whether they still need the channel; they alone see it."""
        await api.ask(caller, channel, user, days)
        return Response(status_code=204)

    return routes


def _member(one: Member) -> dict[str, Any]:
    """Of the other side's people no figures are told: they are not one's own to count."""
    shape: dict[str, Any] = {
        "id": one.doing.user, "name": one.name, "title": one.title, "function": one.function, "reason": one.reason,
        "outside": one.outside, "kept": one.kept, "why": one.why,
    }  # fmt: skip
    if one.outside:
        return shape
    return {
        **shape, "messages": one.doing.messages, "reactions": one.doing.reactions, "mentions": one.doing.mentions,
        "last": ts_text(one.doing.last) if one.doing.last else None, "seen_at": one.doing.seen,
        "quiet_days": one.quiet_days, "others": one.others, "active": one.active,
    }  # fmt: skip
