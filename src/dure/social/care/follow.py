"""The follower that brings mentions into the inbox: its effects and its place in the feed commit together."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import msgspec

from dure.feed.api import Batch, Bell, Follower, Lane, begin_here
from dure.governance.api import Principal, Role
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant
from dure.social import events as social_events
from dure.social import store as mentions
from dure.social.care import rules, store, taking
from dure.social.care.plugs import Clocks
from dure.social.linking.api import LINKED
from dure.social.routing import events as routing_events
from dure.state import State, Tx

FOLLOWER = "social.care"
_COMES = (
    social_events.MENTION_ARRIVED,
    social_events.OWN_POST_ARRIVED,
    social_events.MENTION_ROUTED,
    routing_events.ACCEPTED,
)
_CHANGES = {social_events.MENTION_EDITED: "edited", social_events.MENTION_DELETED: "deleted"}
# Lines that may matter; the others are not even decoded.
_MATTER = tuple(f'"event":"{name}"'.encode() for name in (*_COMES, *_CHANGES, LINKED))
# While a transaction is open nobody sees what others append, so that one that opens thousands of conversations would
# hold up every follower there is.
_EVENTS = 1_000
_EVERY = 0.2  # seconds; what comes in one breath is taken together


class _Told(msgspec.Struct, frozen=True):
    """What is read of a mention's facts."""

    state: str = ""
    function: str = ""
    by: str = ""
    loaded: bool = False


class _Line(msgspec.Struct):
    event: str
    object: str = ""
    properties: _Told = _Told()


class CareFollower:
    def __init__(self, state: State, clock: Clock, clocks: Clocks | None = None) -> None:
        self._state = state
        self._clock = clock
        self.clocks = clocks
        self._follower = Follower(state, FOLLOWER, (Lane.DOMAIN,), limit=100, events=_EVENTS)

    async def run(self, bell: Bell) -> None:
        """Follows until cancelled. Where it never ran before it begins with what is said from now on."""
        async with self._state.begin_system() as tx:
            await begin_here(tx, FOLLOWER)
        await self._follower.run(bell, handle=self.handle, every=_EVERY)

    async def step(self) -> int:
        return await self._follower.step(self.handle)

    async def handle(self, tx: Tx, batches: Sequence[Batch]) -> None:
        by_tenant: dict[Tenant, list[_Line]] = {}
        for batch in batches:
            lines = [msgspec.json.decode(line, type=_Line) for line in batch.lines_with(_MATTER)]
            by_tenant.setdefault(Tenant(batch.org, batch.workspace), []).extend(lines)
        for tenant, lines in by_tenant.items():
            told = [line for line in lines if not line.properties.loaded]
            if told:
                await self._take(tx, Principal(tenant, "", Role.ADMIN, frozenset({"*"}), "system", "social"), told)

    async def _take(self, tx: Tx, principal: Principal, lines: Sequence[_Line]) -> None:
        now, workspace = self._clock.now(), principal.tenant.workspace
        came = {uuid.UUID(line.object) for line in lines if line.event in _COMES}
        wanted = {uuid.UUID(line.object) for line in lines if line.event in _COMES and _cares(line)}
        if came and (concerned := wanted.union(await store.concerning(tx, workspace, list(came)))):
            found = await mentions.several(tx, workspace, sorted(concerned))
            await taking.take(tx, principal, found, wanted, now, self.clocks)
        moved = {
            uuid.UUID(line.object): line.properties.function for line in lines
            if line.event == social_events.MENTION_ROUTED and line.properties.by == "person"
        }  # fmt: skip
        if moved:
            await taking.moved(tx, principal, moved, now, self.clocks)
        if what := [(uuid.UUID(line.object), _CHANGES[line.event]) for line in lines if line.event in _CHANGES]:
            await taking.changed(tx, principal, what, now, self.clocks)
        if known := list(dict.fromkeys(uuid.UUID(line.object) for line in lines if line.event == LINKED)):
            await taking.linked(tx, principal, await mentions.several(tx, workspace, known), now, self.clocks)


def _cares(line: _Line) -> bool:
    """Whether care has it, or is told of it as the team that it was sent to."""
    return line.properties.state == "routed" and line.properties.function == rules.CARE
