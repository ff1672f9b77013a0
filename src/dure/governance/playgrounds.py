"""Playgrounds: workspaces beside another one in which everything can be tried and from which nothing leaves."""

from __future__ import annotations

import secrets
from datetime import timedelta

from dure.feed.api import append
from dure.governance import events, store
from dure.governance.access import access
from dure.governance.model import Principal, Role, User, Workspace
from dure.governance.signin.sessions import Sessions
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import slack_id
from dure.kernel.tenant import Tenant
from dure.state import State

MOST = 5
_LINK = timedelta(minutes=10)


class Playgrounds:
    def __init__(self, state: State, clock: Clock, sessions: Sessions) -> None:
        self._state = state
        self._clock = clock
        self._sessions = sessions
        # The mark is made with a workspace and the database refuses to change it, so one look is enough for ever.
        self._marks: dict[str, bool] = {}

    async def is_one(self, tenant: Tenant) -> bool:
        """Whether nothing may leave this workspace. One that is not known at all lets nothing out either."""
        mark = self._marks.get(tenant.workspace)
        if mark is None:
            async with self._state.begin(tenant) as tx:
                found = await store.workspace(tx, tenant.workspace)
            if found is None:
                return True
            mark = self._marks[tenant.workspace] = bool(found.playground_of)
        return mark

    async def refuse(self, tenant: Tenant) -> None:
        """NotAllowed in a playground: asked by every way out of the house before it opens."""
        if await self.is_one(tenant):
            raise NotAllowed("This is a playground: nothing leaves it.", data={"playground": True})

    async def of(self, principal: Principal) -> list[Workspace]:
        """The playgrounds of the caller's workspace, oldest first."""
        access(principal, "governance:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.playgrounds_of(tx, principal.tenant.workspace)

    async def make(self, principal: Principal, name: str) -> tuple[Workspace, Principal]:
        """A new playground of the caller's workspace, and who acts in it as its owner: the caller, by their e-mail."""
        access(principal, "governance:write")
        if not name.strip() or len(name) > 200:
            raise Invalid("`name` is a text of 1 to 200 characters.", field="name")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await tx.run("select pg_advisory_xact_lock(hashtext('governance.found'))")
            here = await store.workspace(tx, principal.tenant.workspace)
            if here is None:
                raise NotFound("There is no such workspace.")
            if here.playground_of:
                raise Conflict("A playground has no playground of its own.")
            if len(await store.playgrounds_of(tx, here.id)) >= MOST:
                raise Conflict(f"A workspace has at most {MOST} playgrounds.")
            made = Workspace(
                slack_id("T"), here.org, here.org_name, name.strip(), f"playground-{secrets.token_hex(6)}",
                here.timezone, here.currency, here.language, here.id,
            )  # fmt: skip
            await store.add_workspace(tx, made, now)
            mine = await store.user(tx, here.id, principal.user) if principal.user else None
            owner = User(
                slack_id("U"), made.id, mine.email if mine else "", mine.name if mine else principal.actor,
                mine.display if mine else "", Role.OWNER, mine.function if mine else "", mine.title if mine else "",
                mine.language if mine else here.language, "", False,
            )  # fmt: skip
            await store.add_user(tx, owner, now)
            told = {"playground": made.id, "name": made.name}
            await append(
                tx, events.governance_event(principal, self._clock, events.PLAYGROUND_MADE, "workspace", here.id, told)
            )
            acting = Principal(made.tenant, owner.id, Role.OWNER)
            about = {"org": made.org_name, "workspace": made.name, "playground_of": here.id}
            await append(tx, events.governance_event(acting, self._clock, events.FOUNDED, "workspace", made.id, about))
        return made, acting

    async def way_into(self, principal: Principal, workspace: str) -> str:
        """The secret of a link that takes the caller into a playground of their workspace within ten minutes.

        There is no such way back: whoever owns a playground makes accounts in it under any e-mail.
        """
        access(principal, "governance:read")
        if principal.kind != "user" or not principal.user or "*" not in principal.scopes:
            raise NotAllowed("Only a person goes into a playground, with all of their rights.")
        async with self._state.begin(principal.tenant) as tx:
            there = await store.workspace(tx, workspace)
            if there is None or there.playground_of != principal.tenant.workspace:
                raise NotFound("There is no such playground.", field="workspace")
            mine = await store.user(tx, principal.tenant.workspace, principal.user)
            known = await store.user_by_email(tx, there.id, mine.email) if mine and mine.email else None
            if known is None:
                raise NotAllowed("You have no account there.")
            return await self._sessions.open_in(tx, there.id, known.id, "link", _LINK)
