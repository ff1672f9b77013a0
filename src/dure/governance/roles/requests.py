"""Whom members would have in: asked for by whoever may not invite, approved or denied by whoever may."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Protocol

from dure.feed.api import append
from dure.governance import events
from dure.governance.access import access
from dure.governance.model import Guest, Principal, Role, User
from dure.governance.policies.api import Policies
from dure.governance.roles import request_store as store
from dure.governance.roles.model import InviteRequest
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import slack_id
from dure.state import State, Tx

MOST_OPEN = 500


class Seating(Protocol):
    """How somebody is added to a workspace, within a transaction and under the rules that hold there."""

    def __call__(
        self, tx: Tx, principal: Principal, user: User, channels: Sequence[str], /
    ) -> Awaitable[User]: ...  # fmt: skip


class InviteRequests:
    def __init__(self, state: State, clock: Clock, policies: Policies, seating: Seating) -> None:
        self._state = state
        self._clock = clock
        self._policies = policies
        self._seating = seating

    async def ask(
        self, principal: Principal, email: str, name: str, *, guest: Guest = "", channels: Sequence[str] = (),
        expires_at: datetime | None = None, reason: str = "",
    ) -> InviteRequest:  # fmt: skip
        """Asks that somebody be invited, as far as the policy `people.ask` lets the caller."""
        access(principal, "governance:invite")
        if "@" not in email or len(email) > 254:
            raise Invalid(f"{email!r} is not an e-mail address.", field="email")
        if len(name) > 200 or len(reason) > 500:
            raise Invalid("`name` has at most 200 and `reason` at most 500 characters.", field="reason")
        if guest and not channels:
            raise Invalid("Say which channels the guest comes to.", field="channels")
        made = InviteRequest(
            slack_id("Ir"), principal.tenant.workspace, email, name, guest, tuple(channels), expires_at, reason,
            principal.actor, self._clock.now(), "pending", "", None,
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            if not await self._policies.lets(tx, principal, "people.ask"):
                raise NotAllowed("The rules of this workspace do not let you ask.", data={"policy": "people.ask"})
            if await store.count_open(tx, principal.tenant.workspace) >= MOST_OPEN:
                raise Conflict("Too many requests wait already.")
            if await store.is_open(tx, principal.tenant.workspace, email):
                raise Conflict(f"Somebody asked for {email} already.", field="email")
            await store.add(tx, made)
            await self._tell(tx, principal, events.INVITE_REQUESTED, made)
        return made

    async def listed(self, principal: Principal, state: str = "pending") -> Sequence[InviteRequest]:
        """Those that wait, or were decided so, the newest first."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            return await store.listed(tx, principal.tenant.workspace, state)

    async def decide(self, principal: Principal, request: str, *, approve: bool) -> InviteRequest:
        """Has somebody in, or not. Raises Conflict for one that was decided before, NotAllowed by the rules."""
        access(principal, "governance:write")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found = await store.find(tx, principal.tenant.workspace, request)
            if found is None:
                raise NotFound("There is no such request.", field="request")
            if found.state != "pending":
                raise Conflict("It was decided before.", field="request")
            if approve:
                role = Role.GUEST if found.guest else Role.MEMBER
                name = found.name or found.email.split("@")[0]
                wanted = User(
                    slack_id("U"), principal.tenant.workspace, found.email, name, "", role, "", "", "", "", False,
                    found.guest, found.expires_at,
                )  # fmt: skip
                await self._seating(tx, principal, wanted, found.channels)
            await store.decide(tx, request, "approved" if approve else "denied", principal.actor, now)
            await self._tell(tx, principal, events.INVITE_APPROVED if approve else events.INVITE_DENIED, found)
        return found

    async def _tell(self, tx: Tx, principal: Principal, name: str, request: InviteRequest) -> None:
        about = {
            "email": request.email, "guest": request.guest, "channels": list(request.channels),
            "asked_by": request.asked_by,
        }  # fmt: skip
        told = events.governance_event(principal, self._clock, name, "invite_request", request.id, about)
        await append(tx, told)
