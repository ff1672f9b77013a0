"""One's own security: the password, the devices and the tokens; the rest is in `factors` and `passkeys`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as governance_store
from dure.governance.model import TokenInfo
from dure.governance.signin import passwords, store
from dure.governance.signin.entering import Entering
from dure.governance.signin.model import Device, Factors, Passkey
from dure.governance.signin.passkeys import shown
from dure.governance.signin.proving import Proving
from dure.governance.signin.sessions import Sessions, digest
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed, NotFound
from dure.state import State


@dataclass(frozen=True, slots=True)
class Security:
    """All that somebody can see of how they are signed in. `proven`: they showed lately that it is them."""

    password: bool
    factors: Factors
    passkeys: Sequence[Passkey]
    devices: Sequence[Device]
    tokens: Sequence[TokenInfo]
    demanded: bool
    proven: bool
    least: int


class Own:
    def __init__(self, state: State, clock: Clock, sessions: Sessions, proving: Proving, entering: Entering) -> None:
        self._state = state
        self._clock = clock
        self._sessions = sessions
        self._proving = proving
        self._entering = entering

    async def security(self, secret: str) -> Security:
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret)
            account = await store.account(tx, browser.tenant.org, browser.account)
            factors = await store.factors(tx, browser.account)
            keys = [shown(row) for row in await store.passkeys(tx, browser.account)]
            tokens = await governance_store.tokens(tx, browser.tenant.workspace)
            demanded = await self._entering.demands_in(tx, browser.tenant, browser.account)
            least = await self._entering.password_length_in(tx, browser.tenant)
        devices = await self._sessions.devices(browser.principal, browser.account, secret)
        mine = [one for one in tokens if one.account == browser.account and one.kind == "user" and not one.revoked]
        return Security(
            bool(account and account["password"]), factors, keys, devices, mine, demanded,
            self._entering.fresh(browser.row), least,
        )  # fmt: skip

    async def set_password(self, secret: str, password: str) -> None:
        """One's own new password; every other session of theirs ends."""
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret, fresh=True)
            account = await store.account(tx, browser.tenant.org, browser.account)
            if account is None:
                raise NotFound("There is no such user.")
            if not await self._entering.takes_passwords_in(tx, browser.tenant, browser.account):
                raise NotAllowed("This organisation's people sign in through its provider.")
            least = await self._entering.password_length_in(tx, browser.tenant)
        email = account["email"] or ""
        passwords.check(password, least=least, about=(email, email.partition("@")[0], account["name"]))
        hashed = await passwords.hashed(password)
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret, fresh=True)
            await governance_store.set_password(tx, browser.account, hashed)
            await self._sessions.end_in(tx, browser.principal, browser.account, but=digest(secret))
            told = events.governance_event(
                browser.principal, self._clock, events.PASSWORD_SET, "user", browser.account, {"by": "themselves"}
            )
            await append(tx, told)

    async def revoke_token(self, secret: str, token: str) -> None:
        """Ends one of one's own tokens."""
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret)
            mine = await governance_store.tokens(tx, browser.tenant.workspace)
            if not any(one.id == token and one.account == browser.account and one.kind == "user" for one in mine):
                raise NotFound("There is no such token of yours.", field="id")
            ended = await governance_store.revoke_token(tx, browser.tenant.workspace, token, self._clock.now())
            if ended is None:
                raise NotFound("There is no such token, or it was revoked before.", field="id")
            told = events.governance_event(browser.principal, self._clock, events.TOKEN_REVOKED, "token", token, ended)
            await append(tx, told)

    async def end_device(self, secret: str, session: str) -> None:
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret)
        await self._sessions.end_device(browser.principal, browser.account, session)

    async def end_others(self, secret: str) -> int:
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret)
        return await self._sessions.end_all(browser.principal, browser.account, secret)
