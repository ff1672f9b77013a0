"""Pacing alerts beside the two rules that everybody uses: progress below 95 % of a straight line, and of the learned
shape of traffic. On simulated flights over a city's real traffic (`bench/by_hand/flights.py`).

1. alerts: precision, recall by depth of miss, lead time, false alerts per good line, at about 3 % and 27 % misses
2. intervals: how many ends lie in the 80 % interval, by quarter of the flight, also where the forecast is short
3. the loop closed: a repair after an alert; delivered in full with and without the bot, for three sorts of repairers
4. a hundred thousand line items forecast, and a whole look at as many (`DURE_BENCH_LOOK`): days read from
   PostgreSQL, forecasts, alerts weighed, outlooks and events written

The past that everything is learned from ends before the flights begin that are judged.

    dure bench pacing [DURE_SHARED_DATA=folder of the real data sets]
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import numpy as np
from by_hand.flights import CUSHION, NONE, World, traffic, world
from rich.console import Console
from rich.table import Table

from dure.governance.api import Governance
from dure.kernel.clock import StillClock
from dure.pacing.api import Pacing
from dure.pacing.calibration import calibrated
from dure.pacing.curve import Curve, Flight, learn
from dure.pacing.forecast import Ask, Pace, pace_many
from dure.pacing.gate import certainty, checked, decide
from dure.pacing.model import Alert
from dure.pacing.remedy import needed_factor
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate

DATA = Path(os.environ.get("DURE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
LINES = int(os.environ.get("DURE_BENCH_LINES", "1500"))
PAST, NOW = (0, 92), (92, 212)
DETECTORS = ("straight line", "learned shape", "Dure")
MISSES = {"3 %": 0.045, "27 %": 0.44}


@dataclass
class Watch:
    """What one detector has said of every line: days on which an alert opened, and whether one is open."""

    opened: list[list[int]]
    open: np.ndarray
    alerts: dict[int, Alert] = field(default_factory=dict)

    @classmethod
    def of(cls, count: int) -> Watch:
        return cls([[] for _ in range(count)], np.zeros(count, dtype=bool))

    def say(self, row: int, day: int, bad: bool) -> None:
        """A plain rule: bad opens, not bad closes."""
        if bad and not self.open[row]:
            self.opened[row].append(day)
        self.open[row] = bad


def learned(worlds: Sequence[World], day: int) -> Curve:
    """What the flights teach that have ended in the last hundred and twenty days."""
    flights = [
        Flight(it.first + timedelta(days=int(begin)), it.delivered[row, begin : begin + length], int(it.goal[row]))
        for it in worlds
        for row, (begin, length) in enumerate(zip(it.begin, it.length, strict=True))
        if day - 120 <= begin + length <= day
    ]
    return calibrated(learn(flights, country="US"), flights)


def asked(it: World, day: int) -> tuple[np.ndarray, list[Ask]]:
    """The running lines on the morning of a day, with every day that is complete."""
    rows = np.flatnonzero(it.running(day) & (it.begin < day))
    return rows, [
        Ask(
            it.first + timedelta(days=int(it.begin[row])), it.first + timedelta(days=int(it.end[row]) - 1),
            int(it.goal[row]), it.delivered[row, it.begin[row] : day],
        )
        for row in rows
    ]  # fmt: skip


def morning(
    it: World, day: int, curve: Curve, shape: np.ndarray, watches: dict[str, Watch]
) -> tuple[np.ndarray, list[Ask], list[Pace]]:  # fmt: skip
    """A morning's look at all running lines by all three detectors."""
    rows, asks = asked(it, day)
    paces = pace_many(asks, curve)
    cumulative = np.concatenate([[0.0], np.cumsum(shape)])
    for row, ask, found in zip(rows.tolist(), asks, paces, strict=True):
        begin, end, goal, total = it.begin[row], it.end[row], it.goal[row], float(ask.days.sum())
        even = goal * (day - begin) / (end - begin)
        flow = goal * (cumulative[day] - cumulative[begin]) / (cumulative[end] - cumulative[begin])
        watches["straight line"].say(row, day, total < 0.95 * even)
        watches["learned shape"].say(row, day, total < 0.95 * flow)
        ours(watches["Dure"], it, row, day, ask, found, total)
    return rows, asks, paces


