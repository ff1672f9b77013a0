"""Clocks over HTTP: how promises stand, policies, surveys that wait for a colleague, the report."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Literal

from fastapi.responses import Response

from dure.governance.api import Principal
from dure.governance.http import Caller
from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid
from dure.social.care.model import PRIORITIES
from dure.social.clocks.api import Report, ResponseClock, ResponseClocks, Setting
from dure.social.clocks.model import KINDS
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Policies:
    """In order, the first that fits holds. A policy has `id`, `name`, the conditions `teams`, `priorities`, `networks`
    and `tiers`, and `first`, `next`, `resolve` in minutes of opening hours."""

    policies: list[dict[str, Any]]
    silent: int | None = None
    survey: str = "off"
    version: int = 0


@body
class Way:
    how: Literal["reply", "email"]


def router(api: ResponseClocks) -> APIRouter:
    """/api/v1/response-clocks, -policies, -report, /surveys."""
    routes = APIRouter(prefix="/api/v1", tags=["social"])

    @routes.get("/response-clocks")
    async def clocks(caller: Caller, ids: str) -> dict[str, Any]:
        """Running clocks by conversation; `ids` are conversations' ids, commas between them."""
        try:
            asked = [uuid.UUID(one) for one in ids.split(",") if one]
        except ValueError as error:
            raise Invalid("`ids` are conversations' ids.", field="ids") from error
        found = await api.of(caller, asked)
        return {"clocks": {str(talk): [_clock(one) for one in of] for talk, of in found.items()}}

    @routes.get("/response-clocks/standing")
    async def standing(caller: Caller, how: str = "overdue", limit: int = 200) -> dict[str, Any]:
        """Clocks past due, or (`how=soon`) past their warning, the longest due first."""
        return {"clocks": [_clock(one) for one in await api.standing(caller, how, limit)]}

    @routes.get("/response-clocks/{conversation_id}")
    async def ever(caller: Caller, conversation_id: uuid.UUID) -> dict[str, Any]:
        """Every clock of a conversation, the oldest first."""
        return {"clocks": [_clock(one) for one in await api.ever(caller, conversation_id)], "kinds": KINDS}

    @routes.get("/response-policies")
    async def policies(caller: Caller) -> dict[str, Any]:
        """The policies in order, and what belongs to them."""
        return {**_setting(await api.setting(caller)), "functions": FUNCTIONS, "priorities": PRIORITIES}

    @routes.put("/response-policies")
    async def set_policies(caller: Caller, body: Policies) -> dict[str, Any]:
        """Puts other policies in place; clocks that run keep their times."""
        return _setting(await api.set_setting(caller, asdict(body), body.version))

    @routes.post("/response-policies/retime")
    async def retime(caller: Caller) -> dict[str, int]:
        """Gives clocks that run what policies and calendars say today."""
        return {"conversations": await api.retime(caller)}

    @routes.get("/surveys/waiting")
    async def waiting(caller: Caller) -> dict[str, Any]:
        """Surveys that a colleague may send."""
        return {"surveys": [asdict(one) for one in await api.surveys.waiting(caller)]}

    @routes.post("/surveys/{survey_id}/send")
    async def send(caller: Caller, survey_id: uuid.UUID, body: Way) -> dict[str, Any]:
        """Asks the customer."""
        return asdict(await api.surveys.send(caller, survey_id, body.how))

    @routes.post("/surveys/{survey_id}/skip", status_code=204)
    async def skip(caller: Caller, survey_id: uuid.UUID) -> None:
        """Leaves this customer alone."""
        await api.surveys.skip(caller, survey_id)

    @routes.get("/response-report")
    async def report(
        caller: Caller, since: datetime | None = None, until: datetime | None = None, days: int = 30, team: str = "",
        network: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """The care report of a period, by default the last `days`."""
        return _report(await _of(api, caller, since, until, days, team, network))

    @routes.get("/response-report/csv")
    async def sheet(
        caller: Caller, since: datetime | None = None, until: datetime | None = None, days: int = 30, team: str = "",
        network: str = "",
    ) -> Response:  # fmt: skip
        """The same as CSV."""
        found = await _of(api, caller, since, until, days, team, network)
        return Response(
            "\ufeff" + await api.reports.sheet(caller, found), media_type="text/csv; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="care-report.csv"'},
        )  # fmt: skip

    return routes


async def _of(
    api: ResponseClocks, caller: Principal, since: datetime | None, until: datetime | None, days: int, team: str,
    network: str,
) -> Report:  # fmt: skip
    end = until or api.reports.now()
    return await api.reports.report(
        caller, since or end - timedelta(days=min(max(days, 1), 400)), end, team=team, network=network
    )


def _clock(clock: ResponseClock) -> dict[str, Any]:
    told = asdict(clock)
    return {**told, "met": clock.met, "paused": clock.running_at is None and clock.stopped_at is None}


def _setting(setting: Setting) -> dict[str, Any]:
    return asdict(setting)


def _report(report: Report) -> dict[str, Any]:
    told = asdict(report)
    for part in ("total", "teams", "agents"):
        told[part] = [{**asdict(one), "share": one.share} for one in getattr(report, part)]
    told["satisfaction"] = [
        {**asdict(one), "rate": one.rate, "satisfied": one.satisfied} for one in report.satisfaction
    ]
    return told
