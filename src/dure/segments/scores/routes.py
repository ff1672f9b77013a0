"""Scores over HTTP."""

from __future__ import annotations

from dataclasses import asdict, field
from typing import Any, Literal
from uuid import UUID

import msgspec

from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.segments.api import Segments
from dure.segments.scores.api import Model, Score, Scores, Work
from dure.segments.scores.words import feature_in_words, reason_in_words
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewScore:
    """`settings` as in `segments.scores.model.Settings`: kind churn, convert or alike, and what goes with it."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict)


@body
class NewWork:
    work: Literal["train", "score"] = "train"


@body
class Tenths:
    """From which tenth to which: 1 is the tenth with the highest values."""

    first: int = 1
    last: int = 1
    name: str = ""


def router(api: Scores, segments: Segments) -> APIRouter:
    """/api/v1/scores."""
    routes = APIRouter(prefix="/api/v1", tags=["segments"])

    @routes.get("/scores")
    async def scores(caller: Caller) -> dict[str, Any]:
        """Every score, how good its version is, and the work under way."""
        return {"scores": [_told(*one) for one in await api.scores(caller)]}

    @routes.post("/scores", status_code=201)
    async def create(caller: Caller, body: NewScore) -> dict[str, Any]:
        """Makes a score and asks for its first training."""
        made = await api.create(caller, body.name, body.settings)
        return _told(*await api.score(caller, made.id))

    @routes.get("/scores/of/{person}")
    async def of_person(caller: Caller, person: UUID) -> dict[str, Any]:
        """Somebody's values by score, with reasons in words."""
        found = await api.of_person(caller, person)
        return {
            "scores": {
                score: {"value": one.value, "decile": one.decile, "reasons": [reason_in_words(r) for r in one.reasons]}
                for score, one in found.items()
            }
        }

    @routes.get("/scores/{score}")
    async def one(caller: Caller, score: str) -> dict[str, Any]:
        """A score with its card, its tenths and its versions."""
        told = _told(*await api.score(caller, score))
        versions = [
            {"id": one.id, "trained_at": one.trained_at, "used": one.card["used"], "average": one.card["average"]}
            for one in await api.models(caller, score)
        ]
        return told | {"deciles": await api.deciles(caller, score), "versions": versions}

    @routes.delete("/scores/{score}", status_code=204)
    async def delete(caller: Caller, score: str) -> None:
        """Removes a score."""
        await api.delete(caller, score)

    @routes.post("/scores/{score}/work", status_code=202)
    async def work(caller: Caller, score: str, body: NewWork) -> dict[str, Any]:
        """Asks for a training, or for everybody's values anew."""
        return asdict(await api.ask(caller, score, body.work))

    @routes.delete("/scores/{score}/work", status_code=204)
    async def cancel(caller: Caller, score: str) -> None:
        """Ends the work under way."""
        await api.cancel(caller, score)

    @routes.get("/scores/{score}/people")
    async def people(
        caller: Caller, score: str, decile: int | None = None, after: str = "", limit: int = 100
    ) -> dict[str, Any]:
        """The highest first, each with the reasons in words; `next` is the `after` of the next page."""
        limit = max(1, min(limit, 1000))
        found = await api.people(caller, score, decile=decile, after=_after(after), limit=limit)
        called = await segments.called(caller, [one.person for one in found])
        return {
            "people": [
                {
                    "person": str(one.person), "value": one.value, "decile": one.decile,
                    "reasons": [dict(r) | {"words": reason_in_words(r)} for r in one.reasons],
                    **called.get(one.person, {}),
                }
                for one in found
            ],
            "next": str(found[-1].person) if len(found) == limit else None,
        }  # fmt: skip

    @routes.post("/scores/{score}/segment", status_code=201)
    async def segment(caller: Caller, score: str, body: Tenths) -> dict[str, Any]:
        """A segment of some of its tenths, filled anew at every scoring."""
        made = await api.make_segment(caller, score, body.first, body.last, body.name)
        return {"id": made.id, "name": made.name, "size": made.size}

    return routes


def _told(score: Score, model: Model | None, work: Work | None) -> dict[str, Any]:
    card = None
    if model is not None:
        card = dict(model.card)
        card["importance"] = [dict(one) | {"words": feature_in_words(one["feature"])} for one in card["importance"]]
    drift = dict(model.drift) if model and model.drift else None
    if drift:
        drift["features"] = [dict(one) | {"words": feature_in_words(one["feature"])} for one in drift["features"]]
    return {
        "id": score.id, "name": score.name, "settings": msgspec.to_builtins(score.settings),
        "created_at": score.created_at, "scored_at": score.scored_at, "model": score.model,
        "trained_at": model.trained_at if model else None, "card": card, "drift": drift,
        "work": asdict(work) if work else None,
    }  # fmt: skip


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(f"{text!r} is not a person's id.", field="after") from error
