"""Every kind of question over twenty million events, beside SQL by hand, DuckDB, `windowFunnel` and the bare scan.

Half a million people, sixty kinds of event whose frequencies fall as one over their rank, sixty days; a few people do
very much, most do little. Each question is asked cold (nothing of the log in memory) and warm (median of the rounds),
in turn with its peers, on the same data, disk and threads:

- by hand: the best SQL we know for the same numbers, on the same ClickHouse
- DuckDB: the same numbers out of DuckDB, its table sorted as the log is
- `windowFunnel`, where it is right; it gives counts and no times
- the bare scan: only reading the rows and columns that any answer must read

All must agree on the numbers, or the bench stops. Elapsed, CPU seconds of the process, bytes that ClickHouse read, and
how much higher the process stood in memory at most.

    python bench/metrics.py [--events 20000000] [--rounds 5] [--only funnel,retention] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import gc
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from by_hand.metrics import CASES, MACROS, Case
from rich.console import Console
from rich.table import Table

from dure.kernel.tenant import Tenant
from dure.log.api import Log, Rows
from dure.metrics.asking import ask
from dure.metrics.question import parse

PEOPLE, NAMES, DAYS, PART = 500_000, 60, 60, 2_000_000
TENANT = Tenant("E0BENCH0000", "T0BENCH0000")
NOW = datetime(2026, 11, 1, tzinfo=UTC)

FILL = f"""
insert into events
select {{org:String}}, {{workspace:String}}, concat('e', toString(rank)) as event,
       toDateTime64('2026-09-02', 6, 'UTC') + toIntervalMicrosecond(toInt64(u2 * {DAYS} * 86400 * 1e6)) as time,
       reinterpretAsUUID(sipHash128(someone)), concat('u-', toString(someone)), '', '', '', 'web', toString(number),
       '', '',
       concat('{{"plan":"', if(someone % 5 = 0, 'plus', 'free'), '","country":"', ['KR', 'US', 'JP', 'VN'][1 +
           toUInt8(4 * u4 * u4)], '"', if(rank = 7, concat(',"amount":', toString(100 * (1 + toUInt32(90 * u4)))), ''),
           if(rank = 4, concat(',"utm_source":"', ['search', 'social', 'mail', ''][1 + toUInt8(4 * u4)], '"'), ''),
           '}}')::JSON, time
from (
    select number, toUInt8(floor(exp(log({NAMES}) * (cityHash64(number, 1) / 18446744073709551616.)))) as rank,
           cityHash64(number, 2) / 18446744073709551616. as u2,
           toUInt32({PEOPLE} * pow(cityHash64(number, 3) / 18446744073709551616., 1.5)) as someone,
           cityHash64(number, 4) / 18446744073709551616. as u4
    from numbers({{first:UInt64}}, {{count:UInt64}})
)
"""
EXPORT = """
select event, time, person, properties.plan::String as plan, properties.country::String as country,
       properties.amount.:Int64 as amount, ifNull(properties.utm_source.:String, '') as utm_source
from events where workspace = {workspace:String} order by event, toDate(time), person, time
"""


@dataclass
class Measured:
    """What one way to an answer took."""

    numbers: list[Any] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    cold: float = 0.0
    cpu: list[float] = field(default_factory=list)
    read: int = 0
    memory: int = 0

    @property
    def warm(self) -> float:
        return statistics.median(self.seconds)


class Company:
    """The log and DuckDB's table of the same events."""

    def __init__(self, folder: Path, log: Log, events: int) -> None:
        self.folder = folder
        self.log = log
        self.duck = duckdb.connect(str(folder / "events.duckdb"), config={"memory_limit": "3GB"})
        self.duck.execute(f"set threads to {os.cpu_count()}; set timezone to 'UTC'; set enable_progress_bar = false")
        for macro in MACROS:
            self.duck.execute(macro)
        self._fill(events)
        self.loop = asyncio.Runner()
        self.read = 0  # bytes, by the last way that was gone
        self.asked = self.log.query_now
        self.log.query_now = self._counted  # type: ignore[method-assign]

    def _counted(self, *what: Any, **how: Any) -> Rows:
        rows = self.asked(*what, **how)
        self.read += rows.bytes_read
        return rows

    def _fill(self, events: int) -> None:
        ((known,),) = self.log.query_now(TENANT, "select count() from events").rows
        if known == events:
            return
        begun = time.perf_counter()
        for first in range(0, events, PART):
            with self.log._client() as client:  # the bench's own insert is none of the log's doors
                bound = {"org": TENANT.org, "workspace": TENANT.workspace}
                client.command(FILL, parameters={**bound, "first": first, "count": min(PART, events - first)})
        with self.log._client() as client:
            client.command("optimize table events final")
            client.command(
                f"insert into function file('{self.folder / 'events.parquet'}', Parquet) {EXPORT}",
                parameters={"workspace": TENANT.workspace},
            )
        self.duck.execute(f"create or replace table events as from '{self.folder / 'events.parquet'}'")
        self.duck.execute("checkpoint")
        (self.folder / "events.parquet").unlink()
        print(f"{events:,} events written twice in {time.perf_counter() - begun:.0f} s")

    def ours(self, question: dict[str, Any], numbers: Callable[[dict[str, Any]], list[Any]]) -> list[Any]:
        return numbers(self.loop.run(ask(self.log, TENANT, parse(question), NOW, "UTC")))

    def clickhouse(self, sql: str) -> list[Any]:
        return [value for row in self.log.query_now(TENANT, sql, settings={"max_memory_usage": 6 << 30}).rows
                for value in row]  # fmt: skip

    def duckdb(self, sql: str) -> list[Any]:
        return [value for row in self.duck.execute(sql).fetchall() for value in row]

    def forget(self) -> None:
        """Nothing of the log stays in memory: neither ClickHouse's caches nor the system's, where we may say so."""
        with self.log._client() as client:
            client.command("system drop mark cache")
            client.command("system drop uncompressed cache")
        try:
            os.sync()
            Path("/proc/sys/vm/drop_caches").write_text("1")
        except OSError:
            for path in self.folder.rglob("*"):
                if path.is_file():
                    with path.open("rb") as file:
                        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def measure(company: Company, run: Callable[[], list[Any]], into: Measured, *, cold: bool) -> None:
    company.read = 0
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew
    stood = _memory("VmRSS")
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    into.numbers = run()
    took = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    if cold:
        into.cold = took
        return
    into.seconds.append(took)
    into.cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    into.read = company.read
    into.memory = max(into.memory, _memory("VmHWM") - stood)


