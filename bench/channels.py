"""Messages said, heard and found again, beside Synapse (a Matrix server) on the same machine.

- **Accepted**: messages a second over HTTP, 16 connections, in one channel and over a hundred; the two servers in
  turn. CPU of the server and of its PostgreSQL for each message, everything that follows it included.
- **Heard**: with a thousand sockets open (Synapse: a thousand people's long polls, its clients' way), ten in each of a
  hundred channels, and ten thousand messages a minute: from sending a message to its arrival at each listener.
  CPU and memory of a socket that hears nothing.
- **Found**: a channel's history and searches at a million messages. Synapse cannot be filled so far in a sitting.

Both keep every message on disk before they say so. Each server has a PostgreSQL of its own, embedded, with the same
settings. The load is raw HTTP and WebSocket from processes of its own.

    python bench/channels.py [--synapse PYTHON] [--only accepted,heard,found] [--messages 1000000]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil
import uvloop
import websockets
from by_hand import channels_search, synapse
from by_hand.wire import Line, as_fast_as_answered, at_a_pace, request

from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate
from ingest import Dure, command, elsewhere, settle, used
from ingest import serving as serving_events

ROUNDS, A_ROUND, CONNECTIONS = 3, 3_000, 16
CHANNELS, LISTENERS, A_MINUTE, SECONDS = 100, 1_000, 10_000, 20
WORDS = "한빛커피 4분기 브랜딩 제안서를 공유합니다. Please have a look before Friday."


@dataclass
class Server:
    """A server with rooms, as the load sees it. `made` builds the request that says something."""

    name: str
    url: str
    pid: int
    postmaster: int
    token: str
    rooms: list[str]
    listeners: list[str]
    own: Dure | None = None  # where it is ours

    def made(self, number: int, key: str, rooms: int, text: str = WORDS) -> bytes:
        room = self.rooms[number % rooms]
        if self.own:
            body = {"channel": room, "text": text, "client_msg_id": f"{key}-{number}"}
            return request("POST", self.url, "/slack/api/chat.postMessage", self.token, body)
        path = f"/_matrix/client/v3/rooms/{room}/send/m.room.message/{key}-{number}"
        return request("PUT", self.url, path, self.token, {"msgtype": "m.text", "body": text})

    def settled(self) -> None:
        """Waits until all that follows a message has followed; what Synapse does later is not waited for."""
        if self.own:
            settle(self.own)

    @property
    def cpu(self) -> tuple[float, float]:
        return used(self.pid), used(self.postmaster)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--synapse", metavar="PYTHON", help="of an environment with matrix-synapse and psycopg2")
    options.add_argument("--only", default="accepted,heard,found")
    options.add_argument("--messages", type=int, default=1_000_000)
    asked = options.parse_args()
    wanted = set(asked.only.split(","))
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        if wanted & {"accepted", "heard"}:
            with dure(folder / "d") as own:
                if asked.synapse is None:
                    print("Without Synapse: name the Python of an environment that has it with --synapse.\n")
                    measure([own], wanted)
                else:
                    with matrix(asked.synapse, folder / "s", people="heard" in wanted) as peer:
                        measure([own, peer], wanted)
    if "found" in wanted:
        found(asked.messages)


def measure(servers: Sequence[Server], wanted: set[str]) -> None:
    if "accepted" in wanted:
        for rooms in (1, CHANNELS):
            accepted(servers, rooms)
    if "heard" in wanted:
        heard(servers)


# -- messages accepted -------------------------------------------------------------------------------------------------


def accepted(servers: Sequence[Server], rooms: int) -> None:
    rates: dict[str, list[float]] = {}
    costs: dict[str, list[tuple[float, float]]] = {}
    for number in range(-1, ROUNDS):
        for server in servers:
            count = A_ROUND if server.own else A_ROUND // 8
            before = server.cpu
            seconds = elsewhere(say, server.url, [server.made(n, f"a{rooms}-{number}", rooms) for n in range(count)])
            server.settled()
            after = server.cpu
            if number >= 0:  # the first round warms both
                rates.setdefault(server.name, []).append(count / seconds)
                spent = tuple((b - a) / count * 1000 for a, b in zip(before, after, strict=True))
                costs.setdefault(server.name, []).append((spent[0], spent[1]))
    print(f"messages accepted, {rooms} channel{'s' if rooms > 1 else ''}, {CONNECTIONS} connections,"
          f" median of {ROUNDS} rounds")  # fmt: skip
    print(f"{'':<12}{'messages/s':>12}{'CPU ms: server':>16}{'PostgreSQL':>12}{'together':>10}")
    for name, each in rates.items():
        own, database = (statistics.median(column) for column in zip(*costs[name], strict=True))
        print(f"{name:<12}{statistics.median(each):>12,.0f}{own:>16.2f}{database:>12.2f}{own + database:>10.2f}")
    if len(rates) == 2:
        ours, theirs = (statistics.median(each) for each in rates.values())
        print(f"Dure / Synapse: {ours / theirs:.1f}")
    print(flush=True)


def say(url: str, requests: Sequence[bytes]) -> float:
    return uvloop.run(as_fast_as_answered(url, requests, CONNECTIONS))


# -- messages heard ----------------------------------------------------------------------------------------------------


def heard(servers: Sequence[Server]) -> None:
    count = A_MINUTE * SECONDS // 60
    print(f"{LISTENERS:,} listeners, {LISTENERS // CHANNELS} in each of {CHANNELS} channels;"
          f" {A_MINUTE:,} messages a minute for {SECONDS} s")  # fmt: skip
    print(f"{'':<12}{'answered':>10}{'heard':>10}{'of':>10}{'p50 ms':>10}{'p99 ms':>10}{'CPU ms a message':>18}"
          f"{'idle: CPU µs/s a socket':>25}{'kB a socket':>13}")  # fmt: skip
    for server in servers:
        context = multiprocessing.get_context("spawn")
        ready, over = context.Event(), context.Event()
        resident = memory(server)
        got = context.Queue()
        listening = context.Process(target=hear, args=(server, ready, over, got))
        listening.start()
        if not ready.wait(600):
            raise RuntimeError("The listeners could not connect.")
        time.sleep(2)
        per_socket = (memory(server) - resident) / LISTENERS / 1024
        idle = sum(server.cpu)
        time.sleep(10)
        idle = (sum(server.cpu) - idle) / 10 / LISTENERS * 1_000_000
        before = sum(server.cpu)
        answered = elsewhere(keep_saying, server, count)
        time.sleep(1)
        over.set()
        times = sorted(got.get())
        listening.join()
        spent = (sum(server.cpu) - before) / max(1, answered) * 1000
        p50, p99 = (times[int(len(times) * part)] * 1000 if times else float("nan") for part in (0.5, 0.99))
        print(f"{server.name:<12}{answered:>10,}{len(times):>10,}{count * LISTENERS // CHANNELS:>10,}{p50:>10.1f}"
              f"{p99:>10.1f}{spent:>18.2f}{idle:>25.1f}{per_socket:>13.1f}", flush=True)  # fmt: skip
    print()


def memory(server: Server) -> int:
    return int(psutil.Process(server.pid).memory_info().rss)


def keep_saying(server: Server, count: int) -> int:
    def make(number: int) -> bytes:
        return server.made(number, "h", CHANNELS, f"{WORDS} @{time.monotonic_ns()}@")

    return uvloop.run(at_a_pace(server.url, make, count, A_MINUTE / 60, 64, patience=30))


def hear(server: Server, ready: Any, over: Any, got: Any) -> None:
    """In a process of its own: how long each message took to each listener, in seconds."""
    times: list[float] = []

    def note(text: str) -> None:
        for stamp in text.split("@")[1::2]:
            if stamp.isdigit():
                times.append((time.monotonic_ns() - int(stamp)) / 1e9)

    listen = sockets if server.own else polls
    uvloop.run(listen(server, note, ready.set, over))
    got.put(times)


async def sockets(server: Server, note: Callable[[str], None], ready: Callable[[], None], over: Any) -> None:
    """A browser tab's socket for each listener."""
    waiting = LISTENERS

    async def one(number: int) -> None:
        nonlocal waiting
        address = server.url.replace("http", "ws") + "/api/live"
        headers = {"authorization": f"Bearer {server.token}"}
        async with websockets.connect(address, additional_headers=headers, compression=None) as socket:
            await socket.send(json.dumps({"sub": [f"channel:{server.rooms[number % CHANNELS]}"]}))
            async for text in socket:
                if '"hello"' in str(text):
                    waiting -= 1
                    if not waiting:
                        ready()
                elif '"whisper"' not in str(text):
                    note(str(text))

    tabs = []
    for number in range(LISTENERS):
        tabs.append(asyncio.ensure_future(one(number)))
        if number % 50 == 49:
            await asyncio.sleep(0.05)
    await asyncio.to_thread(over.wait)
    for tab in tabs:
        tab.cancel()
    await asyncio.gather(*tabs, return_exceptions=True)


