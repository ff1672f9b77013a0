"""Durable runs beside plain single-row UPDATEs: what a run costs in the same database, in the same minutes.

The limit named here is a committed `update … where id = …` of one row over one connection: an engine that writes each
step down on its own could make at most that many steps a second on one connection. Measured between the parts, its
median is the yardstick.

1. runs of four steps (write, branch, HTTP call to a sink on this machine, write), a burst of 2,000
2. feed to step: from an event's acknowledgement to its inside step running, and to its outside call being made (after
   the claim is on disk), at 200 events a second for ten seconds
3. journeys: 100,000 people through split, wait, branch, end, in sets
4. waiting: what an idle engine costs while 100,000 runs wait
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from dure.automation.api import Automation
from dure.automation.outgoing import HttpOutgoing
from dure.automation.plugs import Entry, StepCall, StepKind
from dure.automation.tick import BULK
from dure.feed.api import Bell, Collector, Event, append_lines, encode
from dure.governance.api import Governance, Principal
from dure.kernel.clock import StillClock
from dure.kernel.ids import uuid7
from dure.state import State, Tx
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate

BURST = 2_000
RATE = 200
SECONDS = 10
PEOPLE = 100_000
TITLE = {"ko": "재기", "en": "Measure"}


class Nothing(msgspec.Struct, frozen=True):
    text: str = ""


async def write(tx: Tx, call: StepCall, given: Nothing) -> Nothing:
    await tx.run("insert into public.note values (%s, %s)", (call.key, given.text))
    return Nothing()


async def write_all(tx: Tx, calls: Sequence[StepCall], given: Sequence[Nothing]) -> list[Nothing]:
    await tx.run(
        "insert into public.note select * from unnest(%s::text[], %s::text[])",
        ([call.key for call in calls], [one.text for one in given]),
    )
    return [Nothing() for _ in calls]


class Marks:
    """When the steps of a run were reached, by the subject."""

    def __init__(self) -> None:
        self.inside: dict[str, float] = {}
        self.outside: dict[str, float] = {}

    async def within(self, _: Tx, call: StepCall, given: Nothing) -> Nothing:
        self.inside[call.subject] = time.perf_counter()
        return given

    async def beyond(self, call: StepCall, given: Nothing) -> Nothing:
        self.outside[call.subject] = time.perf_counter()
        return given


class Bench:
    def __init__(self, url: str, state: State, principal: Principal, automation: Automation, clock: StillClock) -> None:
        self.url, self.state, self.principal, self.automation, self.clock = url, state, principal, automation, clock
        self.updates: list[float] = []

    async def yardstick(self) -> None:
        """Committed single-row updates a second, over one connection."""
        async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
            await connection.execute("create table if not exists public.row (id int primary key, n int)")
            await connection.execute(
                "insert into public.row select i, 0 from generate_series(1, 1000) i on conflict do nothing"
            )
            started = time.perf_counter()
            for number in range(400):
                await connection.execute("update public.row set n = n + 1 where id = %s", (number % 1000 + 1,))
            self.updates.append(400 / (time.perf_counter() - started))

    @property
    def limit(self) -> float:
        return statistics.median(self.updates)

    async def happen(self, name: str, subjects: Sequence[str]) -> None:
        """Events of one name in one batch of the feed."""
        tenant, lines = self.principal.tenant, self.lines(name, subjects)
        async with self.state.begin(tenant) as tx:
            await append_lines(tx, tenant, len(lines), b"\n".join(lines))

    def lines(self, name: str, subjects: Sequence[str]) -> list[bytes]:
        now, tenant = self.clock.now(), self.principal.tenant
        return [
            encode(Event(
                org=tenant.org, workspace=tenant.workspace, event=name, time=now, received_at=now,
                message_id=str(uuid7()), source="bench", object=subject, properties={"amount": 500},
            ))
            for subject in subjects
        ]  # fmt: skip

    async def make(self, nodes: list[dict[str, object]], **doc: object) -> str:
        info = await self.automation.create(self.principal, "bench", {**doc, "nodes": nodes}, enabled=True)
        return info.id

    async def done(self, automation: str) -> int:
        async with self.state.begin_system() as tx:
            sql = "select count(*) from automation.run where automation = %s and status = 'done'"
            return int(await tx.value(sql, (automation,)))

    async def off(self, automation: str) -> None:
        await self.automation.switch(self.principal, automation, False)


async def burst(bench: Bench, sink: str) -> None:
    made = await bench.make(
        [
            {"id": "first", "kind": "bench.write", "with": {"text": "{{ run.subject }}"}, "next": "which"},
            {"id": "which", "kind": "branch", "with": {"where": [{"prop": "amount", "op": ">", "value": 100}]},
             "next": {"yes": "call", "no": "last"}},
            {"id": "call", "kind": "http.request", "with": {"url": sink, "body": {"run": "{{ run.id }}"}},
             "next": "last"},
            {"id": "last", "kind": "bench.write"},
        ],
        trigger={"event": "Burst"},
    )  # fmt: skip
    await bench.happen("Burst", [f"b-{number}" for number in range(BURST)])
    started, cpu = time.perf_counter(), time.process_time()
    async with working(bench):
        while await bench.done(made) < BURST:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    await bench.off(made)
    await bench.yardstick()
    print(f"four steps with an HTTP call    {BURST / seconds:>10,.0f} runs/s   {cpu / BURST * 1000:.2f} ms CPU a run"
          f"   {BURST * 4 / seconds / bench.limit:.1f} steps for each single-row update of the same time")  # fmt: skip


@contextlib.asynccontextmanager
async def working(bench: Bench, *more: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """The loops of a server, as long as it takes."""
    bell = Bell(bench.state)
    loops = (bell.run(), bench.automation.run_followers(bell), bench.automation.work(), *more)
    tasks = [asyncio.create_task(loop) for loop in loops]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def latency(bench: Bench, marks: Marks) -> None:
    made = await bench.make(
        [{"id": "in", "kind": "bench.within", "next": "out"}, {"id": "out", "kind": "bench.beyond"}],
        trigger={"event": "Tick"},
    )
    acknowledged: dict[str, float] = {}
    collector = Collector(bench.state, "select unnest(%(keys)s::bytea[]) as key")

    async def one(number: int) -> None:
        lines = bench.lines("Tick", [f"t-{number}"])
        await collector.collect(bench.principal.tenant, lines, [number.to_bytes(16, "big")])
        acknowledged[f"t-{number}"] = time.perf_counter()

    async with working(bench, collector.run()):
        await asyncio.sleep(1)
        begun, sending = time.perf_counter(), []
        for number in range(RATE * SECONDS):
            await asyncio.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
            sending.append(asyncio.create_task(one(number)))
        await asyncio.gather(*sending)
        async with asyncio.timeout(60):
            while len(marks.outside) < RATE * SECONDS:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    await bench.off(made)
    await bench.yardstick()
    for name, reached in (("inside step runs", marks.inside), ("outside call is made", marks.outside)):
        waits = sorted((reached[key] - at) * 1000 for key, at in acknowledged.items())
        p50, p99 = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
        print(f"feed to step, 200/s: {name:<22} p50 {p50:>6.1f} ms   p99 {p99:>6.1f} ms"
              f" {p50 * bench.limit / 1000:>7.1f} and {p99 * bench.limit / 1000:.1f} updates long")  # fmt: skip


async def journeys(bench: Bench) -> None:
    made = await bench.make(
        [
            {"id": "split", "kind": "split", "with": {"parts": {"a": 50, "b": 50}}, "next": {"a": "mark", "b": "wait"}},
            {"id": "mark", "kind": "bench.write_all", "with": {"text": "a"}, "next": "wait"},
            {"id": "wait", "kind": "wait", "with": {"for": "1d"}, "next": "which"},
            {"id": "which", "kind": "branch", "next": {"yes": "end", "no": "end"},
             "with": {"where": [{"prop": "run.subject", "op": "contains", "value": "7"}]}},
            {"id": "end", "kind": "end"},
        ],
        trigger={}, lane="bulk",
    )  # fmt: skip
    tenant, started = bench.principal.tenant, time.perf_counter()
    for at in range(0, PEOPLE, 5_000):
        entries = [Entry(f"u-{number}", f"seg:1:u-{number}") for number in range(at, at + 5_000)]
        async with bench.state.begin(tenant) as tx:
            await bench.automation.enrol_in(tx, bench.principal, made, entries)
    enrolled = time.perf_counter() - started
    started = time.perf_counter()
    longest = await beat_all(bench)
    parked = time.perf_counter() - started
    await idle(bench)
    bench.clock.advance(timedelta(days=1))
    started = time.perf_counter()
    longest = max(longest, await beat_all(bench))
    seconds = parked + time.perf_counter() - started
    async with bench.state.begin_system() as tx:
        hops = await tx.value("select count(*) from automation.step where automation = %s", (made,))
        done = await tx.value("select count(*) from automation.run where automation = %s and status = 'done'", (made,))
    assert done == PEOPLE
    await bench.yardstick()
    print(f"enrolling 100,000 people        {PEOPLE / enrolled:>10,.0f} runs/s   "
          f"{PEOPLE / enrolled / bench.limit:.0f} for each single-row update")  # fmt: skip
    print(f"journeys of 100,000 people      {hops / seconds:>10,.0f} hops/s   with the history of each,"
          f" {hops / seconds / bench.limit:.0f} for each update, longest beat {longest * 1000:.0f} ms")  # fmt: skip


async def beat_all(bench: Bench) -> float:
    """Moves the bulk lane until nothing is due; the longest beat in seconds."""
    longest = 0.0
    while True:
        started = time.perf_counter()
        if not await bench.automation.engine.beat(BULK):
            return longest
        longest = max(longest, time.perf_counter() - started)


async def idle(bench: Bench) -> None:
    times = []
    for _ in range(100):
        started = time.perf_counter()
        await bench.automation.engine.due(BULK)
        times.append(time.perf_counter() - started)
    print(f"idle while 100,000 runs wait    {statistics.median(times) * 1000:>10.2f} ms a look, one statement")


@contextlib.asynccontextmanager
async def sink() -> AsyncIterator[str]:
    """Answers every request with 200."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length:" in head else 0
                await reader.readexactly(length)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}")
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    server.close()


