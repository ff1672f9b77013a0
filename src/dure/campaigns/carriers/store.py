"""Providers in PostgreSQL, their secrets sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.state import Tx


async def providers(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    return await tx.rows("select * from campaigns.provider where workspace = %s order by kind", (workspace,))


async def provider(tx: Tx, workspace: str, kind: str) -> dict[str, Any] | None:
    return await tx.row("select * from campaigns.provider where workspace = %s and kind = %s", (workspace, kind))


async def put(
    tx: Tx, workspace: str, kind: str, settings: Mapping[str, str], sealed: bytes | None, by: str, now: datetime
) -> None:
    """A provider in place of the one before; `sealed` None keeps the secret as it is."""
    await tx.run(
        "insert into campaigns.provider (workspace, kind, settings, sealed, changed_by, changed_at)"
        " values (%(workspace)s, %(kind)s, %(settings)s, %(sealed)s, %(by)s, %(now)s)"
        " on conflict (workspace, kind) do update set settings = excluded.settings,"
        " sealed = coalesce(excluded.sealed, provider.sealed), changed_by = excluded.changed_by,"
        " changed_at = excluded.changed_at",
        {"workspace": workspace, "kind": kind, "settings": Jsonb(dict(settings)), "sealed": sealed, "by": by,
         "now": now},
    )  # fmt: skip


async def remove(tx: Tx, workspace: str, kind: str) -> bool:
    return bool(await tx.run("delete from campaigns.provider where workspace = %s and kind = %s", (workspace, kind)))
