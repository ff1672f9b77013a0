"""The organisation's accounts as its administrators look after them: where everybody sits, sessions, ways in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as people
from dure.governance.access import access
from dure.governance.model import OrgRole, Principal
from dure.governance.roles import account_store as store
from dure.governance.roles.account_store import PASSWORD
from dure.governance.signin.sessions import Sessions
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.state import State, Tx

LONGEST = 10 * 366 * 86_400


class Accounts:
    def __init__(self, state: State, clock: Clock, sessions: Sessions) -> None:
        self._state = state
        self._clock = clock
        self._sessions = sessions

    async def listed(self, principal: Principal) -> Sequence[Mapping[str, Any]]:
        """Every account of the organisation by id, who is gone included, each with its seats by workspace."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.accounts(tx, principal.tenant.org)

    # -- sessions ---------------------------------------------------------------------------------------------------

    async def sessions(self, principal: Principal) -> Sequence[Mapping[str, Any]]:
        """Every session of the organisation that is still good, by id; addresses are not kept."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            return await store.sessions(tx, principal.tenant.org, self._clock.now())

    async def end_session(self, principal: Principal, workspace: str, session: str) -> None:
        """Ends one session of a workspace by its id."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            account = await store.session_account(tx, principal.tenant.org, workspace, session)
            if account is None:
                raise NotFound("There is no such session, or it ended before.", field="session")
            await self._may(tx, principal, account)
            await store.end_session(tx, session)
            about = {"sessions": 1}
            told = events.governance_event(principal, self._clock, events.SIGNED_OUT, "user", account, about)
            await append(tx, told)

    async def reset(self, principal: Principal, user: str) -> int:
        """Ends all of somebody's sessions, wherever in the organisation; how many."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            await self._may(tx, principal, user)
            return await self._sessions.end_in(tx, principal, user)

    async def settings(self, principal: Principal, users: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """How long the sessions of these people last, where that was said of them."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            return await store.settings(tx, principal.tenant.org, users)

    async def set_setting(
        self, principal: Principal, user: str, seconds: int | None, ends_with_app: bool = False
    ) -> None:
        """For how long somebody's sessions last, at most as long as the rules say; None is as the rules say."""
        access(principal, "org:write")
        if seconds is not None and not 60 <= seconds <= LONGEST:
            raise Invalid(f"`duration` is 60 to {LONGEST} seconds.", field="duration")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await self._may(tx, principal, user)
            if seconds is None and not ends_with_app:
                await store.clear_setting(tx, principal.tenant.org, user)
            else:
                await store.set_setting(tx, principal.tenant.org, user, seconds, ends_with_app, principal.actor, now)
            if seconds is not None:
                await store.shorten(tx, principal.tenant.org, user, seconds)
            about = {"seconds": seconds, "ends_with_app": ends_with_app}
            told = events.governance_event(
                principal, self._clock, events.SESSION_SETTING_CHANGED, "user", user, about
            )  # fmt: skip
            await append(tx, told)

    # -- ways of signing in -----------------------------------------------------------------------------------------

    async def exempted(self, principal: Principal, policy: str = PASSWORD) -> Sequence[Mapping[str, Any]]:
        """Who may go on with a way of signing in that others may not."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.exempted(tx, principal.tenant.org, policy)

    async def exempt(self, principal: Principal, users: Sequence[str], *, ends: bool = False) -> None:
        """Lets people sign in by password where the rules let nobody, or `ends` that; signing in asks it."""
        access(principal, "org:write")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            for user in dict.fromkeys(users):
                await self._may(tx, principal, user)
                change = store.end_exemption if ends else store.exempt
                if await change(tx, principal.tenant.org, PASSWORD, user, principal.actor, now):
                    name = events.SIGNING_EXEMPTION_ENDED if ends else events.SIGNING_EXEMPTED
                    about = {"policy": PASSWORD}
                    await append(tx, events.governance_event(principal, self._clock, name, "user", user, about))

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _may(self, tx: Tx, principal: Principal, user: str) -> None:
        """Somebody of the organisation; an owner of it is an owner's to look after."""
        role = await people.org_role(tx, principal.tenant.org, user)
        if role is None:
            raise NotFound("There is no such person in this organisation.", field="user")
        if role is OrgRole.OWNER and principal.org_role is not OrgRole.OWNER:
            raise NotAllowed("Only an owner of the organisation looks after an owner.")