async def measure(url: str) -> None:
    state, clock, marks = State(url, connections=12), StillClock(datetime.now(UTC)), Marks()
    await state.open()
    await migrate(state)
    async with state.begin_system() as tx:
        await tx.run("create table public.note (key text, text text)")
    governance = Governance(state, clock)
    made = await governance.found("Bench", "bench", "bench@example.com")
    principal = await governance.principal(made.user_token)
    steps = [
        StepKind("bench.write", TITLE, Nothing, Nothing, write, run_many=write_all),
        StepKind("bench.write_all", TITLE, Nothing, Nothing, write, run_many=write_all),
        StepKind("bench.within", TITLE, Nothing, Nothing, marks.within),
        StepKind("bench.beyond", TITLE, Nothing, Nothing, marks.beyond, outside=True),
    ]
    outgoing = HttpOutgoing(["127.0.0.0/8"])
    automation = Automation(state, clock, governance, steps=steps, outgoing=outgoing, rng=random.Random(1))
    bench = Bench(url, state, principal, automation, clock)
    await bench.yardstick()
    async with sink() as address:
        await burst(bench, address)
    await latency(bench, marks)
    await journeys(bench)
    print(f"single-row updates (limit)      {bench.limit:>10,.0f} a second, committed, one connection"
          f" ({', '.join(f'{one:,.0f}' for one in bench.updates)})")  # fmt: skip
    await outgoing.close()
    await state.close()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "pg")
        url = server.start()
        try:
            asyncio.run(measure(url))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
