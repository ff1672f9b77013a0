"""The tables of creatives and their kinds' rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.pacing.creatives.model import SPECS, Creative, Spec
from dure.state import Tx

_COLUMNS = tuple(Creative.__slots__)


async def keep(tx: Tx, workspace: str, creatives: Iterable[Creative]) -> None:
    sets = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in ("id", "line_item", "created_at"))
    await tx.many(
        f"insert into pacing.creative (workspace, {', '.join(_COLUMNS)}) values (%s{', %s' * len(_COLUMNS)})"
        f" on conflict (workspace, id) do update set {sets}",
        [
            (workspace, *(list(value) if name == "reasons" else value for name in _COLUMNS
                          for value in [getattr(one, name)]))
            for one in creatives
        ],
    )  # fmt: skip


async def one(tx: Tx, workspace: str, creative: str) -> Creative | None:
    row = await tx.row(
        "select * from pacing.creative where workspace = %s and id = %s for update", (workspace, creative)
    )
    return None if row is None else _creative(row)


async def of_items(tx: Tx, workspace: str, items: Sequence[str]) -> dict[str, list[Creative]]:
    """Creatives by line item, in the order they were made."""
    found: dict[str, list[Creative]] = {}
    for row in await tx.rows(
        "select * from pacing.creative where workspace = %s and line_item = any(%s) order by created_at, id",
        (workspace, list(items)),
    ):
        found.setdefault(row["line_item"], []).append(_creative(row))
    return found


async def specs(tx: Tx, workspace: str) -> dict[str, Spec]:
    """Rules of every kind: the workspace's own, else those that come with Dure."""
    rows = await tx.rows("select kind, body from pacing.creative_spec where workspace = %s", (workspace,))
    return {**SPECS, **{row["kind"]: msgspec.convert(row["body"], Spec) for row in rows}}


async def keep_spec(tx: Tx, workspace: str, kind: str, spec: Spec, at: datetime) -> None:
    await tx.run(
        "insert into pacing.creative_spec (workspace, kind, body, changed_at) values (%s, %s, %s, %s)"
        " on conflict (workspace, kind) do update set body = excluded.body, changed_at = excluded.changed_at",
        (workspace, kind, Jsonb(msgspec.to_builtins(spec)), at),
    )


def _creative(row: Mapping[str, Any]) -> Creative:
    return Creative(**{name: row[name] for name in _COLUMNS})
