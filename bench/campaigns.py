"""Messages to many: a day of listens through a triggered campaign, and one message to a million people.

- `listens`: a day's listens are on the feed; each ends, a part of them soon. What is timed is all that campaigns do
  then: they read every event, let people in, ask what they may like, ask the gate (consent, suppression, cap), write
  the claim, compose, and hand over to a sender that accepts at once. Beside it real time: a day has 86,400 s.
- `once`: an audience is taken, let in part by part, asked about, claimed, composed, handed over, noted. Beside the
  claims: the bare insert of as many rows of the same table.
- `latency`: events come one by one; how long after its acknowledgement each one's message was accepted.

Sizes are set by options; the aims are 800,000 listens in 120 s and 20,000 claims a second on two cores.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import io
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import psutil

from dure.campaigns.api import Campaigns
from dure.campaigns.journeys import store
from dure.campaigns.journeys.plan import MOVES, queue_of
from dure.campaigns.model import Item, Recipient
from dure.campaigns.plugs import Accepted, Delivery, Parcel
from dure.feed.api import Bell, Collector, Event, append_lines, encode, lines_of
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.kernel.ids import person_id, uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log, LogWriter
from dure.people.api import People
from dure.segments.api import Segments
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate

DAY = 86_400
BATCH = 5_000
_TICKERS = 10_000_000
TEXTS = {
    "ko": {
        "title": '{{ person.name | default: "청취자" }}님이 좋아하실 방송',
        "body": "비슷한 방송을 들은 분들이 함께 들은 {{ items[0].title }}",
        "url": "{{ items[0].url }}",
    }
}


@dataclass
class Nowhere:
    """Accepts everything at once."""

    channel: str = "push"
    at_once: int = 8
    taken: int = 0
    at: dict[UUID, float] = field(default_factory=dict)

    def address(self, recipient: Recipient) -> str:
        return recipient.distinct_id

    async def carry(self, tenant: Tenant, parcel: Parcel) -> Delivery:
        del tenant
        self.taken += 1
        if parcel.person is not None and len(self.at) < 100_000:
            self.at[parcel.person] = time.perf_counter()
        return Accepted("taken")


@dataclass
class Station:
    """A workspace with people, items and one campaign at a time."""

    state: State
    log: Log
    owner: Principal
    people: People
    campaigns: Campaigns
    sender: Nowhere
    memory: float = 0.0

    @property
    def tenant(self) -> Tenant:
        return self.owner.tenant

    def who(self, number: int) -> UUID:
        return person_id(self.tenant.workspace, f"u-{number}")

    async def populate(self, count: int, first: int = 0) -> None:
        """People as a history of them would be loaded, in one copy."""
        now = datetime.now(UTC)
        sql = "copy people.person (workspace, id, distinct_id, traits, first_seen, changed_at) from stdin"
        async with self.state.begin_system() as tx, tx.connection.cursor().copy(sql) as copy:
            for at in range(first, first + count, BATCH):
                text = io.StringIO()
                for n in range(at, min(at + BATCH, first + count)):
                    traits = f'{{"name": "이름 {n}", "email": "u{n}@bench.example", "language": "ko"}}'
                    text.write(f"{self.tenant.workspace}\t{self.who(n)}\tu-{n}\t{traits}\t{now}\t{now}\n")
                await copy.write(text.getvalue())
        async with self.state.alone() as connection:
            await connection.execute("analyze people.person")

    async def tell(self, events: Sequence[Event]) -> None:
        async with self.state.begin(self.tenant) as tx:
            await append_lines(tx, self.tenant, len(events), lines_of(events))

    def event(self, name: str, person: int, at: datetime, **more: Any) -> Event:
        item = str(more.pop("object", ""))
        return Event(
            org=self.tenant.org, workspace=self.tenant.workspace, event=name, time=at, received_at=at,
            message_id=str(uuid7()), source="app", person=self.who(person), distinct_id=f"u-{person}",
            object_type="broadcast" if item else "", object=item, properties=more,
        )  # fmt: skip

    async def settle_log(self) -> None:
        writer = LogWriter(self.state, self.log)
        while await writer.step():
            pass

    async def launched(self, design: dict[str, Any]) -> str:
        made = await self.campaigns.create(self.owner, design)
        return (await self.campaigns.launch(self.owner, made.id)).id

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Notes the most memory that this process has at a time."""
        process = psutil.Process()
        gc.collect()

        async def look() -> None:
            while True:
                self.memory = max(self.memory, process.memory_info().rss / 1e6)
                await asyncio.sleep(0.1)

        task = asyncio.create_task(look())
        self.memory = 0.0
        yield
        task.cancel()

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[Bell]:
        """A server's loops, as long as it takes."""
        bell = Bell(self.state)
        tasks = [asyncio.create_task(one) for one in (
            bell.run(), self.campaigns.engine.follow(bell), self.campaigns.engine.work())]  # fmt: skip
        yield bell
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def listens(station: Station, size: argparse.Namespace) -> None:
    """A day's listens, a fifth of them short; people have favourites and come back during the day."""
    rng, now = random.Random(1), datetime.now(UTC)
    items = [Item(f"b-{n}", {"ko": f"방송 {n}", "en": f"Show {n}"}, f"c-{n % 300}", "talk", f"https://s.example/{n}")
             for n in range(size.items)]  # fmt: skip
    for at in range(0, len(items), BATCH):
        await station.campaigns.recommending.load_items(station.owner, items[at : at + BATCH])
    began = time.perf_counter()
    await station.populate(size.people)
    history = [
        station.event("Listen Started", rng.randrange(size.people), now - timedelta(days=rng.random() * 20 + 1),
                      object=f"b-{int(size.items * rng.random() ** 2)}", genre="talk")
        for _ in range(size.people * 2)
    ]  # fmt: skip
    for at in range(0, len(history), BATCH):
        await station.tell(history[at : at + BATCH])
    del history
    await station.settle_log()
    while await station.campaigns.recommending.tick():  # histories are read and models learned as a server's loops do
        pass
    await station.campaigns.recommending.learn()
    while await station.campaigns.engine.following.step():
        pass
    campaign = await station.launched({
        "name": {"ko": "들어 보고 떠난 분께"}, "kind": "triggered", "start": "say", "holdout": 0.5,
        "entry": {"trigger": {"event": "Listen Ended", "where": [{"prop": "seconds", "op": "<", "value": 60}]},
                  "again": {"clock": "entry", "after": "2h"}},
        "nodes": [{"id": "say", "kind": "message", "channel": "push", "texts": TEXTS,
                   "items": {"kind": "together", "count": 3}}],
        "goal": {"event": "Listen Started"},
    })  # fmt: skip
    day = now - timedelta(days=1)
    for at in range(0, size.listens, BATCH):
        await station.tell([
            station.event("Listen Ended", int(size.people * rng.random() ** 1.5),
                          day + timedelta(seconds=DAY * n / size.listens), object=f"b-{n % size.items}",
                          seconds=20 if rng.random() < 0.2 else 900, genre="talk", platform="ios")
            for n in range(at, min(at + BATCH, size.listens))
        ])  # fmt: skip
    print(f"{size.people:,} people, {size.listens:,} listens, told in {time.perf_counter() - began:.0f} s", flush=True)
    gc.collect()
    async with station.watched():
        began, cpu = time.perf_counter(), time.process_time()
        async with station.working():
            await drained(station)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    _, counts = await station.campaigns.campaign(station.owner, campaign)
    print(
        f"{size.listens / seconds:,.0f} listens/s, {DAY / seconds:,.0f} times real time ({seconds:.1f} s, of which this"
        f" process's CPU {cpu:.1f} s); in its halves {counts.entered:,}, {dict(counts.states)}, {dict(counts.reasons)};"
        f" at most {station.memory:,.0f} MB", flush=True,
    )  # fmt: skip


