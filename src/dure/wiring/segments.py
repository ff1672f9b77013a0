"""Segments' room: rules, stages, scores, handovers. Whom nobody may be handed over is campaigns' to say, and what a
difference is worth experiments'; both come in as plugs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.campaigns.willing import Willing
from dure.experiments.halves import compare_halves
from dure.exports.api import Exports
from dure.metrics.api import Metrics
from dure.people.api import People
from dure.segments import routes
from dure.segments.api import Segments
from dure.segments.handover import routes as handover_routes
from dure.segments.handover.api import Handovers
from dure.segments.scores import routes as score_routes
from dure.segments.scores.api import Scores
from dure.segments.stages import routes as stage_routes
from dure.segments.stages.api import Stages
from dure.wiring.ground import Ground
from dure.work import Loop, every


class SegmentsRoom:
    def __init__(self, ground: Ground, people: People, metrics: Metrics, exports: Exports) -> None:
        state, log, clock, governance = ground.state, ground.log, ground.clock, ground.governance
        self.segments = Segments(state, log, clock, governance, people=people, metrics=metrics)
        metrics.know_segments_by(self.segments.is_known)
        self.segments.consents = Willing(people, ground.ledger.seal)
        self.stages, self.scores = Stages(state, log, clock, governance), Scores(state, log, clock, governance)
        self.handovers = Handovers(
            state, log, clock, governance, people, ground.outgoing(), exports, consents=self.segments.consents,
            comparing=compare_halves,
        )  # fmt: skip

    def routers(self) -> Sequence[APIRouter]:
        return (
            routes.router(self.segments),
            stage_routes.router(self.stages, self.segments),
            score_routes.router(self.scores, self.segments),
            handover_routes.router(self.handovers, self.segments),
        )

    def loops(self) -> Mapping[str, Loop]:
        return {
            "segments": every(5, self.segments.tick),
            "stages": every(20, self.stages.tick),
            "scores": every(2, self.scores.working.tick),
            "handovers": every(20, self.handovers.tick),
        }
