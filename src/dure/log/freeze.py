"""The log's part of a backup: ClickHouse's own frozen parts, copied out, and put into another log later."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from dure.log.store import Log

_TABLES = """select name, uuid, create_table_query, total_rows from system.tables
where database = currentDatabase() and engine like '%MergeTree' and name not like '.inner%' order by name"""
_DISK = "select path from system.disks where name = 'default'"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A table as it was at one moment: how it is made, where its parts lie."""

    name: str
    create: str
    rows: int
    parts: Path


def freeze(log: Log, name: str) -> tuple[Path, list[Frozen]]:
    """Links every part of every table aside, at once and without copying; returns the folder to remove afterwards.

    Only for a log that is embedded: its files are this machine's.
    """
    with log._client() as client:
        disk = Path(client.query(_DISK).result_rows[0][0])
        shadow, frozen = disk / "shadow" / name, []
        for table, uuid, create, rows in client.query(_TABLES).result_rows:
            client.command(f"alter table `{table}` freeze with name '{name}'")
            place = shadow / "store" / str(uuid)[:3] / str(uuid)
            frozen.append(Frozen(table, create.replace(f"{log.database}.", "", 1), int(rows or 0), place))
    return shadow, frozen


def attach(log: Log, table: str, create: str, parts: Path) -> int:
    """Puts frozen parts into an open, empty log, making the table where it is not there; returns its rows."""
    with log._client() as client:
        client.command(create.replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ", 1))
        (path,) = client.query(
            "select data_paths[1] from system.tables where database = currentDatabase() and name = {name:String}",
            parameters={"name": table},
        ).result_rows[0]
        found = [part for part in sorted(parts.iterdir()) if part.is_dir()] if parts.exists() else []
        for part in found:
            shutil.copytree(part, Path(path) / "detached" / part.name)
        if found:
            client.command(f"alter table `{table}` attach partition all")
        return int(client.query(f"select count() from `{table}`").result_rows[0][0])
