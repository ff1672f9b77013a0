"""Do-not-disturb's entrance: hours, a pause by hand, and what others may know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dure.channels.events import QUIET_CHANGED
from dure.channels.profile import store as profiles
from dure.channels.quiet import store
from dure.channels.quiet.model import EVERY_DAY, Quiet, is_quiet, next_quiet
from dure.channels.quiet.refusals import SnoozeNotActive
from dure.feed.api import append
from dure.governance.api import Governance, Principal, User, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

LONGEST = timedelta(days=31)
Change = Callable[[Quiet], Quiet]


@dataclass(frozen=True, slots=True)
class Standing:
    """How do-not-disturb stands for somebody: their hours, and the quiet time that is now or comes next."""

    quiet: Quiet
    zone: str
    now: datetime

    @property
    def quiet_now(self) -> bool:
        return is_quiet(self.quiet, self.zone, self.now)

    @property
    def next(self) -> tuple[datetime, datetime] | None:
        return next_quiet(self.quiet, self.zone, self.now)


class QuietHours:
    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    async def of(self, tenant: Tenant, people: Sequence[User]) -> Mapping[str, Standing]:
        """How it stands for people whom the caller was shown already."""
        zone = (await self._governance.workspace(tenant)).timezone
        ids, now = [one.id for one in people], self._clock.now()
        async with self._state.begin_system() as tx:
            found, known = await store.of(tx, ids), await profiles.of(tx, ids)
        return {
            one: Standing(found.get(one, Quiet(one)), (known[one].timezone if one in known else "") or zone, now)
            for one in ids
        }

    async def snooze(self, principal: Principal, minutes: int) -> Quiet:
        """Pauses the caller's notifications."""
        if not 1 <= minutes <= LONGEST // timedelta(minutes=1):
            raise Invalid("A pause is one minute to 31 days.", field="num_minutes")
        until = self._clock.now() + timedelta(minutes=minutes)
        return await self._change(principal, lambda quiet: replace(quiet, snooze_until=until), "snooze")

    async def end_snooze(self, principal: Principal) -> Quiet:
        """Ends the pause; raises SnoozeNotActive."""
        now = self._clock.now()

        def end(quiet: Quiet) -> Quiet:
            if not quiet.snoozing(now):
                raise SnoozeNotActive
            return replace(quiet, snooze_until=None)

        return await self._change(principal, end, "end_snooze")

    async def end(self, principal: Principal) -> Quiet:
        """Ends the quiet time that is now, pause or hours; the next comes as ever."""
        own = await self._mine(principal)
        window = own.next
        over = window[1] if window and window[0] <= own.now else None
        return await self._change(
            principal, lambda quiet: replace(quiet, snooze_until=None, ended_until=over), "end_quiet"
        )

    async def set_hours(
        self, principal: Principal, *, enabled: bool, days: Sequence[int], from_minute: int, until_minute: int
    ) -> Quiet:
        """When the caller may be disturbed, by their own clock."""
        if not set(days) <= set(EVERY_DAY) or (enabled and not days):
            raise Invalid("`days` are 1 (Monday) to 7.", field="days")
        if not 0 <= from_minute < 1440:
            raise Invalid("`from_minute` is 0 to 1439.", field="from_minute")
        if not 0 <= until_minute <= 1440 or until_minute == from_minute:
            raise Invalid("`until_minute` is 0 to 1440, and another than `from_minute`.", field="until_minute")

        def hours(quiet: Quiet) -> Quiet:
            return replace(quiet, enabled=enabled, days=tuple(sorted(set(days))), from_minute=from_minute,
                           until_minute=until_minute, ended_until=None)  # fmt: skip

        return await self._change(principal, hours, "hours")

    async def _mine(self, principal: Principal) -> Standing:
        if not principal.user:
            raise NotAllowed("Only a person can be left alone.")
        me = await self._governance.user(principal.tenant, principal.user)
        return (await self.of(principal.tenant, [me]))[me.id]

    async def _change(self, principal: Principal, change: Change, what: str) -> Quiet:
        access(principal, "channels:write")
        if not principal.user:
            raise NotAllowed("Only a person can be left alone.")
        async with self._state.begin(principal.tenant) as tx:
            made = change(await store.find(tx, principal.tenant.workspace, principal.user))
            await store.put(tx, principal.tenant.workspace, made)
            await self._tell(tx, principal, what)
            return made

    async def _tell(self, tx: Tx, principal: Principal, what: str) -> None:
        told = {"user": principal.user, "what": what}
        await append(tx, act(principal, "channels", QUIET_CHANGED, "user", principal.user, told, self._clock.now()))
