"""What members do in a channel, counted in channels' own tables."""

from __future__ import annotations

from collections.abc import Sequence

from dure.channels.needed.model import Doing
from dure.state import Tx

_DOINGS = """
with said as (
    select m.channel, m.account, count(*) as messages, max(m.ts) as last from channels.message m
    where m.channel = any(%(channels)s) and m.ts > %(since)s and not m.deleted and m.subtype not like 'channel_%%'
    group by m.channel, m.account
), named as (
    select m.channel, u.account, count(*) as mentions from channels.message m cross join unnest(m.mentions) u (account)
    where m.channel = any(%(channels)s) and m.ts > %(since)s and m.mentions is not null and not m.deleted
    group by m.channel, u.account
), reacted as (
    select r.channel, r.account, count(*) as reactions from channels.reaction r
    where r.channel = any(%(channels)s) and r.reacted_at > to_timestamp(%(since)s / 1000000.0)
    group by r.channel, r.account
)
select x.channel, x.account, x.workspace, x.joined_at, x.last_read, coalesce(said.messages, 0) as messages,
       coalesce(said.last, 0) as last, coalesce(named.mentions, 0) as mentions,
       coalesce(reacted.reactions, 0) as reactions, p.seen_at
from channels.membership x
left join said on said.channel = x.channel and said.account = x.account
left join named on named.channel = x.channel and named.account = x.account
left join reacted on reacted.channel = x.channel and reacted.account = x.account
left join channels.presence p on p.account = x.account
where x.channel = any(%(channels)s) order by x.channel, x.account
"""


async def doings(tx: Tx, channels: Sequence[str], since: int) -> dict[str, list[Doing]]:
    """Channel → what each of its members did since a moment; one statement for as many channels as are asked."""
    found: dict[str, list[Doing]] = {channel: [] for channel in channels}
    for row in await tx.rows(_DOINGS, {"channels": list(channels), "since": since}):
        found[row["channel"]].append(
            Doing(
                row["account"], row["workspace"], row["joined_at"], row["last_read"], row["messages"],
                row["reactions"], row["mentions"], row["last"], row["seen_at"],
            )
        )  # fmt: skip
    return found
