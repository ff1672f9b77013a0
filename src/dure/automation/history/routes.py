"""Looking back over HTTP: runs by filters, counts by node, what failed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query

from dure.automation.history.model import Past, Wanted
from dure.automation.shapes import run_shape
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter

if TYPE_CHECKING:
    from dure.automation.api import Automation

Statuses = Annotated[list[str] | None, Query()]


@body
class SomeRuns:
    runs: list[str]


def router(automation: Automation) -> APIRouter:
    routes = APIRouter()

    @routes.get("/runs")
    async def all_runs(
        caller: Caller, status: Statuses = None, subject: str = "", node: str = "", since: datetime | None = None,
        until: datetime | None = None, q: str = "", before: datetime | None = None, after: str = "", limit: int = 50,
    ) -> dict[str, Any]:  # fmt: skip
        """Runs of all automations, newest first: by status (several), subject, node, time and text. `next` is given
        back as `after` for more."""
        wanted = Wanted(None, status or (), subject, node, None, since, before or until, q)
        return _past(await automation.history.runs(caller, wanted, after=after, limit=limit))

    @routes.get("/{id}/runs")
    async def its_runs(
        id: str, caller: Caller, status: Statuses = None, subject: str = "", node: str = "",
        version: int | None = None, since: datetime | None = None, until: datetime | None = None, q: str = "",
        before: datetime | None = None, after: str = "", limit: int = 50,
    ) -> dict[str, Any]:  # fmt: skip
        """Runs of one automation, newest first, by the same filters and by version."""
        await automation.get(caller, id)
        wanted = Wanted(id, status or (), subject, node, version, since, before or until, q)
        return _past(await automation.history.runs(caller, wanted, after=after, limit=limit))

    @routes.get("/{id}/counts")
    async def counts(
        id: str, caller: Caller, version: int | None = None, since: datetime | None = None,
        until: datetime | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """What became of each node's steps in the newest 20,000 runs, how long they took, and how many runs stand on
        each node now."""
        await automation.get(caller, id)
        return asdict(
            await automation.history.node_counts(caller, Wanted(id, version=version, since=since, until=until))
        )

    @routes.get("/dead-letters")
    async def dead_letters(
        caller: Caller, automation_: Annotated[str | None, Query(alias="automation")] = None, only: str = "",
        after: str = "", limit: int = 100,
    ) -> dict[str, Any]:  # fmt: skip
        """Runs that failed, over all automations; `only` dead, or unknown: nobody knows whether the call was made."""
        return asdict(await automation.history.letters(caller, automation_, only=only, after=after, limit=limit))

    @routes.post("/dead-letters/retry")
    async def retry(body: SomeRuns, caller: Caller) -> dict[str, Any]:
        """Tries the failed step of each run again; says which could not be."""
        return asdict(await automation.history.retry_many(caller, body.runs))

    @routes.post("/dead-letters/skip")
    async def skip(body: SomeRuns, caller: Caller) -> dict[str, Any]:
        """Goes on past the failed step of each run."""
        return asdict(await automation.history.skip_many(caller, body.runs))

    @routes.post("/dead-letters/stop")
    async def stop(body: SomeRuns, caller: Caller) -> dict[str, Any]:
        """Ends each of these runs, where it is under way."""
        return asdict(await automation.history.stop_many(caller, body.runs))

    return routes


def _past(past: Past) -> dict[str, Any]:
    runs = [{**run_shape(run), "steps": steps} for run, steps in past.runs]
    return {"runs": runs, "by_status": dict(past.by_status), "next": past.next}
