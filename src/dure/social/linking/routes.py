"""Whose mentions are, over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from dure.governance.http import Caller
from dure.social.linking.api import Linking
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Link:
    """A person by id or any distinct id, an account by id, or both; with neither the link is taken back."""

    person: str = ""
    account: str = ""
    version: int | None = None


def router(api: Linking) -> APIRouter:
    """/api/v1/mentions/{id}/whose and /api/v1/people/{id}/mentions."""
    routes = APIRouter(prefix="/api/v1", tags=["social"])

    @routes.get("/mentions/{mention_id}/whose")
    async def whose(caller: Caller, mention_id: uuid.UUID) -> dict[str, Any]:
        """Whose a mention is, with their open deals; else who it might be and why."""
        return asdict(await api.whose(caller, mention_id))

    @routes.put("/mentions/{mention_id}/whose")
    async def link(caller: Caller, mention_id: uuid.UUID, body: Link) -> dict[str, Any]:
        """Links a mention to a person or an account, or takes the link back."""
        await api.set(caller, mention_id, person=body.person, account=body.account, version=body.version)
        return asdict(await api.whose(caller, mention_id))

    @routes.get("/people/{person}/mentions")
    async def mentions(caller: Caller, person: str, limit: int = 50) -> dict[str, Any]:
        """What somebody wrote outside, as far as it is linked to them."""
        return {"mentions": [asdict(one) for one in await api.mentions_of(caller, person, limit)]}

    return routes
