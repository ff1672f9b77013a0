"""The door to what was: runs, counts by node, and what failed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args
from uuid import UUID

from dure.automation.catalogue import run_of
from dure.automation.history import store
from dure.automation.history.model import Counts, Letters, NodeCount, Past, Together, Wanted
from dure.automation.model import RunStatus
from dure.automation.runs import READ, WRITE
from dure.governance.api import Principal, access
from dure.kernel.errors import DureError, Invalid
from dure.state import State

if TYPE_CHECKING:
    from dure.automation.api import Automation

STATUSES: tuple[str, ...] = get_args(RunStatus)
Act = Callable[[Principal, str], Awaitable[None]]
_MOST_COUNTED = 20_000
_MOST_AT_ONCE = 500


class History:
    """Reached as `automation.history`."""

    def __init__(self, automation: Automation, state: State) -> None:
        self._automation = automation
        self._state = state

    async def runs(self, principal: Principal, wanted: Wanted, *, after: str = "", limit: int = 50) -> Past:
        """Runs that fit, newest first, at most 500 a page; `after` is the `next` of the page before."""
        access(principal, READ)
        for status in wanted.status:
            if status not in STATUSES:
                raise Invalid(f"{status!r} is not one of {', '.join(STATUSES)}.", field="status")
        limit, workspace = max(1, min(limit, 500)), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.runs(tx, workspace, wanted, _place(after), limit + 1)
            several = {} if after else await store.by_status(tx, workspace, wanted)
        shown = rows[:limit]
        return Past(
            [(run_of(row, {}), row["steps"]) for row in shown], several, _next(shown, more=len(rows) > limit)
        )  # fmt: skip

    async def node_counts(self, principal: Principal, wanted: Wanted) -> Counts:
        """What became of each node's steps in the newest 20,000 runs that fit."""
        access(principal, READ)
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.counts(tx, workspace, wanted, _MOST_COUNTED)
            over = await store.counted(tx, workspace, wanted, _MOST_COUNTED)
            now = await store.standing(tx, workspace, wanted.automation or "")
        return Counts(over["runs"], over["since"], [NodeCount(**_plain(row)) for row in rows], now)

    async def letters(
        self, principal: Principal, automation: str | None = None, *, only: str = "", after: str = "", limit: int = 100
    ) -> Letters:
        """What failed, over all automations: steps that are dead, and those whose outcome nobody knows (`only`)."""
        access(principal, READ)
        if only not in ("", "dead", "unknown"):
            raise Invalid("`only` is dead or unknown.", field="only")
        limit = max(1, min(limit, 500))
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.letters(tx, principal.tenant.workspace, automation, only, _place(after), limit + 1)
        shown = rows[:limit]
        return Letters([{**row, "id": str(row["id"])} for row in shown], _next(shown, more=len(rows) > limit))

    async def retry_many(self, principal: Principal, runs: Sequence[str]) -> Together:
        """Tries the failed step of each run again."""
        return await self._each(principal, runs, self._automation.retry)

    async def skip_many(self, principal: Principal, runs: Sequence[str]) -> Together:
        """Goes on past the failed step of each run."""
        return await self._each(principal, runs, self._automation.skip)

    async def stop_many(self, principal: Principal, runs: Sequence[str]) -> Together:
        """Ends each run where it is."""
        return await self._each(principal, runs, self._automation.stop)

    async def decisions(self, principal: Principal, run: str) -> Sequence[dict[str, Any]]:
        """What people were asked in a run and what they decided."""
        await self._automation.run(principal, run)
        async with self._state.begin(principal.tenant) as tx:
            return await store.decisions(tx, principal.tenant.workspace, UUID(run))

    async def _each(self, principal: Principal, runs: Sequence[str], act: Act) -> Together:
        """Does it to each run in a transaction of its own, so that one that cannot be helped holds back no other."""
        access(principal, WRITE)
        if not 1 <= len(runs) <= _MOST_AT_ONCE:
            raise Invalid(f"Between 1 and {_MOST_AT_ONCE} runs at once.", field="runs")
        done, refused = [], []
        for run in dict.fromkeys(runs):
            try:
                await act(principal, run)
                done.append(run)
            except DureError as error:
                refused.append({"run": run, "code": error.code, "message": error.message})
        return Together(done, refused)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    seconds = {name: None if row[name] is None else round(float(row[name]), 3) for name in ("median", "slow")}
    return {**row, **seconds, "retries": int(row["retries"] or 0)}


def _next(rows: Sequence[dict[str, Any]], *, more: bool) -> str:
    if not more:
        return ""
    last = rows[-1]
    return base64.urlsafe_b64encode(f"{last['started_at'].isoformat()} {last['id']}".encode()).decode()


def _place(after: str) -> tuple[datetime, UUID] | None:
    if not after:
        return None
    try:
        at, run = base64.urlsafe_b64decode(after).decode().split(" ")
        return datetime.fromisoformat(at), UUID(run)
    except (ValueError, binascii.Error) as error:
        raise Invalid("`after` is the `next` of an earlier page.", field="after") from error
