"""Formulas over metrics: `{"kind": "formula", "formula": "A/B", "metrics": {"A": "spend", "B": "sign-ups"}}`.

A formula is a question of the catalogue only. Its parts are asked over the same range and intervals, and its answer
looks like a trend's with one line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from dure.kernel.errors import Invalid
from dure.metrics import body
from dure.metrics.catalogue.figure import Figure
from dure.metrics.kinds.trend import compile_formula
from dure.metrics.model import Metric
from dure.metrics.question import Interval

DEEPEST = 6
_LETTERS = "ABCDEFGHIJ"
Compute = Callable[[Sequence[float | None]], float | None]
# Kinds whose answers come in groups.
_IN_GROUPS = ("trend", "funnel", "retention", "sessions", "lifetime_value")
# Of these maths a group that is not there counted nothing.
_EMPTY_IS_ZERO = ("count", "people", "sum")


class Formula(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="formula", kw_only=True):
    """`metrics` gives each letter its metric; letters run from A without a gap."""

    formula: str
    metrics: dict[str, str]
    interval: Interval = "day"

    @property
    def parts(self) -> list[str]:
        """The metrics by their letters."""
        return [self.metrics[letter] for letter in sorted(self.metrics)]

    def compute(self) -> Compute:
        return compile_formula(self.formula, len(self.metrics))


def is_formula(question: Mapping[str, Any]) -> bool:
    return question.get("kind") == "formula"


def read(question: Mapping[str, Any]) -> Formula:
    """Raises Invalid that names the field."""
    found = body.read(dict(question), Formula, "question")
    if not found.metrics or "".join(sorted(found.metrics)) != _LETTERS[: len(found.metrics)]:
        raise Invalid("A formula's metrics have the letters from A on.", field="question.metrics")
    try:
        found.compute()
    except Invalid as error:
        raise Invalid(error.message, field="question.formula") from error
    return found


def check(metric_id: str, question: Mapping[str, Any], known: Mapping[str, Metric]) -> None:
    """Refuses a formula that names what is not there, that comes back to itself, or that is nested too deeply."""

    def descend(id: str, found: Mapping[str, Any], path: tuple[str, ...]) -> None:
        if id in path:
            raise Invalid(f"The formula comes back to itself: {' → '.join((*path, id))}.", field="question.metrics")
        if len(path) >= DEEPEST:
            raise Invalid(f"Formulas are nested at most {DEEPEST} deep.", field="question.metrics")
        if not is_formula(found):
            return
        for part in read(found).parts:
            if part == metric_id:
                descend(part, {}, (*path, id))
            if part not in known:
                raise Invalid(f"There is no metric {part!r}.", field="question.metrics")
            descend(part, known[part].question, (*path, id))

    descend(metric_id, question, ())


def breakable(metric: Metric, known: Mapping[str, Metric]) -> bool:
    """Whether the metric can be broken down: a formula where all its parts can."""
    if is_formula(metric.question):
        return all(part in known and breakable(known[part], known) for part in read(metric.question).parts)
    return metric.question["kind"] in _IN_GROUPS


def combined(compute: Compute, parts: Sequence[Figure], numbers: Sequence[float | None]) -> Figure:
    """The formula's figure: by interval out of the parts' values, in total out of their `numbers`."""
    length = max((len(part.values) for part in parts), default=0)
    if any(len(part.values) != length for part in parts):
        # A part without intervals: nothing can be said by interval.
        return Figure(compute(numbers))
    values = tuple(compute(column) for column in zip(*(part.values for part in parts), strict=True))
    return Figure(compute(numbers), values)


def absent(metric: Metric, length: int, *, cut_off: bool) -> Figure:
    """The figure of a group that a part does not have: nothing was counted, or it was beyond the limit."""
    question = metric.question
    if question["kind"] == "trend" and not question.get("formula") and not cut_off:
        math = question["series"][metric.reading.series].get("math", "count")
        if math in _EMPTY_IS_ZERO:
            return Figure(0, (0,) * length)
    return Figure(None, (None,) * length)
