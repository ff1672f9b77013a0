"""Files of events: each row once, whatever happens, and every bad row by its line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from dure.ingest.api import Chunk
from dure.ingest.imports import Columns, Reading
from dure.kernel.errors import Invalid, NotAllowed
from tests.ingest.conftest import Door
from tests.ingest.importing import run

pytestmark = pytest.mark.anyio

SHOP = Columns("event", "client_id", "timestamp")


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
    path.write_bytes(gzip.compress(b"event,client_id,timestamp\na,1,2026-01-01\nc,3,2026-01-02\n"))
    assert (await run(door, path, SHOP)).added == 2


async def test_the_same_content_under_another_name_or_packed_otherwise_is_the_same_file(
    door: Door, tmp_path: Path
) -> None:
    text = b"event,client_id,timestamp\na,1,2026-01-01\n"
    for name, content in (("a.csv", text), ("b.csv.gz", gzip.compress(text, 1)), ("c.txt.gz", gzip.compress(text, 9))):
        (tmp_path / name).write_bytes(content)
    assert [(await run(door, tmp_path / name, SHOP)).added for name in ("a.csv", "b.csv.gz", "c.txt.gz")] == [1, 0, 0]
    assert (await run(door, tmp_path / "a.csv", SHOP, source="other")).added == 1
    assert (await run(door, tmp_path / "a.csv", SHOP, reading=Reading(timezone="Asia/Seoul"))).added == 1


async def test_a_run_that_goes_on_sends_only_what_is_missing_and_lists_the_bad_rows_again(
    door: Door, tmp_path: Path
) -> None:
    path = tmp_path / "long.csv"
    rows = [f"a,{number if number != 7 else 'null'},2026-01-01" for number in range(1, 12_001)]
    path.write_text("event,client_id,timestamp\n" + "\n".join(rows))
    with pytest.raises(ConnectionError):
        await run(door, path, SHOP, break_after=1)
    assert len(await door.events()) == 4_999
    sent: list[int] = []
    done = await run(door, path, SHOP, sent=sent)
    assert (done.added, done.known, [bad.line for bad in done.bad]) == (7_000, 4_999, [8])
    assert sent == [1, 2]
    assert len({event.message_id for event in await door.events()}) == 11_999


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
    assert "cp949" in done.bad[2].message
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
    (tmp_path / "array.json").write_text('[{"u": "u-1", "t": 1}]')
    done = await run(door, tmp_path / "array.json", Columns("=Listened", "u", "t"))
    assert done.nothing_read
    assert "one object a line" in done.bad[0].message


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
    with pytest.raises(NotAllowed):
        await door.ingest.known_chunks(door.cast.joon, "00")
