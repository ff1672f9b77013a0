"""Random histories, with ties, repeats, values, merges and tight windows: what the SQL says and the plain reference."""

from __future__ import annotations

import asyncio
import itertools
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics import asking
from dure.metrics.asking import Reading
from dure.metrics.kinds import funnel
from dure.metrics.question import Funnel, parse
from tests.metrics.journeys import NOW, Journeys
from tests.metrics.reference_funnel import Event, Reached, Spec
from tests.metrics.reference_funnel import funnel as plainly

START = datetime(2026, 1, 1, tzinfo=UTC)
# The night in which Berlin's clocks go forward: its 29 March has 23 hours.
SPRING = datetime(2026, 3, 28, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
QUICK = settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_workspaces = itertools.count(1)
_APART = [("A", "B"), ("A", "B", "C"), ("B", "C", "A", "z")]
_MEETING = [("A", "A", "B"), ("A", "B", "A"), ("A", "*", "B")]

happenings = st.tuples(
    st.integers(0, 7), st.sampled_from(["A", "A", "B", "B", "C", "x", "z"]), st.sampled_from(["", "red", "blue"])
)
histories = st.lists(st.lists(happenings, max_size=9), min_size=10, max_size=25)


@st.composite
def specs(draw: st.DrawFn, most: int = 6) -> Spec:
    order = draw(st.sampled_from(["ordered", "ordered", "strict", "any"]))
    steps = draw(st.sampled_from(_APART if draw(st.booleans()) else _MEETING))
    meeting = steps in _MEETING
    optional: tuple[int, ...] = ()
    if order != "any" and not (meeting and order == "strict"):
        optional = tuple(sorted(draw(st.sets(st.integers(1, len(steps) - 1), max_size=2))))
    counting = [index for index in range(len(steps)) if index not in optional]
    exclusions: list[tuple[str, int, int]] = []
    if order != "strict" and len(counting) > 1:
        ends = st.lists(st.sampled_from(counting), min_size=2, max_size=2, unique=True).map(sorted)
        some = st.tuples(st.sampled_from(["x", "z", "A"]), ends).map(lambda one: (one[0], one[1][0], one[1][1]))
        exclusions = draw(st.lists(some, max_size=2))
    attribution, attributed = "", 0
    if not (meeting and order == "any"):  # which event was which step is not settled there
        attribution = draw(st.sampled_from(["", "first", "last", "all", "step"]))
    if attribution == "step" and order != "any":
        attributed = draw(st.integers(0, len(steps) - 1))
    return Spec(
        steps, order, draw(st.integers(1, most)), draw(st.sampled_from(["any", "any", "first"])), tuple(exclusions),
        optional, attribution, attributed,
    )  # fmt: skip


@QUICK
@given(spec=specs(), people=histories, merged=st.booleans(), by=st.sampled_from(["person", "person", "account"]))
def test_everybody_is_where_the_reference_has_them(
    log: Log, spec: Spec, people: list[list[Event]], merged: bool, by: str
) -> None:
    journeys, units = _written(log, people, START, 1, merged=merged, by=by)
    question = parse({**_question(spec, "s"), "by": by, "from": "2026-01-01", "to": "2026-01-02"})
    assert isinstance(question, Funnel)
    found = asyncio.run(_reached(journeys, question))
    for unit, events in units.items():
        wanted = sorted(plainly(spec, events), key=lambda one: one.value)
        got = sorted(found.get(unit, []), key=lambda one: one.value)
        if spec.order == "any" and spec.steps in _MEETING:
            assert [(one.steps, one.times[0]) for one in got] == [(one.steps, one.times[0]) for one in wanted]
        else:
            assert got == wanted, (events, spec)


@settings(QUICK, max_examples=12)
@given(
    spec=specs(most=30),
    people=st.lists(
        st.lists(st.tuples(st.integers(0, 71), st.sampled_from("AABBCxz"), st.sampled_from(["", "red"])), max_size=12),
        min_size=10,
        max_size=20,
    ),
)
def test_the_answer_adds_them_up(log: Log, spec: Spec, people: list[list[Event]]) -> None:
    journeys, units = _written(log, people, SPRING, 3600)
    begins = {"from": SPRING.isoformat(), "to": "2026-03-31", "timezone": BERLIN.key}
    question = {**_question(spec, "h"), **begins, "times": {"bins": 3}, "trend": {"interval": "day"}}
    answer = asyncio.run(journeys.ask(question))
    whole = Spec(spec.steps, spec.order, spec.window, spec.reentry, spec.exclude, spec.optional)
    reached = [one for events in units.values() for one in plainly(whole, events)]
    assert [step["count"] for step in answer["steps"]] == _counts(spec, reached)
    if spec.attribution:
        groups: dict[str, list[Reached]] = defaultdict(list)
        for events in units.values():
            for one in plainly(spec, events):
                groups[one.value].append(one)
        got = {group["value"] or "": [step["count"] for step in group["steps"]] for group in answer["groups"]}
        assert got == {value: _counts(spec, ones) for value, ones in groups.items()}
    last = len(spec.steps) - 1
    taken = sorted(
        (dict(_did(spec, one))[last] - one.times[0]) * 3600 for one in reached if last in dict(_did(spec, one))
    )
    _assert_times(answer["times"], taken)
    days = [_day(at) for at in range(24 * 5)]
    for number, label in enumerate(answer["trend"]["intervals"]):
        mine = [one for events in units.values() for one in plainly(whole, events, lambda at: days[at] == label)]  # noqa: B023
        assert answer["trend"]["entered"][number] == len(mine)
        assert answer["trend"]["converted"][number] == sum(one.steps == len(spec.counting) for one in mine)


def _assert_times(times: Mapping[str, Any], taken: Sequence[int]) -> None:
    assert times["count"] == len(taken) == sum(one["count"] for one in times["histogram"])
    if not taken:
        assert times["median"] is None
        return
    assert times["average"] == pytest.approx(statistics.fmean(taken), rel=1e-12)
    assert times["median"] == statistics.median(taken)
    assert (times["min"], times["max"]) == (taken[0], taken[-1])
    if len(taken) > 1:
        cuts = statistics.quantiles(taken, n=100, method="inclusive")
        for percent in (10, 25, 75, 90, 95, 99):
            assert abs(times["percentiles"][f"p{percent}"] - cuts[percent - 1]) < 1e-3
    *inner, end = times["histogram"]
    for one in inner:
        assert one["count"] == sum(one["from"] <= seconds < one["to"] for seconds in taken)
    assert end["count"] == sum(end["from"] <= seconds <= end["to"] for seconds in taken)


def _counts(spec: Spec, reached: Sequence[Reached]) -> list[int]:
    return [sum(index in dict(_did(spec, one)) for one in reached) for index in range(len(spec.steps))]


def _did(spec: Spec, one: Reached) -> list[tuple[int, int]]:
    """The steps a person did and when; in any order the first, second… they did."""
    return [*zip(spec.counting, one.times, strict=False), *one.asides]


def _day(at: int) -> str:
    return (SPRING + timedelta(hours=at)).astimezone(BERLIN).date().isoformat()


def _question(spec: Spec, unit: str) -> dict[str, Any]:
    steps = [
        {"event": name, **({"optional": True} if index in spec.optional else {})}
        for index, name in enumerate(spec.steps)
    ]
    question: dict[str, Any] = {
        "kind": "funnel", "steps": steps, "order": spec.order, "window": f"{spec.window}{unit}",
        "reentry": spec.reentry,
        "exclude": [{"event": name, "from": first, "to": last} for name, first, last in spec.exclude],
    }  # fmt: skip
    if spec.attribution:
        question["breakdown"] = {"prop": "colour", "attribution": spec.attribution, "step": spec.attributed}
    return question


def _written(
    log: Log, people: list[list[Event]], start: datetime, seconds: int, *, merged: bool = False, by: str = "person"
) -> tuple[Journeys, dict[str, list[Event]]]:
    """The histories in a workspace of their own, and what each counted unit did. `merged`: every second person is
    found to be the one before. By account, two people share one."""
    journeys = Journeys(log, Tenant("E0RANDOM000", f"T0FUNNEL{next(_workspaces)}"))
    units: dict[str, list[Event]] = defaultdict(list)
    lines = [journeys.line("anchor", "nothing", start - timedelta(days=2))]
    for number, events in enumerate(people):
        name, account = f"p{number}", f"acme {number // 2}"
        owner = f"p{number - number % 2}" if merged else name
        units[account if by == "account" else str(journeys.id(owner))] += events
        lines += [
            journeys.line(name, event, start + timedelta(seconds=at * seconds), {"colour": value} if value else {},
                          account=account)
            for at, event, value in events
        ]  # fmt: skip
    log.insert_now(f"funnels-{journeys.tenant.workspace}", b"\n".join(lines))
    if merged:
        for number in range(1, len(people), 2):
            journeys.merge(f"p{number}", into=f"p{number - 1}")
    return journeys, units


async def _reached(journeys: Journeys, question: Funnel) -> dict[str, list[Reached]]:
    reading = Reading(journeys.log, journeys.tenant)
    ask, _ = await asking.prepare(reading, question, NOW, "UTC")
    rows = await reading.rows_of(
        "select toString(unit), value, reached, times, aside"
        f" from ({funnel.statement(ask, question)}) where reached > 0",
        ask,
    )
    origin = int(START.timestamp())
    found: dict[str, list[Reached]] = defaultdict(list)
    for unit, value, reached, times, aside in rows:
        asides = tuple((index, at // 1_000_000 - origin) for index, at in enumerate(aside) if at)
        found[unit].append(Reached(value, reached, tuple(at // 1_000_000 - origin for at in times), asides))
    return found
