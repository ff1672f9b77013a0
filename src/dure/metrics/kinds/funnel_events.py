"""The events of each person as arrays in order of time: what every way of following a funnel reads.

An event is packed into one number (time, place in a tie, steps, exclusions): sorting numbers is several times faster
than sorting tuples. (Tried and no faster: to leave out those who never did a second step before sorting. What tells
them costs as much as following them.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dure.metrics import people_sql
from dure.metrics.period import Ruler
from dure.metrics.question import Funnel, meet, seconds_of
from dure.metrics.sql import Ask, both, text_of
from dure.metrics.where import common, named, selected

# Later than any event: there is none.
NEVER = 9_000_000_000_000_000


@dataclass(frozen=True)
class Course:
    """A funnel as its followers see it. With `ruler` each interval of it is a funnel of its own, of the attempts that
    began in it, and a person comes once an interval."""

    question: Funnel
    ruler: Ruler | None = None
    counting: tuple[int, ...] = field(init=False)
    window: int = field(init=False)

    def __post_init__(self) -> None:
        steps = enumerate(self.question.steps)
        object.__setattr__(self, "counting", tuple(index for index, step in steps if not step.optional))
        object.__setattr__(self, "window", seconds_of(self.question.window, "window") * 1_000_000)

    @property
    def begins(self) -> str:
        """Whether an event with the steps `M` may begin an attempt."""
        if self.ruler is not None:
            return f"bitTest(M, {len(self.question.steps)})"
        return self.could_begin

    @property
    def could_begin(self) -> str:
        return "M > 0" if self.question.order == "any" else "bitTest(M, 0)"

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns of a row that say whose it is."""
        return ("unit", "at") if self.ruler is not None else ("unit",)

    @property
    def attribution(self) -> str:
        """How the values along the matched events make a group; empty where they don't."""
        breakdown = self.question.breakdown
        return "" if breakdown is None or self.trait_of_unit else breakdown.attribution

    @property
    def trait_of_unit(self) -> str:
        """A breakdown by a trait of those who are counted: it is theirs whatever they did."""
        breakdown = self.question.breakdown
        return breakdown.prop if breakdown and breakdown.prop.startswith(f"{self.question.by}.") else ""

    def before(self, index: int) -> int:
        """The last counting step before step `index`."""
        return max(place for place in self.counting if place < index)


def events(ask: Ask, course: Course) -> str:
    """One row a person: `unit` and, in order of time, arrays `t` (µs), `m` (steps as bits), `x` (exclusions as bits,
    where there are any) and `v` (values to group by, where they are asked)."""
    question = course.question
    packing = _Packing(ask, question)
    grouped = bool(course.attribution)
    # A row of a tuple, so that equal events are taken in the order of their values.
    item = "(key, value)" if grouped else "key"
    begun = "groupBitOr(m) > 0" if question.order == "any" else "bitTest(groupBitOr(m), 0)"
    source = _source(ask, course, packing)
    people = f"select unit, arraySort(groupArray({item})) as ev from ({source}) group by unit having {begun}"
    keys = "arrayMap(E -> E.1, ev)" if grouped else "ev"
    arrays = {"unit": "unit", **packing.unpacked(keys)}
    if grouped:
        arrays["v"] = "arrayMap(E -> E.2, ev)"
    sql = f"select {people_sql.listed(arrays)} from ({people})"
    if course.attribution == "all":
        sql = _each_value(sql, question)
    return _each_interval(sql, course) if course.ruler is not None else sql


def nearest_exclusions(question: Funnel) -> dict[str, str]:
    """For each exclusion an array, `x0`…: the time of the next one that is later than a position's."""
    arrays = {}
    following = "arrayPushBack(arrayPopFront(t), toInt64(0))"
    for index in range(len(question.exclude)):
        after = next_one(f"arrayMap((X, T) -> if(bitTest(X, {index}), T, toInt64(0)), x, t)")
        # Not one at the same time: every event of a tie has what the tie's last has next.
        last = f"arrayMap((N, T, F) -> if(T != F, N, toInt64(0)), {after}, t, {following})"
        arrays[f"x{index}"] = f"arrayReverseFill(one -> one != 0, {last})"
    return arrays


