"""Which providers an organisation has, set by who looks after it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from dure.feed.api import append
from dure.governance import events
from dure.governance import store as governance_store
from dure.governance.access import access
from dure.governance.model import Principal
from dure.governance.signin import provider_store as store
from dure.governance.signin.provider_model import Joins, Kind, Provider
from dure.governance.signin.vault import Vault
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.state import State, Tx

MOST = 20
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_NEEDED: Mapping[Kind, tuple[str, ...]] = {"openid": ("issuer", "client_id")}


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants a provider to be; without `secret` the one before stays."""

    kind: Kind
    name: str
    said: Mapping[str, str]
    secret: str = ""
    domains: Sequence[str] = ()
    joins: Joins = "known"
    workspace: str = ""
    enabled: bool = True


class Providers:
    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock
        self.vault = Vault(b"")

    async def listed(self, principal: Principal) -> Sequence[Provider]:
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.listed(tx, principal.tenant.org)

    async def add(self, principal: Principal, wish: Wish) -> Provider:
        return await self._put(principal, str(uuid7()), wish, new=True)

    async def change(self, principal: Principal, id: str, wish: Wish) -> Provider:
        return await self._put(principal, id, wish, new=False)

    async def remove(self, principal: Principal, id: str) -> None:
        """Nobody comes in by it any more; who came keeps their account. The last one stays while rules ask for one."""
        access(principal, "org:write")
        async with self._state.begin(principal.tenant) as tx:
            await self._leave_one(tx, principal, id)
            name = await store.remove(tx, principal.tenant.org, id)
            if name is None:
                raise NotFound("There is no such provider.", field="id")
            await self._tell(tx, principal, events.PROVIDER_REMOVED, id, {"name": name})

    async def offered(self, email: str = "") -> Sequence[Provider]:
        """What the sign-in page offers: the one organisation's, or those whose domain an e-mail has."""
        domain = email.casefold().rpartition("@")[2]
        async with self._state.begin_system() as tx:
            alone = await store.organisations(tx) == 1
            found = await store.enabled(tx)
        return [one for one in found if alone or (domain and domain in one.domains)]

    async def found(self, id: str) -> tuple[Provider, str]:
        """An enabled provider with its secret, for a sign-in."""
        async with self._state.begin_system() as tx:
            found = await store.find(tx, id)
        if found is None or not found[0].enabled:
            raise NotFound("There is no such provider.", field="provider")
        provider, sealed = found
        secret = self.vault.open(sealed) if sealed is not None else b""
        if secret is None:
            raise Conflict("This provider was set up under another key of this server; enter its secret again.")
        return provider, secret.decode()

    async def _put(self, principal: Principal, id: str, wish: Wish, *, new: bool) -> Provider:
        access(principal, "org:write")
        workspace = wish.workspace or principal.tenant.workspace
        made = Provider(
            id, principal.tenant.org, wish.kind, wish.name.strip(), _said(wish), _domains(wish), wish.joins, workspace,
            wish.enabled,
        )  # fmt: skip
        if not made.name or len(made.name) > 100:
            raise Invalid("`name` is a text of 1 to 100 characters.", field="name")
        if wish.joins == "seat" and not made.domains:
            raise Invalid("Whoever gives seats says to which domains.", field="domains")
        sealed = self.vault.close(wish.secret.encode()) if wish.secret else None
        async with self._state.begin(principal.tenant) as tx:
            space = await governance_store.workspace(tx, workspace)
            if space is None or space.org != principal.tenant.org or space.playground_of:
                raise NotFound("There is no such workspace in this organisation.", field="workspace")
            if new and len(await store.listed(tx, principal.tenant.org)) >= MOST:
                raise Conflict(f"An organisation has at most {MOST} providers.")
            before = None if new else await store.find(tx, id, principal.tenant.org)
            if not new and before is None:
                raise NotFound("There is no such provider.", field="id")
            if not made.enabled:
                await self._leave_one(tx, principal, id)
            elsewhere = before is not None and before[0].has_secret and _who(before[0]) != _who(made)
            if elsewhere and not wish.secret:
                # Else whoever changes the address would have the secret sent to it.
                raise Invalid("Another issuer or client needs its secret entered again.", field="secret")
            if not await store.put(tx, made, sealed, principal.actor, self._clock.now()):
                raise Invalid("A provider stays of its kind.", field="kind")
            about = {"name": made.name, "kind": made.kind, "joins": made.joins, "enabled": made.enabled,
                     "domains": list(made.domains)}  # fmt: skip
            name = events.PROVIDER_ADDED if new else events.PROVIDER_CHANGED
            await self._tell(tx, principal, name, id, about)
        return replace(made, has_secret=sealed is not None or (before is not None and before[0].has_secret))

    async def _leave_one(self, tx: Tx, principal: Principal, id: str) -> None:
        others = [one for one in await store.listed(tx, principal.tenant.org) if one.enabled and one.id != id]
        if not others and await store.ruled(tx, principal.tenant.org):
            raise Conflict("The rules say that people sign in through a provider, and there would be none.")

    async def _tell(self, tx: Tx, principal: Principal, name: str, id: str, about: Mapping[str, object]) -> None:
        await append(tx, events.governance_event(principal, self._clock, name, "provider", id, dict(about)))


def _who(provider: Provider) -> tuple[str, ...]:
    return (provider.said.get("issuer", ""), provider.said.get("client_id", ""))


def _said(wish: Wish) -> dict[str, str]:
    said = {}
    for name in _NEEDED[wish.kind]:
        value = str(wish.said.get(name, "")).strip()
        if not value or len(value) > 20_000:
            raise Invalid(f"A provider of the kind {wish.kind} needs `{name}`.", field=name)
        said[name] = value
    parts = urlsplit(said["issuer"])
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise Invalid("`issuer` is an https address.", field="issuer")
    if parts.query or parts.fragment or parts.username is not None:
        raise Invalid("`issuer` is an address without a query or a name.", field="issuer")
    return said


def _domains(wish: Wish) -> tuple[str, ...]:
    made = []
    for one in wish.domains:
        domain = one.strip().casefold().removeprefix("@")
        if not _DOMAIN.fullmatch(domain):
            raise Invalid(f"{one!r} is not a domain.", field="domains")
        made.append(domain)
    return tuple(dict.fromkeys(made))
