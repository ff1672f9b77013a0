"""Segments over HTTP. A rule is JSON as in `segments.model`; wherever one is told it also comes in words."""

from __future__ import annotations

from dataclasses import asdict, field
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.segments.api import Handover, Segment, Segments, as_json, read_rule
from dure.web.body import body
from dure.web.routing import APIRouter


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
    """`at` is a moment of the past; `sample` allows an estimate where the log is large; a question that still runs
    under the same `query` is ended."""

    rule: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    sample: bool = False
    query: str = ""


@body
class RuleByTrait:
    rule: dict[str, Any] = field(default_factory=dict)
    trait: str = ""


@body
class RuleOverTime:
    rule: dict[str, Any] = field(default_factory=dict)
    days: int = 28
    points: int = 8


@body
class Listing:
    """Person ids or distinct ids."""

    add: list[str] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)


@body
class Sheet:
    """A CSV file's text and the column of its ids. `instead` of those in the list, `out` of it, or `dry`: told only."""

    csv: str
    column: str = ""
    instead: bool = False
    out: bool = False
    dry: bool = False


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
        """Every segment, with its rule in words and its sizes; `filled` names what fills a list that no hand fills.
        `day_ago` is how many were in it a day ago, null where it was not computed by then."""
        found, fillers = await api.segments(caller), await api.fillers(caller)
        words = await api.words(caller, [each.rule for each in found])
        ids = [each.id for each in found]
        sizes, before = await api.sizes(caller, ids), await api.sizes_a_day_ago(caller, ids)
        return {
            "segments": [
                _told(each, text)
                | {
                    "filled": fillers.get(each.id, ""),
                    "day_ago": before.get(each.id),
                    "sizes": [asdict(size) for size in sizes.get(each.id, [])],
                }
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
        """How many people a rule holds for now, or at a past moment; ten of them, and the rule in words."""
        seen = await api.preview(caller, body.rule, at=body.at, sample=body.sample, query=body.query)
        (words,) = await api.words(caller, [read_rule(body.rule)])
        called = await api.called(caller, seen.people)
        return {
            "size": seen.size, "low": seen.low, "high": seen.high, "exact": seen.exact, "words": words,
            "people": [str(person) for person in seen.people],
            "called": [{"person": str(person), **called.get(person, {})} for person in seen.people],
        }  # fmt: skip

    @routes.post("/segments/breakdown")
    async def breakdown(caller: Caller, body: RuleByTrait) -> dict[str, Any]:
        """Whom a rule holds for now by the ten commonest values of a trait, or by stage where no trait is named."""
        return asdict(await api.breakdown(caller, body.rule, body.trait))

    @routes.post("/segments/course")
    async def course(caller: Caller, body: RuleOverTime) -> dict[str, Any]:
        """How many people a rule would have held for on days of the past."""
        found = await api.course(caller, body.rule, body.days, body.points)
        return {"course": [{"at": one.at, "size": one.size} for one in found]}

    @routes.post("/segments/words")
    async def words(caller: Caller, body: RuleToTry) -> dict[str, Any]:
        """A rule in words; what makes no sense in it is named."""
        (said,) = await api.words(caller, [read_rule(body.rule)])
        return {"words": said}

    @routes.get("/segments/{segment}")
    async def one(caller: Caller, segment: str) -> dict[str, Any]:
        """A segment with its rule in words, its sizes and what fills it, where no hand does.
        `day_ago` is how many were in it a day ago, null where it was not computed by then."""
        found = await api.segment(caller, segment)
        (words,) = await api.words(caller, [found.rule])
        sizes = (await api.sizes(caller, [found.id])).get(found.id, [])
        handovers = await api.handovers(caller, found.id)
        return _told(found, words) | {
            "filled": (await api.fillers(caller)).get(found.id, ""),
            "sizes": [asdict(size) for size in sizes],
            "day_ago": (await api.sizes_a_day_ago(caller, [found.id])).get(found.id),
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
    async def compute(caller: Caller, segment: str, full: bool = False) -> dict[str, Any]:
        """Computes a segment's members now. `full=true` follows what happened first and then looks at everybody: who
        was `missing` and who was `extra` is told, and put right."""
        return asdict(await (api.check if full else api.compute)(caller, segment))

    @routes.get("/segments/{segment}/people")
    async def people(
        caller: Caller, segment: str, after: str = "", limit: int = 100, at: datetime | None = None
    ) -> dict[str, Any]:
        """By person id; `next` is the `after` of the next page, null at the end. `at` a past moment: who was in it
        then, by the rule as it was then."""
        limit = max(1, min(limit, 1000))
        found = await api.people(caller, segment, _after(after), limit, at)
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

    @routes.post("/segments/{segment}/csv")
    async def sheet(caller: Caller, segment: str, body: Sheet) -> dict[str, Any]:
        """Puts the people of a CSV file into a hand-made list, or takes them out. Tells by line who is unknown, who
        came twice, and what cannot be read."""
        return asdict(
            await api.list_sheet(
                caller, segment, body.csv, column=body.column, instead=body.instead, out=body.out, dry=body.dry
            )
        )

    @routes.get("/segments/{segment}/size")
    async def size(caller: Caller, segment: str, at: datetime) -> dict[str, Any]:
        """How many were in it at a past moment, by the rule as it was then."""
        return {"size": await api.size_at(caller, segment, at)}

    @routes.get("/segments/{segment}/rules")
    async def rules(caller: Caller, segment: str) -> dict[str, Any]:
        """Every rule it had, newest first."""
        found = await api.rules(caller, segment)
        words = await api.words(caller, [each.rule for each in found])
        return {
            "rules": [
                {"at": each.at, "by": each.by, "rule": as_json(each.rule), "words": said}
                for each, said in zip(found, words, strict=True)
            ]
        }

    @routes.get("/segments/{segment}/moves")
    async def moves(caller: Caller, segment: str, before: str = "", limit: int = 100, days: int = 28) -> dict[str, Any]:
        """Who entered and left, newest first, and how many on each day; `next` is the `before` of the next page."""
        limit = max(1, min(limit, 1000))
        found = await api.moves(caller, segment, before, limit)
        called = await api.called(caller, [one.person for one in found])
        by_day = [] if before else await api.days(caller, segment, max(1, min(days, 366)))
        return {
            "moves": [
                {"person": str(one.person), "entered": one.entered, "at": one.at, **called.get(one.person, {})}
                for one in found
            ],
            "days": [asdict(day) for day in by_day],
            "next": found[-1].place if len(found) == limit else None,
        }

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
        """One of the two lists: those to act on, or with `control=true` those to leave alone.

        By person id; `next` is the `after` of the next page, null at the end."""
        limit = max(1, min(limit, 1000))
        found = await api.handover_people(caller, handover, control=control, after=_after(after), limit=limit)
        called = await api.called(caller, found)
        return {
            "people": [{"person": str(one), **called.get(one, {})} for one in found],
            "next": str(found[-1]) if len(found) == limit else None,
        }

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
