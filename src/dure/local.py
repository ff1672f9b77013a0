"""Doors for whoever holds the data folder: founding the first organisation."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from dure.governance.api import Governance, Principal, Role
from dure.governance.http import is_local
from dure.ingest.api import Ingest
from dure.kernel.errors import NotAllowed
from dure.settings import Settings
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewOrganisation:
    org: str
    workspace: str
    email: str
    name: str = ""
    timezone: str = "Asia/Seoul"
    currency: str = "KRW"
    language: str = "ko"
    only_first: bool = True


def router(settings: Settings, governance: Governance, ingest: Ingest) -> APIRouter:
    """`POST /api/v1/found`; the only route that works before there is an organisation."""
    routes = APIRouter(prefix="/api/v1", tags=["governance"])

    @routes.post("/found", status_code=201)
    async def found(body: NewOrganisation, request: Request) -> dict[str, Any]:
        """Founds an organisation with its first workspace and owner; only from the server's own machine."""
        if not is_local(request):
            raise NotAllowed("Only a command on the server's own machine may found an organisation.")
        made = await governance.found(
            body.org, body.workspace, body.email, name=body.name, timezone=body.timezone, currency=body.currency,
            language=body.language, only_first=body.only_first,
        )  # fmt: skip
        owner = Principal(made.workspace.tenant, made.owner.id, Role.OWNER)
        source = await ingest.create_source(owner, "default")
        return {
            "org_id": made.workspace.org,
            "workspace_id": made.workspace.id,
            "owner_user_id": made.owner.id,
            "write_key": source.write_key,
            "user_token": made.user_token,
            "bot_token": made.bot_token,
            "app_token": made.app_token,
            "sign_in_url": f"{settings.url}/sign-in/{made.sign_in}",
        }

    return routes