async def polls(server: Server, note: Callable[[str], None], ready: Callable[[], None], over: Any) -> None:
    """A person's /sync for each listener, asked again as soon as it answers."""
    loop, waiting, place = asyncio.get_running_loop(), LISTENERS, urlsplit(server.url)
    only = "%7B%22presence%22%3A%7B%22types%22%3A%5B%5D%7D%7D"

    def ask(line: Line, token: str, since: str) -> None:
        after = f"&since={since}&timeout=30000" if since else "&timeout=0"
        line.send(request("GET", server.url, f"/_matrix/client/v3/sync?filter={only}{after}", token))

    def came(token: str, first: list[bool], line: Line, body: bytes) -> None:
        nonlocal waiting
        text = body.decode(errors="replace")
        if first:
            first.clear()
            waiting -= 1
            if not waiting:
                ready()
        else:
            note(text)
        ask(line, token, text.split('"next_batch":"')[1].split('"')[0])

    for token in server.listeners:
        await loop.create_connection(
            partial(Line, partial(came, token, [True]), partial(ask, token=token, since="")), place.hostname, place.port
        )
        await asyncio.sleep(0.02)
    await asyncio.to_thread(over.wait)


# -- messages found ----------------------------------------------------------------------------------------------------


def found(messages: int) -> None:
    """History and search at many messages, asked of the rooms themselves, without HTTP."""
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        got = asyncio.run(_found(folder, messages))
    search, history = got["search"], got["history"]
    print(f"history and search at {messages:,} messages, ms")
    print(f"{'':<24}{'p50':>8}{'p95':>8}{'worst':>8}")
    for title, row in (
        *((f"history, {kind}", one) for kind, one in history.items()),
        ("search, all", search), *((f"search, {kind}", one) for kind, one in search["by_kind"].items()),
    ):  # fmt: skip
        print(f"{title:<24}{row['p50']:>8.1f}{row['p95']:>8.1f}{row['worst']:>8.1f}")
    print(f"processor time of a search {search['processor']} ms; slowest: {'; '.join(got['slowest'][:3])}")
    print(f"index: {got['index']}\n")


