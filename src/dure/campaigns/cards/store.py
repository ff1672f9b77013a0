"""Cards in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from dure.campaigns.cards.model import Card, Word
from dure.state import Tx


async def add(
    tx: Tx, workspace: str, id: UUID, campaign: str, person: UUID, distinct_id: str, content: Mapping[str, str],
    now: datetime, until: datetime,
) -> None:  # fmt: skip
    """Once: the id is the message's."""
    await tx.run(
        "insert into campaigns.card (workspace, id, campaign, person, distinct_id, content, created_at, expires_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        (workspace, id, campaign, person, distinct_id, Jsonb(dict(content)), now, until),
    )


async def of(tx: Tx, workspace: str, people: Collection[UUID], now: datetime, limit: int) -> list[Card]:
    """Those that are still to be shown, newest first."""
    rows = await tx.rows(
        "select id, content, created_at, expires_at, seen_at, clicked_at from campaigns.card where workspace = %s"
        " and person = any(%s) and dismissed_at is null and expires_at > %s order by created_at desc, id limit %s",
        (workspace, list(people), now, limit),
    )
    return [
        Card(
            row["id"], **row["content"], created_at=row["created_at"], expires_at=row["expires_at"],
            seen=row["seen_at"] is not None, clicked=row["clicked_at"] is not None,
        )
        for row in rows
    ]  # fmt: skip


async def note(
    tx: Tx, workspace: str, id: UUID, people: Collection[UUID], word: Word, now: datetime
) -> dict[str, Any] | None:
    """Notes a word about a card of one of these people; None where there is no such card, `news` whether it is the
    first time."""
    # The column is one of three words of ours.
    return await tx.row(
        f"update campaigns.card c set {word}_at = coalesce(c.{word}_at, %(now)s) from (select id, {word}_at as before"
        " from campaigns.card where workspace = %(workspace)s and id = %(id)s and person = any(%(people)s) for update)"
        " as old where c.workspace = %(workspace)s and c.id = old.id"
        " returning c.campaign, c.person, c.distinct_id, c.content ->> 'url' as url, old.before is null as news",
        {"workspace": workspace, "id": id, "people": list(people), "now": now},
    )


async def drop(tx: Tx, before: datetime) -> int:
    """Forgets what expired before; for all workspaces."""
    return await tx.run("delete from campaigns.card where expires_at < %s", (before,))
