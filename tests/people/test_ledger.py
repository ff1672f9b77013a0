"""The erasure ledger: two folders that hold the same, through crashes and moves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from dure.kernel.errors import Conflict
from dure.people.ledger import KEY, LINES, Entry, Ledger

AT = datetime(2026, 11, 25, tzinfo=UTC)


def entry(number: int) -> Entry:
    return Entry(UUID(int=number), "E0", "T0", (f"hash-{number}",), AT, "U0", "request")


def test_what_is_added_is_in_both_places_once(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "data", tmp_path / "second")
    ledger.add(entry(1))
    ledger.add(entry(1))
    assert (tmp_path / "data" / LINES).read_text() == (tmp_path / "second" / LINES).read_text()
    assert Ledger.open(tmp_path / "second").entries() == [entry(1)]
    assert (tmp_path / "second" / KEY).stat().st_mode & 0o077 == 0


def test_a_new_data_folder_takes_key_and_lines_from_the_second_place(tmp_path: Path) -> None:
    before = Ledger.open(tmp_path / "data", tmp_path / "second")
    before.add(entry(1))
    after = Ledger.open(tmp_path / "restored", tmp_path / "second")
    assert after.entries() == [entry(1)]
    assert after.seal("T0", "u-1") == before.seal("T0", "u-1")
    assert Ledger.open(tmp_path / "restored").entries() == [entry(1)]


def test_a_line_that_a_crash_cut_short_is_passed_over_and_written_over(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path)
    ledger.add(entry(1))
    with (tmp_path / LINES).open("a") as file:
        file.write('{"id":"0000')
    assert Ledger.open(tmp_path).entries() == [entry(1)]
    ledger.add(entry(2))
    assert Ledger.open(tmp_path).entries() == [entry(1), entry(2)]


def test_two_ledgers_written_with_different_keys_are_not_mixed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        Ledger.open(tmp_path / name).add(entry(1))
    with pytest.raises(Conflict, match="different keys"):
        Ledger.open(tmp_path / "one", tmp_path / "two")


def test_the_same_id_in_another_workspace_or_under_another_key_is_another_hash(tmp_path: Path) -> None:
    seal = Ledger.open(tmp_path / "a").seal
    others = {seal("T1", "u-1"), Ledger.open(tmp_path / "b").seal("T0", "u-1"), seal("T0", "u-2")}
    assert seal("T0", "u-1") not in others
    assert len(others) == 3
