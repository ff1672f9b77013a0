"""Linking's only SQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from dure.social.linking.rules import plain_handle
from dure.social.model import Mention
from dure.state import Tx


async def by_hand(tx: Tx, workspace: str, handles: Sequence[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
    """What people last said of these (network, plain handle); with no person and no account: that it is nobody's."""
    if not handles:
        return {}
    rows = await tx.rows(
        "select distinct on (l.network, l.handle) l.network, l.handle, l.person, l.account from social.link l"
        " join unnest(%s::text[], %s::text[]) as asked (network, handle) using (network, handle)"
        " where l.workspace = %s and l.how = 'hand' and l.handle <> '' order by l.network, l.handle, l.at desc",
        ([network for network, _ in handles], [handle for _, handle in handles], workspace),
    )
    return {(row["network"], row["handle"]): row for row in rows}


async def keep(
    tx: Tx, workspace: str, links: Iterable[tuple[Mention, str, str]], now: datetime, actor: str
) -> None:  # fmt: skip
    """(mention with its person and account, how, why) each; the later word counts."""
    await tx.many(
        "insert into social.link (workspace, mention, network, handle, person, account, how, why, at, actor)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (workspace, mention) do update set"
        " person = excluded.person, account = excluded.account, how = excluded.how, why = excluded.why,"
        " at = excluded.at, actor = excluded.actor",
        [
            (workspace, one.id, one.network, plain_handle(one.handle), one.person, one.account, how, why, now, actor)
            for one, how, why in links
        ],
    )


async def link(tx: Tx, workspace: str, mention: uuid.UUID) -> dict[str, Any] | None:
    return await tx.row(
        "select person, account, how, why, at, actor from social.link where workspace = %s and mention = %s",
        (workspace, mention),
    )


async def of_person(tx: Tx, workspace: str, people: Sequence[uuid.UUID], limit: int) -> list[uuid.UUID]:
    """A person's mentions, the newest first."""
    rows = await tx.rows(
        "select id from social.mention where workspace = %s and person = any(%s) and deleted_at is null"
        " order by posted_at desc, id desc limit %s",
        (workspace, list(people), limit),
    )
    return [row["id"] for row in rows]
