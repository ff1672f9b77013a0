"""Apps that sign in at Salesforce's token door: registered by an administrator, known by a consumer key."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dure.deals.record_id import new_id
from dure.deals.salesforce import jwt, store
from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound, NotSignedIn
from dure.kernel.tenant import Tenant
from dure.state import State

APP = "888"
SESSION = timedelta(hours=2)
SCOPES = frozenset({"deals:read", "deals:write"})

REGISTERED = "Salesforce App Registered"
REMOVED = "Salesforce App Removed"
SIGNED_IN = "Salesforce App Signed In"


@dataclass(frozen=True, slots=True)
class Registered:
    """A new app; the secret is shown this once."""

    id: str
    name: str
    consumer_key: str
    consumer_secret: str


@dataclass(frozen=True, slots=True)
class App:
    id: str
    name: str
    consumer_key: str
    signs: bool
    account: str
    created_at: datetime
    created_by: str


class Apps:
    """Who may sign in without a person's token, and the sessions that come of it."""

    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    async def register(
        self, principal: Principal, name: str, *, certificate: str = "", account: str = ""
    ) -> Registered:
        """`certificate` lets it sign in as whom it names (JWT bearer); `account` is who its secret alone stands for."""
        access(principal, "governance:write")
        name = " ".join(name.split())
        if not 1 <= len(name) <= 120:
            raise Invalid("A name has 1 to 120 characters.", field="name")
        if certificate:
            jwt.public_key(certificate)
        if account:
            user = await self._governance.user(principal.tenant, account)
            if user.deleted:
                raise Invalid("Nobody can act as a user who was deactivated.", field="account")
        made = Registered(new_id(APP), name, f"3MVG9{secrets.token_urlsafe(40)}", secrets.token_hex(32))
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await store.add_app(
                tx,
                {
                    "workspace": principal.tenant.workspace, "org": principal.tenant.org, "id": made.id, "name": name,
                    "consumer_key": made.consumer_key, "secret": digest(made.consumer_secret),
                    "public_key": certificate, "account": account, "created_at": now, "created_by": principal.actor,
                },
            )  # fmt: skip
            facts = {"name": name, "signs": bool(certificate), "account": account}
            await append(tx, act(principal, "deals", REGISTERED, "salesforce_app", made.id, facts, now))
        return made

    async def all(self, principal: Principal) -> list[App]:
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            return [App(**row) for row in await store.apps(tx, principal.tenant.workspace)]

    async def remove(self, principal: Principal, app: str) -> None:
        """Its sessions end at once."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            name = await store.drop_app(tx, principal.tenant.workspace, app)
            if name is None:
                raise NotFound("There is no such app.", field="app")
            now = self._clock.now()
            await append(tx, act(principal, "deals", REMOVED, "salesforce_app", app, {"name": name}, now))

    async def known(self, consumer_key: str) -> dict[str, Any] | None:
        async with self._state.begin_system() as tx:
            return await store.app_by_key(tx, consumer_key)

    async def sign_in(self, app: dict[str, Any], account: str) -> str:
        """A session id of Salesforce's shape for an app acting as a user; NotSignedIn where that user is gone."""
        tenant = Tenant(app["org"], app["workspace"])
        await self._acting(tenant, account, app["id"])
        secret = f"00D{secrets.token_urlsafe(48)}"
        now = self._clock.now()
        async with self._state.begin(tenant) as tx:
            await store.add_session(tx, digest(secret), tenant.org, tenant.workspace, account, app["id"], now + SESSION)
            system = self._governance.system(tenant, "salesforce")
            facts = {"name": app["name"], "account": account}
            await append(tx, act(system, "deals", SIGNED_IN, "salesforce_app", app["id"], facts, now))
        return secret

    async def principal(self, session: str) -> Principal:
        """Whom a session id speaks for: a user's own token, or an app that signed in."""
        if not session.startswith("00D"):
            return await self._governance.principal(session)
        async with self._state.begin_system() as tx:
            row = await store.session(tx, digest(session), self._clock.now())
        if row is None:
            raise NotSignedIn
        return await self._acting(Tenant(row["org"], row["workspace"]), row["account"], row["app"])

    async def end(self, session: str) -> None:
        async with self._state.begin_system() as tx:
            await store.end_session(tx, digest(session))

    async def _acting(self, tenant: Tenant, account: str, app: str) -> Principal:
        try:
            user = await self._governance.user(tenant, account)
        except NotFound as error:
            raise NotSignedIn from error
        if user.deleted:
            raise NotSignedIn
        return Principal(tenant, user.id, user.role, SCOPES, "user", app)


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
