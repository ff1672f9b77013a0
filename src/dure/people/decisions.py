"""What was decided by hand about ids, as SQL keeps it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.people.links import Decision
from dure.state import Tx

_COLUMNS = "id, distinct_id, user_id, kind, two_users, at, actor, reason, undone_at, undone_by"


async def add(tx: Tx, workspace: str, decision: Decision) -> None:
    await tx.run(
        "insert into people.decision (workspace, id, distinct_id, user_id, kind, two_users, at, actor, reason)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            workspace, decision.id, decision.distinct_id, decision.user_id, decision.kind, decision.two_users,
            decision.at, decision.actor, decision.reason,
        ),
    )  # fmt: skip


async def one(tx: Tx, workspace: str, id: UUID) -> Decision | None:
    row = await tx.row(f"select {_COLUMNS} from people.decision where workspace = %s and id = %s", (workspace, id))
    return _decision(row) if row else None


async def undo(tx: Tx, workspace: str, id: UUID, now: datetime, by: str) -> bool:
    """False where it was undone already."""
    return bool(
        await tx.run(
            "update people.decision set undone_at = %s, undone_by = %s"
            " where workspace = %s and id = %s and undone_at is null",
            (now, by, workspace, id),
        )
    )


async def standing(tx: Tx, workspace: str, distinct_ids: Collection[str]) -> dict[str, Decision]:
    """The newest decision about each of these ids that was not undone. Ids are UUIDv7 and so in order of making."""
    rows = await tx.rows(
        f"select distinct on (distinct_id) {_COLUMNS} from people.decision"
        " where workspace = %s and distinct_id = any(%s) and undone_at is null order by distinct_id, at desc, id desc",
        (workspace, list(distinct_ids)),
    )
    return {row["distinct_id"]: _decision(row) for row in rows}


async def about(tx: Tx, workspace: str, distinct_ids: Collection[str], limit: int = 500) -> list[Decision]:
    """Everything decided about these ids, also what was undone, newest first."""
    rows = await tx.rows(
        f"select {_COLUMNS} from people.decision where workspace = %s and distinct_id = any(%s)"
        " order by at desc, id desc limit %s",
        (workspace, list(distinct_ids), limit),
    )
    return [_decision(row) for row in rows]


async def splits_from(tx: Tx, workspace: str, user_ids: Collection[str], limit: int = 500) -> list[Decision]:
    """Ids that were split from these users and still are, newest first."""
    rows = await tx.rows(
        f"select {_COLUMNS} from people.decision as d where workspace = %s and user_id = any(%s) and kind = 'split'"
        " and undone_at is null and not exists (select from people.decision as later"
        "  where later.workspace = d.workspace and later.distinct_id = d.distinct_id and later.undone_at is null"
        "  and (later.at, later.id) > (d.at, d.id))"
        " order by at desc, id desc limit %s",
        (workspace, list(user_ids), limit),
    )
    return [_decision(row) for row in rows]


def _decision(row: dict[str, Any]) -> Decision:
    return Decision(**row)
