"""Segments over HTTP. A rule is JSON as in `segments.model`; wherever one is told it also comes in words."""

from __future__ import annotations

from dataclasses import asdict, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.segments.api import Handover, Segment, Segments, as_json, read_rule
from dure.web.body import body


@body
class NewSegment:
    name: str
    rule: dict[str, Any]
    about: str = ""


@body
class SegmentChange:
    name: str | None = None
    about: str | None = None
    rule: dict[str, Any] | None = None


@body
class RuleToTry:
    rule: dict[str, Any] = field(default_factory=dict)


@body
class Listing:
    """Person ids or distinct ids."""

    add: list[str] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)


@body
class HandOver:
    """`goal` is an event selector by which the outcome is told, within `window` of now; `score` whose tenths and
    reasons go along; `from_team` to whom the outcome is told."""

    to: str
    purpose: str
    expires: datetime | None = None
    control_share: float = 0.5
    from_team: str = "product"
    goal: dict[str, Any] | None = None
    window: str = ""
    score: str = ""


def router(api: Segments) -> APIRouter:
    """/api/v1/segments and /api/v1/handovers."""
    routes = APIRouter(prefix="/api/v1", tags=["segments"])

    @routes.get("/segments")
    async def segments(caller: Caller) -> dict[str, Any]:
        """Every segment, with its rule in words and its sizes."""
        found = await api.segments(caller)
        words = await api.words(caller, [each.rule for each in found])
        sizes = await api.sizes(caller, [each.id for each in found])
        return {
            "segments": [
                _told(each, text) | {"sizes": [asdict(size) for size in sizes.get(each.id, [])]}
                for each, text in zip(found, words, strict=True)
            ]
        }

    @routes.post("/segments", status_code=201)
    async def create(caller: Caller, body: NewSegment) -> dict[str, Any]:
        """Makes a segment and computes it at once."""
        made = await api.create(caller, body.name, body.rule, body.about)
        # The loop may have found it first.
        await api.compute(caller, made.id, wait=True)
        return await one(caller, made.id)

    @routes.post("/segments/preview")
    async def preview(caller: Caller, body: RuleToTry) -> dict[str, Any]:
        """How many people a rule holds for now."""
        seen = await api.preview(caller, body.rule)
        (words,) = await api.words(caller, [read_rule(body.rule)])
        return {"size": seen.size, "people": [str(person) for person in seen.people], "words": words}

    @routes.get("/segments/{segment}")
    async def one(caller: Caller, segment: str) -> dict[str, Any]:
        """A segment with its rule in words and its sizes."""
        found = await api.segment(caller, segment)
        (words,) = await api.words(caller, [found.rule])
        sizes = (await api.sizes(caller, [found.id])).get(found.id, [])
        handovers = await api.handovers(caller, found.id)
        return _told(found, words) | {
            "sizes": [asdict(size) for size in sizes],
            "handovers": [_handover(handover) for handover in handovers],
        }

    @routes.patch("/segments/{segment}")
    async def change(caller: Caller, segment: str, body: SegmentChange) -> dict[str, Any]:
        """Changes a segment's name, description or rule."""
        await api.change(caller, segment, name=body.name, about=body.about, rule=body.rule)
        return await one(caller, segment)

    @routes.delete("/segments/{segment}", status_code=204)
    async def delete(caller: Caller, segment: str) -> None:
        """Removes a segment."""
        await api.delete(caller, segment)

    @routes.post("/segments/{segment}/compute")
    async def compute(caller: Caller, segment: str) -> dict[str, Any]:
        """Computes a segment's members now."""
        return asdict(await api.compute(caller, segment))

    @routes.get("/segments/{segment}/people")
    async def people(caller: Caller, segment: str, after: str = "", limit: int = 100) -> dict[str, Any]:
        """By person id; `next` is the `after` of the next page, null at the end."""
        limit = max(1, min(limit, 1000))
        found = await api.people(caller, segment, _after(after), limit)
        called = await api.called(caller, [member.person for member in found])
        return {
            "people": [
                {"person": str(member.person), "since": member.since, **called.get(member.person, {})}
                for member in found
            ],
            "next": str(found[-1].person) if len(found) == limit else None,
        }

    @routes.post("/segments/{segment}/people")
    async def list_people(caller: Caller, segment: str, body: Listing) -> dict[str, Any]:
        """Puts people into a hand-made list (rule `{"kind": "listed"}`) and takes others out."""
        came, went = await api.list_people(caller, segment, add=body.add, remove=body.remove)
        return {"entered": came, "left": went}

    @routes.post("/segments/{segment}/hand-over", status_code=201)
    async def hand_over(caller: Caller, segment: str, body: HandOver) -> dict[str, Any]:
        """Hands the members to another team, with a control share left alone."""
        return _handover(
            await api.hand_over(
                caller,
                segment,
                body.to,
                body.purpose,
                body.expires,
                body.control_share,
                from_function=body.from_team,
                goal=body.goal,
                window=body.window,
                score=body.score,
            )
        )

    @routes.get("/handovers")
    async def handovers(caller: Caller, segment: str = "") -> dict[str, Any]:
        """Hand-overs, newest first."""
        return {"handovers": [_handover(each) for each in await api.handovers(caller, segment or None)]}

    @routes.get("/handovers/{handover}/people")
    async def handover_people(
        caller: Caller, handover: str, control: bool = False, after: str = "", limit: int = 100
    ) -> dict[str, Any]:
        """One of the two lists: those to act on, or with `control=true` those to leave alone."""
        limit = max(1, min(limit, 1000))
        found = await api.handover_people(caller, handover, control=control, after=_after(after), limit=limit)
        return {"people": [str(each) for each in found], "next": str(found[-1]) if len(found) == limit else None}

    return routes


def _told(segment: Segment, words: dict[str, str]) -> dict[str, Any]:
    return {
        "id": segment.id, "name": segment.name, "about": segment.about, "rule": as_json(segment.rule), "words": words,
        "built_in": segment.built_in, "created_at": segment.created_at, "computed_at": segment.computed_at,
        "size": segment.size,
    }  # fmt: skip


def _handover(handover: Handover) -> dict[str, Any]:
    found = asdict(handover)
    found["from"] = found.pop("from_")
    return found


def _after(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid(f"{text!r} is not a person's id.", field="after") from error
