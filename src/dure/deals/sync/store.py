"""The SQL of the sync."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.deals.sync.model import Conflict, Link, Status
from dure.state import Tx


async def status(tx: Tx, workspace: str) -> Status:
    row = await tx.row("select * from deals.sync_status where workspace = %s", (workspace,))
    return Status(**{name: row[name] for name in Status.__slots__}) if row else Status()


async def keep_status(tx: Tx, workspace: str, kept: Status) -> None:
    names = Status.__slots__
    await tx.run(
        f"insert into deals.sync_status (workspace, {', '.join(names)})"
        f" values (%(workspace)s, {', '.join(f'%({name})s' for name in names)})"
        f" on conflict (workspace) do update set {', '.join(f'{name} = excluded.{name}' for name in names)}",
        {"workspace": workspace, **{name: getattr(kept, name) for name in names}},
    )


async def cursor(tx: Tx, workspace: str, object_: str, way: str) -> str:
    """How far a way of an object was followed; "" from the beginning."""
    found = await tx.value(
        "select place from deals.sync_cursor where workspace = %s and object = %s and way = %s",
        (workspace, object_, way),
    )
    return found or ""


async def cursors(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    return await tx.rows(
        "select object, way, place from deals.sync_cursor where workspace = %s order by object, way", (workspace,)
    )


async def keep_cursor(tx: Tx, workspace: str, object_: str, way: str, place: str) -> None:
    await tx.run(
        "insert into deals.sync_cursor (workspace, object, way, place) values (%s, %s, %s, %s)"
        " on conflict (workspace, object, way) do update set place = excluded.place",
        (workspace, object_, way, place),
    )


async def links(tx: Tx, workspace: str, column: str, ids: Sequence[str]) -> dict[str, Link]:
    """Links by `record` or by `remote`."""
    rows = await tx.rows(
        f"select * from deals.sync_link where workspace = %s and {column} = any(%s)", (workspace, list(ids))
    )
    return {row[column]: _link(row) for row in rows}


async def keep_link(tx: Tx, workspace: str, link: Link) -> None:
    await tx.run(
        "insert into deals.sync_link (workspace, object, record, remote, stamp, seen, keyed)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (workspace, record) do update set"
        " remote = excluded.remote, stamp = excluded.stamp, seen = excluded.seen, keyed = excluded.keyed",
        (workspace, link.object, link.record, link.remote, link.stamp, Jsonb(dict(link.seen)), link.keyed),
    )


async def drop_link(tx: Tx, workspace: str, record: str) -> None:
    await tx.run("delete from deals.sync_link where workspace = %s and record = %s", (workspace, record))


async def buried_links(tx: Tx, workspace: str, object_: str) -> list[Link]:
    """Records that are linked and were deleted here."""
    rows = await tx.rows(
        "select l.* from deals.sync_link l join deals.tombstone t on t.workspace = l.workspace and t.record = l.record"
        " where l.workspace = %s and l.object = %s and not exists (select from deals.sync_conflict c"
        "   where c.workspace = l.workspace and c.record = l.record and c.field = '' and c.kept = '')"
        " order by l.record limit 200",
        (workspace, object_),
    )
    return [_link(row) for row in rows]


async def owners(tx: Tx, workspace: str) -> dict[tuple[str, str], str]:
    """Which side wins, of the fields where somebody said so."""
    rows = await tx.rows("select object, field, owner from deals.sync_field where workspace = %s", (workspace,))
    return {(row["object"], row["field"]): row["owner"] for row in rows}


async def set_owner(tx: Tx, workspace: str, object_: str, field: str, owner: str) -> None:
    await tx.run(
        "insert into deals.sync_field (workspace, object, field, owner) values (%s, %s, %s, %s)"
        " on conflict (workspace, object, field) do update set owner = excluded.owner",
        (workspace, object_, field, owner),
    )


async def add_conflict(tx: Tx, workspace: str, found: Conflict) -> None:
    """Of one field one conflict is open at a time: a newer one takes its place."""
    if not found.kept:
        await tx.run(
            "delete from deals.sync_conflict where workspace = %s and record = %s and field = %s and kept = ''",
            (workspace, found.record, found.field),
        )
    await tx.run(
        "insert into deals.sync_conflict (workspace, id, object, record, remote, field, here, there, kept, at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (workspace, found.id, found.object, found.record, found.remote, found.field, Jsonb(found.here),
         Jsonb(found.there), found.kept, found.at),
    )  # fmt: skip


async def conflicts(tx: Tx, workspace: str, limit: int) -> list[Conflict]:
    """Open ones first, then the newest."""
    rows = await tx.rows(
        "select * from deals.sync_conflict where workspace = %s order by (kept = '') desc, at desc, id limit %s",
        (workspace, limit),
    )
    return [_conflict(row) for row in rows]


async def conflict(tx: Tx, workspace: str, conflict_id: str) -> Conflict | None:
    row = await tx.row(
        "select * from deals.sync_conflict where workspace = %s and id = %s for update", (workspace, conflict_id)
    )
    return None if row is None else _conflict(row)


async def resolve(tx: Tx, workspace: str, conflict_id: str, kept: str, at: datetime, actor: str) -> None:
    await tx.run(
        "update deals.sync_conflict set kept = %s, resolved_at = %s, resolved_by = %s where workspace = %s and id = %s",
        (kept, at, actor, workspace, conflict_id),
    )


async def open_fields(tx: Tx, workspace: str, records: Sequence[str]) -> dict[str, set[str]]:
    """Which fields of these records wait for somebody to say what holds."""
    rows = await tx.rows(
        "select record, field from deals.sync_conflict where workspace = %s and record = any(%s) and kept = ''",
        (workspace, list(records)),
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["record"], set()).add(row["field"])
    return found


async def note_failure(tx: Tx, workspace: str, object_: str, way: str, id_: str, error: str, at: datetime) -> None:
    """What was not taken, by its id where it comes from."""
    await tx.run(
        "insert into deals.sync_failure (workspace, object, way, id, error, at) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, way, id) do update set error = excluded.error, at = excluded.at",
        (workspace, object_, way, id_, error[:1000], at),
    )


async def forget_failure(tx: Tx, workspace: str, way: str, id_: str) -> None:
    await tx.run("delete from deals.sync_failure where workspace = %s and way = %s and id = %s", (workspace, way, id_))


async def failures(tx: Tx, workspace: str, object_: str = "", way: str = "", limit: int = 200) -> list[dict[str, Any]]:
    """The newest first; of one object and way, or all."""
    return await tx.rows(
        "select object, way, id, error, at from deals.sync_failure where workspace = %s"
        " and (%s = '' or object = %s) and (%s = '' or way = %s) order by at desc, id limit %s",
        (workspace, object_, object_, way, way, limit),
    )


def _link(row: Mapping[str, Any]) -> Link:
    return Link(row["object"], row["record"], row["remote"], row["stamp"], row["seen"], row["keyed"])


def _conflict(row: Mapping[str, Any]) -> Conflict:
    return Conflict(**{name: row[name] for name in Conflict.__slots__})