async def drained(station: Station) -> None:
    """Returns when the feed is read and nobody is on their way or in hand."""
    while True:
        async with station.state.begin_system() as tx:
            behind = await tx.value(
                "select exists(select from feed.batch b, feed.cursor c where c.name = 'campaigns' and b.lane = 1"
                " and b.position > c.position)"
            )
            open_ = await tx.value(
                "select exists(select from campaigns.way where due is not null)"
                " or exists(select from campaigns.claim)"
                " or exists(select from campaigns.occurrence where state in ('planned', 'entering'))"
            )
        if not behind and not open_:
            return
        await asyncio.sleep(0.05)


async def once(station: Station, size: argparse.Namespace) -> None:
    """To everybody who signed up, half of them control unless told otherwise."""
    began, now = time.perf_counter(), datetime.now(UTC)
    await station.populate(size.audience)
    for at in range(0, size.audience, BATCH):
        await station.tell([
            station.event("Signed Up", n, now - timedelta(days=3)) for n in range(at, min(at + BATCH, size.audience))
        ])  # fmt: skip
    await station.settle_log()
    while await station.campaigns.engine.following.step():
        pass
    print(f"\n{size.audience:,} people told in {time.perf_counter() - began:.0f} s", flush=True)
    engine, sending = station.campaigns.engine, station.campaigns.engine.sending
    campaign = await station.launched({
        "name": {"ko": "모두에게"}, "kind": "once", "start": "say", "holdout": size.holdout, "global_holdout": True,
        "entry": {"audience": {"kind": "did", "event": "Signed Up"}},
        "nodes": [{"id": "say", "kind": "message", "channel": "push",
                   "texts": {"ko": {"title": "{{ person.name }}님", "body": "새 소식이 있습니다"}}}],
        "goal": {"event": "Listen Started"},
    })  # fmt: skip
    async with station.watched():
        started = time.perf_counter()
        assert await engine.occurring.begin()
        taken = time.perf_counter()
        while await engine.occurring.let_in():
            pass
        let_in = time.perf_counter()
        claimed, queue = 0, queue_of("push", bulk=True)
        claiming = noting = cpu = pg = 0.0
        while True:
            served = await database_cpu(station)
            at, used = time.perf_counter(), time.process_time()
            looked, handed = await engine.claiming.step(queue, store.SET)
            claiming, cpu = claiming + time.perf_counter() - at, cpu + time.process_time() - used
            pg += await database_cpu(station) - served
            if not looked:
                break
            claimed += looked
            at = time.perf_counter()
            await sending.at_once(handed)
            noting += time.perf_counter() - at
        whole = time.perf_counter() - started
    assert claimed == size.audience
    for queue in MOVES:
        assert not await engine.moving.step(queue)
    bare = await bare_inserts(station, size.audience)
    _, counts = await station.campaigns.campaign(station.owner, campaign)
    rate = size.audience / claiming
    print(
        f"audience taken in {taken - started:.1f} s; let in {size.audience / (let_in - taken):,.0f}/s;"
        f" asked and claimed {rate:,.0f}/s (bare inserts of such rows {bare:,.0f}/s: {rate / bare:.2f} of it; CPU"
        f" of this process {cpu / size.audience * 1e6:.0f} and of PostgreSQL {pg / size.audience * 1e6:.0f} µs each);"
        f" composed, handed over and noted {station.sender.taken / max(noting, 1e-9):,.0f}/s; all of it in"
        f" {whole:.1f} s; {dict(counts.states)}; at most {station.memory:,.0f} MB", flush=True,
    )  # fmt: skip


