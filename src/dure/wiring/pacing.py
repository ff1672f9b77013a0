"""Pacing's room: line items, and the ad servers and files that their figures come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.pacing import import_routes, routes, server_routes
from dure.pacing.api import Pacing
from dure.pacing.imports.api import Imports
from dure.pacing.sources.ad_manager import AdManager
from dure.pacing.sources.api import AdServers
from dure.pacing.sources.spotify import SpotifyAds
from dure.wiring.ground import Ground
from dure.work import Loop, every


class PacingRoom:
    def __init__(self, ground: Ground) -> None:
        state, clock, governance = ground.state, ground.clock, ground.governance
        self.pacing = Pacing(state, clock, governance, site=ground.settings.url)
        self.imports = Imports(state, clock, governance, self.pacing)
        way_out = ground.outgoing()
        self.ad_servers = AdServers(
            state, clock, governance, self.pacing, [AdManager(way_out), SpotifyAds(way_out)], ground.key
        )

    def routers(self) -> Sequence[APIRouter]:
        return (
            routes.router(self.pacing),
            server_routes.router(self.ad_servers),
            import_routes.router(self.imports),
        )

    def loops(self) -> Mapping[str, Loop]:
        return {"pacing": every(2, self.pacing.tick), "ad-servers": every(5, self.ad_servers.tick)}
