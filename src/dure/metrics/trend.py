"""Trends: numbers over time, whole and by group."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dure.kernel.errors import Invalid
from dure.metrics import people_sql
from dure.metrics.period import Ruler
from dure.metrics.question import Series, Trend
from dure.metrics.sql import Ask, both, number_of, text_of
from dure.metrics.where import common, selected

_LETTERS = "ABCDEFGHIJ"
_MATHS = {
    "count": "toFloat64(count())",
    "people": "toFloat64(uniqExact(unit))",
    "sum": "sum(number)",
    "average": "avgOrNull(number)",
    "median": "quantileExactInclusiveOrNull(0.5)(number)",
    "p90": "quantileExactInclusiveOrNull(0.9)(number)",
    "min": "minOrNull(number)",
    "max": "maxOrNull(number)",
    "per_person": "count() / uniqExact(unit)",
}
_EMPTY_IS_ZERO = ("count", "people", "sum")
_OPERATORS: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def counts_events(question: Trend, index: int) -> bool:
    """Whether a series is about events, also those of nobody, and not about how many people or accounts there are."""
    return question.series[index].math not in ("people", "per_person")


def statement(ask: Ask, question: Trend, index: int, ruler: Ruler) -> str:
    """Rows of `value`, `at` (interval; -1 is the whole range) and the number, of one series."""
    series = question.series[index]
    columns = {"at": ruler.index_sql()}
    if series.prop is not None and series.math not in ("count", "people", "per_person"):
        columns["number"] = number_of(series.prop)
    value, trait = "''", None
    if question.breakdown is not None:
        value = "value"
        if question.breakdown.prop.startswith(("person.", "account.")):
            trait = question.breakdown.prop
        else:
            columns["value"] = text_of(question.breakdown.prop)
    which = condition(ask, question, index)
    source = people_sql.source(ask, columns, which, trait=trait, anybody=counts_events(question, index))
    if question.breakdown is not None:
        top = (
            f"select value from ({source}) group by value"
            f" order by {_MATHS[series.math]} desc nulls last, value limit {question.breakdown.limit}"
        )
        source = f"select * from ({source}) where value in ({top})"
    sets = "((value, at), (value))" if question.breakdown is not None else "((at), ())"
    number = _MATHS[series.math]
    return (
        f"select {value} as group_value, if(grouping(at) = 1, toInt64(-1), toInt64(at)) as place, {number} as amount"
        f" from ({source}) group by grouping sets {sets}"
    )


def condition(ask: Ask, question: Trend, index: int) -> str:
    """Which events a series counts."""
    return both(ask.in_range(), selected(ask, question.series[index], f"series[{index}].where"), common(ask))


def label_of(series: Series) -> str:
    """What a line is called."""
    if series.label:
        return series.label
    of = f" of {series.prop}" if series.prop else ""
    return f"{series.event} ({series.math}{of})" if series.math != "count" or of else series.event


def lines(question: Trend, ruler: Ruler, answers: Sequence[Sequence[Sequence[Any]]]) -> list[dict[str, Any]]:
    """The answer's series: one a selector and group, or the formula's."""
    by_series = []
    for series, rows in zip(question.series, answers, strict=True):
        groups: dict[str, dict[int, float | None]] = {}
        for value, place, amount in rows:
            groups.setdefault(str(value), {})[int(place)] = amount
        if question.breakdown is None and not groups:
            groups[""] = {}
        by_series.append({value: _line(series, ruler, numbers) for value, numbers in groups.items()})
    if question.formula is not None:
        return _formula(question, by_series)
    answered = []
    for series, groups_of in zip(question.series, by_series, strict=True):
        ranked = sorted(groups_of.items(), key=lambda item: (-(item[1]["total"] or 0), item[0]))
        for value, line in ranked:
            answered.append({"label": label_of(series), **_named(question, value), **line})
    return answered


def definitions(question: Trend) -> list[str]:
    said = []
    for letter, series in zip(_LETTERS, question.series, strict=False):
        means = {
            "count": "how many events",
            "people": f"how many different {question.by}s; the total counts each once over the whole range",
            "per_person": f"events for each active {question.by}",
        }.get(series.math, f"{series.math} of {series.prop} over the events that have it as a number")
        said.append(f"{letter}, {series.event}: {means}.")
    if question.formula:
        said.append(f"Shown is {question.formula}; where it divides by nothing there is no value.")
    return said


def compile_formula(text: str, count: int) -> Callable[[Sequence[float | None]], float | None]:
    """`(A+B)/C` as a function of the series' numbers; None where a number is missing or the divisor is zero."""
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Invalid(f"{text!r} is not a formula such as A/B.", field="formula") from error

    def evaluate(node: ast.AST, numbers: Sequence[float | None]) -> float | None:
        match node:
            case ast.BinOp():
                left, right = evaluate(node.left, numbers), evaluate(node.right, numbers)
                if left is None or right is None or (isinstance(node.op, ast.Div) and right == 0):
                    return None
                return _OPERATORS[type(node.op)](left, right)
            case ast.UnaryOp():
                value = evaluate(node.operand, numbers)
                return None if value is None else -value
            case ast.Name():
                return numbers[_LETTERS.index(node.id)]
            case ast.Constant():
                return float(node.value)  # type: ignore[arg-type]
        return None

    _check_formula(tree, count)
    return lambda numbers: evaluate(tree, numbers)


def _check_formula(node: ast.AST, count: int) -> None:
    match node:
        case ast.BinOp() if type(node.op) in _OPERATORS:
            _check_formula(node.left, count)
            _check_formula(node.right, count)
        case ast.UnaryOp() if isinstance(node.op, ast.USub):
            _check_formula(node.operand, count)
        case ast.Name() if len(node.id) == 1 and node.id in _LETTERS[:count]:
            pass
        case ast.Constant() if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            pass
        case _:
            raise Invalid(f"A formula has + - * / ( ), numbers, and the letters {_LETTERS[:count]}.", field="formula")


def _line(series: Series, ruler: Ruler, numbers: Mapping[int, float | None]) -> dict[str, Any]:
    empty = 0 if series.math in _EMPTY_IS_ZERO else None

    def at(place: int) -> float | int | None:
        found = _tidy(numbers.get(place))
        return empty if found is None else found

    return {"values": [at(place) for place in range(ruler.count)], "total": at(-1)}


def _formula(question: Trend, by_series: Sequence[Mapping[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    assert question.formula is not None  # noqa: S101
    compute = compile_formula(question.formula, len(question.series))
    values = list(dict.fromkeys(value for groups in by_series for value in groups))
    answered = []
    for value in values:
        found = [groups.get(value) for groups in by_series]
        width = max(len(line["values"]) for line in found if line)
        columns = [line["values"] if line else [0] * width for line in found]
        totals = [line["total"] if line else 0 for line in found]
        answered.append(
            {
                "label": question.formula,
                **_named(question, value),
                "values": [compute(numbers) for numbers in zip(*columns, strict=True)],
                "total": compute(totals),
            }
        )
    return answered


def _named(question: Trend, value: str) -> dict[str, Any]:
    return {"value": value or None} if question.breakdown is not None else {}


def _tidy(number: float | None) -> float | int | None:
    if number is None or number != number:
        return None
    return int(number) if float(number).is_integer() else float(number)
