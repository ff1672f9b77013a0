"""The kill switch: one word stops all that a workspace sends, or one campaign, and a named person lets it go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dure.campaigns import events as campaign_events
from dure.campaigns.gate import events, store
from dure.campaigns.gate.model import Halt
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

EVERYTHING = ""
MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class Stopped:
    """Whether all sending is stopped, and every stop of the past, newest first."""

    now: Halt | None
    past: tuple[dict[str, Any], ...]


class Halting:
    """Stops of a whole workspace. A stop is a row, and every claim and every hand-over to a carrier asks for it."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def stop_all(self, principal: Principal, reason: str = "") -> Stopped:
        """From this moment nothing is claimed, and nothing claimed is handed on. Twice is once."""
        access(principal, "campaigns:write")
        halt = Halt(EVERYTHING, principal.actor, _reason(reason, needed=False), self._clock.now())
        async with self._state.begin(principal.tenant) as tx:
            if await store.add_halt(tx, principal.tenant.workspace, uuid7(), halt):
                await self._tell(tx, principal, events.SENDING_STOPPED, halt.reason)
        return await self.stopped(principal)

    async def resume_all(self, principal: Principal, reason: str) -> Stopped:
        """What waits goes on. Only a person does this, in their own name and with a reason."""
        access(principal, "campaigns:write")
        if principal.kind != "user" or not principal.user:
            raise NotAllowed("Only a person lets sending go on, in their own name.")
        why, now = _reason(reason, needed=True), self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            if not await store.end_halt(tx, principal.tenant.workspace, EVERYTHING, principal.user, why, now):
                raise Conflict("Sending is not stopped.")
            await self._tell(tx, principal, events.SENDING_RESUMED, why)
        return await self.stopped(principal)

    async def stopped(self, principal: Principal) -> Stopped:
        access(principal, "campaigns:read")
        async with self._state.begin(principal.tenant) as tx:
            now = (await store.halts(tx, principal.tenant.workspace)).get(EVERYTHING)
            return Stopped(now, tuple(await store.past_halts(tx, principal.tenant.workspace, 50)))

    async def switched_in(self, tx: Tx, principal: Principal, campaign: str, status: str) -> None:
        """Within an act on a campaign: what is in hand of one that is put on hold does not go out either."""
        workspace, now = principal.tenant.workspace, self._clock.now()
        if status in ("paused", "stopped"):
            await store.add_halt(tx, workspace, uuid7(), Halt(campaign, principal.actor, status, now))
        elif status == "live":
            await store.end_halt(tx, workspace, campaign, principal.actor, "", now)

    async def is_stopped(self, tenant: Tenant, campaign: str = EVERYTHING) -> bool:
        """Asked right before a message is handed to a carrier."""
        async with self._state.begin(tenant) as tx:
            return bool(await store.halts(tx, tenant.workspace, [campaign]))

    async def _tell(self, tx: Tx, principal: Principal, name: str, reason: str) -> None:
        about = {"reason": reason, "by": principal.actor}
        now = self._clock.now()
        await append(
            tx, campaign_events.workspace_event(principal, now, name, "workspace", principal.tenant.workspace, about)
        )


def _reason(text: str, *, needed: bool) -> str:
    reason = text.strip()
    if (needed and not reason) or len(reason) > MOST_REASON:
        raise Invalid(f"A reason is a text of 1 to {MOST_REASON} characters.", field="reason")
    return reason
