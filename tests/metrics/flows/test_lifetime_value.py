"""Lifetime value and repurchase: worked by hand, and the purchases of CDNOW."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dure.kernel.errors import Invalid
from tests.metrics.journeys import Happening, Journeys
from tests.real_data import real

pytestmark = pytest.mark.anyio

SINCE_PAID = {"kind": "lifetime_value", "purchase": {"event": "Paid"}, "prop": "amount", "interval": "month"}
FIRST_HALF = {"from": "2020-01-01", "to": "2020-06-30"}


async def test_what_a_cohort_has_paid_since(journeys: Journeys) -> None:
    journeys.write(
        {
            "mina": [paid("2020-01-05", 10), paid("2020-01-20", 5), paid("2020-03-02", "2.5")],
            "joon": [paid("2020-01-31 23:59", 20)],
            "sora": [paid("2020-02-01", 7), paid("2020-02-01", 0.1), paid("2020-02-11", 0.2)],
        }
    )
    answer = await journeys.ask({**SINCE_PAID, **FIRST_HALF, "intervals": 3})
    january, february = answer["cohorts"][:2]
    assert january == {
        "start": "2020-01-01", "size": 2, "value": [17.5, 17.5, 18.75], "buyers": [2, 0, 1], "complete": [True] * 3,
    }  # fmt: skip
    assert (february["size"], february["value"], february["buyers"]) == (1, [7.3, 7.3, 7.3], [1, 0, 0])
    assert [len(cohort["value"]) for cohort in answer["cohorts"]] == [3, 3, 3, 3, 2, 1]
    assert answer["pooled"] == [pytest.approx(42.3 / 3), pytest.approx(42.3 / 3), pytest.approx(44.8 / 3)]
    assert answer["total"] == {
        "revenue": 44.8, "orders": 7, "buyers": 3, "average_order": 6.4, "per_buyer": pytest.approx(44.8 / 3),
    }  # fmt: skip


async def test_who_buys_again_and_how_soon(journeys: Journeys) -> None:
    journeys.write(
        {
            "once": [paid("2020-01-05", 1)],
            "twice": [paid("2020-01-05", 1), paid("2020-01-06", 1)],
            "thrice": [paid("2020-01-05", 1), paid("2020-01-08", 1), paid("2020-01-08 01:00", 1)],
        }
    )
    repurchase = (await journeys.ask({**SINCE_PAID, **FIRST_HALF}))["repurchase"]
    assert (repurchase["buyers"], repurchase["repeaters"], repurchase["rate"]) == (3, 2, pytest.approx(2 / 3))
    assert repurchase["orders"] == [{"orders": n, "people": 1} for n in (1, 2, 3)]
    assert repurchase["next"] == [
        {"order": 1, "people": 3, "again": 2, "rate": pytest.approx(2 / 3), "median_seconds": 2 * 86_400},
        {"order": 2, "people": 2, "again": 1, "rate": 0.5, "median_seconds": 3600},
        {"order": 3, "people": 1, "again": 0, "rate": 0, "median_seconds": None},
    ]


async def test_very_many_orders_are_told_as_so_many_or_more(journeys: Journeys) -> None:
    often = [datetime(2020, 1, 1, hour, minute, tzinfo=UTC) for hour in range(5) for minute in range(9)]
    journeys.write({"fan": [paid(at, 1) for at in often]})
    answer = await journeys.ask({**SINCE_PAID, **FIRST_HALF})
    assert answer["repurchase"]["orders"] == [{"orders": 20, "people": 1}]
    assert answer["repurchase"]["next"][-1] == {
        "order": 20, "people": 1, "again": 1, "rate": 1, "median_seconds": 60,
    }  # fmt: skip
    assert answer["total"]["orders"] == 45


async def test_a_start_of_its_own_counts_those_who_never_paid_and_nothing_before(journeys: Journeys) -> None:
    journeys.write(
        {
            "payer": [paid("2019-12-31", 100), ("Signed Up", "2020-01-01"), paid("2020-02-01", 3)],
            "looker": [("Signed Up", "2020-01-02"), ("Signed Up", "2020-02-02")],
            "early": [("Signed Up", "2019-12-31"), paid("2020-01-01", 50)],
        }
    )
    answer = await journeys.ask({**SINCE_PAID, **FIRST_HALF, "start": {"event": "Signed Up"}})
    assert answer["cohorts"][0]["size"] == 2
    assert answer["cohorts"][0]["value"][:2] == [0, 1.5]
    assert answer["cohorts"][1]["size"] == 0
    assert answer["cohorts"][1]["value"][0] is None
    assert answer["repurchase"]["buyers"] == 1


async def test_money_is_added_to_the_cent_and_whole_units_stay_whole(journeys: Journeys) -> None:
    tenths = [paid(datetime(2020, 1, 1, 0, n, tzinfo=UTC), 0.1) for n in range(30)]
    journeys.write({"p": tenths})
    assert (await journeys.ask({**SINCE_PAID, **FIRST_HALF}))["total"]["revenue"] == 3
    journeys.write({"q": [paid("2020-01-01", 2**53), paid("2020-01-01", 1)]})
    assert (await journeys.ask({**SINCE_PAID, **FIRST_HALF}))["total"]["revenue"] == 2**53 + 4


async def test_what_is_no_number_is_an_order_of_nothing_and_a_warning(journeys: Journeys) -> None:
    unread = [paid("2020-01-01", "free"), paid("2020-01-04", "inf"), ("Paid", "2020-01-02")]
    journeys.write({"p": [*unread, paid("2020-01-03", 4)]})
    answer = await journeys.ask({**SINCE_PAID, **FIRST_HALF})
    assert (answer["total"]["revenue"], answer["total"]["orders"]) == (4, 4)
    assert answer["meta"]["warnings"] == ["3 purchases have no number in amount; they count as orders of nothing."]


async def test_split_by_the_first_purchase_or_by_a_trait(journeys: Journeys) -> None:
    journeys.write(
        {
            "a": [("Identified", "2020-01-01", {"plan": "plus"}), paid("2020-01-05", 10, channel="web")],
            "b": [paid("2020-01-05", 1, channel="app"), paid("2020-01-06", 5, channel="web")],
            "c": [paid("2020-01-05", 2, channel="app")],
        }
    )
    by_channel = await journeys.ask({**SINCE_PAID, **FIRST_HALF, "breakdown": {"prop": "channel"}})
    assert {group["value"]: group["total"]["revenue"] for group in by_channel["groups"]} == {"app": 8, "web": 10}
    by_plan = await journeys.ask({**SINCE_PAID, **FIRST_HALF, "breakdown": {"prop": "person.plan"}})
    assert [(group["value"], group["total"]["revenue"]) for group in by_plan["groups"]] == [(None, 8), ("plus", 10)]


async def test_a_merged_buyer_is_one_buyer(journeys: Journeys) -> None:
    journeys.write({"phone": [paid("2020-01-05", 1)], "laptop": [paid("2020-03-05", 2)]})
    journeys.merge("laptop", into="phone")
    answer = await journeys.ask({**SINCE_PAID, **FIRST_HALF})
    assert [cohort["size"] for cohort in answer["cohorts"]] == [1, 0, 0, 0, 0, 0]
    assert answer["cohorts"][0]["value"][:3] == [1, 1, 3]


async def test_accounts_have_a_lifetime_value_too(journeys: Journeys) -> None:
    journeys.write({"a": [paid("2020-01-05", 1)], "b": [paid("2020-01-06", 2)]}, account="acme")
    answer = await journeys.ask({**SINCE_PAID, **FIRST_HALF, "by": "account"})
    assert (answer["cohorts"][0]["size"], answer["repurchase"]["repeaters"]) == (1, 1)


async def test_a_month_that_is_not_over_is_not_complete(journeys: Journeys) -> None:
    journeys.write({"p": [paid("2026-10-05", 1), paid("2026-11-05", 1)]})
    answer = await journeys.ask({**SINCE_PAID, "from": "2026-10-01", "to": "2026-11-30"})
    assert answer["cohorts"][0]["complete"] == [True, False]
    assert answer["pooled"] == [1, None]


async def test_nobody_bought(journeys: Journeys) -> None:
    answer = await journeys.ask({**SINCE_PAID, **FIRST_HALF})
    assert answer["total"] == {"revenue": 0, "orders": 0, "buyers": 0, "average_order": None, "per_buyer": None}
    assert (answer["repurchase"]["rate"], answer["pooled"]) == (None, [None] * 6)


async def test_a_property_that_cannot_be_is_named(journeys: Journeys) -> None:
    with pytest.raises(Invalid) as error:
        await journeys.ask({**SINCE_PAID, "prop": "a`b"})
    assert error.value.field == "prop"


_CDNOW_ROWS = """
insert into events
select {org:String}, {workspace:String}, 'Purchased', parseDateTimeBestEffort(cells[2], 'UTC') + toIntervalHour(12),
       reinterpretAsUUID(sipHash128(cells[1])), cells[1], '', '', '', 'web', toString(rowNumberInAllBlocks()), '', '',
       concat('{"dollars":', cells[4], '}')::JSON, now()
