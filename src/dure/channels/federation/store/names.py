"""What things of partners are called here, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence

from dure.state import Tx


async def ours(tx: Tx, partner: str, kind: str, theirs: str) -> str | None:
    found: str | None = await tx.value(
        "select ours from channels.partner_name where partner = %s and kind = %s and theirs = %s",
        (partner, kind, theirs),
    )
    return found


async def theirs(tx: Tx, partner: str, kind: str, ours: str) -> str | None:
    found: str | None = await tx.value(
        "select theirs from channels.partner_name where partner = %s and kind = %s and ours = %s",
        (partner, kind, ours),
    )
    return found


async def theirs_of(tx: Tx, partner: str, kind: str, ours: Sequence[str]) -> dict[str, str]:
    """The partner's names of many of our ids, by ours."""
    rows = await tx.rows(
        "select ours, theirs from channels.partner_name where partner = %s and kind = %s and ours = any(%s)",
        (partner, kind, list(ours)),
    )
    return {row["ours"]: row["theirs"] for row in rows}


async def ours_of(tx: Tx, partner: str, kind: str, theirs: Sequence[str]) -> dict[str, str]:
    """Our ids of many of the partner's, by theirs."""
    rows = await tx.rows(
        "select ours, theirs from channels.partner_name where partner = %s and kind = %s and theirs = any(%s)",
        (partner, kind, list(theirs)),
    )
    return {row["theirs"]: row["ours"] for row in rows}


async def all_of(tx: Tx, partner: str, kind: str) -> dict[str, str]:
    """Ours by theirs."""
    rows = await tx.rows(
        "select theirs, ours from channels.partner_name where partner = %s and kind = %s order by theirs",
        (partner, kind),
    )
    return {row["theirs"]: row["ours"] for row in rows}


async def keep(tx: Tx, partner: str, kind: str, theirs: str, ours: str) -> None:
    await tx.run(
        "insert into channels.partner_name (partner, kind, theirs, ours) values (%s, %s, %s, %s)"
        " on conflict (partner, kind, theirs) do update set ours = excluded.ours",
        (partner, kind, theirs, ours),
    )


async def server_of(tx: Tx, workspace: str) -> str:
    """The partner that a workspace is known by; "" for one of this server."""
    found: str | None = await tx.value(
        "select partner from channels.partner_name where kind = 'team' and ours = %s", (workspace,)
    )
    return found or ""


async def servers_of(tx: Tx, workspaces: Sequence[str]) -> dict[str, str]:
    """The partners that workspaces are known by; those of this server are not named."""
    rows = await tx.rows(
        "select ours, partner from channels.partner_name where kind = 'team' and ours = any(%s)", (list(workspaces),)
    )
    return {row["ours"]: row["partner"] for row in rows}


async def home_of(tx: Tx, channel: str) -> str:
    """The partner on whose server a conversation's home is; "" for here."""
    found: str | None = await tx.value("select server from channels.share where channel = %s and home", (channel,))
    return found or ""


async def shared_with(tx: Tx, partner: str) -> list[tuple[str, bool, str]]:
    """The conversations that have a side there: (channel, whether its home is there, the side's state)."""
    rows = await tx.rows(
        "select channel, home, state from channels.share where server = %s order by channel", (partner,)
    )
    return [(row["channel"], row["home"], row["state"]) for row in rows]
