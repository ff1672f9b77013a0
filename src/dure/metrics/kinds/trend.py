"""Trends: numbers over time, whole and by group."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dure.kernel.errors import Invalid
from dure.metrics import people_sql
from dure.metrics.kinds import groups, marks
from dure.metrics.period import Ruler
from dure.metrics.question import Series, Trend
from dure.metrics.sql import Ask, both, number_of
from dure.metrics.where import common, named, selected

_DEEPEST = 100
_LETTERS = "ABCDEFGHIJ"
# Of the columns that `_source` gives the series `{n}`.
_MATHS = {
    "count": "toFloat64(countIf(meant_{n}))",
    "people": "toFloat64(uniqExactIf(unit, meant_{n}))",
    "sum": "sumIf(number_{n}, meant_{n})",
    "average": "avgOrNullIf(number_{n}, meant_{n})",
    "median": "quantileExactInclusiveOrNullIf(0.5)(number_{n}, meant_{n})",
    "p90": "quantileExactInclusiveOrNullIf(0.9)(number_{n}, meant_{n})",
    "min": "minOrNullIf(number_{n}, meant_{n})",
    "max": "maxOrNullIf(number_{n}, meant_{n})",
    "per_person": "countIf(meant_{n}) / uniqExactIf(unit, meant_{n})",
}
_OF_A_NUMBER = ("sum", "average", "median", "p90", "min", "max")
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


def statement(ask: Ask, question: Trend, ruler: Ruler, only: Sequence[str] | None = None) -> str:
    """Rows of `value`, `at` (interval; -1 is the whole range) and a number a series; with a breakdown also `place`
    and `groups` of `groups.ranked`. One pass over the events, however many series there are.

    The largest groups are those with most of the first series, over the whole range; `only` names others instead.
    """
    breakdown = question.breakdown
    flags = [_picked(ask, question, index) for index in range(len(question.series))]
    source = _source(ask, question, ruler, flags)
    if only is not None and breakdown is not None:
        source = f"select * from ({source}) where value in {ask.words.texts(only)}"
    if breakdown is None and marks.fits(ruler.count) and all(series.math == "people" for series in question.series):
        counted = _people_by_marks(question, ruler, source)
    else:
        counted = _rolled_up(question, source)
    if breakdown is None:
        return counted
    numbers = [f"amount_{place}" for place in range(len(flags))]
    totals = ", ".join(f"maxIf({number}, at = -1) over (partition by value)" for number in numbers)
    sized = f"select *, ({totals},) as totals from ({counted})"
    order = ", ".join(f"totals.{place} desc nulls last" for place in range(1, len(numbers) + 1))
    ranked = groups.ranked(sized, order, breakdown.limit)
    shown = f"value, at, {', '.join(numbers)}, place, groups"
    return f"select {shown} from ({ranked}) where place <= {breakdown.limit}"


def _source(ask: Ask, question: Trend, ruler: Ruler, flags: Sequence[str]) -> str:
    """One row an event: `unit`, `interval`, `value`, and for each series `meant_` (it counts this one), `number_`."""
    columns = {"interval": f"toUInt16({ruler.index_sql()})", **groups.property_of(question.breakdown)}
    for place, (series, flag) in enumerate(zip(question.series, flags, strict=True)):
        columns[f"meant_{place}"] = flag if len(set(flags)) > 1 else "true"
        if series.math in _OF_A_NUMBER:
            columns[f"number_{place}"] = number_of(series.prop or "", f"series[{place}].prop")
    which = both(ask.in_range(), named(ask, question.series), " or ".join(f"({flag})" for flag in flags), common(ask))
    return people_sql.source(ask, columns, which, trait=groups.trait_of(question.breakdown), anybody=True)


def _rolled_up(question: Trend, source: str) -> str:
    """Each number by group and interval; those of the whole range are put together from the intervals' states."""
    numbers = ", ".join(
        f"{_MATHS[series.math].format(n=place)} as amount_{place}" for place, series in enumerate(question.series)
    )
    value, group, which = "''", "", ""
    if question.breakdown is not None:
        value, group, which = "value", "value, ", " having grouping(value) = 0"
    at = "if(grouping(interval) = 1, toInt64(-1), toInt64(interval)) as at"
    return f"select {value} as value, {at}, {numbers} from ({source}) group by {group}interval with rollup{which}"


def _people_by_marks(question: Trend, ruler: Ruler, source: str) -> str:
    """The same of how many people there are: each of them once, with the intervals of each series as bits."""
    series = range(len(question.series))
    bits = ", ".join(f"{marks.gathered(ruler.count, 'interval', f'meant_{n}')} as bits_{n}" for n in series)
    # Whoever is in an interval is also in the whole range, -1.
    places = ", ".join(
        f"arrayMap(B -> ({n}, B), if(bits_{n} = 0, [], arrayPushBack({marks.positions(f'bits_{n}')}, toInt64(-1))))"
        for n in series
    )
    numbers = ", ".join(f"toFloat64(countIf(hit.1 = {n})) as amount_{n}" for n in series)
    hits = f"select arrayJoin(arrayConcat({places})) as hit from (select {bits} from ({source}) group by unit)"
    return f"select '' as value, hit.2 as at, {numbers} from ({hits}) group by at"


