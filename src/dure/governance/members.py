"""The people of a workspace: how they come, what they are called, by what they are known, how they go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access, allowed, covers, rights_of
from dure.governance.desk import Desk, not_above, require_name
from dure.governance.leaving import leave_in
from dure.governance.model import FUNCTIONS, Guest, Principal, Role, User
from dure.governance.roles.guests import guest_facts, require_guest
from dure.governance.roles.requests import InviteRequests
from dure.governance.signin import passwords
from dure.governance.signin.people import require_email
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import Tx


class Members(Desk):
    @cached_property
    def invite_requests(self) -> InviteRequests:
        """Who asked that somebody be let in."""
        return InviteRequests(self._state, self._clock, self.policies, self._add_in)

    async def create_user(
        self, principal: Principal, email: str, name: str, *, role: Role = Role.MEMBER, function: str = "",
        title: str = "", display: str = "", language: str = "", password: str | None = None, guest: Guest = "",
        channels: Sequence[str] = (), expires_at: datetime | None = None,
    ) -> User:  # fmt: skip
        """Adds somebody to the workspace, as far as the policy `people.invite` lets the caller. An e-mail that is
        there already is a Conflict. A guest comes to `channels`, for ever or until `expires_at`.

        Who is known in the organisation gets a seat here and stays who they are; their password is theirs.
        """
        if not allowed(principal, "governance:write"):
            access(principal, "governance:invite")
            if role in (Role.OWNER, Role.ADMIN) or password:
                raise NotAllowed("An administrator gives roles and passwords.")
        require_email(email)
        require_name(name, "name")
        if function and function not in FUNCTIONS:
            raise Invalid(f"`function` is one of {', '.join(FUNCTIONS)}.", field="function")
        if role is Role.OWNER and principal.role is not Role.OWNER:
            raise Invalid("Only an owner can make an owner.", field="role")
        digest = await self._hash(principal, password, email, name) if password else None
        user = User(
            slack_id("U"), principal.tenant.workspace, email, name, display, role, function, title, language, "",
            False, store.guest_of(role, guest), expires_at,
        )  # fmt: skip
        async with self._state.begin(principal.tenant) as tx:
            return await self._add_in(tx, principal, user, channels, digest)

    async def assign(
        self, principal: Principal, user: str, role: Role, *, guest: Guest = "", channels: Sequence[str] = (),
        expires_at: datetime | None = None,
    ) -> User:  # fmt: skip
        """Gives somebody of the organisation a seat in the caller's workspace, in these channels."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            if not await store.known(tx, principal.tenant.workspace, user):
                raise NotFound("There is no such person in this organisation.", field="user")
            made = await self.organisation.seat_in(tx, principal, user, role, guest=guest, expires_at=expires_at)
            require_guest(made, channels, self._clock.now())
            if channels:
                await self.seats.places.bring(tx, principal, user, channels)
            return made

    async def set_password(self, principal: Principal, user_id: str, password: str) -> None:
        """One's own password, or another's by an admin; an owner's only by an owner."""
        if principal.user != user_id:
            access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            known = await store.user(tx, principal.tenant.workspace, user_id)
        digest = await self._hash(principal, password, *((known.email, known.name) if known else ("", "")))
        async with self._state.begin(principal.tenant) as tx:
            user = await store.user(tx, principal.tenant.workspace, user_id)
            if user is None or user.deleted:
                raise NotFound("There is no such user.", field="user")
            if user.role is Role.OWNER and principal.role is not Role.OWNER:
                raise Invalid("Only an owner can set an owner's password.", field="user")
            not_above(principal, user)
            if principal.user != user_id:
                await self.organisation.answers_for(tx, principal, user_id)
            await store.set_password(tx, user_id, digest)
            await self.sessions.end_in(tx, principal, user_id)
            await append(tx, events.governance_event(principal, self._clock, events.PASSWORD_SET, "user", user_id, {}))

    async def describe_in(
        self, tx: Tx, tenant: Tenant, user_id: str, *, name: str | None = None, display: str | None = None,
        title: str | None = None,
    ) -> User:  # fmt: skip
        """Changes what somebody is called, within an act that has checked who may and tells the feed; None stays."""
        user = await store.user(tx, tenant.workspace, user_id)
        if user is None or user.deleted:
            raise NotFound("There is no such user.", field="user")
        if name is not None:
            require_name(name, "name")
        made = replace(
            user, name=user.name if name is None else name, display=user.display if display is None else display,
            title=user.title if title is None else title,
        )  # fmt: skip
        await store.describe(tx, made)
        return made

    async def deactivate(self, principal: Principal, user_id: str) -> None:
        """Ends somebody's access to the workspace: sessions and tokens stop at once, what they wrote stays."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            user = await store.user(tx, principal.tenant.workspace, user_id)
            if user is None:
                raise NotFound("There is no such user.", field="user")
            if user.role is Role.OWNER and principal.role is not Role.OWNER:
                raise Invalid("Only an owner can deactivate an owner.", field="user")
            not_above(principal, user)
            await leave_in(tx, principal, self._clock, user_id, user.name, user.role.value)

    async def _add_in(
        self, tx: Tx, principal: Principal, user: User, channels: Sequence[str], digest: str | None = None
    ) -> User:
        """Somebody new in the workspace, or a colleague from elsewhere in the organisation, in their channels."""
        require_guest(user, channels, self._clock.now())
        if not covers(principal, rights_of(user.role)):
            raise NotAllowed("This role holds more than you do.")
        await self.policies.require(tx, principal, "people.invite")
        if await store.user_by_email(tx, principal.tenant.workspace, user.email):
            raise Conflict(f"{user.email} is in this workspace already.", field="email")
        known = await store.known_by_email(tx, principal.tenant.workspace, user.email)
        if known is not None:
            if digest is not None:
                raise Invalid(f"{user.email} is in this organisation already, with a password.", field="password")
            user = await self.organisation.seat_in(
                tx, principal, known, user.role, guest=user.guest, expires_at=user.expires_at
            )
        else:
            await store.add_user(tx, user, self._clock.now(), digest)
            about = {"name": user.name, "email": user.email, "role": user.role.value, "function": user.function,
                     **guest_facts(user)}  # fmt: skip
            await append(
                tx, events.governance_event(principal, self._clock, events.USER_CREATED, "user", user.id, about)
            )
        if channels:
            await self.seats.places.bring(tx, principal, user.id, channels)
        return user

    async def _hash(self, principal: Principal, password: str, email: str, name: str) -> str:
        async with self._state.begin(principal.tenant) as tx:
            least = await self.signin.entering.password_length_in(tx, principal.tenant)
        passwords.check(password, least=least, about=(email, email.partition("@")[0], name))
        return await passwords.hashed(password)
