"""Experiments' room: experiments and the flags that clients ask for at ingest's doors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from dure.experiments import routes
from dure.experiments.api import Experiments
from dure.experiments.flags import routes as flag_routes
from dure.experiments.flags.api import Flags
from dure.ingest.api import Ingest
from dure.metrics.api import Metrics
from dure.people.api import People
from dure.segments.api import Segments
from dure.wiring.ground import Ground
from dure.work import Loop, every


class ExperimentsRoom:
    def __init__(self, ground: Ground, people: People, ingest: Ingest, metrics: Metrics, segments: Segments) -> None:
        state, clock, governance = ground.state, ground.clock, ground.governance
        self._bell = ground.bell
        self.experiments = Experiments(state, ground.log, clock, governance, segments, people=people, metrics=metrics)
        self.flags = Flags(state, clock, governance, people, segments)
        ingest.know_flags_by(self.flags)

    def routers(self) -> Sequence[APIRouter]:
        return routes.router(self.experiments), flag_routes.router(self.flags), flag_routes.definitions(self.flags)

    def loops(self) -> Mapping[str, Loop]:
        return {
            "experiments": every(20, self.experiments.tick),
            "flags": lambda: self.flags.shelf.run(self._bell),
        }
