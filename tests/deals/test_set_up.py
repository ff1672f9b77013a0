"""How a workspace sells: pipelines and stages, required fields, fields of its own, products, currencies, views."""

from __future__ import annotations

from datetime import date

import pytest

from dure.deals.pipelines.api import NewStage
from dure.deals.products.model import NewLine
from dure.deals.records.listing import Asked, after_text
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.filters import Filter
from tests.deals.conftest import Desk

pytestmark = pytest.mark.anyio

RENEWAL = [
    NewStage("Renewal Due", "갱신 예정", "Renewal due", 60, forecast="BestCase"),
    NewStage("Renewed", "갱신", "Renewed", 100, "won"),
    NewStage("Churned", "해지", "Churned", 0, "lost"),
]


async def test_a_second_pipeline_has_deals_of_its_own(desk: Desk) -> None:
    mina = desk.cast.mina
    await desk.deals.pipelines.add(mina, "renewal", "갱신", "Renewal", RENEWAL)
    deal = await desk.deal("갱신", pipeline="renewal")
    assert (deal.stage, deal.probability, deal.pipeline, deal.forecast) == ("Renewal Due", 60, "renewal", "BestCase")
    assert not await desk.events("Deal Stage Changed")
    board = await desk.deals.board(mina, pipeline="renewal")
    assert [(lane.stage.key, lane.count) for lane in board.lanes] == [
        ("Renewal Due", 1),
        ("Renewed", 0),
        ("Churned", 0),
    ]
    moved = await desk.deals.move(mina, deal.id, "Renewed")
    assert moved.closed_at is not None
    [won] = await desk.events("Deal Won")
    assert (won.properties["pipeline"], won.properties["forecast"]) == ("renewal", "Closed")
    with pytest.raises(Conflict) as caught:
        await desk.deals.pipelines.add(mina, "other", "x", "x", RENEWAL)
    assert caught.value.field == "key"
    with pytest.raises(NotAllowed):
        await desk.deals.pipelines.add(desk.cast.joon, "mine", "x", "x", RENEWAL)


async def test_a_stages_probability_is_the_workspaces_to_say_and_a_deal_may_have_its_own(desk: Desk) -> None:
    mina = desk.cast.mina
    deal, own = await desk.deal(), await desk.deal("B")
    own = await desk.deals.update(mina, own.id, own_probability=80)
    await desk.deals.pipelines.change_stage(mina, "Prospecting", probability=17, forecast="BestCase")
    assert [(await desk.deals.deals.get(mina, one.id)).probability for one in (deal, own)] == [17, 80]
    moved = await desk.deals.move(mina, own.id, "Proposal")
    assert (moved.probability, moved.own_probability) == (50, None)
    [event] = await desk.events("Deal Stage Changed")
    assert (event.properties["probability_before"], event.properties["probability"]) == (80, 50)


async def test_a_move_that_lacks_what_the_stage_requires_names_each_field(desk: Desk) -> None:
    mina, deals = desk.cast.mina, desk.deals
    await deals.fields.add(mina, "deal", "Budget", "money", label_ko="예산")
    await deals.pipelines.change_stage(mina, "Proposal", required=["next_step", "Budget__c"])
    deal = await desk.deal()
    with pytest.raises(Invalid) as caught:
        await deals.move(mina, deal.id, "Proposal")
    assert (caught.value.field, caught.value.data) == ("next_step", {"fields": ["next_step", "Budget__c"]})
    with pytest.raises(Invalid):
        await desk.deal("B", stage="Proposal")
    given = {"stage": "Proposal", "next_step": "제안", "custom": {"Budget__c": 5}}
    moved = await deals.deals.update(mina, deal.id, **given)
    assert (moved.stage, moved.custom) == ("Proposal", {"Budget__c": 5})
    assert [event.event for event in await desk.events() if event.object == deal.id][1:] == [
        "Deal Stage Changed", "Deal Changed",
    ]  # fmt: skip
    with pytest.raises(Invalid) as caught:
        await deals.deals.update(mina, deal.id, next_step=None)
    assert caught.value.field == "next_step"
    with pytest.raises(Invalid) as caught:
        await deals.pipelines.change_stage(mina, "Proposal", required=["colour"])
    assert caught.value.field == "required"


