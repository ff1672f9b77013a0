"""The whole way: a mention arrives, its card stands in the team's channel, a press is taken, and the card says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dure.automation.plugs import StepCall
from dure.channels.api import Draft
from dure.channels.forms import events as form_events
from dure.channels.interaction.api import Press
from dure.channels.interaction.refusals import ElementNotFound
from dure.channels.model import Message
from dure.deals import lookups
from dure.deals.api import Deals
from dure.feed.api import Lane, tail
from dure.kernel.errors import Invalid, NotAllowed
from dure.log.api import Log
from dure.people.api import Known, People
from dure.social import recipes, steps
from dure.social.api import NewMention, Social
from dure.social.ideas import steps as idea_steps
from dure.social.ideas.api import Ideas
from dure.social.linking.api import Linking
from dure.social.routing import steps as routing_steps
from dure.social.routing.api import Routing
from dure.state import State
from tests.channels.automated import Office, open_office
from tests.channels.shared_state import shared_database, state  # noqa: F401

pytestmark = pytest.mark.anyio


class Whole:
    """Channels, automations, social, people and deals in one house, with the ready automations switched on."""

    def __init__(self, office: Office, log: Log) -> None:
        room = office.room
        self.office, self.room, self.numbers = office, room, 0
        self.at: dict[str, str] = {}
        self.people, self.deals = (
            People(room.state, log, room.clock),
            Deals(room.state, room.clock, room.cast.governance),
        )
        self.social = Social(room.state, room.clock)
        self.routing = Routing(room.state, room.clock, self.social.shelf)
        self.social.linker = Linking(room.state, room.clock, self.people, lookups.open_deals)
        self.ideas = Ideas(room.state, room.clock, self.people, lookups.open_deals)
        office.automation.offer(
            steps=[
                *steps.steps(self.social), *idea_steps.steps(self.ideas),
                *routing_steps.steps(self.routing, room.cast.governance, self.people, lookups.open_deals),
            ],
            kinds_of_events=steps.EVENTS,
            recipes=[one for one in recipes.RECIPES if one.id in (
                "mention-cards", "mention-card-pressed", "mention-cards-outdated", "social-digest", "idea-shipped")],
        )  # fmt: skip

    async def arrived(self, *texts: str, **fields: Any) -> list[Any]:
        made = []
        for text in texts:
            self.numbers += 1
            given = {
                "network": "x",
                "id": f"c-{self.numbers}",
                "handle": f"h{self.numbers}",
                "author": "하늘",
                **fields,
            }
            made.append(NewMention(text=text, posted_at=self.room.clock.now(), **given))
        found = await self.social.arrive(self.office.mina, made)
        await self.office.settle()
        return [await self.social.one(self.office.mina, one) for one in found.ids]

    async def cards(self, channel: str) -> list[Message]:
        """Newest first."""
        return (await self.room.channels.history(self.office.mina, channel, limit=20))[0]

    async def press(self, who: Any, channel: str, card: Message, action: str, value: Any = None) -> None:
        self.room.clock.advance(timedelta(seconds=1))
        block = next(one for one in card.blocks or () if one["type"] == "actions")
        await self.office.interaction.act(who, Press(block["block_id"], action, value, channel, card.ts, screen="s1"))
        await self.office.settle()


@pytest.fixture(scope="module")
async def house(state: State, run_folder: Path) -> AsyncIterator[Whole]:  # noqa: F811
    log = Log(f"chdb://{run_folder}/ch", database="routing_cards")
    log.open()
    house = Whole(await open_office(state), log)
    for name in ("product", "care", "social", "executives"):
        made = await house.room.channels.create(house.office.mina, name)
        house.at[name] = made.id
        await house.room.channels.invite(house.office.mina, made.id, [house.office.joon.user])
    for recipe in ("mention-cards", "mention-card-pressed", "mention-cards-outdated"):
        await house.office.automation.switch_on(house.office.mina, recipe)
    await house.office.settle()
    yield house
    log.drop()
    log.close()


def said(card: Message) -> str:
    return str(card.blocks)


async def test_a_card_says_what_was_said_by_whom_and_that_it_may_not_ring(house: Any) -> None:
    (one,) = await house.arrived("<!channel> 앱이 <https://evil.example|켜자마자> 튕겨요 오류", reach=12_345)
    card = (await house.cards(house.at["product"]))[0]
    assert f"mention={one.id}" in said(card)
    assert all(part in said(card) for part in ("&lt;!channel&gt;", "12,345", "불만", "하늘", "mention.accept"))
    assert not any(part in said(card) for part in ("<!channel>", "<https://evil.example"))


async def test_a_call_of_many_brings_all_and_leaves_near_copies_out(house: Any) -> None:
    before = len(await house.cards(house.at["product"]))
    await house.arrived(
        "출근길에 앱이 켜자마자 튕겨요 오류",
        "라이브 보다가 앱이 강제종료 됩니다 버그",
        "RT 라이브 보다가 앱이 강제종료 됩니다 버그",
    )
    assert len(await house.cards(house.at["product"])) - before == 2


async def test_of_more_than_a_channel_shows_the_rest_is_one_card(house: Any) -> None:
    made = next(
        kind
        for kind in routing_steps.steps(house.routing, house.room.cast.governance, house.people, lookups.open_deals)
        if kind.name == "social.cards"
    )
    found = await house.arrived(
        "광고 뒤에 앱이 멈춰요 오류 <b>", "알람이 울리면 앱이 꺼집니다 버그", "헤드폰을 빼면 앱이 튕겨요 오류", reach=5
    )
    cast = house.room.cast
    call = StepCall(cast.tenant, cast.mina, "r", "a", "k", "s", house.room.clock.now())
    async with house.room.state.begin(cast.tenant) as tx:
        told = await made.run(
            tx, call, routing_steps.CardsOf([str(one.id) for one in found], "product", most=1, site="https://d.example")
        )
        with pytest.raises(Invalid):
            await made.run(tx, call, routing_steps.CardsOf([], "kitchen"))
    first, rest = told.cards
    assert first.card.startswith("mention:")
    assert all(part in str(rest.blocks) for part in ("2 more mentions", "https://d.example/social?function=product"))
    assert "<b>" not in str(rest.blocks)


async def test_a_known_author_is_shown_with_what_may_be_shown_and_their_deals(house: Any) -> None:
    mina, tenant = house.office.mina, house.room.cast.tenant
    account = await house.deals.create_account(mina, "도담식품", domain="dodam.example")
    await house.deals.create(mina, "설 캠페인", account.id, 9_000_000, date(2026, 12, 20))
    traits = {"name": "윤한결", "plan": "plus", "salary": "비밀", "x_handle": "hangyeol"}
    await house.people.bulk_people(tenant, [Known("u-1", traits, house.room.clock.now(), account=account.id)])
    await house.arrived("결제 버튼을 눌러도 오류만 나고 카드 승인이 안 돼요", handle="hangyeol")
    shown = said((await house.cards(house.at["care"]))[0])
    assert all(part in shown for part in ("윤한결", "plan plus", "도담식품", "설 캠페인"))
    assert "비밀" not in shown


async def test_accepting_is_one_press_and_the_card_says_who(house: Any) -> None:
    (one,) = await house.arrived("새벽마다 앱이 튕겨요 오류 짜증")
    card = (await house.cards(house.at["product"]))[0]
    await house.press(house.office.joon, house.at["product"], card, "mention.accept")
    decided, _ = await house.routing.decided(house.office.mina, one.id)
    assert (decided.verdict, decided.answer, decided.decided_by) == ("accepted", "product", house.office.joon.user)
    now = (await house.cards(house.at["product"]))[0]
    assert (now.ts, f"Taken by <@{house.office.joon.user}>" in said(now), "mention.accept" in said(now)) == (
        card.ts, True, False,
    )  # fmt: skip


async def test_re_routing_is_one_choice_and_the_other_team_gets_its_card(house: Any) -> None:
    (one,) = await house.arrived("버스에서 앱이 튕겨요 오류 실망")
    card = (await house.cards(house.at["product"]))[0]
    await house.press(house.office.joon, house.at["product"], card, "mention.move", "care")
    assert (await house.social.one(house.office.mina, one.id)).function == "care"
    here, there = (await house.cards(house.at["product"]))[0], (await house.cards(house.at["care"]))[0]
    assert "Moved to Care" in said(here)
    assert f"mention:{one.id}:care" in said(there)
    assert f"Handed over by <@{house.office.joon.user}>" in said(there)
    assert "by the model" not in said(there)
    # The card of before lies with those who have it no more: what is pressed there changes nothing.
    with pytest.raises(ElementNotFound):
        await house.press(house.office.joon, house.at["product"], card, "mention.accept")


async def test_not_for_us_sends_it_back_and_a_stale_press_changes_nothing(house: Any) -> None:
    (one,) = await house.arrived("기차에서 앱이 튕겨요 오류 실망")
    card = (await house.cards(house.at["product"]))[0]
    await house.routing.decide(house.office.mina, one.id, "refused")
    await house.press(house.office.joon, house.at["product"], card, "mention.accept")
    back = await house.social.one(house.office.mina, one.id)
    assert (back.state, back.function) == ("new", "")
    assert "Sent back" in said((await house.cards(house.at["product"]))[0])


async def test_a_verdict_on_a_screen_changes_the_card_and_posts_none(house: Any) -> None:
    (one,) = await house.arrived("옥상에서 앱이 튕겨요 오류 실망")
    card = (await house.cards(house.at["product"]))[0]
    await house.routing.decide(house.office.joon, one.id, "accepted")
    await house.office.settle()
    now = (await house.cards(house.at["product"]))[0]
    assert (now.ts, f"Taken by <@{house.office.joon.user}>" in said(now)) == (card.ts, True)
    await house.social.change(house.office.mina, one.id, state="done")
    await house.office.settle()
    assert "완료 · Done" in said((await house.cards(house.at["product"]))[0])
    await house.routing.decide(house.office.joon, one.id, "moved", function="care")
    await house.office.settle()
    here, there = (await house.cards(house.at["product"]))[0], (await house.cards(house.at["care"]))[0]
    assert ("Moved to Care" in said(here), f"mention:{one.id}:care" in said(there), here.ts) == (True, True, card.ts)


async def test_what_is_edited_is_shown_as_it_reads_now_or_goes_where_it_belongs_now(house: Any) -> None:
    (one,) = await house.arrived("계단에서 앱이 튕겨요 오류 실망", id="edited-1")
    card = (await house.cards(house.at["product"]))[0]
    house.room.clock.advance(timedelta(minutes=1))
    await house.arrived("계단에서 앱이 자꾸 튕겨요 오류 또 실망", id="edited-1", edited_at=house.room.clock.now())
    now = (await house.cards(house.at["product"]))[0]
    assert (now.ts, "자꾸" in said(now), "mention.accept" in said(now)) == (card.ts, True, True)
    house.room.clock.advance(timedelta(minutes=1))
    await house.arrived(
        "결제 버튼을 눌러도 오류만 나고 카드 승인이 안 돼요", id="edited-1", edited_at=house.room.clock.now()
    )
    here, there = (await house.cards(house.at["product"]))[0], (await house.cards(house.at["care"]))[0]
    assert ("Moved to Care" in said(here), f"mention:{one.id}:care" in said(there)) == (True, True)


async def test_what_is_taken_back_leaves_every_card_that_showed_it(house: Any) -> None:
    await house.arrived("개인정보 유출 된 것 맞죠 제 번호로 스팸이 와요", id="gone-1")
    places = [house.at["executives"], house.at["social"]]  # there is no #press, which is told
    assert ["제 번호로" in said((await house.cards(at))[0]) for at in places] == [True, True]
    await house.social.arrive(house.office.mina, [], gone=[("x", "gone-1")])
    await house.office.settle()
    for at in places:
        now = said((await house.cards(at))[0])
        assert ("제 번호로" in now, "하늘" in now, "Taken back" in now) == (False, False, True)


async def test_where_a_team_has_no_channel_its_cards_go_to_the_social_team(house: Any) -> None:
    (one,) = await house.arrived("개인정보 유출 됐다는 게 사실인가요")
    assert f"mention:{one.id}:executives" in said((await house.cards(house.at["executives"]))[0])
    told = said((await house.cards(house.at["social"]))[0])  # there is no #press
    assert "For your information; with Executives" in told
    assert "mention.accept" not in told


async def test_a_guest_s_press_decides_nothing(house: Any) -> None:
    (one,) = await house.arrived("업데이트 뒤로 로그인 화면이 하얗게 멈춰요 버그")
    card = (await house.cards(house.at["product"]))[0]
    kinds = routing_steps.steps(house.routing, house.room.cast.governance, house.people, lookups.open_deals)
    decide = next(kind for kind in kinds if kind.name == "social.decide")
    cast = house.room.cast
    call = StepCall(cast.tenant, cast.governance.system(cast.tenant, "automation", "r"), "r", "a", "k", "s",
                    house.room.clock.now())  # fmt: skip
    block = next(part for part in card.blocks or () if part["type"] == "actions")["block_id"]
    with pytest.raises(NotAllowed):
        async with house.room.state.begin(cast.tenant) as tx:
            await decide.run(tx, call, routing_steps.Said(block, "mention.accept", cast.gil.user))
    decided, _ = await house.routing.decided(house.office.mina, one.id)
    assert decided.verdict == ""


async def test_only_cards_that_an_automation_keeps_become_events(house: Any) -> None:
    async def pressed() -> int:
        async with house.room.state.begin_system() as tx:
            batches = await tail(tx, 0, (Lane.DOMAIN,), limit=10_000)
        return sum(one.event == form_events.PRESSED for batch in batches for one in batch.events())

    await house.arrived("녹음 파일 저장만 하면 강제종료 버그가 나요")
    before = await pressed()
    assert before >= 3
    card = (await house.cards(house.at["product"]))[0]
    copied = await house.room.channels.post(
        house.office.joon, house.at["product"], Draft("흉내", list(card.blocks or ()))
    )
    with pytest.raises(Exception, match="app"):
        await house.press(house.office.joon, house.at["product"], copied, "mention.accept")
    assert await pressed() == before
