"""Custom roles and seats' ends in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.governance.roles.model import CustomRole, Given
from dure.state import Tx

_ROLE = """
select c.*, (select count(distinct account) from governance.given_role g where g.role = c.id) as given
from governance.custom_role c
"""


async def roles(tx: Tx, org: str) -> list[CustomRole]:
    """By name."""
    return [_role(row) for row in await tx.rows(f"{_ROLE} where c.org = %s order by lower(c.name)", (org,))]


async def role(tx: Tx, org: str, role_id: str, *, lock: bool = False) -> CustomRole | None:
    row = await tx.row(f"{_ROLE} where c.org = %s and c.id = %s{' for update of c' if lock else ''}", (org, role_id))
    return None if row is None else _role(row)


async def is_taken(tx: Tx, org: str, name: str, but: str = "") -> bool:
    return bool(
        await tx.value(
            "select exists (select from governance.custom_role"
            " where org = %s and lower(name) = lower(%s) and id <> %s)",
            (org, name, but),
        )
    )


async def put(tx: Tx, org: str, made: CustomRole, by: str, at: datetime) -> None:
    """Adds a role, or puts it in the place of the one before."""
    await tx.run(
        "insert into governance.custom_role (id, org, name, description, rights, made_by, made_at, changed_at)"
        " values (%(id)s, %(org)s, %(name)s, %(description)s, %(rights)s, %(by)s, %(at)s, %(at)s)"
        " on conflict (id) do update set name = excluded.name, description = excluded.description,"
        " rights = excluded.rights, changed_at = excluded.changed_at where custom_role.org = excluded.org",
        {"id": made.id, "org": org, "name": made.name, "description": made.description, "rights": list(made.rights),
         "by": by, "at": at},
    )  # fmt: skip


async def drop(tx: Tx, org: str, role_id: str) -> None:
    await tx.run("delete from governance.custom_role where org = %s and id = %s", (org, role_id))


async def give(tx: Tx, given: Given) -> bool:
    """False where they have it there already."""
    return bool(
        await tx.run(
            "insert into governance.given_role (role, account, workspace, channel, given_by, given_at)"
            " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
            (given.role, given.account, given.workspace, given.channel, given.given_by, given.given_at),
        )
    )


async def take(tx: Tx, role_id: str, account: str, workspace: str, channel: str) -> bool:
    return bool(
        await tx.run(
            "delete from governance.given_role where role = %s and account = %s and workspace = %s and channel = %s",
            (role_id, account, workspace, channel),
        )
    )


async def given(tx: Tx, org: str, workspace: str = "") -> list[Given]:
    """Who has which role where, the last given first: of the whole organisation, or of what holds in a workspace."""
    rows = await tx.rows(
        "select g.* from governance.given_role g join governance.custom_role c on c.id = g.role"
        " where c.org = %(org)s and (%(workspace)s = '' or g.workspace in ('', %(workspace)s))"
        " order by g.given_at desc, g.role, g.account, g.workspace, g.channel",
        {"org": org, "workspace": workspace},
    )
    return [
        Given(row["role"], row["account"], row["workspace"], row["channel"], row["given_by"], row["given_at"])
        for row in rows
    ]


# -- seats ----------------------------------------------------------------------------------------------------------


async def seats(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """The people of a workspace with their seat, who left included, by name."""
    return await tx.rows(
        "select a.id, coalesce(a.email, '') as email, a.name, a.title, a.function, a.org_role, s.role, s.guest,"
        " s.expires_at, s.left_at from governance.seat s join governance.account a on a.id = s.account"
        " where s.workspace = %s and a.app is null order by lower(a.name), a.id",
        (workspace,),
    )


async def set_seat(
    tx: Tx, workspace: str, account: str, role: str, guest: str, expires_at: datetime | None
) -> None:  # fmt: skip
    await tx.run(
        "update governance.seat set role = %s, guest = %s, expires_at = %s where workspace = %s and account = %s",
        (role, guest, expires_at, workspace, account),
    )


async def owners(tx: Tx, workspace: str) -> list[str]:
    """Those who own a workspace; taken in turn, so that two who leave at once do not leave it to nobody."""
    rows = await tx.rows(
        "select account from governance.seat where workspace = %s and role = 'owner' and left_at is null"
        " order by account for update",
        (workspace,),
    )
    return [row["account"] for row in rows]


async def singles(tx: Tx, workspace: str, users: Sequence[str]) -> set[str]:
    """Those of these who are guests of one channel."""
    rows = await tx.rows(
        "select account from governance.seat where workspace = %s and account = any(%s) and guest = 'single'"
        " and left_at is null",
        (workspace, list(users)),
    )
    return {row["account"] for row in rows}


async def ended(tx: Tx, at: datetime, most: int) -> list[dict[str, Any]]:
    """Guests whose time is over and who still have a seat; two hands take different ones."""
    return await tx.rows(
        "select s.workspace, w.org, s.account, s.expires_at from governance.seat s"
        " join governance.workspace w on w.id = s.workspace where s.expires_at <= %s and s.left_at is null"
        " order by s.expires_at limit %s for update of s skip locked",
        (at, most),
    )


async def is_ours(tx: Tx, org: str, workspace: str) -> bool:
    """Whether a workspace is the organisation's, and no playground."""
    return bool(
        await tx.value(
            "select exists (select from governance.workspace where org = %s and id = %s and playground_of is null)",
            (org, workspace),
        )
    )


async def revive(tx: Tx, account: str) -> bool:
    """An account whose last seat ended takes up its e-mail again; False where somebody else has it now."""
    taken = await tx.value(
        "select exists (select from governance.account a join governance.account o on o.realm = a.realm"
        " and lower(o.email) = lower(a.email) and o.id <> a.id and o.deleted_at is null where a.id = %s)",
        (account,),
    )
    if taken:
        return False
    await tx.run("update governance.account set deleted_at = null where id = %s", (account,))
    return True


def _role(row: dict[str, Any]) -> CustomRole:
    return CustomRole(row["id"], row["name"], row["description"], tuple(row["rights"]), row["given"])
