"""An erasure that is ended with SIGKILL at any of its stages is whole after the next start, before a door opens."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.frame.running import found, server
from tests.frame.test_backup import EMAIL, USER, identified, listened, said_anywhere, send
from tests.waiting import waited

pytestmark = pytest.mark.crash

ROUNDS = int(os.environ.get("DURE_CRASH_ROUNDS", "3"))


def test_a_killed_erasure_is_finished_by_the_next_start(run_folder: Path) -> None:
    folder = run_folder / "killed"
    key = found(folder)["write_key"]
    asked: list[str] = []
    for number in range(ROUNDS):
        with server(folder) as running:
            client = running.client
            if asked:
                # What the last round broke off was finished before this server answered.
                assert client.get(f"/api/v1/erasures/{asked[-1]}").json()["state"] == "done"
                assert said_anywhere(folder) == set()
            send(running, key, identified(USER, EMAIL), listened(USER, number), listened("jin", number))
            waited(partial(is_known, client))
            asked.append(client.post(f"/api/v1/people/{USER}/erasure", json={}).json()["id"])
            seen: set[str] = set()
            # Every round gets a stage further.
            while len(seen) <= number % 12:
                shown = client.get(f"/api/v1/erasures/{asked[-1]}").json()
                seen.add(shown["stage"])
                if shown["over"]:
                    break
            running.end(signal.SIGKILL)
    with server(folder) as running:
        assert said_anywhere(folder) == set()
        states = [running.client.get(f"/api/v1/erasures/{one}").json()["state"] for one in asked]
        assert states == ["done"] * ROUNDS
        waited(lambda: events_of_jin(running.client) == ROUNDS)


def is_known(client: httpx.Client) -> bool:
    return client.get(f"/api/v1/people/{USER}").is_success


def events_of_jin(client: httpx.Client) -> int:
    return len(client.get("/api/v1/people/jin/timeline").json()["events"])
