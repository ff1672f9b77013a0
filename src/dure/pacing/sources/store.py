"""The table of connected ad servers. One process pulls one at a time: a lease says who."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.pacing.sources.model import Server
from dure.state import Tx

_COLUMNS = tuple(Server.__slots__)


async def add(tx: Tx, workspace: str, server: Server) -> None:
    await tx.run(
        f"insert into pacing.ad_server (workspace, {', '.join(_COLUMNS)}) values (%s{', %s' * len(_COLUMNS)})",
        (workspace, *(_plain(getattr(server, name)) for name in _COLUMNS)),
    )


async def keep(tx: Tx, workspace: str, server: Server) -> None:
    sets = ", ".join(f"{name} = %({name})s" for name in _COLUMNS if name not in ("id", "kind", "created_at"))
    await tx.run(
        f"update pacing.ad_server set {sets}, leased_until = null where workspace = %(workspace)s and id = %(id)s",
        {name: _plain(getattr(server, name)) for name in _COLUMNS} | {"workspace": workspace},
    )


async def remove(tx: Tx, workspace: str, server: str) -> None:
    await tx.run("delete from pacing.ad_server where workspace = %s and id = %s", (workspace, server))


async def every(tx: Tx, workspace: str) -> list[Server]:
    rows = await tx.rows("select * from pacing.ad_server where workspace = %s order by name", (workspace,))
    return [_server(row) for row in rows]


async def one(tx: Tx, workspace: str, server: str) -> Server | None:
    row = await tx.row(
        "select * from pacing.ad_server where workspace = %s and id = %s for update", (workspace, server)
    )
    return None if row is None else _server(row)


async def claim(tx: Tx, at: datetime, until: datetime) -> tuple[str, Server] | None:
    """The server of any workspace that is due longest and nobody pulls, leased until then."""
    row = await tx.row(
        "update pacing.ad_server set leased_until = %(until)s where (workspace, id) = ("
        " select workspace, id from pacing.ad_server where enabled and due_at <= %(at)s"
        " and (leased_until is null or leased_until <= %(at)s) order by due_at for update skip locked limit 1)"
        " returning *",
        {"at": at, "until": until},
    )
    return None if row is None else (row["workspace"], _server(row))


async def hold(tx: Tx, workspace: str, server: str, lease: datetime) -> bool:
    """Whether the lease is still one's own, held to the transaction's end: nobody changed the server meanwhile."""
    return bool(
        await tx.row(
            "select id from pacing.ad_server"
            " where workspace = %s and id = %s and enabled and leased_until = %s for update",
            (workspace, server, lease),
        )
    )


async def advance(
    tx: Tx, workspace: str, server: str, cursor: Mapping[str, Any], due_at: datetime, at: datetime,
    until: datetime | None, said: str,
) -> None:  # fmt: skip
    """Keeps where a pull has come to, with what it brought; `said` is what was passed over."""
    await tx.run(
        "update pacing.ad_server set cursor = %s, due_at = %s, pulled_at = %s, leased_until = %s, failures = 0,"
        " error = %s where workspace = %s and id = %s",
        (Jsonb(dict(cursor)), due_at, at, until, said[:1000], workspace, server),
    )


async def fail(tx: Tx, workspace: str, server: str, error: str, due_at: datetime) -> None:
    await tx.run(
        "update pacing.ad_server set failures = failures + 1, error = %s, due_at = %s, leased_until = null"
        " where workspace = %s and id = %s",
        (error[:1000], due_at, workspace, server),
    )


def _plain(value: Any) -> Any:
    return Jsonb(dict(value)) if isinstance(value, Mapping) else value


def _server(row: Mapping[str, Any]) -> Server:
    return Server(**{name: row[name] for name in _COLUMNS})
