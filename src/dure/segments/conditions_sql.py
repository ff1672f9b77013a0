"""Values and filters as ClickHouse conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from dure.kernel.filters import Filter
from dure.people.api import OUR_SOURCES
from dure.segments.model import ANYTHING, Selector

OURS = f"({', '.join(repr(one) for one in OUR_SOURCES)})"
MOMENT = "DateTime64(6, 'UTC')"


@dataclass
class Statement:
    """SQL and the values bound in it; the same value is bound once."""

    sql: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    def bind(self, value: object, type: str) -> str:
        key = (type, repr(value))
        if key not in self._known:
            name = f"v{len(self.params)}"
            self.params[name] = value
            self._known[key] = f"{{{name}:{type}}}"
        return self._known[key]

    def moment(self, at: datetime) -> str:
        return self.bind(text_of(at), MOMENT)


def condition(where: Filter, value: str, present: str, statement: Statement, holder: str = "") -> str:
    """A filter as SQL. `value` is the text of the value, `present` whether there is one; `holder` its JSON column.

    The same language as `dure.kernel.filters`: numbers compare as numbers where both sides are numbers.
    """
    op, wanted = where.op, where.value
    if op == "set":
        return f"({present})"
    if op == "not_set":
        return f"(not ({present}))"
    if op == "=":
        return f"({present} and {_equal(value, wanted, statement)})"
    if op == "!=":
        return f"(not ({present} and {_equal(value, wanted, statement)}))"
    if op in ("in", "not_in"):
        among = " or ".join(_equal(value, item, statement) for item in wanted) or "false"
        return f"({present} and ({among}))" if op == "in" else f"(not ({present} and ({among})))"
    if op == "contains":
        inside = f"position({value}, {statement.bind(str(wanted), 'String')}) > 0"
        if holder:
            # A list holds a value when one of its items equals it.
            items = f"{holder}.:`Array(Nullable(String))`"
            inside = (
                f"if(startsWith(dynamicType({holder}), 'Array'),"
                f" has({items}, {statement.bind(str(wanted), 'String')}), {inside})"
            )
        return f"({present} and {inside})"
    number = _number(wanted)
    text = f"{value} {op} {statement.bind(str(wanted), 'String')}"
    if number is None:
        return f"({present} and {text})"
    bound = statement.bind(number, "Float64")
    return (
        f"({present} and if(isNull(toFloat64OrNull({value})), {text}, toFloat64OrZero({value}) {op} {bound}))"
    )  # fmt: skip


def on_event(where: Sequence[Filter]) -> tuple[str, dict[str, Any]]:
    """Filters over an event `e` as SQL that begins with ` and`, and the values bound in it."""
    statement = Statement()
    statement.sql = "".join(f" and {one}" for one in filtered(where, statement))
    return statement.sql, statement.params


def selected(one: Selector, statement: Statement) -> str:
    """Whether an event `e` is one of those meant."""
    return " and ".join([named(one.event, statement), *filtered(one.where, statement)])


def named(name: str, statement: Statement) -> str:
    return f"e.source not in {OURS}" if name == ANYTHING else f"e.event = {statement.bind(name, 'String')}"


def column(prop: str) -> str:
    """A property of the JSON column; dots lead inside."""
    return "e.properties." + ".".join(f"`{part}`" for part in prop.split("."))


def text_of(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def filtered(where: Sequence[Filter], statement: Statement) -> list[str]:
    found = []
    for each in where:
        holder = column(each.prop)
        found.append(condition(each, f"toString({holder})", f"isNotNull({holder})", statement, holder))
    return found


def _equal(value: str, wanted: object, statement: Statement) -> str:
    number = _number(wanted)
    if isinstance(wanted, bool):
        return f"lower({value}) = {statement.bind(str(wanted).lower(), 'String')}"
    if number is None:
        return f"{value} = {statement.bind(str(wanted), 'String')}"
    return f"ifNull(toFloat64OrNull({value}) = {statement.bind(number, 'Float64')}, false)"


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
