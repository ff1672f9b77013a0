"""The zip of an export: read where it lies, whatever somebody has put into it."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from dure.channels.moving import survey
from dure.channels.moving.export import Export
from dure.channels.moving.model import Room
from dure.channels.moving.objects import LARGEST_ITEM, Broken, objects
from dure.channels.moving.refusals import NotAnExport
from tests.channels import slack_export as slack


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    return path


def small(**more: object) -> dict[str, object]:
    return {"users.json": slack.PEOPLE, "channels.json": [slack.channel("C0OPEN", "general", [])], **more}


def test_names_that_lead_out_are_not_read_and_are_named(tmp_path: Path) -> None:
    bad = ["../evil.json", "/etc/passwd", "general/../../x.json", "C:\\x.json", "a\\..\\b.json"]
    with Export(written(tmp_path, slack.zipped(small(**dict.fromkeys(bad, b"[]"))))) as export:
        assert sorted(left.about for left in export.left if left.why == "leads_out") == sorted(bad)
        assert export.folders() == set()
    assert not (tmp_path.parent / "evil.json").exists()


def test_a_bomb_is_left_out_and_one_of_layers_is_refused(tmp_path: Path) -> None:
    bomb = b"[" + b" " * (64 << 20) + b"]"
    with Export(written(tmp_path, slack.zipped(small(**{"general/2026-03-02.json": bomb})))) as export:
        assert [left.why for left in export.left] == ["bomb"]
        assert export.days("general") == []
    content = bytearray(slack.zipped(small(**{f"general/2026-03-0{n}.json": [] for n in range(1, 6)})))
    at = content.find(b"PK\x01\x02")
    first = struct.unpack_from("<I", content, at + 42)[0]
    while at >= 0:  # every name leads to the same bytes, as in bombs that unpack to petabytes
        struct.pack_into("<I", content, at + 42, first)
        at = content.find(b"PK\x01\x02", at + 4)
    with pytest.raises(NotAnExport, match="trap"):
        Export(written(tmp_path, bytes(content)))


def test_a_directory_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    content = bytearray(slack.zipped(small()))
    struct.pack_into("<I", content, content.rfind(b"PK\x05\x06") + 12, 200 << 20)
    with pytest.raises(NotAnExport, match="directory"):
        Export(written(tmp_path, bytes(content)))


def test_what_is_locked_or_packed_in_an_unknown_way_is_left_out(tmp_path: Path) -> None:
    content = bytearray(slack.zipped(small(**{"general/2026-03-02.json": [], "general/2026-03-03.json": []})))
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<H", content, at + 8, 1)
    struct.pack_into("<H", content, content.rfind(b"PK\x01\x02", 0, at) + 10, 99)
    with Export(written(tmp_path, bytes(content))) as export:
        assert sorted(left.why for left in export.left) == ["locked", "packing"]


@pytest.mark.parametrize(
    ("content", "kept", "why"),
    [
        (b'[{"ts":"1.0"},{"ts":"2.0"', 1, "ends|read on"), (b'{"ts":"1.0"}', 0, "begin"), (b"", 0, "begin"),
        (b'[{"ts":"1.0"} {"ts":"2.0"}]', 1, "read on"), (b"[" * 100_000, 0, "deep"), (b"\xff\xfe\x00[", 0, "begin"),
        (b'[{"ts":"1.0"},{"a":"' + b"x" * (LARGEST_ITEM + (1 << 20)), 1, "longer"),
    ],
)  # fmt: skip
def test_a_broken_day_gives_what_stands_before_and_is_named(
    tmp_path: Path, content: bytes, kept: int, why: str
) -> None:
    with Export(written(tmp_path, slack.zipped(small(**{"general/2026-03-02.json": content})))) as export:
        found = list[object]()
        with pytest.raises(Broken, match=why):
            found.extend(iter(export.said("general", "2026-03-02")))
        read = survey.counted(export, Room("C0OPEN", "general", "public", folder="general"), "2026-03-02")
        assert read.messages == kept
        assert [(left.what, left.why, left.day) for left in read.left] == [("day", "broken", "2026-03-02")]


def test_a_day_whose_bytes_are_damaged_is_named(tmp_path: Path) -> None:
    content = bytearray(slack.zipped(small(**{"general/2026-03-02.json": [{"ts": f"{n}.0"} for n in range(9_000)]})))
    at = content.find(b"general/2026-03-02.json")
    content[at + 4_000 : at + 4_010] = b"\x00" * 10
    with Export(written(tmp_path, bytes(content))) as export, pytest.raises(Broken, match="damaged"):
        list(export.said("general", "2026-03-02"))


def test_items_are_read_across_pieces_and_a_large_day_costs_little(tmp_path: Path) -> None:
    items = [{"ts": f"{n}.000000", "text": '가나다 \\" ]},' * 20, "n": n} for n in range(60_000)]
    given = json.dumps(items, ensure_ascii=False).encode()
    assert list(objects(io.BytesIO(b"\xef\xbb\xbf  " + given + b"  "))) == items
    assert list(objects(io.BytesIO(b"[1, 22 , null]"))) == [1, 22, None]
    assert list(objects(io.BytesIO(b" [ ] "))) == []
    del items
    with Export(written(tmp_path, slack.zipped(small(**{"general/2026-03-02.json": given})))) as export:
        size = len(given)
        del given
        tracemalloc.start()
        assert sum(1 for _ in export.said("general", "2026-03-02")) == 60_000
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < size / 4


def test_an_export_that_somebody_packed_again_is_found_in_its_folder(tmp_path: Path) -> None:
    content = slack.zipped(slack.realistic() | {"notes.txt": b"x"}, prefix="Sori Slack export Mar 2026/")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["__MACOSX/Sori Slack export Mar 2026/._users.json"] = b"x"
    with Export(written(tmp_path, slack.zipped(members))) as export:
        assert len(survey.people(export)) == len(slack.PEOPLE)
        assert {room.folder for room in survey.rooms(export)} == export.folders()
        assert ("member", "unknown", "notes.txt") in {(left.what, left.why, left.about) for left in export.left}
