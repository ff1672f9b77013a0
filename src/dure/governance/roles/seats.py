"""Who sits in a workspace as what: roles changed, guests made, extended and shown out when their time is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as people
from dure.governance.access import access, covers, rights_of
from dure.governance.model import Guest, OrgRole, Principal, Role, User
from dure.governance.roles import store
from dure.governance.roles.model import Listed
from dure.governance.roles.plugs import Nowhere, Places
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

_AT_ONCE = 100


class LastOwner(Conflict):
    """The workspace would have no owner."""


class NoGuest(Invalid):
    """They are no guest."""


class Seats:
    """`places` is filled by whoever has channels."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self.places: Places = Nowhere()

    async def listed(self, principal: Principal) -> Sequence[Listed]:
        """Everybody of the caller's workspace who is no bot, with what they are and a guest's channels."""
        access(principal, "governance:write")
        workspace, now = principal.tenant.workspace, self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.seats(tx, workspace)
            named = {one.id: one.name for one in await store.roles(tx, principal.tenant.org)}
            given = await store.given(tx, principal.tenant.org, workspace)
            guests = [row["id"] for row in rows if row["role"] == "guest"]
            where = await self.places.of(tx, workspace, guests) if guests else {}
        held: dict[str, list[Mapping[str, str]]] = {}
        for one in given:
            told = {"role": one.role, "name": named[one.role], "workspace": one.workspace, "channel": one.channel}
            held.setdefault(one.account, []).append(told)
        return [
            Listed(
                row["id"], row["email"], row["name"], row["title"], row["function"], Role(row["role"]),
                people.guest_of(Role(row["role"]), row["guest"]), row["expires_at"], OrgRole(row["org_role"]),
                _gone(row, now), where.get(row["id"], ()), held.get(row["id"], ()),
            )
            for row in rows
        ]  # fmt: skip

    async def met(self, principal: Principal) -> frozenset[str]:
        """Whom a guest may know of: themselves, and everybody in a conversation with them."""
        async with self._state.begin(principal.tenant) as tx:
            found = await self.places.met(tx, principal.tenant.workspace, principal.user)
        return frozenset({*found, principal.user})

    async def set_role(
        self, principal: Principal, user: str, role: Role, *, guest: Guest = "", expires_at: datetime | None = None
    ) -> None:
        """What somebody is in the caller's workspace. Owners are made and unmade by owners; one always stays.

        Raises NotAllowed where the new role or the one before holds more than the caller, Conflict for a guest of one
        channel who is in several.
        """
        access(principal, "governance:write")
        workspace = principal.tenant.workspace
        if role is not Role.GUEST and (guest or expires_at):
            raise Invalid("Only a guest's seat has an end.", field="expires_at")
        if expires_at is not None:
            self._require_ahead(expires_at)
        async with self._state.begin(principal.tenant) as tx:
            owners = await store.owners(tx, workspace)
            found = await self._seated(tx, principal, user)
            kind = people.guest_of(role, guest)
            if (found.role, found.guest, found.expires_at) == (role, kind, expires_at):
                return
            if Role.OWNER in (found.role, role) and principal.role is not Role.OWNER:
                raise NotAllowed("Only an owner makes or unmakes an owner.")
            if not covers(principal, rights_of(role) | rights_of(found.role)):
                raise NotAllowed("This role holds more than you do.")
            if owners == [user] and role is not Role.OWNER:
                raise LastOwner("The workspace would have no owner.", field="role")
            if kind == "single":
                await self._require_one_place(tx, workspace, user)
            await store.set_seat(tx, workspace, user, role.value, kind, expires_at)
            about = {
                "role": role.value, "before": found.role.value, "guest": kind, "guest_before": found.guest,
                "expires_at": expires_at.isoformat() if expires_at else "",
            }  # fmt: skip
            await append(tx, events.governance_event(principal, self._clock, events.ROLE_CHANGED, "user", user, about))

    async def set_expiry(self, principal: Principal, user: str, expires_at: datetime | None) -> None:
        """When a guest's seat ends; None never. One whose time is over comes back, signed in nowhere."""
        access(principal, "governance:write")
        if expires_at is not None:
            self._require_ahead(expires_at)
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found = await people.user(tx, workspace, user)
            if found is None or found.is_bot:
                raise NotFound("There is no such person here.", field="user")
            if found.role is not Role.GUEST:
                raise NoGuest("Only a guest's seat has an end.", field="user")
            if found.deleted:
                if found.expires_at is None:
                    raise Conflict("They were taken out; invite them again.", field="user")
                if not await store.revive(tx, user):
                    raise Conflict("Somebody else has this e-mail now.", field="user")
                await people.seat(
                    tx, workspace, user, Role.GUEST, self._clock.now(), guest=found.guest, expires_at=expires_at
                )
            else:
                await store.set_seat(tx, workspace, user, Role.GUEST.value, found.guest, expires_at)
            about = {
                "expires_at": expires_at.isoformat() if expires_at else "",
                "before": found.expires_at.isoformat() if found.expires_at else "", "back": found.deleted,
            }  # fmt: skip
            told = events.governance_event(principal, self._clock, events.GUEST_EXTENDED, "user", user, about)
            await append(tx, told)

    async def tick(self) -> int:
        """Shows out the guests whose time is over: their seats, sessions and tokens end, each with its event."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            due = await store.ended(tx, now, _AT_ONCE)
            for row in due:
                await people.unseat(tx, row["workspace"], row["account"], now)
                acting = Principal(Tenant(row["org"], row["workspace"]), "", Role.ADMIN, kind="system", app="guests")
                about = {"expired_at": row["expires_at"].isoformat()}
                told = events.governance_event(
                    acting, self._clock, events.GUEST_EXPIRED, "user", row["account"], about
                )  # fmt: skip
                await append(tx, told)
        return len(due)

    async def singles_in(self, tx: Tx, workspace: str, users: Sequence[str]) -> set[str]:
        """Those of these who are guests of one channel, within a transaction."""
        return await store.singles(tx, workspace, users)

    async def stepping_in(self, principal: Principal, workspace: str) -> Principal:
        """An owner or administrator of the organisation in one of its workspaces, with a seat there or without."""
        access(principal, "org:write")
        if workspace in ("", principal.tenant.workspace):
            workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            if not await store.is_ours(tx, principal.tenant.org, workspace):
                raise NotFound("There is no such workspace in this organisation.", field="workspace")
        role = Role.OWNER if principal.org_role is OrgRole.OWNER else Role.ADMIN
        return replace(principal, tenant=Tenant(principal.tenant.org, workspace), role=role, guest="")

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _seated(self, tx: Tx, principal: Principal, user: str) -> User:
        found = await people.user(tx, principal.tenant.workspace, user)
        if found is None or found.deleted or found.is_bot:
            raise NotFound("There is no such person here.", field="user")
        return found

    async def _require_one_place(self, tx: Tx, workspace: str, user: str) -> None:
        where = (await self.places.of(tx, workspace, [user])).get(user, ())
        if len(where) > 1:
            raise Conflict(f"They are in {len(where)} channels; a guest of one channel is in one.", field="guest")

    def _require_ahead(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise Invalid("`expires_at` needs a time zone.", field="expires_at")
        if at <= self._clock.now():
            raise Invalid("`expires_at` is over already.", field="expires_at")


def _gone(row: Mapping[str, Any], now: datetime) -> str:
    """Why somebody has no seat now: `expired`, `left`, or "" for who has one."""
    if row["expires_at"] is not None and row["expires_at"] <= now:
        return "expired"
    return "left" if row["left_at"] is not None else ""
