"""Metrics' room: questions, the catalogue, boards and who may see them from outside, alerts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.metrics import routes
from dure.metrics.alerts import routes as alert_routes
from dure.metrics.alerts.api import Alerts
from dure.metrics.api import Bounds, Metrics
from dure.metrics.boards import routes as board_routes
from dure.metrics.boards import shared_page
from dure.metrics.boards.api import Boards
from dure.metrics.boards.posting import Posting
from dure.metrics.boards.sharing import Shares
from dure.wiring.ground import Ground
from dure.work import Loop, every


class MetricsRoom:
    def __init__(self, ground: Ground) -> None:
        state, clock, governance, settings = ground.state, ground.clock, ground.governance, ground.settings
        self._site, self._assets = settings.url, ground.assets
        bounds = Bounds(settings.question_seconds, settings.question_memory, settings.question_rows)
        self.metrics = Metrics(state, ground.log, clock, governance, bounds=bounds)
        self.boards = Boards(state, clock, governance, self.metrics)
        self.shares = Shares(state, clock, governance, self.metrics, self.boards)
        self.posting = Posting(state, clock, governance, self.metrics, self.boards, key=ground.key, site=settings.url)
        self.alerts = Alerts(state, clock, governance, self.metrics)

    def routers(self) -> Sequence[APIRouter]:
        return (
            routes.router(self.metrics),
            board_routes.router(self.boards, self.shares, self._site),
            board_routes.outside(self.shares, self.posting),
            alert_routes.router(self.alerts),
            shared_page.router(self.shares, self._assets),
        )

    def loops(self) -> Mapping[str, Loop]:
        return {"alerts": every(5, self.alerts.tick)}
