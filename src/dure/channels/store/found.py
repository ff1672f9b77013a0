"""What was found, as it stands now: messages, what was said beside them, the files that they carry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dure.channels.store.indexed import Place, rows_of, said_of
from dure.state import Tx


async def messages(tx: Tx, places: Sequence[Place]) -> dict[Place, dict[str, Any]]:
    """Messages by their places, deleted ones left out, each with what it is known by as `said`."""
    return {(row["channel"], row["ts"]): {**row, "said": said_of(row)} for row in await rows_of(tx, places)}


async def files(tx: Tx, places: Sequence[Place]) -> list[dict[str, Any]]:
    """The files that messages carry, in the order of the places; not those of a side that is connected no more."""
    if not places:
        return []
    return await tx.rows(
        """
        select f.id, f.name, f.title, f.alt, f.preview, left(t.text, 20000) as said, f.mimetype, f.filetype, f.mode,
               f.size, f.account, f.workspace, f.created_at, f.external_url, h.channel, h.ts, h.thread
        from unnest(%(channels)s::text[], %(ts)s::bigint[]) with ordinality as given(channel, ts, n)
        join channels.file_share h on h.channel = given.channel and h.ts = given.ts
        join channels.file f on f.id = h.file and f.state = 'kept'
        left join channels.file_text t on t.file = f.id
        where exists (select from channels.share s where s.channel = h.channel and s.workspace = f.workspace
                      and s.state = 'connected')
        order by given.n, f.id""",
        {"channels": [channel for channel, _ in places], "ts": [ts for _, ts in places]},
    )


async def around(tx: Tx, places: Sequence[Place]) -> dict[Place, dict[str, list[dict[str, Any]]]]:
    """What was said just before (nearest first) and after each message where it stands: two of each, if there are."""
    rows = await tx.rows(
        """
        select given.channel as at_channel, given.ts as at_ts, n.* from
            unnest(%(channels)s::text[], %(ts)s::bigint[]) as given(channel, ts)
        join channels.message m on m.channel = given.channel and m.ts = given.ts
        cross join lateral (
            (select 'before' as side, b.ts, b.account, b.username, b.text, b.team from channels.message b
             where b.channel = m.channel and b.ts < m.ts and not b.deleted and b.subtype = ''
               and b.thread is not distinct from m.thread order by b.ts desc limit 2)
            union all
            (select 'after', a.ts, a.account, a.username, a.text, a.team from channels.message a
             where a.channel = m.channel and a.ts > m.ts and not a.deleted and a.subtype = ''
               and a.thread is not distinct from m.thread order by a.ts limit 2)
        ) n""",
        {"channels": [channel for channel, _ in places], "ts": [ts for _, ts in places]},
    )
    found: dict[Place, dict[str, list[dict[str, Any]]]] = {place: {"before": [], "after": []} for place in places}
    for row in rows:
        found[row["at_channel"], row["at_ts"]][row["side"]].append(row)
    for sides in found.values():
        sides["before"].sort(key=lambda row: -row["ts"])
        sides["after"].sort(key=lambda row: row["ts"])
    return found
