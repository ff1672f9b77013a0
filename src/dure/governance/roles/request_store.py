"""Requests to invite in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.governance.roles.model import InviteRequest
from dure.state import Tx


async def add(tx: Tx, made: InviteRequest) -> None:
    await tx.run(
        "insert into governance.invite_request (id, workspace, email, name, guest, channels, expires_at, reason,"
        " asked_by, asked_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (made.id, made.workspace, made.email, made.name, made.guest, list(made.channels), made.expires_at, made.reason,
         made.asked_by, made.asked_at),
    )  # fmt: skip


async def count_open(tx: Tx, workspace: str) -> int:
    return int(
        await tx.value(
            "select count(*) from governance.invite_request where workspace = %s and state = 'pending'", (workspace,)
        )
    )


async def is_open(tx: Tx, workspace: str, email: str) -> bool:
    return bool(
        await tx.value(
            "select exists (select from governance.invite_request where workspace = %s and lower(email) = lower(%s)"
            " and state = 'pending')",
            (workspace, email),
        )
    )


async def listed(tx: Tx, workspace: str, state: str) -> list[InviteRequest]:
    rows = await tx.rows(
        "select * from governance.invite_request where workspace = %s and state = %s"
        " order by coalesce(decided_at, asked_at) desc, id limit 1000",
        (workspace, state),
    )
    return [_request(row) for row in rows]


async def find(tx: Tx, workspace: str, request: str) -> InviteRequest | None:
    row = await tx.row(
        "select * from governance.invite_request where workspace = %s and id = %s for update", (workspace, request)
    )
    return None if row is None else _request(row)


async def decide(tx: Tx, request: str, state: str, by: str, at: datetime) -> None:
    await tx.run(
        "update governance.invite_request set state = %s, decided_by = %s, decided_at = %s where id = %s",
        (state, by, at, request),
    )


def _request(row: dict[str, Any]) -> InviteRequest:
    return InviteRequest(
        row["id"], row["workspace"], row["email"], row["name"], row["guest"], tuple(row["channels"]),
        row["expires_at"], row["reason"], row["asked_by"], row["asked_at"], row["state"], row["decided_by"],
        row["decided_at"],
    )  # fmt: skip
