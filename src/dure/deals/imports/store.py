"""The SQL of imports: jobs, their files and findings; and what is there already by the names in files."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.deals.imports.model import Finding, Job, Plan
from dure.state import Tx


async def add(tx: Tx, workspace: str, job: Job, files: Mapping[str, bytes]) -> None:
    await tx.run(
        "insert into deals.import_job (workspace, id, state, plan, done, total, report, actor, created_at, changed_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (workspace, job.id, job.state, Jsonb(msgspec.to_builtins(job.plan)), job.done, job.total,
         Jsonb(dict(job.report)), job.actor, job.created_at, job.changed_at),
    )  # fmt: skip
    await tx.many(
        "insert into deals.import_file (workspace, job, name, body) values (%s, %s, %s, %s)",
        [(workspace, job.id, name, zlib.compress(body)) for name, body in files.items()],
    )


async def job(tx: Tx, workspace: str, job_id: str, *, lock: bool = False) -> Job | None:
    also = " for update" if lock else ""
    row = await tx.row(f"select * from deals.import_job where workspace = %s and id = %s{also}", (workspace, job_id))
    return None if row is None else _job(row)


async def jobs(tx: Tx, workspace: str, limit: int) -> list[Job]:
    """Newest first."""
    rows = await tx.rows(
        "select * from deals.import_job where workspace = %s order by created_at desc, id limit %s", (workspace, limit)
    )
    return [_job(row) for row in rows]


async def keep(tx: Tx, workspace: str, kept: Job) -> None:
    await tx.run(
        "update deals.import_job set state = %s, plan = %s, done = %s, total = %s, report = %s, error = %s,"
        " actor = %s, changed_at = %s, finished_at = %s where workspace = %s and id = %s",
        (kept.state, Jsonb(msgspec.to_builtins(kept.plan)), kept.done, kept.total, Jsonb(dict(kept.report)),
         kept.error, kept.actor, kept.changed_at, kept.finished_at, workspace, kept.id),
    )  # fmt: skip


async def files(tx: Tx, workspace: str, job_id: str) -> dict[str, bytes]:
    rows = await tx.rows(
        "select name, body from deals.import_file where workspace = %s and job = %s order by name", (workspace, job_id)
    )
    return {row["name"]: zlib.decompress(row["body"]) for row in rows}


async def drop_files(tx: Tx, workspace: str, job_id: str) -> None:
    await tx.run("delete from deals.import_file where workspace = %s and job = %s", (workspace, job_id))


async def drop_old_files(tx: Tx, before: datetime) -> None:
    """Files of imports that nobody went on with."""
    await tx.run(
        "delete from deals.import_file f using deals.import_job j where j.workspace = f.workspace and j.id = f.job"
        " and j.state not in ('waiting', 'running') and j.changed_at < %s",
        (before,),
    )


async def set_findings(tx: Tx, workspace: str, job_id: str, found: Sequence[Finding]) -> None:
    await tx.run("delete from deals.import_finding where workspace = %s and job = %s", (workspace, job_id))
    await tx.many(
        "insert into deals.import_finding (workspace, job, number, kind, file, field, value, count, rows, suggestion,"
        " fixed) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (workspace, job_id, number, one.kind, one.file, one.field, one.value, one.count, list(one.rows),
             one.suggestion, one.fixed)
            for number, one in enumerate(found, start=1)
        ],
    )  # fmt: skip


async def findings(tx: Tx, workspace: str, job_id: str) -> list[Finding]:
    rows = await tx.rows(
        "select * from deals.import_finding where workspace = %s and job = %s order by number", (workspace, job_id)
    )
    return [
        Finding(row["kind"], row["file"], row["field"], row["value"], row["count"], tuple(row["rows"]),
                row["suggestion"], row["fixed"])
        for row in rows
    ]  # fmt: skip


async def waiting(tx: Tx) -> list[tuple[str, str]]:
    """(workspace, job) of every import that is to run or was running when its process ended, the oldest first."""
    rows = await tx.rows(
        "select workspace, id from deals.import_job where state in ('waiting', 'running') order by created_at"
    )
    return [(row["workspace"], row["id"]) for row in rows]


async def named(tx: Tx, workspace: str, table: str, names: Sequence[str]) -> dict[str, str]:
    """Ids by name in small letters; `table` is account or product. Of several of one name it is the oldest."""
    rows = await tx.rows(
        f"select distinct on (lower(name)) lower(name) as name, id from deals.{table} where workspace = %s"
        " and lower(name) = any(%s) and deleted_at is null order by lower(name), created_at, id",
        (workspace, sorted({name.lower() for name in names})),
    )
    return {row["name"]: row["id"] for row in rows}


async def products(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """Every product with its prices."""
    return await tx.rows(
        "select p.id, p.name, coalesce((select jsonb_object_agg(q.currency, q.amount) from deals.price q"
        " where q.workspace = p.workspace and q.product = p.id), '{}') as prices from deals.product p"
        " where p.workspace = %s and p.deleted_at is null",
        (workspace,),
    )


async def addresses(tx: Tx, workspace: str, table: str, found: Sequence[str]) -> set[str]:
    """Which e-mail addresses (small letters) contacts or leads have."""
    rows = await tx.rows(
        f"select distinct lower(email) as email from deals.{table} where workspace = %s and lower(email) = any(%s)"
        " and deleted_at is null",
        (workspace, sorted({one.lower() for one in found})),
    )
    return {row["email"] for row in rows}


def _job(row: Mapping[str, Any]) -> Job:
    return Job(
        row["id"], row["state"], msgspec.convert(row["plan"], Plan), row["done"], row["total"], row["report"],
        row["error"], row["actor"], row["created_at"], row["changed_at"], row["finished_at"],
    )  # fmt: skip
