"""The organisation's channels in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.channels.model import Share
from dure.channels.prefs.model import prefs_of
from dure.channels.spanning.model import KeptFor, Room
from dure.state import Tx

# One row a channel: the organisation's own side (the home's where that is of it), and what is known beside.
_ROOMS = """
select c.*, s.workspace as own, all_of.shares, s.name, s.private, s.archived,
       (select count(*) from channels.membership m where m.channel = c.id) as members,
       (select count(*) from channels.allowed_group g where g.channel = c.id) as groups
from (select distinct on (channel) * from channels.share
      where org = %(org)s and state = 'connected' and workspace = any(%(spaces)s)
      order by channel, home desc, workspace) s
join channels.conversation c on c.id = s.channel and c.kind = 'channel'
cross join lateral (
    select jsonb_agg(to_jsonb(o) order by o.home desc, o.workspace) as shares,
           bool_or(o.org <> %(org)s and o.state = 'connected') as external
    from channels.share o where o.channel = c.id
) all_of
"""
_IN_ORDER = {
    "name": "s.name {0}, c.id {0}",
    "created": "c.created_at {0}, c.id {0}",
    "member_count": "members {0}, c.id {0}",
    "activity": "c.last_ts {0}, c.id {0}",
}
_OF_KIND = {
    "private": "s.private",
    "public": "not s.private",
    "archived": "s.archived",
    "org_shared": "c.reach <> ''",
    "multi_workspace": "c.reach = 'several'",
    "org_wide": "c.reach = 'whole'",
    "external_shared": "all_of.external",
}
# What is kept by a conversation's home, beside the conversation and its sides.
_OF_HOME = (
    "message", "reaction", "edit", "pin", "bookmark", "file_share", "response", "canvas", "before",
)  # fmt: skip


async def rooms(
    tx: Tx, org: str, spaces: Sequence[str], *, query: str = "", kinds: Sequence[str] = (), teams: Sequence[str] = (),
    sort: str = "name", descending: bool = False, after: int = 0, limit: int = 50, channels: Sequence[str] = (),
    quiet_since: int | None = None, most_members: int | None = None,
) -> tuple[list[Room], int]:  # fmt: skip
    """A page of the organisation's channels and how many there are; `after` is how many came before."""
    said = []
    for kind in kinds:
        name, excluded = kind.removesuffix("_exclude"), kind.endswith("_exclude")
        said.append(f"{'not ' if excluded else ''}coalesce({_OF_KIND[name]}, false)")
    order = _IN_ORDER[sort].format("desc" if descending else "asc")
    rows = await tx.rows(
        f"""{_ROOMS} where (%(query)s = '' or position(lower(%(query)s) in lower(s.name)) > 0
              or position(lower(%(query)s) in lower(c.purpose)) > 0)
        and (%(teams)s::text[] = '{{}}' or exists (select from channels.share t where t.channel = c.id
             and t.workspace = any(%(teams)s::text[]) and t.state = 'connected'))
        and (%(channels)s::text[] = '{{}}' or c.id = any(%(channels)s::text[]))
        and (%(quiet)s::bigint is null or c.last_ts < %(quiet)s)
        and (%(most)s::int is null or (select count(*) from channels.membership m where m.channel = c.id) <= %(most)s)
        {''.join(f' and {one}' for one in said)}
        order by {order} limit %(limit)s offset %(after)s""",
        {"org": org, "spaces": list(spaces), "query": query, "teams": list(teams), "channels": list(channels),
         "quiet": quiet_since, "most": most_members, "limit": limit + 1, "after": after},
    )  # fmt: skip
    more = after + limit if len(rows) > limit else 0
    return [_room(row) for row in rows[:limit]], more


async def own_side(tx: Tx, org: str, spaces: Sequence[str], channel: str) -> str | None:
    """The workspace of the organisation by which it has a channel: the home's where that is of it."""
    found: str | None = await tx.value(
        "select s.workspace from channels.share s join channels.conversation c on c.id = s.channel"
        " where s.channel = %s and s.org = %s and s.state = 'connected' and c.kind = 'channel'"
        " and s.workspace = any(%s) order by s.home desc, s.workspace limit 1",
        (channel, org, list(spaces)),
    )
    return found


async def set_reach(tx: Tx, org: str, channel: str, reach: str) -> None:
    await tx.run("update channels.conversation set reach = %s where org = %s and id = %s", (reach, org, channel))


async def set_standing(tx: Tx, org: str, channel: str, standing: str) -> None:
    await tx.run("update channels.conversation set standing = %s where org = %s and id = %s", (standing, org, channel))


async def set_private(tx: Tx, org: str, channel: str, workspaces: Sequence[str], private: bool) -> None:
    await tx.run(
        "update channels.share set private = %s where org = %s and channel = %s and workspace = any(%s)",
        (private, org, channel, list(workspaces)),
    )


async def whole(tx: Tx, org: str) -> list[str]:
    """The channels that are the whole organisation's."""
    rows = await tx.rows("select id from channels.conversation where org = %s and reach = 'whole' order by id", (org,))
    return [row["id"] for row in rows]


async def for_newcomers(tx: Tx, org: str, workspace: str) -> list[str]:
    """The channels into which somebody new in a workspace is brought."""
    rows = await tx.rows(
        "select c.id from channels.conversation c join channels.share s on s.channel = c.id and s.workspace = %(w)s"
        " and s.state = 'connected' and not s.archived where (c.org = %(org)s and c.reach = 'whole'"
        " and c.standing <> '') or exists (select from channels.default_channel d where d.channel = c.id"
        " and d.workspace = %(w)s) order by c.id",
        {"org": org, "w": workspace},
    )
    return [row["id"] for row in rows]


