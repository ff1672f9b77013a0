"""The care report: how long customers waited, how long they wait still, and whether what was promised was kept.

A clock counts in the period in which it began, so that those still open stand beside those that are over: leaving them
out would make slow work look fast. Medians, ninetieth percentiles and shares by length; never a mean. Only a person's
answer ends a wait, and handing a conversation on ends none.
"""

from __future__ import annotations

import asyncio
import csv
import io
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dure.governance.api import Governance, Hours, Principal, access, seconds_between
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.social.clocks import report_store
from dure.social.clocks.model import KINDS, PROMISED
from dure.social.clocks.report_store import Wait
from dure.social.clocks.surveys.model import SATISFIED
from dure.social.ideas.rules import in_sheet
from dure.state import State

BUCKETS = (3_600, 4 * 3_600, 8 * 3_600, 24 * 3_600)
"""Ends of the lengths that are counted: up to an hour, four, eight, a day, and longer."""
LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Lengths:
    """Seconds, None where there are none. `likely` is the median of how long one has to wait, those who wait still
    counted as waiting at least as long (Kaplan and Meier, 1958); None where more than half wait still."""

    median: float | None
    p90: float | None
    buckets: tuple[int, ...]
    likely: float | None
    open_median: float | None
    open_longest: float | None
    open_buckets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of wait, of everybody, a team or somebody. `missed` are those that took longer than promised, and those
    open past it; of `met` and `missed` together the share is told."""

    kind: str
    team: str
    agent: str
    given: int
    open: int
    dropped: int
    met: int
    missed: int
    business: Lengths
    calendar: Lengths

    @property
    def share(self) -> float | None:
        return self.met / (self.met + self.missed) if self.met + self.missed else None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """`scores` counts one to five. A response rate stands beside every score."""

    team: str
    agent: str
    sent: int
    answered: int
    scores: tuple[int, ...]

    @property
    def rate(self) -> float | None:
        return self.answered / self.sent if self.sent else None

    @property
    def satisfied(self) -> float | None:
        return sum(self.scores[SATISFIED - 1 :]) / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Report:
    since: datetime
    until: datetime
    total: Sequence[Line]
    teams: Sequence[Line]
    agents: Sequence[Line]
    satisfaction: Sequence[Satisfaction]
    comments: Sequence[Mapping[str, Any]]
    cut: bool


class Reports:
    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._hours = governance.hours

    def now(self) -> datetime:
        return self._clock.now()

    async def report(
        self, principal: Principal, since: datetime, until: datetime, *, team: str = "", network: str = ""
    ) -> Report:
        access(principal, "social:read")
        if since.tzinfo is None or until.tzinfo is None:
            raise Invalid("A time has a zone.", field="since")
        if not timedelta(0) < until - since <= LONGEST:
            raise Invalid(f"A period is up to {LONGEST.days} days long.", field="since")
        tenant, now = principal.tenant, self._clock.now()
        async with self._state.begin(tenant) as tx:
            waits = await report_store.waits(tx, tenant.workspace, since, until, team, network)
            hours = await self._hours.of_in(tx, tenant, sorted({one.team for one in waits}))
            scores = await report_store.scores(tx, tenant.workspace, since, until, team, network)
            comments = await report_store.comments(tx, tenant.workspace, since, until, team, network)
        lines = await asyncio.to_thread(_lines, waits, hours, now)
        return Report(
            since, until, lines["total"], lines["team"], lines["agent"], _satisfaction(scores), comments,
            len(waits) >= report_store.MOST,
        )  # fmt: skip

    async def sheet(self, principal: Principal, report: Report) -> str:
        """The lines as CSV."""
        access(principal, "social:read")
        held = io.StringIO()
        rows = csv.writer(held)
        lengths = ["median", "p90", "likely", "0-1h", "1-4h", "4-8h", "8-24h", "24h+", "open_median", "open_longest"]
        both = [f"{part}_{name}" for part in ("business", "calendar") for name in lengths]
        rows.writerow(["kind", "team", "agent", "given", "open", "dropped", "met", "missed", "share_met", *both])
        for one in (*report.total, *report.teams, *report.agents):
            told: list[object] = [one.kind, one.team, one.agent, one.given, one.open, one.dropped, one.met, one.missed,
                                  "" if one.share is None else round(one.share, 4)]  # fmt: skip
            for part in (one.business, one.calendar):
                seconds = [part.median, part.p90, part.likely]
                told += [*("" if it is None else round(it) for it in seconds), *part.buckets]
                told += ["" if it is None else round(it) for it in (part.open_median, part.open_longest)]
            rows.writerow([in_sheet(cell) for cell in told])
        return held.getvalue()


def _lines(waits: Sequence[Wait], hours: Mapping[str, Hours], now: datetime) -> dict[str, list[Line]]:
    grouped: dict[str, dict[tuple[str, str, str], list[tuple[Wait, float, float]]]] = {
        "total": defaultdict(list), "team": defaultdict(list), "agent": defaultdict(list)
    }  # fmt: skip
    for one in waits:
        business, calendar = one.spent, one.passed
        if one.running_at is not None:
            business += seconds_between(hours[one.team], one.running_at, now)
            calendar += max((now - one.running_at).total_seconds(), 0.0)
        told = (one, business, calendar)
        if one.kind in PROMISED:
            grouped["total"][one.kind, "", ""].append(told)
            grouped["team"][one.kind, one.team, ""].append(told)
        if one.agent:
            grouped["agent"][one.kind, "", one.agent].append(told)
    order = {kind: number for number, kind in enumerate(KINDS)}
    return {
        name: [_line(key, of[key]) for key in sorted(of, key=lambda key: (key[1:], order[key[0]]))]
        for name, of in grouped.items()
    }


def _line(key: tuple[str, str, str], found: Sequence[tuple[Wait, float, float]]) -> Line:
    given = [it for it in found if it[0].outcome == "given"]
    still = [it for it in found if it[0].outcome == ""]
    met = sum(one.target is not None and business <= one.target for one, business, _ in given)
    missed = sum(one.target is not None and business > one.target for one, business, _ in found)
    return Line(
        *key, len(given), len(still), len(found) - len(given) - len(still), met, missed,
        lengths([it[1] for it in given], [it[1] for it in still]),
        lengths([it[2] for it in given], [it[2] for it in still]),
    )  # fmt: skip


def lengths(over: Iterable[float], still: Iterable[float]) -> Lengths:
    """`over` are waits that ended, `still` those that last, both in seconds."""
    ended, open_ = sorted(over), sorted(still)
    return Lengths(
        quantile(ended, 0.5), quantile(ended, 0.9), _buckets(ended), likely(ended, open_), quantile(open_, 0.5),
        open_[-1] if open_ else None, _buckets(open_),
    )  # fmt: skip


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Between neighbours, as PostgreSQL's percentile_cont."""
    if not ordered:
        return None
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def likely(ended: Sequence[float], still: Sequence[float]) -> float | None:
    """The first length by which half are answered, each still waiting counted until where it stands."""
    told = sorted([(length, 0) for length in ended] + [(length, 1) for length in still])
    left, waiting = len(told), 1.0
    for length, censored in told:
        if not censored:
            waiting *= 1 - 1 / left
            if waiting <= 0.5 + 1e-12:
                return length
        left -= 1
    return None


def _buckets(ordered: Iterable[float]) -> tuple[int, ...]:
    counts = [0] * (len(BUCKETS) + 1)
    for one in ordered:
        counts[next((at for at, end in enumerate(BUCKETS) if one <= end), len(BUCKETS))] += 1
    return tuple(counts)


def _satisfaction(rows: Sequence[Mapping[str, Any]]) -> list[Satisfaction]:
    """Of everybody, then by team, then by who looked after it."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups["", ""].append(row)
        groups[row["team"], ""].append(row)
        if row["agent"]:
            groups["", row["agent"]].append(row)
    made = []
    for (team, agent), found in sorted(groups.items(), key=lambda it: (bool(it[0][1]), it[0])):
        scores = tuple(sum(row["count"] for row in found if row["score"] == score) for score in range(1, 6))
        made.append(Satisfaction(team, agent, sum(row["count"] for row in found), sum(scores), scores))
    return made
