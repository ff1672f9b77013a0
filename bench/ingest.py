"""Events acknowledged over HTTP, beside the same events given straight to PostgreSQL and straight to ClickHouse.

Four measures, in one run on one machine:

- **Rate**: `/v1/batch`, 100 events a request, 16 connections, from a load generator in a process of its own. The peers
  get the same events in turn with Dure: `COPY` into a table with the log's columns over as many connections, (a) with a
  commit for every request's 100 events and once more with commits as large as Dure's own; (b) ClickHouse by its client,
  100 and 10,000 events an insert. They do none of the rest: no HTTP, JSON, checks, duplicates, people, automations.
- **Work**: CPU seconds per million events, until every follower has read them and the log holds them: the server's
  process (with ClickHouse in it) and all of PostgreSQL's.
- **One call**: `/v1/track` at 2,000 a second whatever the server does (times count from when a call was due).
- **Memory**, with `--memory MILLIONS`: the server's resident memory as millions of events pass.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg
import uvloop

EVENTS, A_REQUEST, CONNECTIONS, ROUNDS = 200_000, 100, 16, 3
CALLS_A_SECOND, SECONDS = 2_000, 10
SERVE = "from dure.commands import cli; cli()"
COLUMNS = """org text, workspace text, event text, "time" timestamptz, person uuid, distinct_id text, account text,
object_type text, object text, source text, message_id text, actor text, run text, properties text,
received_at timestamptz"""


@dataclass
class Dure:
    """A server of this bench's own."""

    url: str
    key: str
    pid: int
    postmaster: int
    postgres: str


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--memory", type=int, default=0, metavar="MILLIONS", help="watch memory over so many events")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with serving(folder / "d") as dure:
            elsewhere(send, dure.url, dure.key, "warm", 20_000)
            settle(dure)
            if asked.memory:
                memory(dure, asked.memory)
                return
            rates(dure, folder)
            calls(dure)


