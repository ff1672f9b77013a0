"""A funnel over five million events, beside the same counts by hand.

Half a million people, forty kinds of event whose frequencies fall as one over their rank, thirty days. Three steps,
a window of seven days. Peers, in turn with ours, on the same data and threads:

- the bare scan of the rows and columns that any answer must read
- SQL by hand: each first step ASOF-joined to the next second and third one
- `windowFunnel`, which gives these counts too (its mistakes are with repeats and strictness), but no times

Ours also gives mean and median seconds of every step. All must agree on the counts, or the bench stops.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.metrics.asking import ask
from dure.metrics.question import parse

EVENTS, PEOPLE, NAMES, ROUNDS = 5_000_000, 500_000, 40, 5
TENANT = Tenant("E0BENCH0000", "T0BENCH0000")
NOW = datetime(2026, 11, 1, tzinfo=UTC)
STEPS = ("e2", "e5", "e9")
EXCLUDED = "e20"
RANGE = "workspace = {workspace:String} and time >= '2026-10-01' and time < '2026-10-31'"
PICKED = f"{RANGE} and event in {STEPS}"
WINDOW = 7 * 86_400

FILL = f"""
insert into events
select {{org:String}}, {{workspace:String}},
       concat('e', toString(toUInt8(floor(exp(log({NAMES}) * u1))))) as event,
       toDateTime64('2026-10-01', 6, 'UTC') + toIntervalMicrosecond(toInt64(u2 * 30 * 86400 * 1e6)) as time,
       reinterpretAsUUID(sipHash128(toUInt32(u3 * {PEOPLE}))) as person,
       concat('u-', toString(toUInt32(u3 * {PEOPLE}))), '', '', '', 'web', toString(number), '', '',
       concat('{{"plan":"', if(u1 > 0.8, 'plus', 'free'), '"}}')::JSON, time
from (
    select number, cityHash64(number, 1) / 18446744073709551616. as u1,
           cityHash64(number, 2) / 18446744073709551616. as u2, cityHash64(number, 3) / 18446744073709551616. as u3
    from numbers({EVENTS})
)
"""

SCAN = f"select count(), sum(cityHash64(person)), max(time), max(event) from events where {PICKED}"

ATTEMPTS = f"""
with ab as (
    select a.person as person, a.time as began, a.plan as plan, b.time as second
    from (select person, time, PLAN as plan from events where {RANGE} and event = '{STEPS[0]}') as a
    asof left join (select person, time from events where {RANGE} and event = '{STEPS[1]}') as b
    on a.person = b.person and a.time <= b.time
),
abc as (
    select ab.person as person, ab.began as began, ab.plan as plan, ab.second as second, c.time as third
    from ab asof left join (select person, time from events where {RANGE} and event = '{STEPS[2]}') as c
    on ab.person = c.person and ab.second <= c.time
)
"""
SECOND = f"second > '1980-01-01' and second <= began + {WINDOW}"
THIRD = f"second > '1980-01-01' and third > '1980-01-01' and third <= began + {WINDOW}"

BY_HAND = f"""{ATTEMPTS.replace("PLAN", "''")}
select uniqExact(person), uniqExactIf(person, {SECOND}), uniqExactIf(person, {THIRD}) from abc
"""

# The group is the value at the attempt that got furthest, of equal ones the latest to begin.
BY_HAND_BY_PLAN = f"""{ATTEMPTS.replace("PLAN", "toString(properties.plan)")}
select sum(people), sum(two), sum(three) from (
    select count() as people, countIf(best.1 >= 2) as two, countIf(best.1 >= 3) as three from (
        select max((multiIf({THIRD}, 3, {SECOND}, 2, 1), began, plan)) as best from abc group by person
    ) group by best.3
)
"""

# An excluded event between the first two steps removes the attempt.
BY_HAND_EXCLUDED = f"""{ATTEMPTS.replace("PLAN", "''")},
judged as (
    select abc.person as person, multiIf({THIRD}, 3, {SECOND}, 2, 1) as far,
           x.time > '1980-01-01' and x.time <= began + {WINDOW} and (second < '1980-01-01' or x.time < second) as gone
    from abc asof left join (select person, time from events where {RANGE} and event = '{EXCLUDED}') as x
    on abc.person = x.person and abc.began < x.time
)
select countIf(standing >= 1), countIf(standing >= 2), countIf(standing >= 3) from (
    -- A removed attempt was at its first step.
    select max(if(gone, 1, far)) as furthest, maxIf(far, not gone) as standing from judged group by person
    having standing >= furthest
)
"""

WINDOW_FUNNEL = f"""
select countIf(level >= 1), countIf(level >= 2), countIf(level >= 3)
from (
    select person, windowFunnel({WINDOW * 1_000_000})(toUInt64(toUnixTimestamp64Micro(time)),
           event = '{STEPS[0]}', event = '{STEPS[1]}', event = '{STEPS[2]}') as level
    from events where {PICKED} group by person
)
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as name:
        log = Log(f"chdb://{Path(name)}/ch")
        log.open()
        try:
            asyncio.run(measure(log))
        finally:
            log.close()


