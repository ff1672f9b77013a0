"""Pages in PostgreSQL: as they are, as they were, and who was let in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.channels.canvas.model import Canvas, Level, Version
from dure.state import Tx


async def add(tx: Tx, canvas: Canvas) -> bool:
    """False where the channel has a page already, and then nothing was added."""
    done = await tx.run(
        "insert into channels.canvas (id, workspace, channel, title, body, version, account, changed_at, creator,"
        " created_at) values (%(id)s, %(workspace)s, %(channel)s, %(title)s, %(body)s, %(version)s, %(user)s, %(at)s,"
        " %(creator)s, %(created_at)s) on conflict (channel) where channel is not null and deleted_at is null"
        " do nothing",
        _values(canvas),
    )
    if done:
        await _keep_version(tx, canvas)
    return bool(done)


async def write(tx: Tx, canvas: Canvas) -> None:
    """Writes a page's next version."""
    await tx.run(
        "update channels.canvas set title = %(title)s, body = %(body)s, version = %(version)s, account = %(user)s,"
        " changed_at = %(at)s where id = %(id)s and workspace = %(workspace)s",
        _values(canvas),
    )
    await _keep_version(tx, canvas)


async def remove(tx: Tx, canvas: Canvas, at: datetime) -> None:
    await tx.run(
        "update channels.canvas set deleted_at = %s where id = %s and workspace = %s",
        (at, canvas.id, canvas.workspace),
    )


async def of_channel(tx: Tx, channel: str, *, lock: bool = False) -> Canvas | None:
    """A channel's page; the caller has found the channel for their workspace before."""
    row = await tx.row(
        f"select * from channels.canvas where channel = %s and deleted_at is null{' for update' if lock else ''}",
        (channel,),
    )
    return None if row is None else _canvas(row)


async def pages_naming(tx: Tx, workspace: str, heading: str, most: int) -> list[dict[str, Any]]:
    """The pages of a workspace's own channels that have a heading with such a word, by the channel's name."""
    return await tx.rows(
        "select p.channel, p.body from channels.canvas p join channels.share s on s.channel = p.channel"
        " and s.workspace = p.workspace and s.state = 'connected' and not s.archived"
        " where p.workspace = %s and p.deleted_at is null and p.body ~* %s order by s.name limit %s",
        (workspace, rf"(^|\n)#{{1,6}}[^\n]*({heading})", most),
    )


async def find(tx: Tx, canvas: str, *, lock: bool = False) -> Canvas | None:
    """A page by its id, a deleted one included; whether the caller may know of it is theirs to find out."""
    row = await tx.row(f"select * from channels.canvas where id = %s{' for update' if lock else ''}", (canvas,))
    return None if row is None else _canvas(row)


async def versions(tx: Tx, canvas: str, limit: int) -> list[Version]:
    """The newest first, without their texts."""
    rows = await tx.rows(
        "select version, title, '' as body, account, changed_at from channels.canvas_version where canvas = %s"
        " order by version desc limit %s",
        (canvas, limit),
    )
    return [_version(row) for row in rows]


async def version(tx: Tx, canvas: str, number: int) -> Version | None:
    row = await tx.row("select * from channels.canvas_version where canvas = %s and version = %s", (canvas, number))
    return None if row is None else _version(row)


async def has_seen(tx: Tx, canvas: str, account: str) -> bool:
    row = await tx.row("select 1 from channels.canvas_seen where canvas = %s and account = %s", (canvas, account))
    return row is not None


async def see(tx: Tx, canvas: str, account: str, at: datetime) -> None:
    await tx.run(
        "insert into channels.canvas_seen (canvas, account, seen_at) values (%s, %s, %s) on conflict do nothing",
        (canvas, account, at),
    )


async def access_of(tx: Tx, canvas: str) -> dict[str, Level]:
    """Who was let in to a page: users' and channels' ids with what they may."""
    rows = await tx.rows("select holder, level from channels.canvas_access where canvas = %s", (canvas,))
    return {row["holder"]: row["level"] for row in rows}


async def let_in(tx: Tx, canvas: str, holders: Sequence[str], level: Level) -> None:
    await tx.many(
        "insert into channels.canvas_access (canvas, holder, level) values (%s, %s, %s)"
        " on conflict (canvas, holder) do update set level = excluded.level",
        [(canvas, holder, level) for holder in holders],
    )


async def shut_out(tx: Tx, canvas: str, holders: Sequence[str]) -> None:
    await tx.run("delete from channels.canvas_access where canvas = %s and holder = any(%s)", (canvas, list(holders)))


async def _keep_version(tx: Tx, canvas: Canvas) -> None:
    await tx.run(
        "insert into channels.canvas_version (canvas, version, workspace, title, body, account, changed_at)"
        " values (%(id)s, %(version)s, %(workspace)s, %(title)s, %(body)s, %(user)s, %(at)s)",
        _values(canvas),
    )


def _values(canvas: Canvas) -> dict[str, Any]:
    names = (
        "id", "workspace", "channel", "title", "body", "version", "user", "at", "creator", "created_at",
    )  # fmt: skip
    return {name: getattr(canvas, name) for name in names}


def _canvas(row: dict[str, Any]) -> Canvas:
    return Canvas(
        row["id"], row["workspace"], row["channel"], row["title"], row["body"], row["version"], row["account"],
        row["changed_at"], row["creator"], row["created_at"], row["deleted_at"] is not None,
    )  # fmt: skip


def _version(row: dict[str, Any]) -> Version:
    return Version(row["version"], row["title"], row["body"], row["account"], row["changed_at"])
