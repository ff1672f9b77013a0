"""Signing in's entrance: every way in, what people prove themselves with, and who looks after both."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dure.governance.access import access
from dure.governance.model import OrgRole, Principal, Role
from dure.governance.organisation import Organisation
from dure.governance.policies.api import Policies
from dure.governance.signin import limits, store
from dure.governance.signin.arriving import Arriving
from dure.governance.signin.ceremonies import Ceremonies
from dure.governance.signin.entering import Entering, SecondFactorNeeded
from dure.governance.signin.factors import FactorSetting
from dure.governance.signin.invitations import Invitations
from dure.governance.signin.letters import letter
from dure.governance.signin.model import Device, Factors, Passkey, Step
from dure.governance.signin.openid import OpenId
from dure.governance.signin.own import Own
from dure.governance.signin.passkeys import Passkeys
from dure.governance.signin.plugs import Fate, Fetching, Postman
from dure.governance.signin.providers import Providers
from dure.governance.signin.proving import Proving
from dure.governance.signin.resets import Resets
from dure.governance.signin.rules import demanded
from dure.governance.signin.sessions import Sessions
from dure.governance.signin.site import Site, inside
from dure.governance.signin.vault import Vault
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed, NotSignedIn
from dure.state import State

__all__ = ["Device", "Factors", "Passkey", "SecondFactorNeeded", "SignIn", "Standing", "Step"]

_AUTOMATIC = {"Auto-Submitted": "auto-generated"}


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody of the workspace can prove who they are. `demanded`: the rules ask them for a second factor."""

    id: str
    name: str
    email: str
    role: Role
    password: bool
    code: bool
    passkeys: int
    provider: bool
    sessions: int
    demanded: bool


class SignIn:
    """What a slice or a route needs of signing in, each part by its noun."""

    def __init__(
        self, state: State, clock: Clock, policies: Policies, sessions: Sessions, organisation: Organisation
    ) -> None:
        self._state = state
        self._clock = clock
        self._policies = policies
        self.sessions = sessions
        self.entering = Entering(state, clock, policies, sessions)
        self.proving = Proving(state, clock, sessions, self.entering)
        self.factors = FactorSetting(state, clock, sessions, self.entering, self.proving, organisation)
        self.ceremonies = Ceremonies(state, clock)
        self.passkeys = Passkeys(state, clock, self.entering, self.proving, self.factors, self.ceremonies)
        self.invitations = Invitations(state, clock, policies, organisation, self.entering)
        self.resets = Resets(state, clock, sessions, self.entering)
        self.providers = Providers(state, clock)
        self.openid = OpenId(clock)
        self.arriving = Arriving(state, clock, self.entering)
        self.own = Own(state, clock, sessions, self.proving, self.entering)
        self.site = Site("http://127.0.0.1")
        self._key = secrets.token_bytes(32)  # until it is furnished, no link outlives the process

    def furnish(self, *, key: bytes, site: str, postman: Postman, fetching: Fetching) -> None:
        """What an installation brings: the key that seals, its address, its mail, and its way out to providers."""
        self.site = self.passkeys.site = Site(site.rstrip("/"))
        self.passkeys.decoy = self._key = key
        self.proving.vault = self.providers.vault = Vault(key)
        self.invitations.site = self.resets.site = site.rstrip("/")
        self.invitations.postman = self.resets.postman = postman
        self.openid.fetching = fetching

    # -- letters and links of others ----------------------------------------------------------------------------------

    async def write(self, kind: str, to: str, language: str, url: str, *, key: str, **values: str) -> Fate:
        """A letter of the house with a link in it; what became of it."""
        made = letter(kind, language, url, **values)
        return await self.resets.postman.send(to, made.subject, made.text, made.html, _AUTOMATIC, key)

    def mark(self, text: str) -> str:
        """What this server alone can say of a text, for a link that is kept nowhere."""
        return base64.urlsafe_b64encode(hmac.digest(self._key, text.encode(), "sha256")).decode().rstrip("=")

    def is_mark(self, text: str, mark: str) -> bool:
        return hmac.compare_digest(self.mark(text).encode(), mark.encode())

    # -- through a provider -------------------------------------------------------------------------------------------

    async def begin_provider(self, id: str, onward: str, *, address: str = "") -> tuple[str, str]:
        """Where the browser goes to sign in, and the ceremony's secret that it keeps meanwhile."""
        async with self._state.begin_system() as tx:
            await limits.take(tx, "provider", id, address, self._clock.now())
        provider, _ = await self.providers.found(id)
        url, kept = await self.openid.begin(provider, f"{self.site.url}/api/v1/signin/openid/back")
        async with self._state.begin_system() as tx:
            said = {"provider": id, "onward": inside(onward), **kept}
            return url, await self.ceremonies.begin_in(tx, "openid", said)

    async def end_provider(self, ceremony: str, answer: Mapping[str, str], *, device: str = "") -> tuple[Step, str]:
        """What the browser brings back, once: a step, and where it goes on."""
        said = await self.ceremonies.end("openid", ceremony)
        provider, secret = await self.providers.found(said["provider"])
        told = await self.openid.finish(provider, secret, said, answer)
        return await self.arriving.admit(provider, told, device=device), said["onward"]

    # -- looked after -------------------------------------------------------------------------------------------------

    async def standing(self, principal: Principal) -> Sequence[Standing]:
        """Everybody of the workspace: by what they sign in, and who lacks a second factor."""
        access(principal, "governance:write")
        async with self._state.begin(principal.tenant) as tx:
            rows = await store.roster(tx, principal.tenant.workspace, self._clock.now())
            rule = str(await self._policies.value_in(tx, principal.tenant, "signin.second_factor"))
        return [_standing(row, rule) for row in rows]

    async def by_password_alone(self, email: str, password: str, *, device: str = "") -> str:
        """A session for a program that has a password and nothing else; SecondFactorNeeded where that is not enough."""
        try:
            step = await self.entering.by_password(email, password, device=device)
        except NotAllowed as error:  # the rules leave no password: to a program that is none
            raise NotSignedIn(error.message, field="password") from error
        if step.owes:
            await self.entering.give_up(step.secret)
            raise SecondFactorNeeded
        return step.secret


def _standing(row: dict[str, Any], rule: str) -> Standing:
    role, org_role = Role(row["role"]), OrgRole(row["org_role"])
    return Standing(
        row["id"], row["name"], row["email"], role, row["password"], row["code"], row["passkeys"],
        row["identities"] > 0, row["sessions"], demanded(rule, role, org_role),
    )  # fmt: skip
