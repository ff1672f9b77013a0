"""Alerts: who watches which metric, and the loop that judges each complete interval once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.metrics import store
from dure.metrics.alerts import rules as alert_rules
from dure.metrics.alerts import store as alert_store
from dure.metrics.alerts import unusual
from dure.metrics.alerts.model import Alert, Reading, read_alert
from dure.metrics.alerts.rules import Watch
from dure.metrics.alerts.told import sentences
from dure.metrics.api import Metrics
from dure.metrics.boards import events as told
from dure.metrics.catalogue import catalogue, formula
from dure.metrics.events import metrics_event
from dure.metrics.model import Metric
from dure.metrics.period import Period, Ruler, zone_of
from dure.metrics.question import MetricQuestion
from dure.state import State, Tx

_READ, _WRITE = "metrics:read", "metrics:write"
_LEASE = timedelta(minutes=2)
# Events of an interval may arrive a little after it: it is judged when this long has passed since its end.
_SETTLE = {"hour": timedelta(minutes=5), "day": timedelta(minutes=15), "week": timedelta(minutes=15)}
_ABOUT = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
_AGAIN_AFTER_FAILING = timedelta(minutes=10)
_MOST_MISSED, _A_QUESTION = 100, 1344
_KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class _Judged:
    reading: Reading
    end: datetime


class Alerts:
    """Keeps alerts and judges them. Two processes share the work by claims; the key of a reading holds *once*."""

    def __init__(self, state: State, clock: Clock, governance: Governance, metrics: Metrics) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._metrics = metrics

    # -- keeping them -----------------------------------------------------------------------------------------------

    async def alerts(self, principal: Principal, metric: str | None = None) -> list[Alert]:
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await alert_store.alerts(tx, principal.tenant.workspace, metric)

    async def create(self, principal: Principal, raw: Mapping[str, Any]) -> Alert:
        """A new alert; the last complete interval is the first that it judges."""
        access(principal, _WRITE)
        return await self._save(principal, read_alert(raw, str(uuid7()), principal.actor, self._clock.now()))

    async def change(self, principal: Principal, id: str, raw: Mapping[str, Any]) -> Alert:
        """Writes an alert anew. It begins quiet, with the next interval that was not judged before."""
        access(principal, _WRITE)
        return await self._save(principal, read_alert(raw, id, principal.actor, self._clock.now()), known=True)

    async def remove(self, principal: Principal, id: str) -> None:
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            alert = await self._known(tx, principal, id)
            await alert_store.remove(tx, principal.tenant.workspace, id)
            about = {"metric": alert.metric, "kind": alert.kind}
            await append(tx, metrics_event(principal, self._clock, told.ALERT_REMOVED, "alert", id, about))

    async def readings(self, principal: Principal, id: str, limit: int = 60) -> list[Reading]:
        """What an alert judged, newest first."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            await self._known(tx, principal, id)
            return await alert_store.readings(tx, principal.tenant.workspace, id, max(1, min(limit, 500)))

    async def rehearse(self, principal: Principal, raw: Mapping[str, Any], last: int = 60) -> dict[str, Any]:
        """What an alert would have said of the `last` complete intervals: `{readings, fired, met}`."""
        access(principal, _READ)
        now = self._clock.now()
        alert = read_alert(raw, "", principal.actor, now)
        metric = await self._metric(principal, alert.metric)
        judged = await self._judged(principal, metric, alert, now, max(1, min(last, _MOST_MISSED)))
        watch, readings = Watch(), []
        for one in judged:
            watch, fired = alert_rules.after(alert, watch, one.reading, one.end)
            readings.append(msgspec.structs.replace(one.reading, fired=fired))
        return {"readings": readings, "fired": sum(one.fired for one in readings),
                "met": sum(one.verdict == "met" for one in readings)}  # fmt: skip

    # -- judging ----------------------------------------------------------------------------------------------------

    async def tick(self) -> int:
        """Judges every alert that is due; how many there were."""
        done = 0
        while True:
            now = self._clock.now()
            async with self._state.begin_system() as tx:
                found = await alert_store.claim(tx, now, _LEASE)
            if found is None:
                return done
            await self._judge(*found, now)
            done += 1

    async def _judge(self, tenant: Tenant, alert: Alert, now: datetime) -> None:
        principal = self._governance.system(tenant, "alerts")
        try:
            metric = await self._metric(principal, alert.metric)
            judged = await self._judged(principal, metric, alert, now, _MOST_MISSED)
        except DureError as error:
            # Kept and shown with the alert, and tried again: a question that cannot be asked is no reason to stop.
            async with self._state.begin(tenant) as tx:
                if await alert_store.claimed(tx, tenant.workspace, alert.id, now + _LEASE):
                    # Where it stood it stands: what was told before is not told again when it can be judged anew.
                    failed = msgspec.structs.replace(alert, because=error.message)
                    await alert_store.save(tx, tenant, failed, now + _AGAIN_AFTER_FAILING)
            return
        async with self._state.begin(tenant) as tx:
            known = await alert_store.claimed(tx, tenant.workspace, alert.id, now + _LEASE)
            if known is not None:
                await self._settle(tx, principal, metric, known, judged, now)

    async def _settle(
        self, tx: Tx, principal: Principal, metric: Metric, alert: Alert, judged: list[_Judged], now: datetime
    ) -> None:
        """Verdicts, events and where the alert stands now: all of it, or nothing."""
        workspace = principal.tenant.workspace
        watch = Watch("alarming" if alert.state == "alarming" else "quiet", alert.streak, alert.fired_at)
        space = await self._governance.workspace(principal.tenant)
        for one in judged:
            following, fired = alert_rules.after(alert, watch, one.reading, one.end)
            if not await alert_store.note(tx, workspace, alert.id, msgspec.structs.replace(one.reading, fired=fired)):
                continue
            watch = following
            if fired:
                name = told.UNUSUAL if alert.kind == "unusual" else told.CROSSED
                properties = sentences(alert, metric, one.reading, ZoneInfo(space.timezone), space.currency)
                await append(tx, act(principal, "metrics", name, "metric", metric.id, properties, now, at=one.end))
        little = bool(judged) and judged[-1].reading.verdict == "too_little_history"
        through = judged[-1].end if judged else alert.through
        stands = msgspec.structs.replace(
            alert, state="too_little_history" if little else watch.state, because="", streak=watch.streak,
            through=through, fired_at=watch.fired_at,
        )  # fmt: skip
        await alert_store.save(tx, principal.tenant, stands, _due(metric, alert, now, space.timezone))
        await alert_store.drop_readings(tx, workspace, alert.id, now - _KEPT)

    async def _judged(
        self, principal: Principal, metric: Metric, alert: Alert, now: datetime, most: int
    ) -> list[_Judged]:
        """The complete intervals that were not judged yet, oldest first; at most the last `most`."""
        await self._over_time(principal, metric)
        zone = (await self._governance.workspace(principal.tenant)).timezone
        rule = alert.rule if alert.kind == "unusual" else None
        count = rule.history if rule else most + 1
        edges, values = await self._series(principal, metric, alert, now, zone, count)
        over = [at for at in range(len(values)) if edges[at + 1] + _SETTLE[alert.every] <= now]
        new = [at for at in over if alert.through is None or edges[at + 1] > alert.through][-most:]
        if not new:
            return []
        if rule is None:
            return [_Judged(_crossed(alert, edges[at], values[at]), edges[at + 1]) for at in new]
        upto = new[-1] + 1
        here = ZoneInfo(_clock_of(metric)[0] or zone)
        starts = [edge.astimezone(here) for edge in edges[:upto]]
        verdicts = await asyncio.to_thread(unusual.judge, _begun(values[:upto]), starts, rule, upto - new[0])
        return [
            _Judged(_unusual(edges[at], verdict), edges[at + 1])
            for at, verdict in zip(range(new[0], upto), verdicts, strict=True)
        ]

    async def _series(
        self, principal: Principal, metric: Metric, alert: Alert, now: datetime, zone: str, count: int
    ) -> tuple[list[datetime], list[float | None]]:
        """The metric's values of the last `count` intervals and the edges between them, one more than values.

        A question holds a bounded number of intervals, so a long history is read in parts."""
        edges: list[datetime] = []
        values: list[float | None] = []
        ruler = _ruler(metric, alert, now - count * _ABOUT[alert.every], now, zone)
        for part in range(0, ruler.count, _A_QUESTION):
            upto = min(part + _A_QUESTION, ruler.count)
            starts = [ruler.starts_at(at) for at in range(part, upto + 1)]
            asked = {
                "kind": "metric", "metric": metric.id, "interval": alert.every, "from": starts[0].isoformat(),
                "to": (starts[-1] - timedelta(microseconds=1)).isoformat(),
                "where": msgspec.to_builtins(alert.where),
            }  # fmt: skip
            answer = await self._metrics.ask(principal, asked)
            series = answer["series"][metric.reading.series] if answer["series"] else {"values": [None] * (upto - part)}
            edges += starts[:-1]
            values += series["values"]
        return [*edges, ruler.starts_at(ruler.count)], values

    async def _save(self, principal: Principal, alert: Alert, *, known: bool = False) -> Alert:
        metric = await self._metric(principal, alert.metric)
        await self._over_time(principal, metric)
        now = self._clock.now()
        zone = (await self._governance.workspace(principal.tenant)).timezone
        async with self._state.begin(principal.tenant) as tx:
            through = _through(metric, alert, now, zone)
            if known:
                before = await self._known(tx, principal, alert.id)
                same = before.metric == alert.metric and before.every == alert.every
                # The rows of an interval that was judged stay; only a new clock or another number starts afresh.
                through = before.through if same and before.through else through
                alert = msgspec.structs.replace(alert, created_by=before.created_by, created_at=before.created_at)
            alert = msgspec.structs.replace(alert, through=through)
            await alert_store.save(tx, principal.tenant, alert, now if alert.enabled else None)
            name = told.ALERT_CHANGED if known else told.ALERT_CREATED
            about = {"metric": alert.metric, "kind": alert.kind, "every": alert.every, "threshold": alert.threshold,
                     "rate": alert.rate, "enabled": alert.enabled}  # fmt: skip
            await append(tx, metrics_event(principal, self._clock, name, "alert", alert.id, about))
        return alert

    async def _over_time(self, principal: Principal, metric: Metric) -> None:
        """Refuses a metric that has no value of its own in every interval."""
        known = (await self._metrics.measuring(principal)).known
        waiting = [metric]
        while waiting:
            question = waiting.pop().question
            if formula.is_formula(question):
                waiting += [known[part] for part in formula.read(question).parts if part in known]
            elif question["kind"] != "trend":
                raise Invalid("An alert watches a metric over time: a trend, or a formula of trends.", field="metric")

    async def _metric(self, principal: Principal, id: str) -> Metric:
        async with self._state.begin(principal.tenant) as tx:
            metric = await store.metric(tx, principal.tenant.workspace, id)
        if metric is None:
            raise NotFound(f"There is no metric {id!r}.", field="metric")
        return metric

    async def _known(self, tx: Tx, principal: Principal, id: str) -> Alert:
        alert = await alert_store.alert(tx, principal.tenant.workspace, id)
        if alert is None:
            raise NotFound("There is no such alert.", field="alert")
        return alert


