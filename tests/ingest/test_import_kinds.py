"""Files as companies have them: other marks, letters, times and kinds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from dure.ingest.imports import BadRows, Columns, EventFile, Reading, files_of, rehearse, texts_of
from dure.kernel.errors import Invalid
from tests.ingest.conftest import Door
from tests.ingest.importing import run
from tests.people_of import MONDAY_NOON

pytestmark = pytest.mark.anyio

PLAIN = Columns("what", "who", "at")


async def test_a_korean_file_in_cp949_is_read_and_without_saying_so_it_is_refused_whole(
    door: Door, tmp_path: Path
) -> None:
    path = tmp_path / "구매.csv"
    path.write_bytes("what,who,at,상품\n구매,미나,2026-01-02,한라봉\n".encode("cp949"))
    with pytest.raises(Invalid, match=r"not UTF-8\. If the file is Korean, try --encoding cp949"):
        await run(door, path, PLAIN)
    await run(door, path, PLAIN, reading=Reading(encoding="cp949"))
    event = await door.one()
    assert (event.event, event.distinct_id, event.properties) == ("구매", "미나", {"상품": "한라봉"})
    with pytest.raises(Invalid, match="no encoding"):
        await run(door, path, PLAIN, reading=Reading(encoding="klingon"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
async def test_byte_order_marks_are_no_letters(door: Door, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("what,who,at\nSigned Up,미나,2026-01-02\n".encode(encoding))
    await run(door, path, PLAIN, reading=Reading(encoding="utf-16" if encoding == "utf-16" else "utf-8"))
    assert (await door.one()).distinct_id == "미나"


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("what;who;at;n\na;u;2026-01-02;1,5\n", Reading()),
        ("what~who~at~n\na~u~2026-01-02~1,5\n", Reading(delimiter="~")),
        ("what\twho\tat\tn\na\tu\t2026-01-02\t1,5\n", Reading(delimiter="\t")),
        ("  what who  at n\n a   u 2026-01-02  1,5\n", Reading()),
        ("what,who,at,n\na,u,2026-01-02,'1,5'\n", Reading(quote="'")),
        ("a|u|2026-01-02|1,5\n", Reading(names=("what", "who", "at", "n"), delimiter="|")),
    ],
)
async def test_marks_quotes_and_files_without_a_header(door: Door, tmp_path: Path, text: str, reading: Reading) -> None:
    (tmp_path / "a.csv").write_text(text)
    done = await run(door, tmp_path / "a.csv", PLAIN, reading=reading)
    assert done.bad == []
    event = await door.one()
    assert (event.event, event.distinct_id, event.properties) == ("a", "u", {"n": "1,5"})


async def test_a_quote_that_is_left_open_says_where(door: Door, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('what,who,at\na,u,2026-01-02\n"a,u,2026-01-02\na,u,2026-01-02\n')
    done = await run(door, path, PLAIN)
    assert done.added == 1
    assert [(bad.line, "opened in line 3 and not closed before line 4" in bad.message) for bad in done.bad] == [
        (3, True)
    ]
    assert (await run(door, path, PLAIN, reading=Reading(quote=""))).added == 3
    wide = "x" * 200_000
    path.write_text(f"what,who,at,n\na,u,2026-01-02,{wide}\na,u,2026-01-02,1\n")
    done = await run(door, path, PLAIN)
    assert (done.added, [bad.line for bad in done.bad]) == (1, [2])


@pytest.mark.parametrize(
    ("written", "reading", "meant"),
    [
        ("19970101", Reading(), "1997-01-01T00:00:00+00:00"),
        ("02.01.2026 03:04", Reading(time_format="%d.%m.%Y %H:%M"), "2026-01-02T03:04:00+00:00"),
        ("2026-01-02 09:00", Reading(timezone="Asia/Seoul"), "2026-01-02T00:00:00+00:00"),
        ("20260102", Reading(time_format="%Y%m%d", timezone="Asia/Seoul"), "2026-01-01T15:00:00+00:00"),
        ("2026-01-02T03:04:05+02:00", Reading(timezone="Asia/Seoul"), "2026-01-02T01:04:05+00:00"),
        ("1767323045", Reading(time_format="unix"), "2026-01-02T03:04:05+00:00"),
        ("1767323045500", Reading(time_format="unix-ms"), "2026-01-02T03:04:05.500000+00:00"),
    ],
)
async def test_times_as_files_write_them(
    door: Door, tmp_path: Path, written: str, reading: Reading, meant: str
) -> None:
    (tmp_path / "a.csv").write_text(f"what,who,at\na,u,{written}\n")
    await run(door, tmp_path / "a.csv", PLAIN, reading=reading)
    assert (await door.one()).time == datetime.fromisoformat(meant)


async def test_a_time_that_is_not_as_said_is_a_bad_row_and_a_wrong_zone_none_at_all(door: Door, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("what,who,at\na,u,2026-01-02\na,u,20260102\n")
    done = await run(door, tmp_path / "a.csv", PLAIN, reading=Reading(time_format="%Y%m%d"))
    assert (done.added, done.bad[0].line) == (1, 2)
    assert "'2026-01-02' is not %Y%m%d" in done.bad[0].message
    for wrong, field in ((Reading(timezone="Asia/Soul"), "timezone"), (Reading(time_format="day"), "time_format")):
        with pytest.raises(Invalid) as error:
            await run(door, tmp_path / "a.csv", PLAIN, reading=wrong)
        assert error.value.field == field


async def test_other_columns_name_the_device_the_account_and_the_message(door: Door, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        'device,user,firm,id,more\nd-1,,acme,m-1,"{""plan"": ""pro"", ""seats"": 3}"\nd-1,u-1,,m-2,\nd-1,,,m-3,[1]\n'
    )
    columns = Columns("=Opened", "user", "=2026-01-02", "device", "firm", "id", "more")
    done = await run(door, tmp_path / "a.csv", columns)
    first, second = await door.events()
    assert (first.distinct_id, first.account, first.message_id) == ("d-1", "acme", "m-1")
    assert first.properties == {"plan": "pro", "seats": 3}
    assert (second.distinct_id, second.properties) == ("u-1", {"anonymous_id": "d-1"})
    assert [(bad.line, bad.message) for bad in done.bad] == [(4, "`more` is not a JSON object.")]


async def test_lines_whose_user_and_time_lie_inside_of_their_properties(door: Door, tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text(
        '\ufeff{"event": "Bought", "properties": {"distinct_id": 17, "time": 1767323045, "price": 3}}\n', "utf-8"
    )
    await run(door, tmp_path / "a.ndjson", Columns("event", "distinct_id", "time", properties="properties"))
    event = await door.one()
    assert (event.distinct_id, event.properties) == ("17", {"price": 3})


async def test_parquet_keeps_what_it_holds(door: Door, tmp_path: Path) -> None:
    seoul = timezone(timedelta(hours=9))
    table = pyarrow.table(
        {
            "what": pyarrow.array(["a", "b"]).dictionary_encode(),
            "who": [1, 2],
            "at": pyarrow.array([datetime(2026, 1, 2, 9, tzinfo=seoul)] * 2, pyarrow.timestamp("ns", "Asia/Seoul")),
            "price": pyarrow.array([Decimal("12.50"), None], pyarrow.decimal128(9, 2)),
            "day": [date(2026, 1, 2)] * 2,
            "seen": pyarrow.array([datetime(2026, 1, 2, 3)] * 2, pyarrow.timestamp("ms")),
            "tags": [["x", "y"], []],
            "place": [{"city": "Jeju", "zip": 63}] * 2,
            "counts": pyarrow.array([[("a", 1)], []], pyarrow.map_(pyarrow.string(), pyarrow.int64())),
            "deep": [[{"when": datetime(2026, 1, 2)}]] * 2,
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=1)
    done = await run(door, tmp_path / "a.parquet", PLAIN)
    assert done.bad == []
    first, second = await door.events()
    assert (first.event, first.distinct_id, first.time) == ("a", "1", datetime(2026, 1, 2, tzinfo=UTC))
    assert first.properties == {
        "price": 12.5, "day": "2026-01-02", "seen": "2026-01-02T03:00:00", "tags": ["x", "y"],
        "place": {"city": "Jeju", "zip": 63}, "counts": {"a": 1}, "deep": [{"when": "2026-01-02T00:00:00"}],
    }  # fmt: skip
    assert "price" not in second.properties
    (tmp_path / "b.parquet").write_bytes(b"PAR1 or not")
    with pytest.raises(Invalid, match="not Parquet"):
        await run(door, tmp_path / "b.parquet", PLAIN)


async def test_a_packed_file_that_is_cut_off_adds_nothing(door: Door, tmp_path: Path) -> None:
    import gzip

    whole = gzip.compress(b"what,who,at\n" + b"a,u,2026-01-02\n" * 50_000)
    (tmp_path / "a.csv.gz").write_bytes(whole[:-20])
    with pytest.raises(Invalid, match="cut off or damaged"):
        await run(door, tmp_path / "a.csv.gz", PLAIN)
    assert await door.events() == []


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("day=2/b.csv", "day=1/a.parquet", "day=1/.hidden.csv", "manifest.json", "notes.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [file.path.name for file in files_of([tmp_path])] == ["a.parquet", "b.csv"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(Invalid, match="holds no CSV"):
        files_of([tmp_path / "empty"])


def test_a_dry_run_says_what_would_come(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("what,who,at,n\na,u,2026-01-02,1\nb,null,2026-01-02,1\na,v,2026-01-05,2\na,v\nb,v,never,3\n")
    done = rehearse(EventFile.at(path), PLAIN, MONDAY_NOON)
    assert (done.events, dict(done.names)) == (2, {"a": 2})
    assert (done.first, done.last) == (datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC))
    assert [one["properties"] for one in done.shown] == [{"n": 1}, {"n": 2}]
    assert sorted(bad.line for bad in done.bad.kept) == [3, 5, 6]


def test_of_very_many_bad_rows_the_number_is_kept_and_a_file_gets_all() -> None:
    bad = BadRows(of_file=[])
    for line in range(20_000):
        bad.note(line, "no")
    assert (bad.count, len(bad.kept), len(bad.of_file or [])) == (20_000, 10_000, 20_000)


@pytest.mark.parametrize(
    ("name", "content", "lines", "texts"),
    [
        ("a.csv", b'what,who,note\r\nA,u,"x\r\ny"\r\nB,"u, 2",z\r\n', {2, 4}, ['A,u,"x\r\ny"', 'B,"u, 2",z']),
        ("a.txt", b"what who\nA   u\n\nB \xff\n", {2, 4}, ["A   u", "B \ufffd"]),
        ("a.ndjson", b'{"a": 1}\n\n{"b":  2}\n', {3}, ['{"b":  2}']),
    ],
)
def test_what_is_left_out_is_told_as_it_stands_in_the_file(
    tmp_path: Path, name: str, content: bytes, lines: set[int], texts: list[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    found = list(texts_of(EventFile.at(tmp_path / name), Reading(), lines))
    assert found == list(zip(sorted(lines), texts, strict=True))
