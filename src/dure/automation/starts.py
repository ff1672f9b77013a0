"""Automations that are on and begin in a typed way: what slices offer people for starting them, such as commands."""

from __future__ import annotations

from dure.automation.plugs import Start
from dure.state import Tx


async def started_by(tx: Tx, workspace: str, kind: str) -> list[Start]:
    """Those whose trigger is of a kind, the oldest first."""
    rows = await tx.rows(
        """select a.id, a.name, v.doc -> 'trigger' -> 'with' as given from automation.automation a
           join automation.version v on v.workspace = a.workspace and v.automation = a.id and v.version = a.version
           where a.workspace = %s and a.enabled and v.doc -> 'trigger' ->> 'kind' = %s order by a.created_at, a.id""",
        (workspace, kind),
    )
    return [Start(row["id"], row["name"], row["given"] or {}) for row in rows]
