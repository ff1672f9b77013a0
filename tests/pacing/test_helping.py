"""What would help a line item, as its page shows it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.pacing.conftest import Desk, day
from tests.pacing.test_booking import door

pytestmark = pytest.mark.anyio


async def test_a_line_that_falls_short_says_what_would_help_and_a_sibling_takes_units_over(desk: Desk) -> None:
    await desk.past()
    async with door(desk) as http:
        order = (await http.post("/orders", json={"name": "한빛커피 겨울", "budget": 9_000_000})).json()["id"]
    short = await desk.item("short", goal=20_000, order=order)
    await desk.deliver(short, *[900, 890, 870, 860, 850, 860, 840, 850, 845, 850])
    rich = await desk.item("rich", goal=15_000, order=order)
    await desk.deliver(rich, *[1000, 1010, 990, 1000, 1005, 1000, 995, 1010, 1000, 1000])
    found = (await desk.pacing.one(desk.cast.mina, short.id)).remedies
    by_kind = {one.kind: one for one in found}
    assert {"extend", "widen", "move_budget"} <= by_kind.keys()
    longer = by_kind["extend"]
    assert date.fromisoformat(longer.change["end_day"]) > day(9)
    assert longer.chance_after >= 0.9 > 0.5 > longer.chance_before
    moved = by_kind["move_budget"]
    assert "rich" in moved.text_en
    assert moved.cost == 4_000_000 * (20_000 - moved.change["goal"]) // 20_000
    assert (await desk.pacing.one(desk.cast.mina, rich.id)).remedies == ()


async def test_doing_what_is_said_makes_the_chance_that_was_said(desk: Desk) -> None:
    await desk.past()
    short = await desk.item("short", goal=20_000)
    await desk.deliver(short, *[900, 890, 870, 860, 850, 860, 840, 850, 845, 850])
    [longer] = [one for one in (await desk.pacing.one(desk.cast.mina, short.id)).remedies if one.kind == "extend"]
    end = date.fromisoformat(longer.change["end_day"])
    await desk.pacing.update(desk.cast.mina, short.id, end_day=end)
    after = (await desk.pacing.one(desk.cast.mina, short.id)).outlook
    assert 1 - (after.miss or 0.0) == pytest.approx(longer.chance_after, abs=0.002)
    assert end - day(9) < timedelta(days=22)
