"""The watch's SQL: what is counted of live campaigns."""

from __future__ import annotations

from typing import Any

from dure.campaigns.watch.rules import Seen
from dure.state import Tx


async def seen(tx: Tx) -> list[tuple[dict[str, Any], Seen]]:
    """Every live campaign with what is counted of it; counts are kept as they happen, so this reads few rows."""
    rows = await tx.rows(
        """
        select c.workspace, c.id, c.org, c.version,
            coalesce(sum(t.n) filter (where t.what = 'state:sent'), 0)::bigint as sent,
            coalesce(sum(t.n) filter (where t.what in ('state:failed', 'state:unknown')), 0)::bigint as failed,
            coalesce(sum(t.n) filter (where t.what = 'arm:control'), 0)::bigint as control,
            coalesce(sum(t.n) filter (where t.what = 'arm:treated'), 0)::bigint as treated
        from campaigns.campaign c join campaigns.tally t on t.workspace = c.workspace and t.campaign = c.id
        where c.status = 'live' group by c.workspace, c.id, c.org, c.version
        """
    )
    back = await tx.rows(
        """
        select c.workspace, c.id, count(distinct r.message) filter (where r.kind = 'bounced') as bounced,
            count(distinct r.message) filter (where r.kind = 'complained') as complained
        from campaigns.campaign c join campaigns.message m on m.workspace = c.workspace and m.campaign = c.id
        join campaigns.response r on r.workspace = m.workspace and r.message = m.id
        where c.status = 'live' and r.kind in ('bounced', 'complained') group by c.workspace, c.id
        """
    )
    came = {(row["workspace"], row["id"]): (row["bounced"], row["complained"]) for row in back}
    found = []
    for row in rows:
        bounced, complained = came.get((row["workspace"], row["id"]), (0, 0))
        found.append(
            (row, Seen(row["sent"], bounced, complained, row["failed"], row["control"], row["treated"]))
        )  # fmt: skip
    return found


async def counted_before(tx: Tx, workspace: str, campaign: str) -> dict[str, Any]:
    """What was counted when it last stopped by itself and was let go on; {} where it never did."""
    found = await tx.value(
        "select why -> 'seen' from campaigns.halt where workspace = %s and campaign = %s and ended_at is not null"
        " order by at desc limit 1", (workspace, campaign),
    )  # fmt: skip
    return found or {}