async def defaults(tx: Tx, workspace: str) -> list[str]:
    rows = await tx.rows(
        "select channel from channels.default_channel where workspace = %s order by channel", (workspace,)
    )
    return [row["channel"] for row in rows]


async def set_defaults(tx: Tx, org: str, workspace: str, channels: Sequence[str]) -> None:
    await tx.run("delete from channels.default_channel where workspace = %s", (workspace,))
    await tx.run(
        "insert into channels.default_channel (workspace, org, channel)"
        " select %s, %s, channel from unnest(%s::text[]) as t(channel)",
        (workspace, org, list(channels)),
    )


async def is_default(tx: Tx, channel: str) -> bool:
    return bool(await tx.value("select 1 from channels.default_channel where channel = %s limit 1", (channel,)))


async def reseat(tx: Tx, channel: str, left: str, seats: Mapping[str, str]) -> None:
    """Those who sit here as members of a workspace that leaves stay as members of another one of theirs."""
    await tx.run(
        "update channels.membership m set workspace = t.workspace from unnest(%s::text[], %s::text[])"
        " as t(account, workspace) where m.channel = %s and m.workspace = %s and m.account = t.account",
        (list(seats), list(seats.values()), channel, left),
    )


async def move_home(tx: Tx, channel: str, before: str, now: str) -> None:
    """Makes another workspace of the same organisation the home; what is kept by home goes with it."""
    await tx.run("update channels.share set home = (workspace = %s) where channel = %s", (now, channel))
    await tx.run(
        "update channels.conversation set workspace = %s where id = %s and workspace = %s", (now, channel, before)
    )
    for table in _OF_HOME:
        await tx.run(
            f"update channels.{table} set workspace = %s where channel = %s and workspace = %s", (now, channel, before)
        )
    await tx.run(
        "update channels.canvas_version v set workspace = %s from channels.canvas c"
        " where c.id = v.canvas and c.channel = %s and v.workspace = %s",
        (now, channel, before),
    )


async def forget(tx: Tx, org: str, channel: str) -> None:
    """Takes a channel away with everything said in it."""
    await tx.run("delete from channels.before where channel = %s", (channel,))
    await tx.run("delete from channels.conversation where org = %s and id = %s", (org, channel))


async def add_group(tx: Tx, channel: str, org: str, group: str, by: str, at: Any) -> bool:
    return bool(
        await tx.run(
            "insert into channels.allowed_group (channel, org, named, added_by, added_at) values (%s, %s, %s, %s, %s)"
            " on conflict do nothing",
            (channel, org, group, by, at),
        )
    )


async def of_groups(tx: Tx, org: str) -> list[KeptFor]:
    """Every group for which a channel is kept, with the name that the channel has at its home."""
    rows = await tx.rows(
        "select g.named, g.channel, coalesce(s.name, '') as name, c.workspace, coalesce(s.archived, false) as archived"
        " from channels.allowed_group g join channels.conversation c on c.id = g.channel"
        " left join channels.share s on s.channel = g.channel and s.workspace = c.workspace"
        " where g.org = %s order by name, g.channel",
        (org,),
    )
    return [KeptFor(row["named"], row["channel"], row["name"], row["workspace"], row["archived"]) for row in rows]


async def drop_group(tx: Tx, channel: str, org: str, group: str) -> bool:
    return bool(
        await tx.run(
            "delete from channels.allowed_group where channel = %s and org = %s and named = %s", (channel, org, group)
        )
    )


async def drop_groups(tx: Tx, channel: str, org: str) -> None:
    await tx.run("delete from channels.allowed_group where channel = %s and org = %s", (channel, org))


async def connected_before(
    tx: Tx, org: str, channels: Sequence[str], teams: Sequence[str], after: str, limit: int
) -> list[dict[str, Any]]:
    """Channels of the organisation's that are or were shared outside, with who began it and the sides it has."""
    return await tx.rows(
        "select c.id, c.created_at, c.workspace, array_agg(distinct o.workspace) as others from channels.conversation c"
        " join channels.share o on o.channel = c.id and o.org <> c.org and o.state in ('connected', 'disconnected')"
        " where c.org = %(org)s and c.id > %(after)s"
        " and (%(channels)s::text[] = '{}' or c.id = any(%(channels)s::text[]))"
        " and (%(teams)s::text[] = '{}' or c.workspace = any(%(teams)s::text[]))"
        " group by c.id order by c.id limit %(limit)s",
        {"org": org, "channels": list(channels), "teams": list(teams), "after": after, "limit": limit},
    )


def _share(row: Mapping[str, Any]) -> Share:
    return Share(
        row["channel"], row["workspace"], row["org"], row["home"], row["name"], row["private"], row["archived"],
        row["state"], row["invited_by"], row["limited"],
    )  # fmt: skip


def _room(row: Mapping[str, Any]) -> Room:
    shares = tuple(_share(one) for one in row["shares"])
    return Room(
        row["id"], next(one for one in shares if one.workspace == row["own"]), shares, row["purpose"], row["topic"],
        row["creator"], row["created_at"], row["last_ts"], row["members"], row["reach"], row["standing"],
        row["posting"], prefs_of(row["prefs"]), row["groups"],
    )  # fmt: skip
