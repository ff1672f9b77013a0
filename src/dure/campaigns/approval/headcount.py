"""How many people a campaign may reach, for the question whether a second person must agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from dure.campaigns.approval import headcount_sql
from dure.campaigns.design import Design
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.log.api import Log
from dure.segments.api import Segments

LOOKS_BACK = timedelta(days=30)


@dataclass
class Headcount:
    log: Log
    segments: Segments
    clock: Clock

    async def of(self, principal: Principal, design: Design) -> int:
        """The audience's size; of a trigger, how many different people it met in the last thirty days.

        Whoever met the trigger counts whether or not the audience's rule holds for them: that may change, and the
        number is there to ask for a second look once too often rather than once too seldom.
        """
        entry = design.entry
        if entry.trigger is not None:
            where, bound = self.segments.condition(entry.trigger.where)
            now = self.clock.now()
            params = {**bound, "event": entry.trigger.event, "since": _text(now - LOOKS_BACK), "now": _text(now)}
            answer = await self.log.query(principal.tenant, headcount_sql.MET.format(where=where), params)
            return int(answer.rows[0][0])
        if entry.audience is not None:
            return (await self.segments.preview(principal, entry.audience, 0)).size
        return int((await self.log.query(principal.tenant, headcount_sql.EVERYBODY, {})).rows[0][0])

    async def some(self, principal: Principal, design: Design, count: int) -> list[UUID]:
        """Some of the people whom a campaign may reach: of a trigger those whom it met last."""
        entry, now = design.entry, self.clock.now()
        if entry.trigger is None and entry.audience is not None:
            return list((await self.segments.preview(principal, entry.audience, count)).people)
        where = ""
        params: dict[str, Any] = {"since": _text(now - LOOKS_BACK), "now": _text(now), "count": count}
        if entry.trigger is not None:
            condition, bound = self.segments.condition(entry.trigger.where)
            where, params = f" and e.event = {{event:String}}{condition}", {
                **params, **bound, "event": entry.trigger.event,
            }  # fmt: skip
        answer = await self.log.query(principal.tenant, headcount_sql.SOME.format(where=where), params)
        return [row[0] for row in answer.rows]


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
