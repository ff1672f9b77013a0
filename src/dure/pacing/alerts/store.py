"""The tables of alerts and their rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.pacing.alerts.rules import DEFAULT, Rules
from dure.pacing.model import Alert
from dure.state import Tx

_COLUMNS = tuple(Alert.__slots__)
# What people said to an alert. A look never writes over it: somebody may be saying it at this moment.
_SAID = (
    "snoozed_until", "snoozed_severity", "snoozed_by", "acknowledged_at", "acknowledged_by", "ack_reason", "ack_note",
)  # fmt: skip
_LOOKED = tuple(name for name in _COLUMNS if name not in (*_SAID, "id", "line_item", "kind"))


async def last(tx: Tx, workspace: str, items: Sequence[str]) -> dict[tuple[str, str], Alert]:
    """The newest alert of each line item and kind; those about sources by "" and kind:source."""
    rows = await tx.rows(
        "select distinct on (line_item, source, kind) * from pacing.alert where workspace = %s and"
        " (line_item is null or line_item = any(%s)) order by line_item, source, kind, episode desc",
        (workspace, list(items)),
    )
    found = {}
    for row in rows:
        alert = _alert(row)
        key = (alert.line_item, alert.kind) if alert.line_item else ("", f"{alert.kind}:{alert.source}")
        found[key] = alert
    return found


async def of_item(tx: Tx, workspace: str, item_id: str) -> list[Alert]:
    """Alerts of a line item that were raised, newest first."""
    rows = await tx.rows(
        "select * from pacing.alert where workspace = %s and line_item = %s and state <> 'pending'"
        " order by seen_at desc, id desc limit 200",
        (workspace, item_id),
    )
    return [_alert(row) for row in rows]


async def current(tx: Tx, workspace: str) -> list[Alert]:
    """Every alert that is not resolved."""
    rows = await tx.rows("select * from pacing.alert where workspace = %s and state <> 'resolved'", (workspace,))
    return [_alert(row) for row in rows]


async def some(tx: Tx, workspace: str, ids: Sequence[str]) -> list[Alert]:
    """Alerts by id, locked, in one order so that two bulk acts never deadlock."""
    rows = await tx.rows(
        "select * from pacing.alert where workspace = %s and id = any(%s) order by id for update",
        (workspace, list(ids)),
    )
    return [_alert(row) for row in rows]


async def keep(tx: Tx, workspace: str, kept: Iterable[Alert]) -> None:
    """What a look found."""
    sets = ", ".join(f"{name} = excluded.{name}" for name in _LOOKED)
    await tx.many(
        f"insert into pacing.alert (workspace, {', '.join(_COLUMNS)}) values (%s{', %s' * len(_COLUMNS)})"
        f" on conflict (workspace, id) do update set {sets}",
        [(workspace, *(_plain(name, getattr(alert, name)) for name in _COLUMNS)) for alert in kept],
    )


async def say(tx: Tx, workspace: str, alerts: Iterable[Alert]) -> None:
    """What somebody said, and nothing else."""
    await tx.many(
        f"update pacing.alert set {', '.join(f'{name} = %s' for name in _SAID)} where workspace = %s and id = %s",
        [(*(getattr(alert, name) for name in _SAID), workspace, alert.id) for alert in alerts],
    )


async def unsay(tx: Tx, workspace: str, ids: Sequence[str]) -> None:
    """What was said to these holds no longer."""
    await tx.run(
        "update pacing.alert set snoozed_until = null, snoozed_severity = '', snoozed_by = '', acknowledged_at = null,"
        " acknowledged_by = '', ack_reason = '', ack_note = '' where workspace = %s and id = any(%s)",
        (workspace, list(ids)),
    )


async def wake(tx: Tx, workspace: str, ids: Sequence[str], at: datetime) -> None:
    """Takes off snoozes that are over."""
    await tx.run(
        "update pacing.alert set snoozed_until = null, snoozed_severity = '', snoozed_by = ''"
        " where workspace = %s and id = any(%s) and snoozed_until <= %s",
        (workspace, list(ids), at),
    )


async def drop(tx: Tx, workspace: str, ids: Sequence[str]) -> None:
    await tx.run("delete from pacing.alert where workspace = %s and id = any(%s)", (workspace, list(ids)))


async def rules(tx: Tx, workspace: str) -> Rules:
    body = await tx.value("select body from pacing.alert_rules where workspace = %s", (workspace,))
    return DEFAULT if body is None else msgspec.convert(body, Rules)


async def keep_rules(tx: Tx, workspace: str, rules: Rules, by: str, at: datetime) -> None:
    await tx.run(
        "insert into pacing.alert_rules (workspace, body, changed_by, changed_at) values (%s, %s, %s, %s)"
        " on conflict (workspace) do update set body = excluded.body, changed_by = excluded.changed_by,"
        " changed_at = excluded.changed_at",
        (workspace, Jsonb(msgspec.to_builtins(rules)), by, at),
    )


def _plain(name: str, value: Any) -> Any:
    if name == "facts":
        return Jsonb(dict(value))
    if name == "checks":
        return list(value)
    return value or None if name == "line_item" else value


def _alert(row: Mapping[str, Any]) -> Alert:
    return Alert(**{name: row[name] for name in _COLUMNS if name != "line_item"}, line_item=row["line_item"] or "")
