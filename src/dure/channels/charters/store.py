"""Charters in PostgreSQL: as they are, as they were, and who has read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from dure.channels.charters.model import Belonging, Charter, Elsewhere, Text
from dure.state import Tx


async def of(tx: Tx, channel: str) -> Charter | None:
    """A channel's charter; the caller has found the channel for their workspace before."""
    row = await tx.row("select * from channels.charter where channel = %s", (channel,))
    return None if row is None else _charter(row)


async def several(tx: Tx, channels: Sequence[str]) -> dict[str, Charter]:
    rows = await tx.rows("select * from channels.charter where channel = any(%s)", (list(channels),))
    return {row["channel"]: _charter(row) for row in rows}


async def write(tx: Tx, workspace: str, charter: Charter) -> None:
    """Writes a charter's next version and keeps it among its versions."""
    values = {
        "channel": charter.channel, "workspace": workspace, "version": charter.version,
        "purpose": charter.text.purpose, "team": charter.text.team, "minutes": charter.text.minutes,
        "belongs": Jsonb([{"user": one.user, "reason": one.reason} for one in charter.text.belongs]),
        "places": Jsonb([{"what": one.what, "channel": one.channel} for one in charter.text.places]),
        "by": charter.by, "at": charter.at,
    }  # fmt: skip
    columns = "channel, workspace, version, purpose, belongs, places, team, minutes, account, changed_at"
    holes = (
        "%(channel)s, %(workspace)s, %(version)s, %(purpose)s, %(belongs)s, %(places)s, %(team)s, %(minutes)s,"
        " %(by)s, %(at)s"
    )
    await tx.run(
        f"insert into channels.charter ({columns}) values ({holes}) on conflict (channel) do update set"
        " version = excluded.version, purpose = excluded.purpose, belongs = excluded.belongs,"
        " places = excluded.places, team = excluded.team, minutes = excluded.minutes, account = excluded.account,"
        " changed_at = excluded.changed_at",
        values,
    )
    await tx.run(f"insert into channels.charter_version ({columns}) values ({holes})", values)


async def versions(tx: Tx, channel: str, limit: int) -> list[Charter]:
    """As it was each time, the newest first."""
    rows = await tx.rows(
        "select * from channels.charter_version where channel = %s order by version desc limit %s", (channel, limit)
    )
    return [_charter(row) for row in rows]


async def read_by(tx: Tx, channel: str, account: str) -> int:
    """The version that somebody has read; 0 for none."""
    found: int | None = await tx.value(
        "select version from channels.charter_read where channel = %s and account = %s", (channel, account)
    )
    return found or 0


async def readers(tx: Tx, channel: str, version: int) -> tuple[int, int]:
    """How many of those who are in the channel have read a version, and how many are in it; bots are counted too."""
    row = await tx.row(
        "select count(r.account) as readers, count(*) as members from channels.membership m"
        " left join channels.charter_read r on r.channel = m.channel and r.account = m.account and r.version >= %s"
        " where m.channel = %s",
        (version, channel),
    )
    return (row["readers"], row["members"]) if row else (0, 0)


async def read(tx: Tx, channel: str, account: str, workspace: str, version: int, at: datetime) -> bool:
    """Notes that somebody has read a version; False where they had."""
    return bool(
        await tx.run(
            "insert into channels.charter_read (channel, account, workspace, version, read_at)"
            " values (%s, %s, %s, %s, %s) on conflict (channel, account) do update set version = excluded.version,"
            " read_at = excluded.read_at where channels.charter_read.version < excluded.version",
            (channel, account, workspace, version, at),
        )
    )


async def wanting(tx: Tx, workspace: str, org: str, most: int) -> list[dict[str, Any]]:
    """Channels of one's own that another organisation reads and that have no charter, the oldest first."""
    return await tx.rows(
        "select s.channel, s.name, c.creator from channels.share s join channels.conversation c on c.id = s.channel"
        " where s.workspace = %(workspace)s and s.home and s.state = 'connected' and not s.archived"
        " and c.kind = 'channel' and not exists (select from channels.charter k where k.channel = s.channel)"
        " and exists (select from channels.share o where o.channel = s.channel and o.state = 'connected'"
        " and o.org <> %(org)s) order by c.created_at limit %(most)s",
        {"workspace": workspace, "org": org, "most": most},
    )


async def kept(tx: Tx, workspace: str, most: int) -> list[dict[str, Any]]:
    """Channels of one's own that have a charter and are not archived."""
    return await tx.rows(
        "select k.channel, s.name, k.version from channels.charter k join channels.share s on s.channel = k.channel"
        " and s.workspace = k.workspace and s.state = 'connected' and not s.archived"
        " where k.workspace = %s order by s.name limit %s",
        (workspace, most),
    )


def _charter(row: dict[str, Any]) -> Charter:
    text = Text(
        row["purpose"], tuple(Belonging(one["user"], one["reason"]) for one in row["belongs"]),
        tuple(Elsewhere(one["what"], one["channel"]) for one in row["places"]), row["team"], row["minutes"],
    )  # fmt: skip
    return Charter(row["channel"], row["version"], text, row["account"], row["changed_at"])
