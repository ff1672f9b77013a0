"""How much an automation may do, and what happens to what goes beyond."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from dure.kernel.errors import Invalid
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio
WRITE = {"id": "w", "kind": "book.write", "with": {"text": "{{ run.subject }}"}}
WAIT = {"id": "w", "kind": "wait", "with": {"for": "30m"}}


async def statuses(shop: Workshop) -> Counter[str]:
    return Counter(run.status for run in await shop.runs())


async def happen(shop: Workshop, count: int, **more: Any) -> None:
    for number in range(count):
        await shop.happen(object=more.get("object") or f"D{number}")
    await shop.settle()


async def test_runs_beyond_an_hours_number_wait_for_the_next(shop: Workshop) -> None:
    await shop.make([WRITE], limits={"runs_per_hour": 2})
    await happen(shop, 5)
    assert await statuses(shop) == {"done": 2, "queued": 3}
    await shop.later(minutes=59)
    assert len(await shop.book()) == 2
    await shop.later(minutes=2)
    assert len(await shop.book()) == 4
    await shop.later(hours=1, minutes=1)
    assert await statuses(shop) == {"done": 5}


async def test_runs_beyond_an_hours_number_are_dropped_and_shown(shop: Workshop) -> None:
    await shop.make([WRITE], limits={"runs_per_hour": 2, "over": "drop"})
    await happen(shop, 5)
    assert await statuses(shop) == {"done": 2, "dropped": 3}
    assert {run.error for run in await shop.runs() if run.status == "dropped"} == {"limit:runs_per_hour"}
    await shop.later(hours=2)
    assert len(await shop.book()) == 2


async def test_no_more_than_so_many_are_open_at_once(shop: Workshop) -> None:
    await shop.make([WAIT], limits={"at_once": 2})
    await happen(shop, 5)
    assert await statuses(shop) == {"waiting": 2, "queued": 3}
    await shop.later(minutes=30)
    assert await statuses(shop) == {"done": 2, "waiting": 2, "queued": 1}
    await shop.later(minutes=30)
    await shop.later(minutes=30)
    assert await statuses(shop) == {"done": 5}


async def test_a_subject_comes_once_in_a_time(shop: Workshop) -> None:
    await shop.make([WRITE], limits={"per_subject_per": "7d", "over": "drop"})
    await happen(shop, 2, object="D1")
    await happen(shop, 1, object="D2")
    assert sorted(await shop.book()) == ["D1", "D2"]
    await shop.later(days=7, minutes=1)
    await happen(shop, 1, object="D1")
    assert sorted(await shop.book()) == ["D1", "D1", "D2"]


async def test_a_limit_given_later_counts_what_is_open(shop: Workshop) -> None:
    made = await shop.make([WAIT])
    await happen(shop, 2)
    doc = {"trigger": {"event": "Deal Won"}, "nodes": [WAIT], "limits": {"at_once": 2}}
    await shop.automation.update(shop.cast.mina, made, doc=doc)
    await happen(shop, 1, object="late")
    assert await statuses(shop) == {"waiting": 2, "queued": 1}


async def test_conditions_over_other_runs(shop: Workshop) -> None:
    await shop.make([WAIT], conditions=[{"prop": "runs.active_for_subject", "op": "=", "value": 0}])
    await happen(shop, 1, object="D1")
    await happen(shop, 1, object="D1")
    await happen(shop, 1, object="D2")
    assert await statuses(shop) == {"waiting": 2}
    await shop.later(minutes=31)
    await happen(shop, 1, object="D1")
    assert await statuses(shop) == {"done": 2, "waiting": 1}


async def test_a_branch_over_other_runs(shop: Workshop) -> None:
    busy = {"where": [{"prop": "runs.last_day", "op": ">", "value": 2}]}
    await shop.make([
        {"id": "b", "kind": "branch", "with": busy, "next": {"yes": "much", "no": "w"}}, WRITE,
        {"id": "much", "kind": "book.write", "with": {"text": "{{ runs.last_day }} today"}},
    ])  # fmt: skip
    for _ in range(3):
        await happen(shop, 1, object="D1")
    assert await shop.book() == ["D1", "D1", "3 today"]


async def test_an_automation_that_feeds_itself_widely_is_stopped(shop: Workshop) -> None:
    """Each run causes one more, a hundred at a time: the depth alone would let hundreds through."""
    made = await shop.make([{"id": "echo", "kind": "book.echo"}], trigger={"event": "Echoed"})
    for _ in range(120):
        await shop.happen("Echoed", object="D1")
    await shop.settle()
    info = await shop.automation.get(shop.cast.mina, made)
    assert not info.enabled
    assert "within a minute" in info.stopped_because
    assert info.stopped == {"reason": "rate", "cause": "Echoed", "runs": 100}
    (stopped,) = await shop.events("Automation Stopped")
    assert (stopped.object, stopped.properties["reason"]) == (made, "rate")
    assert len(await shop.runs()) == 120
    await shop.automation.switch(shop.cast.mina, made, True)
    again = await shop.automation.get(shop.cast.mina, made)
    assert (again.stopped_because, again.stopped) == ("", None)


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        ({}, "limits"),
        ({"runs_per_hour": 0}, "limits.runs_per_hour"),
        ({"per_subject_per": "soon"}, "limits.per_subject_per"),
        ({"at_once": 1, "over": "explode"}, "limits.over"),
    ],
)
async def test_mistakes_are_named(shop: Workshop, limits: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await shop.make([WRITE], limits=limits)
    assert refused.value.field == field
