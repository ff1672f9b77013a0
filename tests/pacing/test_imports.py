"""Figures and line items out of files: columns guessed, rows told by their lines, a second run that adds nothing."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from dure.kernel.errors import Invalid
from dure.pacing.api import Pacing
from dure.pacing.imports import delimited
from dure.pacing.imports.api import Found, Imports, Piece
from dure.pacing.imports.cells import BadCell, moment, money, number
from dure.pacing.imports.mapping import Kind, guess
from dure.state import State
from tests.pacing.conftest import Desk, day, desk_in

pytestmark = pytest.mark.anyio

MEGAPHONE = """Campaign Report
Generated 2026-11-23

Campaign,Line Item,Order ID,Report Date,Impressions,Clicks,Revenue
Hanbit,한빛커피 오디오 스팟,MP-1,11/20/2026,"1,200",12,"￦36,000"
Hanbit,한빛커피 오디오 스팟,MP-1,11/21/2026,1300,x,39000
Hanbit,nobody,MP-9,11/21/2026,5,0,0
Hanbit,한빛커피 오디오 스팟,MP-1,11/30/2026,1300,1,39000
Hanbit,한빛커피 오디오 스팟,MP-1,11/22/2026,1400
Hanbit,한빛커피 오디오 스팟,MP-1,11/22/2026,1400,14,42000
"""


@pytest.fixture
async def desk(shared: State) -> Desk:
    return await desk_in(shared)


async def bring(desk: Desk, path: Path, kind: Kind = "deliveries", *, dry_run: bool = False, **more: object) -> Found:
    api = Imports(desk.state, desk.clock, desk.cast.governance, desk.pacing)
    table = delimited.read(path)
    [(number, lines, rows)] = table.pieces
    digest = delimited.digest_of(path, str(more))
    piece = Piece(kind, table.columns, rows, lines, digest=digest, number=number, **more)  # type: ignore[arg-type]
    return await api.bring(desk.cast.mina, piece, dry_run=dry_run)


async def test_a_megaphone_report_is_read_with_its_bad_rows_told(desk: Desk, tmp_path: Path) -> None:
    item = await desk.item(external="MP-1")
    path = tmp_path / "report.csv.gz"
    path.write_bytes(gzip.compress(MEGAPHONE.encode("cp949")))
    # Among the words that fit, the more exact one is taken first; here both columns name the line item.
    rehearsed = await bring(desk, path, dry_run=True, mapping={"line_item": "Order ID"}, source="megaphone")
    assert (rehearsed.added, await days(desk.pacing, desk, item.id)) == (2, [])
    done = await bring(desk, path, mapping={"line_item": "Order ID"}, source="megaphone")
    assert (done.added, done.corrected, done.unchanged) == (2, 0, 0)
    assert [(one["line"], one["field"]) for one in done.findings] == [
        (6, "clicks"), (7, "line_item"), (8, "day"), (9, ""),
    ]  # fmt: skip
    assert await days(desk.pacing, desk, item.id) == [(day(-3), 1200, 36_000), (day(-1), 1400, 42_000)]
    other = await desk.item("nobody's", external="MP-9")
    again = await bring(desk, path, mapping={"line_item": "Order ID"}, source="megaphone")
    assert (again.added, again.unchanged, len(again.findings)) == (1, 2, 3)  # only what was left out is tried again
    assert await days(desk.pacing, desk, other.id) == [(day(-2), 5, 0)]
    assert len(await desk.events("Delivery Recorded")) == 3
    assert (await desk.pacing.one(desk.cast.mina, item.id)).item.source == "megaphone"


async def test_a_later_file_corrects_and_says_so(desk: Desk, tmp_path: Path) -> None:
    item = await desk.item()
    await desk.deliver(item, 1000, 1000, 1000)
    path = tmp_path / "late.csv"
    path.write_text(f"line item,date,impressions,clicks,spend\n{item.name},{day(-1)},1100,10,20000\n"
                    f"{item.name},{day(-2)},1000,10,20000\n")  # fmt: skip
    done = await bring(desk, path)
    assert (done.added, done.corrected, done.unchanged) == (0, 1, 1)
    assert (await desk.events("Delivery Recorded"))[-1].properties["impressions"] == 100


async def test_line_items_come_once(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(
        "이름\t고객사\t목표\t시작일\t종료일\t예산\t집행 방식\n"
        "가을 스팟\t한빛커피\t120,000\t2026.11.25\t2026.12.20\t₩3,600,000\t균등\n"
        "겨울 스팟\t한빛커피\t0\t2026.11.25\t2026.12.20\t1\t균등\n"
        "봄 스팟\t한빛커피\t10\t2026.11.25\t2026.12.20\t1\t천천히\n"
    )
    done = await bring(desk, path, "line_items")
    assert (done.added, [(one["line"], one["field"]) for one in done.findings]) == (1, [(3, "goal"), (4, "pacing")])
    other = tmp_path / "again.csv"
    other.write_text(path.read_text() + "\n")
    again = await bring(desk, other, "line_items")
    assert (again.added, again.unchanged) == (0, 1)
    [row] = await desk.pacing.list(desk.cast.mina)
    assert (row.item.name, row.item.goal, row.item.budget) == ("가을 스팟", 120_000, 3_600_000)


def test_a_column_that_is_needed_and_not_found_is_named() -> None:
    with pytest.raises(Invalid, match="line_item=COLUMN") as caught:
        guess("deliveries", ["date", "imps"])
    assert caught.value.field == "mapping"
    assert guess("deliveries", ["Ad Set ID", "Day", "IMPS", "Cost"])["spend"] == "Cost"
    with pytest.raises(Invalid, match="no column 'x'"):
        guess("deliveries", ["date", "line item"], {"clicks": "x"})


def test_cells_are_read_as_people_write_them() -> None:
    assert number("clicks", " 1,234 ") == 1234
    assert money("spend", "$1,234.56", "USD") == 123_456
    assert money("spend", "2500000", "USD", micro=True) == 250
    assert money("spend", "₩36,000", "KRW") == 36_000
    assert moment("day", "2026-11-20T13:00:00Z") == (day(-3), 13)
    assert moment("day", "2026. 11. 20.") == (day(-3), None)
    assert moment("day", "20/11/2026", day_first=True) == (day(-3), None)
    for text in ("1.5", "many"):
        with pytest.raises(BadCell):
            number("clicks", text)
    with pytest.raises(BadCell):
        moment("day", "31/31/2026")


async def days(pacing: Pacing, desk: Desk, item: str) -> list[tuple[object, int, int]]:
    return [(one.day, one.impressions, one.spend) for one in (await pacing.one(desk.cast.mina, item)).days]
