"""The simulated company's line items: what was made to go wrong is flagged, and nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from dure.demo import sales, world
from dure.kernel.clock import StillClock
from dure.pacing.api import DayTotal, NewLineItem, Pacing
from dure.pacing.booking import book
from dure.pacing.curve import learn
from dure.pacing.standing import Now, complete_through, flight_of, stand
from dure.state import State
from tests.people_of import MONDAY_NOON, found_sori

SMALL = world.Sizes(listeners=50, visitors=10, creators=10, broadcasts=20, mentions=10, messages=10)
FLAGS = {"at_risk", "not_launched"}


def line_items(seed: int, end: datetime) -> tuple[list[NewLineItem], dict[str, str]]:
    booked = sales.bookings(world.build(seed, end, SMALL))
    return [
        NewLineItem(
            one.name, one.goal, one.start, one.end, one.budget, external=one.key, created_at=one.created_at,
            days=[DayTotal(d.date, d.impressions, d.clicks, d.spend) for d in one.deliveries],
            creatives_wanted=0, targeting="KR", trafficking=None if one.start <= end.date() else "approved",
        )
        for one in booked.line_items
    ], booked.expected  # fmt: skip


@pytest.mark.anyio
@pytest.mark.parametrize("seed", [7, 11])
async def test_exactly_the_cases_of_the_story_are_flagged(state: State, seed: int) -> None:
    cast = await found_sori(state)
    pacing = Pacing(state, StillClock(MONDAY_NOON), cast.governance)
    items, expected = line_items(seed, MONDAY_NOON)
    ids = await pacing.bulk_load(cast.mina, items)
    found = await pacing.assess(cast.tenant)
    names = {item: key for key, item in ids.items()}
    flagged = {names[item]: status for item, status in found.statuses.items() if status in FLAGS}
    assert flagged == {key: fate for key, fate in expected.items() if fate in FLAGS}
    told = [names[item] for item in found.raised]
    assert sorted(key for key in told if expected[key] in FLAGS) == sorted(flagged)
    assert {expected[key] for key in told} <= FLAGS | {"over"}
    assert {names[item] for item, status in found.statuses.items() if status == "over"} == {
        key for key, fate in expected.items() if fate == "over"
    }


def test_over_many_companies_and_days_every_case_is_found_and_hardly_anything_else() -> None:
    counts: Counter[str] = Counter()
    for seed in range(20, 26):
        end = datetime(2026, 11, 23, 3, tzinfo=UTC) + timedelta(days=seed % 7)
        items, expected = line_items(seed, end)
        today = (end + timedelta(hours=9)).date()
        now = Now(today, 12, today - timedelta(days=1))
        booked = [book(new, "KRW", end, new.external) for new in items]
        totals: dict[str, dict[date, int]] = {new.external: {d.day: d.impressions for d in new.days} for new in items}
        flights = [flight_of(one, totals[one.id], complete_through(one, totals[one.id], now)) for one in booked]
        curve = learn([flight for flight in flights if flight.impressions.any()])
        for one in booked:
            status = stand(one, totals[one.id], now, curve).outlook.status
            fate = expected[one.id]
            counts["case" if fate in FLAGS else "other"] += 1
            if fate in FLAGS:
                counts["found"] += status == fate
            else:
                counts["false"] += status in FLAGS
    assert counts["found"] == counts["case"]
    assert counts["false"] <= 0.005 * counts["other"]
