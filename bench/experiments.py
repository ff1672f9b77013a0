"""Feature flags a second at the door, and an experiment of ninety thousand players read from the log.

Beside each figure, in turn with it:

- flags at `/flags/?v=4`: `/healthz` of the same server, asked over the same connections; and the evaluation alone
- Cookie Cats (`cookie_cats.csv.gz` in the folder of real data sets), through feed and log: the bare count of the same
  people in ClickHouse, by arm and event; and the result itself

Flags are asked with ten flags in the workspace: seven answered from memory alone, and once more with three that ask
traits and an experiment, which are looked up in the database.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from dure.experiments.api import Outcome
from dure.feed.api import Event, append_lines, lines_of, message_key
from dure.kernel.clock import StillClock
from dure.kernel.ids import person_id, uuid7
from dure.log.api import Log
from dure.main import House, compose
from dure.settings import Settings
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate

ASKED, ROUNDS, CONNECTIONS, PEOPLE = 4_000, 3, 32, 2_000
SERVE = "from dure.commands import cli; cli()"
DATA = Path(os.environ.get("DURE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
BARE = """
select e.event, uniqExact(e.person), a.arm from events as e any inner join (
    select person, toString(any(properties.version)) as arm from events
    where workspace = {workspace:String} and event = 'Installed' group by person
) as a on e.person = a.person where e.workspace = {workspace:String} group by e.event, a.arm
"""
PLAN = {
    "name": "Cookie Cats",
    "arms": [{"name": "gate_30", "share": 0.5}, {"name": "gate_40", "share": 0.5}],
    "exposure": {"event": "Installed", "arm": "version"},
    "method": "fixed",
    "size": 90_000,
    "metrics": [
        {"kind": "retention", "event": "Played", "day": 7, "name": "Day 7"},
        {"role": "secondary", "kind": "retention", "event": "Played", "day": 1, "name": "Day 1"},
    ],
}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with serving(Path(name) / "d") as (url, made):
            flags(url, made)
        if (DATA / "cookie_cats.csv.gz").is_file():
            asyncio.run(cookie_cats(Path(name) / "c"))
        else:
            print("cookie_cats.csv.gz is not here; DURE_SHARED_DATA names the folder of the real data sets")


# -- flags -----------------------------------------------------------------------------------------------------------


def flags(url: str, made: dict[str, Any]) -> None:
    http = httpx.Client(base_url=url, headers={"authorization": f"Bearer {made['user_token']}"}, timeout=60)
    for number in range(7):
        variants = [{"name": "control", "share": 0.5}, {"name": "blue", "share": 0.5}] if number % 2 else []
        design = {"variants": variants, "conditions": [{"rollout": 0.1 * (number + 1)}]}
        http.post("/api/v1/flags", json={"key": f"flag-{number}", "design": design}).raise_for_status()
    key = made["write_key"]
    show("7 flags from memory", url, key)
    audience = {"kind": "trait", "prop": "plan", "value": "pro"}
    design = {"name": "X", "metrics": [{"event": "Subscribed"}], "audience": audience}
    experiment = http.post("/api/v1/experiments", json={"design": design}).raise_for_status().json()
    http.post(f"/api/v1/experiments/{experiment['id']}/start").raise_for_status()
    for number, design in enumerate((
        {"experiment": experiment["id"]}, {"conditions": [{"where": [{"prop": "plan", "value": "pro"}]}]},
        {"conditions": [{"where": [{"prop": "level", "op": ">", "value": 3}], "rollout": 0.5}]},
    )):  # fmt: skip
        http.post("/api/v1/flags", json={"key": f"asking-{number}", "design": design}).raise_for_status()
    time.sleep(3)  # every process has noticed by then
    show("10 flags, traits and an experiment", url, key)


def show(what: str, url: str, key: str) -> None:
    ours, bare = [], []
    for _ in range(ROUNDS):
        asked = [request(url, "/flags/?v=4", {"api_key": key, "distinct_id": f"u-{n % PEOPLE}"}) for n in range(ASKED)]
        ours.append(ASKED / asyncio.run(post(url, asked)))
        health = f"GET /healthz HTTP/1.1\r\nhost: {urlsplit(url).netloc}\r\n\r\n".encode()
        bare.append(ASKED / asyncio.run(post(url, [health] * ASKED)))
    best, other = max(ours), max(bare)
    print(f"{what}: {best:,.0f} requests/s; /healthz {other:,.0f}/s ({best / other:.0%} of it)")


class Line(asyncio.Protocol):
    """A connection that asks the next as soon as it was answered."""

    def __init__(self, waiting: deque[bytes], done: asyncio.Event, left: list[int]) -> None:
        self.waiting, self.done, self.left, self.seen = waiting, done, left, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport
        self.ask()

    def ask(self) -> None:
        if self.waiting:
            self.transport.write(self.waiting.popleft())

    def data_received(self, data: bytes) -> None:
        self.seen += data
        head, found, body = self.seen.partition(b"\r\n\r\n")
        if not found:
            return
        assert b" 200 " in head.split(b"\r\n")[0], head
        length = next(
            int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"
        )
        if len(body) < length:
            return
        self.seen = body[length:]
        self.left[0] -= 1
        if not self.left[0]:
            self.done.set()
        self.ask()


async def post(url: str, requests: Sequence[bytes]) -> float:
    """Seconds until all are answered."""
    loop, done, waiting, left = asyncio.get_running_loop(), asyncio.Event(), deque(requests), [len(requests)]
    started = time.perf_counter()
    lines = [
        await loop.create_connection(
            lambda: Line(waiting, done, left), urlsplit(url).hostname, urlsplit(url).port
        )
        for _ in range(CONNECTIONS)
    ]  # fmt: skip
    await done.wait()
    took = time.perf_counter() - started
    for transport, _ in lines:
        transport.close()
    return took


def request(url: str, path: str, body: dict[str, Any]) -> bytes:
    data = json.dumps(body).encode()
    return (f"POST {path} HTTP/1.1\r\nhost: {urlsplit(url).netloc}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(data)}\r\n\r\n").encode() + data  # fmt: skip


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    made = json.loads(subprocess.run(
        [sys.executable, "-c", SERVE, "init", "--org", "B", "--workspace", "b", "--email", "b@example.com", "--json",
         "--data", str(folder)], capture_output=True, text=True, check=True,
    ).stdout)  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--data", str(folder), "--port", "0", "--log-level", "error"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1], made
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


# -- Cookie Cats -----------------------------------------------------------------------------------------------------


async def cookie_cats(folder: Path) -> None:
    folder.mkdir()  # noqa: ASYNC240
    postgres = EmbeddedPostgres(folder / "pg")
    state, log = State(postgres.start(), connections=8), Log(f"chdb://{folder}/ch")
    await state.open()
    log.open()
    try:
        await migrate(state)
        clock = StillClock(BEGIN)
        house = compose(Settings(data=folder), clock, state, log)
        made = await house.governance.found("B", "b", "b@example.com")
        mina = await house.governance.principal(made.user_token)
        experiment = await house.experiments.create(mina, PLAN)
        await house.experiments.start(mina, experiment.id)
        count, seconds = await played(house, made.workspace.tenant)
        print(f"Cookie Cats: {count:,} events through feed and log in {seconds:.1f} s")
        clock.advance(timedelta(days=30))
        times: dict[str, list[float]] = {"bare": [], "result": []}
        for _ in range(ROUNDS):
            began = time.perf_counter()
            await log.query(made.workspace.tenant, BARE)
            times["bare"].append(time.perf_counter() - began)
            began = time.perf_counter()
            found = await house.experiments.analyse(mina, experiment.id)
            times["result"].append(time.perf_counter() - began)
        told(found)
        ours, bare = min(times["result"]), min(times["bare"])
        print(f"  read in {ours:.2f} s; the bare count {bare:.2f} s ({ours / bare:.1f} times)")
    finally:
        await state.close()
        log.close()
        postgres.stop()


async def played(house: House, tenant: Any) -> tuple[int, float]:
    """Every player's installation and returns, as events."""
    with gzip.open(DATA / "cookie_cats.csv.gz", "rt", encoding="utf-8") as file:
        players = list(csv.DictReader(file))
    made: list[Event] = []
    for number, player in enumerate(players):
        at = BEGIN + timedelta(minutes=1, seconds=number * 9)
        days = [day for day in (1, 7) if player[f"retention_{day}"] == "TRUE"]
        for event, when, properties in (
            ("Installed", at, {"version": player["version"]}),
            *(("Played", at + timedelta(days=day, hours=5), {}) for day in days),
        ):
            made.append(Event(
                org=tenant.org, workspace=tenant.workspace, event=event, time=when, received_at=when,
                message_id=str(uuid7()), source="game", distinct_id=player["userid"], properties=properties,
                person=person_id(tenant.workspace, player["userid"]),
            ))  # fmt: skip
    began, workspace = time.perf_counter(), tenant.workspace.encode()
    for start in range(0, len(made), 10_000):
        some = made[start : start + 10_000]
        keys = b"".join(message_key(workspace, one.message_id).to_bytes(8, "little") for one in some)
        async with house.state.begin(tenant) as tx:
            await append_lines(tx, tenant, len(some), lines_of(some), keys)
    await house.settle_log()
    return len(made), time.perf_counter() - began


def told(found: Outcome) -> None:
    print("  " + ", ".join(f"{arm.name} {arm.people:,}" for arm in found.arms) + f"; sizes p = {found.balance:.4f}")
    for measured in found.metrics:
        (seen,) = measured.contrasts
        assert seen.difference is not None
        print(
            f"  {measured.name['en']}: {seen.control.value:.4%} → {seen.treated.value:.4%},"
            f" {seen.difference.value * 100:+.3f} points ({seen.difference.low * 100:+.3f} to"
            f" {seen.difference.high * 100:+.3f}), p = {seen.p:.5f}: {seen.finding}"
        )
    print(f"  {found.verdict}: {found.sentence['en']}")


if __name__ == "__main__":
    main()
