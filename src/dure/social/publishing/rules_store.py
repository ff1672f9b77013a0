"""SQL of what a workspace asks of its posts."""

from __future__ import annotations

from dataclasses import asdict

from psycopg.types.json import Jsonb

from dure.kernel.tenant import Tenant
from dure.social.publishing.model import Rules
from dure.state import Tx


async def rules(tx: Tx, workspace: str) -> Rules:
    row = await tx.row(
        "select approval, own, approvers, utm, tracked, paused_at, paused_by, paused_why, version"
        " from social.publishing where workspace = %s",
        (workspace,),
    )
    return Rules() if row is None else Rules(**row | {"approvers": tuple(row["approvers"])})


async def locked_rules(tx: Tx, tenant: Tenant) -> Rules:
    """Nobody else's until the transaction ends, also where nobody set any yet."""
    await tx.run("select pg_advisory_xact_lock(hashtextextended('social.publishing ' || %s, 0))", (tenant.workspace,))
    return await rules(tx, tenant.workspace)


async def keep_rules(tx: Tx, tenant: Tenant, made: Rules) -> None:
    told = asdict(made) | {"utm": Jsonb(dict(made.utm)), "approvers": list(made.approvers)}
    names = list(told)
    await tx.run(
        f"insert into social.publishing (workspace, org, {', '.join(names)}) values (%(w)s, %(o)s,"
        f" {', '.join(f'%({one})s' for one in names)}) on conflict (workspace) do update set"
        f" {', '.join(f'{one} = excluded.{one}' for one in names)}",
        {"w": tenant.workspace, "o": tenant.org, **told},
    )