def ours(watch: Watch, it: World, row: int, day: int, ask: Ask, found: Pace, total: float) -> None:
    """The machine that writes cards."""
    goal = int(it.goal[row])
    short = max(1 - float(found.middle[-1]) / goal, 0.0) if len(found.middle) else 0.0
    sure = "fine" if total >= goal * 0.99 else certainty(found.miss, short)
    if len(ask.days) < 3 and total > 0:
        sure = "unclear"
    at = datetime(2014, 7, 1, 9, tzinfo=UTC) + timedelta(days=day)
    last = watch.alerts.get(row)
    data_day = date(2014, 7, 1) + timedelta(days=day - 1)
    move = decide(last, sure, short, data_day, at)
    current = last if last is not None and last.state != "resolved" else None
    was = current or Alert(str(row), "", "at_risk", "pending", 1, 0, short, data_day, at, None, None, None, "", {})
    was = replace(was, checks=checked(current, sure, data_day))
    if was.state == "pending" or sure in ("sure", "likely"):
        was = replace(was, data_day=data_day)
    if move == "forget":
        watch.alerts.pop(row, None)
    elif move == "wait" or (move == "hold" and current is not None):
        watch.alerts[row] = was
    elif move in ("raise", "again"):
        if not watch.open[row]:
            watch.opened[row].append(day)
        watch.open[row] = True
        watch.alerts[row] = replace(
            was, state="open", notices=was.notices + 1, notified_at=at, told_share=short, told_severity="warning"
        )
    elif move == "clearing":
        watch.alerts[row] = replace(was, state="clearing", fine_since=at, data_day=data_day)
    elif move == "back":
        watch.alerts[row] = replace(was, state="open", fine_since=None)
    elif move == "clear":
        watch.open[row] = False
        watch.alerts[row] = replace(was, state="resolved", closed_at=at, closed_because="recovered")


@dataclass
class Result:
    it: World
    watches: dict[str, Watch]
    inside: dict[tuple[int, str], list[bool]]


def play(it: World, past: World, shape: np.ndarray, repairer: Repairer | None = None) -> Result:
    """Every day of the window: a morning's look, then the ad server's day."""
    count = len(it.goal)
    watches = {name: Watch.of(count) for name in DETECTORS}
    forecasts: list[tuple[int, int, float, float, float]] = []
    for day in range(NOW[0], NOW[1]):
        if (day - NOW[0]) % 7 == 0:
            curve = learned((past, it), day)
        rows, asks, paces = morning(it, day, curve, shape, watches)
        known = dict(zip(rows.tolist(), zip(asks, paces, strict=True), strict=True))
        for row, found in zip(rows.tolist(), paces, strict=True):
            if found.spread > 0:
                quarter = min(int((day - it.begin[row]) / it.length[row] * 4), 3)
                forecasts.append((row, quarter, float(found.low[-1]), float(found.high[-1]), float(found.middle[-1])))
        if repairer is not None:
            repairer.morning(it, day, watches["Dure"], known, curve)
        it.live(day)
    inside: dict[tuple[int, str], list[bool]] = {}
    for row, quarter, low, high, middle in forecasts:
        end, goal = it.total[row], it.goal[row]
        # A thousandth of the goal: where an ad server stops is known to the unit by nobody.
        held = bool(low - goal / 1000 <= end <= high + goal / 1000)
        inside.setdefault((quarter, "all"), []).append(held)
        if middle < goal:
            inside.setdefault((quarter, "forecast short"), []).append(held)
        if end < goal * CUSHION * 0.995:
            inside.setdefault((quarter, "end below the cushion"), []).append(held)
    return Result(it, watches, inside)


