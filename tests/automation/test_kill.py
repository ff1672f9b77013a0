"""kill -9 of real workers, again and again, two at a time: nothing lost, inside steps exactly once, calls repeated only
with the same key.

`DURE_CRASH_ROUNDS` sets how often (4 unless told otherwise); what came of it is printed as a table.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from dure.automation.outside import AT_ONCE
from dure.feed.api import Event, append
from dure.kernel.clock import SystemClock
from dure.kernel.ids import uuid7
from dure.state import State
from tests.automation.workshop import Workshop, open_workshop

pytestmark = [pytest.mark.anyio, pytest.mark.crash]

KILLS = int(os.environ.get("DURE_CRASH_ROUNDS", "4"))
RUNS_A_LIFE = 24
ROOT = Path(__file__).resolve().parents[2]
STEPS = [
    {"id": "first", "kind": "book.write", "with": {"text": "first"}, "next": "call"},
    {"id": "call", "kind": "far.call", "next": "each"},
    {"id": "each", "kind": "each", "with": {"list": ["a", "b"], "do": "part"}, "next": "second"},
    {"id": "part", "kind": "book.write", "with": {"text": "part {{ item }}"}},
    {"id": "second", "kind": "book.write", "with": {"text": "second"}, "next": "again"},
    {"id": "again", "kind": "far.call"},
]
WRITTEN = ("first", "part a", "part b", "second")


class Mother:
    """Forks workers; `kill` ends one of them with SIGKILL."""

    def __init__(self, url: str, sink: Path) -> None:
        self._url, self._sink = url, sink
        self.workers: list[int] = []

    async def __aenter__(self) -> Mother:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.automation.worker", self._url, str(self._sink), cwd=ROOT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        while self.workers:
            self.kill(0)
        self._process.kill()
        await self._process.wait()

    async def fork(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"another\n")
        self.workers.append(int(await self._process.stdout.readline()))

    def kill(self, number: int) -> None:
        os.kill(self.workers.pop(number), signal.SIGKILL)


async def test_workers_that_are_killed_again_and_again_lose_and_double_nothing(
    state: State, fresh_database: str, tmp_path: Path
) -> None:
    workshop = await open_workshop(state)
    workshop.clock.at = SystemClock().now()
    await workshop.make(STEPS)
    sink, rng, began = tmp_path / "calls", random.Random(11), time.monotonic()
    sink.touch()
    async with Mother(fresh_database, sink) as mother:
        await mother.fork()
        for _ in range(KILLS):
            await happen_often(workshop)
            await mother.fork()
            before = len(lines(sink))
            enough = before + rng.randint(1, RUNS_A_LIFE)
            await until(lambda enough=enough: len(lines(sink)) >= enough)
            mother.kill(rng.randrange(2))
        await drained(state)
    total = KILLS * RUNS_A_LIFE
    written, calls = Counter(await workshop.book()), Counter(lines(sink))
    repeated = sum(calls.values()) - len(calls)
    async with state.begin_system() as tx:
        runs = await tx.value("select count(*) from automation.run where status = 'done'")
        steps = await tx.value("select count(*) from automation.step where status = 'done'")
    print(  # noqa: T201  (asked for: what came of two hundred kills)
        f"\nkills {KILLS}, runs {runs:,} of {total * 3:,}, steps {steps:,}, lost {total * 3 - runs},"
        f" inside steps doubled {sum(written.values()) - total * len(WRITTEN)},"
        f" calls {len(calls):,} of {2 * total:,}, repeated with their own key {repeated},"
        f" {time.monotonic() - began:.0f} s"
    )
    assert written == dict.fromkeys(WRITTEN, total)
    assert len(calls) == 2 * total, "every call was made"
    assert repeated <= KILLS * AT_ONCE, "and only those in flight at a kill a second time"
    assert runs == total * 3


async def happen_often(workshop: Workshop) -> None:
    now, tenant = SystemClock().now(), workshop.cast.tenant
    batch = [
        Event(
            org=tenant.org, workspace=tenant.workspace, event="Deal Won", time=now, received_at=now,
            message_id=str(uuid7()), source="test", object=f"D{number}",
        )
        for number in range(RUNS_A_LIFE)
    ]  # fmt: skip
    async with workshop.state.begin(tenant) as tx:
        await append(tx, *batch)


async def until(holds: Callable[[], bool]) -> None:
    """Whether the work goes on is for the end to say; a kill does not wait for it for ever."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and not holds():  # noqa: ASYNC110  (another process is at work)
        await asyncio.sleep(0.005)


async def drained(state: State) -> None:
    """Returns when nothing is left to do; a minute without any progress is a run that was lost."""
    left, since = await unfinished(state), time.monotonic()
    while left:
        await asyncio.sleep(0.1)
        now = await unfinished(state)
        if now != left:
            left, since = now, time.monotonic()
        assert time.monotonic() - since < 60, f"{left} runs do not go on: {await stuck(state)}"


async def stuck(state: State) -> list[dict[str, object]]:
    """What stands still, by where and how."""
    async with state.begin_system() as tx:
        return await tx.rows(
            """select r.node, r.status, r.error, r.due_at is not null as due, r.parent is not null as part,
                      s.status as step, s.attempts, count(*) as n
               from automation.run r left join automation.step s on s.run = r.id and s.visit = r.visit
               where r.status <> 'done' or r.due_at is not null group by 1, 2, 3, 4, 5, 6, 7 order by n desc limit 20"""
        )


async def unfinished(state: State) -> int:
    async with state.begin_system() as tx:
        open_runs: int = await tx.value(
            "select count(*) from automation.run where status <> 'done' or due_at is not null"
        )
        behind: int = await tx.value(
            "select count(*) from feed.batch b where position > coalesce("
            " (select position from feed.cursor where name = 'automation'), 0)"
        )
        return open_runs + behind


def lines(sink: Path) -> list[str]:
    return sink.read_text().split()