def next_one(marks: str) -> str:
    """An array that says, at every position, what `marks` (0: nothing) has next after it; NEVER where nothing."""
    return f"arrayReverseFill(one -> one != 0, arrayPushBack(arrayPopFront({marks}), toInt64({NEVER})))"


def least_of(arrays: list[str]) -> str:
    """The least of several arrays, place by place; NEVER everywhere where there are none."""
    if not arrays:
        return f"arrayMap(T -> toInt64({NEVER}), t)"
    letters = ", ".join(f"N{index}" for index in range(len(arrays)))
    return f"arrayMap(({letters}) -> least({letters}), {', '.join(arrays)})" if len(arrays) > 1 else arrays[0]


def staged(source: str, stages: Sequence[Mapping[str, str]], kept: tuple[str, ...]) -> str:
    """Each stage's arrays out of those of the stages before, a subquery each: names inside one SELECT are written out
    wherever they are used, and the text of a funnel of twenty steps would grow beyond reading."""
    sql = source
    for stage in stages:
        sql = f"select *, {people_sql.listed(stage)} from ({sql})"
    return f"select {', '.join(kept)} from ({sql})"


def attributed(course: Course, aside: Mapping[int, str] | None = None) -> str:
    """The group's value, out of `v` and the positions of the matched events: `ats` of the counting steps and `aside`
    of optional ones (0 where left out)."""
    breakdown = course.question.breakdown
    aside = aside or {}
    match course.attribution:
        case "":
            return "''"
        case "all":
            return "own"
        case "step":
            assert breakdown is not None  # noqa: S101
            if breakdown.step in aside:
                place = aside[breakdown.step]
                return f"if({place} > 0, v[{place}], '')"
            place = str(course.counting.index(breakdown.step) + 1)
            return f"if(reached >= {place}, v[ats[{place}]], '')"
        case way:
            places = "ats"
            if aside:
                places = f"arraySort(arrayFilter(I -> I > 0, arrayConcat(ats, [{', '.join(aside.values())}])))"
            take = "arrayLast" if way == "last" else "arrayFirst"
            return f"{take}(one -> one != '', arrayMap(I -> v[I], {places}))"


class _Packing:
    """How an event becomes a number, and comes out of it again."""

    def __init__(self, ask: Ask, question: Funnel) -> None:
        steps, exclusions = len(question.steps), len(question.exclude)
        self._steps, self._exclusions = steps, exclusions
        self._origin = ask.period.start_us
        low = exclusions + steps
        self._shift = low + (steps + 1).bit_length()
        span = (ask.period.end_us - ask.period.start_us).bit_length()
        wide = "toUInt64" if self._shift + span <= 64 else "toUInt128"
        # Exclusions come first in a tie, then by the first step an event matches.
        rank = f"if(m = 0, {steps + 1}, bitCount(bitXor(m, m - 1)))"
        rank = f"if(x > 0, 0, {rank})" if exclusions else rank
        parts = [(f"t - {self._origin}", self._shift), (rank, low), ("m", exclusions)]
        parts += [("x", 0)] if exclusions else []
        self.key = " + ".join(f"bitShiftLeft({wide}({part}), {places})" for part, places in parts)

    def unpacked(self, keys: str) -> dict[str, str]:
        mask = (1 << self._steps) - 1
        arrays = {
            "t": f"arrayMap(K -> toInt64(bitShiftRight(K, {self._shift})) + {self._origin}, {keys})",
            "m": f"arrayMap(K -> toUInt32(bitAnd(bitShiftRight(K, {self._exclusions}), {mask})), {keys})",
        }
        if self._exclusions:
            arrays["x"] = f"arrayMap(K -> toUInt32(bitAnd(K, {(1 << self._exclusions) - 1})), {keys})"
        return arrays


