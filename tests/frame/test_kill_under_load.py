"""kill -9 of the server, of PostgreSQL's main process and of one that serves it, while events pour in.

Senders behave as Segment's clients do: what was not acknowledged is sent again under the same message ids. By message
id, everything that was acknowledged is in the log once, and nothing is there twice.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import os
import random
import signal
import sys
import threading
from base64 import b64encode
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import psutil
import pytest

from tests.frame.running import Server, found, server
from tests.waiting import waited

pytestmark = pytest.mark.crash
ROUNDS = int(os.environ.get("DURE_CRASH_ROUNDS", "4"))
SENDERS, A_BATCH = 4, 20
# In one row, for an answer shows so many rows and no more.
EVENTS = """select groupArray(message_id), groupArray(n) from (
    select message_id, count() as n from events where event = 'Counted' group by message_id)"""
VICTIMS = ("server", "postgres", "backend", "both")


class Senders:
    """Threads that send numbered batches; a batch is sent again until it is acknowledged."""

    def __init__(self, key: str) -> None:
        self.acknowledged: list[str] = []
        self._numbers = itertools.count()
        self._unanswered: list[list[str]] = []
        self._headers = {"authorization": f"Basic {b64encode(f'{key}:'.encode()).decode()}"}
        self._lock = threading.Lock()

    def pour(self, url: str, until: int) -> None:
        """Sends until so many more batches are acknowledged, or the server is gone."""
        goal = len(self.acknowledged) + until * A_BATCH
        threads = [threading.Thread(target=self._send, args=(urlsplit(url).netloc, goal)) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _next(self) -> list[str]:
        with self._lock:
            if self._unanswered:
                return self._unanswered.pop()
            number = next(self._numbers)
        return [f"m-{number}-{n}" for n in range(A_BATCH)]

    def _send(self, host: str, goal: int) -> None:
        with contextlib.closing(http.client.HTTPConnection(host, timeout=30)) as connection:
            self._send_on(connection, goal)

    def _send_on(self, connection: http.client.HTTPConnection, goal: int) -> None:
        while len(self.acknowledged) < goal:
            ids = self._next()
            calls = [{"type": "track", "event": "Counted", "userId": f"u-{n}", "messageId": one}
                     for n, one in enumerate(ids)]  # fmt: skip
            try:
                connection.request("POST", "/v1/batch", msgspec.json.encode({"batch": calls}), self._headers)
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                self._unanswered.append(ids)
                return
            if answer.status == 200:
                self.acknowledged += ids
            else:
                assert answer.status == 503, answer.status
                self._unanswered.append(ids)


def kill(victim: str, running: Server) -> None:
    postmaster = psutil.Process(int((running.folder / "postgres" / "postmaster.pid").read_text().split()[0]))
    if victim == "backend":
        backends = [one for one in postmaster.children() if "postgres: postgres" in " ".join(one.cmdline())]
        with contextlib.suppress(psutil.NoSuchProcess):
            random.choice(backends or [postmaster]).kill()
    if victim in ("postgres", "both"):
        postmaster.kill()
    if victim in ("server", "both"):
        running.process.send_signal(signal.SIGKILL)
        running.process.wait()


def in_log(running: Server) -> Counter[str]:
    answer = running.client.post("/api/v1/query", json={"kind": "sql", "sql": EVENTS})
    answer.raise_for_status()
    [[messages, counts]] = answer.json()["rows"]
    return Counter(dict(zip(messages, counts, strict=True)))


def settled(running: Server) -> bool:
    text = running.client.get("/metrics").text
    lines = [line for line in text.splitlines() if line.startswith('dure_feed_behind_batches{follower="log"}')]
    return bool(lines) and all(float(line.split()[-1]) == 0 for line in lines)


def test_what_was_acknowledged_is_there_once_whatever_is_killed(
    run_folder: Path, record_property: pytest.RecordProperty
) -> None:
    chance = random.Random(7)
    folder = run_folder / "killed-again-and-again"
    senders = Senders(found(folder)["write_key"])
    for number in range(ROUNDS):
        victim = VICTIMS[number % len(VICTIMS)]
        with server(folder) as running:
            senders.pour(running.url, 1)
            pouring = threading.Thread(target=senders.pour, args=(running.url, chance.randint(20, 200)))
            pouring.start()
            enough = len(senders.acknowledged) + chance.randint(1, 150) * A_BATCH
            while pouring.is_alive() and len(senders.acknowledged) < enough:
                pouring.join(0.001)
            kill(victim, running)
            pouring.join()
            if victim not in ("server", "both"):
                senders.pour(running.url, 5)
    with server(folder) as running:
        senders.pour(running.url, SENDERS)
        waited(lambda: settled(running), "the log is behind")
        found_there = in_log(running)
    acknowledged = set(senders.acknowledged)
    lost = acknowledged - found_there.keys()
    doubled = [message for message, count in found_there.items() if count > 1]
    sys.stderr.write(
        f"\nrounds {ROUNDS}, acknowledged {len(acknowledged):,}, lost {len(lost)}, doubled {len(doubled)}\n"
    )
    record_property("acknowledged", len(acknowledged))
    assert len(acknowledged) == len(senders.acknowledged)
    assert not lost
    assert not doubled
