"""Policies in PostgreSQL. What was set for the whole has no workspace ("")."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from dure.governance.policies.model import Value
from dure.kernel.tenant import Tenant
from dure.state import Tx


async def said(tx: Tx, tenant: Tenant) -> list[dict[str, Any]]:
    """What was set for the whole and for this workspace."""
    return await tx.rows(
        "select name, workspace, value from governance.policy where org = %s and workspace in ('', %s)",
        (tenant.org, tenant.workspace),
    )


async def said_of(tx: Tx, tenants: Collection[Tenant], names: Collection[str]) -> list[dict[str, Any]]:
    """What was set of some policies for several organisations' whole and for these workspaces."""
    return await tx.rows(
        "select org, name, workspace, value from governance.policy"
        " where org = any(%s) and name = any(%s) and (workspace = '' or workspace = any(%s))",
        (sorted({one.org for one in tenants}), list(names), [one.workspace for one in tenants]),
    )


async def workspaces(tx: Tx, org: str) -> list[str]:
    rows = await tx.rows("select id from governance.workspace where org = %s order by id", (org,))
    return [row["id"] for row in rows]


async def shorten_sessions(tx: Tx, workspace: str, length: timedelta) -> None:
    await tx.run(
        "update governance.session set expires_at = created_at + %s"
        " where workspace = %s and purpose = 'session' and expires_at > created_at + %s",
        (length, workspace, length),
    )


async def has_provider(tx: Tx, org: str) -> bool:
    return bool(await tx.value("select exists (select from governance.provider where org = %s and enabled)", (org,)))


async def put(tx: Tx, org: str, workspace: str, name: str, value: Value, by: str, at: datetime) -> None:
    await tx.run(
        "insert into governance.policy (org, workspace, name, value, set_by, set_at) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (org, workspace, name)"
        " do update set value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at",
        (org, workspace, name, Jsonb(value), by, at),
    )


async def drop(tx: Tx, org: str, workspace: str, name: str) -> None:
    await tx.run(
        "delete from governance.policy where org = %s and workspace = %s and name = %s", (org, workspace, name)
    )
