"""The server is killed again and again while it writes to a folder: no event is missing there and none is doubled."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from tests.frame.running import Server, found, server
from tests.waiting import waited

pytestmark = pytest.mark.crash

ROUNDS = int(os.environ.get("DURE_CRASH_ROUNDS", "2"))


def test_killed_at_any_moment_every_event_lies_in_the_folder_once(run_folder: Path) -> None:
    folder, sent = run_folder / "exp-kill", 0
    made = found(folder)
    chance = random.Random(7)
    target: dict[str, Any] = {}
    for _ in range(ROUNDS):
        with server(folder) as running:
            if not target:
                target = running.client.post(
                    "/api/v1/exports",
                    json={"name": "lake", "kind": "folder", "path": "lake", "max_events": 300, "max_seconds": 1},
                ).json()
            objects = len(files(folder, made))
            for number in range(40):
                batch = [
                    {"type": "track", "event": "Played", "userId": f"u-{number}", "messageId": f"m-{sent + place}"}
                    for place in range(100)
                ]
                answer = running.client.post("/v1/batch", json={"batch": batch}, auth=(made["write_key"], ""))
                assert answer.status_code == 200
                sent += 100
            waited(lambda: len(files(folder, made)) > objects + chance.randrange(4))  # noqa: B023
            running.end(signal.SIGKILL)
    with server(folder) as running:
        waited(lambda: status(running)["waiting"]["events"] == 0)
        ids = [row["message_id"] for row in rows(folder, made) if row["event"] == "Played"]
        assert len(ids) == len(set(ids)) == sent
        assert status(running)["events"] == sum(1 for _ in rows(folder, made))
        assert status(running)["error"] == ""


def status(running: Server) -> dict[str, Any]:
    [target] = running.client.get("/api/v1/exports").json()["targets"]
    found: dict[str, Any] = target
    return found


def files(folder: Path, made: dict[str, str]) -> list[Path]:
    return sorted((folder / "exports" / made["workspace_id"] / "lake").glob("day=*/*.parquet"))


def rows(folder: Path, made: dict[str, str]) -> Iterator[dict[str, Any]]:
    for path in files(folder, made):
        yield from parquet.ParquetFile(path).read().to_pylist()