from (select splitByWhitespace(trim(line)) as cells from file({path:String}, 'LineAsString') where line not like '%c%')
"""


async def test_c1_cdnow(journeys: Journeys) -> None:
    await journeys.log.command(journeys.tenant, _CDNOW_ROWS, {"path": str(real("cdnow_purchases.txt.gz"))})
    question: dict[str, Any] = {
        "kind": "lifetime_value", "purchase": {"event": "Purchased"}, "prop": "dollars", "interval": "month",
        "intervals": 18, "from": "1997-01-01", "to": "1998-06-30",
    }  # fmt: skip
    answer = await journeys.ask(question)
    assert [cohort["size"] for cohort in answer["cohorts"][:4]] == [7846, 8476, 7248, 0]
    assert answer["cohorts"][0]["buyers"] == [
        7846, 1157, 964, 810, 679, 736, 720, 582, 559, 594, 673, 634, 528, 511, 664, 472, 497, 498,
    ]  # fmt: skip
    assert answer["total"]["revenue"] == 2_500_315.63
    assert (answer["total"]["orders"], answer["total"]["buyers"]) == (69_659, 23_570)
    assert answer["repurchase"]["repeaters"] == 11_662
    assert answer["repurchase"]["rate"] == pytest.approx(11_662 / 23_570)


def paid(at: str | datetime, amount: float | str, **more: str) -> Happening:
    return ("Paid", at, {"amount": amount, **more})
