"""The dry run's SQL: inside a transaction that is rolled back, but for how far a run is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.campaigns.journeys.store import Stand
from dure.state import Tx

VERSION = 2_000_000_000
"""No campaign ever has so many versions: what stands on it is the dry run's."""


async def put_on(tx: Tx, workspace: str, campaign: str) -> dict[str, Any] | None:
    """The campaign's row, live within this transaction. One that is live already is not touched, nor held up."""
    await tx.run(
        "update campaigns.campaign set status = 'live' where workspace = %s and id = %s"
        " and status not in ('live', 'finished')",
        (workspace, campaign),
    )
    return await tx.row("select * from campaigns.campaign where workspace = %s and id = %s", (workspace, campaign))


async def on_their_way(
    tx: Tx, workspace: str, campaign: str, besides: Collection[UUID]
) -> list[tuple[Stand, datetime]]:
    """The run's ways that go on, and when."""
    rows = await tx.rows(
        "select workspace, id, campaign, version, person, distinct_id, arm, node, state, entered_at, mark, due"
        " from campaigns.way where workspace = %s and campaign = %s and version = %s and due is not null"
        " and not id = any(%s) order by due, id",
        (workspace, campaign, VERSION, list(besides)),
    )
    return [(Stand(**{name: value for name, value in row.items() if name != "due"}), row["due"]) for row in rows]


async def ended(tx: Tx, workspace: str, campaign: str) -> list[dict[str, Any]]:
    """Every way of the run with its first message, as they stand at the end."""
    return await tx.rows(
        "select w.id, w.person, w.distinct_id, w.state, w.reason, m.id as message, m.node, m.channel,"
        " m.state as became, m.reason as why"
        " from campaigns.way w left join lateral (select * from campaigns.message m where m.way = w.id"
        " order by m.id limit 1) m on true where w.workspace = %s and w.campaign = %s and w.version = %s order by w.id",
        (workspace, campaign, VERSION),
    )


# -- how far a run is: in transactions of their own -----------------------------------------------------------------


async def begin(tx: Tx, workspace: str, run: str, campaign: str, total: int, now: datetime) -> bool:
    """False where there is a run of that name."""
    return bool(
        await tx.run(
            "insert into campaigns.dry_run (workspace, id, campaign, total, at) values (%s, %s, %s, %s, %s)"
            " on conflict do nothing", (workspace, run, campaign, total, now),
        )
    )  # fmt: skip


async def got(tx: Tx, workspace: str, run: str, done: int) -> bool:
    """Notes how far it is; False where somebody cancelled it."""
    row = await tx.row(
        "update campaigns.dry_run set done = %s where workspace = %s and id = %s returning cancelled",
        (done, workspace, run),
    )
    return row is not None and not row["cancelled"]


async def end(tx: Tx, workspace: str, run: str, before: datetime) -> None:
    """Forgets a run, and those that a server took with it when it died."""
    await tx.run(
        "delete from campaigns.dry_run where workspace = %s and (id = %s or at < %s)", (workspace, run, before)
    )


async def cancel(tx: Tx, workspace: str, run: str) -> bool:
    return bool(
        await tx.run("update campaigns.dry_run set cancelled = true where workspace = %s and id = %s", (workspace, run))
    )


async def progress(tx: Tx, workspace: str, run: str) -> dict[str, Any] | None:
    return await tx.row(
        "select campaign, done, total, cancelled from campaigns.dry_run where workspace = %s and id = %s",
        (workspace, run),
    )
