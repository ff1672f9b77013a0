"""Connected ad servers over HTTP. Secrets go in and never come out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from dure.governance.http import Caller
from dure.pacing.sources.api import AdServers
from dure.pacing.sources.model import Server
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Asked:
    """An ad server: its kind, the name its figures are kept under, what it needs to be told."""

    kind: str
    name: str
    settings: dict[str, str]
    secret: str = ""


@body
class Change:
    """What is given is changed; `from_the_start` fetches everything again."""

    settings: dict[str, str] | None = None
    secret: str | None = None
    enabled: bool | None = None
    from_the_start: bool = False


def router(api: AdServers) -> APIRouter:
    """/api/v1/ad-servers"""
    routes = APIRouter(prefix="/api/v1", tags=["pacing"])

    @routes.get("/ad-servers")
    async def servers(caller: Caller) -> dict[str, Any]:
        """The connected ad servers, and the kinds that can be connected."""
        kinds = [
            {"kind": one.kind, "title": dict(one.title), "settings": [asdict(setting) for setting in one.settings]}
            for one in api.kinds.values()
        ]
        return {"ad_servers": [_shown(one) for one in await api.list(caller)], "kinds": kinds}

    @routes.post("/ad-servers", status_code=201)
    async def add(caller: Caller, body: Asked) -> dict[str, Any]:
        """Connects an ad server; its first pull begins at once."""
        return _shown(await api.add(caller, body.kind, body.name, body.settings, body.secret))

    @routes.patch("/ad-servers/{server}")
    async def change(caller: Caller, server: str, body: Change) -> dict[str, Any]:
        """Changes settings or the secret, switches it on or off, or has it fetched from the start."""
        return _shown(
            await api.change(
                caller, server, settings=body.settings, secret=body.secret, enabled=body.enabled,
                from_the_start=body.from_the_start,
            )
        )  # fmt: skip

    @routes.delete("/ad-servers/{server}", status_code=204)
    async def remove(caller: Caller, server: str) -> None:
        """Lets go of an ad server; what it told stays."""
        await api.remove(caller, server)

    return routes


def _shown(server: Server) -> dict[str, Any]:
    shown = asdict(server)
    del shown["secret"]
    return {**shown, "has_secret": server.secret is not None}
