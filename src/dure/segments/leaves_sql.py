"""Each kind of condition as columns of one row a person, and the question asked of them.

Copies of a message count once wherever a number hangs on it: counts and sums go by message ids.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dure.kernel.filters import Filter
from dure.segments.conditions_sql import Statement, column, condition, selected
from dure.segments.lots_sql import drawn
from dure.segments.model import (
    Amount,
    Did,
    FirstSeen,
    Frequency,
    LastSeen,
    Leaf,
    Listed,
    Selector,
    Sequence,
    Share,
    Trait,
)
from dure.segments.rules import duration

IDENTIFIED, ACCOUNT_IDENTIFIED = "Identified", "Account Identified"
LIST_EVENTS = ("Segment Entered", "Segment Left")
PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
_NEGATED = {"!=": "=", "not_in": "in", "not_set": "set"}

# Whose last word about a hand-made list was that they entered, under the id they have now.
_LISTED = """select who from (
    select if(m.to_person = toUUID('00000000-0000-0000-0000-000000000000'), e.person, m.to_person) as who,
           e.event as event, (e.time, e.message_id) as at
    from events as e left any join merged as m on e.person = m.from_person
    where e.workspace = {{workspace:String}} and e.event in ('Segment Entered', 'Segment Left')
      and e.object_type = 'segment' and e.object = {segment} and e.time <= {{now:DateTime64(6, 'UTC')}}
) group by who having argMax(event, at) = 'Segment Entered'"""

# The accounts whose newest value of a trait meets a condition.
_ACCOUNTS = """select account from (
    select e.account as account, argMaxIf({said}, (e.time, e.message_id), {named}).1 as told
    from events as e where e.workspace = {{workspace:String}} and e.event = '{event}' and e.account != ''
      and e.time <= {{now:DateTime64(6, 'UTC')}} group by account
) where {meets}"""


@dataclass
class Columns:
    """What is gathered of each person's events; the same thing is gathered once for all who ask for it."""

    statement: Statement
    now: datetime
    zone: str
    made: dict[str, str] = field(default_factory=dict)

    def add(self, sql: str) -> str:
        return self.made.setdefault(sql, f"c{len(self.made)}")

    def window(self, within: str | None, before: str | None) -> list[str]:
        parts = []
        end = self.now - duration(before) if before else self.now
        if before:
            parts.append(f"e.time <= {self.statement.moment(end)}")
        if within:
            parts.append(f"e.time > {self.statement.moment(end - duration(within))}")
        return parts

    def meant(self, leaf: Any, within: str | None = None, before: str | None = None) -> str:
        one = selected(Selector(leaf.event, leaf.where), self.statement)
        return " and ".join([one, *self.window(within, before)])


def asked(leaf: Leaf, columns: Columns) -> str:
    """The condition of one end of the tree, over the columns that it adds."""
    return _KINDS[type(leaf)](leaf, columns)


def _did(leaf: Did, columns: Columns) -> str:
    meant = columns.meant(leaf, leaf.within, leaf.before)
    if leaf.measure == "days":
        zone = columns.statement.bind(columns.zone, "String")
        many = columns.add(f"uniqExactIf(toDate(e.time, {zone}), {meant})")
    elif leaf.at_least <= 1 and leaf.at_most is None:
        many = columns.add(f"countIf({meant})")
    else:
        many = columns.add(_times(meant))
    return _between(many, int(leaf.at_least), None if leaf.at_most is None else int(leaf.at_most))


def _frequency(leaf: Frequency, columns: Columns) -> str:
    length, one = PERIODS[leaf.per], selected(Selector(leaf.event, leaf.where), columns.statement)

    def during(first: int, last: int) -> str:
        start = columns.statement.moment(columns.now - length * last)
        end = f" and e.time <= {columns.statement.moment(columns.now - length * first)}" if first else ""
        return columns.add(_times(f"{one} and e.time > {start}{end}"))

    if leaf.every:
        each = [_between(during(n, n + 1), leaf.at_least, leaf.at_most) for n in range(leaf.periods)]
        return "(" + " and ".join(each) + ")"
    most = None if leaf.at_most is None else leaf.at_most * leaf.periods
    return _between(during(0, leaf.periods), leaf.at_least * leaf.periods, most)


def _seen(leaf: LastSeen | FirstSeen, columns: Columns) -> str:
    meant = columns.meant(leaf)
    seen = columns.add(f"countIf({meant})")
    at = columns.add(f"{'max' if isinstance(leaf, LastSeen) else 'min'}If(e.time, {meant})")
    parts = [f"{seen} > 0"]
    if leaf.over:
        parts.append(f"{at} <= {columns.statement.moment(columns.now - duration(leaf.over))}")
    if leaf.under:
        parts.append(f"{at} > {columns.statement.moment(columns.now - duration(leaf.under))}")
    return f"({' and '.join(parts)})"


