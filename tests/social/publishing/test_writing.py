"""Drafts of several writers lose no text; an approval is of exact texts, by somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from dure.automation.plugs import StepCall
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.social.plugs import Refused
from dure.social.publishing.model import Content, Wording
from dure.social.publishing.steps import Draft, Pause, steps
from tests.people_of import MONDAY_NOON
from tests.social.publishing.conftest import Desk

pytestmark = pytest.mark.anyio


async def test_two_writers_see_each_others_text_and_lose_none(desk: Desk) -> None:
    plan = await desk.drafted("처음")
    await desk.publishing.save(desk.cast.mina, plan.id, 1, desk.content("미나의 글"))
    with pytest.raises(Conflict) as met:
        await desk.publishing.save(desk.cast.joon, plan.id, 1, desk.content("준의 글"))
    data = met.value.data
    assert (data["version"], data["by"]) == (2, desk.cast.mina.user)
    assert data["content"]["text"] == "미나의 글"  # type: ignore[index]
    await desk.publishing.set_aside(desk.cast.joon, plan.id, desk.content("준의 글"))
    kept = await desk.publishing.versions(desk.cast.joon, plan.id)
    assert [(one.content.text, one.aside) for one in kept] == [("준의 글", True), ("미나의 글", False), ("처음", False)]
    assert (await desk.plan(plan)).content.text == "미나의 글"


async def test_the_same_text_again_is_no_edit(desk: Desk) -> None:
    plan = await desk.approved()
    before = len(await desk.told("Post Edited"))
    whole = await desk.publishing.save(desk.cast.joon, plan.id, plan.version, plan.content)
    assert (whole.plan.state, len(await desk.told("Post Edited"))) == ("approved", before)
    whole = await desk.publishing.save(desk.cast.joon, plan.id, plan.version, plan.content, evergreen=True)
    assert (whole.plan.state, whole.plan.evergreen) == ("approved", True)


async def test_a_second_person_approves_and_the_time_that_was_wished_holds(desk: Desk) -> None:
    plan = await desk.publishing.draft(desk.cast.joon, desk.content(), due_at=desk.at(days=1))
    with pytest.raises(Conflict) as needed:
        await desk.publishing.calendar.schedule(desk.cast.joon, plan.id)
    assert needed.value.field == "approval"
    await desk.publishing.reviews.submit(desk.cast.joon, plan.id, "봐 주세요")
    (asked,) = await desk.publishing.waiting(desk.cast.mina)
    assert asked[1].note == "봐 주세요"
    mine = await desk.publishing.one(desk.cast.joon, plan.id)
    assert mine.why_not == "own"
    with pytest.raises(NotAllowed):
        await desk.publishing.reviews.decide(desk.cast.joon, plan.id, mine.hash, True)
    with pytest.raises(Conflict):
        await desk.publishing.reviews.decide(desk.cast.mina, plan.id, "another", True)
    done = await desk.publishing.reviews.decide(desk.cast.mina, plan.id, mine.hash, True)
    assert (done.state, done.approved_by) == ("scheduled", desk.cast.mina.user)
    assert (await desk.told("Post Approved"))[-1]["asked_by"] == desk.cast.joon.user


async def test_who_wrote_a_part_of_it_is_an_author_too(desk: Desk) -> None:
    plan = await desk.drafted()
    await desk.publishing.save(desk.cast.mina, plan.id, 1, desk.content("미나가 다듬은 글"))
    await desk.publishing.reviews.submit(desk.cast.joon, plan.id)
    whole = await desk.publishing.one(desk.cast.mina, plan.id)
    assert whole.why_not == "own"
    await desk.publishing.calendar.set_rules(
        desk.cast.mina, 0, approval=True, own=True, approvers=[], utm={}, tracked=True
    )
    whole = await desk.publishing.one(desk.cast.mina, plan.id)
    done = await desk.publishing.reviews.decide(desk.cast.mina, plan.id, whole.hash, True)
    assert done.state == "approved"


async def test_only_those_who_are_named_approve(desk: Desk) -> None:
    await desk.publishing.calendar.set_rules(
        desk.cast.mina, 0, approval=True, own=False, approvers=["U-else"], utm={}, tracked=True
    )
    plan = await desk.drafted()
    await desk.publishing.reviews.submit(desk.cast.joon, plan.id)
    whole = await desk.publishing.one(desk.cast.mina, plan.id)
    assert whole.why_not == "not_an_approver"
    with pytest.raises(NotAllowed):
        await desk.publishing.reviews.decide(desk.cast.mina, plan.id, whole.hash, True)


async def test_an_edit_ends_the_approval_and_a_move_does_not(desk: Desk) -> None:
    plan = await desk.approved()
    moved = await desk.publishing.calendar.move(desk.cast.joon, plan.id, desk.at(days=2))
    assert moved.state == "scheduled"
    moved = await desk.publishing.calendar.move(desk.cast.joon, plan.id, desk.at(days=3))
    assert (moved.state, moved.hash) == ("scheduled", plan.hash)
    whole = await desk.publishing.save(desk.cast.joon, plan.id, moved.version, desk.content("고친 글"))
    assert (whole.plan.state, whole.plan.approved_by, whole.plan.due_at) == ("draft", "", moved.due_at)
    await desk.run(later=timedelta(days=3))
    assert desk.red.taken == []


async def test_other_tags_are_other_texts_and_end_the_approval_at_once(desk: Desk) -> None:
    plan, plain = await desk.approved("https://sorimaru.example"), await desk.approved("링크 없음")
    _, back = await desk.publishing.calendar.set_rules(
        desk.cast.mina, 0, approval=True, own=False, approvers=[], utm={"utm_medium": "paid"}, tracked=True
    )
    assert [one.id for one in back] == [plan.id]
    assert [(await desk.plan(one)).state for one in (plan, plain)] == ["draft", "approved"]
    with pytest.raises(Conflict):
        await desk.publishing.calendar.set_rules(
            desk.cast.mina, 0, approval=False, own=False, approvers=[], utm={}, tracked=True
        )
    with pytest.raises(Invalid) as wrong:
        await desk.publishing.calendar.set_rules(
            desk.cast.mina, 1, approval=False, own=False, approvers=[], utm={"ref": "x"}, tracked=True
        )
    assert wrong.value.field == "utm"


async def test_a_returned_post_is_a_draft_with_a_reason(desk: Desk) -> None:
    plan = await desk.drafted()
    await desk.publishing.reviews.submit(desk.cast.joon, plan.id)
    whole = await desk.publishing.one(desk.cast.mina, plan.id)
    with pytest.raises(Invalid):
        await desk.publishing.reviews.decide(desk.cast.mina, plan.id, whole.hash, False)
    back = await desk.publishing.reviews.decide(desk.cast.mina, plan.id, whole.hash, False, "날짜가 틀렸어요")
    assert back.state == "draft"
    assert (await desk.publishing.one(desk.cast.joon, plan.id)).reviews[0].comment == "날짜가 틀렸어요"


async def test_comments_are_about_a_draft_or_one_of_its_networks(desk: Desk) -> None:
    plan = await desk.drafted()
    made = await desk.publishing.comment(desk.cast.mina, plan.id, "조금 길어요", desk.places["red"])
    assert (await desk.plan(plan)).comments == 1
    await desk.publishing.settle_comment(desk.cast.joon, plan.id, made.id)
    assert (await desk.plan(plan)).comments == 0
    with pytest.raises(NotFound):
        await desk.publishing.settle_comment(desk.cast.joon, plan.id, uuid4())


async def test_what_no_network_would_take_is_not_submitted(desk: Desk) -> None:
    plan = await desk.drafted("가" * 301)
    with pytest.raises(Invalid) as wrong:
        await desk.publishing.reviews.submit(desk.cast.joon, plan.id)
    assert wrong.value.data == {"problems": {str(desk.places["red"]): ["over"]}}
    with pytest.raises(Invalid):
        await desk.drafted(wordings=(Wording(uuid4()),))
    with pytest.raises(Invalid):
        await desk.publishing.draft(desk.cast.joon, desk.content(), due_at=MONDAY_NOON - timedelta(days=1))


async def test_a_copy_is_a_draft_of_ones_own_and_what_was_published_stays(desk: Desk) -> None:
    plan = await desk.due()
    await desk.run()
    copied = await desk.publishing.copy(desk.cast.mina, plan.id, desk.at(days=30))
    assert (copied.state, copied.original, copied.author) == ("draft", plan.id, desk.cast.mina.user)
    assert copied.content == plan.content
    with pytest.raises(Conflict):
        await desk.publishing.remove(desk.cast.mina, plan.id)
    await desk.publishing.remove(desk.cast.mina, copied.id)
    with pytest.raises(NotFound):
        await desk.plan(copied)


async def test_what_stands_somewhere_is_not_changed_by_an_edit_of_the_rest(desk: Desk) -> None:
    plan = await desk.due()
    desk.blue.answers = [Refused("answered", "422")]
    await desk.run()
    plan = await desk.plan(plan)
    only_blue = replace(plan.content, wordings=(Wording(desk.places["blue"]),))
    with pytest.raises(Conflict):
        await desk.publishing.save(desk.cast.joon, plan.id, plan.version, only_blue)
    whole = await desk.publishing.save(desk.cast.joon, plan.id, plan.version, desk.content("두 번째 글"))
    assert [one.text for one in whole.rendered] == ["새 방송이 열렸어요", "두 번째 글"]
    await desk.publishing.reviews.submit(desk.cast.joon, plan.id)
    hash = (await desk.publishing.one(desk.cast.mina, plan.id)).hash  # noqa: A001
    await desk.publishing.reviews.decide(desk.cast.mina, plan.id, hash, True)
    await desk.publishing.calendar.schedule(desk.cast.joon, plan.id)
    await desk.run()
    assert (await desk.plan(plan)).state == "published"
    assert [one.text for one in desk.red.taken + desk.blue.taken] == ["새 방송이 열렸어요", "두 번째 글"]


async def test_others_and_guests_see_nothing(desk: Desk) -> None:
    plan = await desk.drafted()
    with pytest.raises(NotFound):
        await desk.publishing.one(desk.cast.rina, plan.id)
    with pytest.raises(NotAllowed):
        await desk.publishing.plans(desk.cast.gil)
    with pytest.raises(NotAllowed):
        await desk.publishing.calendar.set_rules(
            desk.cast.joon, 0, approval=False, own=False, approvers=[], utm={}, tracked=True
        )


async def test_an_automation_drafts_once_and_pauses_all(desk: Desk) -> None:
    draft, pause = steps(desk.publishing)
    system = desk.cast.governance.system(desk.cast.tenant, "automation", "run-1")
    call = StepCall(desk.cast.tenant, system, "run-1", "a", "key-1", "", desk.clock.now())
    wanted = Draft("출시", "오늘부터 씁니다", sources="Red", link="https://sorimaru.example", submit="yes")
    for _ in range(2):
        async with desk.state.begin(desk.cast.tenant) as tx:
            made = await draft.run(tx, call, wanted)
    (plan,) = await desk.publishing.plans(desk.cast.mina)
    assert (made.state, plan.state, plan.content.text) == (  # type: ignore[attr-defined]
        "in_review", "in_review", "오늘부터 씁니다\n\nhttps://sorimaru.example",
    )  # fmt: skip
    assert [one.source for one in plan.content.wordings] == [desk.places["red"]]
    async with desk.state.begin(desk.cast.tenant) as tx:
        with pytest.raises(Invalid):
            await draft.run(tx, replace(call, key="key-2"), Draft("출시", "글", sources="nowhere"))
        await pause.run(tx, call, Pause("급증"))
    assert (await desk.publishing.rules(desk.cast.mina)).paused_why == "급증"


async def test_a_title_is_needed_and_fields_are_named(desk: Desk) -> None:
    for content, field in (
        (Content(" "), "title"), (Content("x", "가" * 60_001), "text"), (Content("x", campaign="c" * 101), "campaign"),
        (desk.content(wordings=(Wording(desk.places["red"]), Wording(desk.places["red"]))), "wordings[1].source"),
        (desk.content(wordings=(Wording(desk.places["red"], utm={"gclid": "1"}),)), "wordings[0].utm"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as wrong:
            await desk.publishing.draft(desk.cast.joon, content)
        assert wrong.value.field == field
