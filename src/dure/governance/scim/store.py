"""The SQL of provisioning: people with what their directory says, its groups, and the end of an access."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.governance.model import OrgRole
from dure.governance.scim.model import Group, Person, Wish
from dure.state import Tx

# Somebody who is a guest in every workspace where they have a seat is one.
_PERSON = """
select a.id, coalesce(a.email, '') as email, a.name, a.display, a.title, a.language, a.org_role,
       a.deleted_at is null as active, a.created_at, coalesce(d.changed_at, a.created_at) as changed_at,
       coalesce(d.user_name, a.email, a.id) as user_name, coalesce(d.external_id, '') as external_id,
       coalesce(d.profile, '{}') as profile, d.account is not null as known,
       coalesce((select jsonb_agg(jsonb_build_array(g.id, g.name) order by g.name) from governance.idp_group_member m
                 join governance.idp_group g on g.id = m.idp_group where m.account = a.id), '[]') as groups,
       coalesce((select min(s.guest) from governance.seat s where s.account = a.id and s.left_at is null
                 having bool_and(s.role = 'guest')), '') as guest,
       (select min(s.expires_at) from governance.seat s where s.account = a.id and s.left_at is null) as expires_at
from governance.account a left join governance.directory_user d on d.account = a.id
where a.realm = %(org)s and a.app is null
"""
_GROUP = """
select g.id, g.name, g.external_id, coalesce(g.workspace, '') as workspace, g.created_at, g.changed_at,
       coalesce((select jsonb_agg(jsonb_build_array(a.id, a.name) order by a.name, a.id)
                 from governance.idp_group_member m join governance.account a on a.id = m.account
                 where m.idp_group = g.id), '[]') as members
from governance.idp_group g where g.org = %(org)s
"""
# Comparisons that an index answers; what else a filter says is looked at afterwards.
_QUICK = {
    "username": "lower(coalesce(d.user_name, a.email, a.id)) = lower(%(value)s)",
    "externalid": "d.external_id = %(value)s",
    "id": "a.id = %(value)s",
}


async def people(tx: Tx, org: str, quick: tuple[str, str] | None = None) -> list[Person]:
    """Everybody of the organisation, the first made first; `quick` is an attribute and what it is."""
    also = f" and {_QUICK[quick[0]]}" if quick else ""
    rows = await tx.rows(
        f"{_PERSON}{also} order by a.created_at, a.id", {"org": org, "value": quick[1] if quick else ""}
    )
    return [_person(row) for row in rows]


async def person(tx: Tx, org: str, id: str, *, lock: bool = False) -> Person | None:
    if lock:
        await tx.run("select id from governance.account where realm = %s and id = %s for update", (org, id))
    row = await tx.row(f"{_PERSON} and a.id = %(id)s", {"org": org, "id": id})
    return None if row is None else _person(row)


async def named(tx: Tx, org: str, user_name: str, email: str, but: str = "") -> tuple[str, bool] | None:
    """Somebody else who has this name or address already, and whether it is by the name."""
    row = await tx.row(
        "select a.id, lower(coalesce(d.user_name, a.email, '')) = lower(%(name)s) as by_name from governance.account a"
        " left join governance.directory_user d on d.account = a.id"
        " where a.realm = %(org)s and a.app is null and a.id <> %(but)s and ("
        " (a.deleted_at is null and lower(a.email) = lower(%(email)s))"
        " or lower(coalesce(d.user_name, case when a.deleted_at is null then a.email end)) = lower(%(name)s)) limit 1",
        {"org": org, "name": user_name, "email": email, "but": but},
    )
    return None if row is None else (row["id"], bool(row["by_name"]))


async def keep(tx: Tx, org: str, account: str, wish: Wish, at: datetime) -> None:
    """Writes down what a directory said of an account."""
    await tx.run(
        "update governance.account set email = %s, name = %s, display = %s, title = %s, language = %s where id = %s",
        (wish.email, wish.name, wish.display, wish.title, wish.language, account),
    )
    await tx.run(
        "insert into governance.directory_user (account, org, user_name, external_id, profile, changed_at)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (account) do update set user_name = excluded.user_name,"
        " external_id = excluded.external_id, profile = excluded.profile, changed_at = excluded.changed_at",
        (account, org, wish.user_name, wish.external_id, Jsonb(wish.profile), at),
    )


async def set_guest(tx: Tx, workspace: str, account: str, guest: str, expires: datetime | None) -> None:
    """What somebody is in a workspace: a guest of a kind, or, with "", a member where they were one."""
    await tx.run(
        "update governance.seat set guest = %(guest)s, expires_at = %(expires)s, role = case when %(guest)s <> '' then"
        " 'guest' when role = 'guest' then 'member' else role end where workspace = %(workspace)s and account ="
        " %(account)s and left_at is null",
        {"guest": guest, "expires": expires, "workspace": workspace, "account": account},
    )


async def seats(tx: Tx, org: str, account: str) -> dict[str, str]:
    """The organisation's workspaces in which somebody can act, with their role."""
    rows = await tx.rows(
        "select s.workspace, s.role from governance.seat s join governance.workspace w on w.id = s.workspace"
        " where s.account = %s and w.org = %s and s.left_at is null order by s.joined_at, s.workspace",
        (account, org),
    )
    return {row["workspace"]: row["role"] for row in rows}


