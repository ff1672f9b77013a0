"""The one number of a metric in the answer to its question: whole, by interval, and by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dure.kernel.errors import Invalid
from dure.metrics.model import Metric, Reading

Answer = Mapping[str, Any]
Numbers = tuple[float | None, ...]
KINDS = (
    "trend", "formula", "funnel", "retention", "lifecycle", "stickiness", "sessions", "lifetime_value", "sql",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """`number` is over the whole range; `values` has one an interval of the answer, empty where there are none."""

    number: float | None
    values: Numbers = ()


def whole(metric: Metric, answer: Answer) -> Figure:
    """The figure of everybody together."""
    reading = metric.reading
    match answer["question"]["kind"]:
        case "trend":
            return _trend(reading, answer)
        case "formula":
            return _formula(answer)
        case "funnel":
            return _funnel(reading, answer)
        case "retention":
            return _retention(reading, answer)
        case "lifecycle":
            return _lifecycle(reading, answer)
        case "stickiness":
            return _stickiness(reading, answer)
        case "sessions":
            return _sessions(reading, answer)
        case "lifetime_value":
            return _lifetime_value(reading, answer)
        case "sql":
            return _sql(answer)
        case kind:
            raise Invalid(f"No number is read from a {kind}.", field="question.kind")


def by_group(metric: Metric, answer: Answer) -> dict[str | None, Figure]:
    """The figure of each group of a question that was broken down; None is the group without a value."""
    question = answer["question"]
    if question["kind"] in ("trend", "formula"):
        label = _label(metric, answer)
        lines = [line for line in answer["series"] if label is None or line["label"] == label]
        return {line["value"]: Figure(line["total"], tuple(line["values"])) for line in lines}
    return {group["value"]: whole(metric, {**group, "question": question}) for group in answer.get("groups", [])}


def starts(answer: Answer) -> list[str]:
    """The beginnings of the intervals that a figure's values belong to."""
    if "cohorts" in answer:
        return [cohort["start"] for cohort in answer["cohorts"]]
    if "trend" in answer:
        return list(answer["trend"]["intervals"])
    return list(answer.get("intervals", []))


def number(metric: Metric, answer: Answer, complete: int | None = None) -> float | None:
    """The metric's number in an answer; `complete` is how many of the answer's intervals are over."""
    return chosen(metric, whole(metric, answer), complete)


def chosen(metric: Metric, figure: Figure, complete: int | None = None) -> float | None:
    """The number that the metric reads of a figure: of the whole range, or of the last interval that is over."""
    if metric.reading.at == "range" or not figure.values:
        return figure.number if metric.reading.at == "range" else None
    over = figure.values[:complete]
    return over[-1] if over else None


def line(metric: Metric, answer: Answer, complete: int | None = None) -> list[float | None]:
    """The number over time, for a small line; empty where the question has no intervals."""
    values = list(whole(metric, answer).values)
    if answer["question"]["kind"] in ("retention", "lifetime_value"):
        # A cohort that is too young, or has nobody, would be a hole.
        return [value for value in values if value is not None]
    # The interval that is still running would look like a fall.
    return values[:complete] if metric.reading.at == "last" else values


def _trend(reading: Reading, answer: Answer) -> Figure:
    series: Sequence[Any] = answer["series"]
    if reading.series >= len(series):
        return Figure(None)
    found = series[reading.series]
    return Figure(found["total"], tuple(found["values"]))


def _formula(answer: Answer) -> Figure:
    found = answer["series"][0]
    return Figure(found["total"], tuple(found["values"]))


def _funnel(reading: Reading, answer: Answer) -> Figure:
    step = reading.step if reading.step is not None else len(answer["steps"]) - 1
    found = answer["steps"][step]
    if reading.field == "seconds":
        return Figure(found["median_seconds"])
    # By interval there is only the rate of the whole funnel.
    over_time = answer.get("trend") if step == len(answer["steps"]) - 1 else None
    if not over_time:
        return Figure(found["from_start"])
    # An attempt whose window is still open may yet convert.
    rates = zip(over_time["rate"], over_time["complete"], strict=True)
    return Figure(found["from_start"], tuple(rate if complete else None for rate, complete in rates))


def _retention(reading: Reading, answer: Answer) -> Figure:
    pooled, column = answer["pooled"], reading.column
    column = len(pooled) - 1 if column is None else column
    rates = tuple(
        cohort["counts"][column] / cohort["size"]
        if cohort["size"] and column < len(cohort["counts"]) and cohort["complete"][column]
        else None
        for cohort in answer["cohorts"]
    )
    return Figure(pooled[column] if 0 <= column < len(pooled) else None, rates)


def _lifecycle(reading: Reading, answer: Answer) -> Figure:
    values = tuple(answer[reading.field])
    return Figure(sum(values), values)


def _stickiness(reading: Reading, answer: Answer) -> Figure:
    bars = answer["bars"]
    people = sum(bar["people"] for bar in bars)
    if not people:
        return Figure(None)
    least = reading.column
    if least is None:
        return Figure(sum(bar["intervals"] * bar["people"] for bar in bars) / people)
    return Figure(sum(bar["people"] for bar in bars if bar["intervals"] >= least) / people)


def _sessions(reading: Reading, answer: Answer) -> Figure:
    return Figure(answer["total"][reading.field], tuple(answer[reading.field]))


def _lifetime_value(reading: Reading, answer: Answer) -> Figure:
    field, column = reading.field, reading.column
    if field == "repurchase":
        return Figure(answer["repurchase"]["rate"])
    if field != "value":
        return Figure(answer["total"][field])
    pooled = answer["pooled"]
    column = len(pooled) - 1 if column is None else column
    values = tuple(
        cohort["value"][column] if column < len(cohort["value"]) and cohort["complete"][column] else None
        for cohort in answer["cohorts"]
    )
    return Figure(pooled[column] if 0 <= column < len(pooled) else None, values)


def _sql(answer: Answer) -> Figure:
    rows = answer["rows"]
    if len(rows) != 1 or len(rows[0]) != 1:
        raise Invalid("A metric in SQL answers one row with one number.", field="question.sql")
    found = rows[0][0]
    if found is None:
        return Figure(None)
    try:
        return Figure(float(found))
    except (TypeError, ValueError) as error:
        raise Invalid("A metric in SQL answers a number.", field="question.sql") from error


def _label(metric: Metric, answer: Answer) -> str | None:
    """What the metric's own line is called where a trend of several series is broken down."""
    question = answer["question"]
    labels = list(dict.fromkeys(line["label"] for line in answer["series"]))
    if question["kind"] != "trend" or question["formula"] is not None or metric.reading.series >= len(labels):
        return None
    return str(labels[metric.reading.series])
