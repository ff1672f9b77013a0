"""An answer to a question as tables, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# What stands beside an answer's numbers.
_BESIDE = ("question", "meta", "metric")

Shown = tuple[str, list[str], list[list[Any]]]
"""A title (may be empty), the columns, the rows."""


def tables_of(answer: dict[str, Any], title: str = "") -> Iterator[Shown]:
    """The tables of an answer; one without rows is among them, so that its emptiness can be told."""
    body = {name: value for name, value in answer.items() if name not in _BESIDE}
    if isinstance(body.get("columns"), list) and isinstance(body.get("rows"), list):
        yield title, body.pop("columns"), body.pop("rows")
    intervals = body.get("intervals")
    if isinstance(intervals, list):
        yield _by_interval(title, body)
    alone = {name: value for name, value in body.items() if not isinstance(value, dict | list)}
    if alone:
        yield title, list(alone), [list(alone.values())]
    for name, value in body.items():
        full = f"{title} {name}".strip()
        if isinstance(value, dict):
            yield from tables_of(value, full)
        elif name == "groups" and isinstance(value, list) and value:
            for group in value:
                inside = {key: one for key, one in group.items() if key != "value"}
                if isinstance(intervals, list):
                    inside["intervals"] = intervals
                yield from tables_of(inside, f"{title} {_named(group['value'])}".strip())
        elif isinstance(value, list):
            yield _listed(full, value)


def _by_interval(title: str, body: dict[str, Any]) -> Shown:
    """A row an interval and a column a series; takes what it shows out of the body."""
    intervals = body.pop("intervals")
    series: list[tuple[str, list[Any], Any]] = []
    for line in body.pop("series", []):
        name = f"{line['label']} {_named(line['value'])}" if "value" in line else line["label"]
        series.append((name, line["values"], line.get("total")))
        if "moving" in line:
            series.append((f"{name}, moving", line["moving"], None))
    totals = body.pop("total", {})
    for name in [name for name, value in body.items() if _fits(value, intervals)]:
        series.append((name, body.pop(name), totals.get(name)))
    rows = [[at, *(values[place] for _, values, _ in series)] for place, at in enumerate(intervals)]
    if any(total is not None for _, _, total in series):
        rows.append(["total", *(total for _, _, total in series)])
    return title, ["interval", *(name for name, _, _ in series)], rows if series else []


def _listed(title: str, values: list[Any]) -> Shown:
    if values and all(isinstance(value, dict) for value in values):
        columns = list(dict.fromkeys(name for value in values for name in value))
        return title, columns, [[value.get(name) for name in columns] for value in values]
    return title, [title], [[value] for value in values]


def _fits(value: Any, intervals: list[Any]) -> bool:
    return (
        isinstance(value, list) and len(value) == len(intervals)
        and not any(isinstance(one, dict | list) for one in value)
    )  # fmt: skip


def _named(value: Any) -> str:
    return "(none)" if value is None else str(value)
