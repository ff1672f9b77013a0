"""Correlation: which earlier events, properties and traits go with reaching a goal.

Everybody who began is held against every candidate by one statement. What those are, `candidates` says.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from dure.kernel.errors import Invalid
from dure.metrics import people_sql
from dure.metrics.kinds.association import Table, corrected, fisher
from dure.metrics.kinds.candidates import TOLD, TRAITS_OF, Candidates, among, until
from dure.metrics.period import micros
from dure.metrics.question import Correlation, Selector, seconds_of
from dure.metrics.sql import Ask, both, path, text_of
from dure.metrics.where import common, named, selected

Kind = Literal["event", "property", "trait"]
MOST = 200
# The rate of false finds among what is said to hold.
_HOLDS = 0.05


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the answer, to ask who it counted."""

    kind: Kind
    name: str
    value: str | None = None


def statement(ask: Ask, question: Correlation, looked: Candidates, now: datetime) -> str:
    """Rows of kind, name, value, people and how many of them reached the goal. Rows of no kind tell of everybody who
    began: how many there are (`all`), whose window is `open` still, and half of the goals' `wait` (µs)."""
    window = seconds_of(question.window, "window") * 1_000_000
    everybody = (
        "select '' as kind, told.1 as name, '' as value, told.2 as people, done from (select countIf(reached) as done,"
        f" arrayJoin([('all', count()), ('open', countIf(not reached and began + {window} >= {micros(now)})),"
        " ('wait', if(countIf(reached) = 0, 0, toUInt64(quantileExactIf(0.5)(cut - began, reached))))]) as told"
        f" from ({_began(ask, question)}))"
    )
    tables = [
        f"select '{kind}' as kind, toString(name) as name, value, uniqExact(unit) as people,"
        f" uniqExactIf(unit, reached) as done from ({things}) group by name, value"
        f" having people >= {question.minimum} order by people desc, name, value limit {MOST}"
        for kind, things in _things(ask, question, looked).items()
    ]
    return " union all ".join(f"select * from ({one})" for one in (everybody, *tables))


def people_sql_of(ask: Ask, question: Correlation, row: Row | None, reached: bool | None) -> str:
    """A SELECT of `unit`: who did or had a row's thing (no row: everybody who began), and who of them reached it."""
    people, which = _began(ask, question), "true"
    if row is not None:
        only = msgspec.structs.replace(question, events=(row.name,)) if row.kind == "event" else question
        looked = Candidates(
            row.kind == "event",
            (row.name,) if row.kind == "property" else (),
            (row.name,) if row.kind == "trait" else (),
        )
        things = _things(ask, only, looked)
        if row.kind not in things:
            raise Invalid("Only people and accounts have traits.", field="cell.row.kind")
        people = things[row.kind]
        which = f"name = {ask.words.text(row.name)} and value = {ask.words.text(row.value or '')}"
    if reached is not None:
        which += " and reached" if reached else " and not reached"
    return f"select unit from ({people}) where {which}"


