"""Durable runs beside n8n on the same machine, in the same minutes: a webhook, three steps, a call over HTTP.

1. **Beside n8n**: runs a second over twenty connections; from sending a call to the sink hearing of it at five a
   second; CPU a run and memory. The two servers are up side by side and take turns. Dure is the whole server, its log
   and all its followers running, and its PostgreSQL is counted with it; each of its runs is on disk before the webhook
   is answered. n8n is as it installs itself, with SQLite.
2. **Event to first step** at five hundred events a second: from the acknowledgement of an event to its inside step
   running, and to its outside call being made.
3. **Waiting**: a hundred thousand runs that wait: memory, an idle look, how late they wake.
4. **Many automations**: a thousand live ones on one event, of which each event means one.

    dure bench automation --n8n FOLDER     (what install.sh of the n8n scripts made; or DURE_BENCH_N8N)
    dure bench automation --only steps,many,waiting --events 200 --seconds 3 --automations 100 --waiting 5000
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psutil
import uvloop
from by_hand import n8n, runs

from dure.automation.api import Automation
from dure.automation.plugs import Entry, StepCall, StepKind
from dure.feed.api import Bell, Collector, Event, encode
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.kernel.ids import uuid7
from dure.state import State, Tx
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate
from ingest import command, elsewhere, used
from ingest import serving as serving_dure

ROUNDS, CALLS, CONNECTIONS = 3, 2_000, 20
A_SECOND, PACED_SECONDS = 5, 10
WAKE_OVER = 10.0
# After so many seconds in which nothing more arrives, nothing will.
STUCK = 60.0
TITLE = {"ko": "재기", "en": "Measure"}


@dataclass(frozen=True)
class Scale:
    """How much is measured."""

    events: int
    seconds: int
    automations: int
    waiting: int


# -- beside n8n --------------------------------------------------------------------------------------------------------


@dataclass
class Peer:
    """A server with a webhook; `pids` are what its CPU and memory are counted over."""

    name: str
    url: str
    pids: Sequence[int]
    share: float = 1.0
    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    own_cpu: list[float] = field(default_factory=list)
    through: list[float] = field(default_factory=list)

    def used(self) -> tuple[float, float]:
        """CPU seconds of everything, and of the server without its database."""
        each = [used(pid) for pid in self.pids]
        return sum(each), each[0]

    def memory(self) -> float:
        """Megabytes, what processes share counted once."""
        total = 0
        for pid in self.pids:
            for process in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
                with contextlib.suppress(psutil.Error):
                    total += process.memory_full_info().pss
        return total / 1e6


FLOW = [
    {"id": "one", "kind": "set", "with": {"values": {"id": "{{ event.properties.id }}"}}, "next": "two"},
    {"id": "two", "kind": "set", "with": {"values": {"id": "{{ steps.one.id }}", "stage": "won"}}, "next": "three"},
    {"id": "three", "kind": "set", "next": "call",
     "with": {"values": {"id": "{{ steps.two.id }}", "stage": "{{ steps.two.stage }}", "score": 1}}},
    {"id": "call", "kind": "http.request",
     "with": {"method": "GET", "url": f"http://127.0.0.1:{runs.SINK}/sink?id={{{{ steps.three.id }}}}"}},
]  # fmt: skip


@contextmanager
def dure(folder: Path) -> Iterator[Peer]:
    os.environ["DURE_ALLOW_PRIVATE_NETWORKS"] = "true"
    with serving_dure(folder) as own:
        token = json.loads(command("token", "create", "--kind", "user", "--user", "b@example.com", "--scopes", "*",
                                   "--json", folder=folder))["token"]  # fmt: skip
        with httpx.Client(base_url=f"{own.url}/api/v1", headers={"authorization": f"Bearer {token}"}) as http:
            made = http.post("/automations", json={"name": "bench", "definition": {"trigger": {"hook": {}},
                                                                                   "nodes": FLOW}})  # fmt: skip
            made.raise_for_status()
            path = http.get(f"/automations/{made.json()['id']}/hook").json()["path"]
        yield Peer("Dure", own.url + path, [own.pid, own.postmaster])


def beside(folder: Path, installed: Path | None, scripts: Path | None, rounds: int) -> None:
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(dure(folder / "d"))]
        if installed is None:
            print("Without n8n: name its folder with --n8n (or DURE_BENCH_N8N).\n")
        else:
            pid = stack.enter_context(n8n.serving(installed, scripts or installed, folder / "n8n"))
            peers.append(Peer("n8n", n8n.URL, [pid], share=0.05))
        for peer in peers:
            elsewhere(runs.drive, peer.url, max(20, int(CALLS * peer.share)), 4)
        for _ in range(rounds):
            for peer in peers:
                count = int(CALLS * peer.share)
                before = peer.used()
                driven = elsewhere(runs.drive, peer.url, count, CONNECTIONS)
                both, own = (now - then for now, then in zip(peer.used(), before, strict=True))
                assert (driven.arrived, driven.refused) == (count, 0), driven
                peer.rates.append(count / driven.seconds)
                peer.cpu.append(both / (count + 20) * 1000)
                peer.own_cpu.append(own / (count + 20) * 1000)
                paced = elsewhere(runs.drive, peer.url, A_SECOND * PACED_SECONDS, 20, A_SECOND)
                peer.through += paced.through
        print(f"webhook → three steps → HTTP call, {CONNECTIONS} connections, median of {rounds} rounds in turn\n")
        print(f"{'':<8}{'runs/s':>10}{'through p50':>14}{'p99':>10}{'CPU ms a run':>16}{'of it the server':>18}"
              f"{'MB':>8}")  # fmt: skip
        for peer in peers:
            through = sorted(peer.through)
            print(f"{peer.name:<8}{statistics.median(peer.rates):>10,.0f}"
                  f"{through[len(through) // 2] * 1000:>11.1f} ms{through[len(through) * 99 // 100] * 1000:>7.0f} ms"
                  f"{statistics.median(peer.cpu):>16.2f}{statistics.median(peer.own_cpu):>18.2f}"
                  f"{peer.memory():>8,.0f}", flush=True)  # fmt: skip
        if len(peers) == 2:
            ratios = [own / other for own, other in zip(peers[0].rates, peers[1].rates, strict=True)]
            less = statistics.median(peers[1].cpu) / statistics.median(peers[0].cpu)
            print(f"\nDure / n8n: {statistics.median(ratios):.0f} times the runs"
                  f" ({', '.join(f'{one:.0f}' for one in ratios)}), {less:.0f} times less CPU a run")  # fmt: skip


# -- the engine alone --------------------------------------------------------------------------------------------------


class Nothing(msgspec.Struct, frozen=True):
    text: str = ""


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


class House:
    """An engine on a database of its own. `marks` knows when its steps ran."""

    def __init__(self, state: State, principal: Principal, automation: Automation, marks: Marks) -> None:
        self.state, self.principal, self.automation, self.marks = state, principal, automation, marks

    def line(self, name: str, subject: str, **properties: Any) -> bytes:
        now, tenant = SystemClock().now(), self.principal.tenant
        return encode(Event(
            org=tenant.org, workspace=tenant.workspace, event=name, time=now, received_at=now,
            message_id=str(uuid7()), source="bench", object=subject, properties=properties,
        ))  # fmt: skip

    async def make(self, nodes: list[dict[str, Any]], **doc: Any) -> str:
        info = await self.automation.create(self.principal, "bench", {**doc, "nodes": nodes}, enabled=True)
        return info.id

    @contextlib.asynccontextmanager
    async def working(self, *more: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
        """The loops of a server, as long as it takes."""
        bell = Bell(self.state)
        loops = (bell.run(), self.automation.run_followers(bell), self.automation.work(), *more)
        tasks = [asyncio.create_task(loop) for loop in loops]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def first_step(house: House, scale: Scale, name: str, meant: Callable[[int], dict[str, Any]]) -> None:
    """Events at a pace; prints how long after its acknowledgement each reached its steps."""
    marks, total = house.marks, scale.events * scale.seconds
    marks.inside.clear()
    marks.outside.clear()
    acknowledged: dict[str, float] = {}
    collector = Collector(house.state)

    async def one(number: int) -> None:
        line = house.line("Tick", f"t-{number}", **meant(number))
        await collector.collect(house.principal.tenant, 1, line, number.to_bytes(8, "big"))
        acknowledged[f"t-{number}"] = time.perf_counter()

    async with house.working(collector.run()):
        await asyncio.sleep(1)
        begun, sending, cpu = time.perf_counter(), [], time.process_time()
        for number in range(total):
            if (ahead := begun + number / scale.events - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            sending.append(asyncio.create_task(one(number)))
        await asyncio.gather(*sending)
        behind, heard = time.perf_counter(), -1
        while len(marks.outside) < total:
            if len(marks.outside) > heard:
                behind, heard = time.perf_counter(), len(marks.outside)
            elif time.perf_counter() - behind > STUCK:
                raise SystemExit(f"{total - heard:,} of {total:,} events never reached their call.")
            await asyncio.sleep(0.02)
        cpu = time.process_time() - cpu
    for what, reached in (("inside step runs", marks.inside), ("outside call is made", marks.outside)):
        waits = sorted((reached[key] - at) * 1000 for key, at in acknowledged.items())
        p50, p99 = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
        print(f"{name:<34}{what:<22}p50 {p50:>6.1f} ms   p99 {p99:>6.1f} ms   {cpu / total * 1000:.2f} ms CPU an event",
              flush=True)  # fmt: skip


STEPS = [{"id": "in", "kind": "bench.within", "next": "out"}, {"id": "out", "kind": "bench.beyond"}]


async def one_for_all(house: House, scale: Scale) -> None:
    made = await house.make(STEPS, trigger={"event": "Tick"})
    await first_step(house, scale, f"event to step, {scale.events}/s", lambda _: {})
    await house.automation.switch(house.principal, made, False)


async def many(house: House, scale: Scale) -> None:
    began = time.perf_counter()
    for number in range(scale.automations):
        where = [{"prop": "stage", "op": "=", "value": f"s{number}"}]
        await house.make(STEPS, trigger={"event": "Tick", "where": where})
    print(f"{scale.automations:,} automations made in {time.perf_counter() - began:.0f} s", flush=True)
    await first_step(
        house,
        scale,
        f"  with {scale.automations:,} automations on it",
        lambda n: {"stage": f"s{n % scale.automations}"},
    )


async def waiting(house: House, scale: Scale) -> None:
    total, batch = scale.waiting, min(5_000, scale.waiting)
    made = await house.make(
        [{"id": "wait", "kind": "wait", "next": "in",
          "with": {"until": "{{ event.properties.until }}"}}, {"id": "in", "kind": "bench.within"}],
        trigger={},
    )  # fmt: skip
    gc.collect()
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    wakes: dict[str, float] = {}
    # All must wait before the first of them wakes, on a busy machine too.
    first = SystemClock().now() + timedelta(seconds=20 + total / 500)
    for at in range(0, total, batch):
        entries = []
        for number in range(at, min(at + batch, total)):
            # One in a hundred wakes while we look; the others wait for months.
            soon = number % 100 == 0
            due = first + (timedelta(seconds=number / total * WAKE_OVER) if soon else timedelta(days=90))
            if soon:
                wakes[f"w-{number}"] = due.timestamp()
            entries.append(Entry(f"w-{number}", f"w-{number}", {"properties": {"until": due.isoformat()}}))
        async with house.state.begin(house.principal.tenant) as tx:
            await house.automation.enrol_in(tx, house.principal, made, entries)
        while await house.automation.engine.beat(0):
            pass
    parked = time.perf_counter() - began
    gc.collect()
    grown = (psutil.Process().memory_info().rss - before) / 1e6
    looks = []
    for _ in range(100):
        started = time.perf_counter()
        await house.automation.engine.due(0)
        looks.append(time.perf_counter() - started)
    async with house.state.begin_system() as tx:
        size = await tx.value(
            "select pg_total_relation_size('automation.run') + pg_total_relation_size('automation.step')"
        )
    print(f"\n{total:,} runs wait: {grown:+.0f} MB of memory, {size / 1e6:,.0f} MB on disk with their history,"
          f" an idle look {statistics.median(looks) * 1000:.2f} ms,"
          f" begun and parked {total / parked:,.0f} a second")  # fmt: skip
    house.marks.inside.clear()
    shift = time.time() - time.perf_counter()
    if time.time() > first.timestamp():
        print("This machine was too slow: some were due before all of them waited.")
    async with house.working():
        async with asyncio.timeout(max(0.0, first.timestamp() - time.time()) + WAKE_OVER + STUCK):
            while len(house.marks.inside) < len(wakes):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
    late = sorted((house.marks.inside[key] + shift - due) * 1000 for key, due in wakes.items())
    p50, p99 = late[len(late) // 2], late[len(late) * 99 // 100]
    print(f"{len(wakes):,} of them wake within {WAKE_OVER:.0f} s: p50 {p50:.0f} ms late, p99 {p99:.0f} ms,"
          f" the earliest {late[0]:+.1f} ms", flush=True)  # fmt: skip


PARTS = {"steps": one_for_all, "many": many, "waiting": waiting}


async def by_itself(url: str, parts: Sequence[str], scale: Scale) -> None:
    state, clock, marks = State(url, connections=12), SystemClock(), Marks()
    await state.open()
    await migrate(state)
    governance = Governance(state, clock)
    made = await governance.found("Bench", "bench", "bench@example.com")
    principal = await governance.principal(made.user_token)
    steps = [
        StepKind("bench.within", TITLE, Nothing, Nothing, marks.within),
        StepKind("bench.beyond", TITLE, Nothing, Nothing, marks.beyond, outside=True),
    ]
    automation = Automation(state, clock, governance, steps=steps, rng=random.Random(1))
    house = House(state, principal, automation, marks)
    print()
    for part in parts:
        await PARTS[part](house, scale)
    await state.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--n8n", type=Path, default=os.environ.get("DURE_BENCH_N8N"), metavar="FOLDER")
    options.add_argument("--n8n-scripts", type=Path, metavar="FOLDER", help="where workflow.json lies")
    options.add_argument("--only", default="beside,alone", help="of beside, alone (= steps, many, waiting)")
    options.add_argument("--events", type=int, default=500, help="events a second")
    options.add_argument("--seconds", type=int, default=10, help="how long they come")
    options.add_argument("--automations", type=int, default=1_000)
    options.add_argument("--waiting", type=int, default=100_000, help="runs that wait")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    asked = options.parse_args()
    scale = Scale(*(max(1, many) for many in (asked.events, asked.seconds, asked.automations, asked.waiting)))
    only = asked.only.replace("alone", ",".join(PARTS)).split(",")
    if unknown := set(only) - {"beside", *PARTS}:
        options.error(f"there is no part {', '.join(sorted(unknown))}")
    parts = [part for part in PARTS if part in only]
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        if "beside" in only:
            beside(folder, asked.n8n and Path(asked.n8n), asked.n8n_scripts, asked.rounds)
        if parts:
            server = EmbeddedPostgres(folder / "pg")
            url = server.start()
            try:
                uvloop.run(by_itself(url, parts, scale))
            finally:
                server.stop()


if __name__ == "__main__":
    main()
