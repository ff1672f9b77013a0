"""Ideas are asked for, voted for, changed, merged and taken apart; who asked and what that is worth is known."""

from __future__ import annotations

import csv
import io
from datetime import date
from uuid import uuid4

import pytest

from dure.automation.plugs import StepCall
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.social import beside
from dure.social.ideas import steps as idea_steps
from dure.social.ideas.rules import SAME, grams, in_sheet, nearness
from tests.social.routing.conftest import Desk

pytestmark = pytest.mark.anyio


async def test_a_mention_asks_for_an_idea_once_and_counts_with_its_copies(desk: Desk) -> None:
    text = "가사를 방송 화면에서 바로 볼 수 있으면 정말 좋겠어요"
    one = await desk.arrived(text, handle="fan")
    await desk.arrived(f"RT {text}")
    idea = await desk.ideas.create(desk.cast.joon, "방송 화면에서 가사 보기", topic="app")
    await desk.ideas.ask(desk.cast.joon, idea.id, source="mention", ref=str(one.id))
    await desk.ideas.ask(desk.cast.joon, idea.id, source="care", said="전화로 세 번 들음")
    with pytest.raises(Conflict) as again:
        await desk.ideas.ask(desk.cast.joon, idea.id, source="mention", ref=str(one.id))
    assert again.value.data == {"idea": str(idea.id)}
    whole = await desk.ideas.one(desk.cast.joon, idea.id)
    assert (whole.idea.demand, whole.idea.asked) == ({"mention": 2, "care": 1}, 3)
    assert {asked.said for asked in whole.askings} == {text, "전화로 세 번 들음"}
    told = [event.properties["source"] for event in await desk.told("Idea Linked")]
    assert told[-2:] == ["mention", "care"]
    await desk.ideas.unask(desk.cast.joon, idea.id, whole.askings[0].id)
    with pytest.raises(NotFound):
        await desk.ideas.unask(desk.cast.joon, idea.id, whole.askings[0].id)


async def test_words_that_their_network_took_back_are_gone_and_the_wish_still_counts(desk: Desk) -> None:
    one = await desk.arrived("동네 이름으로 방송을 찾게 해 주세요", handle="took-back")
    idea = await desk.ideas.create(desk.cast.joon, "동네 이름으로 찾기")
    await desk.ideas.ask(desk.cast.joon, idea.id, source="mention", ref=str(one.id))
    await desk.becoming.note(desk.cast.joon, one.id, "idea", str(idea.id), idea.title, "/ideas")
    async with desk.state.begin(desk.cast.tenant) as tx:
        await beside.forget(tx, desk.cast.tenant.workspace, [one.id])
    whole = await desk.ideas.one(desk.cast.joon, idea.id)
    assert ([asked.said for asked in whole.askings], whole.idea.asked) == ([""], 1)
    assert await desk.becoming.of(desk.cast.joon, one.id) == []
    assert (await desk.routing.decided(desk.cast.joon, one.id))[0] is None


async def test_what_askers_are_worth_is_the_sum_of_their_open_deals(desk: Desk) -> None:
    account = await desk.deals.create_account(
        desk.cast.mina, "새벽커피", domain="dawn.example", owner=desk.cast.users["joon"].id
    )
    for name, amount in (("봄 캠페인", 3_000_000), ("가을 캠페인", 2_000_000)):
        await desk.deals.create(
            desk.cast.mina, name, account.id, amount, date(2026, 12, 20), owner=desk.cast.users["mina"].id
        )
    idea = await desk.ideas.create(desk.cast.joon, "광고 보고서 자동 발송")
    await desk.ideas.ask(desk.cast.joon, idea.id, source="sales", said="매주 받고 싶대요", account=account.id)
    listed = next(one for one in await desk.ideas.ideas(desk.cast.joon) if one.id == idea.id)
    assert (dict(listed.value), listed.accounts) == ({"KRW": 5_000_000}, (account.id,))
    async with desk.state.begin(desk.cast.tenant) as tx:
        _, askings, owners = await desk.ideas.askers_in(tx, desk.cast.joon, idea.id)
    assert askings[0].account_name == "새벽커피"
    assert owners == [desk.cast.users["joon"].id, desk.cast.users["mina"].id]


async def test_votes_are_once_and_can_be_taken_back(desk: Desk) -> None:
    idea = await desk.ideas.create(desk.cast.joon, "어두운 화면 설정")
    before = len(await desk.told("Idea Voted"))
    await desk.ideas.vote(desk.cast.joon, idea.id)
    twice = await desk.ideas.vote(desk.cast.joon, idea.id)
    assert (twice.votes, twice.mine) == (1, True)
    assert (await desk.ideas.vote(desk.cast.mina, idea.id)).votes == 2
    assert (await desk.ideas.vote(desk.cast.joon, idea.id, wanted=False)).votes == 1
    assert len(await desk.told("Idea Voted")) - before == 3


