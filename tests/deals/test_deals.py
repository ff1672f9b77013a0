"""What sales can do with deals, and what the feed hears of it."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from dure.deals.model import LoadedAccount, LoadedContact, LoadedDeal, LoadedStage, TeamMember
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.deals.conftest import Desk
from tests.people_of import MONDAY_NOON

pytestmark = pytest.mark.anyio


async def test_a_new_deal_begins_in_the_first_stage_with_its_team_in_the_event(desk: Desk) -> None:
    deal = await desk.deal()
    assert (deal.stage, deal.probability, deal.currency, deal.version) == ("Prospecting", 10, "KRW", 1)
    assert deal.id.startswith("006")
    assert deal.account.startswith("001")
    [created] = await desk.events("Deal Created")
    assert (created.object_type, created.object, created.account) == ("deal", deal.id, desk.hanbit.id)
    assert created.actor == desk.cast.mina.user
    assert created.properties["team"] == [desk.sumi.id, desk.dan.id]
    assert created.properties["amount_text"] == "1억 2,000만 원"
    assert not await desk.events("Deal Stage Changed")


async def test_a_move_says_where_from_where_to_and_how_long_it_stood(desk: Desk) -> None:
    deal = await desk.deal()
    desk.clock.advance(timedelta(days=3))
    moved = await desk.deals.move(desk.cast.joon, deal.id, "Qualified", deal.version)
    assert (moved.stage, moved.probability, moved.version, moved.entries) == ("Qualified", 25, 2, 2)
    [event] = await desk.events("Deal Stage Changed")
    facts = event.properties
    assert (facts["from"], facts["to"]) == ("Prospecting", "Qualified")
    assert (facts["probability_before"], facts["probability"]) == (10, 25)
    assert facts["seconds_in_stage"] == 3 * 86400
    assert (facts["slug"], facts["entry"], facts["account_name"]) == ("한빛커피-가을-캠페인", 2, "한빛커피")
    assert event.actor == desk.cast.joon.user


async def test_a_deal_made_in_a_later_stage_is_seen_by_what_waits_for_stages(desk: Desk) -> None:
    await desk.deal(stage="Proposal")
    [event] = await desk.events("Deal Stage Changed")
    assert (event.properties["from"], event.properties["probability_before"], event.properties["to"]) == (
        "", 0, "Proposal",
    )  # fmt: skip


async def test_winning_and_losing_have_their_own_events(desk: Desk) -> None:
    won, lost = await desk.deal("A"), await desk.deal("B")
    desk.clock.advance(timedelta(days=10))
    await desk.deals.move(desk.cast.mina, won.id, "Closed Won")
    kept = await desk.deals.move(desk.cast.mina, lost.id, "Closed Lost", lost_reason="예산 동결")
    assert kept.closed_at == desk.clock.now()
    [one], [other] = await desk.events("Deal Won"), await desk.events("Deal Lost")
    assert one.properties["seconds_open"] == 10 * 86400
    assert other.properties["reason"] == "예산 동결"
    again = await desk.deals.move(desk.cast.mina, lost.id, "Negotiation")
    assert (again.closed_at, again.lost_reason) == (None, "")


async def test_somebody_elses_change_is_not_overwritten(desk: Desk) -> None:
    deal = await desk.deal()
    await desk.deals.update(desk.cast.mina, deal.id, deal.version, next_step="제안서 보내기")
    with pytest.raises(Conflict) as caught:
        await desk.deals.move(desk.cast.joon, deal.id, "Qualified", deal.version)
    assert caught.value.data == {"version": 2}
    assert not await desk.events("Deal Stage Changed")


async def test_of_two_moves_at_once_one_wins(desk: Desk) -> None:
    deal = await desk.deal()
    answers = await asyncio.gather(
        desk.deals.move(desk.cast.mina, deal.id, "Qualified", 1),
        desk.deals.move(desk.cast.joon, deal.id, "Proposal", 1),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert len(await desk.events("Deal Stage Changed")) == 1


async def test_a_move_to_where_it_stands_writes_nothing(desk: Desk) -> None:
    deal = await desk.deal()
    assert (await desk.deals.move(desk.cast.mina, deal.id, "Prospecting")).version == 1
    assert (await desk.deals.update(desk.cast.mina, deal.id, name=deal.name)).version == 1
    assert len(await desk.events()) == 2


async def test_the_board_counts_and_sums_its_lanes_and_leaves_out_what_closed_long_ago(desk: Desk) -> None:
    first, second = await desk.deal("A", 100), await desk.deal("B", 50)
    await desk.deal("C", 7, currency="USD")
    await desk.deals.move(desk.cast.mina, second.id, "Closed Won")
    board = await desk.deals.board(desk.cast.joon)
    lanes = {lane.stage.key: (lane.count, dict(lane.amounts)) for lane in board.lanes}
    assert lanes["Prospecting"] == (2, {"KRW": 100, "USD": 7})
    assert lanes["Closed Won"] == (1, {"KRW": 50})
    assert lanes["Negotiation"] == (0, {})
    desk.clock.advance(timedelta(days=100))
    assert second.id not in {deal.id for deal in (await desk.deals.board(desk.cast.joon)).deals}
    assert first.id in {deal.id for deal in (await desk.deals.board(desk.cast.joon)).deals}


async def test_a_deals_page_has_its_people_and_its_past(desk: Desk) -> None:
    deal = await desk.deal()
    await desk.deals.create_contact(desk.cast.mina, desk.hanbit.id, "최은우", email="eunwoo@hanbit.example")
    await desk.deals.update(desk.cast.mina, deal.id, amount=90_000_000)
    await desk.deals.move(desk.cast.mina, deal.id, "Qualified")
    detail = await desk.deals.one(desk.cast.joon, deal.id[:15])
    assert [(entry.stage, entry.amount) for entry in detail.history] == [
        ("Qualified", 90_000_000), ("Prospecting", 90_000_000), ("Prospecting", 120_000_000),
    ]  # fmt: skip
    assert [contact.name for contact in detail.contacts] == ["최은우"]
    assert [member.user for member in detail.team] == [desk.dan.id]


async def test_a_changed_team_says_who_came_and_who_went(desk: Desk) -> None:
    deal = await desk.deal()
    changed = await desk.deals.set_team(desk.cast.mina, deal.id, [TeamMember(desk.cast.joon.user, "planner")])
    assert changed.team == (desk.cast.joon.user,)
    [event] = await desk.events("Deal Team Changed")
    assert (event.properties["joined"], event.properties["left"]) == ([desk.cast.joon.user], [desk.dan.id])


async def test_guests_and_rivals_see_nothing(desk: Desk) -> None:
    deal = await desk.deal()
    with pytest.raises(NotAllowed):
        await desk.deals.board(desk.cast.gil)
    with pytest.raises(NotFound):
        await desk.deals.one(desk.cast.rina, deal.id)
    with pytest.raises(NotFound):
        await desk.deals.move(desk.cast.rina, deal.id, "Qualified")
    assert (await desk.deals.board(desk.cast.rina)).deals == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": " "}, "name"), ({"amount": -1}, "amount"), ({"currency": "won"}, "currency"),
     ({"stage": "Unheard"}, "stage"), ({"owner": "U0NOBODY"}, "owner"), ({"next_step": "x" * 501}, "next_step")],
)  # fmt: skip
async def test_bad_input_names_its_field_and_keeps_nothing(desk: Desk, change: dict[str, object], field: str) -> None:
    with pytest.raises((Invalid, NotFound)) as caught:
        await desk.deal(**change)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert not (await desk.deals.board(desk.cast.mina)).deals


async def test_a_past_is_loaded_once_with_its_own_times(desk: Desk) -> None:
    start = MONDAY_NOON - timedelta(days=60)
    accounts = [LoadedAccount("cu-1", "도담식품", "food", "KR", 90, contacts=[LoadedContact("차은호")])]
    deals = [
        LoadedDeal(
            f"opp-{n}", "도담식품 앱 설치 캠페인", "cu-1", 30_000_000, "KRW", desk.sumi.id, date(2026, 12, 1),
            [LoadedStage(start, "Prospecting", desk.sumi.id), LoadedStage(start + timedelta(days=9), "Qualified"),
             LoadedStage(start + timedelta(days=20), "Closed Lost", desk.sumi.id)],
            team=[desk.dan.id],
        )
        for n in range(30)
    ]  # fmt: skip
    loaded = await desk.deals.bulk_load(desk.cast.mina, accounts, deals)
    assert (loaded.added_accounts, loaded.added_deals) == (1, 30)
    again = await desk.deals.bulk_load(desk.cast.mina, accounts, deals)
    assert (again.added_accounts, again.added_deals, again.deals) == (0, 0, loaded.deals)
    changes = await desk.events("Deal Stage Changed")
    assert len(changes) == 60
    assert {event.properties["loaded"] for event in changes} == {True}
    assert changes[0].time == start + timedelta(days=9)
    assert len({event.properties["slug"] for event in changes}) == 30
    detail = await desk.deals.one(desk.cast.mina, loaded.deals["opp-7"])
    assert detail.deal.closed_at == start + timedelta(days=20)
    assert [entry.number for entry in detail.history] == [3, 2, 1]


async def test_a_load_that_makes_no_sense_keeps_nothing(desk: Desk) -> None:
    bad = LoadedDeal(
        "o", "X", "nobody", 1, "KRW", desk.sumi.id, date(2026, 12, 1), [LoadedStage(MONDAY_NOON, "Proposal")]
    )
    with pytest.raises(Invalid):
        await desk.deals.bulk_load(desk.cast.mina, [LoadedAccount("cu-9", "초록우유")], [bad])
    assert [account.name for account in (await desk.deals.accounts.page(desk.cast.mina)).records] == ["한빛커피"]
