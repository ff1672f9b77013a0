"""What was decided and asked of apps, in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.kernel.tenant import Tenant
from dure.state import Tx


async def standing(tx: Tx, tenant: Tenant, app: str) -> set[str]:
    """What was decided of an app, for the whole and for this workspace; rows that are being written are waited for."""
    rows = await tx.rows(
        "select decision from channels.app_decision where org = %s and workspace in ('', %s) and app = %s for share",
        (tenant.org, tenant.workspace, app),
    )
    return {row["decision"] for row in rows}


async def decisions(tx: Tx, org: str, workspace: str, decision: str) -> list[dict[str, Any]]:
    return await tx.rows(
        "select * from channels.app_decision where org = %s and workspace = %s and decision = %s"
        " order by decided_at desc, app",
        (org, workspace, decision),
    )


async def decide(tx: Tx, org: str, workspace: str, app: str, decision: str, by: str, at: datetime) -> None:
    await tx.run(
        "insert into channels.app_decision (org, workspace, app, decision, decided_by, decided_at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (org, workspace, app) do update set"
        " decision = excluded.decision, decided_by = excluded.decided_by, decided_at = excluded.decided_at",
        (org, workspace, app, decision, by, at),
    )


async def clear(tx: Tx, org: str, workspace: str, app: str) -> bool:
    return bool(
        await tx.run(
            "delete from channels.app_decision where org = %s and workspace = %s and app = %s", (org, workspace, app)
        )
    )


async def add_request(
    tx: Tx, request: str, tenant: Tenant, app: str, by: str, message: str, at: datetime
) -> None:  # fmt: skip
    await tx.run(
        "insert into channels.app_request (id, org, workspace, app, asked_by, message, asked_at)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        (request, tenant.org, tenant.workspace, app, by, message, at),
    )


async def is_asked(tx: Tx, tenant: Tenant, app: str) -> bool:
    return bool(
        await tx.value(
            "select exists (select from channels.app_request where workspace = %s and app = %s and resolution = '')",
            (tenant.workspace, app),
        )
    )


async def requests(tx: Tx, tenant: Tenant) -> list[dict[str, Any]]:
    return await tx.rows(
        "select * from channels.app_request where org = %s and workspace = %s and resolution = ''"
        " order by asked_at desc, id",
        (tenant.org, tenant.workspace),
    )


async def request(tx: Tx, tenant: Tenant, request_id: str) -> dict[str, Any] | None:
    return await tx.row(
        "select * from channels.app_request where org = %s and workspace = %s and id = %s for update",
        (tenant.org, tenant.workspace, request_id),
    )


async def resolve(tx: Tx, org: str, workspace: str, app: str, resolution: str, by: str, at: datetime) -> None:
    """Answers what waits for an app: in a workspace, or wherever in the organisation."""
    await tx.run(
        "update channels.app_request set resolution = %(resolution)s, resolved_by = %(by)s, resolved_at = %(at)s"
        " where org = %(org)s and app = %(app)s and resolution = '' and %(workspace)s in ('', workspace)",
        {"resolution": resolution, "org": org, "app": app, "workspace": workspace, "by": by, "at": at},
    )


async def cancel(tx: Tx, request: str, by: str, at: datetime) -> None:
    await tx.run(
        "update channels.app_request set resolution = 'cancelled', resolved_by = %s, resolved_at = %s where id = %s"
        " and resolution = ''",
        (by, at, request),
    )


async def waiting(tx: Tx, org: str) -> list[dict[str, Any]]:
    """What waits in all workspaces of an organisation, the oldest first."""
    return await tx.rows(
        "select * from channels.app_request where org = %s and resolution = '' order by asked_at, id", (org,)
    )


async def every_decision(tx: Tx, org: str) -> list[dict[str, Any]]:
    """What was decided for the whole organisation and for each workspace, the newest first."""
    return await tx.rows(
        "select * from channels.app_decision where org = %s order by decided_at desc, app, workspace", (org,)
    )


async def newest_requests(tx: Tx, tenant: Tenant) -> dict[str, dict[str, Any]]:
    """The newest request for each app in a workspace, by app."""
    rows = await tx.rows(
        "select distinct on (app) * from channels.app_request where org = %s and workspace = %s"
        " order by app, asked_at desc, id desc",
        (tenant.org, tenant.workspace),
    )
    return {row["app"]: row for row in rows}