async def measure(log: Log) -> None:
    started = time.perf_counter()
    await log.command(TENANT, FILL)
    sizes = f"select count(), uniqExact(person), countIf(event in {STEPS}) from events where {RANGE}"
    ((rows, people, picked),) = (await log.query(TENANT, sizes)).rows
    took = time.perf_counter() - started
    print(f"{rows:,} events of {people:,} people written in {took:.0f} s, {picked:,} of them in the funnel")

    async def sql(text: str) -> list[int]:
        (row,) = (await log.query(TENANT, text)).rows
        return [int(value) for value in row] if "cityHash64" not in text else []

    async def ours(**more: Any) -> list[int]:
        question = {
            "kind": "funnel", "steps": [{"event": step} for step in STEPS], "window": "7d",
            "from": "2026-10-01", "to": "2026-10-30", **more,
        }  # fmt: skip
        answer = await ask(log, TENANT, parse(question), NOW, "UTC")
        return [step["count"] for step in answer["steps"]]

    runs: dict[str, Callable[[], Awaitable[list[int]]]] = {
        "bare scan": lambda: sql(SCAN),
        "by hand (ASOF joins)": lambda: sql(BY_HAND),
        "windowFunnel": lambda: sql(WINDOW_FUNNEL),
        "ours": ours,
        "ours, strict": lambda: ours(order="strict"),
        "ours, any order": lambda: ours(order="any"),
        "by hand, one exclusion": lambda: sql(BY_HAND_EXCLUDED),
        "ours, one exclusion": lambda: ours(exclude=[{"event": EXCLUDED}]),
        "by hand, by plan": lambda: sql(BY_HAND_BY_PLAN),
        "ours, by plan": lambda: ours(breakdown={"prop": "plan"}),
    }
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    counts: dict[str, list[int]] = {}
    for turn in range(ROUNDS + 1):
        for name, run in runs.items():
            begun = time.perf_counter()
            counts[name] = await run()
            if turn:  # the first turn warms the caches
                seconds[name].append(time.perf_counter() - begun)
    agreed = counts["windowFunnel"]
    for name in ("by hand (ASOF joins)", "ours", "by hand, by plan", "ours, by plan"):
        if counts[name] != agreed:
            raise SystemExit(f"{name} says {counts[name]}, windowFunnel says {agreed}")
    if counts["by hand, one exclusion"] != counts["ours, one exclusion"]:
        raise SystemExit(f"with an exclusion: {counts['by hand, one exclusion']}, {counts['ours, one exclusion']}")
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    print(f"counts: {agreed}; medians of {ROUNDS}")
    for name, median in medians.items():
        print(
            f"  {name:22} {median:7.3f} s  {median / medians['by hand (ASOF joins)']:5.2f} × by hand"
            f"  {median / medians['windowFunnel']:5.2f} × windowFunnel  {median / medians['bare scan']:5.1f} × scan"
        )


if __name__ == "__main__":
    main()
