"""Events acknowledged per second over HTTP, beside the same bytes copied straight into PostgreSQL.

The peer is `COPY` into a table with the log's columns, by the same number of connections, into the same PostgreSQL,
in turn with Dure: once with a commit for every request's 100 events, once with commits as large as Dure's own group
commits came out. It does none of the rest (HTTP, JSON, checks, duplicates, the log behind), so the ratio says what
that costs. CPU seconds are of Dure's process with its followers still working, and of all PostgreSQL processes.
"""

from __future__ import annotations

import asyncio
import base64
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg

EVENTS, A_REQUEST, CONNECTIONS, ROUNDS, SINGLES = 100_000, 100, 16, 3, 500
SERVE = "from dure.commands import cli; cli()"
COLUMNS = """org text, workspace text, event text, "time" timestamptz, person uuid, distinct_id text, account text,
object_type text, object text, source text, message_id text, actor text, run text, properties text,
received_at timestamptz"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        made = json.loads(dure("init", "--org", "B", "--workspace", "b", "--email", "b@example.com", "--json",
                               folder=folder / "d"))  # fmt: skip
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "serve", "--data", str(folder / "d"), "--port", "0", "--log-level", "error"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        try:
            measure(url, made["write_key"], process.pid, folder / "d")
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


def measure(url: str, key: str, server: int, folder: Path) -> None:
    postmaster = psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))
    postgres = f"postgresql://postgres@/postgres?host={folder / 'postgres'}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"create table if not exists public.bench_events ({COLUMNS})")
    elsewhere(send, url, key, "warm", 5_000)
    dure_rates, copy_rates, large_rates, cpu = [], [], [], []
    for number in range(ROUNDS):
        before = used(server), used(postmaster.pid)
        seconds = elsewhere(send, url, key, f"r{number}", EVENTS)
        dure_rates.append(EVENTS / seconds)
        cpu.append((used(server) - before[0], used(postmaster.pid) - before[1]))
        with psycopg.connect(postgres) as connection:
            row = connection.execute(
                "select avg(count) from (select count from feed.batch where lane = 1 order by position desc limit 50) b"
            ).fetchone()
        assert row is not None
        group = max(A_REQUEST, round(float(row[0])))
        copy_rates.append(EVENTS / elsewhere(copy, postgres, A_REQUEST, EVENTS))
        large_rates.append(EVENTS / elsewhere(copy, postgres, group, EVENTS))
    print(f"{EVENTS:,} events, {A_REQUEST} a request, {CONNECTIONS} connections, median of {ROUNDS} rounds\n")
    print(f"{'':<46}{'events/s':>12}{'Dure / this':>14}")
    own = statistics.median(dure_rates)
    for title, rates in (
        ("Dure, acknowledged over HTTP", dure_rates),
        (f"COPY, {A_REQUEST} a commit", copy_rates),
        (f"COPY, {group:,} a commit (as Dure's)", large_rates),
    ):
        print(f"{title:<46}{statistics.median(rates):>12,.0f}{own / statistics.median(rates):>14.2f}")
    scale = 1_000_000 / EVENTS
    print("\nCPU seconds per million events: server "
          f"{statistics.median(one for one, _ in cpu) * scale:.1f}, PostgreSQL "
          f"{statistics.median(other for _, other in cpu) * scale:.1f}")  # fmt: skip
    times = sorted(elsewhere(single, url, key))
    print(
        f"one track call: p50 {times[len(times) // 2] * 1000:.1f} ms, p99 {times[int(len(times) * 0.99)] * 1000:.1f} ms"
    )


def send(url: str, key: str, name: str, count: int) -> float:
    """Seconds until all are acknowledged, the requests being made beforehand."""
    requests = [
        request(url, key, "/v1/batch", {"batch": [call(f"{name}-{start + n}") for n in range(A_REQUEST)]})
        for start in range(0, count, A_REQUEST)
    ]
    return asyncio.run(post(url, requests, CONNECTIONS))[0]


def single(url: str, key: str) -> list[float]:
    """Seconds of each of many calls, one after the other."""
    requests = [request(url, key, "/v1/track", call(f"single-{n}")) for n in range(SINGLES)]
    return asyncio.run(post(url, requests, 1))[1]


async def post(url: str, requests: Sequence[bytes], connections: int) -> tuple[float, list[float]]:
    host, port = urlsplit(url).hostname, urlsplit(url).port
    queue, times = list(reversed(requests)), []

    async def work() -> None:
        reader, writer = await asyncio.open_connection(host, port)
        while queue:
            started = time.perf_counter()
            writer.write(queue.pop())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            times.append(time.perf_counter() - started)
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    return time.perf_counter() - started, times


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


def dure(*arguments: str, folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", SERVE, *arguments, "--data", str(folder)], check=True, capture_output=True, text=True
    ).stdout


if __name__ == "__main__":
    main()
