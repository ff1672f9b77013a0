"""A new password by letter: the same answer whoever is asked for, a link that works once within an hour."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as governance_store
from dure.governance.model import Principal, Role
from dure.governance.signin import limits, passwords, reset_store
from dure.governance.signin.entering import Entering
from dure.governance.signin.letters import letter
from dure.governance.signin.model import Step
from dure.governance.signin.plugs import NoPostman, Postman
from dure.governance.signin.sessions import Sessions, digest
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound
from dure.kernel.tenant import Tenant
from dure.state import State

_LASTS = timedelta(hours=1)
# One e-mail may be people of several organisations of this server.
_MOST = 5

Sending = Callable[[], Awaitable[None]]


class Resets:
    def __init__(self, state: State, clock: Clock, sessions: Sessions, entering: Entering) -> None:
        self._state = state
        self._clock = clock
        self._sessions = sessions
        self._entering = entering
        self.postman: Postman = NoPostman()
        self.site = ""

    async def ask(self, email: str, *, address: str = "") -> Sending:
        """Counts the wish and gives back what fulfils it, to be done after the answer: that one says and takes the
        same whether there is such a person or not."""
        async with self._state.begin_system() as tx:
            await limits.take(tx, "reset", email, address, self._clock.now())

        async def send() -> None:
            await self._send(email)

        return send

    async def whose(self, secret: str) -> tuple[str, int]:
        """The e-mail of a link that is still good, and how long the new password must be."""
        async with self._state.begin_system() as tx:
            row = await reset_store.held(tx, digest(secret), self._clock.now())
            if row is None:
                raise NotFound("This link was used before or is too old; ask for a new one.")
            tenant = Tenant(row["org"], row["workspace"])
            return str(row["email"]), await self._entering.password_length_in(tx, tenant)

    async def set(self, secret: str, password: str, *, device: str = "") -> Step:
        """The new password: everybody who was signed in as them is out, and they go on as after a link."""
        now = self._clock.now()
        async with self._state.begin_system() as tx:
            row = await reset_store.held(tx, digest(secret), now)
            if row is None:
                raise NotFound("This link was used before or is too old; ask for a new one.")
            least = await self._entering.password_length_in(tx, Tenant(row["org"], row["workspace"]))
        passwords.check(password, least=least, about=(row["email"], row["email"].partition("@")[0], row["name"]))
        hashed = await passwords.hashed(password)
        async with self._state.begin_system() as tx:
            row = await reset_store.use(tx, digest(secret), now)
            if row is None:
                raise NotFound("This link was used before or is too old; ask for a new one.")
            tenant = Tenant(row["org"], row["workspace"])
            acting = Principal(tenant, row["account"], Role.MEMBER)
            await governance_store.set_password(tx, row["account"], hashed)
            await self._sessions.end_in(tx, acting, row["account"])
            await limits.forget(tx, "password", row["email"])
            told = events.governance_event(
                acting, self._clock, events.PASSWORD_SET, "user", row["account"], {"by": "reset"}
            )
            await append(tx, told)
            return await self._entering.admit_in(tx, tenant, row["account"], "password", device=device)

    async def _send(self, email: str) -> None:
        now, letters = self._clock.now(), []
        async with self._state.begin_system() as tx:
            for row in (await reset_store.people(tx, email))[:_MOST]:
                tenant = Tenant(row["org"], row["workspace"])
                if not await self._entering.takes_passwords_in(tx, tenant, row["id"]):
                    continue
                secret = secrets.token_urlsafe(32)
                await reset_store.put(tx, digest(secret), row["id"], row["workspace"], now + _LASTS)
                acting = Principal(tenant, row["id"], Role.MEMBER)
                told = events.governance_event(acting, self._clock, events.PASSWORD_RESET_ASKED, "user", row["id"], {})
                await append(tx, told)
                made = letter(
                    "reset", row["language"], f"{self.site}/reset/{secret}", name=row["name"], org=row["org_name"]
                )
                letters.append((row["email"], made, digest(secret).hex()))
        for to, made, key in letters:
            await self.postman.send(to, made.subject, made.text, made.html, {"Auto-Submitted": "auto-generated"}, key)
