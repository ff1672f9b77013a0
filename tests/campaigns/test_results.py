"""What came of a campaign: counted by hand, judged as an experiment of its halves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from dure.campaigns.model import Campaign, Result
from dure.experiments.api import Arm, compare
from dure.feed.api import Event, append
from dure.kernel.errors import Invalid
from dure.kernel.ids import uuid7
from dure.segments.stages.api import Stages
from tests.campaigns.safety.conftest import ground, sori
from tests.campaigns.safety.letters import launched, letter
from tests.campaigns.studio import Studio

__all__ = ["ground", "sori"]
pytestmark = pytest.mark.anyio

PAID = {"kind": "mean", "event": {"event": "Paid"}, "prop": "won", "window": "7d", "margin": 100.0,
        "name": {"ko": "결제액", "en": "Paid"}}  # fmt: skip


def halves(control: int, treated: int) -> dict[str, list[str]]:
    return {"control": [f"c-{n}" for n in range(control)], "treated": [f"t-{n}" for n in range(treated)]}


async def entered(studio: Studio, campaign: Campaign, arms: dict[str, list[str]]) -> None:
    await happened(studio, [
        ("Campaign Entered", who, timedelta(), {"arm": arm}) for arm, people in arms.items() for who in people
    ], source="campaigns", object=campaign.id)  # fmt: skip


async def happened(
    studio: Studio, rows: Sequence[tuple[str, str, timedelta, dict[str, Any]]], *, source: str = "app", object: str = ""
) -> None:
    """Rows of (event, distinct id, how long after now, properties)."""
    tenant, now = studio.cast.tenant, studio.clock.now()
    made = [
        Event(
            org=tenant.org, workspace=tenant.workspace, event=event, time=now + after, received_at=now,
            message_id=str(uuid7()), source=source, person=studio.who(who), distinct_id=who,
            object_type="campaign" if object else "", object=object, properties=properties,
        )
        for event, who, after, properties in rows
    ]  # fmt: skip
    async with studio.state.begin(tenant) as tx:
        await append(tx, *made)


async def result(studio: Studio, campaign: Campaign, **days: float) -> Result:
    studio.clock.advance(timedelta(**days))
    await studio.settle()
    return await studio.campaigns.result(studio.cast.joon, campaign.id)


async def test_goal_guardrail_and_retention_by_day_are_what_counting_gives(sori: Studio) -> None:
    campaign = await launched(sori, holdout=0.5, window="2d", guardrails=[PAID])
    arms = halves(400, 400)
    await entered(sori, campaign, arms)
    hour, day = timedelta(hours=1), timedelta(days=1)
    rows: list[tuple[str, str, timedelta, dict[str, Any]]] = []
    for arm, (goal, first, seventh, thirtieth) in {"control": (40, 80, 60, 20), "treated": (120, 90, 130, 24)}.items():
        people = arms[arm]
        rows += [("Listen Started", who, 2 * day, {}) for who in people[:goal]]  # the window's last moment
        rows += [("Listen Started", who, 2 * day + hour, {}) for who in people[goal : goal + 9]]  # too late
        rows += [("Page Viewed", who, day, {}) for who in people[-first:]]
        rows += [("Page Viewed", who, 7 * day, {}) for who in people[-seventh:]]
        rows += [("Page Viewed", who, 8 * day, {}) for who in people[:7]]  # day 8 is not day 7
        rows += [("Page Viewed", who, 30 * day + hour, {}) for who in people[:thirtieth]]
        rows += [("Paid", who, day + hour, {"won": 10}) for n, who in enumerate(people) if n % 4 == 0 and n < 200]
    await happened(sori, rows)
    # What Dure writes about people is nothing that they did.
    await happened(sori, [("Segment Entered", who, 30 * day, {}) for who in arms["control"]], source="segments")
    found = await result(sori, campaign, days=32)
    outcome = found.outcome
    goal, guard, first, seventh, thirtieth = outcome.metrics
    assert (outcome.verdict, outcome.arm, found.returning, found.window) == ("better", "treated", "*", "2d")
    for measured, control, treated in ((goal, 40, 120), (seventh, 60, 130), (thirtieth, 20, 24)):
        (seen,) = measured.contrasts
        wanted = compare(Arm(400, control), Arm(400, treated))
        assert seen.difference is not None
        assert wanted.anytime is not None
        assert (seen.control.people, seen.control.value) == (400, pytest.approx(control / 400))
        assert (seen.treated.people, seen.treated.value) == (400, pytest.approx(treated / 400))
        assert seen.difference.value == pytest.approx((treated - control) / 400)
        assert (seen.difference.low, seen.difference.high) == pytest.approx((wanted.anytime.low, wanted.anytime.high))
    assert [one.contrasts[0].finding for one in (goal, guard, seventh, thirtieth)] == [
        "better", "safe", "better", "nothing",
    ]  # fmt: skip
    # Day 1 holds what came a day later, and payments an hour after that.
    paying = {n for n in range(200) if n % 4 == 0}
    assert first.contrasts[0].control.value == pytest.approx((80 + len(paying)) / 400)
    assert "30.0%" in outcome.sentence["en"]
    assert "‘받은 사람’ 쪽이 낫습니다" in outcome.sentence["ko"]
    # The overview counts the same, and which campaigns sent is said up to the present month.
    (effect,) = (await sori.campaigns.effects(sori.cast.joon, 7)).campaigns
    assert (effect.comparison.control, effect.comparison.treated) == (Arm(400, 60), Arm(400, 130))
    short = await sori.campaigns.result(sori.cast.joon, campaign.id, retention=False)
    assert [one.role for one in short.outcome.metrics] == ["goal", "guardrail"]


async def test_too_few_say_nothing_and_uneven_halves_say_less(sori: Studio) -> None:
    few = await launched(sori, holdout=0.5)
    arms = halves(20, 20)
    await entered(sori, few, arms)
    await happened(sori, [("Listen Started", who, timedelta(hours=1), {}) for who in arms["treated"]])
    seen = (await result(sori, few)).outcome
    assert (seen.verdict, seen.metrics[0].pending) == ("nothing", 40)
    assert seen.sentence["ko"].startswith("아직 아무 말도 할 수 없습니다")
    seen = (await result(sori, few, days=2)).outcome
    assert (seen.verdict, seen.metrics[0].contrasts[0].treated.value) == ("nothing", 1.0)
    assert "Nothing can be said yet" in seen.sentence["en"]
    uneven = await launched(sori, holdout=0.5)
    await entered(sori, uneven, halves(300, 420))
    seen = (await result(sori, uneven, days=2)).outcome
    assert (seen.verdict, seen.balance is not None and seen.balance < 1e-3) == ("unbalanced", True)
    assert "nothing may be read" in seen.sentence["en"]


async def test_without_a_control_it_says_so_and_without_a_goal_day_seven_decides(sori: Studio) -> None:
    alone = await launched(sori, holdout=0.0)
    await entered(sori, alone, halves(0, 60))
    seen = (await result(sori, alone, days=2)).outcome
    assert (seen.verdict, seen.metrics[0].contrasts[0].treated.people) == ("nothing", 60)
    assert "대조군이 없어" in seen.sentence["ko"]
    named = Stages(sori.state, sori.log, sori.clock, sori.cast.governance)
    await named.change(sori.cast.mina, {"activity": {"event": "Listen Started"}})
    goalless = await launched(sori, holdout=0.5, goal=None)
    arms = halves(200, 200)
    await entered(sori, goalless, arms)
    week = timedelta(days=7, hours=2)
    await happened(sori, [("Listen Started", who, week, {}) for who in (*arms["control"][:10], *arms["treated"][:80])])
    await happened(sori, [("Page Viewed", who, week, {}) for who in arms["control"]])  # not what counts here
    found = await result(sori, goalless, days=9)
    assert (found.goal, found.returning, found.outcome.verdict) == ("", "Listen Started", "better")
    assert [(one.role, one.name["en"]) for one in found.outcome.metrics] == [
        ("goal", "Day-7 retention"), ("secondary", "Day-1 retention"), ("secondary", "Day-30 retention"),
    ]  # fmt: skip
    assert found.outcome.metrics[0].contrasts[0].control.value == pytest.approx(0.05)
    assert found.outcome.metrics[2].pending == 400


async def test_a_guardrail_that_names_no_margin_is_refused_by_its_field(sori: Studio) -> None:
    unbounded = {name: value for name, value in PAID.items() if name != "margin"}
    with pytest.raises(Invalid) as error:
        await sori.campaigns.create(sori.cast.joon, letter(guardrails=[PAID, unbounded]))
    assert error.value.field == "guardrails[1].margin"
