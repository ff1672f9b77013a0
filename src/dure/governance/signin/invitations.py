"""Invitations by letter: a seat, a role and a function that wait for somebody, until they come or it ends."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as governance_store
from dure.governance.access import access, allowed
from dure.governance.model import FUNCTIONS, Principal, Role, User
from dure.governance.organisation import Organisation
from dure.governance.policies.api import Policies
from dure.governance.signin import invitation_store as store
from dure.governance.signin import limits, passwords
from dure.governance.signin.entering import Entering
from dure.governance.signin.letters import letter
from dure.governance.signin.model import Step
from dure.governance.signin.people import add_in, require_email
from dure.governance.signin.plugs import NoPostman, Postman
from dure.governance.signin.sessions import digest
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import slack_id, uuid7
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

_LASTS = timedelta(days=14)
_OLD = "This invitation was used, taken back, or is too old; ask whoever invited you for a new one."
MOST_OPEN = 1_000


@dataclass(frozen=True, slots=True)
class Invitation:
    """`state` is open, accepted, revoked or expired; `fate` what became of the letter: sent, again, lost or ""."""

    id: str
    email: str
    name: str
    role: Role
    function: str
    invited_by: str
    invited_at: datetime
    sent_at: datetime
    expires_at: datetime
    state: str
    fate: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What an invitation's page tells whoever holds the link. `known`: they are of the organisation already."""

    email: str
    name: str
    org: str
    workspace: str
    invited_by: str
    known: bool
    least: int


@dataclass(frozen=True, slots=True)
class Made:
    """An invitation and its link, which nobody can read again; where no letter went out it is the only way."""

    invitation: Invitation
    url: str


