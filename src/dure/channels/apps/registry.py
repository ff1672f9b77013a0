"""Apps as they are made: created from a manifest, changed, given new secrets, deleted."""

from __future__ import annotations

import hashlib
import secrets
from typing import Literal

from dure.channels.api import Channels
from dure.channels.apps import events, store
from dure.channels.apps.manifest import reading
from dure.channels.apps.model import App, Credentials, Known
from dure.channels.apps.refusals import InvalidAppId
from dure.channels.identity.keys import Keys
from dure.feed.api import append
from dure.governance.api import Governance, Principal, Role, access
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

Secret = Literal["client_secret", "signing_secret"]

_MADE_BY_COMMAND = "The command line made this app; it has no manifest. Revoke its tokens instead."


class Registry:
    """Held by `Apps`. Changing anything needs the right to govern; what a workspace uses its people may see."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, channels: Channels, *, key: bytes = b""
    ) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._channels = channels
        self._keys = Keys(key)

    async def create(self, principal: Principal, manifest: object) -> tuple[App, Credentials]:
        """A new app from a manifest (an object, or JSON or YAML text), and its secrets, shown this once.

        Raises InvalidManifest.
        """
        access(principal, "governance:write")
        read, now = await reading(manifest), self._clock.now()
        made = Credentials(_client_id(), secrets.token_hex(16), secrets.token_hex(16), secrets.token_urlsafe(18))
        async with self._state.begin(principal.tenant) as tx:
            name = read["display_information"]["name"]
            app_id = await self._governance.register_app_in(tx, principal, name)
            app = App(app_id, principal.tenant.workspace, read, made.client_id, principal.user, now, now)
            await store.add(tx, app, made, digest(made.client_secret))
            await self._tell(tx, principal, events.CREATED, app)
        return app, made

    async def update(self, principal: Principal, app_id: str, manifest: object) -> tuple[App, bool]:
        """Puts a manifest in the place of the one before; and whether it asks for scopes that were not given yet.

        What is installed keeps its scopes until it is installed again; everything else counts at once.
        """
        access(principal, "governance:write")
        read = await reading(manifest)
        async with self._state.begin(principal.tenant) as tx:
            before = await self._own(tx, principal, app_id)
            await store.change(tx, app_id, read, self._clock.now())
            app = await self._own(tx, principal, app_id)
            if app.bot_name != before.bot_name:
                await self._governance.rename_bots_in(tx, app_id, app.bot_name)
            await self._tell(tx, principal, events.CHANGED, app)
            given = [frozenset(seat.scopes) for seat in await store.seats(tx, [app_id]) if seat.removed_at is None]
        return app, any(not scopes.issuperset(app.bot_scopes) for scopes in given)

    async def rotate(self, principal: Principal, app_id: str, which: Secret) -> str:
        """A new secret in the place of the one before, which stops counting at once."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            app = await self._own(tx, principal, app_id)
            secret, now = secrets.token_hex(16), self._clock.now()
            if which == "client_secret":
                await store.set_client_secret(tx, app_id, digest(secret), now)
            else:
                await store.set_signing_secret(tx, app_id, secret, now)
            await self._tell(tx, principal, events.SECRET_ROTATED, app, secret=which)
        return secret

    async def delete(self, principal: Principal, app_id: str) -> None:
        """Ends an app everywhere: bots, tokens, webhooks. What it wrote stays, under its bot's name."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            app = await self._own(tx, principal, app_id)
            tenants = {space.id: space.tenant for space in await self._governance.workspaces_in(tx)}
            for seat in await store.seats(tx, [app_id]):
                if seat.removed_at is None and seat.workspace != app.workspace:
                    hand = self._governance.system(tenants[seat.workspace], app.name)
                    await self._governance.retire_app_in(tx, hand, app_id, wholly=True)
                    await self._tell(tx, hand, events.UNINSTALLED, app, bot_user=seat.bot_user, deleted=True)
            await self._governance.retire_app_in(tx, principal, app_id, wholly=True)
            await self._governance.forget_app_name_in(tx, app_id, app.name)
            await store.delete(tx, app_id)
            await self._tell(tx, principal, events.DELETED, app)

    async def known(self, principal: Principal) -> list[Known]:
        """Every app that is made or installed in the workspace, by name; for people without that right, those
        installed. Guests are not told."""
        access(principal, "channels:read")
        if principal.role is Role.GUEST:
            raise NotAllowed("A guest may not see the apps.")
        governs = principal.role in (Role.OWNER, Role.ADMIN)
        async with self._state.begin(principal.tenant) as tx:
            found = await self._known(tx, principal.tenant)
        return [one for one in found if governs or one.installation is not None]

    async def show(self, principal: Principal, app_id: str) -> Known:
        """One app of the workspace. Raises InvalidAppId."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            found = next((one for one in await self._known(tx, principal.tenant) if one.id == app_id), None)
        if found is None:
            raise InvalidAppId(field="app")
        return found

    # -- within a transaction ---------------------------------------------------------------------------------------

    async def _known(self, tx: Tx, tenant: Tenant) -> list[Known]:
        made = {app.id: app for app in await store.of_workspace(tx, tenant.workspace)}
        installed = {one.app: one for one in await store.installations(tx, self._governance, tenant)}
        seats = await store.seats(tx, list(made))
        found = [
            Known(app, made.get(app), installed.get(app), tuple(seat for seat in seats if seat.app == app))
            for app in made.keys() | installed.keys()
        ]
        return sorted(found, key=lambda one: (one.name.lower(), one.id))

    async def _own(self, tx: Tx, principal: Principal, app_id: str) -> App:
        """An app that was made in the caller's workspace, locked; others are changed where they were made."""
        app = await store.find(tx, app_id, lock=True)
        if app is None or app.workspace != principal.tenant.workspace:
            known = await self._known(tx, principal.tenant)
            made_by_command = any(one.id == app_id and one.app is None for one in known)
            raise InvalidAppId(_MADE_BY_COMMAND if made_by_command else None, field="app")
        return app

    async def _tell(self, tx: Tx, principal: Principal, name: str, app: App, **properties: object) -> None:
        await append(tx, events.app_event(principal, self._clock, name, app.id, {"name": app.name, **properties}))


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _client_id() -> str:
    """Two numbers with a dot between, as Slack's are."""
    return f"{secrets.randbelow(9 * 10**11) + 10**11}.{secrets.randbelow(9 * 10**12) + 10**12}"
