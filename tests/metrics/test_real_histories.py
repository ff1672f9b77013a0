"""Questions over time on real histories: the CDNOW table, and an online shop's clicks counted a second way."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dure.log.api import Log
from tests.metrics.journeys import Journeys
from tests.metrics.worlds import fresh
from tests.real_data import real

pytestmark = pytest.mark.anyio

# Calendar-month retention of the customers of three months, any purchase: case C1.
CDNOW = [
    [7846, 1157, 964, 810, 679, 736, 720, 582, 559, 594, 673, 634, 528, 511, 664, 472, 497, 498],
    [8476, 1312, 980, 783, 847, 786, 626, 619, 666, 721, 661, 545, 568, 718, 545, 548, 551],
    [7248, 1032, 752, 756, 674, 564, 561, 579, 634, 569, 464, 472, 678, 420, 443, 457],
]
FIRST, LAST = date(2019, 11, 1), date(2020, 4, 29)
SHOP = {"from": FIRST.isoformat(), "to": LAST.isoformat(), "event": "*"}
DAYS = (LAST - FIRST).days + 1


@pytest.fixture(scope="module")
def shop_clicks() -> list[tuple[str, str, datetime]]:
    """Client, event and time."""
    with gzip.open(real("onlineshop_clickstream.csv.gz"), "rt") as lines:
        rows = csv.DictReader(lines)
        return [(row["client_id"], row["event"], datetime.fromisoformat(row["timestamp"])) for row in rows]


@pytest.fixture(scope="module")
def shop(shared_log: Log, shop_clicks: list[tuple[str, str, datetime]]) -> Journeys:
    return written(shared_log, shop_clicks)


@pytest.fixture(scope="module")
def active(shop_clicks: list[tuple[str, str, datetime]]) -> dict[str, set[int]]:
    """On which days of the range, from 0, each client was active."""
    days = defaultdict(set)
    for client, _, at in shop_clicks:
        days[client].add((at.date() - FIRST).days)
    return dict(days)


def written(log: Log, happened: Iterable[tuple[str, str, datetime]]) -> Journeys:
    journeys = fresh(log)
    lines = [journeys.line(who, event, at.isoformat()) for who, event, at in happened]
    log.insert_now(f"real-{journeys.tenant.workspace}", b"\n".join(lines))
    return journeys


async def test_c1_the_customers_of_cdnow(shared_log: Log) -> None:
    with gzip.open(real("cdnow_purchases.txt.gz"), "rt") as lines:
        rows = [line.split() for line in lines][1:]
    journeys = written(shared_log, ((row[0], "Purchased", datetime.fromisoformat(row[1])) for row in rows))
    answer = await journeys.ask(
        {"kind": "retention", "start": {"event": "Purchased", "first_time": True}, "return": {"event": "Purchased"},
         "interval": "month", "intervals": 18, "from": "1997-01-01", "to": "1998-06-30"}
    )  # fmt: skip
    assert [cohort["counts"] for cohort in answer["cohorts"][:3]] == CDNOW
    assert {cohort["size"] for cohort in answer["cohorts"][3:]} == {0}
    for month in range(18):
        back = [row[month] for row in CDNOW if month < len(row)]
        sizes = [row[0] for row in CDNOW if month < len(row)]
        assert answer["pooled"][month] == pytest.approx(sum(back) / sum(sizes))


@pytest.mark.parametrize("first_time", [False, True])
async def test_the_shop_s_daily_retention(shop: Journeys, active: dict[str, set[int]], first_time: bool) -> None:
    answer = await shop.ask(
        {"kind": "retention", "start": {"event": "*", "first_time": first_time}, "intervals": 15,
         "from": SHOP["from"], "to": SHOP["to"]}
    )  # fmt: skip
    wanted: Counter[tuple[int, int]] = Counter()
    for days in active.values():
        for cohort in {min(days)} if first_time else days:
            wanted.update((cohort, day - cohort) for day in days if 0 <= day - cohort < 15)
    assert [cohort["counts"] for cohort in answer["cohorts"]] == [
        [wanted[cohort, column] for column in range(min(15, DAYS - cohort))] for cohort in range(DAYS)
    ]


async def test_the_shop_s_lifecycle(shop: Journeys, active: dict[str, set[int]]) -> None:
    """Over the second half, so that there is a history before it."""
    half = DAYS // 2
    answer = await shop.ask({**SHOP, "kind": "lifecycle", "from": (FIRST + timedelta(days=half)).isoformat()})
    for place, day in enumerate(range(half, DAYS)):
        here = {client for client, days in active.items() if day in days}
        before = {client for client, days in active.items() if day - 1 in days}
        new = {client for client in here if min(active[client]) == day}
        assert answer["new"][place] == len(new)
        assert answer["returning"][place] == len(here & before)
        assert answer["resurrecting"][place] == len(here - before - new)
        assert answer["dormant"][place] == -len(before - here)


async def test_the_shop_s_stickiness(shop: Journeys, active: dict[str, set[int]]) -> None:
    answer = await shop.ask({**SHOP, "kind": "stickiness"})
    wanted = Counter(len(days) for days in active.values())
    assert [bar["people"] for bar in answer["bars"]] == [wanted[n] for n in range(1, DAYS + 1)]


async def test_the_shop_s_trend(shop: Journeys, shop_clicks: list[tuple[str, str, datetime]]) -> None:
    """By week in Seoul, nine hours ahead of the clicks."""
    weeks: dict[str, dict[date, Any]] = {"cart": defaultdict(list), "catalog": defaultdict(set)}
    for client, event, at in shop_clicks:
        day = (at + timedelta(hours=9)).date()
        monday = day - timedelta(days=day.weekday())
        if event == "cart":
            weeks["cart"][monday].append(client)
        if event == "catalog":
            weeks["catalog"][monday].add(client)
    answer = await shop.ask(
        {"kind": "trend", "interval": "week", "timezone": "Asia/Seoul", "from": "2019-11-01", "to": "2020-05-03",
         "series": [{"event": "cart"}, {"event": "catalog", "math": "people"}]}
    )  # fmt: skip
    mondays = [date.fromisoformat(start) for start in answer["intervals"]]
    for line, found in zip(answer["series"], weeks.values(), strict=True):
        assert line["values"] == [len(found[monday]) for monday in mondays]
    assert answer["series"][0]["total"] == sum(event == "cart" for _, event, _ in shop_clicks)
    assert answer["series"][1]["total"] == len({client for client, event, _ in shop_clicks if event == "catalog"})


async def test_the_shop_s_sessions(shop: Journeys, shop_clicks: list[tuple[str, str, datetime]]) -> None:
    times = defaultdict(list)
    for client, _, at in shop_clicks:
        times[client].append(at)
    began: Counter[int] = Counter()
    for walk in times.values():
        walk.sort()
        for before, at in zip([datetime.min, *walk], walk, strict=False):
            began[(at.date() - FIRST).days] += at - before > timedelta(minutes=30)
    answer = await shop.ask({**SHOP, "kind": "sessions"})
    assert answer["sessions"] == [began[day] for day in range(DAYS)]
    assert answer["total"]["events_per_session"] == pytest.approx(len(shop_clicks) / began.total())
