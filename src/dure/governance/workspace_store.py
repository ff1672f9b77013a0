"""What workspaces say of themselves, in PostgreSQL."""

from __future__ import annotations

from dure.governance import store
from dure.governance.model import About, User
from dure.state import Tx


async def about(tx: Tx, org: str) -> list[About]:
    rows = await tx.rows(
        "select w.id, w.description, w.discoverability, w.icon is not null as has_icon, o.account as owner"
        " from governance.workspace w left join lateral (select s.account from governance.seat s"
        " where s.workspace = w.id and s.role = 'owner' and s.left_at is null order by s.joined_at limit 1) o on true"
        " where w.org = %s and w.playground_of is null order by w.founded_at, w.id",
        (org,),
    )
    known = {one.id: one for one in await store.workspaces(tx)}
    owners = {one.id: one for one in await store.users_named(tx, [row["owner"] for row in rows if row["owner"]])}
    return [
        About(
            known[row["id"]], row["description"], row["discoverability"], row["has_icon"], owners.get(row["owner"])
        )
        for row in rows
    ]  # fmt: skip


async def people(tx: Tx, workspace: str) -> list[User]:
    return [one for one in await store.users(tx, workspace) if not one.deleted]


async def change(
    tx: Tx, org: str, workspace: str, name: str | None, description: str | None, discoverability: str | None
) -> None:
    await tx.run(
        "update governance.workspace set name = coalesce(%s, name), description = coalesce(%s, description),"
        " discoverability = coalesce(%s, discoverability) where org = %s and id = %s",
        (name, description, discoverability, org, workspace),
    )


async def set_icon(tx: Tx, org: str, workspace: str, picture: bytes, kind: str) -> None:
    await tx.run(
        "update governance.workspace set icon = %s, icon_kind = %s where org = %s and id = %s",
        (picture, kind, org, workspace),
    )


async def icon(tx: Tx, org: str, workspace: str) -> tuple[str, bytes] | None:
    row = await tx.row(
        "select icon, icon_kind from governance.workspace where org = %s and id = %s and icon is not null",
        (org, workspace),
    )
    return None if row is None else (row["icon_kind"], bytes(row["icon"]))
