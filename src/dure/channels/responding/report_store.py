"""The one statement that counts waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.state import Tx

_ASKED = "to_timestamp(r.asked / 1e6)"
_GROUPS: Mapping[str, str] = {
    "all": "''",
    "channel": "r.channel",
    "customer": "r.asked_org",
    "team": "c.response_team",
    "person": "coalesce(r.answered_by, '')",
    "week": f"to_char(date_trunc('week', {_ASKED} at time zone %(zone)s), 'YYYY-MM-DD')",
}
_LATE = "(r.state = 'overdue' or (r.state in ('waiting', 'warned') and r.due_at <= %(now)s))"


async def rows(
    tx: Tx, workspace: str, account: str, start: datetime, end: datetime, by: str, kind: str,
    channels: Sequence[str], zone: str, now: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """Waits by group; with `account` only those of channels that are open at home or that it is in."""
    return await tx.rows(
        f"""
        select {_GROUPS[by]} as group,
               count(*) as asked,
               count(*) filter (where r.state = 'answered') as answered,
               percentile_cont(0.5) within group (order by r.open_seconds) as median,
               percentile_cont(0.9) within group (order by r.open_seconds) as p90,
               count(*) filter (where r.within) as met,
               count(*) filter (where not r.within or {_LATE}) as missed,
               count(*) filter (where r.state <> 'answered') as waiting,
               count(*) filter (where r.state <> 'answered' and r.seen_at is not null) as seen,
               min({_ASKED}) filter (where r.state <> 'answered') as oldest
        from channels.response r
        join channels.conversation c on c.id = r.channel
        join channels.share s on s.channel = r.channel and s.workspace = r.workspace
        where r.workspace = %(workspace)s
          and r.asked >= %(start)s and r.asked < %(end)s
          and (%(kind)s = '' or r.kind = %(kind)s)
          and (%(channels)s::text[] = '{{}}' or r.channel = any(%(channels)s))
          and (%(account)s = '' or not s.private or exists (
              select from channels.membership m where m.channel = r.channel and m.account = %(account)s))
        group by 1 order by {"1" if by == "week" else "asked desc, 1"} limit 1000
        """,
        {"workspace": workspace, "account": account, "start": _micros(start), "end": _micros(end), "kind": kind,
         "channels": list(channels), "zone": zone, "now": now},
    )  # fmt: skip


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)
