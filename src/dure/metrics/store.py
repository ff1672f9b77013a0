"""The catalogue's SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.metrics.model import Board, Metric, Tile
from dure.state import Tx

_COLUMNS = (
    "id", "name_ko", "name_en", "about_ko", "about_en", "function", "question", "reading", "unit", "currency",
    "direction", "target", "owner", "tags", "verified", "verified_by", "verified_at", "version", "created_by",
    "created_at", "updated_at",
)  # fmt: skip


async def metrics(tx: Tx, workspace: str) -> list[Metric]:
    rows = await tx.rows(
        f"select {', '.join(_COLUMNS)} from metrics.metric where workspace = %s order by function, created_at, id",
        (workspace,),
    )
    return [_metric(row) for row in rows]


async def metric(tx: Tx, workspace: str, id: str, *, lock: bool = False) -> Metric | None:
    locked = " for update" if lock else ""
    row = await tx.row(
        f"select {', '.join(_COLUMNS)} from metrics.metric where workspace = %s and id = %s{locked}",
        (workspace, id),
    )
    return None if row is None else _metric(row)


async def save_metric(tx: Tx, workspace: str, value: Metric, actor: str, now: datetime) -> None:
    """Writes a metric as it is now, and its state into the history under its version."""
    body = msgspec.to_builtins(value)
    row = {name: body[name] for name in _COLUMNS} | {
        "workspace": workspace, "question": Jsonb(body["question"]), "reading": Jsonb(body["reading"]),
        "created_at": value.created_at or now, "updated_at": now, "verified_at": value.verified_at,
        "tags": list(value.tags),
    }  # fmt: skip
    names = ("workspace", *_COLUMNS)
    fixed = ("id", "created_by", "created_at")
    changed = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in fixed)
    await tx.run(
        f"insert into metrics.metric ({', '.join(names)}) values ({', '.join(f'%({name})s' for name in names)})"
        f" on conflict (workspace, id) do update set {changed}",
        row,
    )
    kept = {name: body[name] for name in _COLUMNS if name not in ("created_at", "updated_at")}
    await tx.run(
        "insert into metrics.revision (workspace, metric, version, actor, at, body)"
        " values (%(workspace)s, %(metric)s, %(version)s, %(actor)s, %(at)s, %(body)s)",
        {"workspace": workspace, "metric": value.id, "version": value.version, "actor": actor, "at": now,
         "body": Jsonb(kept)},
    )  # fmt: skip


async def remove_metric(tx: Tx, workspace: str, id: str) -> bool:
    return await tx.run("delete from metrics.metric where workspace = %s and id = %s", (workspace, id)) > 0


async def history(tx: Tx, workspace: str, id: str) -> list[dict[str, Any]]:
    """Newest first: version, actor, at, body."""
    return await tx.rows(
        "select version, actor, at, body from metrics.revision where workspace = %s and metric = %s"
        " order by version desc",
        (workspace, id),
    )


async def boards(tx: Tx, workspace: str) -> list[Board]:
    rows = await tx.rows(
        "select id, name_ko, name_en, tiles from metrics.board where workspace = %s order by created_at, id",
        (workspace,),
    )
    return [_board(row) for row in rows]


async def board(tx: Tx, workspace: str, id: str) -> Board | None:
    row = await tx.row(
        "select id, name_ko, name_en, tiles from metrics.board where workspace = %s and id = %s", (workspace, id)
    )
    return None if row is None else _board(row)


async def save_board(tx: Tx, workspace: str, value: Board, actor: str, now: datetime) -> None:
    await tx.run(
        "insert into metrics.board (workspace, id, name_ko, name_en, tiles, created_by, created_at, updated_at)"
        " values (%(workspace)s, %(id)s, %(name_ko)s, %(name_en)s, %(tiles)s, %(actor)s, %(now)s, %(now)s)"
        " on conflict (workspace, id) do update set name_ko = excluded.name_ko, name_en = excluded.name_en,"
        " tiles = excluded.tiles, updated_at = excluded.updated_at",
        {"workspace": workspace, "id": value.id, "name_ko": value.name_ko, "name_en": value.name_en,
         "tiles": Jsonb(msgspec.to_builtins(value.tiles)), "actor": actor, "now": now},
    )  # fmt: skip


def _metric(row: Mapping[str, Any]) -> Metric:
    return msgspec.convert(dict(row), Metric)


def _board(row: Mapping[str, Any]) -> Board:
    tiles = msgspec.convert(row["tiles"], tuple[Tile, ...])
    return Board(id=row["id"], name_ko=row["name_ko"], name_en=row["name_en"], tiles=tiles)
