"""The SQL of jobs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dure.deals.salesforce.bulk.model import Job
from dure.state import Tx

_COLUMNS = (
    "workspace, org, id, kind, operation, object, external_field, query, delimiter, line_ending, state, account, app,"
    " scopes, processed, failed, next_row, spent_ms, error, api_version, created_at, changed_at"
)


async def add(tx: Tx, job: Job) -> None:
    names = Job.__slots__
    await tx.run(
        f"insert into deals.salesforce_job ({_COLUMNS}) values ({', '.join(f'%({name})s' for name in names)})",
        {name: list(value) if isinstance(value := getattr(job, name), tuple) else value for name in names},
    )


async def job(tx: Tx, workspace: str, kind: str, job_id: str, *, lock: bool = False) -> Job | None:
    row = await tx.row(
        f"select {_COLUMNS} from deals.salesforce_job where workspace = %s and kind = %s and id = %s"
        + (" for update" if lock else ""),
        (workspace, kind, job_id),
    )
    return None if row is None else _job(row)


async def jobs(tx: Tx, workspace: str, kind: str, before: datetime | None, limit: int) -> list[Job]:
    """The newest first."""
    rows = await tx.rows(
        f"select {_COLUMNS} from deals.salesforce_job where workspace = %s and kind = %s"
        " and (%s::timestamptz is null or created_at < %s) order by created_at desc, id limit %s",
        (workspace, kind, before, before, limit),
    )
    return [_job(row) for row in rows]


async def set_state(tx: Tx, one: Job, state: str, now: datetime, error: str = "") -> None:
    await tx.run(
        "update deals.salesforce_job set state = %s, error = %s, lease = null, changed_at = %s"
        " where workspace = %s and id = %s",
        (state, error[:2000], now, one.workspace, one.id),
    )


async def drop(tx: Tx, one: Job) -> None:
    await tx.run("delete from deals.salesforce_job where workspace = %s and id = %s", (one.workspace, one.id))


async def claim(tx: Tx, now: datetime, lease: timedelta) -> Job | None:
    """The oldest job that waits and that nobody is at, for as long as the lease holds."""
    row = await tx.row(
        "update deals.salesforce_job set state = 'InProgress', lease = %(until)s, changed_at = %(now)s"
        " where (workspace, id) = (select workspace, id from deals.salesforce_job"
        "   where state in ('UploadComplete', 'InProgress') and (lease is null or lease < %(now)s)"
        f"   order by created_at, id limit 1 for update skip locked) returning {_COLUMNS}",
        {"now": now, "until": now + lease},
    )
    return None if row is None else _job(row)


async def hold(tx: Tx, one: Job) -> Job | None:
    """The job for this transaction, while it is still being worked at; None once somebody ended it."""
    row = await tx.row(
        f"select {_COLUMNS} from deals.salesforce_job where workspace = %s and id = %s and state = 'InProgress'"
        " for update",
        (one.workspace, one.id),
    )
    return None if row is None else _job(row)


async def move_on(tx: Tx, one: Job, rows: int, failed: int, spent_ms: int, now: datetime, lease: timedelta) -> None:
    """So many rows more are done."""
    await tx.run(
        "update deals.salesforce_job set next_row = next_row + %(rows)s, processed = processed + %(rows)s,"
        " failed = failed + %(failed)s, spent_ms = spent_ms + %(spent)s, changed_at = %(now)s, lease = %(until)s"
        " where workspace = %(workspace)s and id = %(id)s",
        {"rows": rows, "failed": failed, "spent": spent_ms, "now": now, "until": now + lease,
         "workspace": one.workspace, "id": one.id},
    )  # fmt: skip


async def add_part(tx: Tx, one: Job, number: int, first: int, count: int, body: bytes) -> None:
    await tx.run(
        "insert into deals.salesforce_job_part (workspace, job, number, first, count, body)"
        " values (%s, %s, %s, %s, %s, %s)",
        (one.workspace, one.id, number, first, count, body),
    )


async def drop_parts(tx: Tx, one: Job) -> None:
    await tx.run("delete from deals.salesforce_job_part where workspace = %s and job = %s", (one.workspace, one.id))


async def parts(tx: Tx, one: Job, first: int, end: int) -> list[dict[str, Any]]:
    """The parts that hold any of the lines from `first` up to `end`."""
    return await tx.rows(
        "select number, first, count, body from deals.salesforce_job_part where workspace = %s and job = %s"
        " and first < %s and first + count > %s order by number",
        (one.workspace, one.id, end, first),
    )


async def whole(tx: Tx, one: Job) -> list[bytes]:
    """Everything that was sent, in order."""
    rows = await tx.rows(
        "select body from deals.salesforce_job_part where workspace = %s and job = %s order by number",
        (one.workspace, one.id),
    )
    return [bytes(row["body"]) for row in rows]


async def add_rows(tx: Tx, one: Job, rows: Sequence[tuple[int, str, bool, str]]) -> None:
    """(number, record, created, error) each."""
    await tx.many(
        "insert into deals.salesforce_job_row (workspace, job, number, record, created, error)"
        " values (%s, %s, %s, %s, %s, %s)",
        [(one.workspace, one.id, *row) for row in rows],
    )


async def rows(tx: Tx, one: Job) -> dict[int, dict[str, Any]]:
    """What became of each row that is done, by its number."""
    found = await tx.rows(
        "select number, record, created, error from deals.salesforce_job_row where workspace = %s and job = %s",
        (one.workspace, one.id),
    )
    return {row["number"]: row for row in found}


def _job(row: dict[str, Any]) -> Job:
    return Job(**{name: row[name] for name in Job.__slots__} | {"scopes": tuple(row["scopes"])})
