"""The SQL of alerts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.kernel.tenant import Tenant
from dure.metrics.alerts.model import Alert, Reading
from dure.state import Tx

_COLUMNS = (
    "id", "metric", "kind", "every", "name", "threshold", "back_at", "intervals", "rate", "rest_seconds", "filters",
    "channel", "enabled", "state", "because", "streak", "through", "fired_at", "created_by", "created_at",
)  # fmt: skip
_LIST = ", ".join(_COLUMNS)


async def alerts(tx: Tx, workspace: str, metric: str | None) -> list[Alert]:
    """All alerts, or a metric's; oldest first."""
    rows = await tx.rows(
        f"select {_LIST} from metrics.alert where workspace = %(workspace)s"
        " and (%(metric)s::text is null or metric = %(metric)s) order by created_at, id",
        {"workspace": workspace, "metric": metric},
    )
    return [_alert(row) for row in rows]


async def alert(tx: Tx, workspace: str, id: str) -> Alert | None:
    """One, held until the transaction ends."""
    row = await tx.row(
        f"select {_LIST} from metrics.alert where workspace = %s and id = %s for update", (workspace, id)
    )
    return None if row is None else _alert(row)


async def save(tx: Tx, tenant: Tenant, value: Alert, next_at: datetime | None) -> None:
    """Writes an alert; a claim on it falls, so that what is judged at this moment by its old words is dropped."""
    row: dict[str, Any] = {name: getattr(value, "where" if name == "filters" else name) for name in _COLUMNS}
    row |= {
        "filters": Jsonb(msgspec.to_builtins(value.where)), "workspace": tenant.workspace, "org": tenant.org,
        "next_at": next_at,
    }  # fmt: skip
    names = ("workspace", "org", *_COLUMNS, "next_at")
    fixed = ("workspace", "org", "id", "created_by", "created_at")
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in fixed)
    await tx.run(
        f"insert into metrics.alert ({', '.join(names)}) values ({', '.join(f'%({name})s' for name in names)})"
        f" on conflict (workspace, id) do update set {changed}, claimed_until = null",
        row,
    )


async def remove(tx: Tx, workspace: str, id: str) -> None:
    await tx.run("delete from metrics.alert where workspace = %s and id = %s", (workspace, id))


async def claim(tx: Tx, now: datetime, lease: timedelta) -> tuple[Tenant, Alert] | None:
    """The alert that has waited longest, for one process until the lease ends."""
    row = await tx.row(
        "update metrics.alert set claimed_until = %(until)s where (workspace, id) = (select workspace, id"
        " from metrics.alert where enabled and next_at <= %(now)s"
        " and (claimed_until is null or claimed_until <= %(now)s)"
        f" order by next_at limit 1 for update skip locked) returning org, workspace, {_LIST}",
        {"now": now, "until": now + lease},
    )
    return None if row is None else (Tenant(row.pop("org"), row.pop("workspace")), _alert(row))


async def claimed(tx: Tx, workspace: str, id: str, until: datetime) -> Alert | None:
    """The alert, if the claim is still this one; held until the transaction ends."""
    row = await tx.row(
        f"select {_LIST} from metrics.alert where workspace = %s and id = %s and claimed_until = %s for update",
        (workspace, id, until),
    )
    return None if row is None else _alert(row)


async def note(tx: Tx, workspace: str, alert: str, reading: Reading) -> bool:
    """Keeps an interval's verdict; False where it was judged before."""
    return await tx.run(
        "insert into metrics.alert_reading (workspace, alert, at, value, expected, low, high, verdict, fired)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        (workspace, alert, reading.at, reading.value, reading.expected, reading.low, reading.high, reading.verdict,
         reading.fired),
    ) > 0  # fmt: skip


async def readings(tx: Tx, workspace: str, alert: str, limit: int) -> list[Reading]:
    """Newest first."""
    rows = await tx.rows(
        "select at, value, expected, low, high, verdict, fired from metrics.alert_reading"
        " where workspace = %s and alert = %s order by at desc limit %s",
        (workspace, alert, limit),
    )
    return [msgspec.convert(row, Reading) for row in rows]


async def drop_readings(tx: Tx, workspace: str, alert: str, before: datetime) -> None:
    await tx.run(
        "delete from metrics.alert_reading where workspace = %s and alert = %s and at < %s", (workspace, alert, before)
    )


def _alert(row: Mapping[str, Any]) -> Alert:
    return msgspec.convert(dict(row), Alert)
