"""The SQL of boards' belongings: views, annotations, links, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from dure.metrics.boards.model import Annotation, Share, View
from dure.state import Tx

_SHARE = (
    "id, board, bar, any_range, people, hint, created_by, created_at, expires_at, revoked_at, uses, used_at"
)  # fmt: skip


async def remove_board(tx: Tx, workspace: str, id: str) -> bool:
    return await tx.run("delete from metrics.board where workspace = %s and id = %s", (workspace, id)) > 0


# -- views ------------------------------------------------------------------------------------------------------------


async def views(tx: Tx, workspace: str, board: str, actor: str) -> list[View]:
    """A board's shared views and the actor's own, oldest first."""
    rows = await tx.rows(
        "select id, board, name, bar, shared, created_by, created_at from metrics.view"
        " where workspace = %s and board = %s and (shared or created_by = %s) order by created_at, id",
        (workspace, board, actor),
    )
    return [msgspec.convert(row, View) for row in rows]


async def view(tx: Tx, workspace: str, board: str, id: str) -> View | None:
    row = await tx.row(
        "select id, board, name, bar, shared, created_by, created_at from metrics.view"
        " where workspace = %s and board = %s and id = %s for update",
        (workspace, board, id),
    )
    return None if row is None else msgspec.convert(row, View)


async def save_view(tx: Tx, workspace: str, value: View) -> None:
    await tx.run(
        "insert into metrics.view (workspace, id, board, name, bar, shared, created_by, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (workspace, id)"
        " do update set name = excluded.name, bar = excluded.bar, shared = excluded.shared",
        (workspace, value.id, value.board, value.name, _json(value.bar), value.shared, value.created_by,
         value.created_at),
    )  # fmt: skip


async def remove_view(tx: Tx, workspace: str, id: str) -> None:
    await tx.run("delete from metrics.view where workspace = %s and id = %s", (workspace, id))


# -- annotations ------------------------------------------------------------------------------------------------------


async def annotations_between(
    tx: Tx, workspace: str, start: datetime, end: datetime, board: str | None, metric: str | None
) -> list[Annotation]:
    """Those within the time, earliest first; of one board or metric: its own and those that stand on everything."""
    rows = await tx.rows(
        "select id, at, text, function, board, metric, created_by, created_at from metrics.annotation"
        " where workspace = %(workspace)s and at >= %(start)s and at < %(end)s"
        " and (%(board)s::text is null or board is null or board = %(board)s)"
        " and (%(metric)s::text is null or metric is null or metric = %(metric)s) order by at, id limit 1000",
        {"workspace": workspace, "start": start, "end": end, "board": board, "metric": metric},
    )
    return [msgspec.convert(row, Annotation) for row in rows]


async def annotation(tx: Tx, workspace: str, id: str) -> Annotation | None:
    row = await tx.row(
        "select id, at, text, function, board, metric, created_by, created_at from metrics.annotation"
        " where workspace = %s and id = %s for update",
        (workspace, id),
    )
    return None if row is None else msgspec.convert(row, Annotation)


async def save_annotation(tx: Tx, workspace: str, value: Annotation) -> None:
    await tx.run(
        "insert into metrics.annotation (workspace, id, at, text, function, board, metric, created_by, created_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (workspace, id) do update set at = excluded.at,"
        " text = excluded.text, function = excluded.function, board = excluded.board, metric = excluded.metric",
        (workspace, value.id, value.at, value.text, value.function, value.board, value.metric, value.created_by,
         value.created_at),
    )  # fmt: skip


async def remove_annotation(tx: Tx, workspace: str, id: str) -> None:
    await tx.run("delete from metrics.annotation where workspace = %s and id = %s", (workspace, id))


# -- links ------------------------------------------------------------------------------------------------------------


async def shares(tx: Tx, workspace: str, board: str) -> list[Share]:
    """A board's links, newest first; revoked ones too."""
    rows = await tx.rows(
        f"select {_SHARE} from metrics.share where workspace = %s and board = %s order by created_at desc, id desc",
        (workspace, board),
    )
    return [msgspec.convert(row, Share) for row in rows]


async def add_share(tx: Tx, org: str, workspace: str, value: Share, digest: bytes) -> None:
    await tx.run(
        "insert into metrics.share (org, workspace, id, digest, hint, board, bar, any_range, people, expires_at,"
        " created_by, created_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (org, workspace, value.id, digest, value.hint, value.board, _json(value.bar), value.any_range, value.people,
         value.expires_at, value.created_by, value.created_at),
    )  # fmt: skip


async def revoke_share(tx: Tx, workspace: str, board: str, id: str, now: datetime) -> bool:
    return await tx.run(
        "update metrics.share set revoked_at = %s where workspace = %s and board = %s and id = %s"
        " and revoked_at is null",
        (now, workspace, board, id),
    ) > 0  # fmt: skip


async def share_by(tx: Tx, digest: bytes, now: datetime) -> tuple[str, str, Share] | None:
    """Organisation, workspace and link of a secret, if the link holds still."""
    row = await tx.row(
        f"select org, workspace, {_SHARE} from metrics.share where digest = %s and revoked_at is null"
        " and (expires_at is null or expires_at > %s)",
        (digest, now),
    )
    return None if row is None else (row.pop("org"), row.pop("workspace"), msgspec.convert(row, Share))


async def count_use(tx: Tx, workspace: str, id: str, now: datetime) -> int:
    uses: int = await tx.value(
        "update metrics.share set uses = uses + 1, used_at = %s where workspace = %s and id = %s returning uses",
        (now, workspace, id),
    )
    return uses


# -- pictures ---------------------------------------------------------------------------------------------------------


async def keep_picture(tx: Tx, workspace: str, id: UUID, svg: str, expires: datetime, now: datetime) -> bool:
    """Keeps a picture under its id and drops those whose time is over; False where the id is there already."""
    await tx.run("delete from metrics.picture where expires_at <= %s", (now,))
    return await tx.run(
        "insert into metrics.picture (workspace, id, svg, expires_at) values (%s, %s, %s, %s) on conflict do nothing",
        (workspace, id, svg, expires),
    ) > 0  # fmt: skip


async def picture(tx: Tx, workspace: str, id: UUID, now: datetime) -> str | None:
    svg: str | None = await tx.value(
        "select svg from metrics.picture where workspace = %s and id = %s and expires_at > %s", (workspace, id, now)
    )
    return svg


def _json(value: Any) -> Jsonb:
    built: Mapping[str, Any] = msgspec.to_builtins(value)
    return Jsonb(built)
