"""The audit trail in PostgreSQL: reading. It is written by `governance.chain` alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.governance.audit.model import Head, Kept
from dure.state import Tx

_AT_ONCE = 2_000


async def head(tx: Tx, org: str) -> Head | None:
    row = await tx.row("select number, digest from governance.audit_head where org = %s", (org,))
    return None if row is None else Head(row["number"], bytes(row["digest"]).hex())


async def heads(tx: Tx) -> dict[str, Head]:
    """Every organisation's."""
    rows = await tx.rows("select org, number, digest from governance.audit_head order by org")
    return {row["org"]: Head(row["number"], bytes(row["digest"]).hex()) for row in rows}


async def page(
    tx: Tx, org: str, filters: Mapping[str, Any], limit: int, before: tuple[int, int] | None
) -> list[dict[str, Any]]:
    """The newest entries first that fit all filters, from after a place (`at`, `number`) on; many may be of one second.

    Filters: `latest`, `oldest` (seconds, both included), `action` (a list), `actor`, `entity`, `workspace`.
    """
    wanted = ["org = %(org)s"]
    if before is not None:
        wanted.append("(at, number) < (%(at)s, %(number)s)")
    for name, says in (
        ("latest", "at <= %(latest)s"), ("oldest", "at >= %(oldest)s"), ("action", "action = any(%(action)s)"),
        ("actor", "actor = %(actor)s"), ("entity", "entity = %(entity)s"),
        ("workspace", "entry ->> 'workspace' = %(workspace)s"),
    ):  # fmt: skip
        if filters.get(name) is not None:
            wanted.append(says)
    at, number = before or (0, 0)
    return await tx.rows(
        f"select number, at, entry::text as entry, digest from governance.audit where {' and '.join(wanted)}"
        " order by at desc, number desc limit %(limit)s",
        {**filters, "org": org, "limit": limit, "at": at, "number": number},
    )


async def trail(tx: Tx, org: str, after: int) -> Sequence[Kept]:
    """The trail from after a number on, in order, some thousand at a time."""
    rows = await tx.tuples(
        "select number, entry::text, digest from governance.audit where org = %s and number > %s"
        " order by number limit %s",
        (org, after, _AT_ONCE),
    )
    return [Kept(number, entry.encode(), bytes(digest)) for number, entry, digest in rows]


async def actions(tx: Tx, org: str) -> list[str]:
    """The actions that there are in the trail, found by skipping through the index."""
    rows = await tx.rows(
        "with recursive one as ("
        " (select action from governance.audit where org = %(org)s order by action limit 1) union all"
        " select (select a.action from governance.audit a where a.org = %(org)s and a.action > one.action"
        " order by a.action limit 1) from one where one.action is not null)"
        " select action from one where action is not null",
        {"org": org},
    )
    return [row["action"] for row in rows]


async def named(tx: Tx, org: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What people, workspaces and apps are called today; e-mail addresses are told of the organisation's own."""
    rows = await tx.rows(
        "select a.id, a.name, case when w.org = %(org)s then coalesce(a.email, '') else '' end as email,"
        " a.workspace as team, '' as domain from governance.account a join governance.workspace w on w.id = a.workspace"
        " where a.id = any(%(ids)s)"
        " union all select id, name, '', org, domain from governance.workspace where id = any(%(ids)s)"
        " union all select id, name, '', id, '' from governance.organisation where id = any(%(ids)s)"
        " union all select id, name, '', workspace, '' from governance.app where id = any(%(ids)s)",
        {"org": org, "ids": list(ids)},
    )
    return {row["id"]: row for row in rows}
