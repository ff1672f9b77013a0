"""How a workspace sells, over HTTP: pipelines and stages, fields of its own, exchange rates, views."""

from __future__ import annotations

from dataclasses import asdict, field
from datetime import date
from typing import Any

import msgspec

from dure.deals.api import Deals
from dure.deals.fields.model import CustomField
from dure.deals.model import Pipeline, Stage
from dure.deals.pipelines.api import NewStage
from dure.deals.records import doors
from dure.deals.records.shape import Field, FieldType
from dure.deals.views.model import View
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class StageBody:
    key: str
    probability: int
    name_ko: str = ""
    name_en: str = ""
    outcome: str = ""
    forecast: str = ""
    position: int | None = None
    required: list[str] = field(default_factory=list)
    description: str = ""


@body
class StageChange:
    name_ko: str | None = None
    name_en: str | None = None
    probability: int | None = None
    forecast: str | None = None
    required: list[str] | None = None
    description: str | None = None
    active: bool | None = None
    position: int | None = None


@body
class PipelineBody:
    key: str
    name_ko: str
    name_en: str
    stages: list[StageBody]


@body
class PipelineChange:
    name_ko: str | None = None
    name_en: str | None = None
    position: int | None = None
    active: bool | None = None


@body
class FieldBody:
    name: str
    type: FieldType
    label_ko: str = ""
    label_en: str = ""
    options: list[str] = field(default_factory=list)
    required: bool = False
    unique: bool = False
    external: bool = False
    reference: str = ""


@body
class FieldChange:
    label_ko: str | None = None
    label_en: str | None = None
    options: list[str] | None = None
    required: bool | None = None
    position: int | None = None
    active: bool | None = None


@body
class RateBody:
    currency: str
    day: date
    rate: float


@body
class RateList:
    rates: list[RateBody]