@dataclass
class Repairer:
    """People who are told: they answer after one to three days, and look again every second day while it stays open.

    `luck`: the share of line items that can be mended at all (the creative arrives, the tag is set right). Where that
    is not enough they widen by the factor that the card names, as far as there is more to be had: between a fifth and
    twice as much, which nobody knows beforehand.
    """

    luck: float
    seed: int = 5
    told: dict[int, int] = field(default_factory=dict)

    def morning(self, it: World, day: int, watch: Watch, asks: dict[int, tuple[Ask, Pace]], curve: Curve) -> None:
        for row in np.flatnonzero(watch.open & it.running(day)).tolist():
            rng = np.random.default_rng((self.seed, row))
            answer, lucky, most = int(rng.integers(1, 4)), rng.random() < self.luck, rng.uniform(1.2, 2.0)
            since = day - self.told.setdefault(row, day)
            if not lucky or since < answer or (since - answer) % 2:
                continue
            it.repaired[row] = min(it.repaired[row], day)
            if row in asks:
                asked_for = needed_factor(*asks[row], curve) or most
                it.lift[row] = min(it.lift[row] * asked_for, most)


def score(result: Result, name: str) -> dict[str, float]:
    it, watch = result.it, result.watches[name]
    share = it.total / it.goal
    missed = share < 0.99
    flagged = np.array([bool(days) for days in watch.opened])
    caught = missed & flagged
    lead = [float(it.end[row] - _sustained(watch, row)) for row in np.flatnonzero(caught)]
    whole = [float(it.end[row] - _sustained(watch, row)) / float(it.length[row]) for row in np.flatnonzero(caught)]
    opens = np.array([len(days) for days in watch.opened])

    def recall(of: np.ndarray) -> float:
        return float(flagged[of].mean()) if of.any() else float("nan")

    return {
        "precision": float(caught.sum() / max(flagged.sum(), 1)), "recall": recall(missed),
        "below 90 %": recall(share < 0.9), "90 to 97 %": recall((share >= 0.9) & (share < 0.97)),
        "97 to 99 %": recall((share >= 0.97) & missed),
        "lead days": median(lead) if lead else float("nan"), "of the flight": median(whole) if whole else float("nan"),
        "false a good line": float(opens[~missed].mean()),
        "nothing was wrong": float(opens[~missed & (it.fault == NONE)].mean()), "alerts a line": float(opens.mean()),
    }  # fmt: skip


def _sustained(watch: Watch, row: int) -> int:
    """The first day of the episode that was last: earlier ones had closed."""
    return watch.opened[row][-1]


def alerts(console: Console, past: World, first: date, flow: np.ndarray, shape: np.ndarray) -> None:
    for name, troubled in MISSES.items():
        it = world(23, LINES, troubled, first, flow, window=NOW)
        result = play(it, past, shape)
        missed = float((it.total < 0.99 * it.goal).mean())
        table = Table(
            "alert when", *score(result, "Dure"), title=f"about {name} of {LINES:,} lines miss ({missed:.1%})"
        )
        for detector in DETECTORS:
            table.add_row(detector, *(f"{value:.2f}" for value in score(result, detector).values()))
        console.print(table)
        covered = Table("quarter of the flight", "all", "forecast short", "end below the cushion",
                        title="share of ends in the 80 % interval (line-days)")  # fmt: skip
        for quarter in range(4):
            cells = []
            for kind in ("all", "forecast short", "end below the cushion"):
                held = result.inside.get((quarter, kind), [])
                cells.append(f"{np.mean(held):.2f} ({len(held):,})" if held else "–")
            covered.add_row(str(quarter + 1), *cells)
        console.print(covered)


def closed(console: Console, past: World, first: date, flow: np.ndarray, shape: np.ndarray) -> None:
    table = Table("repairs that succeed", "in full without", "in full with the bot", "money short without", "with",
                  title=f"the loop closed, {LINES:,} lines")  # fmt: skip
    without = play(world(29, LINES, MISSES["3 %"], first, flow, window=NOW), past, shape).it
    for luck in (0.5, 0.75, 0.9):
        it = play(world(29, LINES, MISSES["3 %"], first, flow, window=NOW), past, shape, Repairer(luck)).it
        table.add_row(f"{luck:.0%}", f"{without.finished().mean():.1%}", f"{it.finished().mean():.1%}",
                      f"{_short(without):,.0f}", f"{_short(it):,.0f}")  # fmt: skip
    console.print(table)


