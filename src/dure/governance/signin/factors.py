"""Setting a second factor up: an authenticator's codes by a picture, and recovery codes for the day it is lost."""

from __future__ import annotations

from dataclasses import dataclass

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as governance_store
from dure.governance.access import access
from dure.governance.model import Principal, Role
from dure.governance.organisation import Organisation
from dure.governance.signin import codes, store
from dure.governance.signin.entering import Entering
from dure.governance.signin.model import Means
from dure.governance.signin.proving import Browser, Proving
from dure.governance.signin.sessions import Sessions
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, NotAllowed, NotFound
from dure.state import State, Tx


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator needs to know, as a picture and to be typed."""

    secret: str
    uri: str
    picture: str


@dataclass(frozen=True, slots=True)
class SetUp:
    """A factor that was set up: new recovery codes where there were none, and the session where one began by it."""

    recovery: tuple[str, ...]
    session: str = ""


class FactorSetting:
    def __init__(
        self, state: State, clock: Clock, sessions: Sessions, entering: Entering, proving: Proving,
        organisation: Organisation,
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._sessions = sessions
        self._entering = entering
        self._proving = proving
        self._organisation = organisation

    async def begin(self, secret: str) -> Enrolment:
        """A new authenticator, which counts once a code of it was given."""
        made = codes.new_secret()
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret, "setup", fresh=True)
            account = await store.account(tx, browser.tenant.org, browser.account)
            space = await governance_store.workspace(tx, browser.tenant.workspace)
            if account is None or space is None:
                raise NotFound("There is no such user.")
            if not await store.put_totp(tx, browser.account, self._proving.vault.close(made), self._clock.now()):
                raise Conflict("You have an authenticator already; remove it first.")
        uri = codes.uri(made, account["email"] or account["name"], f"Dure {space.org_name}")
        return Enrolment(codes.written(made), uri, codes.picture(uri))

    async def confirm(self, secret: str, code: str) -> SetUp:
        """The authenticator's first code shows that it works."""
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret, "setup", fresh=True)
            row = await store.totp(tx, browser.account)
            if row is None:
                raise NotFound("Begin with the picture.", field="code")
            if row["confirmed_at"] is not None:
                raise Conflict("This authenticator was confirmed before.")
            step = await self._proving.check_code_in(tx, row, code)
            await store.confirm_totp(tx, browser.account, step, self._clock.now())
            await self._tell(tx, browser.principal, events.FACTOR_ADDED, browser.account, factor="authenticator")
            return await self.set_up_in(tx, browser, "code")

    async def set_up_in(self, tx: Tx, browser: Browser, means: Means) -> SetUp:
        """Ends the setting up of a factor: recovery codes with the first one, and the session that waited for it."""
        factors = await store.factors(tx, browser.account)
        made = () if factors.recovery else await self._new_recovery(tx, browser.account)
        session = ""
        if browser.owes == "setup":
            session = await self._entering.complete_in(tx, browser.secret, browser.row, means)
        return SetUp(tuple(made), session)

    async def remove(self, secret: str) -> None:
        """Takes one's own authenticator away, with the recovery codes where nothing is left to recover."""
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret, fresh=True)
            await self._still_enough(tx, browser, code=True)
            if not await store.drop_totp(tx, browser.account):
                raise NotFound("You have no authenticator.")
            await self.tidy_in(tx, browser.account)
            await self._tell(tx, browser.principal, events.FACTOR_REMOVED, browser.account, factor="authenticator")

    async def tidy_in(self, tx: Tx, account: str) -> None:
        if not (await store.factors(tx, account)).any:
            await store.drop_recovery(tx, account)

    async def renew_recovery(self, secret: str) -> tuple[str, ...]:
        """New recovery codes; the ones before are good no more. They are shown this once."""
        async with self._state.begin_system() as tx:
            browser = await self._proving.browser_in(tx, secret, fresh=True)
            if not (await store.factors(tx, browser.account)).any:
                raise Conflict("Recovery codes come with a second factor; set one up first.")
            made = await self._new_recovery(tx, browser.account)
            await self._tell(tx, browser.principal, events.RECOVERY_CODES_MADE, browser.account, codes=len(made))
            return tuple(made)

    async def take_away(self, principal: Principal, account: str) -> None:
        """An administrator helps somebody who lost everything: their factors and their sessions end."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            user = await governance_store.user(tx, principal.tenant.workspace, account)
            if user is None or user.deleted:
                raise NotFound("There is no such user.", field="user")
            if user.role is Role.OWNER and principal.role is not Role.OWNER:
                raise NotAllowed("Only an owner can do this for an owner.")
            if principal.user == account:
                raise NotAllowed("Your own factors are under My security.")
            await self._organisation.answers_for(tx, principal, account)
            had = await store.factors(tx, account)
            if not had.any:
                raise NotFound("This person has no second factor.")
            await store.drop_totp(tx, account)
            await store.drop_passkeys(tx, account)
            await store.drop_recovery(tx, account)
            await self._tell(tx, principal, events.FACTOR_REMOVED, account, factor="all")
            await self._sessions.end_in(tx, principal, account)

    async def _still_enough(self, tx: Tx, browser: Browser, *, code: bool) -> None:
        """NotAllowed for taking the last factor away where the rules ask for one."""
        factors = await store.factors(tx, browser.account)
        left = factors.passkeys if code else (int(factors.code) + factors.passkeys - 1)
        if left < 1 and await self._entering.demands_in(tx, browser.tenant, browser.account):
            raise NotAllowed("The rules ask you for a second factor; set another one up first.")

    async def still_enough_in(self, tx: Tx, browser: Browser) -> None:
        """The same before a passkey goes."""
        await self._still_enough(tx, browser, code=False)

    async def _new_recovery(self, tx: Tx, account: str) -> list[str]:
        made = codes.new_recovery_codes()
        await store.put_recovery(tx, account, [codes.recovery_digest(code) for code in made])
        return made

    async def _tell(self, tx: Tx, principal: Principal, name: str, account: str, **about: object) -> None:
        await append(tx, events.governance_event(principal, self._clock, name, "user", account, dict(about)))
