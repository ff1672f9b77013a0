"""Exports' only SQL in PostgreSQL; over the log it is in history.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.exports.model import Kind, Place, Target, Written
from dure.kernel.tenant import Tenant
from dure.state import Tx


async def hold(tx: Tx) -> None:
    """Until the transaction ends nobody else adds, switches or removes a target, or clears up after one."""
    await tx.run("select pg_advisory_xact_lock(hashtext('exports.target'))")


async def add_target(tx: Tx, target: Target) -> bool:
    """False where the workspace has a target of that name."""
    place = target.place
    return bool(
        await tx.run(
            "insert into exports.target (id, org, workspace, name, kind, path, endpoint, bucket, region, key_id,"
            " sealed, max_events, max_seconds, enabled, since, created_at)"
            " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, true, %s, %s)"
            " on conflict (workspace, name) do nothing",
            (target.id, target.tenant.org, target.tenant.workspace, target.name, place.kind, place.path, place.endpoint,
             place.bucket, place.region, place.key_id, target.sealed, target.max_events, target.max_seconds,
             target.since, target.created_at),
        )
    )  # fmt: skip


async def targets(tx: Tx, workspace: str) -> list[Target]:
    rows = await tx.rows("select * from exports.target where workspace = %s order by created_at, name", (workspace,))
    return [_target(row) for row in rows]


async def target(tx: Tx, workspace: str, id: str) -> Target | None:
    """A target, held until the transaction ends."""
    row = await tx.row(
        "select * from exports.target where workspace = %s and id::text = %s for update", (workspace, id)
    )
    return _target(row) if row else None


async def enabled_targets(tx: Tx) -> list[Target]:
    """Every workspace's, for the follower."""
    return [_target(row) for row in await tx.rows("select * from exports.target where enabled order by id")]


async def switch(tx: Tx, id: str, enabled: bool, since: datetime) -> None:
    await tx.run(
        "update exports.target set enabled = %s, since = %s, error = '', failed_at = null where id = %s",
        (enabled, since, id),
    )


async def remove(tx: Tx, id: str) -> None:
    await tx.run("delete from exports.target where id = %s", (id,))


async def note_error(tx: Tx, id: str, error: str, at: datetime | None) -> None:
    """Notes why a try failed, or with an empty text that one did not."""
    await tx.run(
        "update exports.target set error = %s, failed_at = %s where id = %s and (error != '' or %s != '')",
        (error, at, id, error),
    )


async def note_objects(tx: Tx, target: str, objects: Sequence[Written]) -> None:
    """Notes what lies in the storage; an object written again is noted anew. Nothing where the target is gone."""
    for one in objects:
        await tx.run(
            "insert into exports.object (target, name, events, bytes, sha256, written_at)"
            " select id, %s, %s, %s, %s, %s from exports.target where id = %s"
            " on conflict (target, name) do update set events = excluded.events, bytes = excluded.bytes,"
            " sha256 = excluded.sha256, written_at = excluded.written_at",
            (one.name, one.events, one.bytes, one.sha256, one.written_at, target),
        )


async def written(tx: Tx, target: str) -> tuple[int, int]:
    """How many objects and events a target has written."""
    row = await tx.row(
        "select count(*) as objects, coalesce(sum(events), 0) as events from exports.object where target = %s",
        (target,),
    )
    return (int(row["objects"]), int(row["events"])) if row else (0, 0)


async def newest_objects(tx: Tx, target: str, limit: int) -> list[Written]:
    rows = await tx.rows(
        "select name, events, bytes, sha256, written_at from exports.object where target = %s"
        " order by written_at desc, name desc limit %s",
        (target, limit),
    )
    return [Written(**row) for row in rows]


def _target(row: dict[str, Any]) -> Target:
    place = Place(Kind(row["kind"]), row["path"], row["endpoint"], row["bucket"], row["region"], row["key_id"])
    return Target(
        str(row["id"]), Tenant(row["org"], row["workspace"]), row["name"], place, bytes(row["sealed"]),
        row["max_events"], row["max_seconds"], row["enabled"], row["since"], row["created_at"], row["error"],
        row["failed_at"],
    )  # fmt: skip
