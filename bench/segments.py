"""A thousand segments over a million people and twenty million events: everybody looked at, and only those who matter.

Sixty days, sixty kinds of event whose frequencies fall as one over their rank; a few people do very much, most do
little. The segments' rules are of the kinds people write (did and did not, how often, last and first time, sums,
sequences, traits, lots, in groups), drawn from a seed; most have windows, so that time alone moves people out of them.

- whole: everybody looked at, a statement a segment, members written: the first computation
- following: events arrive over the feed, time passes, and only those of whom something changed are looked at
- whole again: everybody is looked at once more, and must agree with what following came to, or the bench stops

    python bench/segments.py [--segments 1000] [--people 1000000] [--events 20000000] [--ticks 5] [--arriving 2000]
        [--every 20] [--keep FOLDER] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from dure.feed.api import Event, append_lines, lines_of
from dure.governance.api import Governance, Principal
from dure.kernel.clock import StillClock
from dure.kernel.ids import uuid7
from dure.log.api import Log, LogWriter
from dure.segments.api import Segments
from dure.segments.recomputing import Done, Recomputing, Workplace
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate

NAMES, DAYS, PART = 60, 60, 4_000_000
NOW = datetime(2026, 11, 1, tzinfo=UTC)

FILL = f"""
insert into events
select {{org:String}}, {{workspace:String}},
       if(number % 40 = 0, 'Identified', concat('e', toString(rank))) as event,
       toDateTime64('2026-09-02', 6, 'UTC') + toIntervalMicrosecond(toInt64(u2 * {DAYS} * 86400 * 1e6)) as time,
       reinterpretAsUUID(sipHash128(someone)), concat('u-', toString(someone)), '', '', '', 'web', toString(number),
       '', '',
       concat('{{"plan":"', if(someone % 5 = 0, 'plus', 'free'), '","country":"', ['KR', 'US', 'JP', 'VN'][1 +
           toUInt8(4 * u4 * u4)], '"', if(rank <= 9, concat(',"amount":', toString(1 + toUInt32(90 * u4))), ''),
           '}}')::JSON, time
