"""The journey maps' SQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.metrics.journeys.course import JourneyMap
from dure.state import Tx

_COLUMNS = (
    "id", "name_ko", "name_en", "about_ko", "about_en", "stages", "activity", "version", "created_by", "created_at",
    "updated_at",
)  # fmt: skip
_SELECT = f"select {', '.join(_COLUMNS)} from metrics.journey"


async def journeys(tx: Tx, workspace: str) -> list[JourneyMap]:
    rows = await tx.rows(f"{_SELECT} where workspace = %s order by created_at, id", (workspace,))
    return [_journey(row) for row in rows]


async def journey(tx: Tx, workspace: str, id: str, *, lock: bool = False) -> JourneyMap | None:
    locked = " for update" if lock else ""
    row = await tx.row(f"{_SELECT} where workspace = %s and id = %s{locked}", (workspace, id))
    return None if row is None else _journey(row)


async def save_journey(tx: Tx, workspace: str, value: JourneyMap, actor: str, now: datetime) -> None:
    """Writes a map as it is now, and its state into the history under its version."""
    body = msgspec.to_builtins(value)
    row = {name: body[name] for name in _COLUMNS} | {
        "workspace": workspace, "stages": Jsonb(body["stages"]), "activity": Jsonb(body["activity"]),
        "created_at": value.created_at or now, "updated_at": now,
    }  # fmt: skip
    names = ("workspace", *_COLUMNS)
    fixed = ("id", "created_by", "created_at")
    changed = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in fixed)
    await tx.run(
        f"insert into metrics.journey ({', '.join(names)}) values ({', '.join(f'%({name})s' for name in names)})"
        f" on conflict (workspace, id) do update set {changed}",
        row,
    )
    kept = {name: body[name] for name in _COLUMNS if name not in ("created_at", "updated_at")}
    await tx.run(
        "insert into metrics.journey_revision (workspace, journey, version, actor, at, body)"
        " values (%s, %s, %s, %s, %s, %s)",
        (workspace, value.id, value.version, actor, now, Jsonb(kept)),
    )


async def remove_journey(tx: Tx, workspace: str, id: str) -> bool:
    return await tx.run("delete from metrics.journey where workspace = %s and id = %s", (workspace, id)) > 0


async def history(tx: Tx, workspace: str, id: str) -> list[dict[str, Any]]:
    """Newest first: version, actor, at, body."""
    return await tx.rows(
        "select version, actor, at, body from metrics.journey_revision where workspace = %s and journey = %s"
        " order by version desc",
        (workspace, id),
    )


def _journey(row: Mapping[str, Any]) -> JourneyMap:
    return msgspec.convert(dict(row), JourneyMap)
