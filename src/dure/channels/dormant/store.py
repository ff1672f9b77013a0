"""Which channels have been quiet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.state import Tx


async def quiet_since(
    tx: Tx, workspace: str, since: datetime, before_ts: int, prefix: str, most: int
) -> list[dict[str, Any]]:
    """Open channels of one's own, shared with nobody, made before `since` and without a message from `before_ts` on;
    the quietest first."""
    return await tx.rows(
        """select s.channel, s.name from channels.share s join channels.conversation c on c.id = s.channel
           where s.workspace = %(workspace)s and s.home and s.state = 'connected' and not s.archived and not s.private
             and c.kind = 'channel' and c.created_at < %(since)s and c.last_ts < %(before)s
             and s.name <> 'general' and starts_with(s.name, %(prefix)s)
             and not exists (select from channels.share o
                             where o.channel = s.channel and not o.home and o.state in ('connected', 'invited'))
           order by c.last_ts, s.channel limit %(most)s""",
        {"workspace": workspace, "since": since, "before": before_ts, "prefix": prefix, "most": most},
    )