async def test_changes_say_what_was_before_and_conflicts_are_told(desk: Desk) -> None:
    idea = await desk.ideas.create(desk.cast.joon, "속도 조절 재생")
    kept = await desk.ideas.change(desk.cast.joon, idea.id, version=1, state="shipped", owner=desk.cast.joon.user)
    assert (kept.state, kept.version) == ("shipped", 2)
    told = (await desk.told("Idea Changed"))[-1].properties
    assert (told["moved"], told["before"], told["state_en"]) == (True, {"state": "open", "owner": ""}, "Shipped")
    assert await desk.ideas.change(desk.cast.joon, idea.id, state="shipped") == kept
    with pytest.raises(Conflict):
        await desk.ideas.change(desk.cast.joon, idea.id, version=1, title="다른 이름")
    for given, field in (({"state": "lost"}, "state"), ({"title": "가"}, "title"), ({"topic": "x"}, "topic")):
        with pytest.raises(Invalid) as refused:
            await desk.ideas.change(desk.cast.joon, idea.id, **given)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        await desk.ideas.create(desk.cast.gil, "손님의 생각")
    with pytest.raises(NotFound):
        await desk.ideas.one(desk.cast.rina, idea.id)


async def test_a_merge_moves_everything_and_is_undone_as_it_was(desk: Desk) -> None:
    first = await desk.ideas.create(desk.cast.joon, "예약 녹음 기능")
    second = await desk.ideas.create(desk.cast.joon, "방송 예약 녹음")
    await desk.ideas.ask(desk.cast.joon, first.id, source="care", said="예약 녹음 되나요")
    await desk.ideas.vote(desk.cast.joon, first.id)
    await desk.ideas.vote(desk.cast.joon, second.id)
    await desk.ideas.vote(desk.cast.mina, first.id)
    merge = await desk.ideas.merge(desk.cast.joon, first.id, second.id)
    together = await desk.ideas.one(desk.cast.joon, second.id)
    assert (together.idea.votes, together.idea.asked, [one.title for one in together.merges]) == (
        2, 1, ["예약 녹음 기능"],
    )  # fmt: skip
    assert first.id not in {one.id for one in await desk.ideas.ideas(desk.cast.joon)}
    with pytest.raises(Conflict):
        await desk.ideas.merge(desk.cast.joon, first.id, second.id)
    await desk.ideas.ask(desk.cast.joon, second.id, source="care", said="그 뒤에 물음")
    again = await desk.ideas.undo_merge(desk.cast.joon, merge.id)
    rest = await desk.ideas.one(desk.cast.joon, second.id)
    assert (again.votes, again.asked, rest.idea.votes, rest.idea.asked) == (2, 1, 1, 1)
    with pytest.raises(NotFound):
        await desk.ideas.undo_merge(desk.cast.joon, merge.id)


async def test_a_wish_joins_the_idea_of_nearly_the_same_words(desk: Desk) -> None:
    take, _ = idea_steps.steps(desk.ideas)
    call = StepCall(desk.cast.tenant, desk.cast.mina, "run", "auto", f"key-{uuid4()}", "s", desk.clock.now())
    async with desk.state.begin(desk.cast.tenant) as tx:
        made = await take.run(tx, call, idea_steps.Wish("잠들기 타이머 추가해 주세요", source="sales", ref="n-1"))
        joined = await take.run(tx, call, idea_steps.Wish("잠들기 타이머", source="care", ref="n-2"))
        other = await take.run(tx, call, idea_steps.Wish("광고 없는 요금제", source="care", ref="n-3"))
    assert (made.fresh, joined.fresh, joined.idea, other.fresh) == (True, False, made.idea, True)
    (near, *_) = await desk.ideas.similar(desk.cast.joon, "잠들기용 타이머 기능")
    assert str(near[0].id) == made.idea


async def test_the_sheet_has_every_idea_and_no_formula(desk: Desk) -> None:
    await desk.ideas.create(desk.cast.joon, '=HYPERLINK("http://evil.example")')
    rows = list(csv.DictReader(io.StringIO(await desk.ideas.sheet(desk.cast.joon))))
    assert len(rows) == len(await desk.ideas.ideas(desk.cast.joon))
    assert any(row["title"].startswith("'=HYPERLINK") for row in rows)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("다크 모드 추가해 주세요", "다크모드", True), ("Add dark mode please", "Dark mode", True),
     ("환불 기간 늘리기", "다크 모드", False), ("Export to CSV", "Sleep timer", False)],
)  # fmt: skip
def test_nearness_is_by_a_title_s_own_words(one: str, other: str, same: bool) -> None:
    assert (nearness(grams(one), grams(other)) >= SAME) == same


def test_a_cell_that_begins_like_a_formula_is_text() -> None:
    assert [in_sheet(cell) for cell in ("=1+1", "@a", "가", 3)] == ["'=1+1", "'@a", "가", "3"]
