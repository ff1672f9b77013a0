"""How long people from outside waited: by channel, by customer, by colleague, by team, by week; and who waits now.

Counted are questions asked in the range. Those that nobody answered yet stand beside the answered ones, because
finished work alone makes slow work look fast: what is open past its time is missed already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from dure.channels.responding import report_store as store
from dure.governance.api import Governance, Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import State, Tx

By = Literal["all", "channel", "customer", "team", "person", "week"]
Kind = Literal["", "first", "next"]
_LONGEST_DAYS = 732


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """Waits of one group. Medians and ninetieth percentiles are open seconds, None where nothing was answered.

    `met` and `missed` count promises kept and broken, those that are open past their time among the broken; `waiting`
    is how many are open, `oldest` since when the longest of them, `seen` how many of those somebody has noticed.
    """

    group: str
    asked: int
    answered: int
    median: float | None
    p90: float | None
    met: int
    missed: int
    waiting: int
    seen: int
    oldest: datetime | None

    @property
    def within(self) -> float | None:
        """The share of promises kept, of those decided."""
        return self.met / (self.met + self.missed) if self.met + self.missed else None


class ResponseReport:
    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    async def last_days(
        self, principal: Principal, days: int, *, by: str = "channel", kind: str = "", channels: Sequence[str] = ()
    ) -> tuple[datetime, datetime, list[ResponseRow]]:
        """`rows_in` of the last so many days in the workspace's zone, today included; and the range."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.last_days_in(tx, principal, days, by=by, kind=kind, channels=channels)

    async def last_days_in(
        self, tx: Tx, principal: Principal, days: int, *, by: str = "channel", kind: str = "",
        channels: Sequence[str] = (),
    ) -> tuple[datetime, datetime, list[ResponseRow]]:  # fmt: skip
        """`last_days` within a transaction."""
        if not 1 <= days <= _LONGEST_DAYS:
            raise Invalid(f"`days` is 1 to {_LONGEST_DAYS}.", field="days")
        zone = (await self._governance.workspace_in(tx, principal.tenant.workspace)).timezone
        end = self._clock.now() + timedelta(seconds=1)
        midnight = end.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        start = midnight - timedelta(days=days - 1)
        rows = await self.rows_in(tx, principal, start, end, by=by, kind=kind, channels=channels, zone=zone)
        return start, end, rows

    async def rows_in(
        self, tx: Tx, principal: Principal, start: datetime, end: datetime, *, by: str = "all", kind: str = "",
        channels: Sequence[str] = (), zone: str = "UTC",
    ) -> list[ResponseRow]:  # fmt: skip
        """Waits of the caller's workspace by channel (id), customer (organisation id), team (function), person (who
        answered; "" for what nobody did yet) or week (its Monday), the most asked first; within a transaction. Without
        private channels that the caller is not in, for who is no administrator."""
        access(principal, "channels:read")
        if principal.role is Role.GUEST:
            raise NotAllowed("A guest does not see how others are answered.")
        if by not in get_args(By):
            raise Invalid(f"`by` is one of {', '.join(get_args(By))}.", field="by")
        if kind not in get_args(Kind):
            raise Invalid("`kind` is first, next, or empty for both.", field="kind")
        if not start < end or end - start > timedelta(days=_LONGEST_DAYS):
            raise Invalid(f"`from` lies before `to`, at most {_LONGEST_DAYS} days.", field="from")
        whole = principal.role in (Role.OWNER, Role.ADMIN) or principal.kind == "system"
        found = await store.rows(
            tx, principal.tenant.workspace, "" if whole else principal.user, start, end, by, kind, channels, zone,
            self._clock.now(),
        )  # fmt: skip
        return [ResponseRow(**row) for row in found]
