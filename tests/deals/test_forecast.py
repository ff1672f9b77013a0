"""The forecast: sums by category and period, what moved it, and a win model that is learned and kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, timedelta

import httpx
import pytest
from fastapi import FastAPI

from dure.deals.model import LoadedAccount, LoadedDeal, LoadedStage
from dure.deals.winning import routes, store
from dure.deals.winning.api import Winning
from dure.deals.winning.forecast import Standing, forecast, period_of
from dure.deals.winning.past import past_of
from dure.web import front
from dure.web.routing import include
from tests.deals.conftest import Desk
from tests.deals.pasts import made_deals
from tests.deals.shared import open_desk

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 23)


def standing(**more: object) -> Standing:
    known = {
        "deal": "006x", "owner": "Usumi", "currency": "KRW", "stage": "Proposal", "category": "pipeline",
        "amount": 1_000, "probability": 50, "chance": 0.3, "day": date(2026, 12, 1), "closed": False,
    }  # fmt: skip
    return Standing(**{**known, **more})  # type: ignore[arg-type]


def test_sums_by_category_weighted_by_stage_and_expected_by_chance() -> None:
    found = forecast(
        [standing(), standing(category="commit", amount=2_000, probability=75, chance=0.9),
         standing(category="closed", amount=5_000, closed=True, chance=None, day=date(2026, 11, 2)),
         standing(amount=400, chance=None), standing(category="omitted", amount=9_000)],
        TODAY, "month", 0.0,
    )  # fmt: skip
    (krw,) = found["currencies"]
    assert krw["categories"]["commit"] == 2_000
    assert (krw["deals"], krw["open"]) == (3, 3_400)
    assert krw["weighted"] == 5_000 + 500 + 1_500 + 200
    assert krw["model"]["expected"] == 5_000 + 300 + 1_800
    assert krw["model"]["low"] <= krw["model"]["expected"] <= krw["model"]["high"]
    assert (krw["untold"], krw["untold_amount"]) == (1, 400)
    assert [one["period"] for one in krw["periods"]] == ["2026-11", "2026-12"]


def test_currencies_are_never_added_up() -> None:
    found = forecast([standing(), standing(currency="USD", amount=7)], TODAY, "month", 0.0)
    assert {one["currency"]: one["open"] for one in found["currencies"]} == {"KRW": 1_000, "USD": 7}


@pytest.mark.parametrize(
    ("one", "month", "quarter"),
    [(standing(), "2026-12", "2026-Q4"), (standing(day=date(2027, 3, 1)), "2027-03", "2027-Q1"),
     (standing(day=date(2026, 11, 1)), "overdue", "overdue"),
     (standing(day=date(2026, 10, 1), closed=True), "2026-10", "2026-Q4")],
)  # fmt: skip
def test_periods(one: Standing, month: str, quarter: str) -> None:
    assert (period_of(one, TODAY, "month"), period_of(one, TODAY, "quarter")) == (month, quarter)


@pytest.fixture(scope="module")
async def desk(postgres_url: str, template: str) -> AsyncIterator[Desk]:
    async with open_desk(postgres_url, template) as found:
        yield found


async def test_what_moved_the_forecast_since_last_week(desk: Desk) -> None:
    mina, winning = desk.cast.mina, Winning(desk.state, desk.clock, desk.cast.governance)
    forward, smaller, later, lost, same = [await desk.deal(name=f"거래 {n}", amount=1_000) for n in range(5)]
    desk.clock.advance(timedelta(days=10))
    await desk.deals.move(mina, forward.id, "Qualified")
    await desk.deals.update(mina, smaller.id, amount=400)
    await desk.deals.update(mina, later.id, close_date=date(2027, 2, 1))
    await desk.deals.move(mina, lost.id, "Closed Lost", lost_reason="예산")
    fresh = await desk.deal(name="새 거래", amount=3_000)
    found = await winning.changed(mina)
    told = {one["deal"]: (one["kinds"], one["weighted"]) for one in found["items"]}
    assert told == {
        forward.id: (["forward"], 150), smaller.id: (["less"], -60), later.id: (["later"], 0),
        lost.id: (["lost"], -100), fresh.id: (["new"], 300),
    }  # fmt: skip
    assert same.id not in told
    assert found["items"][0]["deal"] == fresh.id


async def test_a_model_is_learned_kept_told_and_not_learned_again_within_a_week(desk: Desk) -> None:
    winning = Winning(desk.state, desk.clock, desk.cast.governance)
    await winning.tick()
    assert (await winning.card(desk.cast.mina))["why"] == "too_few"
    await _load(desk, 1_600)
    desk.clock.advance(timedelta(hours=2))  # a past that is brought in is learned within the hour
    assert await winning.tick() == 1
    card = await winning.card(desk.cast.mina)
    assert card["basis"] == "model"
    assert card["facts"]["test"]["model"]["brier"] < card["facts"]["test"]["rate"]["brier"]
    chances = await winning.chances(desk.cast.mina)
    told = [one for one in chances if one["chance"] is not None]
    assert told
    (one,) = await winning.chances(desk.cast.mina, [told[0]["deal"]])
    assert 1 <= len(one["reasons"]) <= 3
    events = await desk.events("Win Model Learned")
    assert [event.properties["basis"] for event in events] == ["none", "model"]
    assert await winning.tick() == 0
    desk.clock.advance(timedelta(hours=2))
    assert await winning.tick() == 1  # chances are told anew, the model stays
    assert len(await desk.events("Win Model Learned")) == 2
    shown = await winning.forecast(desk.cast.mina, "quarter")
    assert shown["card"]["basis"] == "model"
    assert next(one for one in shown["currencies"] if one["currency"] == "USD")["model"]["expected"] > 0


async def test_an_owner_is_known_as_of_the_day_also_after_the_deal_was_handed_over(desk: Desk) -> None:
    made = await desk.deal(name="넘긴 거래")
    desk.clock.advance(timedelta(days=3))
    handed = desk.clock.now()
    await desk.deals.update(desk.cast.mina, made.id, owner=desk.dan.id)
    async with desk.state.begin(desk.cast.tenant) as tx:
        known = next(one for one in await store.past(tx, desk.cast.tenant.workspace) if one.id == made.id)
    assert [(tag.at, tag.value) for tag in known.owners] == [(made.created_at, desk.sumi.id), (handed, desk.dan.id)]
    assert past_of([known]).groups["owner"].size == 2


async def test_forecasts_over_http_and_their_refusals(desk: Desk) -> None:
    app = FastAPI()
    app.state.governance = desk.cast.governance
    front.install(app)
    include(app, routes.router(Winning(desk.state, desk.clock, desk.cast.governance)))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://dure.example/api/v1/deals",
        headers={"authorization": f"Bearer {desk.cast.token}"},
    ) as http:  # fmt: skip
        assert (await http.get("/forecast")).json()["currencies"]
        assert (await http.get("/forecast/model")).json()["fewest_lost"] == 150
        assert (await http.get("/forecast/chances")).status_code == 200
        assert (await http.post("/forecast/model")).json()["basis"] == "model"
        refused = await http.get("/forecast/changes", params={"days": 0})
        assert (refused.status_code, refused.json()["error"]["field"]) == (422, "days")
        assert (await http.get("/forecast", params={"period": "year"})).json()["error"]["field"] == "period"
        http.headers["authorization"] = f"Bearer {desk.cast.rival_token}"
        assert (await http.get("/forecast")).json()["currencies"] == []


async def _load(desk: Desk, count: int) -> None:
    """Deals whose truth is known, as if they had been worked on here."""
    now = desk.clock.now().astimezone(UTC)
    deals = []
    for one in made_deals(count, seed=8, now=now):
        ends = [LoadedStage(one.closed_at, "Closed Won" if one.won else "Closed Lost")] if one.closed_at else []
        deals.append(
            LoadedDeal(
                one.id, f"지난 거래 {one.id}", f"known-{one.accounts[0].value}", one.was[0].amount, "USD",
                one.owners[0].value, one.was[-1].close_date,
                [LoadedStage(one.created_at, "Prospecting"), *ends],
            )
        )  # fmt: skip
    accounts = sorted({one.account for one in deals})
    await desk.deals.bulk_load(desk.cast.mina, [LoadedAccount(name, name) for name in accounts], deals)
    await _remember(desk, made_deals(count, seed=8, now=now))


async def _remember(desk: Desk, deals: list) -> None:  # type: ignore[type-arg]
    """What was done about them, as the follower would have kept it."""
    workspace = desk.cast.tenant.workspace
    async with desk.state.begin(desk.cast.tenant) as tx:
        ids = {row["external"]: row["id"] for row in await tx.rows(
            "select external, id from deals.opportunity where workspace = %s and external <> ''", (workspace,)
        )}  # fmt: skip
        await tx.many(
            "insert into deals.activity (workspace, opportunity, message, at, kind, customer)"
            " values (%s, %s, %s, %s, 'message', %s)",
            [(workspace, ids[one.id], f"{one.id}-{n}", act.at, act.customer)
             for one in deals for n, act in enumerate(one.acts)],
        )  # fmt: skip