@contextmanager
def serving(folder: Path) -> Iterator[Dure]:
    made = json.loads(command("init", "--org", "B", "--workspace", "b", "--email", "b@example.com", "--json",
                              folder=folder))  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--data", str(folder), "--port", "0", "--log-level", "error"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    url = process.stdout.readline().split()[-1]
    try:
        postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        yield Dure(url, made["write_key"], process.pid, postmaster,
                   f"postgresql://postgres@/postgres?host={folder / 'postgres'}")  # fmt: skip
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def rates(dure: Dure, folder: Path) -> None:
    with psycopg.connect(dure.postgres, autocommit=True) as connection:
        connection.execute(f"create table if not exists public.bench_events ({COLUMNS})")
    found: dict[str, list[float]] = {}
    work = []
    for number in range(ROUNDS):
        before = used(dure.pid), used(dure.postmaster)
        seconds = elsewhere(send, dure.url, dure.key, f"r{number}", EVENTS)
        settle(dure)
        work.append((used(dure.pid) - before[0], used(dure.postmaster) - before[1]))
        group = max(A_REQUEST, newest_group(dure))
        for title, took in (
            ("Dure, acknowledged over HTTP", seconds),
            ("(a) PostgreSQL: COPY, 100 a commit", elsewhere(copy, dure.postgres, A_REQUEST, EVENTS)),
            ("    PostgreSQL: COPY, commits as large as Dure's", elsewhere(copy, dure.postgres, group, EVENTS)),
            ("(b) ClickHouse: 100 an insert", elsewhere(insert, str(folder / f"c{number}a"), 100, EVENTS // 20) * 20),
            ("    ClickHouse: 10,000 an insert", elsewhere(insert, str(folder / f"c{number}b"), 10_000, EVENTS)),
        ):
            found.setdefault(title, []).append(EVENTS / took)
    print(f"{EVENTS:,} events, {A_REQUEST} a request, {CONNECTIONS} connections, median of {ROUNDS} rounds\n")
    print(f"{'':<52}{'events/s':>12}{'Dure / this':>14}")
    own = statistics.median(found["Dure, acknowledged over HTTP"])
    for title, each in found.items():
        print(f"{title:<52}{statistics.median(each):>12,.0f}{own / statistics.median(each):>14.2f}")
    scale = 1_000_000 / EVENTS
    server, postgres = (statistics.median(one) * scale for one in zip(*work, strict=True))
    print("\nCPU seconds per million events, log and followers included:"
          f" server {server:.1f}, PostgreSQL {postgres:.1f}, together {server + postgres:.1f}")  # fmt: skip


def calls(dure: Dure) -> None:
    times = sorted(elsewhere(single, dure.url, dure.key))
    print(f"\n/v1/track at {CALLS_A_SECOND:,} a second for {SECONDS} s: p50 {times[len(times) // 2] * 1000:.1f} ms,"
          f" p99 {times[int(len(times) * 0.99)] * 1000:.1f} ms, slowest {times[-1] * 1000:.0f} ms")  # fmt: skip


def memory(dure: Dure, millions: int) -> None:
    print(f"{'million events':>16}{'resident MB':>14}{'events/s':>12}")
    for number in range(millions):
        seconds = sum(elsewhere(send, dure.url, dure.key, f"n{number}-{part}", 200_000) for part in range(5))
        settle(dure)
        print(f"{number + 1:>16}{psutil.Process(dure.pid).memory_info().rss >> 20:>14,}{1_000_000 / seconds:>12,.0f}",
              flush=True)  # fmt: skip


def settle(dure: Dure) -> None:
    """Returns once every follower has read everything."""
    while True:
        with urllib.request.urlopen(f"{dure.url}/metrics") as answer:
            lines = answer.read().decode().splitlines()
        if all(float(line.split()[-1]) == 0 for line in lines if line.startswith("dure_feed_behind_batches{")):
            return
        time.sleep(0.1)


def newest_group(dure: Dure) -> int:
    with psycopg.connect(dure.postgres) as connection:
        row = connection.execute(
            "select avg(count) from (select count from feed.batch where lane = 1 order by position desc limit 50) b"
        ).fetchone()
    assert row is not None
    return round(float(row[0]))


# -- what runs in processes of its own ---------------------------------------------------------------------------------


def send(url: str, key: str, name: str, count: int) -> float:
    """Seconds until all are acknowledged, the requests being made beforehand."""
    requests = [
        request(url, key, "/v1/batch", {"batch": [call(f"{name}-{start + n}") for n in range(A_REQUEST)]})
        for start in range(0, count, A_REQUEST)
    ]
    return uvloop.run(post(url, requests))


def single(url: str, key: str) -> list[float]:
    """Seconds of each of many calls, each from the moment at which it was due."""
    requests = [request(url, key, "/v1/track", call(f"single-{n}")) for n in range(CALLS_A_SECOND * SECONDS)]
    return uvloop.run(keep_pace(url, requests))


class Line(asyncio.Protocol):
    """A connection that hands out answers; `free` is called with the line whenever one came."""

    def __init__(self, free: Callable[[Line], None]) -> None:
        self._free = free
        self._answer = b""
        self.due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self._free(self)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head = self._answer.find(b"\r\n\r\n")
        if head < 0:
            return
        assert self._answer.startswith(b"HTTP/1.1 200"), self._answer
        length = int(self._answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(self._answer) >= head + 4 + length:
            self._answer = b""
            self._free(self)


async def post(url: str, requests: Sequence[bytes]) -> float:
    """As fast as answers come."""
    waiting, left = deque(requests), len(requests) + CONNECTIONS
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def free(line: Line) -> None:
        nonlocal left
        left -= 1
        if waiting:
            line.transport.write(waiting.popleft())
        if not left:
            done.set()

    started = time.perf_counter()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: Line(free), urlsplit(url).hostname, urlsplit(url).port)
    await done.wait()
    return time.perf_counter() - started


async def keep_pace(url: str, requests: Sequence[bytes]) -> list[float]:
    """One after the other at the moments they are due, however long the answers take."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    idle: deque[Line] = deque()
    late: deque[tuple[float, bytes]] = deque()
    times: list[float] = []

    def go(line: Line, due: float, data: bytes) -> None:
        line.due = due
        line.transport.write(data)

    def free(line: Line) -> None:
        if line.due:
            times.append(loop.time() - line.due)
            line.due = 0.0
        if late:
            go(line, *late.popleft())
        else:
            idle.append(line)
        if len(times) == len(requests):
            done.set()

    for _ in range(64):
        await loop.create_connection(lambda: Line(free), urlsplit(url).hostname, urlsplit(url).port)
    began = loop.time() + 0.1
    for number, data in enumerate(requests):
        due = began + number / CALLS_A_SECOND
        if (ahead := due - loop.time()) > 0.001:
            await asyncio.sleep(ahead)
        if idle:
            go(idle.popleft(), due, data)
        else:
            late.append((due, data))
    await done.wait()
    return times


def request(url: str, key: str, path: str, body: dict[str, Any]) -> bytes:
    data = json.dumps(body).encode()
    basic = base64.b64encode(f"{key}:".encode()).decode()
    return (f"POST {path} HTTP/1.1\r\nhost: {urlsplit(url).netloc}\r\nauthorization: Basic {basic}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n").encode() + data  # fmt: skip


def call(message: str) -> dict[str, Any]:
    """What a phone sends."""
    number = hash(message) % 20_000
    return {
        "type": "track", "userId": f"u-{number}", "event": "Listen Ended", "messageId": message,
        "timestamp": "2026-11-01T05:00:00.123Z", "context": {"library": {"name": "analytics-swift", "version": "1.5"}},
        "properties": {"broadcast_id": f"b-{number % 900}", "creator_id": f"c-{number % 300}", "genre": "music",
                       "seconds": number},
    }  # fmt: skip


def copy(postgres: str, a_commit: int, count: int) -> float:
    """Seconds until the same events are in a table, by COPY on as many connections."""
    rows = []
    for n in range(count):
        one = call(f"copy-{n}")
        rows.append("\t".join(("E0", "T0", one["event"], one["timestamp"], "d7e5a9c4-6f0b-5c1e-9a63-2f1be54d0c77",
                               one["userId"], "", "", "", "app", one["messageId"], "", "",
                               json.dumps(one["properties"]), one["timestamp"])))  # fmt: skip
    commits = [("\n".join(rows[start : start + a_commit]) + "\n").encode() for start in range(0, count, a_commit)]
    return asyncio.run(copied(postgres, commits))


async def copied(postgres: str, commits: list[bytes]) -> float:
    connections = [await psycopg.AsyncConnection.connect(postgres) for _ in range(CONNECTIONS)]

    async def work(connection: psycopg.AsyncConnection[Any]) -> None:
        while commits:
            data = commits.pop()
            async with connection.cursor().copy("copy public.bench_events from stdin") as into:
                await into.write(data)
            await connection.commit()

    started = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in connections))
    seconds = time.perf_counter() - started
    for connection in connections:
        await connection.close()
    return seconds


def insert(folder: str, an_insert: int, count: int) -> float:
    """Seconds until the same events are in ClickHouse's log table, by its client, one insert after the other."""
    from dure.log.api import Log

    log = Log(f"chdb://{folder}")
    log.open()
    blocks = []
    for start in range(0, count, an_insert):
        lines = []
        for n in range(start, start + an_insert):
            one = call(f"insert-{n}")
            lines.append(json.dumps({
                "org": "E0", "workspace": "T0", "event": one["event"], "time": one["timestamp"],
                "received_at": one["timestamp"], "message_id": one["messageId"], "source": "app",
                "person": "d7e5a9c4-6f0b-5c1e-9a63-2f1be54d0c77", "distinct_id": one["userId"],
                "properties": one["properties"],
            }))  # fmt: skip
        blocks.append("\n".join(lines).encode())
    started = time.perf_counter()
    for number, block in enumerate(blocks):
        log.insert_now(f"bench-{number}", block)
    seconds = time.perf_counter() - started
    log.close()
    return seconds


def elsewhere(what: Callable[..., Any], *arguments: Any) -> Any:
    """The answer of a function that runs in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(what, arguments)


def used(pid: int) -> float:
    """CPU seconds of a process and its children, living and ended."""
    process = psutil.Process(pid)
    total = sum(process.cpu_times()[:4])
    for child in process.children(recursive=True):
        try:
            total += sum(child.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total


def command(*arguments: str, folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", SERVE, *arguments, "--data", str(folder)], check=True, capture_output=True, text=True
    ).stdout


if __name__ == "__main__":
    main()
