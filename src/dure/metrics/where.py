"""Filters and selectors to SQL conditions; the same meaning as `kernel.filters.holds`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.metrics.people_sql import in_people, members, traits
from dure.metrics.question import Selector
from dure.metrics.sql import Ask, both, path

_NEGATED = {"!=": "=", "not_in": "in", "not_set": "set"}


def selected(ask: Ask, selector: Selector, field: str = "where") -> str:
    """A condition on a row of `events`: that the selector means it."""
    name = "true" if selector.event == "*" else f"event = {ask.words.text(selector.event)}"
    return both(name, *(condition(ask, item, field) for item in selector.where))


def common(ask: Ask, only: Sequence[Filter] | None = None) -> str:
    """The conditions of the question itself: `where` (or `only` those of it) and `segment`."""
    parts = [condition(ask, item, "where") for item in (ask.question.where if only is None else only)]
    if ask.question.segment:
        parts.append(in_people(ask, members(ask, ask.question.segment)))
    return both(*parts)


def named(ask: Ask, selectors: Iterable[Selector]) -> str:
    """A condition that keeps only the events any selector can mean: what the table's order makes cheap."""
    names = sorted({selector.event for selector in selectors})
    return "true" if "*" in names else f"event in {ask.words.texts(names)}"


def condition(ask: Ask, item: Filter, field: str) -> str:
    """One filter. What is absent meets only `!=`, `not_in` and `not_set`."""
    positive = _NEGATED.get(item.op)
    if positive is not None:
        return f"not ({condition(ask, Filter(item.prop, positive, item.value), field)})"  # type: ignore[arg-type]
    owner, dot, name = item.prop.partition(".")
    if dot and owner in ("person", "account") and name:
        having = _compared(ask, item, "text", "text", field)
        owners = f"select owner from ({traits(ask, item.prop)}) where {having}"
        return in_people(ask, owners) if owner == "person" else f"account in ({owners})"
    column = path(item.prop, field)
    if item.op == "set":
        return f"isNotNull({column})"
    return both(f"isNotNull({column})", _compared(ask, item, f"toString({column})", column, field))


def _compared(ask: Ask, item: Filter, text: str, raw: str, field: str) -> str:
    words, value = ask.words, item.value
    match item.op:
        case "set":
            return "true"
        case "=":
            return _same(ask, text, value, field)
        case "in":
            return "(" + (" or ".join(_same(ask, text, one, field) for one in value) or "false") + ")"
        case "contains":
            wanted = words.text(_text(value, field))
            within = f"position({text}, {wanted}) > 0"
            if raw == text:
                return within
            listed = f"has({raw}.:`Array(Nullable(String))`, {wanted})"
            return f"if(startsWith(dynamicType({raw}), 'Array'), {listed}, {within})"
        case ">" | ">=" | "<" | "<=":
            as_text = f"{text} {item.op} {words.text(_text(value, field))}"
            number = _number(value)
            if number is None:
                return as_text
            parsed = f"toFloat64OrNull({text})"
            return f"if(isNull({parsed}), {as_text}, ifNull({parsed} {item.op} {words.number(number)}, false))"
    raise Invalid(f"{item.op} is not an operator here.", field=field)


def _same(ask: Ask, text: str, value: object, field: str) -> str:
    if isinstance(value, bool):
        return f"lower({text}) = {ask.words.text(str(value).lower())}"
    number = _number(value)
    if number is not None:
        return f"ifNull(toFloat64OrNull({text}) = {ask.words.number(number)}, false)"
    return f"{text} = {ask.words.text(_text(value, field))}"


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) != float("inf") and number == number else None


def _text(value: object, field: str) -> str:
    if isinstance(value, str | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    raise Invalid("A filter compares with a text, a number or true/false.", field=field)


def overlap(first: Sequence[Selector], second: Selector) -> bool:
    """Whether some event may be meant by `second` and by one of `first` (told from the names alone)."""
    return any(one.event == second.event or "*" in (one.event, second.event) for one in first)