def _memory(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


def ways(company: Company, case: Case) -> dict[str, Callable[[], list[Any]]]:
    found: dict[str, Callable[[], list[Any]]] = {
        "scan": lambda: company.clickhouse(case.scan),
        "Dure": lambda: company.ours(case.question, case.numbers),
    }
    for name, sql in case.by_hand.items():
        found[name] = lambda sql=sql: company.clickhouse(sql)  # type: ignore[misc]
    if case.duckdb:
        found["DuckDB"] = lambda: company.duckdb(case.duckdb)
    return found


def compare(company: Company, case: Case, rounds: int) -> dict[str, Measured]:
    runs = ways(company, case)
    found = {name: Measured() for name in runs}
    for name, run in runs.items():
        company.forget()
        measure(company, run, found[name], cold=True)
    for _ in range(rounds):
        for name, run in runs.items():
            measure(company, run, found[name], cold=False)
    wanted = _rounded(found["Dure"].numbers)
    for name, one in found.items():
        some = wanted[: len(one.numbers)] if name in case.partial else wanted
        if name != "scan" and _rounded(one.numbers) != some:
            raise SystemExit(f"{case.name}: {name} says {_rounded(one.numbers)[:12]}, Dure says {some[:12]}")
    return found


def _rounded(numbers: Sequence[Any]) -> list[Any]:
    return [round(float(one), 4) if isinstance(one, int | float) else one for one in numbers]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--events", type=int, default=20_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", default="")
    options.add_argument("--keep", type=Path)
    options.add_argument("--json", type=Path)
    wanted = options.parse_args()
    with ExitStack() as stack:
        folder = wanted.keep
        if folder is None:
            made = tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True)
            folder = Path(stack.enter_context(made))
        folder.mkdir(parents=True, exist_ok=True)
        log = Log(f"chdb://{folder.resolve()}/ch")
        log.open()
        stack.callback(log.close)
        company = Company(folder, log, wanted.events)
        stack.callback(company.duck.close)
        stack.callback(company.loop.close)
        told: dict[str, Any] = {}
        table = Table(
            "question",
            "way",
            *("cold s", "warm s", "CPU s", "MB read", "MB memory", "× scan", "Dure ×"),
            title="medians",
        )
        for case in CASES:
            if wanted.only and case.name not in wanted.only.split(","):
                continue
            found = compare(company, case, wanted.rounds)
            ours, scan = found["Dure"].warm, found["scan"].warm
            for name, one in found.items():
                cpu = statistics.median(one.cpu)
                read = f"{one.read / 1e6:.0f}" if one.read else ""
                row = (f"{one.cold:.3f}", f"{one.warm:.3f}", f"{cpu:.2f}", read, f"{one.memory / 1e6:.0f}",
                       f"{one.warm / scan:.1f}", f"{ours / one.warm:.2f}")  # fmt: skip
                table.add_row(case.name if name == "scan" else "", name, *row)
                told.setdefault(case.name, {})[name] = {
                    "cold": one.cold, "warm": one.warm, "cpu": cpu, "memory": one.memory, "read": one.read,
                }  # fmt: skip
        Console(width=120).print(table)
        if wanted.json:
            wanted.json.write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
