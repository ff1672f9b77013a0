"""An experiment read from the log: one statement for all sums, one more for each quantile, then judged."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import NormalDist
from zoneinfo import ZoneInfo

from dure.experiments import asking, log_sql
from dure.experiments.asking import Compile, Span
from dure.experiments.design import Design, Exposure, Measure
from dure.experiments.judging import Judge, Quantiles
from dure.experiments.outcome import Outcome
from dure.experiments.statistics import sides
from dure.experiments.statistics.sides import Side
from dure.experiments.tally import Tally
from dure.kernel.tenant import Tenant
from dure.log.api import Log

_SECONDS = 120.0
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


async def analyse(
    log: Log, compile: Compile, tenant: Tenant, design: Design, exposure: Exposure, measures: Sequence[Measure],
    flags: Sequence[str], *, since: datetime | None, until: datetime, now: datetime, zone: str, split: str = "",
) -> Outcome:  # fmt: skip
    """The result of everybody exposed from `since` (ever) to `until`, by what they did until `now`.

    `split` is a trait to show the result by beside what was planned; it changes no estimate.
    """
    if since is None:
        since = await _begin(log, compile, tenant, exposure, flags, until)
    span = Span(since, until, now, zone)
    arms = [arm.name for arm in design.arms]
    sql, params = asking.sums(
        compile, exposure, flags, arms, measures, span, cuped=design.cuped, strata=split or design.strata
    )
    quantiles = _quantiles(log, compile, tenant, design, exposure, measures, flags, span)
    rows, found = await asyncio.gather(log.query(tenant, sql, params, seconds=_SECONDS), quantiles)
    first = since.astimezone(ZoneInfo(zone)).date()
    judge = Judge(
        design, tuple(measures), Tally.of(rows.rows), found, first, now, split=bool(split) and split != design.strata
    )
    # Hundreds of looks are hundreds of milliseconds of arithmetic: other requests go on meanwhile.
    return await asyncio.to_thread(judge.outcome)


async def _quantiles(
    log: Log, compile: Compile, tenant: Tenant, design: Design, exposure: Exposure, measures: Sequence[Measure],
    flags: Sequence[str], span: Span,
) -> Quantiles:  # fmt: skip
    arms = [arm.name for arm in design.arms]
    z = NormalDist().inv_cdf(0.5 + design.confidence / 2)
    found: dict[int, dict[str, Side]] = {}
    for number, measure in enumerate(measures):
        if measure.kind == "quantile":
            sql, params = asking.quantile(compile, exposure, flags, arms, measure, span, z)
            rows = (await log.query(tenant, sql, params, seconds=_SECONDS)).rows
            found[number] = {
                arm: sides.quantile(people, middle, low, high, design.confidence)
                for arm, people, middle, low, high in rows
            }
    return found


async def _begin(
    log: Log, compile: Compile, tenant: Tenant, exposure: Exposure, flags: Sequence[str], until: datetime
) -> datetime:
    """When the first exposure of all was, so that no history before it is read."""
    asked = asking.Asked(compile)
    asked.params["until"] = asking.moment(until)
    condition, _ = asked.exposure(exposure, flags)
    rows = (await log.query(tenant, log_sql.BEGIN.format(exposure=condition), asked.params)).rows
    first: datetime | None = rows[0][0] if rows and rows[0][1] else None
    return first.replace(tzinfo=UTC) if first is not None else max(_EVER, until)
