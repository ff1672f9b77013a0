"""Correlation: which earlier events, properties and traits go with reaching a goal.

Everybody who began is held against every candidate by one statement; what names no candidate is found by a sample of
the newest rows, never by reading all properties of all events.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from dure.kernel.errors import Invalid
from dure.metrics import people_sql
from dure.metrics.association import Table, corrected, fisher
from dure.metrics.period import micros
from dure.metrics.question import Correlation, Selector, seconds_of
from dure.metrics.sql import Ask, both, path, text_of
from dure.metrics.where import common, named, selected

Kind = Literal["event", "property", "trait"]
KINDS: tuple[Kind, ...] = ("event", "property", "trait")
MOST = 200
_MOST_NAMES, _MOST_VALUES, _SAMPLE = 20, 50, 2000
_TRAITS_OF = {"person": "Identified", "account": "Account Identified"}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the answer, to ask who it counted."""

    kind: Kind
    name: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is looked at: whether events are, and of which properties and traits every value is."""

    events: bool
    props: tuple[str, ...]
    traits: tuple[str, ...]


def candidates(ask: Ask, question: Correlation, props: Sequence[str], traits: Sequence[str]) -> Candidates:
    """What the question names, else what `samples` found (traits without their owner)."""
    named_props, named_traits = _told(question)
    for index, trait in enumerate(question.props):
        if trait in named_traits and not trait.startswith(f"{ask.by}."):
            raise Invalid(f"By {ask.by} the traits of a {ask.by} can be looked at.", field=f"props[{index}]")
    return Candidates(
        events="events" in question.look,
        props=tuple(named_props or filter(_sound, props)),
        traits=tuple(named_traits or (f"{ask.by}.{name}" for name in traits if _sound(name))),
    )


def samples(ask: Ask, question: Correlation) -> tuple[str | None, str | None]:
    """Statements of the names of properties, and of traits, in the newest rows; None where the question names them or
    does not look for any. Texts of which hardly two are the same (ids, addresses) are no candidates."""
    props, traits = _told(question)
    when = ask.between(ask.period.start_us, _until(ask, question))
    of_events, of_traits = None, None
    if "properties" in question.look and not props:
        which = both(when, f"event in {ask.words.texts(question.events)}" if question.events else "true")
        of_events = _sample(which)
    if "traits" in question.look and not traits and ask.by in _TRAITS_OF:
        of_traits = _sample(f"event = '{_TRAITS_OF[ask.by]}'")
    return of_events, of_traits


def statement(ask: Ask, question: Correlation, looked: Candidates, now: datetime) -> str:
    """Rows of kind, name, value, people and how many of them reached the goal. One row of no kind is everybody who
    began, and one more those whose window is still open."""
    window = seconds_of(question.window, "window") * 1_000_000
    base = _began(ask, question)
    is_open = f"not reached and began + {window} >= {micros(now)}"
    everybody = (
        "select '' as kind, if(side = 0, 'all', 'open') as name, '' as value, if(side = 0, count(), countIf(still)) as"
        f" people, countIf(reached) as done from (select reached, {is_open} as still, arrayJoin([0, 1]) as side"
        f" from ({base})) group by side"
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
    tested = [
        (str(kind), str(name), str(value), Table(int(done), int(people), reached, started))
        for kind, name, value, people, done in rows
        if kind and int(people) < started
    ]
    chances = [fisher(table) for *_, table in tested]
    listed = []
    for (kind, name, value, table), p, p_corrected in zip(tested, chances, corrected(chances), strict=True):
        odds = table.odds_ratio
        listed.append(
            {
                "kind": kind, "name": name, "value": value if kind != "event" else None, "people": table.people,
                "reached": table.both, "rate": table.rate, "lift": table.lift, "odds_ratio": odds, "p": p,
                "p_corrected": p_corrected, "direction": "up" if odds > 1 else "down" if odds < 1 else "none",
            }
        )  # fmt: skip
    listed.sort(key=lambda row: (row["p_corrected"] > 0.05, -abs(math.log(row["odds_ratio"])), row["p"], row["name"]))
    if len(listed) > question.limit:
        ask.warnings.append(f"{len(listed)} were tested; the first {question.limit} are shown.")
    base = {"started": started, "reached": reached, "rate": reached / started if started else None}
    return {"base": base, "rows": listed[: question.limit], "tested": len(listed)}


def definitions(question: Correlation, looked: Candidates) -> list[str]:
    by = question.by
    said = [
        f"Looks at every {by} that began in the range, from the first time; reached means the goal came after that and"
        f" within {question.window}, the end included, also after the range.",
        "Only what was done after the start and strictly before the goal counts (without a goal: up to the window's"
        " end). Whoever reached the goal soon had less time to do anything else: what takes long looks hindering.",
        f"Compared is what at least {question.minimum} did or had and not everybody, the {MOST} most common of each"
        " kind.",
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
        " (Benjamini–Hochberg). First come those of at most 0.05, the strongest odds first.",
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
        ask.between(ask.period.start_us, _until(ask, question)), named(ask, selectors(question)),
        f"({columns['starts']}) or ({columns['goals']})", common(ask),
    )  # fmt: skip
    source = people_sql.source(ask, columns, which)
    grouped = (
        "select unit, minIf(t, starts) as began,"
        f" arrayMin(arrayFilter(T -> T > began and T <= began + {window}, groupArrayIf(t, goals))) as goal"
        f" from ({source}) group by unit having countIf(starts) > 0"
    )
    return f"select unit, began, goal > 0 as reached, if(reached, goal, began + {window} + 1) as cut from ({grouped})"


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
    if looked.traits and ask.by in _TRAITS_OF:
        found["trait"] = _had(ask, question, looked.traits)
    return found


def _earlier(ask: Ask, question: Correlation, columns: Mapping[str, str], told: str) -> str:
    """What was done between the start and the cut, one row an event."""
    which = both(
        ask.between(ask.period.start_us, _until(ask, question)),
        f"event in {ask.words.texts(question.events)}" if question.events else "true",
        common(ask),
    )
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
    which = both(ask.between(None, _until(ask, question)), f"event = '{_TRAITS_OF[ask.by]}'")
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


def _sample(which: str) -> str:
    """Rows of a property's name, the most frequent first."""
    newest = f"select properties from events where {both('workspace = {workspace:String}', which)}"
    pairs = "select arrayJoin(JSONExtractKeysAndValuesRaw(toJSONString(properties))) as pair"
    return (
        f"select pair.1 as name from ({pairs} from ({newest} order by time desc limit {_SAMPLE}))"
        " where substring(pair.2, 1, 1) not in ('[', '{') and pair.2 not in ('null', '\"\"')"
        f" group by name having uniqExact(pair.2) <= {_MOST_VALUES} order by count() desc, name limit {_MOST_NAMES}"
    )


def _sound(name: str) -> bool:
    """Whether a property's name can be asked for (some were sent with characters that no question can hold)."""
    try:
        path(name)
    except Invalid:
        return False
    return True


def _told(question: Correlation) -> tuple[list[str], list[str]]:
    """The properties and the traits that the question names."""
    traits = [prop for prop in question.props if prop.startswith(("person.", "account."))]
    return [prop for prop in question.props if prop not in traits], traits


def _until(ask: Ask, question: Correlation) -> int:
    return ask.period.end_us + seconds_of(question.window, "window") * 1_000_000
