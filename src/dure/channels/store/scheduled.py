"""What is to be said later, in PostgreSQL."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.model import Draft, Scheduled
from dure.kernel.tenant import Tenant
from dure.state import Tx


async def add(tx: Tx, tenant: Tenant, one: Scheduled) -> None:
    await tx.run(
        "insert into channels.scheduled (id, workspace, org, channel, account, app, post_at, made_at, draft)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (one.id, tenant.workspace, tenant.org, one.channel, one.user, one.app, one.post_at, one.made_at,
         Jsonb(asdict(one.draft))),
    )  # fmt: skip


async def count_between(tx: Tx, channel: str, start: datetime, end: datetime) -> int:
    found: int = await tx.value(
        "select count(*) from channels.scheduled where channel = %s and failed = '' and post_at >= %s and post_at < %s",
        (channel, start, end),
    )
    return found


async def listed(
    tx: Tx, workspace: str, account: str, *, channel: str, oldest: datetime, latest: datetime, after: str, limit: int
) -> list[Scheduled]:
    """Somebody's own in the order of their time; `after` is the id of the last of the page before."""
    rows = await tx.rows(
        "select * from channels.scheduled where workspace = %(workspace)s and account = %(account)s"
        " and (%(channel)s = '' or channel = %(channel)s) and post_at >= %(oldest)s and post_at <= %(latest)s"
        " and (%(after)s = '' or (post_at, id) > (select post_at, id from channels.scheduled where id = %(after)s"
        " and workspace = %(workspace)s)) order by post_at, id limit %(limit)s",
        {"workspace": workspace, "account": account, "channel": channel, "oldest": oldest, "latest": latest,
         "after": after, "limit": limit},
    )  # fmt: skip
    return [_scheduled(row) for row in rows]


async def take(tx: Tx, workspace: str, account: str, channel: str, scheduled: str) -> Scheduled | None:
    """Removes somebody's own; None where it is not there, or is being said at this moment."""
    row = await tx.row(
        "delete from channels.scheduled where id in (select id from channels.scheduled where workspace = %s"
        " and account = %s and channel = %s and id = %s for update skip locked) returning *",
        (workspace, account, channel, scheduled),
    )
    return None if row is None else _scheduled(row)


async def take_due(tx: Tx, now: datetime) -> tuple[Tenant, Scheduled] | None:
    """Removes the first that is due, for this worker alone: it goes with the transaction in which it is said."""
    row = await tx.row(
        "delete from channels.scheduled where id in (select id from channels.scheduled where failed = ''"
        " and post_at <= %s order by post_at, id limit 1 for update skip locked) returning *",
        (now,),
    )
    return None if row is None else (Tenant(row["org"], row["workspace"]), _scheduled(row))


async def fail(tx: Tx, workspace: str, scheduled: str, why: str) -> bool:
    """Keeps why it could not be said; False where it is not there any more."""
    return bool(
        await tx.run(
            "update channels.scheduled set failed = %s where workspace = %s and id = %s", (why, workspace, scheduled)
        )
    )


def _scheduled(row: dict[str, Any]) -> Scheduled:
    return Scheduled(
        row["id"], row["channel"], row["account"], row["app"], row["post_at"], row["made_at"], Draft(**row["draft"]),
        row["failed"],
    )  # fmt: skip