async def take_up(tx: Tx, org: str, account: str) -> dict[str, str]:
    """Gives back an account that had ended, with the seats that ended last."""
    await tx.run("update governance.account set deleted_at = null where id = %s", (account,))
    rows = await tx.rows(
        "update governance.seat s set left_at = null from governance.workspace w where w.id = s.workspace"
        " and w.org = %s and s.account = %s"
        " and s.left_at = (select max(left_at) from governance.seat where account = %s)"
        " returning s.workspace, s.role",
        (org, account, account),
    )
    return {row["workspace"]: row["role"] for row in rows}


# -- groups -----------------------------------------------------------------------------------------------------------


async def groups(tx: Tx, org: str) -> list[Group]:
    return [_group(row) for row in await tx.rows(f"{_GROUP} order by g.created_at, g.id", {"org": org})]


async def group(tx: Tx, org: str, id: str, *, lock: bool = False) -> Group | None:
    if lock:
        await tx.run("select id from governance.idp_group where org = %s and id = %s for update", (org, id))
    row = await tx.row(f"{_GROUP} and g.id = %(id)s", {"org": org, "id": id})
    return None if row is None else _group(row)


async def group_named(tx: Tx, org: str, name: str, but: str = "") -> bool:
    sql = "select exists (select from governance.idp_group where org = %s and lower(name) = lower(%s) and id <> %s)"
    return bool(await tx.value(sql, (org, name, but)))


async def put_group(tx: Tx, org: str, group: Group) -> None:
    await tx.run(
        "insert into governance.idp_group (id, org, name, external_id, workspace, created_at, changed_at)"
        " values (%s, %s, %s, %s, %s, %s, %s) on conflict (id) do update set name = excluded.name,"
        " external_id = excluded.external_id, workspace = excluded.workspace, changed_at = excluded.changed_at",
        (group.id, org, group.name, group.external_id, group.workspace or None, group.created_at, group.changed_at),
    )


async def drop_group(tx: Tx, org: str, id: str) -> None:
    await tx.run("delete from governance.idp_group where org = %s and id = %s", (org, id))


async def known(tx: Tx, org: str, accounts: Sequence[str]) -> set[str]:
    """Those that are people of the organisation."""
    rows = await tx.rows(
        "select id from governance.account where realm = %s and app is null and id = any(%s)", (org, list(accounts))
    )
    return {row["id"] for row in rows}


async def add_members(tx: Tx, group: str, accounts: Sequence[str]) -> None:
    await tx.run(
        "insert into governance.idp_group_member (idp_group, account) select %s, unnest(%s::text[])"
        " on conflict do nothing",
        (group, list(accounts)),
    )


async def remove_members(tx: Tx, group: str, accounts: Sequence[str]) -> None:
    await tx.run(
        "delete from governance.idp_group_member where idp_group = %s and account = any(%s)", (group, list(accounts))
    )


async def note_seated(tx: Tx, group: str, account: str, *, seated: bool) -> None:
    await tx.run(
        "update governance.idp_group_member set seated = %s where idp_group = %s and account = %s",
        (seated, group, account),
    )


async def seated_by(tx: Tx, group: str) -> set[str]:
    """Members who have their seat by this group."""
    sql = "select account from governance.idp_group_member where idp_group = %s and seated"
    return {row["account"] for row in await tx.rows(sql, (group,))}


async def also_by(tx: Tx, workspace: str, account: str, but: str) -> str | None:
    """Another group that would give somebody a seat in a workspace."""
    found = await tx.value(
        "select g.id from governance.idp_group g join governance.idp_group_member m on m.idp_group = g.id"
        " where g.workspace = %s and m.account = %s and g.id <> %s limit 1",
        (workspace, account, but),
    )
    return None if found is None else str(found)


async def groups_of(tx: Tx, org: str, accounts: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The ids of the groups of each account."""
    rows = await tx.rows(
        "select m.account, array_agg(g.id) as groups from governance.idp_group_member m join governance.idp_group g"
        " on g.id = m.idp_group where g.org = %s and m.account = any(%s) group by m.account",
        (org, list(accounts)),
    )
    return {row["account"]: frozenset(row["groups"]) for row in rows}


async def people_of(tx: Tx, org: str, groups: Sequence[str]) -> Mapping[str, set[str]]:
    """The accounts in each of these groups; those that are none of the organisation's are left out."""
    rows = await tx.rows(
        "select g.id, array_remove(array_agg(m.account), null) as people from governance.idp_group g"
        " left join governance.idp_group_member m on m.idp_group = g.id where g.org = %s and g.id = any(%s)"
        " group by g.id",
        (org, list(groups)),
    )
    return {row["id"]: set(row["people"]) for row in rows}


async def sizes(tx: Tx, org: str) -> list[dict[str, Any]]:
    """Every group of an organisation by name: id, name, and how many people are in it."""
    return await tx.rows(
        "select g.id, g.name, (select count(*) from governance.idp_group_member m where m.idp_group = g.id) as people"
        " from governance.idp_group g where g.org = %s order by lower(g.name)",
        (org,),
    )


def _person(row: dict[str, Any]) -> Person:
    return Person(**{
        **row, "org_role": OrgRole(row["org_role"]), "groups": [tuple(one) for one in row["groups"]],
    })  # fmt: skip


def _group(row: dict[str, Any]) -> Group:
    return Group(**{**row, "members": [tuple(one) for one in row["members"]]})