from (
    select number, toUInt8(floor(exp(log({NAMES}) * (cityHash64(number, 1) / 18446744073709551616.)))) as rank,
           cityHash64(number, 2) / 18446744073709551616. as u2,
           toUInt32({{people:UInt32}} * pow(cityHash64(number, 3) / 18446744073709551616., 1.5)) as someone,
           cityHash64(number, 4) / 18446744073709551616. as u4
    from numbers({{first:UInt64}}, {{count:UInt64}})
)
"""
# A part of the table for each statement: merging small ones was most of the work.
_LARGE_PARTS = {"min_insert_block_size_rows": PART, "min_insert_block_size_bytes": 2 << 30}


@dataclass
class Company:
    """The log, the state, and segments in it."""

    log: Log
    state: State
    clock: StillClock
    governance: Governance
    principal: Principal
    segments: Segments
    people: list[UUID]

    @property
    def recomputing(self) -> Recomputing:
        return self.segments._recomputing

    async def arrive(self, many: int, chance: random.Random, ago: timedelta) -> None:
        """Events of people chosen evenly, spread over the time that passed, over the feed and into the log."""
        tenant, events = self.principal.tenant, []
        for _ in range(many):
            at = self.clock.now() - ago * chance.random()
            rank = int(NAMES ** chance.random())
            events.append(
                Event(org=tenant.org, workspace=tenant.workspace, event=f"e{rank}", time=at, received_at=at,
                      message_id=str(uuid7()), source="web", person=chance.choice(self.people),
                      properties={"plan": "free", "country": "KR", "amount": chance.randint(1, 90)})
            )  # fmt: skip
        async with self.state.begin_system() as tx:
            await append_lines(tx, tenant, len(events), lines_of(events))
        writer = LogWriter(self.state, self.log)
        while await writer.step():
            pass

    async def place(self) -> Workplace:
        place, _ = await self.segments._due(
            self.principal, await self.segments.segments(self.principal), timedelta(), self.clock.now(), []
        )
        return place

    async def whole(self) -> tuple[int, int]:
        """Everybody once more, for every segment; how many were missing and how many extra."""
        found = await self.segments.compute_all(self.principal)
        return sum(one.missing for one in found.values()), sum(one.extra for one in found.values())


def rules(many: int) -> list[dict[str, Any]]:
    """Rules as people write them; each holds for few."""
    chance = random.Random(11)

    def event() -> str:
        return f"e{int(NAMES ** chance.random())}"

    def within() -> str:
        return chance.choice(["1d", "3d", "7d", "14d", "28d"])

    def leaf() -> dict[str, Any]:
        return chance.choice([
            {"kind": "did", "event": event(), "within": within(), "at_least": chance.choice([1, 1, 2, 5])},
            {"kind": "did", "event": event(), "within": within(), "measure": "days", "at_least": 2},
            {"kind": "did", "event": event(), "within": within(), "where": [
                {"prop": "country", "op": "=", "value": chance.choice(["KR", "US", "JP", "VN"])}]},
            {"kind": "frequency", "event": event(), "per": "week", "periods": 4, "at_least": 2},
            {"kind": "last_seen", "event": event(), "over": "7d", "under": "28d"},
            {"kind": "first_seen", "event": event(), "under": within()},
            {"kind": "amount", "event": event(), "prop": "amount", "value": chance.choice([50, 200]),
             "within": within()},
            {"kind": "sequence", "steps": [{"event": event()}, {"event": event()}], "span": "1d", "within": "7d"},
        ])  # fmt: skip

    made = []
    for _ in range(many):
        few = {"kind": "share", "share": chance.choice([0.005, 0.02, 0.05]), "start": chance.choice([0.0, 0.3, 0.6])}
        parts = [leaf(), few]
        if chance.random() < 0.5:
            parts.append({"kind": "not", "of": {"kind": "did", "event": event(), "within": within()}})
        if chance.random() < 0.3:
            parts.append({"kind": "trait", "prop": "plan", "value": chance.choice(["plus", "free"])})
        if chance.random() < 0.2:
            parts.append({"kind": "any", "of": [leaf(), leaf()]})
        made.append({"kind": "all", "of": parts})
    return made


async def founded(url: str, log: Log, wanted: argparse.Namespace) -> Company:
    state, clock = State(url, connections=12), StillClock(NOW)
    await state.open()
    await migrate(state)
    governance = Governance(state, clock)
    made = await governance.found("Bench", "bench", "mina@bench.example")
    principal = await governance.principal(made.user_token)
    tenant = principal.tenant
    begun = time.perf_counter()
    for first in range(0, wanted.events, PART):
        with log._client() as client:  # the bench's own insert is none of the log's doors
            client.command(FILL, settings=_LARGE_PARTS, parameters={
                "org": tenant.org, "workspace": tenant.workspace, "people": wanted.people, "first": first,
                "count": min(PART, wanted.events - first),
            })  # fmt: skip
    rows = await log.query(tenant, "select distinct person from events where workspace = {workspace:String}")
    print(f"{wanted.events:,} events of {len(rows.rows):,} people in {time.perf_counter() - begun:.0f} s", flush=True)
    segments = Segments(
        state, log, clock, governance, every=timedelta(), whole=timedelta(days=10_000), kept=timedelta(days=10_000)
    )
    for number, rule in enumerate(rules(wanted.segments)):
        await segments.create(principal, f"segment {number}", rule)
    return Company(log, state, clock, governance, principal, segments, [row[0] for row in rows.rows])


async def measured(company: Company, wanted: argparse.Namespace) -> dict[str, Any]:
    chance, told = random.Random(5), dict[str, Any]()
    begun = time.perf_counter()
    await company.segments.tick()
    whole = time.perf_counter() - begun
    async with company.state.begin_system() as tx:
        members = await tx.value("select count(*) from segments.member")
    told["whole, first"] = {"seconds": whole, "events_a_second": wanted.events / whole, "members": members}
    print(f"first computation: {whole:.1f} s, {members:,} members of {wanted.segments:,} segments", flush=True)
    ticks: list[tuple[float, Done]] = []
    for _ in range(wanted.ticks):
        pause = timedelta(seconds=wanted.every)
        company.clock.advance(pause)
        await company.arrive(wanted.arriving, chance, pause)
        begun = time.perf_counter()
        found = await company.recomputing.follow([await company.place()], company.clock.now())
        ticks.append((time.perf_counter() - begun, found[company.principal.tenant.workspace]))
    seconds = statistics.median(took for took, _ in ticks)
    told["following"] = {
        "seconds_a_tick": seconds, "slowest": max(took for took, _ in ticks), "events_a_tick": wanted.arriving,
        "people_touched": statistics.median(done.touched for _, done in ticks),
        "moved": sum(done.entered + done.left for _, done in ticks),
        "events_a_second": wanted.arriving / seconds,
    }  # fmt: skip
    begun = time.perf_counter()
    missing, extra = await company.whole()
    once_more = time.perf_counter() - begun
    told["whole, again"] = {"seconds": once_more, "missing": missing, "extra": extra}
    told["ratio"] = once_more / seconds
    if missing or extra:
        raise SystemExit(f"following came to something else: {missing} were missing, {extra} extra")
    table = Table("way", "seconds", "what", title=f"{wanted.segments:,} segments, {wanted.people:,} people,"
                  f" {wanted.events:,} events")  # fmt: skip
    table.add_row("whole, first", f"{whole:.1f}", f"{wanted.events / whole:,.0f} events/s; {members:,} members written")
    table.add_row("whole, again", f"{once_more:.1f}", f"{wanted.events / once_more:,.0f} events/s; no difference")
    follow = told["following"]
    table.add_row("following, a tick", f"{seconds:.2f}", f"{follow['people_touched']:,.0f} people touched by"
                  f" {wanted.arriving:,} events and {wanted.every} s; {follow['moved']:,} moves in all")  # fmt: skip
    table.add_row("whole : following", f"{told['ratio']:.1f} ×", "")
    Console(width=120).print(table)
    return told


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--segments", type=int, default=1_000)
    options.add_argument("--people", type=int, default=1_000_000)
    options.add_argument("--events", type=int, default=20_000_000)
    options.add_argument("--ticks", type=int, default=5)
    options.add_argument("--arriving", type=int, default=2_000, help="events that arrive between two ticks")
    options.add_argument("--every", type=int, default=20, help="seconds between two ticks")
    options.add_argument("--keep", type=Path, metavar="FOLDER")
    options.add_argument("--json", type=Path)
    wanted = options.parse_args()
    with ExitStack() as stack:
        folder = wanted.keep
        if folder is None:
            made = tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(made))
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        server = EmbeddedPostgres(folder / "pg")
        url = server.start()
        stack.callback(server.stop)
        log = Log(f"chdb://{folder.resolve()}/ch")
        log.open()
        stack.callback(log.close)

        async def run() -> dict[str, Any]:
            company = await founded(url, log, wanted)
            try:
                return await measured(company, wanted)
            finally:
                await company.state.close()

        told = asyncio.run(run())
        if wanted.json:
            wanted.json.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
