"""A full disk and a killed database: said clearly, nothing acknowledged is lost, and all goes on when it can."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.frame.running import Server, found, server
from tests.waiting import waited

# In one row, for an answer shows so many rows and no more.
EVENTS = "select groupArray(message_id) from events where event = 'Listen Started'"


@pytest.fixture
def small_disk(run_folder: Path) -> Iterator[Path]:
    """A disk of 400 MB; needs the right to mount one."""
    place = run_folder / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
    place.chmod(0o755)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def send(client: httpx.Client, key: str, number: int, size: int = 1) -> httpx.Response:
    batch = [{"type": "track", "event": "Listen Started", "userId": f"u-{n}", "messageId": f"m-{number}-{n}",
              "properties": {"noise": os.urandom(400).hex()}} for n in range(size)]  # fmt: skip
    return client.post("/v1/batch", json={"batch": batch}, auth=(key, ""))


def until_stored(running: Server, key: str, number: int) -> None:
    """Sends one event again and again, as clients do, until it is acknowledged."""
    waited(lambda: send(running.client, key, number).status_code == 200, "the server did not recover")


def in_log(running: Server) -> list[str]:
    answer = running.client.post("/api/v1/query", json={"kind": "sql", "sql": EVENTS})
    answer.raise_for_status()
    [[messages]] = answer.json()["rows"]
    return sorted(messages)


def until_in_log(running: Server, wanted: list[str]) -> None:
    """Asks again and again, for five minutes at most; a 503 is the word for later."""
    ends = time.monotonic() + 300
    while time.monotonic() < ends:
        try:
            if in_log(running) == wanted:
                return
        except httpx.HTTPStatusError as error:
            if error.response.status_code != 503:
                raise
    assert in_log(running) == wanted


def test_a_full_disk_is_said_and_what_was_acknowledged_is_there_afterwards(small_disk: Path) -> None:
    folder = small_disk / "house"
    key = found(folder)["write_key"]
    with server(folder) as running:
        assert send(running.client, key, 0).status_code == 200
        filler = small_disk / "filler"
        with filler.open("wb") as file:
            file.write(b"\0" * (shutil.disk_usage(small_disk).free - (12 << 20)))
        acknowledged, refused = [0], None
        for number in range(1, 4000):
            answer = send(running.client, key, number, size=20)
            if answer.status_code != 200:
                refused = answer
                break
            acknowledged.append(number)
        assert refused is not None
        assert refused.status_code == 503
        assert refused.headers["retry-after"]
        filler.unlink()
        until_stored(running, key, 1000)
        wanted = ["m-0-0", "m-1000-0", *(f"m-{number}-{n}" for number in acknowledged[1:] for n in range(20))]
        until_in_log(running, sorted(wanted))


def test_a_killed_database_comes_back_and_the_events_with_it(run_folder: Path) -> None:
    folder = run_folder / "killed-database"
    key = found(folder)["write_key"]
    with server(folder) as running:
        assert send(running.client, key, 0).status_code == 200
        os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        until_stored(running, key, 1)
        until_in_log(running, ["m-0-0", "m-1-0"])