class Invitations:
    def __init__(
        self, state: State, clock: Clock, policies: Policies, organisation: Organisation, entering: Entering
    ) -> None:
        self._state = state
        self._clock = clock
        self._policies = policies
        self._organisation = organisation
        self._entering = entering
        self.postman: Postman = NoPostman()
        self.site = ""

    async def invite(
        self, principal: Principal, email: str, *, name: str = "", role: Role = Role.MEMBER, function: str = "",
        language: str = "",
    ) -> Made:  # fmt: skip
        """Writes to somebody, as far as `people.invite` lets the caller. Who is here already is a Conflict, and so is
        an address that was invited and has not answered."""
        if not allowed(principal, "governance:write"):
            access(principal, "governance:invite")
            if role in (Role.OWNER, Role.ADMIN):
                raise NotAllowed("An administrator gives roles.")
        require_email(email)
        if len(name) > 200:
            raise Invalid("`name` has at most 200 characters.", field="name")
        if role is Role.OWNER:
            raise Invalid("Nobody is invited as an owner; make them one when they are here.", field="role")
        if function and function not in FUNCTIONS:
            raise Invalid(f"`function` is one of {', '.join(FUNCTIONS)}.", field="function")
        secret, now, made = secrets.token_urlsafe(32), self._clock.now(), uuid7()
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            await self._policies.require(tx, principal, "people.invite")
            if await governance_store.user_by_email(tx, workspace, email):
                raise Conflict(f"{email} is in this workspace already.", field="email")
            await store.expire(tx, workspace, now)
            if await store.count_open(tx, workspace) >= MOST_OPEN:
                raise Conflict(f"A workspace has at most {MOST_OPEN:,} open invitations.")
            if not await store.add(
                tx, made, digest(secret), workspace, email, name.strip(), role, function, language, principal.actor,
                now, now + _LASTS,
            ):  # fmt: skip
                raise Conflict(f"{email} is invited already; send the invitation again.", field="email")
            about = {"email": email, "role": role.value, "function": function}
            await self._tell(tx, principal, events.PERSON_INVITED, str(made), about)
        return await self._sent(principal, str(made), secret)

    async def listed(self, principal: Principal) -> Sequence[Invitation]:
        """The workspace's invitations, the newest first."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.listed(tx, principal.tenant.workspace)
        return [self._invitation(row) for row in rows]

    async def again(self, principal: Principal, id: str) -> Made:
        """Writes once more, with a new link and a new end; the link before is good no more."""
        access(principal, "governance:write")
        secret, now = secrets.token_urlsafe(32), self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            row = await store.renew(tx, principal.tenant.workspace, id, digest(secret), now, now + _LASTS)
            if row is None:
                raise NotFound("There is no such open invitation.", field="id")
            await self._tell(tx, principal, events.INVITATION_SENT_AGAIN, id, {"email": row["email"]})
        return await self._sent(principal, id, secret)

    async def revoke(self, principal: Principal, id: str) -> None:
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            row = await store.revoke(tx, principal.tenant.workspace, id, self._clock.now())
            if row is None:
                raise NotFound("There is no such open invitation.", field="id")
            await self._tell(tx, principal, events.INVITATION_REVOKED, id, {"email": row["email"]})

    async def shown(self, secret: str, *, address: str = "") -> Shown:
        """What the link's page tells."""
        async with self._state.begin_system() as tx:
            await limits.take(tx, "invitation", digest(secret).hex(), address, self._clock.now())
            row = await self._open(tx, secret)
            known = await governance_store.known_by_email(tx, row["workspace"], row["email"])
            least = await self._entering.password_length_in(tx, Tenant(row["org"], row["workspace"]))
        return Shown(
            row["email"], row["name"], row["org_name"], row["workspace_name"], row["inviter"] or "", known is not None,
            least,
        )  # fmt: skip

    async def accept(
        self, secret: str, *, name: str = "", password: str = "", device: str = "", address: str = ""
    ) -> Step:
        """Takes the seat. Who is new says their name and a password, or nothing: then they go on to make a passkey.

        Who is known in the organisation already gets the seat and signs in as always: the letter shows an address, and
        that is less than they prove themselves with.
        """
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            await limits.take(tx, "invitation", digest(secret).hex(), address, now)
            row = await self._open(tx, secret)
            tenant = Tenant(row["org"], row["workspace"])
            known = await governance_store.known_by_email(tx, row["workspace"], row["email"])
            least = await self._entering.password_length_in(tx, tenant)
        hashed = None
        if known is None:
            if not name.strip() or len(name) > 200:
                raise Invalid("`name` is a text of 1 to 200 characters.", field="name")
            if password:
                passwords.check(password, least=least, about=(row["email"], row["email"].partition("@")[0], name))
                hashed = await passwords.hashed(password)
        async with self._state.begin_system() as tx:
            row = await self._open(tx, secret)
            if not await store.accept(tx, row["id"], now):
                raise NotFound(_OLD)
            if await governance_store.known_by_email(tx, row["workspace"], row["email"]) != known:
                raise Conflict("Somebody of this address came meanwhile; open the link again.")
            if known is not None:
                # The seat is given by whoever invited them, whose right to was asked then.
                hand = Principal(tenant, row["invited_by"], Role.OWNER)
                await self._organisation.seat_in(tx, hand, known, Role(row["role"]))
                return Step("")
            user = User(
                slack_id("U"), row["workspace"], row["email"], name.strip(), "", Role(row["role"]), row["function"],
                "", row["language"], "", False,
            )  # fmt: skip
            acting = Principal(tenant, user.id, user.role)
            await add_in(tx, self._clock, acting, user, hashed, invitation=str(row["id"]))
            return await self._entering.admit_new_in(tx, tenant, user.id, bool(hashed), device=device)

    async def _open(self, tx: Tx, secret: str) -> dict[str, Any]:
        row = await store.held(tx, digest(secret), self._clock.now())
        if row is None:
            raise NotFound(_OLD)
        return row

    async def _sent(self, principal: Principal, id: str, secret: str) -> Made:
        """Hands the letter over, after what it is about is there for good."""
        url = f"{self.site}/invitation/{secret}"
        async with self._state.begin(principal.tenant) as tx:
            row = next(one for one in await store.listed(tx, principal.tenant.workspace) if str(one["id"]) == id)
            space = await governance_store.workspace(tx, principal.tenant.workspace)
            who = (
                await governance_store.user(tx, principal.tenant.workspace, principal.user) if principal.user else None
            )
        fate = "lost"
        if space is not None and not space.playground_of:
            made = letter(
                "invite", row["language"] or space.language, url, org=space.org_name, workspace=space.name,
                who=who.name if who else space.org_name, days=str(_LASTS.days),
            )  # fmt: skip
            headers = {"Auto-Submitted": "auto-generated"}
            key = f"{id} {row['sent_at'].isoformat()}"
            fate = await self.postman.send(row["email"], made.subject, made.text, made.html, headers, key)
        async with self._state.begin(principal.tenant) as tx:
            await store.note_fate(tx, principal.tenant.workspace, id, fate)
        return Made(self._invitation({**row, "fate": fate}), url)

    def _invitation(self, row: dict[str, Any]) -> Invitation:
        gone = "accepted" if row["accepted_at"] else "revoked" if row["revoked_at"] else ""
        late = "expired" if row["expires_at"] <= self._clock.now() else "open"
        return Invitation(
            str(row["id"]), row["email"], row["name"], Role(row["role"]), row["function"], row["invited_by"],
            row["invited_at"], row["sent_at"], row["expires_at"], gone or late, row["fate"],
        )  # fmt: skip

    async def _tell(self, tx: Tx, principal: Principal, name: str, id: str, about: dict[str, Any]) -> None:
        await append(tx, events.governance_event(principal, self._clock, name, "invitation", id, about))
