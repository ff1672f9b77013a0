"""The entrance to relationships: what is kept, and the regular look that computes it anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.deals.health.follow import guests_of
from dure.deals.health.past import said_in
from dure.deals.relations import events, measuring, rules, store
from dure.deals.relations.model import Peers, Standing
from dure.deals.relations.picking import PickingUp
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role, Workspace, access
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed, NotFound
from dure.log.api import Log
from dure.state import State, Tx

__all__ = ["Relations"]

# As time passes a relationship changes without anything being done.
_AGAIN_AFTER = timedelta(hours=1)
_PEERS_KEPT = timedelta(days=1)
_PEERS_FROM = timedelta(days=730)
_A_LOOK = 200
# A customer's question may wait so long.
_STANDARD = timedelta(hours=24)


class Relations:
    """`log` is where the past of a channel is read when it becomes an account's."""

    def __init__(self, state: State, log: Log, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance
        self.picking = PickingUp(state, clock, governance)

    async def listed(self, principal: Principal) -> list[dict[str, Any]]:
        """Every relationship: score, band, momentum, reasons, when it was computed. Not for guests."""
        async with self._state.begin(principal.tenant) as tx:
            return await self.listed_in(tx, principal)

    async def listed_in(self, tx: Tx, principal: Principal) -> list[dict[str, Any]]:
        """`listed` within a transaction."""
        _may_look(principal)
        return await store.of(tx, principal.tenant.workspace, None)

    async def one(self, principal: Principal, account: str) -> dict[str, Any]:
        """One with its parts and its last 13 weeks. Raises NotFound where nothing was done with the account."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self.one_in(tx, principal, account)
        if found is None:
            raise NotFound("There is no relationship with such an account yet.", field="account")
        return found

    async def one_in(self, tx: Tx, principal: Principal, account: str) -> dict[str, Any] | None:
        """`one` within a transaction, None where there is none."""
        _may_look(principal)
        found = await store.of(tx, principal.tenant.workspace, account)
        return found[0] if found else None

    async def tick(self) -> int:
        """Picks up channels that were linked before, reads the past of newly linked ones, then computes what changed,
        and everything once an hour; returns how many."""
        await self.picking.tick()
        await self._catch_up()
        before = self._clock.now() - _AGAIN_AFTER
        async with self._state.begin_system() as tx:
            waiting = set(await store.waiting(tx, before))
        looked = 0
        for space in await self._governance.workspaces() if waiting else []:
            while space.id in waiting and (found := await self._assess(space)):
                looked += found
        return looked

    async def _assess(self, space: Workspace) -> int:
        """A lot of one workspace's due accounts; what another process has in hand is left to it."""
        now = self._clock.now()
        async with self._state.begin(space.tenant) as tx:
            if not await store.lock(tx, space.id):
                return 0
            due = await store.due(tx, space.id, now - _AGAIN_AFTER, _A_LOOK)
            if not due:
                return 0
            usual = await self._peers(tx, space.id)
            measured = await measuring.measures(tx, space.id, due, now, _STANDARD)
            found = [(rules.standing_of(one, usual), one) for one in measured]
            bands = await store.bands(tx, space.id, due)
            await store.keep(tx, space.id, due, found, now)
            await self._tell(tx, space, [one for one, _ in found if one.band], bands)
        return len(due)

    async def _tell(self, tx: Tx, space: Workspace, judged: Sequence[Standing], bands: dict[str, str]) -> None:
        """*Relationship Changed* of each that is in another band, *Relationship Measured* of each once a day."""
        now = self._clock.now()
        accounts = [one.account for one in judged]
        day = now.astimezone(ZoneInfo(space.timezone)).date()
        fresh = set(await store.measured_on(tx, space.id, accounts, day))
        named = await store.named(tx, space.id, accounts)
        principal = self._governance.system(space.tenant, "deals")
        written = [
            events.changed(principal, now, one, named[one.account], bands[one.account])
            for one in judged if bands.get(one.account, one.band) != one.band
        ]  # fmt: skip
        written += [events.measured(principal, now, one, named[one.account]) for one in judged if one.account in fresh]
        if written:
            await append(tx, *written)

    async def _peers(self, tx: Tx, workspace: str) -> Peers:
        now = self._clock.now()
        kept, at = await store.peers(tx, workspace)
        if at is not None and at > now - _PEERS_KEPT:
            return kept
        found = await measuring.peers(tx, workspace, now, now - _PEERS_FROM)
        await store.keep_peers(tx, workspace, found, now)
        return found

    async def _catch_up(self) -> None:
        """What was said in a channel before it was linked is read from the log."""
        async with self._state.begin_system() as tx:
            for room in await store.catching_up(tx):
                space = await self._governance.workspace_in(tx, room["workspace"])
                guests = await guests_of(self._governance, space.tenant)
                said = await said_in(self._log, space.tenant, room["channel"], guests)
                await store.keep_signs(tx, space.id, said)
                await store.caught_up(tx, space.id, room["channel"])
                await store.touch(tx, space.id, [room["account"]])


def _may_look(principal: Principal) -> None:
    access(principal, "deals:read")
    if principal.role is Role.GUEST:
        raise NotAllowed("Guests do not see relationships.", data={"right": "deals:read"})
