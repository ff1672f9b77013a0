"""An organisation and its workspaces: founded inside it, people seated in several, and roles for the whole of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access, covers, rights_of
from dure.governance.model import Guest, OrgRole, Principal, Role, User, Workspace, domain_of
from dure.governance.roles.guests import guest_facts
from dure.governance.signin.sessions import Sessions
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

MOST_WORKSPACES = 1_000
_DOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of the organisation: `seats` are the workspaces where they can act, each with their role there."""

    id: str
    email: str
    name: str
    function: str
    title: str
    org_role: OrgRole
    gone: bool
    seats: Mapping[str, Role]


class Organisation:
    def __init__(self, state: State, clock: Clock, sessions: Sessions) -> None:
        self._state = state
        self._clock = clock
        self._sessions = sessions

    # -- workspaces -------------------------------------------------------------------------------------------------

    async def open_workspace(
        self, principal: Principal, name: str, *, timezone: str = "", currency: str = "", language: str = "",
        domain: str = "",
    ) -> Workspace:  # fmt: skip
        """A new workspace of the caller's organisation, owned by the caller; settings are those of here where not said.

        It begins with nobody else, nothing in it, and the name's address where no `domain` is said; one that is taken
        is a Conflict.
        """
        access(principal, "org:write")
        if not name.strip() or len(name) > 200:
            raise Invalid("`name` is a text of 1 to 200 characters.", field="name")
        if timezone:
            require_zone(timezone)
        if domain and not _DOMAIN.fullmatch(domain):
            raise Invalid("`domain` has small letters, digits and hyphens.", field="domain")
        if not principal.user:
            raise NotAllowed("A workspace belongs to a person; sign in as one.")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await tx.run("select pg_advisory_xact_lock(hashtext('governance.found'))")
            everything = await store.workspaces(tx, elsewhere=True)
            here = next((one for one in everything if one.id == principal.tenant.workspace), None)
            if here is None or here.playground_of:
                raise Conflict("A playground is no place to open workspaces from.")
            if sum(one.org == here.org and not one.playground_of for one in everything) >= MOST_WORKSPACES:
                raise Conflict(f"An organisation has at most {MOST_WORKSPACES:,} workspaces.")
            taken = {one.domain for one in everything}
            if domain in taken:
                raise Conflict("Another workspace has this address.", field="domain")
            made = Workspace(
                slack_id("T"), here.org, here.org_name, name.strip(),
                domain or domain_of(name, taken), timezone or here.timezone,
                currency or here.currency, language or here.language,
            )  # fmt: skip
            await store.add_workspace(tx, made, now)
            await store.seat(tx, made.id, principal.user, Role.OWNER, now)
            acting = Principal(made.tenant, principal.user, Role.OWNER, org_role=principal.org_role)
            about = {"org": made.org_name, "workspace": made.name, "owner": principal.user}
            await append(tx, events.governance_event(acting, self._clock, events.FOUNDED, "workspace", made.id, about))
        return made

    async def hold_still(self, tx: Tx) -> None:
        """No workspace is opened until the transaction ends: what is given to all of them is given to all."""
        await tx.run("select pg_advisory_xact_lock(hashtext('governance.found'))")

    async def mine(self, principal: Principal) -> Sequence[tuple[Workspace, Role]]:
        """The workspaces in which the caller has a seat, the first joined first."""
        access(principal, "governance:read")
        async with self._state.begin(principal.tenant) as tx:
            seats = await store.seats_of(tx, principal.user)
            spaces = {one.id: one for one in await store.workspaces(tx)}
        return [(spaces[workspace], role) for workspace, role in seats.items()]

    async def workspaces(self, principal: Principal) -> Sequence[Workspace]:
        """Every workspace of the organisation but its playgrounds."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await store.workspaces(tx)
        return [one for one in found if one.org == principal.tenant.org and not one.playground_of]

    async def switch(self, principal: Principal, workspace: str, *, device: str = "", secret: str = "") -> str:
        """The secret of a session of the caller in another workspace of theirs; the second factor of the session that
        they have now (`secret`) counts there, too."""
        if principal.kind != "user" or not principal.user or principal.token:
            raise NotAllowed("Only a person who is signed in changes to another workspace.")
        async with self._state.begin(principal.tenant) as tx:
            seats = await store.seats_of(tx, principal.user)
            if workspace not in seats:
                raise NotFound("You have no seat in such a workspace.", field="workspace")
            there = Principal(Tenant(principal.tenant.org, workspace), principal.user, seats[workspace])
            here = await self._sessions.row(tx, secret, "session") if secret else None
            strong = here is not None and bool(here["strong"])
            return await self._sessions.begin_in(
                tx, there.tenant, there.user, device=device, means="switch", strong=strong, proven=False
            )

    # -- people -----------------------------------------------------------------------------------------------------

    async def people(self, principal: Principal) -> Sequence[Colleague]:
        """Everybody of the organisation, with where they have a seat."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.people(tx, principal.tenant.org)
        return [_colleague(row) for row in rows]

    async def seat(self, principal: Principal, user: str, role: Role) -> User:
        """Gives somebody of the organisation a seat in the caller's workspace."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            if not await store.known(tx, principal.tenant.workspace, user):
                raise NotFound("There is no such person in this organisation.", field="user")
            return await self.seat_in(tx, principal, user, role)

    async def seat_in(
        self, tx: Tx, principal: Principal, user: str, role: Role, *, guest: Guest = "",
        expires_at: datetime | None = None,
    ) -> User:  # fmt: skip
        """The same for an account of the organisation, within an act that has checked who may."""
        workspace = principal.tenant.workspace
        if role is Role.OWNER and principal.role is not Role.OWNER:
            raise Invalid("Only an owner can make an owner.", field="role")
        before = await store.user(tx, workspace, user)
        if before is not None and not before.deleted:
            raise Conflict(f"{before.name} is in this workspace already.", field="user")
        if not covers(principal, rights_of(role)):
            raise NotAllowed("This role holds more than you do.")
        await store.seat(tx, workspace, user, role, self._clock.now(), guest=guest, expires_at=expires_at)
        made = await store.user(tx, workspace, user)
        if made is None:
            raise NotFound("There is no such person in this organisation.", field="user")
        about = {"name": made.name, "email": made.email, "role": role.value, "function": made.function,
                 **guest_facts(made)}  # fmt: skip
        await append(tx, events.governance_event(principal, self._clock, events.USER_SEATED, "user", user, about))
        return made

    async def set_role(self, principal: Principal, user: str, role: OrgRole) -> None:
        """What somebody may do with the organisation itself. Owners are made and unmade by owners; one always stays."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            owners = await store.org_owners(tx, principal.tenant.org)
            before = await store.org_role(tx, principal.tenant.org, user)
            if before is None:
                raise NotFound("There is no such person in this organisation.", field="user")
            if before is role:
                return
            if OrgRole.OWNER in (before, role) and principal.org_role is not OrgRole.OWNER:
                raise NotAllowed("Only an owner of the organisation makes or unmakes an owner.")
            if owners == [user]:
                raise Conflict("The organisation would have no owner.", field="role")
            await store.set_org_role(tx, principal.tenant.org, user, role)
            about = {"role": role.value, "before": before.value}
            told = events.governance_event(principal, self._clock, events.ORG_ROLE_CHANGED, "user", user, about)
            await append(tx, told)

    async def answers_for(self, tx: Tx, principal: Principal, user: str) -> None:
        """NotAllowed for who would get at somebody's other workspaces by a password or a link made for them here."""
        if principal.org_role in (OrgRole.OWNER, OrgRole.ADMIN):
            return
        seats = await store.seats_of(tx, user)
        if seats.keys() - {principal.tenant.workspace} or await store.org_role(tx, principal.tenant.org, user):
            raise NotAllowed(
                "This person has seats in other workspaces, too: the organisation's administrators do this."
            )


def require_zone(timezone: str) -> None:
    """Raises Invalid for what is no time zone."""
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise Invalid(f"{timezone!r} is not a time zone of the IANA list.", field="timezone") from error


def _colleague(row: Mapping[str, Any]) -> Colleague:
    seats = {workspace: Role(role) for workspace, role in row["seats"].items()}
    return Colleague(
        row["id"],
        row["email"],
        row["name"],
        row["function"],
        row["title"],
        OrgRole(row["org_role"]),
        row["gone"],
        seats,
    )
