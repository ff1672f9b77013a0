"""kill -9 of a real worker, again and again: nothing lost, inside steps exactly once, only calls in flight repeated.

`DURE_CRASH_ROUNDS` sets how often (3 unless told otherwise).
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from dure.automation.outside import AT_ONCE
from dure.kernel.clock import SystemClock
from dure.kernel.ids import uuid7
from dure.state import State
from tests.automation.workshop import Workshop, open_workshop

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

KILLS = int(os.environ.get("DURE_CRASH_ROUNDS", "3"))
RUNS_A_LIFE = 120
ROOT = Path(__file__).resolve().parents[2]
STEPS = [
    {"id": "first", "kind": "book.write", "with": {"text": "first"}, "next": "call"},
    {"id": "call", "kind": "far.call", "next": "second"},
    {"id": "second", "kind": "book.write", "with": {"text": "second"}, "next": "again"},
    {"id": "again", "kind": "far.call"},
]


async def test_a_worker_that_is_killed_again_and_again_loses_and_doubles_nothing(
    state: State, fresh_database: str, tmp_path: Path
) -> None:
    workshop = await open_workshop(state)
    workshop.clock.at = SystemClock().now()
    await workshop.make(STEPS)
    sink, rng = tmp_path / "calls", random.Random(11)
    sink.touch()
    for life in range(KILLS):
        before = len(lines(sink))
        await happen_often(workshop, life)
        worker = await start(fresh_database, sink)
        await until(lambda before=before, enough=rng.randint(1, 2 * RUNS_A_LIFE): len(lines(sink)) - before >= enough)
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
    worker = await start(fresh_database, sink)
    async with asyncio.timeout(60):
        while await unfinished(state):  # noqa: ASYNC110  (another process is at work)
            await asyncio.sleep(0.05)
    worker.send_signal(signal.SIGKILL)
    await worker.wait()
    total = KILLS * RUNS_A_LIFE
    assert Counter(await workshop.book()) == {"first": total, "second": total}
    calls = Counter(lines(sink))
    assert len(calls) == 2 * total, "every call was made"
    assert sum(calls.values()) - len(calls) <= KILLS * AT_ONCE, "and only those in flight at a kill a second time"


async def happen_often(workshop: Workshop, life: int) -> None:
    for number in range(RUNS_A_LIFE):
        await workshop.happen(object=f"D{life}-{number}", id=str(uuid7()))


async def start(url: str, sink: Path) -> asyncio.subprocess.Process:
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.automation.worker", url, str(sink), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"working\n"
    return worker


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110  (another process is at work)
            await asyncio.sleep(0.005)


async def unfinished(state: State) -> int:
    async with state.begin_system() as tx:
        open_runs: int = await tx.value("select count(*) from automation.run where status <> 'done'")
        behind: int = await tx.value(
            "select count(*) from feed.batch b where position > coalesce("
            " (select position from feed.cursor where name = 'automation'), 0)"
        )
        return open_runs + behind


def lines(sink: Path) -> list[str]:
    return sink.read_text().split()