async def test_a_stage_is_added_before_the_ends_and_retired_when_nobody_stands_in_it(desk: Desk) -> None:
    mina, pipelines = desk.cast.mina, desk.deals.pipelines
    await pipelines.add_stage(mina, "default", NewStage("Verbal", "구두 합의", "Verbal", 90))
    assert [stage.key for stage in await desk.deals.stages(mina)][-3:] == ["Verbal", "Closed Won", "Closed Lost"]
    deal = await desk.deal(stage="Verbal")
    with pytest.raises(Conflict):
        await pipelines.change_stage(mina, "Verbal", active=False)
    await desk.deals.move(mina, deal.id, "Closed Won")
    await pipelines.change_stage(mina, "Verbal", active=False)
    assert "Verbal" not in {stage.key for stage in await desk.deals.stages(mina)}
    with pytest.raises(Invalid):
        await desk.deals.move(mina, deal.id, "Verbal")
    with pytest.raises(Conflict):
        await pipelines.change_stage(mina, "Closed Won", active=False)


@pytest.mark.parametrize(
    ("type", "good", "bad"),
    [("text", "글", 5), ("number", 1.5, "1"), ("money", 100, -1), ("date", "2026-12-24", "soon"),
     ("datetime", "2026-12-24T09:00:00+09:00", "2026-12-24T09:00:00"), ("boolean", True, "yes"),
     ("picklist", "A", "C"), ("multi_picklist", ["A", "B"], ["A", "C"]), ("url", "https://a.example", "javascript:x"),
     ("email", "a@b.example", "a.example"), ("phone", "02-555-1234", "call me"), ("reference", "", "001nobody000000")],
)  # fmt: skip
async def test_every_type_of_field_takes_what_it_is_and_nothing_else(
    desk: Desk, type: str, good: object, bad: object
) -> None:
    mina, accounts = desk.cast.mina, desk.deals.accounts
    options = ["A", "B"] if "picklist" in type else []
    await desk.deals.fields.add(
        mina, "account", "Extra", type, options=options, reference="account" if type == "reference" else ""
    )  # type: ignore[arg-type]
    good = good or desk.hanbit.id
    kept = await accounts.update(mina, desk.hanbit.id, Extra__c=good)
    assert kept.custom["Extra__c"] == ("2026-12-24T00:00:00Z" if type == "datetime" else good)
    with pytest.raises((Invalid, NotFound)) as caught:
        await accounts.update(mina, desk.hanbit.id, Extra__c=bad)
    assert caught.value.field == "Extra__c"
    op, value = ("contains", "A") if type == "multi_picklist" else ("=", good)
    found = await accounts.page(mina, Asked([Filter("Extra__c", op, value)]))
    assert [one.id for one in found.records] == [desk.hanbit.id]
    assert not (await accounts.page(mina, Asked([Filter("Extra__c", "not_set")]))).records


async def test_unique_and_required_fields_hold_for_everybody(desk: Desk) -> None:
    mina, accounts = desk.cast.mina, desk.deals.accounts
    await desk.deals.fields.add(mina, "account", "Tax", "text", unique=True, external=True)
    await accounts.update(mina, desk.hanbit.id, Tax__c="A-1")
    with pytest.raises(Conflict) as caught:
        await accounts.create(mina, name="둘째", Tax__c="a-1")
    assert (caught.value.field, caught.value.data) == ("Tax__c", {"id": desk.hanbit.id})
    async with desk.state.begin(desk.cast.tenant) as tx:
        found = await accounts.find_in(tx, mina, "Tax__c", "A-1")
    assert found == await accounts.get(mina, desk.hanbit.id)
    await accounts.delete(mina, desk.hanbit.id)
    second = await accounts.create(mina, name="둘째", Tax__c="A-1")
    with pytest.raises(Conflict):
        await accounts.restore(mina, desk.hanbit.id)
    await accounts.update(mina, second.id, Tax__c=None)
    assert (await accounts.restore(mina, desk.hanbit.id)).custom == {"Tax__c": "A-1"}
    await desk.deals.fields.add(mina, "lead", "Budget", "number", required=True)
    with pytest.raises(Invalid) as lacking:
        await desk.deals.leads.create(mina, name="Ada")
    assert lacking.value.field == "Budget__c"
    with pytest.raises(NotAllowed):
        await desk.deals.fields.add(desk.cast.joon, "lead", "Mine", "text")


