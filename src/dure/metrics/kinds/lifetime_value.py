"""Lifetime value: what those who began in an interval have paid since, and who buys again, how often and how soon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from dure.metrics import people_sql
from dure.metrics.period import Ruler
from dure.metrics.question import LifetimeValue, Selector
from dure.metrics.sql import Ask, both, text_of
from dure.metrics.where import common, named, selected

# Orders are told one by one up to here; the last number means so many or more.
MOST_ORDERS = 20
_NOTHING = "toDecimal128(0, 6)"


def statement(ask: Ask, question: LifetimeValue, ruler: Ruler) -> str:
    """Rows of a group's value and a cohort, and once without: members, money and buyers by interval since, people by
    number of orders, median µs from each order to the next, purchases, and those without readable money."""
    people = people_sql_of(ask, question, ruler)
    bought_in = "arrayDistinct(columns)"
    orders = f"if(empty(times), [], [least(length(times), {MOST_ORDERS + 1})])"
    waits = f"arraySlice(arrayPopFront(arrayDifference(arraySort(times))), 1, {MOST_ORDERS})"
    return (
        "select value, cohort, grouping(cohort) as whole, count(), sumMap(columns, amounts),"
        f" sumMap({bought_in}, arrayMap(C -> 1, {bought_in})), sumMap({orders}, arrayMap(N -> 1, {orders})),"
        f" quantileExactInclusiveForEach(0.5)({waits}), sum(length(times)), sum(unread)"
        f" from ({people}) group by grouping sets ((value, cohort), (value))"
    )


def people_sql_of(ask: Ask, question: LifetimeValue, ruler: Ruler) -> str:
    """One row a member: `unit`, `value`, `cohort` (an interval) and, of each purchase since, in no order, `times` (µs),
    `columns` (intervals since the cohort's own) and `amounts`; `unread` counts purchases whose money is no number."""
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
    # Arrays side by side: gathering tuples takes more than twice as long.
    grouped = (
        f"select unit, {value} as value, minIf(t, begins) as born, minIf(at, begins) as cohort,"
        " groupArrayIf(t, buys) as bought, groupArrayIf(at, buys) as bought_in,"
        f" groupArrayIf(ifNull(paid, {_NOTHING}), buys) as spent, groupArrayIf(isNull(paid), buys) as blank"
        f" from ({source}) group by unit having countIf(begins) > 0"
    )
    return (
        "select unit, value, cohort, arrayFilter(T -> T >= born, bought) as times,"
        " arrayMap(A -> A - cohort, arrayFilter((A, T) -> T >= born, bought_in, bought)) as columns,"
        " arrayFilter((A, T) -> T >= born, spent, bought) as amounts,"
        " arrayCount((B, T) -> B and T >= born, blank, bought) as unread"
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
    """What the rows say of one group, or of everybody: by cohort, by cohort and interval since, by number of orders."""

    size: dict[int, int] = field(default_factory=dict)
    paid: dict[tuple[int, int], Decimal] = field(default_factory=dict)
    buyers: dict[tuple[int, int], int] = field(default_factory=dict)
    orders: dict[int, int] = field(default_factory=dict)
    waits: tuple[float, ...] = ()
    revenue: Decimal = Decimal(0)
    purchases: int = 0
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
    _, cohort, whole, members, money, buyers, orders, waits, purchases, unread = row
    if not whole:
        group.size[cohort] = members
        group.paid |= {(cohort, number): paid for number, paid in zip(*money, strict=True)}
        group.buyers |= {(cohort, number): people for number, people in zip(*buyers, strict=True)}
        return
    group.orders = dict(zip(*orders, strict=True))
    group.waits = tuple(waits)
    group.revenue = sum(money[1], Decimal(0))
    group.purchases, group.unread = purchases, unread


def _told(question: LifetimeValue, ruler: Ruler, group: _Group, now: datetime) -> dict[str, Any]:
    until = min(ruler.period.end, now)
    cohorts = []
    pooled_money: dict[int, Decimal] = defaultdict(Decimal)
    pooled_size: dict[int, int] = defaultdict(int)
    for cohort in range(ruler.count):
        size, paid = group.size.get(cohort, 0), Decimal(0)
        value: list[float | None] = []
        buyers, complete = [], []
        for number in range(min(question.intervals, ruler.count - cohort)):
            paid += group.paid.get((cohort, number), 0)
            value.append(_per(paid, size))
            buyers.append(group.buyers.get((cohort, number), 0))
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
    reached = [sum(people for orders, people in group.orders.items() if orders > n) for n in range(MOST_ORDERS + 1)]
    told = [
        (order, people - reached[order] if order < MOST_ORDERS else people)
        for order, people in enumerate(reached[:-1], start=1)
    ]
    return {
        "buyers": buyers,
        "repeaters": reached[1],
        "rate": reached[1] / buyers if buyers else None,
        "orders": [{"orders": orders, "people": people} for orders, people in told if people],
        "next": [
            {
                "order": order, "people": people, "again": reached[order], "rate": reached[order] / people,
                "median_seconds": group.waits[order - 1] / 1e6 if reached[order] else None,
            }
            for order, people in enumerate(reached[:-1], start=1) if people
        ],
    }  # fmt: skip


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
