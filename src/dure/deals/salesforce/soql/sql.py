"""A plan as SQL. Values are bound, each under a name of its own; whose data it is stands in every source of rows.

Conditions are true or false and never unknown, as in SOQL: what is empty differs from every value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from dure.deals.salesforce.catalogue import IDS, NUMBERS, TEXTS
from dure.deals.salesforce.faults import Fault
from dure.deals.salesforce.ids import inside
from dure.deals.salesforce.soql.ast import (
    Among,
    AmongFound,
    Both,
    Compare,
    Condition,
    Either,
    Includes,
    Not,
    Relative,
    Text,
    Value,
)
from dure.deals.salesforce.soql.dates import days_of, midnight
from dure.deals.salesforce.soql.lex import pointing
from dure.deals.salesforce.soql.meaning import Plan, Term, columns_of


@dataclass(frozen=True, slots=True)
class Seat:
    """From where a query is asked: whose data, whose own records, which day and zone."""

    workspace: str
    user: str
    today: date
    zone: str
    currency: str
    deleted: bool = False
    supplies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    values: Mapping[str, Any]


def statement(plan: Plan, seat: Seat) -> Statement:
    """The whole query. The answer's columns are c0, c1, … in the order of `columns_of`."""
    writer = _Writer(seat)
    return Statement(writer.query(plan), writer.values)


def count(plan: Plan, seat: Seat) -> Statement:
    """How many rows the query has."""
    writer = _Writer(seat)
    return Statement(f"select count(*) as n from ({writer.query(plan)}) as counted", writer.values)


def children(plan: Plan, seat: Seat, parents: list[str]) -> Statement:
    """A nested query for many parents at once: `link` is the parent, LIMIT and OFFSET hold for each."""
    writer = _Writer(seat)
    assert plan.link is not None  # noqa: S101 - only nested queries come here
    columns = [f"{column.term.sql} as c{n}" for n, column in enumerate(columns_of(plan))]
    bound = writer.bind(parents)
    order = writer.order(plan)
    inner = (
        f"select {', '.join([f'{plan.link.sql} as link', *columns])},"
        f" row_number() over (partition by {plan.link.sql} {order}) as place"
        f" {writer.rows(plan)} and {plan.link.sql} = any({bound})"
    )
    most = f" and place <= {writer.bind(plan.query.limit + plan.query.offset)}" if plan.query.limit is not None else ""
    sql = f"select * from ({inner}) as found where place > {writer.bind(plan.query.offset)}{most} order by link, place"
    return Statement(sql, writer.values)


