"""A studio with demand tests in it, and an application that serves both."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI

import dure
from dure.campaigns import routes as campaign_routes
from dure.campaigns.demand import routes
from dure.campaigns.demand.api import DemandTests
from dure.campaigns.gate import routes as gate_routes
from dure.campaigns.recommending import routes as recommending_routes
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.routing import include
from tests.campaigns.studio import Studio


def demand_of(studio: Studio) -> DemandTests:
    return DemandTests(
        studio.state, studio.log, studio.clock, studio.cast.governance, studio.segments, studio.people, studio.campaigns
    )


def assets() -> Assets:
    return Assets(gather(Path(dure.__file__).parent))


def app_of(studio: Studio, demand: DemandTests, files: Assets) -> FastAPI:
    app = FastAPI()
    app.state.governance = studio.cast.governance
    front.install(app)
    for router in (
        gate_routes.router(studio.campaigns.safety.gate), campaign_routes.router(studio.campaigns),
        recommending_routes.router(studio.campaigns.recommending),
        routes.router(demand), routes.door(demand, files),
    ):  # fmt: skip
        include(app, router)
    return app