async def test_the_amount_follows_the_lines(desk: Desk) -> None:
    mina, deals = desk.cast.mina, desk.deals
    audio = await deals.products.create(mina, name="오디오 30초", prices={"KRW": 1_500, "USD": 120})
    deal = await desk.deal(amount=1)
    deal = await deals.lines.set(mina, deal.id, [NewLine(audio.id, 2.5), NewLine(audio.id, 1, 500)])
    assert (deal.amount, deal.lines) == (4_250, 2)
    with pytest.raises(Invalid) as caught:
        await deals.update(mina, deal.id, amount=5)
    assert caught.value.field == "amount"
    [first, second] = await deals.lines.of(mina, deal.id)
    async with desk.state.begin(desk.cast.tenant) as tx:
        await deals.lines.change_in(tx, mina, first.id, quantity=4)
        await deals.lines.drop_in(tx, mina, second.id)
    kept = await deals.deals.get(mina, deal.id)
    assert (kept.amount, kept.lines) == (6_000, 1)
    assert [entry.amount for entry in (await deals.one(mina, deal.id)).history] == [6_000, 6_500, 4_250, 1]
    with pytest.raises(Invalid) as caught:
        await deals.lines.set(mina, deal.id, [NewLine(audio.id, 0)])
    assert caught.value.field == "quantity"
    with pytest.raises(Conflict):
        await deals.products.delete(mina, audio.id)


async def test_sums_of_several_currencies_are_told_each_and_together(desk: Desk) -> None:
    mina, rates = desk.cast.mina, desk.deals.rates
    await rates.set(mina, [("USD", date(2026, 1, 1), "1300"), ("USD", date(2026, 11, 1), "1400.5"),
                           ("JPY", date(2026, 1, 1), "9.2")])  # fmt: skip
    together = await rates.sum(mina, {"KRW": 1_000, "USD": 1_000, "JPY": 100, "EUR": 5})
    assert (together.currency, together.amount, together.missing) == ("KRW", 1_000 + 14_005 + 920, ("EUR",))
    assert (await rates.sum(mina, {"USD": 100}, date(2026, 10, 31))).amount == 1_300
    assert (await rates.sum(desk.cast.rina, {"USD": 100})).missing == ("USD",)
    with pytest.raises(Invalid):
        await rates.set(mina, [("USD", date(2026, 1, 1), "-1")])


async def test_a_lead_becomes_an_account_a_contact_and_a_deal(desk: Desk) -> None:
    mina, deals = desk.cast.mina, desk.deals
    lead = await deals.leads.create(
        mina, first_name="Ada", last_name="Lovelace", company="Engines", email="a@e.example"
    )
    made = await deals.leads.convert(mina, lead.id, amount=500, stage="Qualified")
    deal = await deals.deals.get(mina, made.deal)
    assert (deal.account_name, deal.amount, deal.stage, deal.owner) == ("Engines", 500, "Qualified", mina.user)
    contact = await deals.contacts.get(mina, made.contact)
    assert (contact.name, contact.account, contact.email) == ("Ada Lovelace", made.account, "a@e.example")
    kept = await deals.leads.get(mina, lead.id)
    assert (kept.status, kept.converted_deal) == ("Converted", deal.id)
    assert [event.event for event in await desk.events()][-5:] == [
        "Account Created", "Contact Created", "Deal Created", "Deal Stage Changed", "Lead Converted",
    ]  # fmt: skip
    with pytest.raises(Conflict):
        await deals.leads.convert(mina, lead.id)
    other = await deals.leads.create(mina, name="최은우", company="한빛커피")
    again = await deals.leads.convert(mina, other.id, account=desk.hanbit.id, deal=False)
    assert (again.account, again.deal) == (desk.hanbit.id, "")


