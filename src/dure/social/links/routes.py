"""Links over HTTP: made by hand, listed with what came by them, ended. `/l/CODE` is `door`."""

from __future__ import annotations

from dataclasses import asdict, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from dure.governance.http import Caller
from dure.kernel.ids import uuid7
from dure.social.links.api import Clicks, Link, Links, NewLink
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class ByHand:
    target: str
    network: str = ""
    utm: dict[str, str] = field(default_factory=dict)
    expires_at: datetime | None = None


def router(api: Links) -> APIRouter:
    """/api/v1/social-links."""
    routes = APIRouter(prefix="/api/v1/social-links", tags=["social"])

    @routes.get("")
    async def links(caller: Caller, belongs: str = "", limit: int = 100) -> dict[str, Any]:
        """The newest links with clicks of people, what machines fetched, who came and who signed up."""
        found = await api.recent(caller, belongs, limit)
        clicks = await api.clicks(caller, found)
        return {"links": [_told(api, one, clicks[one.id]) for one in found]}

    @routes.post("", status_code=201)
    async def create(caller: Caller, body: ByHand) -> dict[str, Any]:
        """A link of one's own, for whatever is shared by hand. `utm` has names without `utm_`."""
        ends = body.expires_at and (body.expires_at if body.expires_at.tzinfo else body.expires_at.replace(tzinfo=UTC))
        wanted = NewLink(body.target, ("hand", str(uuid7())), body.network, "brand", body.utm, None, ends)
        return _told(api, await api.create(caller, wanted), Clicks())

    @routes.delete("/{link}")
    async def end(caller: Caller, link: UUID) -> dict[str, Any]:
        """It leads nowhere any more; what was counted stays."""
        return {"ended": await api.end(caller, [link])}

    return routes


def _told(api: Links, link: Link, clicks: Clicks) -> dict[str, Any]:
    return {
        "id": link.id, "url": api.url(link.code), "target": link.target, "network": link.network, "side": link.side,
        "belongs": {"kind": link.belongs[0], "id": link.belongs[1]}, "created_at": link.created_at,
        "expires_at": link.expires_at, "ended_at": link.ended_at, **asdict(clicks),
    }  # fmt: skip
