"""How apps' addresses do, and how much apps were told, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dure.state import Tx


async def well(tx: Tx, app: str, workspace: str) -> None:
    """The address answered."""
    await tx.run("delete from channels.hook where app = %s and workspace = %s", (app, workspace))


async def failed(tx: Tx, app: str, workspace: str, now: datetime, most: int, patience: timedelta) -> bool:
    """The address failed; True where that was once too often, and it is not called from now on."""
    row = await tx.row(
        "insert into channels.hook as h (app, workspace, failures, failing_since) values (%(app)s, %(ws)s, 1, %(now)s)"
        " on conflict (app, workspace) do update set failures = h.failures + 1 returning failures, failing_since,"
        " disabled_at",
        {"app": app, "ws": workspace, "now": now},
    )
    assert row is not None  # noqa: S101 - an upsert returns its row
    if row["disabled_at"] or row["failures"] < most or now - row["failing_since"] < patience:
        return False
    await tx.run("update channels.hook set disabled_at = %s where app = %s and workspace = %s", (now, app, workspace))
    return True


async def disabled(tx: Tx, workspaces: Sequence[str]) -> set[tuple[str, str]]:
    """The (app, workspace) whose addresses are not called."""
    rows = await tx.rows(
        "select app, workspace from channels.hook where disabled_at is not null and workspace = any(%s)",
        (list(workspaces),),
    )
    return {(row["app"], row["workspace"]) for row in rows}


async def told(tx: Tx, app: str, workspace: str, minute: int) -> int:
    """How many events an app was told in the hour up to and with a minute, as `count` noted them."""
    found: int = await tx.value(
        "select coalesce(sum(events), 0)::bigint from channels.told where app = %s and workspace = %s"
        " and minute > %s - 60",
        (app, workspace, minute),
    )
    return found


async def count(tx: Tx, app: str, workspace: str, minute: int, events: int) -> None:
    await tx.run(
        "insert into channels.told as t (app, workspace, minute, events) values (%s, %s, %s, %s)"
        " on conflict (app, workspace, minute) do update set events = t.events + excluded.events",
        (app, workspace, minute, events),
    )


async def forget(tx: Tx, before_minute: int) -> None:
    await tx.run("delete from channels.told where minute < %s", (before_minute,))
