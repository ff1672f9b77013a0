"""Invitations to share in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.channels.connect.model import Invite
from dure.state import Tx


async def put(tx: Tx, it: Invite) -> None:
    await tx.run(
        "insert into channels.invite (id, channel, workspace, org, inviter, to_account, to_email, targets, limited,"
        " state, accepted_workspace, accepted_org, accepted_by, accepted_at, name, private, home_approved_at,"
        " away_approved_at, created_at, changed_at, expires_at, reviewed_by, reviewed_at) values (%s, %s, %s, %s, %s,"
        " %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (id) do update set limited = excluded.limited, targets = excluded.targets,"
        " state = excluded.state, accepted_workspace = excluded.accepted_workspace,"
        " accepted_org = excluded.accepted_org, accepted_by = excluded.accepted_by,"
        " accepted_at = excluded.accepted_at, name = excluded.name, private = excluded.private,"
        " home_approved_at = excluded.home_approved_at, away_approved_at = excluded.away_approved_at,"
        " changed_at = excluded.changed_at, expires_at = excluded.expires_at, reviewed_by = excluded.reviewed_by,"
        " reviewed_at = excluded.reviewed_at",
        (it.id, it.channel, it.workspace, it.org, it.inviter, it.to_account, it.to_email, list(it.targets), it.limited,
         it.state, it.accepted_workspace or None, it.accepted_org or None, it.accepted_by or None, it.accepted_at,
         it.name, it.private, it.home_approved_at, it.away_approved_at, it.created_at, it.changed_at, it.expires_at,
         it.reviewed_by, it.reviewed_at),
    )  # fmt: skip


async def find(tx: Tx, id: str) -> Invite | None:
    """One by its id, whoever's it is: what may be done with it is the caller's to say."""
    row = await tx.row("select * from channels.invite where id = %s", (id,))
    return None if row is None else _invite(row)


async def open_to(tx: Tx, channel: str, workspace: str) -> Invite | None:
    """The newest invitation of a channel to a workspace that is not over."""
    row = await tx.row(
        "select * from channels.invite where channel = %s and %s = any(targets) and state in ('sent', 'accepted')"
        " order by created_at desc, id limit 1",
        (channel, workspace),
    )
    return None if row is None else _invite(row)


async def offered(tx: Tx, workspace: str, now: datetime) -> list[Invite]:
    """What a workspace was asked and nobody anywhere has answered, the oldest first."""
    rows = await tx.rows(
        "select * from channels.invite where targets @> array[%s] and state = 'sent' and expires_at > %s"
        " order by created_at, id",
        (workspace, now),
    )
    return [_invite(row) for row in rows]


async def open_of(tx: Tx, channel: str) -> list[Invite]:
    """A channel's invitations that are not over."""
    rows = await tx.rows(
        "select * from channels.invite where channel = %s and state in ('requested', 'sent', 'accepted') order by id",
        (channel,),
    )
    return [_invite(row) for row in rows]


async def listed(tx: Tx, workspace: str, after: str, limit: int) -> list[Invite]:
    """Those that a workspace sent or got and that are not connected, by id."""
    rows = await tx.rows(
        "select * from channels.invite where (workspace = %(workspace)s or targets @> array[%(workspace)s])"
        " and state not in ('connected', 'requested', 'denied')"
        " and (accepted_workspace is null or %(workspace)s in (workspace, accepted_workspace))"
        " and id > %(after)s order by id limit %(limit)s",
        {"workspace": workspace, "after": after, "limit": limit},
    )
    return [_invite(row) for row in rows]


async def requests(
    tx: Tx, workspace: str, *, by: str, ids: Sequence[str], after: str, limit: int
) -> list[Invite]:  # fmt: skip
    """What people of a workspace asked leave to send, answered or not, by id; `by` and `ids` leave only some."""
    rows = await tx.rows(
        "select * from channels.invite where workspace = %(workspace)s and (state = 'requested' or reviewed_by <> ''"
        " or (state = 'expired' and accepted_at is null)) and (%(by)s = '' or inviter = %(by)s)"
        " and (cardinality(%(ids)s::text[]) = 0 or id = any(%(ids)s)) and id > %(after)s order by id limit %(limit)s",
        {"workspace": workspace, "by": by, "ids": list(ids), "after": after, "limit": limit},
    )
    return [_invite(row) for row in rows]


