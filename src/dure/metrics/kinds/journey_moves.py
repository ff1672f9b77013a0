"""Each person's way through a journey, in SQL: when which stage was held, and so every move from stage to stage.

Every array is walked beside its own shifted copy instead of being indexed inside a lambda, which would copy it for
each of its elements; so a listener of a thousand plays costs a thousand steps and not a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dure.kernel.filters import Filter
from dure.metrics import people_sql
from dure.metrics.journeys.course import IDENTIFIED, Course, Rule, Stage
from dure.metrics.question import Selector
from dure.metrics.sql import Ask, both, path
from dure.metrics.where import common, condition, named, selected

NEVER = 1 << 62  # later than any time, in microseconds
NOWHERE = -1  # where people come from when they enter the map


def people(ask: Ask, course: Course, end_us: int) -> str:
    """One row for each who ever met a rule before `end_us`: `unit`, `moves` in order as (from, to, when µs, µs spent in
    from), `acted` (their last activity, 0 where there is none)."""
    clauses = {f"k{s}_{c}": clause for s, stage in enumerate(course.stages)
               for c, clause in enumerate(stage.rule.clauses)}  # fmt: skip
    about = tuple(one for one in ask.question.where if one.prop.startswith("person."))
    theirs = tuple(one for one in ask.question.where if one not in about)
    columns = {name: _hit(ask, clause, theirs) for name, clause in clauses.items()}
    columns["acts"] = _any(_selected(ask, one, theirs) for one in course.acts())
    met = _any(columns.values())
    columns |= {f"{name}_is": _is_now(ask, one.trait) for name, one in clauses.items() if one.trait is not None}
    # A trait's change has no event properties to be filtered by; conditions on the person hold for both.
    which = both(ask.between(None, end_us), named(ask, course.selectors()), met, common(ask, about))
    source = people_sql.source(ask, {"t": "toUnixTimestamp64Micro(time)", **columns}, which)
    seen = ", ".join(f"{_seen(clause, name)} as {name}" for name, clause in clauses.items())
    return _moves(course, f"select unit, maxIf(t, acts) as acted, {seen} from ({source}) group by unit", end_us)


def _any(conditions: Iterable[str]) -> str:
    return " or ".join(f"({one})" for one in dict.fromkeys(conditions)) or "false"


def _selected(ask: Ask, selector: Selector, where: Sequence[Filter]) -> str:
    return both(selected(ask, selector), *(condition(ask, one, "where") for one in where))


def _hit(ask: Ask, clause: Rule, where: Sequence[Filter]) -> str:
    """Whether an event says something about a clause: it is one of those counted, or tells or takes away the trait."""
    if clause.trait is None:
        return _selected(ask, clause.selector, where)
    name = clause.trait.prop.partition(".")[2]
    removed = f"has(properties.removed_traits.:`Array(Nullable(String))`, {ask.words.text(name)})"
    return f"event = '{IDENTIFIED}' and (isNotNull({path(name)}) or {removed})"


def _is_now(ask: Ask, trait: Filter) -> str:
    """Whether a trait's new value meets the condition."""
    own = Filter(trait.prop.partition(".")[2], trait.op, trait.value)
    return f"toInt8({condition(ask, own, 'trait')})"


def _seen(clause: Rule, name: str) -> str:
    """What a person's events say about one clause: the least that its spans can be told from."""
    if clause.trait is not None:
        return f"arraySort(groupArrayIf((t, {name}_is), {name}))"
    if clause.within is None:
        return f"groupArraySortedIf({clause.at_least})(t, {name})"
    return f"arraySort(groupArrayIf(t, {name}))"


