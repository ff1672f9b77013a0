"""The catalogue's rules: which definitions are a number, what they ask, and how a number stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from dure.kernel.errors import Invalid
from dure.metrics.catalogue import figure, formula
from dure.metrics.kinds.lifecycle import STATES
from dure.metrics.model import Metric, NewMetric, Reading
from dure.metrics.period import Ruler
from dure.metrics.question import (
    AnyQuestion,
    Funnel,
    Lifecycle,
    LifetimeValue,
    MetricQuestion,
    Retention,
    Sessions,
    Sql,
    Stickiness,
    Trend,
    parse,
)

# Whose intervals only say how the number is drawn. A retention by the week would be another number than by the day.
_DRAWN_BY_INTERVAL = ("trend", "lifecycle", "sessions")
_OF_SESSIONS = (
    "sessions", "people", "average_seconds", "median_seconds", "events_per_session", "single_event_rate",
)  # fmt: skip
_OF_LIFETIME_VALUE = ("value", "revenue", "buyers", "average_order", "per_buyer", "repurchase")


def check(new: NewMetric, id: str, known: Mapping[str, Metric]) -> None:
    """Refuses a definition that has no number to read; `known` is the catalogue that it comes into."""
    for field in ("name_ko", "name_en"):
        if not getattr(new, field).strip():
            raise Invalid("A metric has a Korean and an English name.", field=field)
    for index, tag in enumerate(new.tags):
        if not tag.strip() or len(tag) > 40:
            raise Invalid("A tag has from 1 to 40 characters.", field=f"tags[{index}]")
    if formula.is_formula(new.question):
        formula.check(id, new.question, known)
        return
    question = parse(new.question)
    if getattr(question, "breakdown", None) is not None:
        raise Invalid("A metric is one number; break it down when asking it.", field="question.breakdown")
    _check_reading(question, new.reading)


def _check_reading(question: AnyQuestion, reading: Reading) -> None:
    column, field = reading.column, reading.field
    match question:
        case Trend():
            lines = 1 if question.formula else len(question.series)
            if not 0 <= reading.series < lines:
                raise Invalid("The trend has no such series.", field="reading.series")
        case Funnel():
            if reading.step is not None and not 0 <= reading.step < len(question.steps):
                raise Invalid("The funnel has no such step.", field="reading.step")
            _one_of(field, ("", "rate", "seconds"))
        case Retention():
            if column is not None and column < 1:
                raise Invalid("A retention's first column after the cohort is 1.", field="reading.column")
        case Lifecycle():
            _one_of(field, STATES)
        case Stickiness():
            if column is not None and column < 1:
                raise Invalid("Nobody is active in fewer intervals than 1.", field="reading.column")
        case Sessions():
            _one_of(field, _OF_SESSIONS)
        case LifetimeValue():
            _one_of(field, _OF_LIFETIME_VALUE)
            if column is not None and not 0 <= column < question.intervals:
                raise Invalid("The question has no such interval.", field="reading.column")
        case Sql():
            if reading.at == "last":
                raise Invalid("A number in SQL has no intervals.", field="reading.at")
        case _:
            raise Invalid(f"A metric is one of {', '.join(figure.KINDS)}.", field="question.kind")


def _one_of(value: str, names: Sequence[str]) -> None:
    if value not in names:
        raise Invalid(f"Read one of {', '.join(name for name in names if name)}.", field="reading.field")


def asked(metric: Metric, question: MetricQuestion) -> AnyQuestion:
    """The metric's own question, over the range and group that was asked for. A formula has none of its own."""
    raw: dict[str, Any] = dict(metric.question)
    kind = raw["kind"]
    for name, value in (("from", question.from_), ("to", question.to), ("timezone", question.timezone),
                        ("segment", question.segment)):  # fmt: skip
        if value is not None:
            raw[name] = value
    if question.where:
        raw["where"] = [*raw.get("where", []), *msgspec.to_builtins(question.where)]
    if question.breakdown is not None:
        raw["breakdown"] = msgspec.to_builtins(question.breakdown)
    if question.compare is not None and kind == "trend":
        raw["compare"] = question.compare
    if question.interval is not None and kind in _DRAWN_BY_INTERVAL:
        raw["interval"] = question.interval
    if kind == "funnel":
        raw["trend"] = {"interval": question.interval or "day"}
    if kind == "sql":
        raw = _in_range(raw, question)
    return parse(raw)


def _in_range(raw: dict[str, Any], question: MetricQuestion) -> dict[str, Any]:
    """`{from}` and `{to}` in a statement, the instants of the range (`to` is not in it any more)."""
    if question.where or question.segment or question.breakdown:
        raise Invalid("A metric in SQL takes no filters and no groups.", field="where")
    sql = str(raw["sql"])
    if question.from_ and question.to:
        start = datetime.fromisoformat(question.from_)
        end = datetime.fromisoformat(question.to) + timedelta(microseconds=1)
        for name, at in (("{from}", start), ("{to}", end)):
            sql = sql.replace(name, f"toDateTime64('{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}', 6, 'UTC')")
    return {**raw, "sql": sql}


def standing(metric: Metric, value: float | None, previous: float | None) -> dict[str, Any]:
    """Change against before, and whether the target is met; None where there is nothing to compare."""
    # A share of something on the other side of zero says nothing.
    change = (value - previous) / abs(previous) if value is not None and previous and value * previous >= 0 else None
    met = None
    if value is not None and metric.target is not None:
        met = value >= metric.target if metric.direction == "up" else value <= metric.target
    good = None if change in (None, 0) else (change > 0) == (metric.direction == "up")
    return {"value": value, "previous": previous, "change": change, "good": good, "target_met": met}


def complete(ruler: Ruler, now: datetime) -> int:
    """How many intervals are over and lie wholly within the range."""
    over = min(now, ruler.period.end)
    return sum(ruler.starts_at(index + 1) <= over for index in range(ruler.count))


def id_of(given: str | None, name_en: str) -> str:
    """The id that was given, or one made of the English name: `Day-7 retention` is `day-7-retention`."""
    if given is not None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", given):
            raise Invalid("An id has up to 60 letters, digits, `-` and `_`.", field="id")
        return given
    made = re.sub(r"[^a-z0-9]+", "-", name_en.lower()).strip("-")[:60]
    if not made:
        raise Invalid("The English name needs a letter or a digit.", field="name_en")
    return made


def matches(metric: Metric, text: str) -> bool:
    """Whether a search means this metric: every word is in its names, its description, its tags or its events."""
    events = re.findall(r'"event": ?"([^"]*)"', json.dumps(metric.question, ensure_ascii=False))
    about = (metric.id, metric.name_ko, metric.name_en, metric.about_ko, metric.about_en, *metric.tags, *events)
    whole = " ".join(about).lower()
    return all(word in whole for word in text.lower().split())


# What a number is; a change of anything else (its words, its owner, its tags) leaves it the same number.
_MEANING = ("question", "reading", "unit", "currency", "direction", "target")


def same_meaning(one: Metric, other: Metric) -> bool:
    """Whether both count the same, so that a verification of one holds for the other."""
    return all(getattr(one, name) == getattr(other, name) for name in _MEANING)