async def database_cpu(station: Station) -> float:
    """Seconds of CPU that PostgreSQL's processes of now have used."""
    async with station.state.begin_system() as tx:
        processes = [psutil.Process(row["pid"]) for row in await tx.rows("select pid from pg_stat_activity")]
    return sum(sum(one.cpu_times()[:2]) for one in processes)


async def bare_inserts(station: Station, count: int) -> float:
    """Rows of the message table a second, in sets, with nothing asked and nothing told."""
    count = min(count, 100_000)
    async with station.state.begin_system() as tx:
        await tx.run("create table campaigns.bare (like campaigns.message including all)")
    began = time.perf_counter()
    for at in range(0, count, BATCH):
        ids = [uuid7() for _ in range(min(BATCH, count - at))]
        async with station.state.begin_system() as tx:
            await tx.run(
                "insert into campaigns.bare (workspace, id, campaign, person, distinct_id, arm, state, entered_at,"
                " changed_at, way, claimed_at) select %s, i, 'c', i, 'u', 'treated', 'claimed', now(), now(), i, now()"
                " from unnest(%s::uuid[]) i", (station.tenant.workspace, ids),
            )  # fmt: skip
    seconds = time.perf_counter() - began
    async with station.state.begin_system() as tx:
        await tx.run("drop table campaigns.bare")
    return count / seconds


