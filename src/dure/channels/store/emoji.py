"""A workspace's own emoji in PostgreSQL."""

from __future__ import annotations

from dure.channels.model import Emoji
from dure.state import Tx


async def add(tx: Tx, workspace: str, emoji: Emoji, picture: bytes | None) -> bool:
    """False where there is one of this name."""
    return bool(
        await tx.run(
            "insert into channels.emoji (workspace, name, alias, kind, picture, account, made_at)"
            " values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
            (workspace, emoji.name, emoji.alias, emoji.kind, picture, emoji.made_by, emoji.made_at),
        )
    )


async def listed(tx: Tx, workspace: str) -> list[Emoji]:
    """By name, without the pictures."""
    rows = await tx.rows(
        "select name, alias, kind, account, made_at from channels.emoji where workspace = %s order by name",
        (workspace,),
    )
    return [Emoji(row["name"], row["alias"], row["kind"], row["account"], row["made_at"]) for row in rows]


async def picture(tx: Tx, workspace: str, name: str) -> tuple[str, bytes] | None:
    """The kind and the bytes of one that is a picture."""
    row = await tx.row(
        "select kind, picture from channels.emoji where workspace = %s and name = %s and picture is not null",
        (workspace, name),
    )
    return None if row is None else (row["kind"], bytes(row["picture"]))


async def remove(tx: Tx, workspace: str, name: str) -> bool:
    """Takes one away with its other names."""
    return bool(
        await tx.run(
            "delete from channels.emoji where workspace = %s and (name = %s or alias = %s)", (workspace, name, name)
        )
    )


async def rename(tx: Tx, workspace: str, name: str, new: str) -> None:
    """Gives one another name; what was another name for it is one for the new."""
    await tx.run("update channels.emoji set name = %s where workspace = %s and name = %s", (new, workspace, name))
    await tx.run("update channels.emoji set alias = %s where workspace = %s and alias = %s", (new, workspace, name))
