"""Files of events: each row once, whatever happens, and every bad row by its line."""

from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dure.ingest.api import Chunk
from dure.ingest.imports import Columns, Imported, import_events
from dure.kernel.errors import Invalid, NotAllowed
from tests.ingest.conftest import Door
from tests.real_data import FOLDER

pytestmark = pytest.mark.anyio

SHARED = FOLDER
SHOP = Columns("event", "client_id", "timestamp")


async def run(door: Door, path: Path, columns: Columns, **rest: Any) -> Imported:
    async def post(body: dict[str, Any]) -> dict[str, Any]:
        done = await door.ingest.import_chunk(door.cast.mina, msgspec.convert(body, Chunk))
        refused = [{"line": line, "message": message} for line, message in done.refused]
        return {"added": done.added, "known": done.known, "refused": refused}

    return await import_events(path, columns, post, **rest)


async def test_every_other_column_is_a_property_with_its_type(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(
        "when,who,what,price,zip,member,note\n"
        '2026-01-02 03:04:05,u-1,Bought,11.77,00123,true,"two\nlines, and a comma"\n'
        "1767323045,u-2,Bought,-3,,FALSE,\n"
    )
    done = await run(door, path, Columns("what", "who", "when"), source="shop")
    assert (done.added, done.known, done.bad) == (2, 0, [])
    first, second = await door.events()
    assert (first.event, first.distinct_id, first.source) == ("Bought", "u-1", "shop")
    assert first.properties == {"price": 11.77, "zip": "00123", "member": True, "note": "two\nlines, and a comma"}
    assert second.properties == {"price": -3, "member": False}
    assert first.time == second.time


async def test_a_second_run_adds_nothing_and_a_changed_file_is_another(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "shop.csv.gz"
    path.write_bytes(gzip.compress(b"event,client_id,timestamp\na,1,2026-01-01\nb,2,2026-01-02\n"))
    assert (await run(door, path, SHOP)).added == 2
    again = await run(door, path, SHOP)
    assert (again.added, again.known) == (0, 2)
    assert len(await door.events()) == 2


async def test_bad_rows_are_listed_by_line_and_the_good_ones_kept(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_bytes(
        b"event,client_id,timestamp\n"
        b"a,1,2026-01-01\n"
        b"a,1\n"
        b"a,null,2026-01-01\n"
        b"\xff\xfe,1,2026-01-01\n"
        b"a,1,someday\n"
        b"a,1,\n"
        b",1,2026-01-01\n"
        b"a,1,9999-01-01\n"
        b"b,2,2026-01-01\n"
    )
    done = await run(door, path, SHOP)
    assert done.added == 2
    assert [bad.line for bad in done.bad] == [3, 4, 5, 6, 7, 8, 9]
    assert "2 fields" in done.bad[0].message
    assert "ISO 8601" in done.bad[3].message
    assert {event.event for event in await door.events()} == {"a", "b"}
    assert sum(reject.count for reject in await door.rejects()) == 5


async def test_lines_of_json(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "listens.ndjson"
    rows: list[Any] = [{"u": "u-1", "t": 1767323045000, "p": {"deep": [1]}}, ["no object"], {"u": "u-1"}]
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n{cut\n\n")
    done = await run(door, path, Columns("=Listened", "u", "t"))
    assert (done.added, [bad.line for bad in done.bad]) == (1, [2, 3, 4])
    event = await door.one()
    assert (event.event, event.properties) == ("Listened", {"p": {"deep": [1]}})


async def test_what_cannot_be_read_at_all_is_said(door: Door, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(Invalid, match="neither CSV"):
        await run(door, tmp_path / "picture.png", SHOP)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Invalid, match="no column 'event'; it has a, b"):
        await run(door, tmp_path / "other.csv", SHOP)
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(Invalid, match="it has none"):
        await run(door, tmp_path / "empty.csv", SHOP)


async def test_only_admins_import(door: Door) -> None:
    with pytest.raises(NotAllowed):
        await door.ingest.import_chunk(door.cast.joon, Chunk("x", "00", 0, []))


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is not None, reason="pyarrow is installed")
async def test_parquet_without_its_package_says_what_to_install(door: Door, tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    with pytest.raises(Invalid, match="pip install pyarrow"):
        await run(door, tmp_path / "a.parquet", SHOP)


async def test_parquet(door: Door, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from datetime import datetime

    from pyarrow import parquet

    table = pyarrow.table({"e": ["a"], "u": ["u-1"], "t": [datetime(2026, 1, 2, 3, 4, 5)], "n": [1.5]})
    parquet.write_table(table, tmp_path / "a.parquet")
    assert (await run(door, tmp_path / "a.parquet", Columns("e", "u", "t"))).added == 1
    event = await door.one()
    assert (event.time.isoformat(), event.properties) == ("2026-01-02T03:04:05+00:00", {"n": 1.5})


@pytest.mark.skipif(not (SHARED / "onlineshop_clickstream.csv.gz").exists(), reason="the shared data are not here")
async def test_a_real_shops_clickstream(door: Door) -> None:
    told: list[tuple[int, int]] = []
    path = SHARED / "onlineshop_clickstream.csv.gz"
    done = await run(door, path, SHOP, progress=lambda at, size: told.append((at, size)))
    assert (done.added, done.bad) == (32_283, [])
    events = await door.events()
    assert (len(events), len({event.person for event in events})) == (32_283, 3_751)
    assert len({event.event for event in events}) == 12
    assert told == sorted(told)
    assert told[-1] == (path.stat().st_size, path.stat().st_size)


@pytest.mark.skipif(not (SHARED / "cdnow_purchases.txt.gz").exists(), reason="the shared data are not here")
async def test_real_purchases_of_cds(door: Door) -> None:
    done = await run(door, SHARED / "cdnow_purchases.txt.gz", Columns("=Purchased", "customer_id", "date"))
    assert (done.added, done.bad) == (69_659, [])
    events = await door.events()
    assert len({event.person for event in events}) == 23_570
    assert sum(event.properties["number_of_cds"] for event in events) == 167_881
    assert round(sum(event.properties["dollar_value"] for event in events), 2) == 2_500_315.63
