"""The trees' SQL."""

from __future__ import annotations

from datetime import datetime

import msgspec
from psycopg.types.json import Jsonb

from dure.metrics.tree.model import Tree
from dure.state import Tx

_COLUMNS = (
    "id", "name_ko", "name_en", "about_ko", "about_en", "root", "nodes", "edges", "version", "created_by",
    "created_at", "updated_at",
)  # fmt: skip


async def trees(tx: Tx, workspace: str) -> list[Tree]:
    rows = await tx.rows(
        f"select {', '.join(_COLUMNS)} from metrics.tree where workspace = %s order by created_at, id", (workspace,)
    )
    return [msgspec.convert(row, Tree) for row in rows]


async def tree(tx: Tx, workspace: str, id: str, *, lock: bool = False) -> Tree | None:
    locked = " for update" if lock else ""
    row = await tx.row(
        f"select {', '.join(_COLUMNS)} from metrics.tree where workspace = %s and id = %s{locked}", (workspace, id)
    )
    return None if row is None else msgspec.convert(row, Tree)


async def save(tx: Tx, workspace: str, value: Tree, now: datetime) -> None:
    body = msgspec.to_builtins(value)
    row = {name: body[name] for name in _COLUMNS} | {
        "workspace": workspace, "nodes": Jsonb(body["nodes"]), "edges": Jsonb(body["edges"]),
        "created_at": value.created_at or now, "updated_at": now,
    }  # fmt: skip
    names = ("workspace", *_COLUMNS)
    fixed = ("id", "created_by", "created_at")
    changed = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in fixed)
    await tx.run(
        f"insert into metrics.tree ({', '.join(names)}) values ({', '.join(f'%({name})s' for name in names)})"
        f" on conflict (workspace, id) do update set {changed}",
        row,
    )


async def remove(tx: Tx, workspace: str, id: str) -> bool:
    return await tx.run("delete from metrics.tree where workspace = %s and id = %s", (workspace, id)) > 0
