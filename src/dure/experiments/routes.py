"""Experiments over HTTP. A design is JSON as in `experiments.design`; a result comes with its sentence."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any
from uuid import UUID

from dure.experiments.api import Experiment, Experiments, Exposed
from dure.experiments.design import as_json
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.kernel.ids import person_id
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewExperiment:
    design: dict[str, Any]
    owner: str = ""


@body
class ChangedExperiment:
    design: dict[str, Any]


@body
class Decided:
    arm: str
    why: str


@body
class Whom:
    """Person ids or distinct ids."""

    people: list[str] = field(default_factory=list)


@body
class WantedHoldout:
    share: float
    rotate: bool = False
    rotate_days: int | None = None


_MOST = 5_000


def router(api: Experiments) -> APIRouter:
    """/api/v1/experiments, and the global holdout."""
    routes = APIRouter(prefix="/api/v1", tags=["experiments"])

    @routes.get("/experiments")
    async def experiments(caller: Caller) -> dict[str, Any]:
        """Every experiment, newest first, with the verdict of the newest look."""
        return {"experiments": [_told(one) for one in await api.experiments(caller)]}

    @routes.post("/experiments", status_code=201)
    async def create(caller: Caller, body: NewExperiment) -> dict[str, Any]:
        """Makes a draft out of a design."""
        return _told(await api.create(caller, body.design, body.owner))

    @routes.post("/experiments/plan")
    async def plan(caller: Caller, body: dict[str, Any]) -> dict[str, Any]:
        """How many people a wished-for change needs, and how many days that takes at today's traffic."""
        return asdict(await api.plan(caller, body))

    @routes.get("/experiments/holdout")
    async def holdout(caller: Caller) -> dict[str, Any]:
        """The share of everybody whom no experiment touches, and what layers have given out."""
        return asdict(await api.holdout(caller)) | {"layers": await api.layers(caller)}

    @routes.put("/experiments/holdout")
    async def set_holdout(caller: Caller, body: WantedHoldout) -> dict[str, Any]:
        """Sets the share of the global holdout; `rotate` draws others now, `rotate_days` has that done by itself."""
        return asdict(
            await api.set_holdout(caller, body.share, rotate=body.rotate, rotate_days=body.rotate_days)
        )  # fmt: skip

    @routes.get("/experiments/{experiment}")
    async def one(caller: Caller, experiment: str) -> dict[str, Any]:
        """An experiment with its design and state."""
        return _told(await api.experiment(caller, experiment))

    @routes.put("/experiments/{experiment}")
    async def change(caller: Caller, experiment: str, body: ChangedExperiment) -> dict[str, Any]:
        """Puts another design in the draft's place; once it runs only its words may change."""
        return _told(await api.change(caller, experiment, body.design))

    @routes.delete("/experiments/{experiment}", status_code=204)
    async def delete(caller: Caller, experiment: str) -> None:
        """Removes a draft."""
        await api.delete(caller, experiment)

    @routes.post("/experiments/{experiment}/start")
    async def start(caller: Caller, experiment: str) -> dict[str, Any]:
        """Starts a draft."""
        return _told(await api.start(caller, experiment))

    @routes.post("/experiments/{experiment}/stop")
    async def stop(caller: Caller, experiment: str) -> dict[str, Any]:
        """Counts nobody new from now on; everybody stays in their arm."""
        return _told(await api.stop(caller, experiment))

    @routes.post("/experiments/{experiment}/decide")
    async def decide(caller: Caller, experiment: str, body: Decided) -> dict[str, Any]:
        """Says which arm everybody gets from now on, and why."""
        return _told(await api.decide(caller, experiment, body.arm, body.why))

    @routes.get("/experiments/{experiment}/result")
    async def result(caller: Caller, experiment: str, split: str = "") -> dict[str, Any]:
        """What it says now: estimates, intervals, guardrails, sizes, and the sentence; `split` by a trait."""
        return asdict(await api.analyse(caller, experiment, split))

    @routes.post("/experiments/{experiment}/assign")
    async def assign(caller: Caller, experiment: str, body: Whom) -> dict[str, Any]:
        """The arms of people; nothing is written."""
        return _arms(await api.assign(caller, experiment, _people(caller.tenant.workspace, body)))

    @routes.post("/experiments/{experiment}/expose")
    async def expose(caller: Caller, experiment: str, body: Whom) -> dict[str, Any]:
        """The arms of people who meet the experiment now, noted for control and treated alike."""
        return _arms(await api.expose(caller, experiment, _people(caller.tenant.workspace, body)))

    return routes


def _told(experiment: Experiment) -> dict[str, Any]:
    told = asdict(experiment) | {"design": as_json(experiment.design)}
    # What is left out has its default; screens and scripts need not know those.
    design = experiment.design
    told["design"] |= {
        "arms": [{"name": arm.name, "share": arm.share, "title": arm.title} for arm in design.arms],
        "method": design.method, "confidence": design.confidence, "correction": design.correction,
        "global_holdout": design.global_holdout,
        "exposure": {"event": design.exposure.event, **as_json(design.exposure)},
        "metrics": [{"role": one.role, "kind": one.kind, **as_json(one)} for one in design.metrics],
        "hypothesis": design.hypothesis,
    }  # fmt: skip
    return told


def _arms(told: list[Exposed]) -> dict[str, Any]:
    return {"people": [{"person": str(one.person), "arm": one.arm, "reason": one.reason} for one in told]}


def _people(workspace: str, body: Whom) -> list[UUID]:
    if not 1 <= len(body.people) <= _MOST:
        raise Invalid(f"From 1 to {_MOST:,} people at a time.", field="people")
    found = []
    for place, one in enumerate(body.people):
        if not one.strip():
            raise Invalid("An id of somebody is missing.", field=f"people[{place}]")
        try:
            found.append(UUID(one))
        except ValueError:
            found.append(person_id(workspace, one))
    return found
