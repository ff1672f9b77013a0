"""Everything of a workspace stands still: nothing starts, nothing moves, nothing calls out; waits go on waiting.

What is paused lies in lanes that no beat looks at (`store.PAUSED` is added): what was under way goes there at once,
what waits when its time has come. What would have started meanwhile lies there too and begins when all is resumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dure.automation.store import PAUSED
from dure.state import Tx

# Runs before steps: this waits for whoever moves a run at the moment, so that the step it hands out is seen below.
_ASIDE = (
    """update automation.run set lane = lane + %(by)s
       where workspace = %(workspace)s and lane in (0, 1) and ended_at is null
       and (due_at <= %(now)s or id in (select run from automation.step
                                        where workspace = %(workspace)s and status in ('ready', 'claimed')))""",
    """update automation.step set lane = lane + %(by)s
       where workspace = %(workspace)s and lane in (0, 1) and status in ('ready', 'claimed')""",
)
_BACK = (
    """update automation.run set lane = lane - %(by)s
       where workspace = %(workspace)s and lane in (%(by)s, %(by)s + 1)""",
    """update automation.step set lane = lane - %(by)s
       where workspace = %(workspace)s and lane in (%(by)s, %(by)s + 1)""",
)


async def pause(tx: Tx, workspace: str, by: str, reason: str, now: datetime) -> bool:
    """Pauses a workspace; False where it was paused already."""
    made = await tx.run(
        "insert into automation.pause (workspace, paused_by, reason, paused_at) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        (workspace, by, reason, now),
    )
    for sql in _ASIDE if made else ():
        await tx.run(sql, {"workspace": workspace, "by": PAUSED, "now": now})
    return bool(made)


async def resume(tx: Tx, workspace: str) -> bool:
    """Lets a workspace go on; False where it was not paused."""
    gone = await tx.run("delete from automation.pause where workspace = %s", (workspace,))
    for sql in _BACK if gone else ():
        await tx.run(sql, {"workspace": workspace, "by": PAUSED})
    return bool(gone)


async def state_of(tx: Tx, workspace: str) -> dict[str, Any] | None:
    """Since when, by whom and why a workspace is paused, and how many runs lie there; None where it is not."""
    return await tx.row(
        """select p.paused_at, p.paused_by, p.reason,
                  (select count(*) from automation.run r where r.workspace = p.workspace
                   and r.lane >= %s and r.ended_at is null) as held
           from automation.pause p where p.workspace = %s""",
        (PAUSED, workspace),
    )


async def put_aside(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Moves runs of paused workspaces out of the way whose time has come, or that slipped in as the pause was made."""
    slipped = [row for row in rows if row["aside"] and row["lane"] < PAUSED]
    if slipped:
        await tx.run(
            "update automation.run set lane = lane + %s where id = any(%s)", (PAUSED, [row["id"] for row in slipped])
        )
    for row in slipped:
        row["lane"] += PAUSED
