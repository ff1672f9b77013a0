"""A metric of the catalogue as what one person did after their exposure; not every question can be asked so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from dure.experiments.design import Kind, Measure, unfolded
from dure.kernel.errors import Invalid

_MATHS: dict[str, Kind] = {
    "people": "conversion", "count": "count", "per_person": "count", "sum": "mean", "average": "ratio",
    "median": "quantile", "p90": "quantile",
}  # fmt: skip


def from_catalogue(measure: Measure, metric: Mapping[str, Any], field: str) -> Measure:
    """The measure with the metric's events, name and direction. Its own `window` stays: a person's time begins at
    their exposure, not at a calendar's."""
    question = metric["question"]
    kind, reading = question.get("kind"), metric.get("reading") or {}
    filters = [*question.get("where", ())]
    if kind == "trend":
        given = _trend(question["series"][reading.get("series", 0)], field)
    elif kind == "funnel":
        step = question["steps"][-1]
        given = {"kind": "conversion", "event": {"event": step["event"], "where": step.get("where", ())},
                 "window": question.get("window", "7d")}  # fmt: skip
    elif kind == "retention" and question.get("interval", "day") == "day":
        given = _retention(question, reading.get("column"), field)
    else:
        raise Invalid(
            f"A {kind} question is not about what single people do, so arms cannot be compared by it.",
            field=f"{field}.metric",
        )
    given["event"] = {**given["event"], "where": [*given["event"].get("where", ()), *filters]}
    kept = msgspec.to_builtins(measure)
    kept = {name: value for name, value in kept.items() if name not in ("metric", "event", "kind", "prop", "over")}
    made = {
        "name": {"ko": metric["name_ko"], "en": metric["name_en"]},
        "good": "down" if metric.get("direction") == "down" else "up", **given, **kept, "metric": "",
    }  # fmt: skip
    read: Measure = msgspec.convert(unfolded(made, field), Measure)
    return read


def _trend(series: Mapping[str, Any], field: str) -> dict[str, Any]:
    math = series.get("math", "count")
    if math not in _MATHS:
        raise Invalid(f"`{math}` of a trend is not what single people do.", field=f"{field}.metric")
    selector = {"event": series["event"], "where": list(series.get("where", ()))}
    given: dict[str, Any] = {"kind": _MATHS[math], "event": selector}
    if series.get("prop") and math not in ("people", "count", "per_person"):
        given["prop"] = series["prop"]
    if math == "average":
        given["over"] = {**selector, "where": [*selector["where"], {"prop": series["prop"], "op": "set"}]}
    if math in ("median", "p90"):
        given["share"] = 0.5 if math == "median" else 0.9
    return given


def _retention(question: Mapping[str, Any], column: int | None, field: str) -> dict[str, Any]:
    back = question.get("return") or {"event": "*"}
    if back["event"] == "*":
        raise Invalid("Its return is any event at all; name one.", field=f"{field}.metric")
    selector = {"event": back["event"], "where": list(back.get("where", ()))}
    measure, day = question.get("measure", "on"), column or 1
    if measure == "on":
        return {"kind": "retention", "event": selector, "day": day}
    if measure == "bracket":
        brackets = question.get("brackets", (1, 3, 7, 14))
        first = 1 if day == 1 else brackets[day - 2] + 1
        return {"kind": "conversion", "event": selector, "after": f"{first}d", "window": f"{brackets[day - 1] + 1}d"}
    raise Invalid("A return on or after a day never ends; name a day.", field=f"{field}.metric")
