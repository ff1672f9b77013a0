"""Flags' only SQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from dure.experiments.flags.model import Flag, FlagDesign
from dure.state import Tx


async def flags(tx: Tx, workspace: str, key: str | None = None) -> list[Flag]:
    """All of a workspace by their keys, or the one."""
    rows = await tx.rows(
        "select * from experiments.flag where workspace = %(w)s and (%(key)s::text is null or key = %(key)s)"
        " order by key", {"w": workspace, "key": key},
    )  # fmt: skip
    overrides: dict[str, dict[str, str]] = defaultdict(dict)
    for row in await tx.rows(
        "select flag, distinct_id, value from experiments.override"
        " where workspace = %(w)s and (%(key)s::text is null or flag = %(key)s) order by at, distinct_id",
        {"w": workspace, "key": key},
    ):
        overrides[row["flag"]][row["distinct_id"]] = row["value"]
    return [_flag(row, overrides.get(row["key"], {})) for row in rows]


async def add(tx: Tx, org: str, workspace: str, key: str, design: FlagDesign, by: str, at: datetime) -> bool:
    """False where the key is taken."""
    return bool(
        await tx.run(
            "insert into experiments.flag (workspace, key, org, design, experiment, version, by, created_at,"
            " changed_at) values (%(w)s, %(key)s, %(org)s, %(design)s, %(experiment)s, 1, %(by)s, %(at)s, %(at)s)"
            " on conflict (workspace, key) do nothing",
            {"w": workspace, "key": key, "org": org, "design": _json(design), "experiment": design.experiment,
             "by": by, "at": at},
        )
    )  # fmt: skip


async def change(tx: Tx, workspace: str, key: str, design: FlagDesign, at: datetime) -> None:
    await tx.run(
        "update experiments.flag set design = %s, experiment = %s, version = version + 1, changed_at = %s"
        " where workspace = %s and key = %s",
        (_json(design), design.experiment, at, workspace, key),
    )


async def delete(tx: Tx, workspace: str, key: str) -> bool:
    return bool(await tx.run("delete from experiments.flag where workspace = %s and key = %s", (workspace, key)))


async def override(tx: Tx, workspace: str, key: str, distinct_id: str, value: str, by: str, at: datetime) -> None:
    await tx.run(
        "insert into experiments.override (workspace, flag, distinct_id, value, by, at) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (workspace, flag, distinct_id) do update set value = excluded.value, by = excluded.by,"
        " at = excluded.at", (workspace, key, distinct_id, value, by, at),
    )  # fmt: skip


async def let_go(tx: Tx, workspace: str, key: str, distinct_id: str) -> bool:
    """Takes an exception away."""
    return bool(
        await tx.run(
            "delete from experiments.override where workspace = %s and flag = %s and distinct_id = %s",
            (workspace, key, distinct_id),
        )
    )


async def giving_out(tx: Tx, workspace: str, experiment: str) -> list[str]:
    """The keys of the flags that give out an experiment's arms."""
    rows = await tx.rows(
        "select key from experiments.flag where workspace = %s and experiment = %s order by key",
        (workspace, experiment),
    )
    return [row["key"] for row in rows]


async def unlink(tx: Tx, workspace: str, experiment: str) -> None:
    """Flags of an experiment that goes answer nothing any more."""
    await tx.run(
        "update experiments.flag set experiment = null, version = version + 1,"
        " design = jsonb_set(design - 'experiment', '{active}', 'false') where workspace = %s and experiment = %s",
        (workspace, experiment),
    )


async def edition(tx: Tx, workspaces: Sequence[str]) -> dict[str, int]:
    """The newest edition of each of these workspaces; one that never had a flag is missing."""
    rows = await tx.rows(
        "select workspace, number from experiments.edition where workspace = any(%s)", (list(workspaces),)
    )
    return {row["workspace"]: row["number"] for row in rows}


def _json(design: FlagDesign) -> Jsonb:
    return Jsonb(msgspec.to_builtins(design))


def _flag(row: Mapping[str, Any], overrides: Mapping[str, str]) -> Flag:
    return Flag(
        row["key"], row["number"], msgspec.convert(row["design"], FlagDesign), row["version"], row["by"],
        row["created_at"], row["changed_at"], overrides,
    )  # fmt: skip
