"""Listening's SQL: saved queries, their labels on mentions, the setting."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from dure.kernel.tenant import Tenant
from dure.social.listening.model import SavedQuery
from dure.state import Tx

_FIELDS = (
    "id, name, kind, family, role, text, leaves_out, watch, allowed, cooldown, version, history, reached, labelled,"
    " created_by, created_at, changed_at, passed, total"
)


async def queries(tx: Tx, workspace: str, *, leaving: bool = False) -> list[SavedQuery]:
    """All of a workspace, themes after queries, by name; with `leaving` those that are being taken away instead."""
    rows = await tx.rows(
        f"select {_FIELDS} from social.listen_query where workspace = %s and (history = 'remove') = %s"
        " order by kind, family, lower(name)",
        (workspace, leaving),
    )
    return [_saved(row) for row in rows]


async def query(tx: Tx, workspace: str, query_id: uuid.UUID, *, lock: bool = False) -> SavedQuery | None:
    row = await tx.row(
        f"select {_FIELDS} from social.listen_query where workspace = %s and id = %s" + (" for update" if lock else ""),
        (workspace, query_id),
    )
    return None if row is None else _saved(row)


async def take_name(tx: Tx, workspace: str, name: str, query_id: uuid.UUID) -> bool:
    """Whether no other query has the name."""
    await tx.run("select pg_advisory_xact_lock(hashtext('social.listen'), hashtext(%s))", (workspace,))
    sql = "select exists(select from social.listen_query where workspace = %s and lower(name) = lower(%s) and id <> %s"
    sql += " and history <> 'remove')"
    return not await tx.value(sql, (workspace, name, query_id))


async def keep(tx: Tx, tenant: Tenant, kept: SavedQuery) -> None:
    """Adds a query or writes it anew."""
    values = {**asdict(kept), "workspace": tenant.workspace, "org": tenant.org}
    names = list(values)
    await tx.run(
        f"insert into social.listen_query ({', '.join(names)}) values ({', '.join(f'%({name})s' for name in names)})"
        " on conflict (workspace, id) do update set "
        + ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("workspace", "id", "org")),
        values,
    )


async def remove(tx: Tx, workspace: str, query_id: uuid.UUID) -> None:
    await tx.run("delete from social.listen_query where workspace = %s and id = %s", (workspace, query_id))


async def next_of_history(tx: Tx) -> tuple[Tenant, SavedQuery] | None:
    """A query whose label history does not have yet, taken in hand; None where there is none or others have it."""
    row = await tx.row(
        f"select org, workspace, {_FIELDS} from social.listen_query where history in ('clear', 'apply', 'remove')"
        " order by changed_at limit 1 for update skip locked"
    )
    if row is None:
        return None
    return Tenant(row.pop("org"), row.pop("workspace")), _saved(row)


async def reach(tx: Tx, workspace: str, query_id: uuid.UUID, change: Mapping[str, Any]) -> None:
    """Notes how far the history of a query has come."""
    sets = ", ".join(f"{name} = %({name})s" for name in change)
    await tx.run(
        f"update social.listen_query set {sets} where workspace = %(w)s and id = %(q)s",
        {**change, "w": workspace, "q": query_id},
    )


async def number_labelled(tx: Tx, workspace: str, query_id: uuid.UUID) -> int:
    """How many mentions have a label."""
    number: int = await tx.value(
        "select count(*) from social.mention where workspace = %s and themes @> array[%s]", (workspace, str(query_id))
    )
    return number


async def unlabel(tx: Tx, workspace: str, query_id: uuid.UUID, limit: int) -> int:
    """Takes a label off some mentions; 0 once none has it."""
    return await tx.run(
        "update social.mention set themes = array_remove(themes, %(q)s) where workspace = %(w)s and id in"
        " (select id from social.mention where workspace = %(w)s and themes @> array[%(q)s] limit %(limit)s)",
        {"w": workspace, "q": str(query_id), "limit": limit},
    )


async def label(tx: Tx, workspace: str, query_id: uuid.UUID, mentions: Sequence[uuid.UUID]) -> int:
    """Puts a label on mentions; those that have it keep it. Returns how many got it."""
    return await tx.run(
        "update social.mention set themes = array_append(themes, %(q)s) where workspace = %(w)s"
        " and id = any(%(ids)s) and not themes @> array[%(q)s]",
        {"w": workspace, "q": str(query_id), "ids": list(mentions)},
    )


async def setting(tx: Tx, workspace: str) -> dict[str, Any] | None:
    """`allowed`, `cooldown` and `minutes` as a workspace set them."""
    return await tx.row(
        "select allowed, cooldown, minutes from social.listen_setting where workspace = %s", (workspace,)
    )


async def set_setting(tx: Tx, workspace: str, allowed: float, cooldown: int, minutes: float) -> None:
    await tx.run(
        "insert into social.listen_setting (workspace, allowed, cooldown, minutes) values (%s, %s, %s, %s)"
        " on conflict (workspace) do update set allowed = excluded.allowed, cooldown = excluded.cooldown,"
        " minutes = excluded.minutes",
        (workspace, allowed, cooldown, minutes),
    )


def _saved(row: Mapping[str, Any]) -> SavedQuery:
    return SavedQuery(**row)
