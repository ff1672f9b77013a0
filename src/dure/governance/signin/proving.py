"""The second factor: given at a sign-in, and given again before somebody changes what they prove themselves with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dure.governance.model import OrgRole, Principal, Role
from dure.governance.signin import codes, limits, session_store, sessions, store
from dure.governance.signin.entering import Entering
from dure.governance.signin.model import Means, Owes
from dure.governance.signin.passwords import matches
from dure.governance.signin.sessions import Sessions, digest
from dure.governance.signin.vault import Vault
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed, NotSignedIn
from dure.kernel.tenant import Tenant
from dure.state import State, Tx


class ProofNeeded(NotAllowed):
    """Show first that it is you: with your password, a code or a passkey."""

    code = "proof_needed"


@dataclass(frozen=True, slots=True)
class Browser:
    """Whose browser this is: signed in, or half so (`owes`)."""

    secret: str
    row: dict[str, Any]
    owes: Owes

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.row["org"], self.row["workspace"])

    @property
    def account(self) -> str:
        return str(self.row["account"])

    @property
    def principal(self) -> Principal:
        role, org_role = Role(self.row["role"]), OrgRole(self.row["org_role"])
        return Principal(self.tenant, self.account, role, org_role=org_role)


class Proving:
    def __init__(self, state: State, clock: Clock, sessions: Sessions, entering: Entering) -> None:
        self._state = state
        self._clock = clock
        self._sessions = sessions
        self._entering = entering
        self.vault = Vault(b"")

    async def browser_in(self, tx: Tx, secret: str, *owing: Owes, fresh: bool = False) -> Browser:
        """Whose secret it is. Who owes what is not in `owing` is NotSignedIn; with `fresh`, whoever did not show it
        is them for a quarter of an hour is ProofNeeded."""
        row = await self._sessions.row(tx, secret, "session", "half") if secret else None
        if row is None:
            raise NotSignedIn
        owes, _ = await self._entering.owes_in(tx, row)
        whole = row["purpose"] == "session" and not owes and not sessions.owes(row)
        if not whole and owes not in owing:
            raise NotSignedIn
        if fresh and whole and not self._entering.fresh(row):
            raise ProofNeeded
        return Browser(secret, row, owes)

    async def give_code(self, secret: str, code: str, *, address: str = "") -> str:
        """The second step of a sign-in by a code, the authenticator's or one for recovery: the session's secret."""
        async with self._state.begin_system() as tx:
            browser = await self.browser_in(tx, secret, "second")
            await limits.take(tx, "code", browser.account, address, self._clock.now())
        async with self._state.begin_system() as tx:
            browser = await self.browser_in(tx, secret, "second")
            _, ways = await self._entering.owes_in(tx, browser.row)
            means = await self._check(tx, browser.account, code, ways)
            await limits.forget(tx, "code", browser.account)
            return await self._entering.complete_in(tx, secret, browser.row, means)

    async def prove(self, secret: str, *, password: str = "", code: str = "", address: str = "") -> None:
        """Shows again that it is them: by the password where they have no second factor, else by a code, too."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            browser = await self.browser_in(tx, secret)
            await limits.take(tx, "code" if code else "password", browser.account, address, now)
            account = await store.account(tx, browser.tenant.org, browser.account)
            factors = await store.factors(tx, browser.account)
        if password and not code:
            if factors.code:
                raise NotAllowed("Show it with a code of your authenticator.", field="code")
            if account is None or not account["password"] or not await matches(account["password"], password):
                raise NotSignedIn("This is not your password.", field="password")
        async with self._state.begin_system() as tx:
            browser = await self.browser_in(tx, secret)
            if code:
                await self._check(tx, browser.account, code, ("code", "recovery"))
            elif not password:
                raise NotSignedIn("Give your password or a code.", field="password")
            await limits.forget(tx, "code" if code else "password", browser.account)
            await session_store.prove(tx, digest(secret), now, strong=bool(code))

    async def check_code_in(self, tx: Tx, row: dict[str, Any], code: str) -> int:
        """The step of an authenticator's code; NotSignedIn for a wrong one, and for one that was used before."""
        secret = self.vault.open(row["sealed"])
        if secret is None:
            raise NotSignedIn("Your authenticator was set up under another key of this server; ask an administrator.")
        step = codes.matching_step(secret, code, self._clock.now(), row["last_step"])
        if step is None or not await store.pass_step(tx, row["account"], step):
            raise NotSignedIn("This code is wrong, too old, or was used before.", field="code")
        return step

    async def _check(self, tx: Tx, account: str, code: str, ways: tuple[str, ...]) -> Means:
        if len(code.replace(" ", "")) == codes.DIGITS:
            row = await store.totp(tx, account)
            if "code" not in ways or row is None or row["confirmed_at"] is None:
                raise NotSignedIn("This code is wrong, too old, or was used before.", field="code")
            await self.check_code_in(tx, row, code)
            return "code"
        if "recovery" not in ways or not await store.use_recovery(tx, account, codes.recovery_digest(code)):
            raise NotSignedIn("This code is wrong, too old, or was used before.", field="code")
        return "recovery"