async def latency(station: Station, size: argparse.Namespace) -> None:
    """Events at a pace; each begins a way whose message is due at once."""
    total = size.events * size.seconds
    await station.populate(total, _TICKERS)
    await station.launched({
        "name": {"ko": "바로"}, "kind": "triggered", "start": "say", "holdout": 0,
        "entry": {"trigger": {"event": "Tick"}},
        "nodes": [{"id": "say", "kind": "message", "channel": "push",
                   "texts": {"ko": {"title": "안녕하세요", "body": "{{ person.name }}님"}}}],
        "goal": {"event": "Listen Started"},
    })  # fmt: skip
    collector, acknowledged = Collector(station.state), dict[UUID, float]()
    station.sender.at.clear()

    async def one(number: int) -> None:
        event = station.event("Tick", _TICKERS + number, datetime.now(UTC))
        await collector.collect(station.tenant, 1, encode(event), number.to_bytes(8, "big"))
        acknowledged[event.person] = time.perf_counter()

    async with station.working():
        keeping = asyncio.create_task(collector.run())
        await asyncio.sleep(1)
        began, sending = time.perf_counter(), []
        for number in range(total):
            if (ahead := began + number / size.events - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            sending.append(asyncio.create_task(one(number)))
        await asyncio.gather(*sending)
        async with asyncio.timeout(60):
            while not acknowledged.keys() <= station.sender.at.keys():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        keeping.cancel()
    waits = sorted((station.sender.at[person] - at) * 1000 for person, at in acknowledged.items())
    print(f"\n{size.events} events a second: event to accepted message p50 {waits[len(waits) // 2]:.0f} ms,"
          f" p99 {waits[len(waits) * 99 // 100]:.0f} ms", flush=True)  # fmt: skip


PARTS = {"listens": listens, "once": once, "latency": latency}


async def measured(folder: Path, url: str, part: str, size: argparse.Namespace) -> None:
    state, clock, log = State(url, connections=16), SystemClock(), Log(f"chdb://{folder}/ch", database=part)
    await state.open()
    await migrate(state)
    log.open()
    try:
        governance = Governance(state, clock)
        made = await governance.found("Bench", f"bench-{part}", f"{part}@bench.example")
        owner = await governance.principal(made.user_token)
        people, sender = People(state, log, clock), Nowhere()
        segments = Segments(state, log, clock, governance, people=people)
        campaigns = Campaigns(
            state, log, clock, governance, segments, people, NoMail(), sender="b@bench.example",
            site="https://bench.example", carriers=[sender],
        )  # fmt: skip
        await campaigns.safety.gate.set_policy(owner, {"approval": {"demanded": "never"}})
        await PARTS[part](Station(state, log, owner, people, campaigns, sender), size)
    finally:
        await state.close()
        log.close()


class NoMail:
    async def send(self, letter: Any, key: str) -> Delivery:
        raise AssertionError((letter, key))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--only", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    options.add_argument("--listens", type=int, default=800_000)
    options.add_argument("--people", type=int, default=150_000)
    options.add_argument("--items", type=int, default=2_000)
    options.add_argument("--audience", type=int, default=1_000_000)
    options.add_argument("--holdout", type=float, default=0.5)
    options.add_argument("--events", type=int, default=50, help="events a second")
    options.add_argument("--seconds", type=int, default=20, help="how long they come")
    size = options.parse_args()
    size.only = size.only.split(",")
    if unknown := set(size.only) - set(PARTS):
        options.error(f"there is no part {', '.join(sorted(unknown))}")
    for part in PARTS:
        if part in size.only:
            with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
                folder = Path(name)
                folder.chmod(0o755)
                server = EmbeddedPostgres(folder / "pg")
                try:
                    asyncio.run(measured(folder, server.start(), part, size))
                finally:
                    server.stop()


if __name__ == "__main__":
    main()