def _seconds(question: Funnel) -> list[int]:
    """The steps that may come right after the first."""
    found = []
    for index, step in enumerate(question.steps[1:], start=1):
        found.append(index)
        if not step.optional:
            break
    return found


def _source(ask: Ask, course: Course, packing: _Packing) -> str:
    """The rows: every event that is a step or an exclusion, with `t`, `m`, `x` and `value`; in a strict funnel also
    the other events of those who did a second step after a first, and nobody else's."""
    question = course.question
    excluded = [selected(ask, one, f"exclude[{index}].where") for index, one in enumerate(question.exclude)]
    bits = []
    for index, step in enumerate(question.steps):
        sql = selected(ask, step, f"steps[{index}].where")
        apart = [
            out for out, one in zip(excluded, question.exclude, strict=True)
            if (one.event, one.where) != (step.event, step.where) and meet((one, step))
        ]  # fmt: skip
        sql = both(sql, *(f"not ({out})" for out in apart))
        bits.append(f"if({sql}, {1 << index}, 0)")
    columns = {"t": "toUnixTimestamp64Micro(time)", "m": f"toUInt32({' + '.join(bits)})"}
    if question.exclude:
        columns["x"] = f"toUInt32({' + '.join(f'if({sql}, {1 << index}, 0)' for index, sql in enumerate(excluded))})"
    trait = None
    if course.attribution and question.breakdown is not None:
        if question.breakdown.prop.startswith(("person.", "account.")):
            trait = question.breakdown.prop
        else:
            columns["value"] = text_of(question.breakdown.prop)

    def rows(which: str) -> str:
        source = people_sql.source(ask, columns, both(ask.in_range(), which, common(ask)), trait=trait)
        return f"select *, {packing.key} as key from ({source})"

    meant = named(ask, [*question.steps, *question.exclude])
    matched = f"select * from ({rows(meant)}) where {'m > 0 or x > 0' if question.exclude else 'm > 0'}"
    if question.order != "strict":
        return matched
    second = " or ".join(f"bitTest(m, {index})" for index in _seconds(question)) or "false"
    hopeful = (
        f"select unit from ({matched}) group by unit"
        f" having countIf(bitTest(m, 0)) > 0 and minIf(key, bitTest(m, 0)) <= maxIf(key, {second})"
    )
    theirs = people_sql.in_people(ask, hopeful) if question.by == "person" else f"{question.by} in ({hopeful})"
    return rows(f"{meant} or {theirs}")


def _each_value(sql: str, question: Funnel) -> str:
    """One row a person and value: only steps with that value count, whatever else happened still lies between."""
    kept = "unit, t, x, v" if question.exclude else "unit, t, v"
    own = "arrayJoin(arrayDistinct(arrayFilter((V, M) -> M > 0, v, m)))"
    masked = "arrayMap((M, V) -> if(V = own, M, toUInt32(0)), steps, v)"
    return f"select {kept}, own, {masked} as m from (select {kept}, m as steps, {own} as own from ({sql}))"


def _each_interval(sql: str, course: Course) -> str:
    """One row a person and interval `at` in which an attempt may have begun; a bit above the steps says which events
    may begin one."""
    assert course.ruler is not None  # noqa: S101
    question = course.question
    kept = "unit, t, x" if question.exclude else "unit, t"
    number = course.ruler.index_sql("fromUnixTimestamp64Micro(T, 'UTC')")
    numbers = f"arrayMap(T -> toInt64({number}), t)"
    each = f"arrayJoin(arrayDistinct(arrayFilter((I, M) -> {course.could_begin}, ats, m)))"
    opened = f"if(I = at and {course.could_begin}, M + {1 << len(question.steps)}, M)"
    return (
        f"select {kept}, at, arrayMap((M, I) -> toUInt32({opened}), steps, ats) as m"
        f" from (select {kept}, m as steps, {numbers} as ats, {each} as at from ({sql}))"
    )
