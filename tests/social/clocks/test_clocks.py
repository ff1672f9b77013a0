"""Clocks of conversations: started by the customer, stopped by a person, in opening hours, each thing told once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from dure.kernel.errors import Conflict, Invalid, NotAllowed
from dure.social.care.api import Conversation
from dure.social.care.plugs import Move
from dure.social.plugs import Refused, Unknown
from tests.social.clocks.conftest import GOLD, SEOUL, URGENT, USUAL, Desk

pytestmark = pytest.mark.anyio(scope="module")


def seoul(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SEOUL)


async def test_the_first_answer_of_a_person_stops_the_clock_in_opening_hours(desk: Desk) -> None:
    desk.at(27, 17)  # friday; four open hours end on monday at noon
    talk = await desk.talk()
    first = await desk.one(talk, "first")
    assert (first.started_at, first.due_at, first.policy) == (seoul(27, 17), seoul(30, 12), "usual")
    assert ((await desk.inbox.now(talk)).due_at, (await desk.inbox.now(talk)).due) == (seoul(30, 12), "first")
    desk.at(30, 10)
    await desk.inbox.reply(talk, "확인했습니다", "a", desk.inbox.cast.joon)
    stopped = await desk.one(talk, "first")
    assert (stopped.spent, stopped.passed, stopped.met) == (2 * 3600, 65 * 3600, True)
    assert (stopped.agent, stopped.outcome) == (desk.inbox.cast.joon.user, "given")
    [event] = await desk.told(talk, "Response Given")
    said = {name: event.properties[name] for name in ("kind", "business_seconds", "calendar_seconds", "met", "policy")}
    assert said == {
        "kind": "first", "business_seconds": 7200, "calendar_seconds": 65 * 3600, "met": True, "policy": "보통"
    }  # fmt: skip


async def test_what_came_on_a_closed_day_begins_with_the_next_opening(desk: Desk) -> None:
    desk.at(28, 15)
    talk = await desk.talk()
    assert (await desk.one(talk, "first")).due_at == seoul(30, 13)
    desk.at(30, 9, 30)
    await desk.inbox.reply(talk, "확인했습니다", "a")
    assert (await desk.one(talk, "first")).spent == 1800


async def test_a_bots_answer_and_one_that_did_not_arrive_stop_nothing(desk: Desk) -> None:
    talk = await desk.talk()
    await desk.inbox.reply(talk, "접수했습니다", "bot", desk.inbox.automation)
    desk.inbox.square.answers = [Refused("refused", "no"), Unknown("lost")]
    await desk.inbox.reply(talk, "확인했습니다", "a")
    await desk.inbox.reply(talk, "다시 보냅니다", "b")
    assert (await desk.one(talk, "first")).running_at == seoul(23, 10)
    desk.at(23, 11)
    await desk.inbox.reply(talk, "해결했습니다", "c")
    assert (await desk.one(talk, "first")).spent == 3600


async def test_who_writes_while_an_answer_is_on_its_way_waits_for_the_next(desk: Desk) -> None:
    talk = await desk.talk()
    desk.at(23, 11)
    async with desk.inbox.state.begin(desk.inbox.cast.tenant) as tx:
        now = await desk.inbox.now(talk)
        wrote = replace(now, last_in_at=seoul(23, 11, 1), last_out_at=seoul(23, 11))
        await desk.clocks.keeping.moved(tx, desk.inbox.cast.tenant, [Move(now, wrote, "out", seoul(23, 11))])
    assert ((await desk.one(talk, "first")).spent, (await desk.one(talk, "first")).outcome) == (3600, "given")
    assert [one.started_at for one in await desk.ever(talk, "next")] == [seoul(23, 11, 1)]


async def test_an_answer_from_before_the_question_stops_nothing(desk: Desk) -> None:
    talk = await desk.talk()
    async with desk.inbox.state.begin(desk.inbox.cast.tenant) as tx:
        now = await desk.inbox.now(talk)
        said = replace(now, last_out_at=seoul(23, 9))
        await desk.clocks.keeping.moved(tx, desk.inbox.cast.tenant, [Move(now, said, "out", seoul(23, 9))])
    assert (await desk.one(talk, "first")).running_at == seoul(23, 10)
    assert await desk.ever(talk, "next") == []


async def test_what_comes_in_one_breath_starts_the_clocks_of_each_conversation(desk: Desk) -> None:
    inbox = desk.inbox
    over, waits = await desk.talk(thread="breath-1", handle="ara"), await desk.talk(thread="breath-2", handle="bora")
    await inbox.care.set_state(inbox.cast.mina, over.id, "resolved")
    await inbox.reply(waits, "확인하고 있습니다", "breath")
    at, told = desk.at(23, 11), {"direct": True, "posted_at": desk.inbox.clock.now()}
    found = await inbox.arrive(
        inbox.post("다시 안 돼요", thread="breath-1", handle="ara", **told),
        inbox.post("아직이요?", thread="breath-2", handle="bora", **told),
        inbox.post("여기 한 번만 더요", thread="breath-2", handle="bora", **told),
        inbox.post("처음 여쭤봅니다", id="zz-last", handle="cho", **told),
    )
    fresh = await inbox.care.of_mention(inbox.cast.mina, found[-1])
    assert fresh is not None
    first = [(one.run, one.outcome, one.started_at == at) for one in await desk.ever(over, "first")]
    assert first == [(1, "dropped", False), (2, "", True)]
    assert [(one.run, one.started_at) for one in await desk.ever(waits, "next")] == [(1, at)]
    assert (await desk.one(fresh, "first")).started_at == (await desk.one(fresh, "resolve")).started_at == at
    for talk in (over, waits, fresh):
        now = await inbox.now(talk)
        ends = [one.due_at for kind in ("first", "next", "resolve") for one in await desk.ever(talk, kind)
                if one.stopped_at is None and one.due_at]  # fmt: skip
        assert (now.state, now.due_at) == ("open", min(ends))


async def test_each_unanswered_run_of_messages_has_one_next_clock(desk: Desk) -> None:
    talk = await desk.talk()
    await desk.inbox.reply(talk, "무엇을 결제하셨나요?", "a")
    desk.at(23, 11)
    await desk.writes(talk, "구독이요")
    desk.at(23, 11, 30)
    await desk.writes(talk, "여보세요?")
    assert [one.started_at for one in await desk.ever(talk, "next")] == [seoul(23, 11)]
    desk.at(23, 12)
    await desk.inbox.reply(talk, "확인 중입니다", "b")
    desk.at(23, 13)
    await desk.writes(talk, "네")
    spent = [(one.spent, one.outcome) for one in await desk.ever(talk, "next")]
    assert spent == [(3600, "given"), (0, "")]
    assert len(await desk.ever(talk, "first")) == 1


async def test_waiting_for_the_customer_and_putting_aside_pause(desk: Desk) -> None:
    talk = await desk.talk()
    care, mina = desk.inbox.care, desk.inbox.cast.mina
    desk.at(23, 11)
    await care.set_state(mina, talk.id, "snoozed", until=seoul(24, 9))
    paused = await desk.one(talk, "first")
    assert (paused.running_at, paused.due_at, paused.spent) == (None, None, 3600)
    assert (await desk.inbox.now(talk)).due_at is None
    desk.at(24, 9)
    await care.tick()
    resumed = await desk.one(talk, "first")
    assert (resumed.running_at, resumed.due_at) == (seoul(24, 9), seoul(24, 12))
    await desk.inbox.reply(talk, "여쭙니다", "a")  # waits for the customer now
    assert (await desk.one(talk, "resolve")).running_at is None
    desk.at(25, 9)
    await desk.writes(talk)
    assert (await desk.one(talk, "resolve")).running_at == seoul(25, 9)
    desk.at(25, 10)
    await care.set_state(mina, talk.id, "resolved")
    resolved = await desk.one(talk, "resolve")
    assert (resolved.spent, resolved.outcome) == (2 * 3600, "given")
    assert (await desk.one(talk, "next")).outcome == "dropped"  # nobody answered, and it is no answer


async def test_a_talk_that_is_opened_again_has_clocks_of_its_own(desk: Desk) -> None:
    talk = await desk.talk()
    care, mina = desk.inbox.care, desk.inbox.cast.mina
    await desk.inbox.reply(talk, "해결했습니다", "a", then="resolved")
    desk.at(26, 10)
    await desk.writes(talk, "또 그래요")
    assert [(one.run, one.started_at) for one in await desk.ever(talk, "first")] == [
        (1, seoul(23, 10)), (2, seoul(26, 10)),
    ]  # fmt: skip
    assert [one.run for one in await desk.ever(talk, "resolve")] == [1, 2]
    desk.at(26, 10, 10)
    await desk.inbox.reply(talk, "다시 봤습니다", "b", then="resolved")
    assert (await desk.one(talk, "first")).spent == 600
    await care.set_state(mina, talk.id, "open")  # a colleague looks again; no customer waits
    assert len(await desk.ever(talk, "first")) == 2
    assert [one.run for one in await desk.ever(talk, "resolve")] == [1, 2, 3]


async def test_another_priority_and_another_team_retime(desk: Desk) -> None:
    talk = await desk.talk()
    care, mina = desk.inbox.care, desk.inbox.cast.mina
    desk.at(23, 10, 10)
    await care.set_priority(mina, talk.id, "urgent")
    assert ((await desk.one(talk, "first")).due_at, (await desk.one(talk, "first")).policy) == (
        seoul(23, 10, 30), "urgent",
    )  # fmt: skip
    await care.set_priority(mina, talk.id, "normal")
    desk.at(23, 12)
    await care.transfer(mina, talk.id, "sales")  # sales has no hours: always open
    first = await desk.one(talk, "first")
    assert (first.team, first.due_at, first.started_at) == ("sales", seoul(23, 14), seoul(23, 10))
    desk.at(23, 13)
    await care.transfer(mina, talk.id, "care")
    assert (await desk.one(talk, "first")).spent == 3 * 3600  # what passed there is kept
    desk.at(23, 13, 30)
    await desk.inbox.reply(talk, "네", "a")
    assert (await desk.one(talk, "first")).spent == 3.5 * 3600


async def test_an_accounts_tier_is_asked_where_a_policy_depends_on_it(desk: Desk) -> None:
    desk.tiers["acme"] = "gold"
    talk = await desk.talk()
    async with desk.inbox.state.begin(desk.inbox.cast.tenant) as tx:
        acmes = replace(await desk.inbox.now(talk), account="acme")
        await desk.clocks.keeping.retime(tx, desk.inbox.cast.tenant, acmes, desk.inbox.clock.now())
    assert ((await desk.one(talk, "first")).policy, (await desk.one(talk, "first")).due_at) == ("gold", seoul(23, 11))


async def standing(desk: Desk, talk: Conversation) -> tuple[list[str], list[str]]:
    """Its clocks that are due soon and that are overdue; the inbox lists it where one is."""
    found = []
    for how in ("soon", "overdue"):
        clocks = await desk.clocks.standing(desk.inbox.cast.joon, how)
        found.append([one.kind for one in clocks if one.conversation == talk.id])
        assert (talk.id in await desk.inbox.listed(**{how: True})) is bool(found[-1])
    return found[0], found[1]


async def test_time_that_runs_short_and_time_that_is_over_are_told_once(desk: Desk) -> None:
    talk = await desk.talk()
    desk.at(23, 13)
    await desk.clocks.tick()
    assert await desk.told(talk, "Response Due Soon") == []
    desk.at(23, 13, 12)  # four fifths of four hours
    assert await desk.clocks.tick() >= 1
    assert await desk.clocks.tick() == 0
    [soon] = await desk.told(talk, "Response Due Soon")
    assert (soon.properties["kind"], soon.properties["left_seconds"]) == ("first", 48 * 60)
    assert await standing(desk, talk) == (["first"], [])
    desk.at(23, 14)
    await desk.clocks.tick()
    await desk.clocks.tick()
    assert await standing(desk, talk) == ([], ["first"])
    [over] = await desk.told(talk, "Response Overdue")
    assert (over.properties["kind"], over.properties["team"]) == ("first", "care")
    desk.at(23, 15)
    await desk.inbox.reply(talk, "늦었습니다", "a")
    assert (await desk.one(talk, "first")).met is False


async def test_many_processes_tell_each_thing_once(desk: Desk) -> None:
    await desk.promise(USUAL, silent=30)
    talks = [await desk.talk() for _ in range(3)]
    for talk in talks:
        await desk.inbox.care.assign(desk.inbox.cast.mina, talk.id, desk.inbox.cast.joon.user)
    desk.at(23, 15)
    await asyncio.gather(*(desk.clocks.tick() for _ in range(4)))
    said = Counter((one.event, one.object) for one in await desk.inbox.events())
    for talk in talks:
        assert said["Response Overdue", str(talk.id)] == said["Conversation Given Back", str(talk.id)] == 1
        assert (await desk.inbox.now(talk)).assignee == ""


async def test_what_nobody_looked_at_in_time_is_over_at_once(desk: Desk) -> None:
    talk = await desk.talk()
    desk.at(24, 10)
    await desk.clocks.tick()
    names = [name for name in await desk.inbox.told(talk) if name.startswith("Response")]
    assert names == ["Response Overdue"]


async def test_a_silent_assignee_gives_back(desk: Desk) -> None:
    await desk.promise(USUAL, silent=60)
    talk = await desk.talk()
    care, cast = desk.inbox.care, desk.inbox.cast
    await care.assign(cast.mina, talk.id, cast.joon.user)
    desk.at(23, 10, 59)
    await desk.clocks.tick()
    assert (await desk.inbox.now(talk)).assignee == cast.joon.user
    desk.at(23, 11)
    await desk.clocks.tick()
    await desk.clocks.tick()
    assert (await desk.inbox.now(talk)).assignee == ""
    [event] = await desk.told(talk, "Conversation Given Back")
    assert event.properties["agent"] == cast.joon.user
    assert (await desk.one(talk, "agent")).outcome == "dropped"
    await care.assign(cast.mina, talk.id, cast.joon.user)
    await desk.inbox.reply(talk, "여기 있습니다", "a", cast.joon)
    desk.at(24, 11)
    await desk.clocks.tick()
    assert (await desk.inbox.now(talk)).assignee == cast.joon.user  # who answered keeps it


async def test_handing_on_is_no_answer_of_whoever_had_it(desk: Desk) -> None:
    talk = await desk.talk()
    care, cast = desk.inbox.care, desk.inbox.cast
    await care.assign(cast.mina, talk.id, cast.joon.user)
    desk.at(23, 11)
    await care.assign(cast.mina, talk.id, cast.mina.user)
    desk.at(23, 11, 15)
    await desk.inbox.reply(talk, "확인했습니다", "a")
    told = [(one.agent, one.outcome, one.spent) for one in await desk.ever(talk, "agent")]
    assert told == [(cast.joon.user, "dropped", 3600), (cast.mina.user, "given", 900)]


async def test_other_policies_leave_running_clocks_until_they_are_retimed(desk: Desk) -> None:
    talk = await desk.talk()
    await desk.promise({**USUAL, "first": 60})
    assert (await desk.one(talk, "first")).due_at == seoul(23, 14)
    desk.at(23, 10, 30)
    assert await desk.clocks.retime(desk.inbox.cast.mina) >= 1
    assert (await desk.one(talk, "first")).due_at == seoul(23, 11)
    assert (await desk.inbox.now(talk)).due_at == seoul(23, 11)


async def test_without_policies_times_are_measured_all_the_same(desk: Desk) -> None:
    await desk.promise()
    talk = await desk.talk()
    desk.at(23, 10, 5)
    await desk.inbox.reply(talk, "네", "a")
    first = await desk.one(talk, "first")
    assert (first.spent, first.target, first.met, first.due_at) == (300, None, None, None)


async def test_chips_ask_for_many_at_once_and_only_of_their_own(desk: Desk) -> None:
    one, other = await desk.talk(), await desk.talk()
    found = await desk.clocks.of(desk.inbox.cast.mina, [one.id, other.id])
    assert [clock.kind for clock in found[one.id]] == ["first", "resolve"]
    assert set(found) == {one.id, other.id}
    assert await desk.clocks.of(desk.inbox.cast.rina, [one.id]) == {}
    with pytest.raises(NotAllowed):
        await desk.clocks.of(desk.inbox.cast.gil, [one.id])


@pytest.mark.parametrize(
    ("policies", "field"),
    [
        ([{**USUAL, "name": ""}], "policies[0].name"), ([USUAL, {**URGENT, "first": 0}], "policies[1].first"),
        ([{**USUAL, "first": "soon"}], "policies[0].first"), ([{"id": "x", "name": "x"}], "policies[0].first"),
        ([{**GOLD, "teams": ["nobody"]}], "policies[0].teams"), ([USUAL, USUAL], "policies"),
        ([{**GOLD, "day": 1}], "policies[0].day"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_policy_is_named(desk: Desk, policies: list[dict[str, Any]], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.promise(*policies)
    assert refused.value.field == field


async def test_policies_are_an_administrators_to_change_one_at_a_time(desk: Desk) -> None:
    told = {"policies": [], "silent": None, "survey": "off"}
    with pytest.raises(NotAllowed):
        await desk.clocks.set_setting(desk.inbox.cast.joon, told, 1)
    with pytest.raises(Conflict):
        await desk.clocks.set_setting(desk.inbox.cast.mina, told, 1)
