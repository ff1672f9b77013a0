"""Which bytes files use, in PostgreSQL: said before they are written, so that none lies anywhere unknown."""

from __future__ import annotations

from datetime import datetime

from dure.state import Tx


async def use(tx: Tx, sha256: str, size: int, now: datetime) -> None:
    """Says that these bytes are about to be, or were just, put into use: they are not swept for a while."""
    await tx.run(
        "insert into channels.blob (sha256, size, used_at) values (%s, %s, %s)"
        " on conflict (sha256) do update set used_at = greatest(channels.blob.used_at, excluded.used_at)",
        (sha256, size, now),
    )


async def let_go(tx: Tx, file: str, now: datetime) -> None:
    """Says that a file ceases to use its bytes now."""
    await tx.run(
        "update channels.blob set used_at = %(now)s where sha256 in (select sha256 from channels.file where id ="
        " %(file)s union select sha256 from channels.thumb where file = %(file)s)",
        {"now": now, "file": file},
    )


async def unused(tx: Tx, before: datetime, limit: int) -> list[str]:
    """Bytes that no file has used since, for this worker alone."""
    rows = await tx.rows(
        "select b.sha256 from channels.blob b where b.used_at < %s"
        " and not exists (select 1 from channels.file f where f.sha256 = b.sha256)"
        " and not exists (select 1 from channels.thumb t where t.sha256 = b.sha256)"
        " and not exists (select 1 from channels.held_file h where h.sha256 = b.sha256)"
        " and not exists (select 1 from channels.takeout o where o.sha256 = b.sha256)"
        " and not exists (select 1 from channels.moving i where i.sha256 = b.sha256)"
        " order by b.used_at limit %s for update skip locked",
        (before, limit),
    )
    return [row["sha256"] for row in rows]


async def drop(tx: Tx, sha256: str) -> None:
    await tx.run("delete from channels.blob where sha256 = %s", (sha256,))


async def sweep_alone(tx: Tx) -> bool:
    """Whether this transaction alone may sweep: false while another does, or while a backup copies the bytes."""
    return await tx.value("select pg_try_advisory_xact_lock(hashtext('channels.files'), 0)") is True
