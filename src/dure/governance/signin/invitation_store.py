"""Invitations in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from dure.governance.model import Role
from dure.state import Tx

_OPEN = "accepted_at is null and revoked_at is null"


async def expire(tx: Tx, workspace: str, now: datetime) -> None:
    """What nobody answered in time stands in nobody's way."""
    await tx.run(
        "update governance.invitation set revoked_at = expires_at"
        f" where workspace = %s and expires_at <= %s and {_OPEN}",
        (workspace, now),
    )


async def count_open(tx: Tx, workspace: str) -> int:
    return int(
        await tx.value(f"select count(*) from governance.invitation where workspace = %s and {_OPEN}", (workspace,))
    )


async def add(
    tx: Tx, id: UUID, digest: bytes, workspace: str, email: str, name: str, role: Role, function: str, language: str,
    by: str, at: datetime, until: datetime,
) -> bool:  # fmt: skip
    return (
        await tx.run(
            "insert into governance.invitation (id, digest, workspace, email, name, role, function, language,"
            " invited_by, invited_at, sent_at, expires_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " on conflict do nothing",
            (id, digest, workspace, email, name, role.value, function, language, by, at, at, until),
        )
        > 0
    )


async def listed(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    return await tx.rows(
        "select * from governance.invitation where workspace = %s order by invited_at desc, id limit 2000", (workspace,)
    )


async def renew(
    tx: Tx, workspace: str, id: str, digest: bytes, now: datetime, until: datetime
) -> dict[str, Any] | None:
    return await tx.row(
        "update governance.invitation set digest = %s, sent_at = %s, expires_at = %s, fate = ''"
        f" where workspace = %s and id::text = %s and {_OPEN} returning email",
        (digest, now, until, workspace, id),
    )


async def revoke(tx: Tx, workspace: str, id: str, now: datetime) -> dict[str, Any] | None:
    return await tx.row(
        f"update governance.invitation set revoked_at = %s where workspace = %s and id::text = %s and {_OPEN}"
        " returning email",
        (now, workspace, id),
    )


async def note_fate(tx: Tx, workspace: str, id: str, fate: str) -> None:
    await tx.run(
        "update governance.invitation set fate = %s where workspace = %s and id::text = %s", (fate, workspace, id)
    )


async def held(tx: Tx, digest: bytes, now: datetime) -> dict[str, Any] | None:
    """An open invitation by its link, with the names that its page tells."""
    return await tx.row(
        "select i.*, w.org, w.name as workspace_name, o.name as org_name,"
        " (select a.name from governance.account a where a.id = i.invited_by) as inviter"
        " from governance.invitation i join governance.workspace w on w.id = i.workspace"
        " join governance.organisation o on o.id = w.org"
        " where i.digest = %s and i.expires_at > %s and i.accepted_at is null and i.revoked_at is null",
        (digest, now),
    )


async def accept(tx: Tx, id: UUID, now: datetime) -> bool:
    return await tx.run(f"update governance.invitation set accepted_at = %s where id = %s and {_OPEN}", (now, id)) > 0
