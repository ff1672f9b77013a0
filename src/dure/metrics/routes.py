"""Metrics over HTTP: `/api/v1/query`, the catalogue, boards, and names for typing."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import Body, Header, Query, Request

from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.metrics.api import Metrics
from dure.metrics.journeys import routes as journey_routes
from dure.metrics.tree import routes as tree_routes
from dure.web.presence import while_there
from dure.web.routing import APIRouter

Json = Annotated[dict[str, Any], Body()]
QueryId = Annotated[str, Header(alias="X-Query-Id")]


def router(api: Metrics) -> APIRouter:
    """The routes of one `Metrics`."""
    routes = APIRouter(prefix="/api/v1", tags=["metrics"])

    @routes.post("/query")
    async def query(caller: Caller, request: Request, question: Json, x_query_id: QueryId = "") -> dict[str, Any]:
        """Answers a question. It ends when the client leaves; `X-Query-Id` names it, to watch or cancel it."""
        return await while_there(request, api.ask(caller, question, x_query_id))

    @routes.delete("/query/{query}", status_code=204)
    async def cancel(caller: Caller, query: str) -> None:
        """Cancels a question of one's own by its `X-Query-Id`; when this answers, it runs no more."""
        await api.cancel(caller, query)

    @routes.get("/query/progress/{query}")
    async def progress(caller: Caller, query: str) -> dict[str, Any]:
        """How far a question of one's own is: `{state, rows_read, rows_total, elapsed_ms}`."""
        return await api.progress(caller, query)

    @routes.post("/query/events")
    async def events_behind(caller: Caller, request: Request, body: Json, x_query_id: QueryId = "") -> dict[str, Any]:
        """Opens one cell of an answer: `{question, cell}` → `{people, events, total, next}`."""
        question, cell = _opened(body)
        return await while_there(request, api.rows_behind(caller, question, cell, x_query_id))

    @routes.post("/query/people")
    async def people_behind(caller: Caller, request: Request, body: Json, x_query_id: QueryId = "") -> dict[str, Any]:
        """The ids of those one cell counted, page by page: `{question, cell}` → `{people, total, next}`."""
        question, cell = _opened(body)
        return await while_there(request, api.people_behind(caller, question, cell, x_query_id))

    @routes.get("/events/names")
    async def event_names(caller: Caller) -> dict[str, Any]:
        """Names of events in the log, for typing."""
        return {"events": await api.event_names(caller)}

    @routes.get("/events/properties")
    async def property_names(caller: Caller, event: str = "") -> dict[str, Any]:
        """Names of an event's properties, for typing."""
        return {"properties": await api.property_names(caller, event)}

    @routes.get("/events/values")
    async def property_values(caller: Caller, prop: str, event: str = "") -> dict[str, Any]:
        """Values of a property, for typing."""
        return {"values": await api.property_values(caller, prop, event)}

    @routes.get("/metrics")
    async def metrics(
        caller: Caller, q: str = "", function: str = "", tag: str = "", verified: bool | None = None
    ) -> dict[str, Any]:
        """The catalogue of metrics, or what a search in it finds; each with how many places use it."""
        return {"metrics": await api.metrics(caller, q, function, tag, verified=verified)}

    @routes.post("/metrics", status_code=201)
    async def create_metric(caller: Caller, body: Json) -> dict[str, Any]:
        """A new metric."""
        return _shown(await api.create_metric(caller, body))

    @routes.post("/metrics/starters", status_code=201)
    async def start(caller: Caller) -> dict[str, Any]:
        """Metrics of each team, their board, two trees and a journey map; asked again it changes nothing."""
        return _shown(await api.start(caller))

    @routes.get("/metrics/{metric}")
    async def metric(caller: Caller, metric: str) -> dict[str, Any]:
        """A metric with its definition, what its versions changed, and where it is used."""
        return await api.metric(caller, metric)

    @routes.put("/metrics/{metric}")
    async def change_metric(caller: Caller, metric: str, body: Json) -> dict[str, Any]:
        """Changes a metric."""
        return _shown(await api.change_metric(caller, metric, body))

    @routes.post("/metrics/{metric}/impact")
    async def impact(caller: Caller, metric: str, body: Json) -> dict[str, Any]:
        """Who would be affected by a new definition, and the old and the new value side by side; nothing is saved."""
        return await api.impact(caller, metric, body)

    @routes.delete("/metrics/{metric}", status_code=204)
    async def remove_metric(caller: Caller, metric: str) -> None:
        """Takes a metric out of the catalogue."""
        await api.remove_metric(caller, metric)

    @routes.post("/metrics/{metric}/verify")
    async def verify_metric(caller: Caller, metric: str, body: Json | None = None) -> dict[str, Any]:
        """Marks a metric as verified, or takes the mark away."""
        return _shown(await api.verify_metric(caller, metric, verified=bool((body or {}).get("verified", True))))

    @routes.get("/metrics/{metric}/value")
    async def value(
        caller: Caller, request: Request, metric: str, from_: Annotated[str | None, Query(alias="from")] = None,
        to: str | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """A metric's value in a period."""
        return await while_there(request, api.value(caller, metric, from_, to))

    @routes.get("/boards")
    async def boards(caller: Caller) -> dict[str, Any]:
        """Every board."""
        return {"boards": msgspec.to_builtins(await api.boards(caller))}

    @routes.post("/boards", status_code=201)
    async def create_board(caller: Caller, body: Json) -> dict[str, Any]:
        """A new board."""
        return _shown(await api.create_board(caller, body))

    @routes.get("/boards/{board}")
    async def board(
        caller: Caller, board: str, from_: Annotated[str | None, Query(alias="from")] = None, to: str | None = None
    ) -> dict[str, Any]:
        """A board with the value of each of its metrics."""
        return await api.board(caller, board, from_, to)

    @routes.put("/boards/{board}")
    async def change_board(caller: Caller, board: str, body: Json) -> dict[str, Any]:
        """Changes a board."""
        return _shown(await api.change_board(caller, board, body))

    journey_routes.add(routes, api.journeys)
    whole = APIRouter()
    whole.include_router(routes)
    whole.include_router(tree_routes.router(api.trees))
    return whole


def _opened(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    question, cell = body.get("question"), body.get("cell", {})
    if not isinstance(question, dict):
        raise Invalid("`question` is the question whose number is opened.", field="question")
    if not isinstance(cell, dict):
        raise Invalid("`cell` says which number.", field="cell")
    return question, cell


def _shown(value: Any) -> dict[str, Any]:
    shown: dict[str, Any] = msgspec.to_builtins(value)
    return shown
