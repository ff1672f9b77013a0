"""A real company's pipeline of 8,800 deals, brought in whole. Skipped where the data is not at hand."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import UTC, date, datetime

import pytest

from dure.deals.model import LoadedAccount, LoadedDeal, LoadedStage
from tests.deals.conftest import Desk
from tests.real_data import real

pytestmark = pytest.mark.anyio

STAGES = {
    "Won": ("Qualified", "Closed Won"), "Lost": ("Qualified", "Closed Lost"), "Engaging": ("Qualified",),
    "Prospecting": ("Prospecting",),
}  # fmt: skip


def day(text: str, default: datetime) -> datetime:
    return datetime.strptime(text, "%m/%d/%Y").replace(tzinfo=UTC) if text else default


async def test_8800_real_deals_keep_their_counts_and_their_money(desk: Desk) -> None:
    path = real("crm/sales_pipeline.csv.gz")
    start = datetime(2017, 1, 1, tzinfo=UTC)
    with gzip.open(path, "rt") as lines:
        rows = list(csv.DictReader(lines))
    names = sorted({row["account"] for row in rows if row["account"]})
    accounts = [LoadedAccount(name, name) for name in names] + [LoadedAccount("?", "Unknown")]
    deals = []
    for row in rows:
        begun = day(row["engage_date"], start)
        ended = max(day(row["close_date"], begun), begun)
        path_taken = STAGES[row["deal_stage"]]
        moments = [begun, ended][: len(path_taken)]
        deals.append(
            LoadedDeal(
                row["opportunity_id"], f"{row['account']} {row['product']}", row["account"] or "?",
                int(float(row["close_value"] or 0)) * 100, "USD", desk.sumi.id, date(2017, 12, 31),
                [LoadedStage(at, stage) for at, stage in zip(moments, path_taken, strict=True)],
            )
        )  # fmt: skip
    loaded = await desk.deals.bulk_load(desk.cast.mina, accounts, deals)
    assert loaded.added_deals == 8800
    board = await desk.deals.board(desk.cast.mina, closed_days=36_500)
    counts = {lane.stage.key: lane.count for lane in board.lanes}
    assert counts == {
        "Prospecting": 500, "Qualified": 1589, "Proposal": 0, "Negotiation": 0, "Closed Won": 4238, "Closed Lost": 2473,
    }  # fmt: skip
    won = next(lane for lane in board.lanes if lane.stage.key == "Closed Won")
    assert dict(won.amounts) == {"USD": 1_000_553_400}
    events = Counter(event.event for event in await desk.events())
    assert (events["Deal Created"], events["Deal Won"], events["Deal Lost"]) == (8800, 4238, 2473)