async def test_a_view_shows_each_who_looks_their_own(desk: Desk) -> None:
    mina, joon, views = desk.cast.mina, desk.cast.joon, desk.deals.views
    mine = await desk.deal("A", 100, owner=mina.user)
    theirs = await desk.deal("B", 50, owner=joon.user, currency="USD")
    filters = [{"prop": "owner", "value": "me"}, {"prop": "close_date", "op": "<=", "value": "+4w"}]
    view = await views.save(
        mina, "deal", "내 거래", filters=filters, columns=["name", "amount"], sort="-amount", shared=True
    )
    for looking, deal in ((mina, mine), (joon, theirs)):
        _, page = await views.look(looking, view.id, totals=True)
        assert [one.id for one in page.records] == [deal.id]
        assert page.amounts == {deal.currency: deal.amount}
    assert [one.name for one in await views.all(joon, "deal")] == ["내 거래"]
    with pytest.raises(NotAllowed):
        await views.change(joon, view.id, name="x")
    with pytest.raises(NotFound):
        await views.look(desk.cast.rina, view.id)
    for change, field in (({"filters": [{"prop": "colour", "value": 1}]}, "filters"), ({"sort": "colour"}, "sort"),
                          ({"columns": ["colour"]}, "columns")):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            await views.change(mina, view.id, **change)
        assert caught.value.field == field
    await views.delete(mina, view.id)
    assert await views.all(mina) == []


async def test_pages_follow_one_another_without_gap_or_double_in_any_order(desk: Desk) -> None:
    mina = desk.cast.mina
    for number in range(7):
        await desk.deal(f"거래 {number % 3}", amount=number % 2 * 100)
    await desk.deals.fields.add(mina, "deal", "Rank", "number")
    everyone = (await desk.deals.deals.page(mina, Asked(sort="name"))).records
    for number, deal in enumerate(everyone[:4]):
        await desk.deals.deals.update(mina, deal.id, Rank__c=number)
    for sort in ("name", "-amount", "close_date", "Rank__c", "-Rank__c", "account_name", "closed_at"):
        seen, after = [], ""
        while True:
            page = await desk.deals.deals.page(mina, Asked(sort=sort, limit=2, after=after))
            seen += [one.id for one in page.records]
            after = page.next
            if not after:
                break
        assert sorted(seen) == sorted(one.id for one in everyone), sort
        whole = await desk.deals.deals.page(mina, Asked(sort=sort))
        assert seen == [one.id for one in whole.records], sort


@pytest.mark.parametrize(
    ("filters", "names"),
    [([("team", "contains", "dan")], {"A"}), ([("team", "not_set", None)], {"B"}), ([("amount", ">", 50)], {"A"}),
     ([("stage", "not_in", ["Proposal"])], {"A"}), ([("name", "contains", "b")], {"B"}),
     ([("close_date", "<", "2026-12-21"), ("probability", "<=", 10)], {"A"}), ([("closed_at", "set", None)], set()),
     ([("account", "=", "hanbit")], {"A", "B"}), ([("created_at", ">=", "-1d")], {"A", "B"})],
)  # fmt: skip
async def test_filters_find_what_they_say(desk: Desk, filters: list[tuple[str, str, object]], names: set[str]) -> None:
    await desk.deal("A", 100)
    await desk.deal("B", 50, team=[], stage="Proposal")
    told = {"dan": desk.dan.id, "hanbit": desk.hanbit.id[:15]}
    asked = [Filter(prop, op, told.get(str(value), value)) for prop, op, value in filters]  # type: ignore[arg-type]
    assert {one.name for one in (await desk.deals.deals.page(desk.cast.mina, Asked(asked))).records} == names


async def test_what_cannot_be_asked_is_refused_by_name(desk: Desk) -> None:
    page = desk.deals.deals.page
    for asked, field in (
        (Asked([Filter("colour", "=", 1)]), "filters"), (Asked([Filter("amount", ">", "much")]), "filters"),
        (Asked([Filter("team", ">", "x")]), "filters"),
        (Asked(sort="amount", after=after_text("x", "006")), "after"), (Asked(sort="team"), "sort"),
        (Asked(after="x"), "after"), (Asked(limit=0), "limit"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as caught:
            await page(desk.cast.mina, asked)
        assert caught.value.field == field
