"""One person among many: their timeline, ten thousand ids that become one, and being erased.

A million events of a thousand people, one of whom has a hundred thousand. Beside each figure, in turn with
it and on the same data:

- a page of the timeline: the bare scan of that person's rows (time and message id, nothing made of it)
- 10,000 ids merged into one: 10,000 single-row upserts over one connection, in one transaction
- a person erased: the bare ClickHouse DELETE of their rows, waited for

The erasure also looks through every text of the workspace for the person's words, rewrites PostgreSQL's tables and
waits until the old parts have left the disk: what it did in the log alone is shown beside the whole.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from dure.governance.api import Principal
from dure.kernel.clock import SystemClock
from dure.kernel.ids import person_id
from dure.kernel.tenant import Tenant
from dure.kernel.whom import Whom
from dure.log.api import Log, forget
from dure.main import House, compose
from dure.people.api import Known
from dure.settings import Settings
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate

EVENTS, MINE, IDS, PAGES, ROUNDS = 1_000_000, 100_000, 10_000, 15, 3
NOW = datetime(2026, 11, 1, tzinfo=UTC)
LISTENER = "u-0"

# The busy person takes every twentieth event; the rest are spread evenly.
FILL = f"""
insert into events
select {{org:String}}, {{workspace:String}}, concat('e', toString(number % 40)),
       toDateTime64('2026-09-01', 6, 'UTC') + toIntervalMicrosecond(toInt64(u * 60 * 86400 * 1e6)),
       {{people:Array(UUID)}}[who], {{names:Array(String)}}[who], '', '', '', 'web', toString(number), '', '',
       concat('{{"plan":"', if(u > 0.8, 'plus', 'free'), '","n":', toString(number), '}}')::JSON, now64(6)
from (
    select number, cityHash64(number, 2) / 18446744073709551616. as u,
           if(number % {EVENTS // MINE} = 0, 1, 2 + number % 999) as who
    from numbers({{from:UInt64}}, {{many:UInt64}})
)
"""
SCAN = """select count(), max(time), sum(cityHash64(message_id)) from events
where workspace = {workspace:String} and person = {person:UUID}"""
DELETE = "alter table events delete where workspace = {workspace:String} and person = {person:UUID}"
UPSERT = """insert into bench (workspace, id, person, version) values (%s, %s, %s, 1)
on conflict (workspace, id) do update set person = excluded.person, version = bench.version + 1"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        server = EmbeddedPostgres(Path(name) / "pg")
        state, log = State(server.start()), Log(f"chdb://{Path(name)}/ch")
        try:
            asyncio.run(opened(state, log))
        finally:
            log.close()
            server.stop()


async def opened(state: State, log: Log) -> None:
    await state.open()
    try:
        await migrate(state)
        log.open()
        house = compose(Settings(), SystemClock(), state, log)
        made = await house.governance.found("Bench", "bench", "mina@bench.example")
        owner = await house.governance.principal(made.user_token)
        await measure(house, owner)
    finally:
        await state.close()


async def measure(house: House, owner: Principal) -> None:
    tenant, started = owner.tenant, time.perf_counter()
    await fill(house.log, tenant)
    await house.people.bulk_people(
        tenant, [Known(f"u-{n}", {"email": f"u{n}@bench.example"}, NOW) for n in range(1000)]
    )
    await house.settle_log()
    print(f"{EVENTS:,} events, {MINE:,} of them of one person, written in {time.perf_counter() - started:.0f} s")

    async def page() -> None:
        assert len(await house.people.timeline(owner, LISTENER, limit=50)) == 50

    async def scan() -> None:
        found = await house.log.query(tenant, SCAN, {"person": str(person_id(tenant.workspace, LISTENER))})
        assert found.rows[0][0] >= MINE

    await beside("a page of the timeline", page, "bare scan of the person's rows", scan, PAGES)

    turn = iter(range(1_000_000))

    async def merge() -> None:
        number = next(turn)
        devices = tuple((f"d-{number}-{n}", NOW) for n in range(IDS))
        assert await house.people.bulk_people(tenant, [Known(f"merged-{number}", {}, NOW, devices)]) == IDS

    async with house.state.begin_system() as tx:
        await tx.run(
            "create table bench (workspace text, id text, person uuid, version int, primary key (workspace, id))"
        )

    async def upserts() -> None:
        number = next(turn)
        async with house.state.begin_system() as tx:
            for n in range(IDS):
                await tx.run(UPSERT, (tenant.workspace, f"d-{number}-{n}", UUID(int=number)))

    await beside(f"{IDS:,} ids merged into one", merge, f"{IDS:,} single-row upserts", upserts, ROUNDS)
    await house.settle_log()

    # A user of about nine hundred events, another one each time.
    users = iter(range(1, 1000))

    async def erase() -> None:
        asked = await house.erasures.ask(owner, f"u-{next(users)}")
        await house.erasures.tick()
        assert (await house.erasures.erasure(owner, str(asked.id))).state == "done"

    async def in_log() -> None:
        one = f"u-{next(users)}"
        whom = Whom(tenant).wider(ids=[one], people=[person_id(tenant.workspace, one)])
        assert (await forget(house.log, whom.knowing({"email": f"{one.replace('-', '')}@bench.example"})))["events"]

    async def bare() -> None:
        person = str(person_id(tenant.workspace, f"u-{next(users)}"))
        await house.log.change(tenant, DELETE, {"person": person}, settings={"mutations_sync": 2})

    await beside("a person erased, in the log", in_log, "bare DELETE of their rows", bare, ROUNDS)
    await beside("a person erased, everywhere and on disk", erase, "bare DELETE of their rows", bare, ROUNDS)


async def fill(log: Log, tenant: Tenant) -> None:
    names = [f"u-{n}" for n in range(1000)]
    people = [str(person_id(tenant.workspace, name)) for name in names]
    step = EVENTS // 4
    for start in range(0, EVENTS, step):
        await log.change(tenant, FILL, {"people": people, "names": names, "from": start, "many": step})


async def beside(
    what: str, ours: Callable[[], Awaitable[None]], limit: str, theirs: Callable[[], Awaitable[None]], rounds: int
) -> None:
    """Runs both in turn, reads once to warm up, and prints the medians and their ratio."""
    seconds: tuple[list[float], list[float]] = ([], [])
    warm = 0 if rounds == PAGES else 1
    for turn in range(warm, rounds + 1):
        for taken, run in zip(seconds, (ours, theirs), strict=True):
            begun = time.perf_counter()
            await run()
            if turn:
                taken.append(time.perf_counter() - begun)
    mine, other = map(statistics.median, seconds)
    print(f"{what}: {mine * 1000:,.1f} ms; {limit}: {other * 1000:,.1f} ms; {mine / other:.2f} × (median of {rounds})")


if __name__ == "__main__":
    main()