async def _found(folder: Path, messages: int) -> dict[str, Any]:
    postgres = EmbeddedPostgres(folder / "pg")
    state = State(postgres.start(), connections=8)
    try:
        await state.open()
        await migrate(state)
        return await channels_search.measure(state, messages)
    finally:
        await state.close()
        postgres.stop()


# -- the two servers ---------------------------------------------------------------------------------------------------


@contextmanager
def dure(folder: Path) -> Iterator[Server]:
    with serving_events(folder) as own:
        token = json.loads(
            command("token", "create", "--kind", "user", "--user", "b@example.com", "--scopes", "*", "--json",
                    folder=folder)
        )["token"]  # fmt: skip
        with httpx.Client(base_url=own.url, headers={"authorization": f"Bearer {token}"}) as http:
            rooms = [
                http.post("/slack/api/conversations.create", data={"name": f"room-{n}"}).json()["channel"]["id"]
                for n in range(CHANNELS)
            ]
        yield Server("Dure", own.url, own.pid, own.postmaster, token, rooms, [], own)


@contextmanager
def matrix(python: str, folder: Path, *, people: bool) -> Iterator[Server]:
    with synapse.running(python, folder) as peer:
        speaker = peer.user("speaker")
        rooms = [peer.room(speaker) for _ in range(CHANNELS)]
        listeners = []
        for number in range(LISTENERS if people else 0):
            listeners.append(peer.user(f"listener{number}"))
            peer.join(listeners[-1], rooms[number % CHANNELS])
        yield Server("Synapse", peer.url, peer.pid, peer.postmaster, speaker, rooms, listeners)


if __name__ == "__main__":
    main()
