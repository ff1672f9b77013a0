"""Lifetime value: what those who began in an interval have paid since, and who buys again, how often and how soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any

from dure.metrics import people_sql
from dure.metrics.period import Ruler
from dure.metrics.question import LifetimeValue, Selector
from dure.metrics.sql import Ask, both, text_of
from dure.metrics.where import common, named, selected

# Orders are told one by one up to here; the last number means so many or more.
MOST_ORDERS = 20
_NOTHING = "toDecimal128(0, 6)"


class _Kind(IntEnum):
    """What a row of the statement tells: of a cohort, of its n-th interval, or of the n-th order."""

    SIZE = 1
    PAID = 2
    ORDERS = 3
    NEXT = 4
    UNREAD = 5


def statement(ask: Ask, question: LifetimeValue, ruler: Ruler) -> str:
    """Rows of value (of the breakdown), kind, cohort, number, people, purchases, money and median seconds."""
    people = people_sql_of(ask, question, ruler)
    zero, one = "toInt64(0)", "toInt64(1)"
    size = f"[({_Kind.SIZE:d}, cohort, {zero}, {_NOTHING}, {zero}, {one})]"
    # A purchase counts its buyer where it is the first of its interval.
    paid = (
        f"arrayMap((N, B, A) -> ({_Kind.PAID:d}, cohort, N, A, {zero}, toInt64(N != B)), columns,"
        " arrayResize(arrayPushFront(columns, toInt64(-1)), length(columns)), amounts)"
    )
    orders = (
        f"({_Kind.ORDERS:d}, {zero}, toInt64(least(length(times), {MOST_ORDERS})), arraySum(amounts), {zero}, {one})"
    )
    steps = f"arraySlice(arrayPopFront(arrayDifference(times)), 1, {MOST_ORDERS})"
    gap = f"({_Kind.NEXT:d}, {zero}, toInt64(I), {_NOTHING}, D, {one})"
    gaps = f"arrayMap((D, I) -> {gap}, {steps}, arrayEnumerate({steps}))"
    missing = f"({_Kind.UNREAD:d}, {zero}, {zero}, {_NOTHING}, {zero}, toInt64(unread))"
    items = f"arrayConcat({size}, if(empty(times), [], [{orders}, {missing}]), {paid}, {gaps})"
    return (
        "select value, item.1 as kind, item.2 as cohort, item.3 as number, sum(item.6) as people, count() as n,"
        " sum(item.4) as money,"
        f" quantileExactInclusiveOrNullIf(0.5)(item.5 / 1e6, item.1 = {_Kind.NEXT:d}) as seconds"
        f" from (select value, arrayJoin({items}) as item from ({people})) group by value, kind, cohort, number"
    )


def people_sql_of(ask: Ask, question: LifetimeValue, ruler: Ruler) -> str:
    """One row a member: `unit`, `value`, `cohort` (an interval) and, of each purchase since, `times` (µs), `columns`
    (intervals since the cohort's own) and `amounts`; `unread` counts purchases whose money is no number."""
    buys = selected(ask, question.purchase, "purchase.where")
    begins = selected(ask, question.start, "start.where") if question.start else buys
    columns = {
        "t": "toInt64(toUnixTimestamp64Micro(time))",
        "at": f"toInt64({ruler.index_sql()})",
        "buys": buys,
        "begins": begins,
        # Sums must come out to the cent, so money is decimal.
        "paid": f"toDecimal128OrNull({text_of(question.prop)}, 6)",
    }
    trait, value = None, "''"
    if question.breakdown is not None:
        value = "argMinIf(value, t, begins)"
        if question.breakdown.prop.startswith(("person.", "account.")):
            trait = question.breakdown.prop
        else:
            columns["value"] = text_of(question.breakdown.prop)
    which = both(
        ask.between(None, ask.period.end_us), named(ask, selectors(question)), f"{buys} or {begins}", common(ask)
    )
    source = people_sql.source(ask, columns, which, trait=trait)
    grouped = (
        f"select unit, {value} as value, minIf(t, begins) as born, minIf(at, begins) as cohort,"
        " arraySort(B -> (B.1, B.3), groupArrayIf((t, at, paid), buys)) as bought"
        f" from ({source}) group by unit having countIf(begins) > 0"
    )
    return (
        "select unit, value, cohort, arrayFilter(B -> B.1 >= born, bought) as since, tupleElement(since, 1) as times,"
        " arrayMap(B -> B.2 - cohort, since) as columns,"
        f" arrayMap(B -> ifNull(B.3, {_NOTHING}), since) as amounts, arrayCount(B -> isNull(B.3), since) as unread"
        f" from ({grouped}) where born >= {ask.words.whole(ask.period.start_us)}"
    )


def buyers_sql(ask: Ask, question: LifetimeValue, ruler: Ruler, cohort: int, column: int, value: str | None) -> str:
    """A SELECT of `unit`: who of a cohort bought in its n-th interval (of one group, where `value` is a text)."""
    group = "" if value is None else f" and value = {ask.words.text(value)}"
    people = people_sql_of(ask, question, ruler)
    return f"select unit from ({people}) where cohort = {int(cohort)} and has(columns, {int(column)}){group}"


def selectors(question: LifetimeValue) -> tuple[Selector, ...]:
    return (question.purchase,) if question.start is None else (question.start, question.purchase)


@dataclass(slots=True)
class _Group:
    """What the rows say of one group, or of everybody."""

    size: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    paid: dict[tuple[int, int], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    buyers: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    orders: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    again: dict[int, tuple[int, float]] = field(default_factory=dict)
    purchases: int = 0
    revenue: Decimal = Decimal(0)
    unread: int = 0


def answer(
    ask: Ask, question: LifetimeValue, ruler: Ruler, rows: Sequence[Sequence[Any]], now: datetime
) -> dict[str, Any]:
    groups: dict[str, _Group] = defaultdict(_Group)
    for row in rows:
        _take(groups[str(row[0])], row)
    unread = sum(group.unread for group in groups.values())
    if unread:
        ask.warnings.append(f"{unread} purchases have no number in {question.prop}; they count as orders of nothing.")
    if question.breakdown is None:
        return _told(question, ruler, groups[""], now)
    ranked = sorted(groups, key=lambda value: (-sum(groups[value].size.values()), value))
    if len(ranked) > question.breakdown.limit:
        ask.warnings.append(f"{len(ranked)} groups; the {question.breakdown.limit} largest are shown.")
    return {
        "groups": [
            {"value": value or None, **_told(question, ruler, groups[value], now)}
            for value in ranked[: question.breakdown.limit]
        ]
    }


def definitions(question: LifetimeValue) -> list[str]:
    name, by = question.interval, question.by
    began = "its first such start" if question.start else "its first purchase"
    return [
        f"A {by} belongs to the {name} of {began} of all time, and to none where that lies outside the range.",
        f"`value` is what was paid from then to the end of the n-th {name} after, per member of the cohort, also of"
        f" those who paid nothing; `buyers` are those who bought in that very {name}. Number 0 is the cohort's own.",
        f"Money is {question.prop} as it comes (no currency is converted), summed exactly to six decimals.",
        f"A cell is complete when its {name} has passed. Pooled values are over complete cells of all cohorts.",
        f"Repurchase and totals are of all members and their purchases in the range. Orders are told up to"
        f" {MOST_ORDERS}, the last meaning so many or more; `next` is who bought again after the n-th order so far,"
        " and the median time it took those who did.",
    ]


def _take(group: _Group, row: Sequence[Any]) -> None:
    _, kind, cohort, number, people, purchases, money, seconds = row
    match _Kind(kind):
        case _Kind.SIZE:
            group.size[int(cohort)] = int(people)
        case _Kind.PAID:
            group.paid[int(cohort), int(number)] = Decimal(money)
            group.buyers[int(cohort), int(number)] = int(people)
            group.purchases += int(purchases)
            group.revenue += Decimal(money)
        case _Kind.ORDERS:
            group.orders[int(number)] = int(people)
        case _Kind.NEXT:
            group.again[int(number)] = int(people), float(seconds)
        case _Kind.UNREAD:
            group.unread = int(people)


def _told(question: LifetimeValue, ruler: Ruler, group: _Group, now: datetime) -> dict[str, Any]:
    until = min(ruler.period.end, now)
    cohorts = []
    pooled_money: dict[int, Decimal] = defaultdict(Decimal)
    pooled_size: dict[int, int] = defaultdict(int)
    for cohort in range(ruler.count):
        size, paid = group.size[cohort], Decimal(0)
        value: list[float | None] = []
        buyers, complete = [], []
        for number in range(min(question.intervals, ruler.count - cohort)):
            paid += group.paid[cohort, number]
            value.append(_per(paid, size))
            buyers.append(group.buyers[cohort, number])
            complete.append(ruler.starts_at(cohort + number + 1) <= until)
            if complete[-1]:
                pooled_money[number] += paid
                pooled_size[number] += size
        label = ruler.label(cohort)
        cohorts.append({"start": label, "size": size, "value": value, "buyers": buyers, "complete": complete})
    columns = min(question.intervals, ruler.count)
    return {
        "cohorts": cohorts,
        "pooled": [_per(pooled_money[number], pooled_size[number]) for number in range(columns)],
        "repurchase": _repurchase(group),
        "total": _total(group),
    }


def _repurchase(group: _Group) -> dict[str, Any]:
    buyers = sum(group.orders.values())
    following = []
    for order in range(1, MOST_ORDERS + 1):
        people = sum(count for orders, count in group.orders.items() if orders >= order)
        if people:
            again, seconds = group.again.get(order, (0, None))
            following.append(
                {"order": order, "people": people, "again": again, "rate": again / people, "median_seconds": seconds}
            )
    repeaters = buyers - group.orders.get(1, 0)
    return {
        "buyers": buyers,
        "repeaters": repeaters,
        "rate": repeaters / buyers if buyers else None,
        "orders": [{"orders": orders, "people": group.orders[orders]} for orders in sorted(group.orders)],
        "next": following,
    }


def _total(group: _Group) -> dict[str, Any]:
    buyers = sum(group.orders.values())
    return {
        "revenue": _number(group.revenue),
        "orders": group.purchases,
        "buyers": buyers,
        "average_order": _per(group.revenue, group.purchases),
        "per_buyer": _per(group.revenue, buyers),
    }


def _per(money: Decimal, count: int) -> float | None:
    return float(money / count) if count else None


def _number(money: Decimal) -> int | float:
    """Whole amounts stay whole: the sum of many minor units is more than a float holds exactly."""
    return int(money) if money == money.to_integral_value() else float(money)
