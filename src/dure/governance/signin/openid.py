"""OpenID Connect: the authorization code flow with PKCE, and an ID token that is believed only when every check holds.

OpenID Connect Core 1.0 §3.1, Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (the issuer in the answer).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dure.governance.signin.plugs import Fetching, NoFetching
from dure.governance.signin.provider_model import Provider, Told
from dure.kernel.clock import Clock
from dure.kernel.errors import NotAllowed, NotSignedIn, Unavailable
from dure.kernel.tenant import Tenant

# Signatures by a key of the provider's own. None is no signature, and HS256 would be one by a secret we hold, too.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
_SKEW = timedelta(minutes=2)
_KEPT = timedelta(hours=1)
_PAUSE = timedelta(seconds=30)
_MOST = 256 * 1024
# A provider's hour for its ID tokens; an older one is not of this sign-in.
_OLDEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Metadata:
    authorization: str
    token: str
    userinfo: str
    jwks: str
    says_issuer: bool
    basic: bool


@dataclass
class _Known:
    """What is known of a provider, and since when."""

    metadata: Metadata
    keys: KeySet
    at: datetime
    looked: datetime | None = None  # when its keys were asked for once more


class OpenId:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.fetching: Fetching = NoFetching()
        self._known: dict[tuple[str, str], _Known] = {}

    async def begin(self, provider: Provider, redirect_uri: str) -> tuple[str, dict[str, str]]:
        """Where the browser goes, and what must be known when it comes back."""
        known = await self._about(provider)
        kept = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24),
                "verifier": secrets.token_urlsafe(48), "redirect_uri": redirect_uri}  # fmt: skip
        challenge = base64.urlsafe_b64encode(hashlib.sha256(kept["verifier"].encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code", "client_id": provider.said["client_id"], "redirect_uri": redirect_uri,
            "scope": "openid email profile", "state": kept["state"], "nonce": kept["nonce"],
            "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        where = known.metadata.authorization
        return f"{where}{'&' if urlsplit(where).query else '?'}{urlencode(asked)}", kept

    async def finish(self, provider: Provider, secret: str, kept: Mapping[str, str], answer: Mapping[str, str]) -> Told:
        """Who came back. NotSignedIn for an answer to another question, and for a token that does not hold."""
        known = await self._about(provider)
        if not secrets.compare_digest(answer.get("state", "").encode(), kept["state"].encode()):
            raise NotSignedIn("The provider's answer is not to this sign-in; begin anew.")
        said_by = answer.get("iss")
        if (said_by is None and known.metadata.says_issuer) or said_by not in (None, provider.said["issuer"]):
            raise NotSignedIn("This answer is another provider's.")
        if answer.get("error"):
            raise NotSignedIn("The provider did not sign you in.")
        if not answer.get("code"):
            raise NotSignedIn("The provider's answer has no code.")
        tokens = await self._exchange(provider, known.metadata, secret, kept, answer["code"])
        claims = await self._checked(provider, known, str(tokens.get("id_token", "")), kept["nonce"])
        if "email" not in claims and known.metadata.userinfo and tokens.get("access_token"):
            claims = {**await self._userinfo(provider, known.metadata, str(tokens["access_token"]), claims), **claims}
        return Told(
            str(claims["sub"]), str(claims.get("email") or ""), claims.get("email_verified") in (True, "true"),
            str(claims.get("name") or claims.get("preferred_username") or "")[:200],
        )  # fmt: skip

    # -- what the provider says of itself -----------------------------------------------------------------------------

    async def _about(self, provider: Provider) -> _Known:
        now = self._clock.now()
        known = self._known.get(_name(provider))
        if known is None or now - known.at > _KEPT:
            metadata = await self._discover(provider)
            keys = await self._keys(provider, metadata)
            if len(self._known) > 1_000:
                self._known.clear()
            known = self._known[_name(provider)] = _Known(metadata, keys, now)
        return known

    async def _discover(self, provider: Provider) -> Metadata:
        issuer = provider.said["issuer"]
        said = await self._json(provider, "GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
        if said.get("issuer") != issuer:
            raise Unavailable(f"The provider calls itself {str(said.get('issuer'))[:200]!r}, not {issuer!r}.")
        try:
            ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            made = Metadata(
                said["authorization_endpoint"], said["token_endpoint"], said.get("userinfo_endpoint", ""),
                said["jwks_uri"], bool(said.get("authorization_response_iss_parameter_supported")),
                "client_secret_basic" in ways or "client_secret_post" not in ways,
            )  # fmt: skip
        except (KeyError, TypeError) as error:
            raise Unavailable(f"The provider does not say its {error}.") from error
        here = urlsplit(issuer).scheme
        for url in (made.authorization, made.token, made.jwks, *filter(None, [made.userinfo])):
            if not isinstance(url, str) or urlsplit(url).scheme not in ("https", here):
                raise Unavailable("The provider names an address without https.")
        return made

    async def _keys(self, provider: Provider, metadata: Metadata) -> KeySet:
        said = await self._json(provider, "GET", metadata.jwks)
        keys = [one for one in said.get("keys", []) if isinstance(one, dict) and one.get("use", "sig") == "sig"]
        try:
            # A symmetric key in public is nobody's signature.
            return KeySet.import_key_set({"keys": [one for one in keys if one.get("kty") in ("RSA", "EC", "OKP")]})
        except (JoseError, ValueError, KeyError) as error:
            raise Unavailable("The provider's keys cannot be read.") from error

    # -- its word -----------------------------------------------------------------------------------------------------

    async def _exchange(
        self, provider: Provider, metadata: Metadata, secret: str, kept: Mapping[str, str], code: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": kept["redirect_uri"],
            "code_verifier": kept["verifier"],
        }  # fmt: skip
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        client = provider.said["client_id"]
        if secret and metadata.basic:
            pair = f"{quote(client, safe='')}:{quote(secret, safe='')}"
            headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form |= {"client_id": client, **({"client_secret": secret} if secret else {})}
        return await self._json(provider, "POST", metadata.token, headers, urlencode(form).encode())

    async def _checked(self, provider: Provider, known: _Known, token: str, nonce: str) -> dict[str, Any]:
        payload = await self._signed(provider, known, token)
        try:
            claims = msgspec.json.decode(payload, type=dict[str, Any])
        except msgspec.DecodeError as error:
            raise NotSignedIn("The provider's token cannot be read.") from error
        client, now = provider.said["client_id"], self._clock.now().timestamp()
        audience = claims.get("aud")
        whom = audience if isinstance(audience, list) else [audience]
        skew = _SKEW.total_seconds()
        holds = {
            "iss": claims.get("iss") == provider.said["issuer"],
            "aud": client in whom and (len(whom) == 1 or claims.get("azp") == client),
            "azp": claims.get("azp") in (None, client),
            "exp": _number(claims.get("exp")) > now - skew,
            "iat": now - _OLDEST.total_seconds() - skew < _number(claims.get("iat")) < now + skew,
            "nonce": secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()),
            "sub": isinstance(claims.get("sub"), str) and 0 < len(claims["sub"]) <= 255,
        }
        wrong = [name for name, right in holds.items() if not right]
        if wrong:
            raise NotSignedIn(f"The provider's token does not hold ({', '.join(wrong)}).")
        return claims

    async def _signed(self, provider: Provider, known: _Known, token: str) -> bytes:
        """What the provider signed. A key that is not known yet may be a new one: the keys are asked for once more."""
        for again in (False, True):
            try:
                return jws.deserialize_compact(token, known.keys, algorithms=ALGORITHMS).payload
            except (JoseError, ValueError, KeyError, TypeError) as error:
                now = self._clock.now()
                lately = known.looked is not None and now - known.looked < _PAUSE
                if again or lately or not _names_unknown(token, known.keys):
                    raise NotSignedIn("The provider's token is not signed by it.") from error
                known.keys, known.looked = await self._keys(provider, known.metadata), now
        raise AssertionError

    async def _userinfo(
        self, provider: Provider, metadata: Metadata, access_token: str, claims: Mapping[str, Any]
    ) -> dict[str, Any]:
        said = await self._json(provider, "GET", metadata.userinfo, {"authorization": f"Bearer {access_token}"})
        if said.get("sub") != claims["sub"]:
            raise NotSignedIn("The provider tells of somebody else.")
        return {name: said[name] for name in ("email", "email_verified", "name", "preferred_username") if name in said}

    async def _json(
        self, provider: Provider, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> dict[str, Any]:
        tenant = Tenant(provider.org, provider.workspace)
        try:
            found = await self.fetching.ask(tenant, method, url, headers or {"accept": "application/json"}, body, _MOST)
            said = msgspec.json.decode(found.body, type=dict[str, Any])
        except NotAllowed:
            raise
        except (OSError, msgspec.DecodeError) as error:
            raise Unavailable("The provider does not answer as one right now.") from error
        if method == "POST" and found.status in (400, 401):
            raise NotSignedIn("The provider took the code back; begin anew.")
        if found.status != 200:
            raise Unavailable(f"The provider answered {found.status}.")
        return said


def _name(provider: Provider) -> tuple[str, str]:
    return provider.id, provider.said["issuer"]


def _names_unknown(token: str, keys: KeySet) -> bool:
    """Whether a token is signed by a key that the set lacks."""
    try:
        header = msgspec.json.decode(base64.urlsafe_b64decode(token.partition(".")[0] + "==="), type=dict[str, Any])
    except (ValueError, msgspec.DecodeError):
        return False
    return header.get("kid") not in {key.kid for key in keys.keys}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("-inf")
