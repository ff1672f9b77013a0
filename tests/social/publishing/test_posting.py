"""What is due is said once on each network, whatever dies in between; what nobody knows is asked of a person."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from dure.kernel.errors import Conflict, NotAllowed
from dure.social.plugs import Outcome, Refused, Unknown
from tests.social.publishing.conftest import Desk, Killed

pytestmark = pytest.mark.anyio


@dataclass
class DiesAfter:
    """Says it as it should be said; the process ends before anybody hears of it."""

    says: Any

    async def publish(self, *given: Any) -> Outcome:
        await self.says.publish(*given)
        raise Killed


@dataclass
class DiesBefore:
    async def publish(self, *given: Any) -> Outcome:
        raise Killed


async def test_a_post_goes_out_at_its_time_on_every_network(desk: Desk) -> None:
    plan = await desk.approved()
    plan = await desk.publishing.calendar.schedule(desk.cast.joon, plan.id, desk.at(hours=2))
    assert plan.state == "scheduled"
    await desk.run()
    assert desk.red.taken == []
    await desk.run(later=timedelta(hours=2))
    plan = await desk.plan(plan)
    assert (plan.state, [one.fate for one in plan.variants]) == ("published", ["said", "said"])
    assert [one.text for one in desk.red.taken] == ["새 방송이 열렸어요"]
    ended = (await desk.told("Post Ended"))[-1]
    assert (ended["post"], ended["state"]) == (str(plan.id), "published")
    said = [one for one in await desk.told("Post Published") if one.get("post") == str(plan.id)]
    assert [one["network"] for one in said] == ["red", "blue"]


async def test_two_hands_at_once_say_it_once(desk: Desk) -> None:
    plan = await desk.due()
    other = desk.hands().posting
    await asyncio.gather(desk.run(), desk.run(other), desk.run(desk.hands().posting))
    assert (len(desk.red.taken), len(desk.blue.taken)) == (1, 1)
    assert (await desk.plan(plan)).state == "published"


async def test_who_dies_before_saying_it_is_followed_by_who_says_it(desk: Desk) -> None:
    plan = await desk.due()
    with pytest.raises(Killed):
        await desk.run(desk.hands(DiesBefore()).posting)
    await desk.run()
    assert desk.red.taken == []  # the lease holds still
    await desk.run(later=timedelta(minutes=8))
    assert (len(desk.red.taken), len(desk.blue.taken)) == (1, 1)
    assert (await desk.plan(plan)).state == "published"


async def test_who_dies_right_after_saying_it_is_followed_by_who_learns_of_it(desk: Desk) -> None:
    plan = await desk.due()
    with pytest.raises(Killed):
        await desk.run(desk.hands(DiesAfter(desk.sources.saying)).posting)
    assert (await desk.plan(plan)).variants[0].fate == "waiting"
    await desk.run(later=timedelta(minutes=8))
    plan = await desk.plan(plan)
    assert (len(desk.red.taken), len(desk.blue.taken), plan.state) == (1, 1, "published")
    assert plan.variants[0].reference == "red-0"


async def test_who_dies_while_the_network_hears_it_leaves_what_only_a_person_can_know(desk: Desk) -> None:
    plan = await desk.due()
    desk.red.answers = [Killed()]
    with pytest.raises(Killed):
        await desk.run()
    await desk.run(later=timedelta(minutes=8))
    plan = await desk.plan(plan)
    assert (plan.state, [one.fate for one in plan.variants]) == ("unknown", ["unknown", "said"])
    await desk.run(later=timedelta(hours=1))
    assert len(desk.red.taken) == 1
    with pytest.raises(Conflict):  # and nobody sends it again unasked
        await desk.publishing.posting.retry(desk.cast.mina, plan.id)
    with pytest.raises(Conflict):
        await desk.publishing.save(desk.cast.mina, plan.id, plan.version, desk.content("anders"))
    plan = await desk.publishing.posting.check(desk.cast.mina, plan.id, desk.places["red"], True, "https://red/1")
    assert (plan.state, plan.variants[0].url) == ("published", "https://red/1")
    with pytest.raises(Conflict):
        await desk.publishing.posting.check(desk.cast.mina, plan.id, desk.places["red"], False)


async def test_what_a_person_found_missing_may_be_said_under_a_new_key(desk: Desk) -> None:
    plan = await desk.due()
    desk.red.answers = [Unknown("timed out")]
    await desk.run()
    plan = await desk.publishing.posting.check(desk.cast.mina, plan.id, desk.places["red"], False)
    assert (plan.state, plan.variants[0].fate) == ("partly", "refused")
    await desk.publishing.posting.retry(desk.cast.mina, plan.id)
    await desk.run()
    assert (await desk.plan(plan)).state == "published"
    assert (len(desk.red.taken), len(desk.blue.taken)) == (1, 1)


async def test_what_was_refused_stays_with_its_reason_and_may_be_tried_again(desk: Desk) -> None:
    plan = await desk.due()
    desk.red.answers = [Refused("answered", "422 Text too long")]
    await desk.run()
    plan = await desk.plan(plan)
    assert (plan.state, plan.variants[0].outcome["detail"]) == ("partly", "422 Text too long")
    await desk.publishing.posting.retry(desk.cast.joon, plan.id)
    await desk.run()
    assert (await desk.plan(plan)).state == "published"
    assert (len(desk.red.taken), len(desk.blue.taken)) == (1, 1)
    with pytest.raises(Conflict):
        await desk.publishing.posting.retry(desk.cast.joon, plan.id)


async def test_a_busy_network_is_asked_later_and_keeps_no_other_waiting(desk: Desk) -> None:
    plan = await desk.due()
    desk.red.answers = [Refused("busy", "429", 120.0)]
    await desk.run()
    assert (len(desk.red.taken), len(desk.blue.taken)) == (0, 1)
    await desk.run(later=timedelta(seconds=60))
    assert len(desk.red.taken) == 0
    await desk.run(later=timedelta(seconds=61))
    assert (await desk.plan(plan)).state == "published"


async def test_a_network_that_stays_busy_is_given_up_with_its_reason(desk: Desk) -> None:
    plan = await desk.due()
    desk.red.answers = [Refused("busy", "429", 60.0)] * 4
    for _ in range(4):
        await desk.run(later=timedelta(seconds=61))
    plan = await desk.plan(plan)
    assert (plan.state, plan.variants[0].outcome["code"]) == ("partly", "busy")


async def test_a_paused_source_and_one_that_is_gone_refuse(desk: Desk) -> None:
    plan = await desk.due()
    async with desk.state.begin_system() as tx:
        await tx.run("update social.source set state = 'paused' where id = %s", (desk.places["blue"],))
    await desk.run()
    plan = await desk.plan(plan)
    assert (plan.state, plan.variants[1].outcome["code"]) == ("partly", "settings")
    assert "paused" in plan.variants[1].outcome["detail"]


async def test_a_pause_halts_all_and_what_came_due_meanwhile_waits_for_a_person(desk: Desk) -> None:
    plan = await desk.due()
    ahead = await desk.approved("내일의 글")
    await desk.publishing.calendar.schedule(desk.cast.joon, ahead.id, desk.at(days=1))
    await desk.publishing.calendar.pause(desk.cast.joon, "장애")
    await desk.publishing.calendar.pause(desk.cast.mina, "twice is once")
    assert (await desk.publishing.rules(desk.cast.mina)).paused_why == "장애"
    await desk.run(later=timedelta(hours=1))
    assert desk.red.taken == []
    _, held = await desk.publishing.calendar.resume(desk.cast.mina)
    assert [one.id for one in held] == [plan.id]
    await desk.run()
    assert desk.red.taken == []
    assert [(await desk.plan(one)).state for one in (plan, ahead)] == ["approved", "scheduled"]
    assert len(await desk.told("Posts Paused")) == len(await desk.told("Posts Resumed"))
    with pytest.raises(NotAllowed):
        await desk.publishing.calendar.pause(desk.cast.gil)


async def test_a_pause_in_the_middle_leaves_the_other_network_out(desk: Desk) -> None:
    plan = await desk.due()

    class Pauses:
        async def publish(self, *given: Any) -> Outcome:
            outcome = await desk.sources.saying.publish(*given)
            await desk.publishing.calendar.pause(desk.cast.mina, "stop")
            return outcome

    await desk.run(desk.hands(Pauses()).posting)
    assert (len(desk.red.taken), len(desk.blue.taken)) == (1, 0)
    await desk.publishing.calendar.resume(desk.cast.mina)
    plan = await desk.plan(plan)
    assert (plan.state, [one.fate for one in plan.variants]) == ("partly", ["said", "waiting"])
    await desk.publishing.posting.retry(desk.cast.mina, plan.id)
    await desk.run()
    assert (len(desk.red.taken), len(desk.blue.taken)) == (1, 1)


async def test_what_is_long_overdue_is_held_back(desk: Desk) -> None:
    plan = await desk.due()
    await desk.run(later=timedelta(hours=7))
    plan = await desk.plan(plan)
    assert (desk.red.taken, plan.state, plan.due_at) == ([], "approved", None)
    assert (await desk.told("Post Held"))[-1]["why"] == "late"


async def test_links_are_tagged_counted_and_said_to_the_letter_of_what_was_kept(desk: Desk) -> None:
    plan = await desk.due("예매: https://sorimaru.example/live?utm_source=mine.", campaign="live-week")
    desk.blue.answers = [Refused("answered", "500")]
    await desk.run()
    text = desk.red.taken[0].text
    assert text.startswith("예매: https://go.sorimaru.example/l/")
    assert text.endswith(".")
    await desk.publishing.posting.retry(desk.cast.mina, plan.id)
    await desk.run()
    plan = await desk.plan(plan)
    assert [one.sent for one in plan.variants] == [desk.red.taken[0].text, desk.blue.taken[0].text]
    async with desk.state.begin(desk.cast.tenant) as tx:
        found = await tx.rows("select target, network from social.tracked_link order by network")
    assert [one["network"] for one in found] == ["blue", "red"]  # the retry said the same, and made no second
    assert "utm_source=mine&utm_medium=social&utm_campaign=live-week" in found[0]["target"]
