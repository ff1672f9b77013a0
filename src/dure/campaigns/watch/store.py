"""The watch's SQL: what is counted of live campaigns."""

from __future__ import annotations

from typing import Any

from dure.campaigns.watch.rules import Seen
from dure.state import Tx


async def seen(tx: Tx) -> list[tuple[dict[str, Any], Seen]]:
    """Every live campaign with what is counted of it; counts are kept as they happen, so this reads few rows."""
    rows = await tx.rows(
        """
        select c.workspace, c.id, c.org, coalesce((v.design ->> 'holdout')::float, 0.5) as holdout,
            coalesce(sum(t.n) filter (where t.what = 'state:sent'), 0)::bigint as sent,
            coalesce(sum(t.n) filter (where t.what in ('state:failed', 'state:unknown')), 0)::bigint as failed,
            coalesce(sum(t.n) filter (where t.what = 'reason:refused'), 0)::bigint as refused,
            coalesce(sum(t.n) filter (where t.what = 'arm:control'), 0)::bigint as control,
            coalesce(sum(t.n) filter (where t.what = 'arm:treated'), 0)::bigint as treated
        from campaigns.campaign c join campaigns.tally t on t.workspace = c.workspace and t.campaign = c.id
        join campaigns.version v on v.workspace = c.workspace and v.campaign = c.id and v.version = c.version
        where c.status = 'live' group by c.workspace, c.id, c.org, v.design
        """
    )
    back = await tx.rows(
        """
        select c.workspace, c.id, count(distinct r.message) filter (where r.kind = 'bounce') as bounced,
            count(distinct r.message) filter (where r.kind = 'complaint') as complained
        from campaigns.campaign c join campaigns.message m on m.workspace = c.workspace and m.campaign = c.id
        join campaigns.response r on r.workspace = m.workspace and r.message = m.id
        where c.status = 'live' and r.kind in ('bounce', 'complaint') group by c.workspace, c.id
        """
    )
    came = {(row["workspace"], row["id"]): (row["bounced"], row["complained"]) for row in back}
    found = []
    for row in rows:
        bounced, complained = came.get((row["workspace"], row["id"]), (0, 0))
        # An address that is dead says so while the mail is handed over, or later.
        bounced += row["refused"]
        counted = Seen(row["sent"], bounced, complained, row["failed"], row["control"], row["treated"])
        found.append((row, counted))
    return found


async def counted_before(tx: Tx, workspace: str, campaign: str) -> dict[str, Any]:
    """What was counted when it last stopped by itself and was let go on; {} where it never did."""
    found = await tx.value(
        "select why -> 'seen' from campaigns.halt where workspace = %s and campaign = %s and ended_at is not null"
        " and why ? 'seen'"
        " order by at desc limit 1", (workspace, campaign),
    )  # fmt: skip
    return found or {}
