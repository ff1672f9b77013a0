"""Barriers in PostgreSQL, and the people of each function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.governance.barriers.model import Barrier
from dure.state import Tx


async def of_org(tx: Tx, org: str) -> list[Barrier]:
    """The oldest first."""
    rows = await tx.rows("select * from governance.barrier where org = %s order by made_at, id", (org,))
    return [_barrier(row) for row in rows]


async def take_turns(tx: Tx, org: str) -> None:
    """Makes those who change an organisation's barriers take turns."""
    await tx.run("select pg_advisory_xact_lock(hashtext('governance.barrier'), hashtext(%s))", (org,))


async def put(tx: Tx, one: Barrier) -> None:
    await tx.run(
        "insert into governance.barrier (id, org, primary_group, groups, subjects, rooms, made_by, made_at, changed_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (id) do update set"
        " primary_group = excluded.primary_group, groups = excluded.groups, subjects = excluded.subjects,"
        " rooms = excluded.rooms, changed_at = excluded.changed_at",
        (one.id, one.org, one.primary, list(one.groups), list(one.subjects), one.rooms, one.made_by, one.made_at,
         one.changed_at),
    )  # fmt: skip


async def drop(tx: Tx, org: str, barrier: str) -> None:
    await tx.run("delete from governance.barrier where org = %s and id = %s", (org, barrier))


async def by_function(tx: Tx, org: str, functions: Sequence[str] | None = None) -> dict[str, set[str]]:
    """Everybody with a seat somewhere, by what they do; guests and bots are in no function."""
    rows = await tx.rows(
        "select a.function, a.id from governance.account a where a.realm = %s and a.function <> ''"
        " and a.deleted_at is null and a.app is null and (%s::text[] is null or a.function = any(%s::text[]))"
        " and exists (select from governance.seat s where s.account = a.id and s.left_at is null)",
        (org, functions, functions),
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["function"], set()).add(row["id"])
    return found


def _barrier(row: dict[str, Any]) -> Barrier:
    return Barrier(
        row["id"], row["org"], row["primary_group"], tuple(row["groups"]), tuple(row["subjects"]), row["rooms"],
        row["made_by"], row["made_at"], row["changed_at"],
    )  # fmt: skip
