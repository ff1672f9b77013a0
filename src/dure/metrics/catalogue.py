"""What a metric's answer means: the one number, its line over time, and how it stands against its target."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.metrics.model import Metric, NewMetric
from dure.metrics.period import Period, Ruler
from dure.metrics.question import AnyQuestion, Funnel, MetricQuestion, Retention, Trend, parse


def check(new: NewMetric) -> None:
    """Refuses a definition that has no number to read."""
    if not new.name_ko.strip() or not new.name_en.strip():
        raise Invalid("A metric has a Korean and an English name.", field="name_ko")
    question = parse(new.question)
    match question:
        case Trend():
            lines = 1 if question.formula else len(question.series)
            if not 0 <= new.reading.series < lines:
                raise Invalid("The trend has no such series.", field="reading.series")
        case Funnel():
            if new.reading.step is not None and not 0 <= new.reading.step < len(question.steps):
                raise Invalid("The funnel has no such step.", field="reading.step")
        case Retention():
            if new.reading.column is not None and new.reading.column < 1:
                raise Invalid("A retention's first column after the cohort is 1.", field="reading.column")
        case _:
            raise Invalid("A metric is a trend, a funnel or a retention.", field="question.kind")
    if getattr(question, "breakdown", None) is not None:
        raise Invalid("A metric is one number; break it down when asking it.", field="question.breakdown")


def asked(metric: Metric, question: MetricQuestion) -> AnyQuestion:
    """The metric's own question, over the range and group that was asked for."""
    raw: dict[str, Any] = dict(metric.question)
    for name, value in (("from", question.from_), ("to", question.to), ("timezone", question.timezone),
                        ("segment", question.segment), ("interval", question.interval)):  # fmt: skip
        if value is not None:
            raw[name] = value
    if question.where:
        raw["where"] = [*raw.get("where", []), *msgspec.to_builtins(question.where)]
    if question.breakdown is not None:
        raw["breakdown"] = msgspec.to_builtins(question.breakdown)
    if question.compare is not None and raw["kind"] == "trend":
        raw["compare"] = question.compare
    if raw["kind"] == "funnel":
        raw.pop("interval", None)
    return parse(raw)


def number(metric: Metric, answer: Mapping[str, Any], complete: int | None = None) -> float | None:
    """The metric's number in an answer to its question; `complete` is how many of its intervals are over."""
    match answer["question"]["kind"]:
        case "trend":
            series = answer["series"]
            if metric.reading.series >= len(series):
                return None
            found = series[metric.reading.series]
            if metric.reading.at == "range":
                return found["total"]  # type: ignore[no-any-return]
            values = found["values"][:complete]
            return values[-1] if values else None
        case "funnel":
            step = metric.reading.step if metric.reading.step is not None else -1
            share: float | None = answer["steps"][step]["from_start"]
            return share
        case _:
            pooled, column = answer["pooled"], metric.reading.column
            column = len(pooled) - 1 if column is None else column
            return pooled[column] if column < len(pooled) else None


def line(metric: Metric, answer: Mapping[str, Any], complete: int | None = None) -> list[float | None]:
    """The number over time, for a small line: a trend's values, a retention's cohorts; a funnel has none."""
    match answer["question"]["kind"]:
        case "trend":
            series = answer["series"]
            values = series[metric.reading.series]["values"] if metric.reading.series < len(series) else []
            # The interval that is still running would look like a fall.
            return list(values[:complete]) if metric.reading.at == "last" else list(values)
        case "retention":
            column = metric.reading.column or 1
            return [
                cohort["counts"][column] / cohort["size"]
                for cohort in answer["cohorts"]
                if cohort["size"] and column < len(cohort["counts"]) and cohort["complete"][column]
            ]
        case _:
            return []


def standing(metric: Metric, value: float | None, previous: float | None) -> dict[str, Any]:
    """Change against before, and whether the target is met; None where there is nothing to compare."""
    # A share of something on the other side of zero says nothing.
    change = (value - previous) / abs(previous) if value is not None and previous and value * previous >= 0 else None
    met = None
    if value is not None and metric.target is not None:
        met = value >= metric.target if metric.direction == "up" else value <= metric.target
    good = None if change in (None, 0) else (change > 0) == (metric.direction == "up")
    return {"value": value, "previous": previous, "change": change, "good": good, "target_met": met}


def before(metric: Metric, period: Period, where: tuple[Filter, ...] = ()) -> AnyQuestion:
    """The metric's question over the same length of time right before a range."""
    start = period.start - (period.end - period.start)
    last = period.start - timedelta(microseconds=1)
    return asked(metric, MetricQuestion(metric=metric.id, from_=start.isoformat(), to=last.isoformat(), where=where))


def complete(ruler: Ruler, now: datetime) -> int:
    """How many intervals are over and lie wholly within the range."""
    over = min(now, ruler.period.end)
    return sum(ruler.starts_at(index + 1) <= over for index in range(ruler.count))


def slug(name: str) -> str:
    """An id out of a name: `Day-7 retention` is `day-7-retention`."""
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    if not made:
        raise Invalid("The English name needs a letter or a digit.", field="name_en")
    return made