def _picked(ask: Ask, question: Trend, index: int) -> str:
    """Which events a series takes; who counts people passes over those of nobody."""
    meant = selected(ask, question.series[index], f"series[{index}].where")
    return meant if counts_events(question, index) else both(meant, people_sql.somebody(ask))


def condition(ask: Ask, question: Trend, index: int) -> str:
    """Which events a series counts."""
    return both(ask.in_range(), selected(ask, question.series[index], f"series[{index}].where"), common(ask))


def label_of(series: Series) -> str:
    """What a line is called."""
    if series.label:
        return series.label
    of = f" of {series.prop}" if series.prop else ""
    return f"{series.event} ({series.math}{of})" if series.math != "count" or of else series.event


def values_of(question: Trend, rows: Sequence[Sequence[Any]]) -> list[str]:
    """The groups that are shown, the largest first; one without a name where there is no breakdown."""
    if question.breakdown is None:
        return [""]
    return [value for _, value in sorted({(int(row[-2]), str(row[0])) for row in rows})]


def lines(question: Trend, ruler: Ruler, rows: Sequence[Sequence[Any]], values: Sequence[str]) -> list[dict[str, Any]]:
    """The answer's series: one a selector and group, or the formula's."""
    found: dict[str, dict[int, Sequence[Any]]] = {value: {} for value in values}
    for value, at, *amounts in rows:
        found[str(value)][int(at)] = amounts
    answered = []
    for number, series in enumerate(question.series):
        for value, at in found.items():
            numbers = {place: amounts[number] for place, amounts in at.items()}
            answered.append({"label": label_of(series), **_named(question, value), **_line(series, ruler, numbers)})
    if question.formula is not None:
        answered = _formula(question, answered, values)
    if question.moving_average is not None:
        for line in answered:
            line["moving"] = moving(line["values"], question.moving_average)
    return answered


def moving(values: Sequence[float | None], last: int) -> list[float | None]:
    """The mean of the last so many intervals that have a value; None until there are so many intervals."""
    means: list[float | None] = []
    for end in range(1, len(values) + 1):
        known = [value for value in values[max(end - last, 0) : end] if value is not None]
        means.append(math.fsum(known) / len(known) if end >= last and known else None)
    return means


def definitions(question: Trend) -> list[str]:
    said = []
    for letter, series in zip(_LETTERS, question.series, strict=False):
        means = {
            "count": "how many events",
            "people": f"how many different {question.by}s; the total counts each once over the whole range",
            "per_person": f"events for each active {question.by}",
        }.get(series.math, f"{series.math} of {series.prop} over the events that have it as a number")
        said.append(f"{letter}, {series.event}: {means}.")
    if question.breakdown is not None:
        said.append(
            "Groups are the largest by A over the whole range; every series and the range before show the same."
        )
    if question.moving_average is not None:
        said.append(
            f"Moving is the mean of the last {question.moving_average} intervals, of those of them that have a value."
        )
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

    _check_formula(tree, count, 0)
    return lambda numbers: evaluate(tree, numbers)


def _check_formula(node: ast.AST, count: int, depth: int) -> None:
    if depth > _DEEPEST:
        raise Invalid(f"A formula has at most {_DEEPEST} signs in one another.", field="formula")
    match node:
        case ast.BinOp() if type(node.op) in _OPERATORS:
            _check_formula(node.left, count, depth + 1)
            _check_formula(node.right, count, depth + 1)
        case ast.UnaryOp() if isinstance(node.op, ast.USub):
            _check_formula(node.operand, count, depth + 1)
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


def _formula(question: Trend, lines: Sequence[dict[str, Any]], values: Sequence[str]) -> list[dict[str, Any]]:
    assert question.formula is not None  # noqa: S101
    compute = compile_formula(question.formula, len(question.series))
    answered = []
    for place, value in enumerate(values):
        of_group = lines[place :: len(values)]
        columns = zip(*(line["values"] for line in of_group), strict=True)
        answered.append(
            {
                "label": question.formula,
                **_named(question, value),
                "values": [compute(numbers) for numbers in columns],
                "total": compute([line["total"] for line in of_group]),
            }
        )
    return answered


def _named(question: Trend, value: str) -> dict[str, Any]:
    return {"value": value or None} if question.breakdown is not None else {}


def _tidy(number: float | None) -> float | int | None:
    if number is None or number != number:
        return None
    return int(number) if float(number).is_integer() else float(number)