def answer(ask: Ask, question: Correlation, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Those that hold after correction first, the strongest association first."""
    alone = {str(name): (int(people), int(done)) for kind, name, _, people, done in rows if not kind}
    started, reached = alone.get("all", (0, 0))
    still_open = alone.get("open", (0, 0))[0]
    if still_open:
        ask.warnings.append(f"{still_open} have not reached the goal but still may; they count as not having done so.")
    wait, window = alone.get("wait", (0, 0))[0] / 1e6, seconds_of(question.window, "window")
    if reached and question.exposure == "window" and wait < window * 3 / 4:
        ask.warnings.append(
            f"Half of those who reached the goal took no more than {_span(wait)}, and only what they did in that time"
            f" counts; the others had {question.window}. Ask with `exposure: matched` to give all the same time."
        )
    tested = [
        (str(kind), str(name), str(value), Table(int(done), int(people), reached, started))
        for kind, name, value, people, done in rows
        if kind and int(people) < started
    ]
    chances = [fisher(table) for *_, table in tested]
    ranked = []
    for (kind, name, value, table), p, p_corrected in zip(tested, chances, corrected(chances), strict=True):
        odds = table.odds_ratio
        row = {
            "kind": kind, "name": name, "value": value if kind != "event" else None, "people": table.people,
            "reached": table.both, "rate": table.rate, "lift": table.lift, "odds_ratio": odds, "p": p,
            "p_corrected": p_corrected, "direction": "up" if odds > 1 else "down" if odds < 1 else "none",
        }  # fmt: skip
        ranked.append(((p_corrected > _HOLDS, -abs(math.log(odds)), p, name, value), row))
    ranked.sort(key=lambda one: one[0])
    if len(ranked) > question.limit:
        ask.warnings.append(f"{len(ranked)} were tested; the first {question.limit} are shown.")
    base = {"started": started, "reached": reached, "rate": reached / started if started else None}
    return {"base": base, "rows": [row for _, row in ranked[: question.limit]], "tested": len(ranked)}


def definitions(question: Correlation, looked: Candidates) -> list[str]:
    by = question.by
    said = [
        f"Looks at every {by} that began in the range, from the first time; reached means the goal came after that and"
        f" within {question.window}, the end included, also after the range.",
        {
            "window": "Only what was done after the start and strictly before the goal counts (without a goal: up to"
            " the window's end). Whoever reached the goal soon had less time to do anything else: what takes long looks"
            " hindering.",
            "matched": "Only what was done after the start and strictly before the goal counts. Those who did not reach"
            " it are given the time that another one, drawn once and for all, took to reach it.",
        }[question.exposure],
        f"Compared is what at least {question.minimum} did or had and not everybody, the {MOST} most common of each"
        f" kind. Unless named, what is only told about a {by} is not an event here: {', '.join(TOLD)}.",
    ]  # fmt: skip
    if looked.props:
        said.append(f"Properties: {', '.join(looked.props)}, on any event in that time.")
    if looked.traits:
        said.append(
            f"Traits: {', '.join(looked.traits)}, as last stated before the goal (else the window's end), so that what"
            " the goal itself changed is not taken for its reason."
        )
    return [
        *said,
        "Lift is the rate of those with the thing over everybody's. The odds ratio compares with those without it; a"
        " half is added to all four counts where one is zero (Haldane–Anscombe).",
        "p is Fisher's exact test, two-sided; p_corrected is the false discovery rate over all that were tested"
        f" (Benjamini–Hochberg). First come those of at most {_HOLDS}, the strongest odds first.",
        "This is association, not cause: whoever does the thing may have been going to reach the goal anyway.",
    ]


def selectors(question: Correlation) -> tuple[Selector, ...]:
    return question.start, question.goal


def _began(ask: Ask, question: Correlation) -> str:
    """One row for each who began: `unit`, `began` (µs), `reached`, and `cut`: what lies before it counts."""
    window = seconds_of(question.window, "window") * 1_000_000
    columns = {
        "t": "toInt64(toUnixTimestamp64Micro(time))",
        "starts": both(selected(ask, question.start, "start.where"), ask.in_range()),
        "goals": selected(ask, question.goal, "goal.where"),
    }
    which = both(
        ask.between(ask.period.start_us, until(ask, question)), named(ask, selectors(question)),
        f"({columns['starts']}) or ({columns['goals']})", common(ask),
    )  # fmt: skip
    source = people_sql.source(ask, columns, which)
    grouped = (
        "select unit, minIf(t, starts) as began,"
        f" arrayMin(arrayFilter(T -> T > began and T <= began + {window}, groupArrayIf(t, goals))) as goal"
        f" from ({source}) group by unit having countIf(starts) > 0"
    )
    given = f"{window} + 1"
    if question.exposure == "matched":
        waits = f"(select arraySort(groupArray(goal - began)) from ({grouped}) where goal > 0)"
        drawn = "arrayElement(waits, 1 + cityHash64(unit) % greatest(length(waits), 1))"
        given = f"if(empty({waits} as waits), {given}, {drawn})"
    return f"select unit, began, goal > 0 as reached, if(reached, goal, began + {given}) as cut from ({grouped})"


def _things(ask: Ask, question: Correlation, looked: Candidates) -> dict[Kind, str]:
    """By kind a SELECT of `unit`, `reached`, `name`, `value`: what each who began did or had, perhaps several times."""
    found: dict[Kind, str] = {}
    if looked.events:
        found["event"] = _earlier(ask, question, {"did": "event"}, "did as name, '' as value")
    if looked.props:
        values = {f"v{index}": text_of(prop) for index, prop in enumerate(looked.props)}
        items = [f"({ask.words.text(prop)}, v{index})" for index, prop in enumerate(looked.props)]
        item = f"arrayJoin(arrayFilter(I -> I.2 != '', [{', '.join(items)}])) as item"
        found["property"] = _earlier(ask, question, values, f"{item}, item.1 as name, item.2 as value")
    if looked.traits and ask.by in TRAITS_OF:
        found["trait"] = _had(ask, question, looked.traits)
    return found


def _earlier(ask: Ask, question: Correlation, columns: Mapping[str, str], told: str) -> str:
    """What was done between the start and the cut, one row an event."""
    which = both(ask.between(ask.period.start_us, until(ask, question)), among(ask, question), common(ask))
    events = people_sql.source(ask, {"t": "toInt64(toUnixTimestamp64Micro(time))", **columns}, which)
    return (
        f"select e.unit as unit, b.reached as reached, {told} from ({events}) as e"
        f" inner join ({_began(ask, question)}) as b on e.unit = b.unit where e.t > b.began and e.t < b.cut"
    )


def _had(ask: Ask, question: Correlation, traits: Sequence[str]) -> str:
    """The traits of each who began, as last stated before the cut."""
    columns = {"t": "toInt64(toUnixTimestamp64Micro(time))"}
    newest = []
    for index, trait in enumerate(traits):
        name = trait.partition(".")[2]
        removed = f"has(properties.removed_traits.:`Array(Nullable(String))`, {ask.words.text(name)})"
        columns |= {f"v{index}": f"toString({path(name)})", f"k{index}": f"isNotNull({path(name)}) or {removed}"}
        # In a tuple, because argMax passes over NULL: the trait was taken away.
        newest.append(f"argMaxIf(tuple(e.v{index}), e.t, e.k{index}).1")
    which = both(ask.between(None, until(ask, question)), f"event = '{TRAITS_OF[ask.by]}'")
    items = [f"({ask.words.text(trait)}, ifNull({sql}, ''))" for trait, sql in zip(traits, newest, strict=True)]
    stated = (
        f"select e.unit as unit, any(b.reached) as reached, [{', '.join(items)}] as items"
        f" from ({people_sql.source(ask, columns, which)}) as e"
        f" inner join ({_began(ask, question)}) as b on e.unit = b.unit where e.t < b.cut group by e.unit"
    )
    return (
        "select unit, reached, item.1 as name, item.2 as value"
        f" from (select unit, reached, arrayJoin(items) as item from ({stated})) where item.2 != ''"
    )


def _span(seconds: float) -> str:
    """A duration in its largest whole unit."""
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{seconds / size:.3g}{unit}"
    return f"{seconds:.3g}s"
