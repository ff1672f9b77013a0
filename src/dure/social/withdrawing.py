"""Takes out of the log what mentions said that their networks took back, a moment after it was taken back.

The words must be in the log before they can be taken out of it, so a mention waits until the followers have passed what
was there when it was first looked at. And the log rewrites whole parts however few words leave it, so what is taken
back within half an hour goes together.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from dure.feed.api import Lane, newest_position, position_of
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.log.api import LOG_FOLLOWER, ONE_AT_A_TIME, Log, redact
from dure.social.listening.shelf import FOLLOWER as SHELF_FOLLOWER
from dure.state import State, Tx

_MOST = 5_000  # mentions of a workspace at once
_GATHERED = timedelta(minutes=30)


class Withdrawing:
    def __init__(self, state: State, log: Log, clock: Clock) -> None:
        self._state = state
        self._log = log
        self._clock = clock

    async def tick(self) -> int:
        """Goes on with one workspace; returns how many mentions the log is rid of. Any process may call it."""
        async with self._state.begin_system() as tx:
            due = await _due(tx, self._clock.now() - _GATHERED)
        if due is None:
            return 0
        tenant, said = due
        async with self._state.alone() as connection:
            row = await (
                await connection.execute("select pg_try_advisory_lock(hashtext(%s)) as mine", (ONE_AT_A_TIME,))
            ).fetchone()
            if not row or not row["mine"]:
                return 0
            await redact(self._log, tenant, said, said.values())
            async with self._state.begin(tenant) as tx:
                return await tx.run(
                    "delete from social.taken_back where workspace = %s and mention = any(%s)",
                    (tenant.workspace, list(said)),
                )


async def _due(tx: Tx, since: datetime) -> tuple[Tenant, dict[uuid.UUID, str]] | None:
    """Mentions of the workspace that waits longest whose words are in the log; None where none waits that long."""
    newest = await newest_position(tx, (Lane.DOMAIN,))
    await tx.run("update social.taken_back set until = %s where until is null", (newest,))
    passed = min(await position_of(tx, LOG_FOLLOWER), await position_of(tx, SHELF_FOLLOWER))
    rows = await tx.rows(
        "select org, workspace, mention, said from social.taken_back where until <= %(passed)s and workspace ="
        " (select workspace from social.taken_back where until <= %(passed)s and at <= %(since)s order by at limit 1)"
        " order by at limit %(most)s",
        {"passed": passed, "since": since, "most": _MOST},
    )
    if not rows:
        return None
    return Tenant(rows[0]["org"], rows[0]["workspace"]), {row["mention"]: row["said"] for row in rows}