@body
class ViewBody:
    object: str
    name: str
    filters: list[dict[str, Any]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    sort: str = ""
    shared: bool = False


@body
class ViewChange:
    name: str | None = None
    filters: list[dict[str, Any]] | None = None
    columns: list[str] | None = None
    sort: str | None = None
    shared: bool | None = None


def router(api: Deals) -> APIRouter:
    """/pipelines, /record-fields, /exchange-rates and /record-views, under where deals are."""
    routes = APIRouter()
    _pipelines(routes, api)
    _fields(routes, api)
    _rates(routes, api)
    _views(routes, api)
    return routes


def _pipelines(routes: APIRouter, api: Deals) -> None:
    @routes.get("/pipelines")
    async def pipelines(caller: Caller) -> dict[str, Any]:
        """Every pipeline with its stages, in order."""
        return {"pipelines": [_pipeline(one, stages) for one, stages in await api.pipelines.all(caller)]}

    @routes.post("/pipelines", status_code=201)
    async def add(caller: Caller, body: PipelineBody) -> dict[str, Any]:
        """A new pipeline with its stages."""
        stages = [NewStage(**vars(one)) for one in body.stages]
        return _pipeline(*await api.pipelines.add(caller, body.key, body.name_ko, body.name_en, stages))

    @routes.patch("/pipelines/{key}")
    async def change(caller: Caller, key: str, body: PipelineChange) -> dict[str, Any]:
        """Renames, orders or retires a pipeline."""
        return asdict(await api.pipelines.change(caller, key, **vars(body)))

    @routes.post("/pipelines/{key}/stages", status_code=201)
    async def add_stage(caller: Caller, key: str, body: StageBody) -> dict[str, Any]:
        """One more stage in a pipeline."""
        return stage_json(await api.pipelines.add_stage(caller, key, NewStage(**vars(body))))

    @routes.patch("/deals/stages/{key}")
    async def change_stage(caller: Caller, key: str, body: StageChange) -> dict[str, Any]:
        """Changes a stage: its names, probability, forecast category, required fields, place."""
        return stage_json(await api.pipelines.change_stage(caller, key, **vars(body)))


def _fields(routes: APIRouter, api: Deals) -> None:
    @routes.get("/record-fields/{object_}")
    async def fields(caller: Caller, object_: str, inactive: bool = False) -> dict[str, Any]:
        """Every field of a kind of record: those it is made with, and the workspace's own."""
        own = await api.fields.of(caller, object_, inactive=inactive)
        built_in = [_field(one) for one in api.records(object_).shape.fields]
        return {"fields": built_in + [_own_field(one) for one in own]}

    @routes.post("/record-fields/{object_}", status_code=201)
    async def add(caller: Caller, object_: str, body: FieldBody) -> dict[str, Any]:
        """A new field of the workspace's own."""
        return _own_field(await api.fields.add(caller, object_, **vars(body)))

    @routes.patch("/record-fields/{object_}/{name}")
    async def change(caller: Caller, object_: str, name: str, body: FieldChange) -> dict[str, Any]:
        """Renames, requires, orders or retires a field of the workspace's own."""
        return _own_field(await api.fields.change(caller, object_, name, **vars(body)))


def _rates(routes: APIRouter, api: Deals) -> None:
    @routes.get("/exchange-rates")
    async def rates(caller: Caller) -> dict[str, Any]:
        """What currencies are worth in the workspace's, from which day on."""
        return {"rates": [{**asdict(one), "rate": str(one.rate)} for one in await api.rates.all(caller)]}

    @routes.put("/exchange-rates")
    async def set_rates(caller: Caller, body: RateList) -> dict[str, Any]:
        """Adds rates, or corrects those of the same day."""
        made = await api.rates.set(caller, [(one.currency, one.day, one.rate) for one in body.rates])
        return {"rates": [{**asdict(one), "rate": str(one.rate)} for one in made]}

    @routes.delete("/exchange-rates/{currency}/{day}", status_code=204)
    async def drop_rate(caller: Caller, currency: str, day: date) -> None:
        """Takes a rate back."""
        await api.rates.drop(caller, currency, day)


def _views(routes: APIRouter, api: Deals) -> None:
    @routes.get("/record-views")
    async def views(caller: Caller, object: str = "") -> dict[str, Any]:
        """One's own views and those that are shared."""
        return {"views": [_view(one) for one in await api.views.all(caller, object)]}

    @routes.post("/record-views", status_code=201)
    async def save(caller: Caller, body: ViewBody) -> dict[str, Any]:
        """Keeps a list: filters, columns, order."""
        return _view(await api.views.save(caller, **vars(body)))

    @routes.patch("/record-views/{view_id}")
    async def change(caller: Caller, view_id: str, body: ViewChange) -> dict[str, Any]:
        """Changes a view of one's own."""
        return _view(await api.views.change(caller, view_id, **vars(body)))

    @routes.delete("/record-views/{view_id}", status_code=204)
    async def delete(caller: Caller, view_id: str) -> None:
        """Drops a view of one's own."""
        await api.views.delete(caller, view_id)

    @routes.get("/record-views/{view_id}/records")
    async def look(
        caller: Caller, view_id: str, search: str = "", limit: int = 50, after: str = "", totals: bool = False
    ) -> dict[str, Any]:
        """A page of what a view shows."""
        view, page = await api.views.look(caller, view_id, search=search, limit=limit, after=after, totals=totals)
        told = doors.page_json("records", page)
        if page.amounts is not None:
            told["together"] = asdict(await api.rates.sum(caller, page.amounts))
        return {"view": _view(view), **told}


def stage_json(stage: Stage) -> dict[str, Any]:
    return {
        "key": stage.key,
        "name": {"ko": stage.name_ko, "en": stage.name_en},
        "probability": stage.probability,
        "outcome": stage.outcome,
        "pipeline": stage.pipeline,
        "forecast": stage.forecast,
        "active": stage.active,
        "required": list(stage.required),
        "position": stage.position,
        "description": stage.description,
    }


def _pipeline(one: Pipeline, stages: list[Stage]) -> dict[str, Any]:
    return {
        "key": one.key, "name": {"ko": one.name_ko, "en": one.name_en}, "position": one.position,
        "active": one.active, "stages": [stage_json(stage) for stage in stages],
    }  # fmt: skip


def _view(one: View) -> dict[str, Any]:
    return {**asdict(one), "filters": msgspec.to_builtins(one.filters)}


def _field(one: Field) -> dict[str, Any]:
    return {
        "name": one.name, "type": one.type, "label": {"ko": one.ko, "en": one.en}, "options": list(one.options),
        "reference": one.reference, "required": one.required, "writable": one.writable, "custom": False,
        "unique": one.unique, "external": one.external, "open": one.open, "active": True,
    }  # fmt: skip


def _own_field(one: CustomField) -> dict[str, Any]:
    return {**_field(one.as_field()), "custom": True, "active": one.active, "position": one.position}
