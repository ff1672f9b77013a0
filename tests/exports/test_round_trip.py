"""A history is taken out of one Dure by the command, checked against its manifest, and brought into another."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyarrow import parquet

from tests.frame.running import dure, found, server


def test_a_history_that_was_taken_out_comes_in_again_as_it_was(run_folder: Path, tmp_path: Path) -> None:
    """Out of one Dure and into another: message ids, times, who did it, and every property."""
    first, second = run_folder / "exp-one", run_folder / "exp-two"
    source = tmp_path / "a.ndjson"
    source.write_text("".join(json.dumps(row(number)) + "\n" for number in range(900)))
    found(first)
    found(second)
    lake, back = tmp_path / "lake", tmp_path / "back"
    with server(first):  # a command speaks to it, and need not start the databases
        done = dure("import", "events", str(source), "--event", "e", "--user", "u", "--time", "t", "--anonymous", "d",
                    "--account", "a", folder=first)  # fmt: skip
        assert done.returncode == 0, done.stderr
        export = ("export", "events", "--to", str(lake))
        one_column = (*export, "--source", "import", "--column", "n:integer")
        done = dure(*one_column, folder=first)
        assert "900 events in 3 files" in done.stdout, done.stderr
        again = dure(*one_column, folder=first)
        assert "3 were there already" in again.stdout
        assert checked(lake) == 900
        broken = next(lake.rglob("*.parquet"))
        broken.write_bytes(broken.read_bytes()[:-1])
        again = dure(*one_column, folder=first)
        assert "2 were there already" in again.stdout
        assert checked(lake) == 900
        other = dure(*export, folder=first)
        assert other.returncode == 1
        assert "export of another question" in other.stderr
    assert sorted(path.parent.name for path in lake.rglob("*.parquet")) == [
        "day=2026-03-01", "day=2026-03-02", "day=2026-03-03",
    ]  # fmt: skip
    done = dure(
        "import", "events", str(lake), "--event", "event", "--user", "distinct_id", "--time", "time", "--message-id",
        "message_id", "--account", "account", "--anonymous", "anonymous_id", "--properties", "properties",
        folder=second,
    )  # fmt: skip
    assert "900 events added" in done.stdout, done.stderr
    done = dure("export", "events", "--to", str(back), "--source", "import", "--column", "n:integer", folder=second)
    assert "900 events in 3 files" in done.stdout, done.stderr
    kept = ["event", "time", "message_id", "distinct_id", "account", "n"]
    assert told(lake, kept) == told(back, kept)
    properties = [(one["title"], one["deep"], one["anonymous_id"]) for one in told_properties(back)]
    assert properties == [(one["title"], one["deep"], one["anonymous_id"]) for one in told_properties(lake)]


def told(folder: Path, columns: list[str]) -> list[tuple[Any, ...]]:
    found = [row for path in sorted(folder.rglob("*.parquet")) for row in parquet.ParquetFile(path).read().to_pylist()]
    return sorted(tuple(row[name] for name in columns) for row in found)


def told_properties(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for _, text in told(folder, ["message_id", "properties"])]


def row(number: int) -> dict[str, Any]:
    return {
        "e": "Played", "u": f"u-{number % 7}", "d": f"d-{number % 3}", "a": f"firm-{number % 2}",
        "t": f"2026-03-0{1 + number % 3}T0{number % 10}:00:00.{number:06}Z",
        "title": f"두레 {number}", "n": number, "deep": {"list": [1, "x", number]},
    }  # fmt: skip


def checked(folder: Path) -> int:
    """The rows of an export whose every file is as the manifest says."""
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["complete"]
    for file in manifest["files"]:
        content = (folder / file["path"]).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
        assert parquet.ParquetFile(folder / file["path"]).metadata.num_rows == file["rows"]
    return int(manifest["rows"])


def test_events_of_dures_own_without_a_person_do_not_come_in_again(run_folder: Path, tmp_path: Path) -> None:
    folder, lake = run_folder / "exp-own", tmp_path / "own"
    found(folder)
    with server(folder):
        out = dure("export", "events", "--to", str(lake), "--format", "ndjson", folder=folder)
        assert out.returncode == 0, out.stderr
        rows = [json.loads(line) for path in lake.rglob("*.ndjson") for line in path.read_text().splitlines()]
        nobodys = [row for row in rows if not row["distinct_id"]]
        assert nobodys
        done = dure(
            "import", "events", str(lake), "--event", "event", "--user", "distinct_id", "--time", "time",
            "--message-id", "message_id", "--anonymous", "anonymous_id", "--properties", "properties", "--dry-run",
            "--json", folder=folder,
        )  # fmt: skip
        told = json.loads(done.stdout)
        assert (told["events"], told["bad_rows"]) == (len(rows) - len(nobodys), len(nobodys))
        assert {bad["message"] for bad in told["bad"]} == {"The event says neither who nor which device."}

        none = dure("export", "events", "--to", str(tmp_path / "none"), "--event", "Nope", folder=folder)
        assert none.returncode == 0
        assert "No event of the name 'Nope' is in the log." in none.stderr
        name = rows[0]["event"]
        early = dure("export", "events", "--to", str(tmp_path / "early"), "--event", name, "--to-date", "2001-01-01",
                     folder=folder)  # fmt: skip
        assert early.returncode == 0
        assert "No event" not in early.stderr
