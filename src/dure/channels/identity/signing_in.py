"""A person signs in to an app with their account here: asked, allowed, fetched once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dure.channels.apps import events, store
from dure.channels.apps.consents import Consents, Denied, fits
from dure.channels.apps.model import App, Consent
from dure.channels.apps.registry import digest
from dure.channels.identity.claims import SCOPES
from dure.channels.identity.proof import is_challenge, proves
from dure.governance.api import Principal

_CODE_LASTS = timedelta(minutes=10)
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class AskedIdentity:
    """What an app wants to know of who signs in, and where the answer goes."""

    app: App
    scopes: tuple[str, ...]
    back: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    app: App
    principal: Principal
    scopes: tuple[str, ...]
    token: str
    nonce: str
    allowed_at: datetime


class SigningIn(Consents):
    async def asked_identity(
        self, principal: Principal, client_id: str, scopes: Sequence[str], redirect_uri: str, *, team: str = "",
        response_type: str = "code", nonce: str = "", challenge: str = "", method: str = "",
    ) -> AskedIdentity:  # fmt: skip
        """The request as it can be shown to the caller. Raises Denied."""
        async with self._state.begin(principal.tenant) as tx:
            app = await store.by_client(tx, client_id)
            if app is None:
                raise Denied("invalid_client_id", "There is no app with this client_id.")
            if not await self._is_near(tx, principal, app):
                raise Denied("invalid_team_for_non_distributed_app", "The app was made in another organisation.")
        if not redirect_uri or not any(fits(redirect_uri, one) for one in app.redirect_urls):
            raise Denied("bad_redirect_uri", "redirect_uri did not match any that the app's manifest names.")
        if response_type != "code":
            raise Denied("invalid_response_type", "response_type is code.")
        if "openid" not in scopes or not set(scopes) <= set(SCOPES):
            raise Denied("invalid_scope", f"scope is openid, and email and profile beside it; not {scopes}.")
        if team and team != principal.tenant.workspace:
            raise Denied("invalid_team", "The app asks for another workspace than the one you are signed in to.")
        if (challenge or method) and not is_challenge(challenge, method):
            raise Denied("invalid_code_challenge", "code_challenge_method is S256, and code_challenge is its answer.")
        if len(nonce) > _LONGEST:
            raise Denied("invalid_nonce", f"nonce has at most {_LONGEST:,} characters.")
        return AskedIdentity(app, tuple(scopes), redirect_uri, nonce, challenge)

    @staticmethod
    def may_sign_in(principal: Principal) -> bool:
        """A person in their own session, a guest too: they tell of nobody but themselves. No program may."""
        return principal.kind == "user" and bool(principal.user) and "*" in principal.scopes and not principal.app

    async def allow_identity(self, principal: Principal, asked: AskedIdentity) -> str:
        """The code for which the app may learn who it is, once and within ten minutes."""
        if not self.may_sign_in(principal):
            raise Denied("access_denied", "Only a person signs in.")
        code, now = f"{secrets.randbelow(10**12):012}.{secrets.token_hex(24)}", self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            await self._require_not_restricted(tx, principal, asked.app)
            consent = Consent(
                asked.app.id, principal.tenant.workspace, principal.user, (), asked.scopes, asked.back, "",
                identity=True, nonce=asked.nonce, challenge=asked.challenge, given_at=now,
            )  # fmt: skip
            await store.add_consent(tx, digest(code), consent, now, now + _CODE_LASTS)
            about = {"scopes": [], "user_scopes": list(asked.scopes)}
            await self._tell(tx, principal, events.ALLOWED, asked.app, **about)
        return code

    async def sign_in(
        self, client_id: str, client_secret: str, code: str, redirect_uri: str, verifier: str = ""
    ) -> SignedIn:
        """Who a code stands for, and a token that says so again. Raises Denied, and then nothing was used up."""
        async with self._state.begin_system() as tx:
            app = await self._proven(tx, client_id, client_secret)
            consent = await store.use_consent(tx, digest(code), app.id, self._clock.now(), identity=True)
            if consent is None:
                raise Denied("invalid_code", "The code is unknown, used or older than ten minutes.")
            if consent.redirect_uri != redirect_uri:
                raise Denied("bad_redirect_uri", "redirect_uri is not the one that was asked with.")
            if not proves(verifier, consent.challenge):
                raise Denied("invalid_code_verifier", "code_verifier is not what code_challenge was made of.")
            principal = await self._giver(tx, consent)
            await self._require_not_restricted(tx, principal, app)
            token = await self._governance.issue_in(tx, principal, "user", principal.user, app.id, consent.user_scopes)
            assert consent.given_at is not None  # noqa: S101 - every row has it
        return SignedIn(app, principal, consent.user_scopes, token, consent.nonce, consent.given_at)

    async def signed(self, claims: Mapping[str, Any]) -> str:
        """Claims as a token that everybody can check by the server's keys."""
        async with self._state.begin_system() as tx:
            return await self._keys.sign(tx, claims, self._clock.now())

    async def public_keys(self) -> list[dict[str, Any]]:
        async with self._state.begin_system() as tx:
            return await self._keys.shown(tx, self._clock.now())
