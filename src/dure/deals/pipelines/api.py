"""Pipelines and stages: looked at by everybody, changed by administrators."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dure.deals.events import PIPELINE_CHANGED
from dure.deals.model import DEAL, FORECASTS, Pipeline, Stage
from dure.deals.pipelines import store
from dure.deals.records import intake
from dure.deals.records.records import Desk
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.governance.events import act
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.state import Tx

_KEY = re.compile(r"[0-9A-Za-z\u3131-\u318e\uac00-\ud7a3][^\x00-\x1f\"'\\]{0,79}")


@dataclass(frozen=True, slots=True)
class NewStage:
    """A stage as it is asked for; without a position it comes before the pipeline's ends."""

    key: str
    name_ko: str
    name_en: str
    probability: int
    outcome: str = ""
    forecast: str = ""
    position: int | None = None
    required: Sequence[str] = ()
    description: str = ""


class Pipelines:
    """How a workspace sells."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def all(self, principal: Principal) -> list[tuple[Pipeline, list[Stage]]]:
        """Every pipeline with its stages, in order, retired ones too."""
        access(principal, "deals:read")
        async with self._desk.state.begin(principal.tenant) as tx:
            return await self._all(tx, principal.tenant.workspace)

    async def add(
        self, principal: Principal, key: str, name_ko: str, name_en: str, stages: Sequence[NewStage]
    ) -> tuple[Pipeline, list[Stage]]:
        """A new pipeline; it needs a stage to begin in, one that is won and one that is lost."""
        access(principal, "deals:configure")
        workspace = principal.tenant.workspace
        async with self._desk.state.begin(principal.tenant) as tx:
            await store.turn(tx, workspace)
            known = await store.pipelines(tx, workspace)
            if any(one.key == key for one in known):
                raise Conflict(f"There is a pipeline {key!r} already.", field="key")
            made = Pipeline(_key(key), _name(name_ko, "name_ko"), _name(name_en, "name_en"), len(known) + 1)
            taken = await store.stages(tx, workspace)
            placed = [
                _stage(one, made.key, number, taken) for number, one in enumerate(stages, start=1)
            ]  # the order they are told in
            if len({one.key for one in placed}) != len(placed):
                raise Invalid("Two stages have the same key.", field="stages")
            if {"", "won", "lost"} - {one.outcome for one in placed}:
                raise Invalid(
                    "A pipeline has a stage to begin in, one that is won and one that is lost.", field="stages"
                )
            await self._check_required(tx, workspace, placed)
            await store.keep_pipeline(tx, workspace, made)
            await store.keep_stages(tx, workspace, placed)
            await self._tell(tx, principal, made.key, "added")
        return made, placed

    async def change(
        self, principal: Principal, key: str, *, name_ko: str | None = None, name_en: str | None = None,
        position: int | None = None, active: bool | None = None,
    ) -> Pipeline:  # fmt: skip
        """Renames, orders or retires a pipeline; one that deals stand in is not retired."""
        access(principal, "deals:configure")
        workspace = principal.tenant.workspace
        async with self._desk.state.begin(principal.tenant) as tx:
            await store.turn(tx, workspace)
            before, stages = await self._one(tx, workspace, key)
            if active is False and (
                left := await store.standing(tx, workspace, [s.key for s in stages if not s.outcome])
            ):
                raise Conflict(f"{left} open deals stand in it; move them first.", field="active", data={"deals": left})
            after = replace(
                before,
                name_ko=before.name_ko if name_ko is None else _name(name_ko, "name_ko"),
                name_en=before.name_en if name_en is None else _name(name_en, "name_en"),
                position=before.position if position is None else position,
                active=before.active if active is None else active,
            )
            if after != before:
                await store.keep_pipeline(tx, workspace, after)
                await self._tell(tx, principal, key, "changed")
        return after

    async def add_stage(self, principal: Principal, pipeline: str, asked: NewStage) -> Stage:
        access(principal, "deals:configure")
        workspace = principal.tenant.workspace
        async with self._desk.state.begin(principal.tenant) as tx:
            await store.turn(tx, workspace)
            _, stages = await self._one(tx, workspace, pipeline)
            made = _stage(asked, pipeline, asked.position or 0, await store.stages(tx, workspace))
            await self._check_required(tx, workspace, [made])
            if asked.position is None:
                at = (
                    next((n for n, one in enumerate(stages) if one.outcome), len(stages))
                    if not made.outcome
                    else len(stages)
                )
            else:
                at = max(asked.position - 1, 0)
            ordered = [*stages[:at], made, *stages[at:]]
            placed = [replace(one, position=number) for number, one in enumerate(ordered, start=1)]
            await store.keep_stages(tx, workspace, placed)
            await self._tell(tx, principal, pipeline, "stage_added", stage=made.key)
        return next(one for one in placed if one.key == made.key)

    async def change_stage(self, principal: Principal, key: str, **given: Any) -> Stage:
        """Changes a stage: name_ko, name_en, probability, forecast, required, description, active, position.

        Whether a stage is won, lost or open stays: deals went through it as what it was.
        """
        access(principal, "deals:configure")
        workspace = principal.tenant.workspace
        async with self._desk.state.begin(principal.tenant) as tx:
            await store.turn(tx, workspace)
            stages = await store.stages(tx, workspace)
            before = stages.get(key)
            if before is None:
                raise NotFound(f"There is no stage {key!r}.", field="stage")
            after = _checked(replace(before, **_known(given)))
            await self._check_required(tx, workspace, [after])
            if before.active and not after.active:
                await self._may_retire(tx, workspace, after, stages.values())
            if after != before:
                others = [one for one in stages.values() if one.pipeline == after.pipeline and one.key != key]
                at = max(after.position - 1, 0)
                ordered = [*others[:at], after, *others[at:]] if after.position != before.position else None
                kept = [replace(one, position=n) for n, one in enumerate(ordered, 1)] if ordered else [after]
                await store.keep_stages(tx, workspace, kept)
                await self._tell(tx, principal, after.pipeline, "stage_changed", stage=key)
        return after

    async def _may_retire(self, tx: Tx, workspace: str, stage: Stage, stages: Any) -> None:
        if left := await store.standing(tx, workspace, [stage.key]):
            raise Conflict(f"{left} deals stand in it; move them first.", field="active", data={"deals": left})
        alike = [s for s in stages if s.pipeline == stage.pipeline and s.outcome == stage.outcome and s.active]
        if len(alike) == 1:
            raise Conflict("It is the last of its kind in its pipeline.", field="active")

    async def _check_required(self, tx: Tx, workspace: str, stages: Sequence[Stage]) -> None:
        known = await intake.fields_of(tx, workspace, DEAL)
        for stage in stages:
            for name in stage.required:
                if name not in known or not known[name].writable:
                    raise Invalid(f"A deal has no field {name!r} that somebody fills.", field="required")

    async def _all(self, tx: Tx, workspace: str) -> list[tuple[Pipeline, list[Stage]]]:
        stages = await store.stages(tx, workspace)
        return [
            (one, [stage for stage in stages.values() if stage.pipeline == one.key])
            for one in await store.pipelines(tx, workspace)
        ]

    async def _one(self, tx: Tx, workspace: str, key: str) -> tuple[Pipeline, list[Stage]]:
        for pipeline, stages in await self._all(tx, workspace):
            if pipeline.key == key:
                return pipeline, stages
        raise NotFound(f"There is no pipeline {key!r}.", field="pipeline")

    async def _tell(self, tx: Tx, principal: Principal, key: str, what: str, **more: str) -> None:
        facts = {"pipeline": key, "what": what, **more}
        await append(tx, act(principal, "deals", PIPELINE_CHANGED, "pipeline", key, facts, self._desk.clock.now()))


_CHANGEABLE = frozenset(
    {"name_ko", "name_en", "probability", "forecast", "required", "description", "active", "position"}
)


def _known(given: dict[str, Any]) -> dict[str, Any]:
    for name in given:
        if name not in _CHANGEABLE:
            raise Invalid(f"`{name}` of a stage is not changed.", field=name)
    found = {name: value for name, value in given.items() if value is not None}
    if "required" in found:
        found["required"] = tuple(dict.fromkeys(found["required"]))
    return found


def _stage(asked: NewStage, pipeline: str, position: int, taken: dict[str, Stage]) -> Stage:
    if asked.key in taken:
        raise Conflict(f"There is a stage {asked.key!r} already; keys are unique over all pipelines.", field="key")
    if asked.outcome not in ("", "won", "lost"):
        raise Invalid("`outcome` is won, lost or empty.", field="outcome")
    forecast = asked.forecast or {"won": "Closed", "lost": "Omitted"}.get(asked.outcome, "Pipeline")
    return _checked(
        Stage(
            _key(asked.key), asked.name_ko or asked.name_en, asked.name_en or asked.name_ko, asked.probability,
            position, asked.outcome, pipeline, forecast, True, tuple(dict.fromkeys(asked.required)), asked.description,
        )
    )  # fmt: skip


def _checked(stage: Stage) -> Stage:
    if isinstance(stage.probability, bool) or not 0 <= stage.probability <= 100:
        raise Invalid("`probability` is 0 to 100.", field="probability")
    if stage.forecast not in FORECASTS:
        raise Invalid(f"`forecast` is one of {', '.join(FORECASTS)}.", field="forecast")
    _name(stage.name_ko, "name_ko")
    _name(stage.name_en, "name_en")
    return stage


def _key(key: str) -> str:
    if not _KEY.fullmatch(key) or key != key.strip():
        raise Invalid("A key has 1 to 80 characters and begins with a letter or a digit.", field="key")
    return key


def _name(name: str, field: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise Invalid("A name has 1 to 80 characters.", field=field)
    return name
