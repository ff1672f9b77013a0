"""Getting in: a password or a link, then the second factor where one is owed, then a session of one's own.

Each step gives the browser a new secret, so that what somebody planted there before signs nobody in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from dure.governance import store
from dure.governance.model import OrgRole, Role
from dure.governance.policies.api import Policies
from dure.governance.roles.account_store import PASSWORD, is_exempted
from dure.governance.signin import limits, passwords, rules, session_store
from dure.governance.signin import store as proofs
from dure.governance.signin.model import Factors, Means, Owes, Step, Way
from dure.governance.signin.sessions import Sessions, digest
from dure.kernel.clock import Clock
from dure.kernel.errors import NotSignedIn
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

# For how long the second factor may be looked for, or set up.
_HALF = timedelta(minutes=30)
# For how long a proof lets somebody change what they prove themselves with.
_PROVEN = timedelta(minutes=15)
_WRONG = "The e-mail and the password do not go together."


class SecondFactorNeeded(NotSignedIn):
    """The password is right, and a second factor is needed: sign in on the sign-in page."""

    code = "second_factor_needed"


class Entering:
    def __init__(self, state: State, clock: Clock, policies: Policies, sessions: Sessions) -> None:
        self._state = state
        self._clock = clock
        self._policies = policies
        self._sessions = sessions

    async def by_password(self, email: str, password: str, *, device: str = "", address: str = "") -> Step:
        """The first step by e-mail and password; ten tries in ten minutes are TooMany, right or wrong after that."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            await limits.take(tx, "password", email, address, now)
            rows = await store.passwords(tx, email)
        if not rows:
            await passwords.matches(passwords.NOBODY, password)
        for row in rows:
            if await passwords.matches(row["password"], password):
                # A right one is made anew with today's parameters, while it is at hand.
                anew = await passwords.hashed(password) if passwords.outdated(row["password"]) else ""
                tenant = Tenant(row["org"], row["workspace"])
                async with self._state.begin(tenant) as tx:
                    await limits.forget(tx, "password", email)
                    if anew:
                        await store.set_password(tx, row["id"], anew)
                    return await self.admit_in(tx, tenant, row["id"], "password", device=device)
        raise NotSignedIn(_WRONG, field="password")

    async def by_link(self, secret: str, *, device: str = "") -> Step:
        """The first step by a link, which is then used up."""
        async with self._state.begin_system() as tx:
            row = await self._sessions.row(tx, secret, "link")
            if row is None or not await session_store.end(tx, digest(secret)):
                raise NotSignedIn("This link was used before or is too old; ask for a new one.")
            return await self.admit_in(tx, Tenant(row["org"], row["workspace"]), row["account"], "link", device=device)

    async def admit_in(self, tx: Tx, tenant: Tenant, account: str, means: Means, *, device: str = "") -> Step:
        """After a first proof: a session, or half of one and what is owed. NotAllowed for a way that is closed."""
        methods, demand, factors = await self._asked(tx, tenant, account)
        rules.require_means(methods, means)
        owes = rules.owed(methods, demand, factors, means)
        if not owes:
            strong = means in ("passkey", "provider")
            secret = await self._sessions.begin_in(tx, tenant, account, device=device, means=means, strong=strong)
            return Step(secret)
        half = await self._sessions.open_in(tx, tenant.workspace, account, "half", _HALF, device=device, means=means)
        return Step(half, owes, rules.ways(methods, factors))

    async def admit_new_in(self, tx: Tx, tenant: Tenant, account: str, password: bool, *, device: str = "") -> Step:
        """Somebody who has just taken an invitation; without a password they go on to make a passkey."""
        methods, _, factors = await self._asked(tx, tenant, account)
        if methods == "provider":
            return Step("")  # the seat is theirs, and the provider lets them in
        if password:
            return await self.admit_in(tx, tenant, account, "password", device=device)
        half = await self._sessions.open_in(tx, tenant.workspace, account, "half", _HALF, device=device, means="link")
        return Step(half, "setup", rules.ways(methods, factors))

    async def password_length_in(self, tx: Tx, tenant: Tenant) -> int:
        """How long a new password must be here."""
        return int(await self._policies.value_in(tx, tenant, "signin.password_length"))

    async def takes_passwords_in(self, tx: Tx, tenant: Tenant, account: str) -> bool:
        """Whether the rules let somebody come in by a password at all."""
        methods, _, _ = await self._asked(tx, tenant, account)
        return methods != "provider"

    async def give_up(self, secret: str) -> None:
        """Half a session that nobody goes on with."""
        async with self._state.begin_system() as tx:
            if await self._sessions.row(tx, secret, "half") is not None:
                await session_store.end(tx, digest(secret))

    async def waiting(self, secret: str) -> tuple[Owes, tuple[Way, ...]]:
        """What a browser's secret still owes; "" for a whole session and for no session at all."""
        if not secret:
            return "", ()
        async with self._state.begin_system() as tx:
            row = await self._sessions.row(tx, secret, "session", "half")
            if row is None:
                return "", ()
            return await self.owes_in(tx, row)

    async def owes_in(self, tx: Tx, row: dict[str, Any]) -> tuple[Owes, tuple[Way, ...]]:
        if row["strong"]:
            return "", ()
        methods, demand, factors = await self._asked(tx, Tenant(row["org"], row["workspace"]), row["account"])
        if row["purpose"] == "session" and not demand:
            return "", ()
        owes = rules.owed(methods, demand, factors, "password")
        if not owes and row["purpose"] == "half" and row["means"] == "link" and not factors.any:
            owes = "setup"  # who came by an invitation without a password
        if owes == "setup" and row["purpose"] == "session" and not self.fresh(row):
            return "", ()  # an old session may be somebody else's by now: who sets a factor up signs in anew
        return owes, rules.ways(methods, factors)

    def fresh(self, row: dict[str, Any]) -> bool:
        """Whether a session's owner showed lately that it is them."""
        return row["proven_at"] is not None and self._clock.now() - row["proven_at"] < _PROVEN

    async def complete_in(self, tx: Tx, secret: str, row: dict[str, Any], means: Means) -> str:
        """The second factor was given or set up: the half is over, a session begins."""
        if not await session_store.end(tx, digest(secret)):
            raise NotSignedIn("This sign-in went on elsewhere; begin anew.")
        tenant = Tenant(row["org"], row["workspace"])
        return await self._sessions.begin_in(tx, tenant, row["account"], device=row["device"], means=means, strong=True)

    async def demands_in(self, tx: Tx, tenant: Tenant, account: str) -> bool:
        """Whether the rules ask somebody for a second factor."""
        methods, demand, _ = await self._asked(tx, tenant, account)
        return demand or methods == "passkey"

    async def _asked(self, tx: Tx, tenant: Tenant, account: str) -> tuple[str, bool, Factors]:
        """What the rules ask of somebody here, and what they have."""
        seat = await store.user(tx, tenant.workspace, account)
        if seat is None or seat.deleted:
            raise NotSignedIn("There is no seat for you in this workspace any more.")
        org_role = await store.org_role(tx, tenant.org, account) or OrgRole.NONE
        policies = await self._policies.all_in(tx, tenant)
        factors = await proofs.factors(tx, account)
        space = await store.workspace(tx, tenant.workspace)
        if space is not None and space.playground_of:  # nothing leaves one, and who is in it is nobody outside
            return "any", False, factors
        said = str(policies["signin.methods"].holds)
        exempted = said != "any" and await is_exempted(tx, tenant.org, PASSWORD, account)
        methods = rules.narrowed(said, org_role, exempted=exempted)
        demand = rules.demanded(str(policies["signin.second_factor"].holds), Role(seat.role), org_role)
        return methods, demand, factors