class _Writer:
    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.zone = ZoneInfo(seat.zone)
        self.values: dict[str, Any] = {
            "workspace": seat.workspace, "zone": seat.zone, "today": seat.today, "currency": seat.currency,
            **seat.supplies,
        }  # fmt: skip

    def bind(self, value: Any) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        cast = "::numeric" if isinstance(value, Decimal) else "::text[]" if isinstance(value, list) else ""
        return f"%({name})s{cast}"

    # -- the statement ----------------------------------------------------------------------------------------------

    def query(self, plan: Plan) -> str:
        chosen = [f"{column.term.sql} as c{n}" for n, column in enumerate(columns_of(plan))]
        parts = [f"select {', '.join(chosen) or '1'}", self.rows(plan)]
        if plan.group:
            parts.append("group by " + ", ".join(f"({term.sql})" for term in plan.group))
        if plan.query.having is not None:
            parts.append(f"having {self.condition(plan, plan.query.having)}")
        if plan.count_only:
            parts[0] = "select 1"
        else:
            parts.append(self.order(plan))
        if plan.query.limit is not None:
            parts.append(f"limit {self.bind(plan.query.limit)}")
        if plan.query.offset:
            parts.append(f"offset {self.bind(plan.query.offset)}")
        return " ".join(part for part in parts if part)

    def rows(self, plan: Plan) -> str:
        """FROM with the parents, and WHERE."""
        source = f"from ({plan.object.source}) as {plan.alias}"
        for join in plan.joins:
            source += f" left join ({join.object.source}) as {join.alias} on {join.alias}.id = {join.on}"
        return f"{source} where {self.kept(plan)}"

    def kept(self, plan: Plan) -> str:
        parts = []
        if plan.object.deleted and not self.seat.deleted:
            parts.append(f"not ({plan.object.deleted.replace('{t}', plan.alias)})")
        if plan.query.mine and (owner := plan.object.field("OwnerId")):
            parts.append(f"{owner.sql.replace('{t}', plan.alias)} = {self.bind(self.seat.user)}")
        if plan.query.where is not None:
            parts.append(self.condition(plan, plan.query.where))
        return " and ".join(parts) or "true"

    def order(self, plan: Plan) -> str:
        """Texts sort without case; records that are equal stay in the order of their ids, page after page."""
        parts = []
        for one in plan.order:
            sql = f"lower({one.term.sql})" if one.term.type in TEXTS else f"({one.term.sql})"
            way = "desc" if one.descending else "asc"
            parts.append(f"{sql} {way} nulls {'last' if one.nulls_last else 'first'}")
        if not plan.aggregate:
            ident = plan.object.field("Id")
            assert ident is not None  # noqa: S101 - every object has one
            parts.append(f"({ident.sql.replace('{t}', plan.alias)})")
        return f"order by {', '.join(parts)}" if parts else ""

    # -- conditions -------------------------------------------------------------------------------------------------

    def condition(self, plan: Plan, of: Condition) -> str:
        if isinstance(of, Both):
            return f"({' and '.join(self.condition(plan, part) for part in of.parts)})"
        if isinstance(of, Either):
            return f"({' or '.join(self.condition(plan, part) for part in of.parts)})"
        if isinstance(of, Not):
            return f"(not {self.condition(plan, of.of)})"
        term = plan.term(of.left)
        if isinstance(of, AmongFound):
            inner = plan.inner[of.query]
            found = f"coalesce({term.sql} in ({self.semi(inner)}), false)"
            return f"(not {found})" if of.negated else found
        if isinstance(of, Includes):
            any_of = " or ".join(self.chosen(plan, term, group) for group in of.groups)
            return f"(not ({any_of}))" if of.negated else f"({any_of})"
        if isinstance(of, Among):
            any_of = " or ".join(self.equal(plan, term, value) for value in self.gathered(plan, term, of))
            return f"(not ({any_of}))" if of.negated else f"({any_of})"
        return self.compared(plan, term, of)

    def semi(self, inner: Plan) -> str:
        term = inner.columns[0].term
        limit = f" limit {self.bind(inner.query.limit)}" if inner.query.limit is not None else ""
        return f"select {term.sql} {self.rows(inner)} and {term.sql} is not null{limit}"

    def gathered(self, plan: Plan, term: Term, of: Among) -> list[Value | list[Any]]:
        """Plain values of a list become one array: a list of a thousand ids is one parameter."""
        if term.type not in IDS | TEXTS | NUMBERS:
            return list(of.values)
        empty = [value for value in of.values if self.is_empty(value)]
        plain = [self.literal(plan, term, value) for value in of.values if not self.is_empty(value)]
        return [*empty[:1], *([plain] if plain else [])]

    def is_empty(self, value: Value) -> bool:
        return value.literal is None or (isinstance(value.literal, Text) and not value.literal.value)

    def equal(self, plan: Plan, term: Term, value: Value | list[Any]) -> str:
        if isinstance(value, list):
            left, cast = self.plain(term), "::numeric[]" if term.type in NUMBERS else ""
            if term.type in TEXTS:
                value = [one.lower() for one in value]
            name = f"v{len(self.values)}"
            self.values[name] = value
            return f"coalesce({left} = any(%({name})s{cast}), false)"
        if self.is_empty(value):
            return f"({term.sql} is null)"
        if isinstance(value.literal, Relative):
            low, high = self.range(plan, term, value)
            return f"coalesce({term.sql} >= {low} and {term.sql} < {high}, false)"
        bound = self.bind(self.literal(plan, term, value))
        right = f"lower({bound})" if term.type in TEXTS else bound
        return f"coalesce({self.plain(term)} = {right}, false)"

    def plain(self, term: Term) -> str:
        return f"lower({term.sql})" if term.type in TEXTS else term.sql

    def compared(self, plan: Plan, term: Term, of: Compare) -> str:
        if of.op == "=":
            return self.equal(plan, term, of.value)
        if of.op == "!=":
            return f"(not {self.equal(plan, term, of.value)})"
        if of.op == "LIKE":
            if not isinstance(of.value.literal, Text):
                raise self.wrong(plan, term, of.value)
            pattern = of.value.literal.pattern
            return f"coalesce({term.sql} ilike {self.bind(pattern)}, false)"
        if self.is_empty(of.value):
            return "false"
        if isinstance(of.value.literal, Relative):
            low, high = self.range(plan, term, of.value)
            sql, edge = {"<": ("<", low), "<=": ("<", high), ">": (">=", high), ">=": (">=", low)}[of.op]
            return f"coalesce({term.sql} {sql} {edge}, false)"
        bound = self.bind(self.literal(plan, term, of.value))
        right = f"lower({bound})" if term.type in TEXTS else bound
        return f"coalesce({self.plain(term)} {of.op} {right}, false)"

    def chosen(self, plan: Plan, term: Term, group: Value) -> str:
        """All of the values that one text joins with semicolons are among those chosen."""
        if not isinstance(group.literal, Text):
            raise self.wrong(plan, term, group)
        wanted = [part.strip().lower() for part in group.literal.value.split(";") if part.strip()]
        return f"coalesce(string_to_array(lower({term.sql}), ';') @> {self.bind(wanted)}, false)"

    # -- values -----------------------------------------------------------------------------------------------------

    def literal(self, plan: Plan, term: Term, value: Value) -> Any:
        literal = value.literal
        if term.type in IDS and isinstance(literal, Text):
            found = inside(literal.value, users=term.users)
            if found is None:
                raise pointing(
                    plan.text, value.at, "INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {literal.value[:80]}"
                )
            return found
        if term.type in TEXTS and isinstance(literal, Text):
            return literal.value
        if term.type in NUMBERS and isinstance(literal, Decimal):
            return literal
        if term.type == "boolean" and isinstance(literal, bool):
            return literal
        if term.type == "datetime" and isinstance(literal, datetime):
            return literal
        if term.type == "date" and isinstance(literal, date) and not isinstance(literal, datetime):
            return literal
        raise self.wrong(plan, term, value)

    def range(self, plan: Plan, term: Term, value: Value) -> tuple[str, str]:
        literal = value.literal
        if term.type not in ("date", "datetime") or not isinstance(literal, Relative):
            raise self.wrong(plan, term, value)
        first, end = days_of(literal.name, literal.number, self.seat.today)
        if term.type == "date":
            return self.bind(first), self.bind(end)
        return self.bind(midnight(first, self.zone)), self.bind(midnight(end, self.zone))

    def wrong(self, plan: Plan, term: Term, value: Value) -> Fault:
        quoted = "should be enclosed in quotes" if term.type in TEXTS | IDS else "should not be enclosed in quotes"
        kind = {"datetime": "dateTime", "currency": "double", "percent": "double"}.get(term.type, term.type)
        kind = "string" if term.type in TEXTS else kind
        return pointing(
            plan.text, value.at, "INVALID_FIELD",
            f"value of filter criterion for field '{term.name}' must be of type {kind} and {quoted}",
        )  # fmt: skip
