"""Retention's entrance: how long a channel is kept, and what is held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dure.channels.model import ts_at
from dure.channels.retention import store
from dure.channels.retention.events import HELD, LENGTH_CHANGED, RELEASED, keeping_event
from dure.channels.retention.model import FOREVER_TS, Hold, Length, Round
from dure.channels.retention.refusals import (
    ChannelTypeNotSupported,
    DurationOutOfRange,
    HoldNotFound,
    HoldReleased,
    HostAlone,
    OverrideNotAllowed,
)
from dure.channels.rules import clean
from dure.channels.subjects import require_known
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid
from dure.kernel.ids import slack_id
from dure.state import State

if TYPE_CHECKING:
    from dure.channels.api import Channels

_MOST_DAYS = 36_499
_LISTED = 1_000


class Retention:
    """`Retention(state, clock, governance, channels)`. Lengths by kind are policies (`retention.*`)."""

    def __init__(self, state: State, clock: Clock, governance: Governance, channels: Channels) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels

    # -- lengths -----------------------------------------------------------------------------------------------------

    async def of_channel(self, principal: Principal, channel: str) -> list[Length]:
        """For how long each side keeps a conversation, the caller's own first; whoever may read it may know."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await self._channels.see(tx, principal, channel)
            lengths = await self._channels.keeping.lengths(tx, found)
        return sorted(lengths, key=lambda one: one.workspace != principal.tenant.workspace)

    async def of_channel_as_administrator(self, principal: Principal, channel: str) -> list[Length]:
        """The same for who says how long things are kept, whether they are in the channel or not."""
        access(principal, "keeping:write")
        return await self.of_channel(self._governance.system(principal.tenant, "retention"), channel)

    async def set_days(self, principal: Principal, channel: str, days: int | None) -> list[Length]:
        """Gives a channel a length of its own on the caller's side; None takes it back.

        Raises OverrideNotAllowed, DurationOutOfRange, ChannelTypeNotSupported.
        """
        access(principal, "keeping:write")
        if days is not None and not 1 <= days <= _MOST_DAYS:
            raise DurationOutOfRange(field="days")
        async with self._state.begin(principal.tenant) as tx:
            system = self._governance.system(principal.tenant, "retention")
            found = await self._channels.see_as_house(tx, system, str(clean(channel)))
            if found.kind != "channel":
                raise ChannelTypeNotSupported(field="channel")
            if found.side.limited and not found.side.home:
                raise HostAlone(field="channel")
            policies = self._governance.policies
            if await policies.value_in(tx, principal.tenant, "retention.override") != "allowed":
                raise OverrideNotAllowed(field="channel")
            if found.side.keep_days != days:
                await store.set_days(tx, channel, principal.tenant.workspace, days)
                told = {"days": days or 0, "before": found.side.keep_days or 0}
                await append(tx, keeping_event(principal, self._clock, LENGTH_CHANGED, "channel", channel, told))
            found = await self._channels.see(tx, system, channel)
            lengths = await self._channels.keeping.lengths(tx, found)
        return sorted(lengths, key=lambda one: one.workspace != principal.tenant.workspace)

    async def overview(self, principal: Principal) -> tuple[list[dict[str, Any]], Round | None]:
        """Channels with a length of their own, and how the purge goes."""
        access(principal, "keeping:write")
        async with self._state.begin(principal.tenant) as tx:
            return await store.overridden(tx, principal.tenant.workspace), await store.round_of(tx)

    # -- holds -------------------------------------------------------------------------------------------------------

    async def holds(self, principal: Principal) -> list[Hold]:
        """The organisation's, for those who look after it or prove what it did."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.holds(tx, principal.tenant.org)

    async def hold(
        self, principal: Principal, name: str, *, note: str = "", people: Sequence[str] = (),
        channels: Sequence[str] = (), since: datetime | None = None, until: datetime | None = None,
    ) -> Hold:  # fmt: skip
        """Holds what these people (none: everybody) said in these channels (none: all) between two moments."""
        access(principal, "org:write")
        name, note = str(clean(name)).strip(), str(clean(note)).strip()
        if not name or len(name) > 200:
            raise Invalid("A hold has a name of at most 200 characters.", field="name")
        if len(note) > 4_000:
            raise Invalid("A note has at most 4,000 characters.", field="note")
        if len(people) > _LISTED or len(channels) > _LISTED:
            raise Invalid(f"A hold names at most {_LISTED:,} of each.", field="people")
        if since is not None and until is not None and since > until:
            raise Invalid("It ends before it begins.", field="until")
        made = Hold(
            slack_id("H"), principal.tenant.org, name, note, _texts(people), _texts(channels),
            ts_at(since) if since else 0, ts_at(until) if until else FOREVER_TS, principal.user, self._clock.now(),
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            await require_known(tx, self._governance, made.org, made.people, made.channels)
            await store.add_hold(tx, made)
            told = {"people": len(made.people), "channels": len(made.channels)}
            await append(tx, keeping_event(principal, self._clock, HELD, "hold", made.id, told))
        return made

    async def release(self, principal: Principal, hold: str) -> None:
        """What only this hold kept goes with the next round of the purge."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.hold(tx, principal.tenant.org, hold)
            if found is None:
                raise HoldNotFound(field="hold")
            if found.released_at is not None:
                raise HoldReleased(field="hold")
            await store.release(tx, hold, principal.user, self._clock.now())
            await append(tx, keeping_event(principal, self._clock, RELEASED, "hold", hold, {}))


def _texts(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for one in given if (text := str(clean(one)).strip())))


__all__ = ["Hold", "Length", "Retention", "Round"]
