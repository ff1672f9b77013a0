"""A rule as one ClickHouse statement over the log: one pass, one row a person, merges respected."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from dure.kernel.filters import Filter
from dure.segments.model import ANYTHING, All, Counted, Did, Either, LastSeen, Listed, Not, Rule, Trait
from dure.segments.rules import duration, holds, leaves_of

IDENTIFIED = "Identified"
# What Dure writes about people is not something they did.
OURS = "('segments', 'campaigns', 'people', 'automation', 'governance', 'social', 'channels', 'deals', 'pacing')"

# Everybody under the id they have now. Names every person a rule holds for.
_STATEMENT = """
with merged as (
    select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {{workspace:String}} group by from_person
)
select person from (
    select if(m.to_person = toUUID('00000000-0000-0000-0000-000000000000'), e.person, m.to_person) as person{columns}
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{workspace:String}} and e.person != toUUID('00000000-0000-0000-0000-000000000000')
      and e.time <= {{now:DateTime64(6, 'UTC')}}{narrowed}
    group by person
)
where {tree}
order by person
"""


# Whom a question counted needs no look at everybody.
_COUNTED = "select distinct unit as person from ({sql}) where true{narrowed} order by person"

# Whose last word about a hand-made list was that they entered, under the id they have now.
_LISTED = """select who from (
    select if(m.to_person = toUUID('00000000-0000-0000-0000-000000000000'), e.person, m.to_person) as who,
           e.event as event, (e.time, e.message_id) as at
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{workspace:String}} and e.event in ('Segment Entered', 'Segment Left')
      and e.object_type = 'segment' and e.object = {segment}
) group by who having argMax(event, at) = 'Segment Entered'"""

Sql = tuple[str, Mapping[str, Any]]


@dataclass
class Statement:
    """SQL and the values bound in it."""

    sql: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: object, type: str) -> str:
        name = f"v{len(self.params)}"
        self.params[name] = value
        return f"{{{name}:{type}}}"


def people_of(
    rule: Rule, now: datetime, zone: str, among: Collection[UUID] | None = None, counted: Sequence[Sql] = ()
) -> Statement:
    """The statement that names the people an unfolded rule holds for at `now`, ordered; days are days of `zone`.

    With `among` only these are looked at. `counted` are SELECTs of `unit` with the values bound in them, one for each
    counted condition in reading order.
    """
    statement = Statement()
    for _, values in counted:
        statement.params |= values
    if isinstance(rule, Counted):
        narrowed = ""
        if among is not None:
            narrowed = f" and unit in {statement.bind([str(person) for person in among], 'Array(UUID)')}"
        statement.sql = _COUNTED.format(sql=counted[0][0], narrowed=narrowed)
        return statement
    asked = iter(counted)
    statement.params["now"] = _text(now)
    columns: list[str] = []
    ends: dict[int, str] = {}
    for number, leaf in enumerate(leaves_of(rule)):
        if isinstance(leaf, Did):
            ends[number] = _did(leaf, number, now, zone, columns, statement)
        elif isinstance(leaf, LastSeen):
            ends[number] = _last_seen(leaf, number, now, columns, statement)
        elif isinstance(leaf, Trait):
            ends[number] = _trait(leaf, number, columns, statement)
        elif isinstance(leaf, Counted):
            ends[number] = f"(person in ({next(asked)[0]}))"
        elif isinstance(leaf, Listed):
            ends[number] = f"(person in ({_LISTED.format(segment=statement.bind(leaf.segment, 'String'))}))"
        else:
            raise ValueError("unfold the rule before asking")
    tree = _tree(rule, iter(ends.values()))
    narrowed = _narrowed(rule, statement)
    if among is not None:
        ids = statement.bind([str(person) for person in among], "Array(UUID)")
        narrowed += f" and (e.person in {ids} or m.to_person in {ids})"
        tree += f" and person in {ids}"
    statement.sql = _STATEMENT.format(
        columns="".join(f",\n           {column}" for column in columns), narrowed=narrowed, tree=tree
    )
    return statement


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
    for each in where:
        holder = column(each.prop)
        statement.sql += " and " + condition(each, f"toString({holder})", f"isNotNull({holder})", statement, holder)
    return statement.sql, statement.params


def column(prop: str) -> str:
    """A property of the JSON column; dots lead inside."""
    return "e.properties." + ".".join(f"`{part}`" for part in prop.split("."))


def _did(leaf: Did, number: int, now: datetime, zone: str, columns: list[str], statement: Statement) -> str:
    matches = [_event(leaf.event, statement), *_window(leaf.within, leaf.before, now, statement)]
    for where in leaf.where:
        holder = column(where.prop)
        matches.append(condition(where, f"toString({holder})", f"isNotNull({holder})", statement, holder))
    name = f"c{number}"
    if leaf.measure == "days":
        day = f"toDate(e.time, {statement.bind(zone, 'String')})"
        columns.append(f"uniqExactIf({day}, {' and '.join(matches)}) as {name}")
    else:
        columns.append(f"countIf({' and '.join(matches)}) as {name}")
    most = f" and {name} <= {int(leaf.at_most)}" if leaf.at_most is not None else ""
    return f"({name} >= {int(leaf.at_least)}{most})"


def _last_seen(leaf: LastSeen, number: int, now: datetime, columns: list[str], statement: Statement) -> str:
    name, seen = f"c{number}", _event(leaf.event, statement)
    columns.append(f"countIf({seen}) as n{number}")
    columns.append(f"maxIf(e.time, {seen}) as {name}")
    parts = [f"n{number} > 0"]
    if leaf.over:
        parts.append(f"{name} <= {_moment(now - duration(leaf.over), statement)}")
    if leaf.under:
        parts.append(f"{name} > {_moment(now - duration(leaf.under), statement)}")
    return f"({' and '.join(parts)})"


def _trait(leaf: Trait, number: int, columns: list[str], statement: Statement) -> str:
    # Identify calls carry the traits that changed; the newest that names this one says what it is now.
    holder = column(leaf.prop)
    named = f"e.event = '{IDENTIFIED}' and isNotNull({holder})"
    columns.append(f"argMaxIf(toString({holder}), (e.time, e.message_id), {named}) as c{number}")
    columns.append(f"countIf({named}) as n{number}")
    return condition(leaf.filter, f"c{number}", f"n{number} > 0", statement)


def _tree(rule: Rule, ends: Any) -> str:
    if isinstance(rule, All):
        return "(" + (" and ".join(_tree(part, ends) for part in rule.of) or "true") + ")"
    if isinstance(rule, Either):
        return "(" + (" or ".join(_tree(part, ends) for part in rule.of) or "false") + ")"
    if isinstance(rule, Not):
        return f"(not {_tree(rule.of, ends)})"
    return str(next(ends))


def _narrowed(rule: Rule, statement: Statement) -> str:
    """Reads only the events named, where somebody who did none of them cannot be meant."""
    names: set[str] = set()
    for leaf in leaves_of(rule):
        if isinstance(leaf, Counted | Listed):
            return ""  # who was counted or put in may have done none of the events that the others name
        if isinstance(leaf, Trait):
            names.add(IDENTIFIED)
        elif isinstance(leaf, Did | LastSeen):
            names.add(leaf.event)

    def without(leaf: object) -> bool:
        if isinstance(leaf, Did):
            return leaf.at_least == 0
        return isinstance(leaf, Trait) and leaf.op in ("!=", "not_in", "not_set")

    if holds(rule, without):
        return ""
    if ANYTHING in names:
        also = f" or e.event = '{IDENTIFIED}'" if IDENTIFIED in names else ""
        return f" and (e.source not in {OURS}{also})"
    return f" and e.event in ({', '.join(statement.bind(name, 'String') for name in sorted(names))})"


def _event(name: str, statement: Statement) -> str:
    return f"e.source not in {OURS}" if name == ANYTHING else f"e.event = {statement.bind(name, 'String')}"


def _window(within: str | None, before: str | None, now: datetime, statement: Statement) -> list[str]:
    parts = []
    end = now - duration(before) if before else now
    if before:
        parts.append(f"e.time <= {_moment(end, statement)}")
    if within:
        parts.append(f"e.time > {_moment(end - duration(within), statement)}")
    return parts


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


def _moment(at: datetime, statement: Statement) -> str:
    return statement.bind(_text(at), "DateTime64(6, 'UTC')")


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
