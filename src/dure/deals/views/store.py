"""The SQL of views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.deals.views.model import View
from dure.kernel.filters import Filter
from dure.state import Tx


async def all_of(tx: Tx, workspace: str, user: str, object_: str) -> list[View]:
    """A user's own and the shared ones, by name."""
    rows = await tx.rows(
        "select * from deals.view where workspace = %(w)s and (owner = %(user)s or shared)"
        " and (%(object)s = '' or object = %(object)s) order by lower(name), id",
        {"w": workspace, "user": user, "object": object_},
    )
    return [_view(row) for row in rows]


async def one(tx: Tx, workspace: str, view_id: str) -> View | None:
    row = await tx.row("select * from deals.view where workspace = %s and id = %s", (workspace, view_id))
    return None if row is None else _view(row)


async def keep(tx: Tx, workspace: str, view: View) -> None:
    await tx.run(
        "insert into deals.view (workspace, id, object, name, owner, shared, filters, columns, sort, created_at,"
        " changed_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (workspace, id) do update set"
        " name = excluded.name, shared = excluded.shared, filters = excluded.filters, columns = excluded.columns,"
        " sort = excluded.sort, changed_at = excluded.changed_at",
        (workspace, view.id, view.object, view.name, view.owner, view.shared,
         Jsonb(msgspec.to_builtins(list(view.filters))), list(view.columns), view.sort, view.created_at,
         view.changed_at),
    )  # fmt: skip


async def drop(tx: Tx, workspace: str, view_id: str) -> None:
    await tx.run("delete from deals.view where workspace = %s and id = %s", (workspace, view_id))


def _view(row: Mapping[str, Any]) -> View:
    return View(
        row["id"], row["object"], row["name"], row["owner"], row["shared"],
        msgspec.convert(row["filters"], list[Filter]), tuple(row["columns"]), row["sort"], row["created_at"],
        row["changed_at"],
    )  # fmt: skip
