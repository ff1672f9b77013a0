"""An answer of any kind as one number, plain rows, a sentence in each language, and what a drawing of it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from dure.metrics.boards.written import written
from dure.metrics.model import Unit

Json = Mapping[str, Any]
MOST_ROWS = 1000
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a drawing, or one row of bars; None is a gap."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Told:
    """`value` is the number that the question is about, None where it has none. `labels` name the points of `lines`;
    bars have one line, and a label each."""

    value: float | None
    rows: list[dict[str, Any]]
    ko: str
    en: str
    shape: Literal["lines", "bars", "none"] = "none"
    labels: Sequence[str] = ()
    lines: Sequence[Line] = field(default=())
    percent: bool = False


def told(answer: Json) -> Told:
    """Reads an answer by what it holds; a kind that is not known here gives its first list as rows."""
    if "series" in answer:
        return _trend(answer)
    if "steps" in answer or ("groups" in answer and answer["groups"] and "steps" in answer["groups"][0]):
        return _funnel(answer)
    if "cohorts" in answer:
        return _retention(answer)
    if "dormant" in answer:
        return _lifecycle(answer)
    if "bars" in answer:
        return _bars(answer["bars"], "intervals", "people", None)
    if "edges" in answer:
        named = [{**edge, "edge": f"{edge['from']} → {edge['to']}"} for edge in answer["edges"]]
        return _bars(named, "edge", "count", answer.get("paths"))
    if "columns" in answer:
        return _sql(answer)
    if "conversions" in answer:
        return _bars(answer["rows"], "value", "credit", answer["conversions"])
    rows = next((value for value in answer.values() if isinstance(value, list) and _are_rows(value)), [])
    return Told(None, [dict(row) for row in rows[:MOST_ROWS]], _counted(len(rows), "ko"), _counted(len(rows), "en"))


def _trend(answer: Json) -> Told:
    series, intervals = answer["series"], [str(one) for one in answer["intervals"]]
    grouped = any("value" in one for one in series)
    several = len({one["label"] for one in series}) > 1
    lines = [Line(_name(one, grouped, several), one["values"]) for one in series]
    if grouped:
        rows: list[dict[str, Any]] = [{"group": line.name, "total": one["total"]}
                                      for line, one in zip(lines, series, strict=True)]  # fmt: skip
    else:
        rows = [{"at": at, **{line.name: line.values[place] for line in lines}} for place, at in enumerate(intervals)]
    metric = answer.get("metric")
    value = metric["value"] if metric else series[0]["total"] if series else None
    unit: Unit = metric["unit"] if metric else "count"

    def said(language: str) -> str:
        if metric:
            named = metric[f"name_{language}"]
            return f"{named} {written(value, unit, language, metric['currency'] or 'KRW')}"
        return " · ".join(
            f"{line.name} {written(one['total'])}"
            for line, one in zip(lines[:_MOST_NAMED], series[:_MOST_NAMED], strict=True)
        )

    return Told(value, rows[:MOST_ROWS], said("ko"), said("en"), "lines", intervals, lines, unit == "percent")


def _name(one: Json, grouped: bool, several: bool) -> str:
    group = str(one.get("value") if one.get("value") is not None else "–")
    if not grouped:
        return str(one["label"])
    return f"{one['label']}, {group}" if several else group


def _funnel(answer: Json) -> Told:
    groups = answer.get("groups") or []
    steps = answer.get("steps") or (groups[0]["steps"] if groups else [])
    if groups:
        rows = [{"group": group["value"], **step} for group in groups for step in group["steps"]]
    else:
        rows = [dict(step) for step in steps]
    value = steps[-1]["from_start"] if steps else None
    reached = f"{written(steps[0]['count'])} → {written(steps[-1]['count'])}" if steps else ""
    said = f"{steps[0]['event']} → {steps[-1]['event']} {written(value, 'percent')} ({reached})" if steps else ""
    lines = [Line("", [step["count"] for step in steps])]
    return Told(value, rows[:MOST_ROWS], said, said, "bars", [str(step["event"]) for step in steps], lines)


def _retention(answer: Json) -> Told:
    pooled = answer["pooled"]
    rows = [
        {"start": cohort["start"], "size": cohort["size"], **{str(at): n for at, n in enumerate(cohort["counts"])}}
        for cohort in answer["cohorts"]
    ]
    value = next((rate for rate in pooled[1:] if rate is not None), None)
    text = " · ".join(f"{at}: {written(rate, 'percent')}" for at, rate in enumerate(pooled) if at and rate is not None)
    labels = [str(at) for at in range(len(pooled))]
    return Told(
        value, rows[:MOST_ROWS], f"리텐션 {text}", f"Retention {text}", "lines", labels, [Line("", pooled)], True
    )


def _lifecycle(answer: Json) -> Told:
    names = ("new", "returning", "resurrecting", "dormant")
    intervals = [str(one) for one in answer["intervals"]]
    rows = [{"at": at, **{name: answer[name][place] for name in names}} for place, at in enumerate(intervals)]
    last = rows[-1] if rows else dict.fromkeys(names, 0)
    value = sum(last[name] for name in names[:3]) if rows else None
    korean = {"new": "새로", "returning": "계속", "resurrecting": "돌아옴", "dormant": "떠남"}
    ko = " · ".join(f"{korean[name]} {last[name]:,}" for name in names)
    en = " · ".join(f"{name} {last[name]:,}" for name in names)
    lines = [Line(name, answer[name]) for name in names]
    return Told(value, rows[:MOST_ROWS], ko, en, "lines", intervals, lines)


def _bars(rows: Sequence[Json], label: str, number: str, value: float | None) -> Told:
    """Rows of which each has a label and a number; the whole is `value`, or their sum."""
    kept = [dict(row) for row in rows[:MOST_ROWS]]
    named = [str(row[label]) if row[label] is not None else "–" for row in kept]
    whole = value if value is not None else sum(row[number] for row in kept)
    said = " · ".join(
        f"{name} {written(row[number])}" for name, row in list(zip(named, kept, strict=True))[:_MOST_NAMED]
    )
    return Told(whole, kept, said, said, "bars", named[:12], [Line("", [row[number] for row in kept[:12]])])


def _sql(answer: Json) -> Told:
    columns = [str(one["name"] if isinstance(one, Mapping) else one) for one in answer["columns"]]
    rows = [
        dict(row) if isinstance(row, Mapping) else dict(zip(columns, row, strict=True))
        for row in answer["rows"][:MOST_ROWS]
    ]
    numbers = [name for name in columns if rows and all(_is_number(row[name]) for row in rows)]
    value = rows[0][numbers[0]] if numbers and len(rows) == 1 else None
    ko, en = (written(value), written(value)) if value is not None else (_counted(len(rows), "ko"),
                                                                         _counted(len(rows), "en"))  # fmt: skip
    if len(columns) < 2 or not numbers or numbers[0] == columns[0] or len(rows) < 2:
        return Told(value, rows, ko, en)
    shown = rows[:12]
    return Told(value, rows, ko, en, "bars", [str(row[columns[0]]) for row in shown],
                [Line(numbers[0], [row[numbers[0]] for row in shown])])  # fmt: skip


def _are_rows(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(one, Mapping) for one in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _counted(rows: int, language: str) -> str:
    return f"{rows:,}줄" if language == "ko" else f"{rows:,} row{'' if rows == 1 else 's'}"