def _short(it: World) -> float:
    return float((np.maximum(it.goal - it.total, 0) * it.price).sum())


def many(console: Console, curve: Curve, past: World) -> None:
    rng = np.random.default_rng(3)
    asks: list[Ask] = []
    while len(asks) < 100_000:
        row = int(rng.integers(len(past.goal)))
        seen = int(rng.integers(2, past.length[row])) if past.length[row] > 2 else 1
        begin = int(past.begin[row])
        start, days = past.first + timedelta(days=begin), past.delivered[row, begin : begin + seen]
        asks.append(Ask(start, start + timedelta(days=int(past.length[row]) - 1), int(past.goal[row]), days))
    begun, cpu = time.perf_counter(), time.process_time()
    pace_many(asks, curve)
    console.print(
        f"100,000 line items forecast: {time.perf_counter() - begun:.1f} s, {time.process_time() - cpu:.1f} s CPU"
    )


LOOK = int(os.environ.get("DURE_BENCH_LOOK", "100000"))
FILL = """
with item as (
    insert into pacing.line_item (workspace, id, name, goal, budget, currency, start_day, end_day, created_at,
                                  changed_at, channel, targeting, trafficking, launched_at, source)
    select %(workspace)s, 'L' || n, 'line ' || n, 20000 + n %% 5000, 1000000, 'KRW',
           %(today)s::date - (3 + n %% 25), %(today)s::date + (3 + n %% 20), now(), now(), 'C0ROOM', 'all', 'live',
           now(), 'server'
    from generate_series(1, %(count)s) n returning id, goal, start_day, end_day
)
select count(*) from item
"""
DAYS = """
insert into pacing.delivery (workspace, line_item, day, impressions, clicks, spend, changed_at, source)
select workspace, id, day::date,
       (goal * 1.05 / (end_day - start_day + 1) * (1 + (hashtext(id || day) %% 100) / 700.0)
        * case when hashtext(id) %% 30 = 0 then 0.6 else 1 end)::bigint, 10, 100, now(), 'server'
from pacing.line_item, generate_series(start_day, %(today)s::date - 1, '1 day') day where workspace = %(workspace)s
"""


async def look(console: Console, url: str) -> None:
    """A whole look at one workspace's running line items, the first and the one after it."""
    state, clock = State(url, connections=4), StillClock(datetime.now(UTC))
    await state.open()
    await migrate(state)
    governance = Governance(state, clock)
    made = await governance.found("Bench", "bench", "bench@example.com")
    principal = await governance.principal(made.user_token)
    pacing = Pacing(state, clock, governance)
    given = {"workspace": principal.tenant.workspace, "today": clock.now().date(), "count": LOOK}
    async with state.begin(principal.tenant) as tx:
        await tx.value(FILL, given)
        source = "insert into pacing.source (workspace, name, seen_at) values (%s, 'server', now())"
        await tx.run(source, (principal.tenant.workspace,))
        days = await tx.run(DAYS, given)
    async with state.begin_system() as tx:
        await tx.run("analyze pacing.line_item, pacing.delivery")
    for name in ("first", "second"):
        begun, cpu = time.perf_counter(), time.process_time()
        found = await pacing.assess(principal.tenant)
        took, used = time.perf_counter() - begun, time.process_time() - cpu
        console.print(
            f"{name} look at {len(found.statuses):,} line items with {days:,} days: {took:.1f} s, {used:.1f} s of this"
            f" process's CPU; {len(found.raised):,} raised"
        )
    await state.close()


def main() -> None:
    console = Console(width=150)
    first, flow = traffic(DATA / "hourly_traffic_nyc_taxi.csv.gz")
    past = world(1, LINES, 0.3, first, flow, window=PAST)
    for day in range(*PAST):
        past.live(day)
    curve = learned([past], NOW[0])
    shape = past.expected.sum(axis=1)
    alerts(console, past, first, flow, shape)
    closed(console, past, first, flow, shape)
    many(console, curve, past)
    with tempfile.TemporaryDirectory(prefix="dure-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "pg")
        url = server.start()
        try:
            asyncio.run(look(console, url))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
