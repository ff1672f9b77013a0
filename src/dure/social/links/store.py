"""Links' only SQL for PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from dure.kernel.tenant import Tenant
from dure.social.links.model import Link
from dure.state import Tx

_FIELDS = (
    "workspace, org, id, code, target, network, side, belongs, belongs_id, person, created_at, created_by, expires_at,"
    " ended_at"
)


async def add(tx: Tx, links: Sequence[Link]) -> None:
    """Keeps a set. A code that is taken is an error of the database: one in 10^15."""
    await tx.run(
        f"insert into social.tracked_link ({_FIELDS}) select * from unnest(%s::text[], %s::text[], %s::uuid[],"
        " %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::timestamptz[],"
        " %s::text[], %s::timestamptz[], %s::timestamptz[])",
        [list(column) for column in zip(*(
            (one.tenant.workspace, one.tenant.org, one.id, one.code, one.target, one.network, one.side, *one.belongs,
             one.person, one.created_at, one.created_by, one.expires_at, one.ended_at)
            for one in links
        ), strict=True)],
    )  # fmt: skip


async def by_code(tx: Tx, code: str) -> Link | None:
    """Of whatever workspace: the code is all that a visitor brings."""
    row = await tx.row(f"select {_FIELDS} from social.tracked_link where code = %s", (code,))
    return None if row is None else _link(row)


async def of(tx: Tx, workspace: str, belongs: str, ids: Sequence[str]) -> list[Link]:
    rows = await tx.rows(
        f"select {_FIELDS} from social.tracked_link where workspace = %s and belongs = %s and belongs_id = any(%s)"
        " order by created_at, id",
        (workspace, belongs, list(ids)),
    )
    return [_link(row) for row in rows]


async def named(tx: Tx, workspace: str, ids: Sequence[uuid.UUID], codes: Sequence[str]) -> list[Link]:
    rows = await tx.rows(
        f"select {_FIELDS} from social.tracked_link where workspace = %s and (id = any(%s) or code = any(%s))"
        " order by created_at, id",
        (workspace, list(ids), list(codes)),
    )
    return [_link(row) for row in rows]


async def recent(tx: Tx, workspace: str, belongs: str, limit: int) -> list[Link]:
    rows = await tx.rows(
        f"select {_FIELDS} from social.tracked_link where workspace = %s and (%s = '' or belongs = %s)"
        " order by created_at desc, id limit %s",
        (workspace, belongs, belongs, limit),
    )
    return [_link(row) for row in rows]


async def end(tx: Tx, workspace: str, ids: Sequence[uuid.UUID], now: datetime) -> list[Link]:
    """Those that had not ended yet."""
    rows = await tx.rows(
        f"update social.tracked_link set ended_at = %s where workspace = %s and id = any(%s) and ended_at is null"
        f" returning {_FIELDS}",
        (now, workspace, list(ids)),
    )
    return [_link(row) for row in rows]


async def forget_maker(tx: Tx, workspace: str, user: str, belongs: str) -> int:
    return await tx.run(
        "update social.tracked_link set created_by = '' where workspace = %s and created_by = %s and belongs = %s",
        (workspace, user, belongs),
    )


async def salt(tx: Tx, day: date, drawn: bytes) -> bytes:
    """The day's, the same for every process; those of days before are gone from then on."""
    await tx.run("delete from social.link_salt where day < %s", (day,))
    await tx.run("insert into social.link_salt (day, salt) values (%s, %s) on conflict (day) do nothing", (day, drawn))
    return bytes(await tx.value("select salt from social.link_salt where day = %s", (day,)))


def _link(row: Mapping[str, Any]) -> Link:
    return Link(
        Tenant(row["org"], row["workspace"]), row["id"], row["code"], row["target"], row["network"], row["side"],
        (row["belongs"], row["belongs_id"]), row["person"], row["created_at"], row["created_by"], row["expires_at"],
        row["ended_at"],
    )  # fmt: skip
