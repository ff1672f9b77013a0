"""Rules as ClickHouse statements over the log: one pass, one row a person, merges respected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.segments.conditions_sql import Statement, condition, named, on_event, text_of
from dure.segments.leaves_sql import ACCOUNT_IDENTIFIED, IDENTIFIED, Columns, asked
from dure.segments.model import (
    ANYTHING,
    All,
    Amount,
    Counted,
    Did,
    Either,
    FirstSeen,
    Frequency,
    In,
    LastSeen,
    Leaf,
    Not,
    Rule,
    Trait,
)
from dure.segments.model import Sequence as Steps
from dure.segments.rules import could, leaves_of, of_nobody

__all__ = ["Statement", "condition", "events_of", "holders_of", "on_event", "people_of"]

NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
MERGED = """merged as (
    select from_person, argMax(to_person, version) as to_person from person_override
    where workspace = {workspace:String} group by from_person
)"""
# Who an event `e` is about now, beside the merged ones `m`.
NOW = f"if(m.to_person = {NOBODY}, e.person, m.to_person)"

# Everybody under the id they have now. Names every person a rule holds for.
_STATEMENT = """
with {merged}
select {wanted} from (
    select {who} as person{columns}
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{workspace:String}} and e.person != {nobody}
      and e.time <= {{now:DateTime64(6, 'UTC')}}{narrowed}
    group by person
)
where {tree}
order by person
"""

_IDS = "select toUUIDOrZero(arrayJoin(splitByChar(',', {})))"

# Whom a question counted needs no look at everybody.
_COUNTED = "select distinct unit as person from ({sql}) where true{narrowed} order by person"

Sql = tuple[str, Mapping[str, Any]]


def people_of(
    rule: Rule, now: datetime, zone: str, among: Collection[UUID] | None = None, counted: Sequence[Sql] = (),
    sample: int = 1,
) -> Statement:  # fmt: skip
    """The statement that names the people an unfolded rule holds for at `now`, ordered; days are days of `zone`.

    With `among` only these are looked at, with `sample` one in so many, by lot. `counted` are SELECTs of `unit` with
    the values bound in them, one for each counted condition in reading order.
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
    columns = _columns(statement, now, zone)
    ends = _ends(rule, columns, iter(counted))
    tree, narrowed = _tree(rule, ends), _narrowed([rule], statement)
    if sample > 1:
        narrowed += f" and sipHash64({NOW}) % {int(sample)} = 0"
    return _written(statement, columns, "person", tree, narrowed, among)


def holders_of(
    rules: Sequence[Rule], now: datetime, zone: str, among: Collection[UUID] | None = None
) -> Statement:  # fmt: skip
    """The statement that gives for each person for whom any of the rules holds the numbers of those that do. One pass
    for all of them; none has a counted condition."""
    statement = Statement()
    columns = _columns(statement, now, zone)
    trees = [_tree(rule, _ends(rule, columns, iter(()))) for rule in rules]
    held = f"arrayFilter((n, holds) -> holds, range({len(rules)}), [{', '.join(f'toBool({one})' for one in trees)}])"
    narrowed = _narrowed(rules, statement)
    return _written(statement, columns, f"person, {held} as held", "notEmpty(held)", narrowed, among)


def events_of(leaf: Leaf) -> Iterator[str]:
    """The names of the events that a condition of an unfolded rule goes by; `*` for anything. Lists and questions go
    their own ways."""
    if isinstance(leaf, Did | LastSeen | FirstSeen | Frequency | Amount):
        yield leaf.event
    elif isinstance(leaf, Steps):
        yield from (one.event for one in (*leaf.steps, *leaf.without))
    elif isinstance(leaf, Trait):
        yield ACCOUNT_IDENTIFIED if leaf.of == "account" else IDENTIFIED


def _columns(statement: Statement, now: datetime, zone: str) -> Columns:
    statement.params["now"] = text_of(now)
    return Columns(statement, now, zone)


def _written(
    statement: Statement, columns: Columns, wanted: str, tree: str, narrowed: str, among: Collection[UUID] | None
) -> Statement:
    if among is not None:
        # As one text: an array of thousands is read by the parser three times over, which takes longer than the answer.
        ids = _IDS.format(statement.bind(",".join(map(str, among)), "String"))
        narrowed += f" and e.person in ({ids} union all select from_person from merged where to_person in ({ids}))"
        tree += f" and person in ({ids})"
    gathered = "".join(f",\n           {sql} as {name}" for sql, name in columns.made.items())
    statement.sql = _STATEMENT.format(
        merged=MERGED, who=NOW, nobody=NOBODY, wanted=wanted, columns=gathered, narrowed=narrowed, tree=tree
    )
    return statement


def _ends(rule: Rule, columns: Columns, counted: Iterator[Sql]) -> Iterator[str]:
    for leaf in leaves_of(rule):
        if isinstance(leaf, Counted):
            yield f"(person in ({next(counted)[0]}))"
        elif isinstance(leaf, In):
            raise ValueError("unfold the rule before asking")
        else:
            yield asked(leaf, columns)


def _tree(rule: Rule, ends: Iterator[str]) -> str:
    if isinstance(rule, All):
        return "(" + (" and ".join([_tree(part, ends) for part in rule.of]) or "true") + ")"
    if isinstance(rule, Either):
        return "(" + (" or ".join([_tree(part, ends) for part in rule.of]) or "false") + ")"
    if isinstance(rule, Not):
        return f"(not {_tree(rule.of, ends)})"
    return next(ends)


def _narrowed(rules: Sequence[Rule], statement: Statement) -> str:
    """Reads only the events named, where somebody who did none of them cannot be meant."""
    if any(True in could(rule, of_nobody) for rule in rules):
        return ""
    leaves = [leaf for rule in rules for leaf in leaves_of(rule)]
    names = {name for leaf in leaves for name in events_of(leaf)}
    parts = []
    if ANYTHING in names:
        # Those asked for by name are read beside it: what Dure wrote is nothing that people did.
        parts.append(named(ANYTHING, statement))
        names.discard(ANYTHING)
    if any(isinstance(leaf, Trait) and leaf.of == "account" for leaf in leaves):
        parts.append("e.account != ''")
        names.discard(ACCOUNT_IDENTIFIED)
    if names:
        parts.append(f"e.event in ({', '.join(statement.bind(name, 'String') for name in sorted(names))})")
    return f" and ({' or '.join(parts)})"