def _amount(leaf: Amount, columns: Columns) -> str:
    number = f"toFloat64OrNull(toString({column(leaf.prop)}))"
    meant = f"{columns.meant(leaf, leaf.within, leaf.before)} and isNotNull({number}) and isFinite({number})"
    wanted = columns.statement.bind(float(leaf.value), "Float64")
    if leaf.measure in ("min", "max"):
        found = columns.add(f"{leaf.measure}If(assumeNotNull({number}), {meant})")
        return f"({columns.add(f'countIf({meant})')} > 0 and {found} {leaf.op} {wanted})"
    each = columns.add(f"arraySort(groupUniqArrayIf((e.message_id, assumeNotNull({number})), {meant}))")
    total = f"arraySum(arrayMap(one -> one.2, {each}))"
    # To six places: in whatever order numbers are added up, they come to the same.
    if leaf.measure == "sum":
        return f"(round({total}, 6) {leaf.op} {wanted})"
    return f"(length({each}) > 0 and round({total} / length({each}), 6) {leaf.op} {wanted})"


def _sequence(leaf: Sequence, columns: Columns) -> str:
    """One walk over the events that matter, keeping for each number of steps done the latest moment they can have
    begun at: whoever began later is nearer to every limit, so no other way needs to be known."""
    steps, length = [selected(one, columns.statement) for one in leaf.steps], len(leaf.steps)
    without = [selected(one, columns.statement) for one in leaf.without]
    bits = [f"bitShiftLeft(toUInt16({one}), {n})" for n, one in enumerate(steps)]
    if without:
        bits.append(f"bitShiftLeft(toUInt16({' or '.join(f'({one})' for one in without)}), {length})")
    any_of = " or ".join(f"({one})" for one in [*steps, *without])
    meant = " and ".join([f"({any_of})", *columns.window(leaf.within, None)])
    row = f"(toUnixTimestamp64Micro(e.time), e.message_id, {' + '.join(bits)})"
    events = columns.add(f"arraySort(groupUniqArrayIf({row}, {meant}))")
    never = "toInt64(-9000000000000000000)"
    broken = f"bitTest(x.3, {length})" if without else "false"

    def after(n: int) -> str:
        done, so_far, before = f"bitTest(x.3, {n - 1})", f"acc.{n}", f"acc.{n - 1}"
        if n == 1:
            return f"if({done}, x.1, if({broken}, {never}, {so_far}))"
        if n < length:
            return f"if({broken}, {never}, if({done}, greatest({so_far}, {before}), {so_far}))"
        fits = f"{before} > {never}"
        if leaf.span:
            fits += f" and x.1 - {before} <= {int(duration(leaf.span).total_seconds()) * 1_000_000}"
        return f"if({done} and {fits}, greatest({so_far}, {before}), {so_far})"

    walk = ", ".join(after(n) for n in range(1, length + 1))
    start = ", ".join([never] * length)
    return f"(arrayFold((acc, x) -> ({walk}), {events}, ({start})).{length} > {never})"


def told_trait(prop: str, statement: Statement) -> tuple[str, str]:
    """What an event says of a trait, and whether it says something of it.

    Identify calls carry the traits that changed; the newest that names this one says what it is now. One that an
    operation took away is named in `removed_traits`.
    """
    holder, removed = column(prop), statement.bind(prop, "String")
    told = f"(isNotNull({holder}) or has(e.properties.removed_traits.:`Array(Nullable(String))`, {removed}))"
    # In a tuple, because argMax passes over null itself: the trait was taken away.
    return f"tuple(if(isNotNull({holder}), toString({holder}), null))", told


def _trait(leaf: Trait, columns: Columns) -> str:
    said, told = told_trait(leaf.prop, columns.statement)
    if leaf.of == "account":
        return _account_trait(leaf, said, told, columns)
    value = columns.add(f"argMaxIf({said}, (e.time, e.message_id), e.event = '{IDENTIFIED}' and {told}).1")
    return condition(leaf.filter, f"ifNull({value}, '')", f"isNotNull({value})", columns.statement)


def _account_trait(leaf: Trait, said: str, told: str, columns: Columns) -> str:
    account = columns.add("argMaxIf(e.account, (e.time, e.message_id), e.account != '')")
    positive = Filter(leaf.prop, _NEGATED.get(leaf.op, leaf.op), leaf.value)  # type: ignore[arg-type]
    meets = condition(positive, "ifNull(told, '')", "isNotNull(told)", columns.statement)
    among = _ACCOUNTS.format(said=said, named=told, event=ACCOUNT_IDENTIFIED, meets=meets)
    return f"({'not ' if leaf.op in _NEGATED else ''}({account} in ({among})))"


def _listed(leaf: Listed, columns: Columns) -> str:
    return f"(person in ({_LISTED.format(segment=columns.statement.bind(leaf.segment, 'String'))}))"


def _share(leaf: Share, columns: Columns) -> str:  # noqa: ARG001
    return drawn("toString(person)", f"segment:{leaf.seed}:", leaf.start, leaf.start + leaf.share)


def _times(meant: str) -> str:
    return f"uniqExactIf(xxh3(e.message_id), {meant})"


def _between(many: str, least: float, most: float | None) -> str:
    return f"({many} >= {least}" + (f" and {many} <= {most})" if most is not None else ")")


_KINDS: dict[type, Callable[[Any, Columns], str]] = {
    Did: _did, Frequency: _frequency, LastSeen: _seen, FirstSeen: _seen, Amount: _amount, Sequence: _sequence,
    Trait: _trait, Listed: _listed, Share: _share,
}  # fmt: skip
