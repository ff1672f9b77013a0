"""Measuring metrics: asks what each means over a range, formulas by their parts."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from dure.kernel.errors import Invalid, NotFound
from dure.kernel.filters import Filter
from dure.metrics import asking
from dure.metrics.catalogue import catalogue, figure, formula
from dure.metrics.catalogue.figure import Figure
from dure.metrics.model import Metric
from dure.metrics.period import Period, Ruler
from dure.metrics.question import AnyQuestion, MetricQuestion

Asker = Callable[[AnyQuestion], Awaitable[dict[str, Any]]]
_MOST_GROUPS = 200


class Measuring:
    """One look at the catalogue: `known` are its metrics, `ask` answers one question. What was asked is not asked
    again."""

    def __init__(self, known: Mapping[str, Metric], ask: Asker, now: datetime, zone: str) -> None:
        self.known = known
        self._ask = ask
        self.now = now
        self.zone = zone
        self._answers: dict[str, dict[str, Any]] = {}

    async def answer(self, metric: Metric, asked: MetricQuestion) -> dict[str, Any]:
        """The answer to what a metric means, over the range, filters and groups of `asked`."""
        if asked.breakdown is not None and not formula.breakable(metric, self.known):
            raise Invalid(f"{metric.id} cannot be broken down.", field="breakdown")
        if formula.is_formula(metric.question):
            return await self._formula(metric, asked)
        if metric.question["kind"] == "sql":
            asked = _within(asked, self._ruler(metric, asked).period)
        question = catalogue.asked(metric, asked)
        key = json.dumps(msgspec.to_builtins(question), sort_keys=True)
        if key not in self._answers:
            self._answers[key] = await self._ask(question)
        return self._answers[key]

    async def standing(
        self, metric: Metric, from_: str | None, to: str | None, where: tuple[Filter, ...] = ()
    ) -> dict[str, Any]:
        """`{value, previous, change, good, target_met, line, intervals, values, complete, question, meta}`: a range
        beside the one before. `values` has one an interval, of which the first `complete` are over."""
        asked = MetricQuestion(metric=metric.id, from_=from_, to=to, where=where)
        ruler = self._ruler(metric, asked)
        over = catalogue.complete(ruler, self.now)
        answer = await self.answer(metric, asked)
        if metric.reading.at == "last" and over > 1:
            previous = figure.number(metric, answer, over - 1)
        else:
            previous = await self._number(metric, _within(asked, _before(ruler.period)))
        return {
            **catalogue.standing(metric, figure.number(metric, answer, over), previous),
            "line": figure.line(metric, answer, over),
            "intervals": figure.starts(answer),
            "values": list(figure.whole(metric, answer).values),
            "complete": over,
            "question": answer["question"],
            "meta": answer["meta"],
        }

    async def number(
        self, metric: Metric, from_: str | None, to: str | None, timezone: str | None = None
    ) -> float | None:
        """The metric's number over a range."""
        return await self._number(metric, MetricQuestion(metric=metric.id, from_=from_, to=to, timezone=timezone))

    async def series(self, metric: Metric, asked: MetricQuestion) -> dict[str, float | None]:
        """The metric's numbers by the beginnings of the intervals that are over; empty where it has none."""
        over = catalogue.complete(self._ruler(metric, asked), self.now)
        answer = await self.answer(metric, asked)
        starts = figure.starts(answer)
        return dict(list(zip(starts, figure.whole(metric, answer).values, strict=False))[:over])

    def grain(self, metric: Metric) -> Literal["day", "week"] | None:
        """The shortest interval that the metric has a value for: its own where another would be another number."""
        question = metric.question
        if formula.is_formula(question):
            grains = {self.grain(self._metric(part)) for part in formula.read(question).parts}
            return None if None in grains else "week" if "week" in grains else "day"
        if question["kind"] not in ("retention", "lifetime_value"):
            return None if question["kind"] in ("stickiness", "sql") else "day"
        fixed = question.get("interval", "day" if question["kind"] == "retention" else "month")
        return fixed if fixed in ("day", "week") else None

    def number_of(self, metric: Metric, asked: MetricQuestion, answer: Mapping[str, Any]) -> float | None:
        """The metric's number in an answer that was given; None where it was broken down."""
        if asked.breakdown is not None:
            return None
        return figure.number(metric, answer, catalogue.complete(self._ruler(metric, asked), self.now))

    async def _number(self, metric: Metric, asked: MetricQuestion) -> float | None:
        return self.number_of(metric, asked, await self.answer(metric, asked))

    async def _formula(self, metric: Metric, asked: MetricQuestion) -> dict[str, Any]:
        meant = formula.read(metric.question)
        parts = [self._metric(part) for part in meant.parts]
        interval = asked.interval or meant.interval
        ruler = self._ruler(metric, asked)
        inner = msgspec.structs.replace(_within(asked, ruler.period), interval=interval, compare=None)
        lines, meta = await self._lines(meant, parts, inner, ruler)
        body: dict[str, Any] = {"intervals": ruler.labels(), "series": lines}
        if asked.compare == "previous":
            earlier = _within(inner, _before(ruler.period))
            before = self._ruler(metric, earlier)
            body["previous"] = {
                "intervals": before.labels(),
                "series": (await self._lines(meant, parts, earlier, before))[0],
            }
        question = {
            "kind": "formula", "formula": meant.formula, "metrics": meant.metrics, "interval": interval,
            "from": inner.from_, "to": inner.to, "timezone": ruler.period.zone.key, "segment": asked.segment,
            "where": msgspec.to_builtins(asked.where), "breakdown": msgspec.to_builtins(asked.breakdown),
            "compare": asked.compare, "by": asked.by,
        }  # fmt: skip
        return {**body, "question": question, "meta": meta}

    async def _lines(
        self, meant: formula.Formula, parts: Sequence[Metric], asked: MetricQuestion, ruler: Ruler
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The formula's line, or one for each group, the largest of the first part first."""
        compute, over, limit = meant.compute(), catalogue.complete(ruler, self.now), None
        if asked.breakdown is not None:
            limit = asked.breakdown.limit
            wide = msgspec.structs.replace(asked.breakdown, limit=_MOST_GROUPS)
            asked = msgspec.structs.replace(asked, breakdown=wide)
        answers = [await self.answer(part, msgspec.structs.replace(asked, metric=part.id)) for part in parts]
        meta = _together(meant, parts, answers)
        if asked.breakdown is None:
            found = [_aligned(figure.whole(part, one), one, ruler) for part, one in zip(parts, answers, strict=True)]
            return [_shown(meant, self._combined(compute, parts, found, over), ruler)], meta
        return self._groups(meant, parts, answers, ruler, over)[:limit], meta

    def _groups(
        self, meant: formula.Formula, parts: Sequence[Metric], answers: Sequence[dict[str, Any]], ruler: Ruler,
        over: int,
    ) -> list[dict[str, Any]]:  # fmt: skip
        compute, groups = meant.compute(), []
        for part, answer in zip(parts, answers, strict=True):
            found = figure.by_group(part, answer)
            groups.append({value: _aligned(one, answer, ruler) for value, one in found.items()})
        lines = []
        for value in dict.fromkeys(value for found in groups for value in found):
            figures = [
                found.get(value) or formula.absent(part, ruler.count, cut_off=len(found) >= _MOST_GROUPS)
                for part, found in zip(parts, groups, strict=True)
            ]
            lines.append({**_shown(meant, self._combined(compute, parts, figures, over), ruler), "value": value})
        return lines

    def _combined(
        self, compute: formula.Compute, parts: Sequence[Metric], figures: Sequence[Figure], over: int
    ) -> Figure:
        numbers = [figure.chosen(part, one, over) for part, one in zip(parts, figures, strict=True)]
        return formula.combined(compute, figures, numbers)

    def _ruler(self, metric: Metric, asked: MetricQuestion) -> Ruler:
        """The intervals of a metric over a range."""
        if formula.is_formula(metric.question):
            interval = asked.interval or formula.read(metric.question).interval
            return asking.ruler_for(msgspec.structs.replace(asked, interval=interval), self.now, self.zone)
        if metric.question["kind"] == "sql":
            return asking.ruler_for(asked, self.now, self.zone)
        return asking.ruler_for(catalogue.asked(metric, asked), self.now, self.zone)

    def _metric(self, id: str) -> Metric:
        if id not in self.known:
            raise NotFound(f"There is no metric {id!r}.")
        return self.known[id]


def _before(period: Period) -> Period:
    return Period(period.start - (period.end - period.start), period.start, period.zone)


def _within(asked: MetricQuestion, period: Period) -> MetricQuestion:
    """The same over a range that is spelt out, its last instant included."""
    last = period.end - timedelta(microseconds=1)
    return msgspec.structs.replace(asked, from_=period.start.isoformat(), to=last.isoformat(), timezone=period.zone.key)


def _aligned(found: Figure, answer: Mapping[str, Any], ruler: Ruler) -> Figure:
    """A figure whose values stand at the formula's own intervals."""
    at = dict(zip(figure.starts(answer), found.values, strict=False))
    return Figure(found.number, tuple(at.get(label) for label in ruler.labels()) if found.values else ())


def _shown(meant: formula.Formula, found: Figure, ruler: Ruler) -> dict[str, Any]:
    values = list(found.values) or [None] * ruler.count
    return {"label": meant.formula, "values": values, "total": found.number}


def _together(meant: formula.Formula, parts: Sequence[Metric], answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What all parts cost and how each was counted."""
    said = [f"{meant.formula}; where it divides by nothing there is no value."]
    for letter, part, answer in zip(sorted(meant.metrics), parts, answers, strict=True):
        said += [f"{letter}, {part.name_en}: {sentence}" for sentence in answer["meta"]["definitions"]]
    return {
        "definitions": said,
        "elapsed_ms": round(sum(one["meta"]["elapsed_ms"] for one in answers), 1),
        "rows_read": sum(one["meta"]["rows_read"] for one in answers),
        "as_of": min(one["meta"]["as_of"] for one in answers),
        "cached": all(one["meta"]["cached"] for one in answers),
        "warnings": list(dict.fromkeys(text for one in answers for text in one["meta"]["warnings"])),
    }
