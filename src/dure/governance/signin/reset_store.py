"""Resets in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.state import Tx

_HELD = (
    "select r.account, r.workspace, w.org, a.email, a.name from governance.reset r"
    " join governance.account a on a.id = r.account and a.deleted_at is null"
    " join governance.seat s on s.account = a.id and s.workspace = r.workspace and s.left_at is null"
    " join governance.workspace w on w.id = r.workspace where r.digest = %s and r.expires_at > %s"
)


async def people(tx: Tx, email: str) -> list[dict[str, Any]]:
    """Everybody with this e-mail and a seat, playgrounds left out, oldest first."""
    return await tx.rows(
        "select distinct on (a.created_at, a.id) a.id, a.email, a.name, s.workspace, w.org, o.name as org_name,"
        " coalesce(nullif(a.language, ''), w.language) as language"
        " from governance.account a join governance.seat s on s.account = a.id and s.left_at is null"
        " join governance.workspace w on w.id = s.workspace and w.playground_of is null"
        " join governance.organisation o on o.id = w.org"
        " where lower(a.email) = lower(%s) and a.app is null and a.deleted_at is null"
        " order by a.created_at, a.id, s.workspace <> a.workspace, s.joined_at",
        (email,),
    )


async def put(tx: Tx, digest: bytes, account: str, workspace: str, until: datetime) -> None:
    """The newest link is the one that is good."""
    await tx.run(
        "insert into governance.reset (digest, account, workspace, expires_at) values (%s, %s, %s, %s)"
        " on conflict (account) do update set digest = excluded.digest, workspace = excluded.workspace,"
        " expires_at = excluded.expires_at",
        (digest, account, workspace, until),
    )


async def held(tx: Tx, digest: bytes, now: datetime) -> dict[str, Any] | None:
    return await tx.row(_HELD, (digest, now))


async def use(tx: Tx, digest: bytes, now: datetime) -> dict[str, Any] | None:
    row = await held(tx, digest, now)
    if await tx.run("delete from governance.reset where digest = %s", (digest,)) == 0:
        return None
    return row
