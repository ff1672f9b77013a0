"""Sessions: stretches of activity without a pause longer than the gap; how many, how long, how deep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from dure.metrics import people_sql
from dure.metrics.kinds import groups
from dure.metrics.period import Ruler
from dure.metrics.question import Selector, Sessions, seconds_of
from dure.metrics.sql import Ask, both
from dure.metrics.where import common, selected

MEASURES = ("sessions", "people", "average_seconds", "median_seconds", "events_per_session", "single_event_rate")
_COUNTS = ("sessions", "people")
_SQL = (
    "count() as sessions, uniqExact(unit) as people, avg(seconds) as average_seconds,"
    " quantileExactInclusive(0.5)(seconds) as median_seconds, avg(depth) as events_per_session,"
    " avg(depth = 1) as single_event_rate"
)
# Lengths as people speak of them; the last is open.
EDGES = (0, 1, 10, 30, 60, 180, 600, 1800, 3600)


def sessions_sql_of(ask: Ask, question: Sessions, ruler: Ruler) -> str:
    """One row a session that began in the range: `unit`, `at` (interval of its start), `seconds`, `depth` (events),
    `value` (of its first event).

    Whether the first event of the range continues a session from before is told by the one before it, so the events
    of one gap before the range are read too.
    """
    gap = seconds_of(question.gap, "gap") * 1_000_000
    start, end = ask.period.start_us, ask.period.end_us
    source = people_sql.source(
        ask,
        {"t": "toUnixTimestamp64Micro(time)", **groups.property_of(question.breakdown)},
        both(ask.between(start - gap, end), selected(ask, Selector(event=question.event)), common(ask)),
        trait=groups.trait_of(question.breakdown),
    )
    if question.breakdown is None:
        walk, pauses, first, last, value = "t", "arrayDifference(walk)", "session[1]", "session[-1]", "''"
    else:
        walk, pauses = "(t, value)", "arrayDifference(arrayMap(W -> W.1, walk))"
        first, last, value = "session[1].1", "session[-1].1", "session[1].2"
    walks = f"select unit, arraySort(groupArray({walk})) as walk from ({source}) group by unit"
    split = f"select unit, arrayJoin(arraySplit((W, P) -> P > {gap}, walk, {pauses})) as session from ({walks})"
    return (
        f"select unit, {value} as value, {first} as began, ({last} - {first}) / 1000000 as seconds,"
        f" length(session) as depth, {ruler.index_sql('fromUnixTimestamp64Micro(began)')} as at"
        f" from ({split}) where {first} >= {ask.words.whole(start)}"
    )


def statement(ask: Ask, question: Sessions, ruler: Ruler) -> str:
    """Rows of `value`, `whole` (no group), `at` (interval; -1 is the whole range), the measures, the counts of lengths
    between EDGES, and with a breakdown `place` and `groups` of `groups.ranked`."""
    bins = ", ".join(
        f"countIf(seconds >= {low}{'' if high is None else f' and seconds < {high}'})" for low, high in _bins()
    )
    numbers = f"{_SQL}, [{bins}] as lengths"
    interval = "if(grouping(at) = 1, toInt64(-1), toInt64(at)) as place_in_time"
    each = sessions_sql_of(ask, question, ruler)
    if question.breakdown is None:
        return f"select '' as value, 1 as whole, {interval}, {numbers} from ({each}) group by at with rollup"
    counted = (
        f"select value, grouping(value) as whole, {interval}, {numbers} from ({each}) group by value, at with cube"
    )
    # The sessions of all groups together come after the groups, and are none of them.
    sized = f"select *, maxIf(sessions, place_in_time = -1) over (partition by whole, value) as size from ({counted})"
    ranked = groups.ranked(sized, "whole, size desc", question.breakdown.limit)
    shown = f"value, whole, place_in_time, {', '.join(MEASURES)}, lengths, place, groups - 1 as groups"
    return f"select {shown} from ({ranked}) where whole or place <= {question.breakdown.limit}"


def answer(question: Sessions, ruler: Ruler, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The measures by interval and over the range, how long the sessions were, and the same of each group."""
    whole: dict[int, Sequence[Any]] = {}
    by_place: dict[int, dict[int, Sequence[Any]]] = {}
    names: dict[int, str] = {}
    for value, is_whole, at, *numbers in rows:
        if is_whole:
            whole[int(at)] = numbers
        else:
            place = int(numbers[-2])
            names[place] = str(value)
            by_place.setdefault(place, {})[int(at)] = numbers
    body = {"intervals": ruler.labels(), **_measured(ruler, whole)}
    if question.breakdown is not None:
        body["groups"] = [{"value": names[n] or None, **_measured(ruler, by_place[n])} for n in sorted(by_place)]
    return body


def definitions(question: Sessions) -> list[str]:
    said = [
        f"A session is what one {question.by} did without a pause longer than {question.gap}; it belongs to the"
        f" {question.interval} it began in, and people are the different {question.by}s who began one.",
        "A session that began before the range is not counted; one that goes on after it counts with what lies in it.",
        "Its length is from its first to its last event: a single event has length 0.",
    ]
    if question.breakdown is not None:
        said.append(
            f"A group is by the {question.breakdown.prop} of the session's first event (a trait: as it is now)."
        )
    return said


def _measured(ruler: Ruler, rows: Mapping[int, Sequence[Any]]) -> dict[str, Any]:
    def of(at: int, place: int) -> float | int | None:
        nothing = 0 if MEASURES[place] in _COUNTS else None
        return rows[at][place] if at in rows else nothing

    lengths = rows[-1][len(MEASURES)] if -1 in rows else [0] * len(EDGES)
    return {
        **{name: [of(at, place) for at in range(ruler.count)] for place, name in enumerate(MEASURES)},
        "total": {name: of(-1, place) for place, name in enumerate(MEASURES)},
        "durations": [
            {"from": low, "to": high, "count": int(count)} for (low, high), count in zip(_bins(), lengths, strict=True)
        ],
    }


def _bins() -> list[tuple[int, int | None]]:
    return list(pairwise((*EDGES, None)))  # type: ignore[arg-type]
