"""User groups in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.channels.groups.model import Group
from dure.state import Tx

_GROUP = """
select g.*, coalesce((select array_agg(m.account order by m.account) from channels.user_group_member m
                      where m.user_group = g.id), '{}') as users
from channels.user_group g where (g.workspace = %(workspace)s or exists (
    select from channels.user_group_workspace x where x.user_group = g.id and x.workspace = %(workspace)s))
"""
# A group means its people where it is known, and in channels that span its workspace and the reader's.
_KNOWN = """
(g.workspace = %(workspace)s
 or exists (select from channels.user_group_workspace x where x.user_group = g.id and x.workspace = %(workspace)s)
 or exists (select from channels.share a join channels.conversation c on c.id = a.channel and c.reach <> ''
            join channels.share b on b.channel = a.channel and b.org = a.org and b.state = 'connected'
            where a.workspace = g.workspace and a.state = 'connected' and b.workspace = %(workspace)s))
"""


async def listed(tx: Tx, workspace: str, *, disabled: bool) -> list[Group]:
    rows = await tx.rows(
        f"{_GROUP} and (%(disabled)s or g.deleted_at is null) order by g.name, g.id",
        {"workspace": workspace, "disabled": disabled},
    )
    return [_group(row) for row in rows]


async def find(tx: Tx, workspace: str, group: str, *, lock: bool = False) -> Group | None:
    if lock:
        await tx.run(
            "select 1 from channels.user_group where workspace = %s and id = %s for update", (workspace, group)
        )
    row = await tx.row(f"{_GROUP} and g.id = %(group)s", {"workspace": workspace, "group": group})
    return None if row is None else _group(row)


async def taken(tx: Tx, workspace: str, name: str, handle: str, besides: str) -> str:
    """Which of name and handle another group has, disabled ones included; "" for neither. Makes askers take turns."""
    await tx.run("select pg_advisory_xact_lock(hashtext('channels.group'), hashtext(%s))", (workspace,))
    row = await tx.row(
        "select bool_or(lower(name) = lower(%(name)s)) as name, bool_or(lower(handle) = lower(%(handle)s)) as handle"
        " from channels.user_group where workspace = %(workspace)s and id <> %(besides)s",
        {"name": name, "handle": handle, "workspace": workspace, "besides": besides},
    )
    return "name" if row and row["name"] else "handle" if row and row["handle"] else ""


async def put(tx: Tx, group: Group) -> None:
    await tx.run(
        "insert into channels.user_group (id, workspace, name, handle, description, channels, created_by, created_at,"
        " updated_by, updated_at, deleted_by, deleted_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (id) do update set name = excluded.name, handle = excluded.handle,"
        " description = excluded.description, channels = excluded.channels, updated_by = excluded.updated_by,"
        " updated_at = excluded.updated_at, deleted_by = excluded.deleted_by, deleted_at = excluded.deleted_at",
        (group.id, group.workspace, group.name, group.handle, group.description, list(group.channels),
         group.created_by, group.created_at, group.updated_by, group.updated_at, group.deleted_by, group.deleted_at),
    )  # fmt: skip


async def set_users(tx: Tx, workspace: str, group: str, users: Sequence[str]) -> None:
    await tx.run("delete from channels.user_group_member where user_group = %s", (group,))
    await tx.run(
        "insert into channels.user_group_member (user_group, account, workspace)"
        " select %s, account, %s from unnest(%s::text[]) as t(account)",
        (group, workspace, list(users)),
    )


async def members(tx: Tx, workspace: str, groups: Sequence[str]) -> dict[str, set[str]]:
    rows = await tx.rows(
        "select m.user_group, m.account from channels.user_group_member m join channels.user_group g"
        f" on g.id = m.user_group and g.deleted_at is null where m.user_group = any(%(groups)s) and {_KNOWN}",
        {"workspace": workspace, "groups": list(groups)},
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["user_group"], set()).add(row["account"])
    return found


async def in_workspaces(tx: Tx, workspaces: Sequence[str], group: str) -> Group | None:
    """A group of any of these workspaces, disabled ones included."""
    row = await tx.row(
        "select g.*, coalesce((select array_agg(m.account order by m.account) from channels.user_group_member m"
        " where m.user_group = g.id), '{}') as users from channels.user_group g"
        " where g.workspace = any(%s) and g.id = %s",
        (list(workspaces), group),
    )
    return None if row is None else _group(row)


async def link(tx: Tx, group: str, org: str, workspaces: Sequence[str]) -> None:
    """Makes a group known in further workspaces."""
    await tx.run(
        "insert into channels.user_group_workspace (user_group, workspace, org)"
        " select %s, workspace, %s from unnest(%s::text[]) as t(workspace) on conflict do nothing",
        (group, org, list(workspaces)),
    )


async def people(tx: Tx, workspaces: Sequence[str], groups: Sequence[str]) -> dict[str, set[str]]:
    """Who is in groups of these workspaces; those that are disabled or not there are left out."""
    rows = await tx.rows(
        "select g.id, array_remove(array_agg(m.account), null) as people from channels.user_group g"
        " left join channels.user_group_member m on m.user_group = g.id where g.deleted_at is null"
        " and g.workspace = any(%s) and g.id = any(%s) group by g.id",
        (list(workspaces), list(groups)),
    )
    return {row["id"]: set(row["people"]) for row in rows}


async def named(tx: Tx, workspaces: Sequence[str]) -> list[dict[str, Any]]:
    return await tx.rows(
        "select g.id, g.handle, (select count(*) from channels.user_group_member m where m.user_group = g.id) as people"
        " from channels.user_group g where g.deleted_at is null and g.workspace = any(%s) order by g.handle, g.id",
        (list(workspaces),),
    )


def _group(row: dict[str, Any]) -> Group:
    return Group(
        row["id"], row["workspace"], row["name"], row["handle"], row["description"], tuple(row["channels"]),
        row["created_by"], row["created_at"], row["updated_by"], row["updated_at"], row["deleted_by"],
        row["deleted_at"], tuple(row["users"]),
    )  # fmt: skip