def _moves(course: Course, history: str, end_us: int) -> str:
    lasting = [number for number, stage in enumerate(course.stages) if stage.holds == "while"]
    spans = []
    for number, stage in enumerate(course.stages):
        each = ", ".join(_spans(clause, f"k{number}_{c}") for c, clause in enumerate(stage.rule.clauses))
        spans.append(f"arrayConcat({each}) as s{number}")
    sql = f"select unit, acted, {', '.join(spans)} from ({history})"
    if lasting:
        # How many spans lie over each of their ends: where that leaves 0 the stage is entered, at 0 it is lost.
        edges = [f"{_edges(f's{number}')} as e{number}" for number in lasting]
        sql = f"select *, {', '.join(edges)} from ({sql})"
        over = [f"{_over(f'e{number}')} as o{number}" for number in lasting]
        sql = f"select *, {', '.join(over)} from ({sql})"
    toggles = ", ".join(_toggles(stage, number) for number, stage in enumerate(course.stages))
    switched = f"arraySort(arrayFilter(T -> T.1 < {end_us}, arrayConcat({toggles})))"
    sql = f"select unit, acted, {switched} as toggles from ({sql})"
    # The sum of the bits that were switched on and off is what is held; of one instant only the outcome counts.
    sql = (
        "select unit, acted, arrayFilter(S -> S.3, arrayMap((T, H, N) -> (T.1, H, T.1 != N), toggles,"
        f" arrayCumSum(arrayMap(T -> T.2, toggles)), {_next('arrayMap(T -> T.1, toggles)')})) as held from ({sql})"
    )
    # Furthest first: the highest bit. Who holds nothing any more stands in the first stage.
    sql = (
        "select unit, acted, arrayMap(S -> (if(S.2 = 0, toInt64(0), toInt64(floor(log2(S.2)))), S.1), held) as placed"
        f" from ({sql}) where notEmpty(held)"
    )
    before = _before("arrayMap(S -> S.1, placed)", NOWHERE)
    sql = f"select unit, acted, arrayFilter((S, B) -> S.1 != B, placed, {before}) as stays from ({sql})"
    before, since = _before("arrayMap(S -> S.1, stays)", NOWHERE), _before("arrayMap(S -> S.2, stays)", 0)
    moves = f"arrayMap((S, B, T) -> (B, S.1, S.2, if(B < 0, toInt64(0), S.2 - T)), stays, {before}, {since})"
    return f"select unit, acted, {moves} as moves from ({sql})"


def _edges(spans: str) -> str:
    """The ends of all spans in order, as (when, +1 where one begins and -1 where one is over)."""
    return (
        f"arraySort(arrayConcat(arrayMap(S -> (S.1, toInt64(1)), {spans}), arrayMap(S -> (S.2, toInt64(-1)), {spans})))"
    )


def _over(edges: str) -> str:
    """(when, 1 where any span lies over it), of each instant the outcome."""
    return (
        f"arrayFilter(E -> E.3, arrayMap((E, C, N) -> (E.1, toInt64(C > 0), E.1 != N), {edges},"
        f" arrayCumSum(arrayMap(E -> E.2, {edges})), {_next(f'arrayMap(E -> E.1, {edges})')}))"
    )


def _toggles(stage: Stage, number: int) -> str:
    """An array of (when, ± the stage's bit)."""
    bit = 1 << number
    if stage.holds == "once":
        return f"arrayMap(S -> (S.1, toInt64({bit})), arraySlice(arraySort(s{number}), 1, 1))"
    before = _before(f"arrayMap(E -> E.2, o{number})", 0)
    changes = f"arrayFilter((E, B) -> E.2 != B, o{number}, {before})"
    return f"arrayMap(E -> (E.1, if(E.2 = 1, toInt64({bit}), toInt64(-{bit}))), {changes})"


def _spans(clause: Rule, name: str) -> str:
    """When a clause is true: an array of (from, until), `until` not included."""
    if clause.trait is not None:
        last = f"arrayFilter((C, N) -> C.1 != N, {name}, {_next(f'arrayMap(C -> C.1, {name})')})"
        until = _next(f"arrayMap(C -> C.1, {last})", NEVER)
        ranges = f"arrayMap((C, N) -> (C.1, N, C.2), {last}, {until})"
        return f"arrayMap(C -> (C.1, C.2), arrayFilter(C -> C.3 = 1, {ranges}))"
    count = clause.at_least
    if clause.within_us is None:
        return f"arrayMap(T -> (T, toInt64({NEVER})), arraySlice({name}, {count}, 1))"
    # From the n-th on until the first of those n is older than the window, whose end is included.
    first = f"arraySlice({name}, 1, greatest(toInt64(length({name})) - {count - 1}, 0))"
    within = clause.within_us
    return (
        f"arrayFilter(S -> S.1 < S.2, arrayMap((A, B) -> (B, A + {within + 1}), {first}, arraySlice({name}, {count})))"
    )


def _next(array: str, last: int = NEVER + 1) -> str:
    """The array shifted so that each place holds the one after it."""
    return f"arrayResize(arrayPopFront({array}), length({array}), toInt64({last}))"


def _before(array: str, first: int) -> str:
    """The array shifted so that each place holds the one before it."""
    return f"arraySlice(arrayPushFront({array}, toInt64({first})), 1, length({array}))"
