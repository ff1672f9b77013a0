"""The command as its user meets it: what it prints, what it writes beside, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.frame.running import dure, found, server

OPTIONS = ("--event", "what", "--user", "who", "--time", "at")


@pytest.fixture
def folder(run_folder: Path, request: pytest.FixtureRequest) -> Path:
    return run_folder / f"imp-{abs(hash(request.node.name)) % 10_000}"


def test_a_folder_of_files_comes_in_with_what_was_left_out_in_a_file_of_its_own(folder: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    (lake / "a.csv").write_text("what,who,at,n\nPlayed,u-1,2026-01-02,1\nPlayed,u-1\nPlayed,null,2026-01-02,1\n")
    (lake / "b.ndjson").write_text('{"what": "Paused", "who": "u-2", "at": "2026-01-03"}\n')
    bad = tmp_path / "bad.ndjson"
    found(folder)
    with server(folder) as running:
        done = dure("import", "events", str(lake), *OPTIONS, "--bad", str(bad), folder=folder)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "2 events added\n"
        assert f"2 rows were left out:\n  {lake}/a.csv line 3: The row has 2 fields, the header 4." in done.stderr
        left_out = [json.loads(line) for line in bad.read_text().splitlines()]
        assert [(one["file"], one["line"], one["row"]) for one in left_out] == [
            (f"{lake}/a.csv", 3, "Played,u-1"), (f"{lake}/a.csv", 4, "Played,null,2026-01-02,1"),
        ]  # fmt: skip
        again = dure("import", "events", str(lake), *OPTIONS, "--json", folder=folder)
        assert [(one["file"], one["line"]) for one in json.loads(again.stdout)["bad"]] == [
            (f"{lake}/a.csv", 3), (f"{lake}/a.csv", 4),
        ]  # fmt: skip
        assert json.loads(again.stdout) | {"bad": ...} == {
            "added": 0, "known": 2, "held": 0, "bad_rows": 2, "bad": ..., "stopped": False,
        }  # fmt: skip
        wrong = dure("import", "events", str(lake), *OPTIONS, "--timezone", "Asia/Soul", folder=folder)
        assert wrong.returncode == 1
        [group] = running.client.get("/api/v1/rejects").json()["groups"]
        assert json.loads(group["example"]) == {
            "line": 4, "event": "Played", "user": "null", "time": "2026-01-02", "properties": {"n": 1},
        }  # fmt: skip
        assert "Asia/Soul" in wrong.stderr


def test_a_dry_run_needs_no_server_and_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("what,who,at,n\nPlayed,u-1,2026-01-02,1\nPlayed,u-2,2026-02-02,1\n")
    done = dure("import", "events", str(tmp_path / "a.csv"), *OPTIONS, "--dry-run", folder=folder)
    assert done.returncode == 0, done.stderr
    assert "2 events would be added, from 2026-01-02 00:00:00+00:00 to 2026-02-02" in done.stdout
    assert not folder.exists()


def test_it_ends_with_1_only_where_nothing_could_be_read(folder: Path, tmp_path: Path) -> None:
    bad, empty = tmp_path / "bad.csv", tmp_path / "empty.csv"
    bad.write_text("what,who,at\nPlayed,u-1,someday\n")
    empty.write_text("what,who,at\n")
    found(folder)
    with server(folder):
        assert dure("import", "events", str(bad), *OPTIONS, folder=folder).returncode == 1
        assert dure("import", "events", str(empty), *OPTIONS, folder=folder).returncode == 0
        assert dure("import", "events", str(bad), *OPTIONS, "--dry-run", folder=folder).returncode == 1


def test_events_whose_names_wait_are_not_counted_as_added(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("what,who,at\nPlayed,u-1,2026-01-02\n")
    (tmp_path / "b.csv").write_text("what,who,at\nPlayed,u-1,2026-01-03\nPaused,u-2,2026-01-03\n")
    found(folder)
    with server(folder) as running:
        running.client.put("/api/v1/event-names/mode", json={"mode": "approve"}).raise_for_status()
        one = dure("import", "events", str(tmp_path / "a.csv"), *OPTIONS, folder=folder)
        assert (one.returncode, one.stdout) == (0, "0 events added, 1 waits for approval\n")
        two = dure("import", "events", str(tmp_path / "b.csv"), *OPTIONS, "--json", folder=folder)
        assert json.loads(two.stdout) == {
            "added": 0, "known": 0, "held": 2, "bad_rows": 0, "bad": [], "stopped": False,
        }  # fmt: skip
        waiting = running.client.get("/api/v1/event-names?state=waiting").json()["names"]
        assert {one["name"]: one["held"] for one in waiting} == {"Played": 2, "Paused": 1}
