"""Listening over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any, Literal

from dure.governance.http import Caller
from dure.social.listening.api import Listening, NewQuery
from dure.social.listening.model import Comparison, SavedQuery, as_json
from dure.social.routes import mention_json
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Trial:
    text: str
    leaves_out: str = ""
    days: int = 30
    exact: bool = False


@body
class GivenQuery:
    name: str
    text: str
    kind: Literal["query", "theme"] = "query"
    leaves_out: str = ""
    family: str = ""
    role: Literal["", "own", "rival"] = ""
    watch: bool = False
    allowed: float = 0.1
    cooldown: int = 6
    history: bool = True
    version: int | None = None

    def query(self) -> NewQuery:
        kept = asdict(self)
        return NewQuery(**{name: value for name, value in kept.items() if name not in ("history", "version")})


def router(api: Listening) -> APIRouter:
    """/api/v1/listening."""
    routes = APIRouter(prefix="/api/v1/listening", tags=["social"])

    @routes.post("/preview")
    async def preview(caller: Caller, body: Trial) -> dict[str, Any]:
        """What a query would have caught; a query that makes no sense is told with its place, in both languages."""
        found = await api.preview(caller, body.text, body.leaves_out, body.days, exact=body.exact)
        shown = {name: as_json(getattr(found, name)) for name in found.__dataclass_fields__ if name != "newest"}
        return {**shown, "newest": [mention_json(one) for one in found.newest]}

    @routes.get("/mentions")
    async def find(caller: Caller, text: str, leaves_out: str = "", days: int = 90, limit: int = 50) -> dict[str, Any]:
        """The newest mentions that a query finds."""
        return {"mentions": [mention_json(one) for one in await api.find(caller, text, leaves_out, days, limit)]}

    @routes.get("/queries")
    async def queries(caller: Caller) -> dict[str, Any]:
        """Saved queries and themes; `leaving` are those taken away whose label mentions still lose."""
        return {
            "queries": [_query(one) for one in await api.queries(caller)],
            "leaving": [_query(one) for one in await api.leaving(caller)],
        }

    @routes.post("/queries", status_code=201)
    async def save(caller: Caller, body: GivenQuery) -> dict[str, Any]:
        """Saves a query; by default mentions from before get its label too."""
        return _query(await api.save(caller, body.query(), history=body.history))

    @routes.put("/queries/{query_id}")
    async def change(caller: Caller, query_id: uuid.UUID, body: GivenQuery) -> dict[str, Any]:
        """Changes a saved query; with `version` only where nobody changed it meanwhile."""
        return _query(await api.change(caller, query_id, body.query(), body.version, history=body.history))

    @routes.delete("/queries/{query_id}", status_code=204)
    async def delete(caller: Caller, query_id: uuid.UUID) -> None:
        """Takes a saved query away; mentions lose its label within minutes."""
        await api.delete(caller, query_id)

    @routes.post("/queries/{query_id}/cancel")
    async def cancel(caller: Caller, query_id: uuid.UUID) -> dict[str, Any]:
        """Stops what is done to the past for a query; one that was taken away comes back with its label."""
        return _query(await api.cancel(caller, query_id))

    @routes.get("/board")
    async def board(caller: Caller, days: int = 30, ids: str = "") -> dict[str, Any]:
        """Saved queries beside each other: mentions, people, reach, feeling, line and share of voice of each."""
        return _comparison(await api.compare(caller, [one for one in ids.split(",") if one], days))

    @routes.get("/rates")
    async def rates(caller: Caller) -> dict[str, Any]:
        """How often watched queries may alarm by chance, and how often they would have told a spike lately."""
        return {"rates": await api.rates(caller)}

    return routes


def _query(saved: SavedQuery) -> dict[str, Any]:
    return {name: value for name, value in asdict(saved).items() if name != "reached"}


def _comparison(found: Comparison) -> dict[str, Any]:
    shown: dict[str, Any] = as_json(asdict(found))
    return shown