def _through(metric: Metric, alert: Alert, now: datetime, zone: str) -> datetime:
    """The beginning of the last interval that is over: a new alert judges that one first."""
    ruler = _ruler(metric, alert, now - 3 * _ABOUT[alert.every], now, zone)
    ends = [at for at in range(1, ruler.count + 1) if ruler.starts_at(at) + _SETTLE[alert.every] <= now]
    return ruler.starts_at(ends[-1] - 1)


def _due(metric: Metric, alert: Alert, now: datetime, zone: str) -> datetime:
    """When the interval that is running now, or the next, can be judged."""
    settle, about = _SETTLE[alert.every], _ABOUT[alert.every]
    ruler = _ruler(metric, alert, now - 2 * about, now + 2 * about, zone)
    return next(end + settle for end in map(ruler.starts_at, range(ruler.count + 1)) if end + settle > now)


def _ruler(metric: Metric, alert: Alert, start: datetime, end: datetime, zone: str) -> Ruler:
    """The intervals from one time to another, in the zone and the week of the metric's own question."""
    named, sunday = _clock_of(metric)
    return Ruler(alert.every, sunday, Period(start, end, zone_of(named or zone)))


def _clock_of(metric: Metric) -> tuple[str | None, bool]:
    """The zone of the metric's own question, if it names one, and whether its weeks begin on Sunday."""
    if formula.is_formula(metric.question):
        return None, False
    question = catalogue.asked(metric, MetricQuestion(metric=metric.id))
    return question.timezone, getattr(question, "week_start", "monday") == "sunday"


def _begun(values: list[float | None]) -> list[float | None]:
    """Before the first thing that was counted there was nothing to count: those zeros are no history."""
    first = next((at for at, value in enumerate(values) if value), len(values))
    return [None] * first + values[first:]


def _crossed(alert: Alert, at: datetime, value: float | None) -> Reading:
    return Reading(at, value, verdict="met" if alert_rules.met(alert, value) else "ordinary")


def _unusual(at: datetime, verdict: unusual.Verdict) -> Reading:
    if not verdict.enough:
        return Reading(at, verdict.value, verdict="too_little_history")
    return Reading(
        at, verdict.value, verdict.expected, verdict.low, verdict.high, "met" if verdict.unusual else "ordinary"
    )