async def due(tx: Tx, now: datetime, limit: int) -> list[Invite]:
    """Those whose time is over and that nobody has closed."""
    rows = await tx.rows(
        "select * from channels.invite where state in ('requested', 'sent', 'accepted') and expires_at <= %s"
        " order by expires_at limit %s",
        (now, limit),
    )
    return [_invite(row) for row in rows]


async def ask_transfer(tx: Tx, workspace: str, channel: str, to: str, by: str, now: datetime | None) -> None:
    """Keeps whom a channel's home asked to be the home; "" for nobody."""
    await tx.run(
        "update channels.conversation set transfer_to = %s, transfer_by = %s, transfer_at = %s"
        " where workspace = %s and id = %s",
        (to, by, now, workspace, channel),
    )


async def was_connected(tx: Tx, channel: str, workspace: str) -> bool:
    """Whether a workspace was a side of a channel at any time."""
    return bool(
        await tx.value(
            "select since is not null from channels.share where channel = %s and workspace = %s", (channel, workspace)
        )
    )


async def move_home(tx: Tx, channel: str, old: str, new: str, org: str) -> None:
    """The other side is the home from now on. What was said before stays where it lies."""
    await tx.run("update channels.share set home = (workspace = %s) where channel = %s", (new, channel))
    await tx.run(
        "update channels.conversation set workspace = %s, org = %s, former_homes = former_homes || workspace,"
        " transfer_to = '', transfer_by = '', transfer_at = null, response_minutes = null"
        " where workspace = %s and id = %s",
        (new, org, old, channel),
    )
    await tx.run(
        "update channels.invite set workspace = %s, org = %s where channel = %s and workspace = %s"
        " and state in ('requested', 'sent', 'accepted')",
        (new, org, channel, old),
    )


async def connections(tx: Tx, workspace: str) -> list[dict[str, Any]]:
    """Every other workspace that this one shares something with: of which kind, how many, since when written in."""
    return await tx.rows(
        "select o.workspace, o.org, min(greatest(s.since, o.since)) as since,"
        " count(*) filter (where c.kind = 'channel' and not s.private) as public,"
        " count(*) filter (where c.kind = 'channel' and s.private) as private,"
        " count(*) filter (where c.kind = 'im') as im, count(*) filter (where c.kind = 'mpim') as mpim,"
        " max(c.last_ts) as last_ts, array_agg(c.id order by c.id) as channels"
        " from channels.share s join channels.share o on o.channel = s.channel and o.org <> s.org"
        " and o.state = 'connected' join channels.conversation c on c.id = s.channel"
        " where s.workspace = %s and s.state = 'connected' group by o.workspace, o.org order by o.org, o.workspace",
        (workspace,),
    )


async def connected_channels(tx: Tx, workspace: str, account: str) -> list[dict[str, Any]]:
    """Each channel with each other organisation in it: under which rights, since when, with how many of its people;
    and whether the account is in it."""
    return await tx.rows(
        "select o.org, o.workspace, c.id, s.name, s.private, s.archived, s.home, s.limited, o.limited as other_limited,"
        " o.home as other_home, greatest(s.since, o.since) as since, c.transfer_to, m.account is not null as member,"
        " (select count(*) from channels.membership x where x.channel = c.id and x.workspace = o.workspace) as people,"
        " (select count(*) from channels.membership x where x.channel = c.id and x.workspace = s.workspace) as own"
        " from channels.share s join channels.share o on o.channel = s.channel and o.org <> s.org"
        " and o.state = 'connected' join channels.conversation c on c.id = s.channel and c.kind = 'channel'"
        " left join channels.membership m on m.channel = c.id and m.account = %s and m.workspace = s.workspace"
        " where s.workspace = %s and s.state = 'connected' order by o.org, s.name, c.id",
        (account, workspace),
    )


def _invite(row: dict[str, Any]) -> Invite:
    return Invite(
        row["id"], row["channel"], row["workspace"], row["org"], row["inviter"], row["to_account"], row["to_email"],
        tuple(row["targets"]), row["limited"], row["state"], row["created_at"], row["changed_at"], row["expires_at"],
        row["accepted_workspace"] or "", row["accepted_org"] or "", row["accepted_by"] or "", row["accepted_at"],
        row["name"], row["private"], row["home_approved_at"], row["away_approved_at"], row["reviewed_by"],
        row["reviewed_at"],
    )  # fmt: skip
