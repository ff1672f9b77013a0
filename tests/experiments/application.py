"""The application of experiments and flags, and a design with all that a screen shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI

import dure
from dure import screens
from dure.experiments import routes as experiment_routes
from dure.experiments.flags import routes as flag_routes
from dure.experiments.page import PAGES
from dure.governance import routes as governance_routes
from dure.metrics import routes as metric_routes
from dure.segments import routes as segment_routes
from dure.web import front
from dure.web.assets import Assets, gather
from dure.web.live import Hub
from dure.web.page import in_order
from dure.web.routing import include
from tests.experiments.lab import Lab


def app_of(lab: Lab) -> FastAPI:
    app, governance = FastAPI(), lab.cast.governance
    app.state.governance = governance
    front.install(app)
    for router in (
        experiment_routes.router(lab.experiments), flag_routes.router(lab.flags), segment_routes.router(lab.segments),
        metric_routes.router(lab.metrics), governance_routes.router(governance),
    ):  # fmt: skip
        include(app, router)

    async def heard(principal: object, topic: str) -> bool:
        return True

    screens.install(app, Assets(gather(Path(dure.__file__).parent)), in_order(PAGES), governance, Hub(), heard)
    return app


DESIGN: dict[str, Any] = {
    "name": {"ko": "새 첫 화면", "en": "New first screen"},
    "hypothesis": {"ko": "방송을 먼저 보이면 더 많이 구독한다", "en": "Showing broadcasts first makes more subscribe"},
    "arms": [
        {"name": "control", "share": 0.5, "title": {"ko": "지금 화면", "en": "Today's screen"}},
        {"name": "shows", "share": 0.5, "title": {"ko": "방송 먼저", "en": "Broadcasts first"}},
    ],
    "exposure": {"event": "Screen Shown"},
    "metrics": [
        {"role": "goal", "kind": "conversion", "event": "Subscribed", "window": "3d",
         "name": {"ko": "3일 안에 구독", "en": "Subscribed within 3 days"}},
        {"role": "guardrail", "kind": "mean", "event": "Listened", "prop": "minutes", "window": "3d", "margin": 1.0,
         "name": {"ko": "들은 시간(분)", "en": "Minutes listened"}},
        {"role": "secondary", "kind": "retention", "event": "Listened", "day": 1,
         "name": {"ko": "1일 유지", "en": "Day-1 retention"}},
    ],
}  # fmt: skip
