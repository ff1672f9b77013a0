"""Crossings, records, business days: the engine's own ways to begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dure.automation.timing import moment_from, zone
from dure.automation.workdays import Workdays, country_of
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.tenant import Tenant
from dure.state import Tx
from tests.automation.conftest import workshop_on
from tests.automation.workshop import Workshop

pytestmark = pytest.mark.anyio
WRITE = {"id": "w", "kind": "book.write", "with": {"text": "{{ run.subject }} {{ event.properties.amount }}"}}
SEOUL = zone("Asia/Seoul", "zone")
KOREA = Workdays(country_of("Asia/Seoul"))


async def amounts(shop: Workshop, *amounts: object, object: str = "D1") -> None:
    for amount in amounts:
        await shop.happen(object=object, properties={"amount": amount})
    await shop.settle()


def crossing(**line: Any) -> dict[str, Any]:
    return {"event": "Deal Won", "crosses": {"prop": "amount", **line}}


# -- crossings --------------------------------------------------------------------------------------------------------


async def test_only_the_step_over_the_line_counts(shop: Workshop) -> None:
    await shop.make([WRITE], trigger=crossing(above=100))
    await amounts(shop, 50, 100, 120, 130, "many", 90, 110)
    assert await shop.book() == ["D1 120", "D1 110"]


async def test_each_subject_has_a_line_of_its_own_and_another_process_knows_it(shop: Workshop) -> None:
    await shop.make([WRITE], trigger=crossing(below=10))
    await amounts(shop, 20, 5)
    await amounts(shop, 4, object="D2")
    other = workshop_on(shop.state, shop.cast)
    await amounts(other, 3)
    await amounts(other, 30, object="D2")
    await amounts(other, 9, object="D2")
    assert await shop.book() == ["D1 5", "D2 4", "D2 9"]


async def test_of_what_the_value_is(shop: Workshop) -> None:
    await shop.make([WRITE], trigger=crossing(above=100, of="event.properties.team"))
    for deal, amount in (("D1", 150), ("D2", 160), ("D3", 50), ("D4", 170)):
        await shop.happen(object=deal, properties={"amount": amount, "team": "north"})
    await shop.settle()
    assert await shop.book() == ["D1 150", "D4 170"]


async def test_filters_come_before_the_line(shop: Workshop) -> None:
    trigger = {**crossing(above=100), "where": [{"prop": "currency", "value": "KRW"}]}
    await shop.make([WRITE], trigger=trigger)
    for currency, amount in (("USD", 500), ("KRW", 150)):
        await shop.happen(object="D1", properties={"amount": amount, "currency": currency})
    await shop.settle()
    assert await shop.book() == ["D1 150"]


# -- by hand on a record ----------------------------------------------------------------------------------------------


async def songs(tx: Tx, tenant: Tenant, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    return {one: {"amount": 7, "account": "A1"} for one in ids if one.startswith("S")}


async def test_a_record_is_what_a_run_by_hand_is_about(shop: Workshop) -> None:
    shop = workshop_on(shop.state, shop.cast, lookups={"song": songs})
    made = await shop.make([WRITE], trigger={"record": {"type": "song"}})
    await shop.make([WRITE], trigger={"record": {"type": "deal"}})
    mina = shop.cast.mina
    assert [info.id for info in await shop.automation.for_record(mina, "song")] == [made]
    run = await shop.automation.start(mina, made, record="S1")
    await shop.settle()
    assert await shop.book() == ["S1 7"]
    event = (await shop.automation.run(mina, run))[0].event
    assert event is not None
    assert (event["object_type"], event["object"], event["account"], event["actor"]) == ("song", "S1", "A1", mina.user)
    with pytest.raises(NotFound):
        await shop.automation.start(mina, made, record="X1")
    await shop.automation.switch(mina, made, False)
    assert await shop.automation.for_record(mina, "song") == []


# -- business days ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-28 - 5 business days at 09:00", datetime(2026, 12, 18, 9)),  # Christmas is none
        ("2026-10-12 - 1 business day", datetime(2026, 10, 8)),  # Hangul day
        ("2026-12-28 - 2 weeks", datetime(2026, 12, 14)),
        ("2026-12-28T10:00:00+09:00 + 90 minutes", datetime(2026, 12, 28, 11, 30)),
        ("2026-12-28T10:00:00 + 2h", datetime(2026, 12, 28, 21)),
        ("2026-12-28 at 18:00", datetime(2026, 12, 28, 18)),
        ("2026-02-13 + 1 business day at 10:30", datetime(2026, 2, 19, 10, 30)),  # over the new year
    ],
)
def test_moments_relative_to_a_date(text: str, meant: datetime) -> None:
    assert moment_from(text, "until", SEOUL, KOREA) == meant.replace(tzinfo=SEOUL)


@pytest.mark.parametrize("text", ["2026-12-28 - 5 moons", "soon", "2026-12-28 at noon", "2026-13-01"])
def test_moments_that_are_none(text: str) -> None:
    with pytest.raises(Invalid):
        moment_from(text, "until", SEOUL, KOREA)


async def next_of(shop: Workshop, **trigger: Any) -> datetime:
    made = await shop.make([{"id": "e", "kind": "end"}], trigger={"at": "09:00", **trigger})
    async with shop.state.begin_system() as tx:
        at: datetime = await tx.value("select next_at from automation.schedule where automation = %s", (made,))
    return at.astimezone(SEOUL).replace(tzinfo=None)


async def test_schedules_by_business_day_and_day_of_the_month(shop: Workshop) -> None:
    shop.clock.at = datetime(2026, 9, 23, 3, tzinfo=UTC)  # the day before Chuseok
    assert await next_of(shop, days=["business"]) == datetime(2026, 9, 28, 9)
    assert await next_of(shop, days=["business"], zone="UTC") == datetime(2026, 9, 23, 18)
    assert await next_of(shop, monthday="first business") == datetime(2026, 10, 1, 9)
    assert await next_of(shop, monthday="last business day") == datetime(2026, 9, 30, 9)
    assert await next_of(shop, monthday=-1) == datetime(2026, 9, 30, 9)
    assert await next_of(shop, monthday="3 business") == datetime(2026, 10, 6, 9)
    assert await next_of(shop, days=["mon", "business"]) == datetime(2026, 9, 28, 9)


async def test_a_company_has_days_of_its_own(shop: Workshop) -> None:
    mina = shop.cast.mina
    shop.clock.at = datetime(2026, 9, 23, 3, tzinfo=UTC)
    made = await shop.make([{"id": "e", "kind": "end"}], trigger={"at": "09:00", "days": ["business"]})
    await shop.automation.set_day(mina, date(2026, 9, 24), "release week", working=True)
    await shop.automation.set_day(mina, date(2026, 9, 28), "founding day", working=False)
    async with shop.state.begin_system() as tx:
        at = await tx.value("select next_at from automation.schedule where automation = %s", (made,))
    assert at == datetime(2026, 9, 24, 0, tzinfo=UTC)
    days = {one["day"]: one for one in await shop.automation.days_off(mina, 2026)}
    assert days[date(2026, 9, 25)]["name"] == "Chuseok"
    assert (days[date(2026, 9, 24)]["working"], days[date(2026, 9, 28)]["own"]) == (True, True)
    await shop.automation.set_day(mina, date(2026, 9, 24), working=None)
    await shop.later(days=6)
    assert [run.trigger_key for run in await shop.runs()] == ["schedule:2026-09-29T00:00:00+00:00"]


async def test_a_wait_until_business_days_before_a_date_on_the_event(shop: Workshop) -> None:
    wait = {"id": "t", "kind": "wait", "next": "w",
            "with": {"until": "{{ event.properties.start }} - 5 business days at 09:00"}}  # fmt: skip
    await shop.make([wait, WRITE])
    await shop.happen(object="D1", properties={"start": "2026-12-28", "amount": 1})
    await shop.settle()
    (step,) = await shop.steps()
    assert step.due_at == datetime(2026, 12, 18, tzinfo=UTC)
    shop.clock.at = datetime(2026, 12, 18, tzinfo=UTC)
    await shop.settle()
    assert await shop.book() == ["D1 1"]


@pytest.mark.parametrize(
    ("trigger", "field"),
    [
        ({"event": "A", "hook": {}}, "trigger"),
        ({"monthday": 1}, "trigger.monthday"),
        ({"at": "09:00", "monthday": "second friday"}, "trigger.monthday"),
        ({"at": "09:00", "days": ["holiday"]}, "trigger.days"),
        ({"event": "A", "crosses": {"prop": "x"}}, "trigger.crosses"),
        ({"crosses": {"prop": "x", "above": 1}}, "trigger.crosses"),
        ({"hook": {"signature": "no header"}}, "trigger.hook.signature"),
        ({"record": {"type": ""}}, "trigger.record.type"),
    ],
)
async def test_mistakes_are_named(shop: Workshop, trigger: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await shop.make([{"id": "e", "kind": "end"}], trigger=trigger)
    assert refused.value.field == field


# -- many at once -----------------------------------------------------------------------------------------------------


async def test_of_a_thousand_automations_an_event_looks_at_the_few_it_may_mean(shop: Workshop) -> None:
    for number in range(30):
        where = [{"prop": "stage", "op": "=", "value": number}, {"prop": "amount", "op": ">", "value": 1}]
        await shop.make([WRITE], trigger={"event": "Deal Won", "where": where})
    await shop.make([WRITE], trigger={"event": "Deal Won", "where": [{"prop": "stage", "op": "in", "value": [7, 9]}]})
    await shop.make([WRITE], trigger={"event": "Deal Won", "where": [{"prop": "amount", "op": ">", "value": 100}]})
    for number in range(30):
        await shop.make([WRITE], trigger={"event": f"Event {number}"})
    await shop.happen(object="D1", properties={"stage": "7", "amount": 5})
    await shop.happen("Event 7", object="E", properties={"amount": 8})
    await shop.settle()
    assert sorted(await shop.book()) == ["D1 5", "D1 5", "E 8"]
    (listening,) = shop.automation.matcher._listening.values()
    event = {"event": "Deal Won", "properties": {"stage": 7.0, "amount": 5}}
    assert len(listening.starts["Deal Won"].meant(event, 1 << 62)) == 3
