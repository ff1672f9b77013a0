"""Ingest's room: the doors by which events come from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.campaigns.plugs import Keys
from dure.ingest import routes, rule_routes
from dure.ingest.api import Ingest
from dure.kernel.tenant import Tenant
from dure.wiring.ground import Ground
from dure.work import Loop


class IngestRoom:
    def __init__(self, ground: Ground) -> None:
        self.ingest = Ingest(ground.state, ground.clock, log=ground.log)

    def keys(self) -> Keys:
        """Whose a write key is, for what a person's site or app asks."""

        async def tenant_of(key: str) -> Tenant | None:
            source = await self.ingest.source_of_key(key)
            return source.tenant if source is not None else None

        return tenant_of

    def routers(self) -> Sequence[APIRouter]:
        return routes.router(self.ingest), rule_routes.router(self.ingest)

    def loops(self) -> Mapping[str, Loop]:
        return {"ingest": self.ingest.run}
