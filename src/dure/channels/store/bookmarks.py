"""Bookmarks in PostgreSQL. Callers have found the conversation for their workspace before."""

from __future__ import annotations

from typing import Any

from dure.channels.model import Bookmark
from dure.state import Tx


async def add(tx: Tx, home: str, bookmark: Bookmark) -> None:
    await tx.run(
        "insert into channels.bookmark (id, channel, workspace, title, link, emoji, place, created_by, created_at,"
        " changed_by, changed_team) select %(id)s, %(channel)s, %(home)s, %(title)s, %(link)s, %(emoji)s,"
        " coalesce(max(place), 0) + 1, %(by)s, %(at)s, %(by)s, %(team)s from channels.bookmark"
        " where channel = %(channel)s",
        {"id": bookmark.id, "channel": bookmark.channel, "home": home, "title": bookmark.title, "link": bookmark.link,
         "emoji": bookmark.emoji, "by": bookmark.created_by, "at": bookmark.created_at, "team": bookmark.changed_team},
    )  # fmt: skip


async def find(tx: Tx, channel: str, bookmark: str) -> Bookmark | None:
    row = await tx.row("select * from channels.bookmark where channel = %s and id = %s for update", (channel, bookmark))
    return None if row is None else _bookmark(row)


async def listed(tx: Tx, channel: str) -> list[Bookmark]:
    """In the order of the bar."""
    rows = await tx.rows("select * from channels.bookmark where channel = %s order by place, id", (channel,))
    return [_bookmark(row) for row in rows]


async def change(tx: Tx, bookmark: Bookmark) -> None:
    await tx.run(
        "update channels.bookmark set title = %s, link = %s, emoji = %s, changed_by = %s, changed_team = %s,"
        " changed_at = %s where channel = %s and id = %s",
        (bookmark.title, bookmark.link, bookmark.emoji, bookmark.changed_by, bookmark.changed_team,
         bookmark.changed_at, bookmark.channel, bookmark.id),
    )  # fmt: skip


async def remove(tx: Tx, channel: str, bookmark: str) -> None:
    await tx.run("delete from channels.bookmark where channel = %s and id = %s", (channel, bookmark))


def _bookmark(row: dict[str, Any]) -> Bookmark:
    return Bookmark(
        row["id"], row["channel"], row["title"], row["link"], row["emoji"], row["place"], row["created_by"],
        row["created_at"], row["changed_by"], row["changed_team"], row["changed_at"],
    )  # fmt: skip
