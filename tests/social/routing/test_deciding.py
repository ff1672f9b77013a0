"""People decide about mentions: each verdict once, with its event; what it teaches; a change tried on the past."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.filters import Filter
from dure.social.api import Rule
from dure.social.routing.api import Routing
from dure.social.routing.model import Settings
from tests.social.routing.conftest import CRASH, PAY, Desk

pytestmark = pytest.mark.anyio


async def test_what_arrives_is_decided_and_says_by_what(desk: Desk) -> None:
    one = await desk.arrived(CRASH)
    decided, why = await desk.routing.decided(desk.cast.joon, one.id)
    assert decided is not None
    assert (one.state, one.function, one.channel) == ("routed", "product", "product")
    assert (decided.by, decided.function, decided.version) == ("model", "product", "r0m0")
    assert why[0]["name"] == "it=complaint/crash"
    routed = (await desk.told("Mention Routed"))[-1].properties
    assert (routed["by"], routed["version"], routed["reasons"][0]["code"]) == ("model", "r0m0", "read")


async def test_a_call_brings_each_channel_s_mentions_by_one_event(desk: Desk) -> None:
    await desk.social.arrive(
        desk.cast.mina,
        [desk.post(f"{word} 앱이 켜자마자 튕겨요 오류") for word in ("어제부터", "오늘 새벽에 갑자기")]
        + [desk.post("기자입니다 취재 인터뷰 요청드립니다 기사"), desk.post("개인정보 유출 기사 봤는데 사실인가요")],
    )  # fmt: skip
    told = {
        (one.properties["function"], one.properties["told"]): one.properties["count"]
        for one in (await desk.told("Mentions Routed"))[-4:]
    }
    assert told == {("product", False): 2, ("press", False): 1, ("executives", False): 1, ("press", True): 1}


async def test_accepting_is_once_and_keeps_who_did(desk: Desk) -> None:
    one = await desk.arrived("크롬에서 앱이 자꾸 튕겨요 오류 짜증")
    before = len(await desk.told("Mention Accepted"))
    taken = await desk.routing.decide(desk.cast.joon, one.id, "accepted")
    assert await desk.routing.decide(desk.cast.joon, one.id, "accepted") == taken
    (told,) = (await desk.told("Mention Accepted"))[before:]
    assert (told.properties["user"], told.properties["function"]) == (desk.cast.joon.user, "product")
    decided, _ = await desk.routing.decided(desk.cast.joon, one.id)
    assert decided is not None
    assert (decided.verdict, decided.answer, decided.moves, decided.decided_by) == (
        "accepted", "product", 0, desk.cast.joon.user,
    )  # fmt: skip


async def test_a_move_brings_it_to_the_other_team_and_counts(desk: Desk) -> None:
    one = await desk.arrived("비행기 모드에서 앱이 튕겨요 오류")
    moved = await desk.routing.decide(desk.cast.joon, one.id, "moved", function="care", version=one.version)
    assert (moved.function, moved.channel, moved.state) == ("care", "care", "routed")
    routed, together = (await desk.told("Mention Routed"))[-1], (await desk.told("Mentions Routed"))[-1]
    assert (routed.properties["by"], routed.properties["from"]) == ("person", "product")
    assert together.properties["mentions"] == [str(one.id)]
    decided, _ = await desk.routing.decided(desk.cast.joon, one.id)
    assert decided is not None
    assert (decided.moves, decided.answer, decided.function) == (1, "care", "product")


async def test_what_is_not_for_a_team_waits_for_a_person_again(desk: Desk) -> None:
    one = await desk.arrived("사물함에서 앱이 튕겨요 오류")
    back = await desk.routing.decide(desk.cast.joon, one.id, "refused")
    assert (back.state, back.function) == ("new", "")
    first = (await desk.routing.waiting(desk.cast.joon))[0]
    assert first.decided is not None
    assert (first.mention.id, first.decided.refused) == (one.id, ["product"])
    with pytest.raises(Conflict):
        await desk.routing.decide(desk.cast.joon, one.id, "accepted")
    gone = await desk.routing.decide(desk.cast.joon, one.id, "nobody")
    assert (gone.state, gone.function) == ("done", "")


async def test_bad_verdicts_name_their_field_and_guests_give_none(desk: Desk) -> None:
    one = await desk.arrived("노트북에서 앱이 튕겨요 오류")
    for verdict, function, field in (("perhaps", "", "verdict"), ("moved", "kitchen", "function")):
        with pytest.raises(Invalid) as refused:
            await desk.routing.decide(desk.cast.joon, one.id, verdict, function=function)
        assert refused.value.field == field
    with pytest.raises(Conflict):
        await desk.routing.decide(desk.cast.joon, one.id, "accepted", version=99)
    with pytest.raises(NotAllowed):
        await desk.routing.decide(desk.cast.gil, one.id, "accepted")
    with pytest.raises(NotFound):
        await desk.routing.decide(desk.cast.rina, one.id, "accepted")


async def edited(desk: Desk, one: Any, text: str) -> Any:
    """The mention after its author changed it."""
    desk.clock.advance(timedelta(minutes=1))
    given = desk.post(text, network=one.network, id=one.external, handle=one.handle, edited_at=desk.clock.now())
    await desk.social.arrive(desk.cast.mina, [given])
    return await desk.social.one(desk.cast.mina, one.id)


async def test_an_edit_is_routed_anew_where_no_person_said_whose_it_is(desk: Desk) -> None:
    one = await desk.arrived("그냥 그래요")
    assert one.function == ""
    now = await edited(desk, one, "출근 버스에서 앱이 켜자마자 튕겨요 오류")
    assert (now.state, now.function, now.channel) == ("routed", "product", "product")
    routed, together = (await desk.told("Mention Routed"))[-1], (await desk.told("Mentions Routed"))[-1]
    assert (routed.object, routed.properties["by"], together.properties["mentions"]) == (
        str(one.id), "model", [str(one.id)],
    )  # fmt: skip
    decided, _ = await desk.routing.decided(desk.cast.joon, one.id)
    assert decided is not None
    assert (decided.by, decided.function, decided.owned_at) == ("model", "product", desk.clock.now())
    back = await edited(desk, now, "그냥 그래요 뭐")
    assert (back.state, back.function, back.channel) == ("new", "", "")
    assert one.id in {row.mention.id for row in await desk.routing.waiting(desk.cast.joon)}


async def test_a_person_s_verdict_outlives_an_edit(desk: Desk) -> None:
    taken, moved, closed = [
        await desk.arrived(f"{where}에서 앱이 켜자마자 튕겨요 오류") for where in ("옥상", "창고", "주차장")
    ]
    await desk.routing.decide(desk.cast.joon, taken.id, "accepted")
    await desk.routing.decide(desk.cast.joon, moved.id, "moved", function="care")
    await desk.routing.decide(desk.cast.joon, closed.id, "nobody")
    routed = len(await desk.told("Mention Routed"))
    now = [
        await edited(desk, one, f"{one.external} 결제가 두 번 됐어요 환불해 주세요") for one in (taken, moved, closed)
    ]
    assert [(one.state, one.function) for one in now] == [("routed", "product"), ("routed", "care"), ("done", "")]
    assert len(await desk.told("Mention Routed")) == routed


async def test_a_person_s_word_on_the_screen_teaches_too(desk: Desk) -> None:
    one = await desk.arrived("지하철에서 앱이 튕겨요 오류")
    await desk.social.change(desk.cast.joon, one.id, function="marketing")
    decided, _ = await desk.routing.decided(desk.cast.joon, one.id)
    assert decided is not None
    assert (decided.verdict, decided.answer) == ("moved", "marketing")


async def test_the_past_is_decided_anew_before_a_change_is_saved(desk: Desk) -> None:
    one = await desk.arrived(PAY, network="cafe", reach=70_000)
    rule = Rule(where=(Filter("network", "=", "cafe"),), function="executives")
    tried = await desk.routing.replay(desk.cast.joon, rules_=[rule])
    (moved,) = [row for row in tried.moved if row.now == "executives"]
    assert (moved.was, moved.count, moved.examples[0]["mention"]) == ("care", 1, str(one.id))
    assert (await desk.social.one(desk.cast.joon, one.id)).function == "care"
    strict = await desk.routing.replay(desk.cast.joon, gate=0.99)
    assert strict.waiting_now > strict.waiting
    assert tried.decided == strict.decided >= 2
    with pytest.raises(Invalid):
        await desk.routing.replay(desk.cast.joon, gate=2)


async def test_settings_are_checked_kept_and_used(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        await desk.routing.set_settings(desk.cast.mina, Settings(gate=0.1))
    assert refused.value.field == "gate"
    await desk.routing.set_settings(desk.cast.mina, Settings(gate=0.99, audit=1, channels={"care": "help"}))
    one = await desk.arrived("세탁소에서 앱이 튕겨요 오류")
    assert one.state == "new"
    await desk.routing.set_settings(desk.cast.mina, Settings(audit=1, channels={"care": "help"}))
    two = await desk.arrived("환불 문의했는데 답이 없네요 구독 취소 짜증")
    assert (two.function, two.channel) == ("care", "help")
    sample = [row.mention.id for row in await desk.routing.waiting(desk.cast.mina, sample=True)]
    assert sample == [two.id]
    await desk.routing.decide(desk.cast.joon, two.id, "accepted")
    assert await desk.routing.waiting(desk.cast.mina, sample=True) == []


async def test_what_people_decide_is_learned_by_version_and_measured_on_the_sample(desk: Desk) -> None:
    routing: Routing = desk.routing
    asked = [f"{place} 가사 보기 어떻게 켜나요 방법 알려주세요" for place in (
        "아이폰", "갤럭시", "태블릿", "자동차", "거실 텔레비전", "회사 컴퓨터", "워치", "스피커", "차량용 화면",
        "오래된 폰", "노트북 화면", "집 스피커", "아이패드", "픽셀", "폴드", "플립", "구형 태블릿", "맥북", "윈도우",
        "리눅스", "크롬북", "빔 프로젝터",
    )]  # fmt: skip
    for text in asked:
        one = await desk.arrived(text)
        await routing.decide(desk.cast.joon, one.id, "moved", function="product")
    before = await desk.arrived("전기차에서 가사 보기 어떻게 켜나요 방법 알려주세요")
    assert await routing.tick() >= 1
    after = await desk.arrived("오토바이에서 가사 보기 어떻게 켜나요 방법 알려주세요")
    assert (before.function, after.function) == ("care", "product")
    (card, *_) = await routing.models(desk.cast.joon)
    assert (card["active"], card["version"]) == (True, 1)
    assert card["card"]["accuracy"] > card["card"]["prior"]["accuracy"]
    told = (await desk.told("Mention Router Changed"))[-1]
    assert told.properties["version"] == 1
    assert await routing.tick() == 0
    figures = await routing.figures(desk.cast.joon)
    rows = {row["function"]: row for row in figures["functions"]}
    # Near copies of one another are one mention here.
    assert rows["product"]["moved_in"] >= 5
    assert rows["care"]["answered"] > rows["care"]["right"] > 0
    assert rows["care"]["precision"] == rows["care"]["right"] / rows["care"]["answered"]
    assert 0 < figures["transferred"] <= figures["routed"]
    await routing.activate(desk.cast.mina, 0)
    assert (await routing.setup(desk.cast.mina)).model == 0
    with pytest.raises(NotFound):
        await routing.activate(desk.cast.mina, 9)


async def test_a_digest_tells_the_week_in_both_languages(desk: Desk) -> None:
    one = await desk.arrived("<!channel> 트럭에서 앱이 켜자마자 튕겨요 오류 최악", reach=9_000_000)
    async with desk.state.begin(desk.cast.tenant) as tx:
        week = await desk.routing.digest_in(tx, desk.cast.mina, "product", 7)
    assert week.came >= 5
    assert week.topics[0][0] in ("crash", "usage")
    korean, english = week.text("ko"), week.text("en")
    assert ("새 언급" in korean, "new mentions" in english) == (True, True)
    assert "<!channel>" not in korean + english
    assert one.function == "product"
    with pytest.raises(Invalid):
        async with desk.state.begin(desk.cast.tenant) as tx:
            await desk.routing.digest_in(tx, desk.cast.mina, "kitchen", 7)
