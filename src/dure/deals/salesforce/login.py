"""Signing in as Salesforce's clients do: SOAP's login, and the token door with a password, a secret or a signature.

A session id is the user's own Dure token; only apps without one get a session of their own.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Any

from dure.deals.salesforce import jwt, xml
from dure.deals.salesforce.apps import SESSION, Apps, digest
from dure.deals.salesforce.ids import organisation_outside, user_outside
from dure.governance.api import Governance, Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, Malformed, NotSignedIn, TooMany
from dure.kernel.tenant import Tenant

_TOKEN = "xoxp-"  # noqa: S105 - what a user's token begins with
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_FAR = 600


class Refused(Exception):
    """No session: a code of Salesforce's and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Login:
    def __init__(self, clock: Clock, governance: Governance, apps: Apps) -> None:
        self._clock = clock
        self._governance = governance
        self._apps = apps

    # -- SOAP -------------------------------------------------------------------------------------------------------

    async def soap(self, body: bytes, base: str, version: str) -> tuple[int, bytes]:
        """Status and XML. `base` is where the client reaches us, without a slash at its end."""
        try:
            asked = xml.texts(body)
        except Malformed as error:
            return 500, xml.soap_fault("INVALID_XML", error.message)
        if "username" not in asked or "password" not in asked:
            return 500, xml.soap_fault("INVALID_OPERATION", "This door knows login, with a username and a password.")
        try:
            session, principal = await self._by_password(asked["username"], asked["password"])
            wanted = asked.get("organizationId", "")
            own = organisation_outside(principal.tenant.workspace)
            if wanted and wanted not in (own, own[:15], principal.tenant.workspace):
                raise Refused("INVALID_LOGIN", _WRONG)
        except Refused as refused:
            return 500, xml.soap_fault(refused.code, refused.message)
        user = await self._governance.user(principal.tenant, principal.user)
        space = await self._governance.workspace(principal.tenant)
        organisation = organisation_outside(space.id)
        info = xml.elements(
            {
                "organizationId": organisation, "organizationName": space.name, "userId": user_outside(user.id),
                "userEmail": user.email, "userFullName": user.name, "userName": user.email,
                "userLanguage": user.language or space.language, "userTimeZone": space.timezone,
                "userDefaultCurrencyIsoCode": space.currency, "userType": "Standard", "orgHasPersonAccounts": False,
                "orgDefaultCurrencyIsoCode": space.currency, "sessionSecondsValid": int(SESSION.total_seconds()),
            }
        )  # fmt: skip
        server = f"{base}/services/Soap/u/{version}/{organisation[:15]}"
        result = xml.elements(
            {
                "metadataServerUrl": f"{base}/services/Soap/m/{version}/{organisation[:15]}", "passwordExpired": False,
                "sandbox": False, "serverUrl": server, "sessionId": session, "userId": user_outside(user.id),
            }
        )  # fmt: skip
        return 200, xml.envelope(f"<loginResponse><result>{result}<userInfo>{info}</userInfo></result></loginResponse>")

    # -- the token door ---------------------------------------------------------------------------------------------

    async def token(self, form: Mapping[str, str], authorization: str, base: str) -> dict[str, Any]:
        """The token's answer; Refused with OAuth's own codes."""
        grant = form.get("grant_type", "")
        key, secret = _basic(authorization) or (form.get("client_id", ""), form.get("client_secret", ""))
        if grant == "password":
            session, principal = await self._password_grant(form, key, secret)
        elif grant == "client_credentials":
            session, principal = await self._client_grant(key, secret)
        elif grant == _JWT:
            session, principal = await self._signed_grant(form.get("assertion", ""), base)
        else:
            raise Refused("unsupported_grant_type", "grant type not supported")
        organisation, user = organisation_outside(principal.tenant.workspace), user_outside(principal.user)
        identity = f"{base}/id/{organisation}/{user}"
        issued = str(int(self._clock.now().timestamp() * 1000))
        signed = hmac.new(digest(session), f"{identity}{issued}".encode(), "sha256").digest()
        return {
            "access_token": session, "instance_url": base, "id": identity, "token_type": "Bearer",
            "issued_at": issued, "signature": base64.b64encode(signed).decode(), "scope": "api",
        }  # fmt: skip

    async def _password_grant(self, form: Mapping[str, str], key: str, secret: str) -> tuple[str, Principal]:
        app = await self._apps.known(key) if key else None
        if app is not None and not hmac.compare_digest(digest(secret), bytes(app["secret"])):
            raise Refused("invalid_client", "invalid client credentials")
        try:
            session, principal = await self._by_password(form.get("username", ""), form.get("password", ""))
        except Refused as refused:
            raise Refused("invalid_grant", "authentication failure") from refused
        if app is not None and app["workspace"] != principal.tenant.workspace:
            raise Refused("invalid_client_id", "client identifier invalid")
        return session, principal

    async def _client_grant(self, key: str, secret: str) -> tuple[str, Principal]:
        """An app's secret stands for the user it was registered for; a user's token as the secret, for that user."""
        app = await self._apps.known(key)
        if app is None and secret.startswith(_TOKEN):
            return secret, await self._holder(secret, "invalid_client")
        if app is None:
            raise Refused("invalid_client_id", "client identifier invalid")
        if not hmac.compare_digest(digest(secret), bytes(app["secret"])):
            raise Refused("invalid_client", "invalid client credentials")
        if not app["account"]:
            raise Refused("invalid_grant", "no client credentials user enabled")
        return await self._app_session(app, app["account"])

    async def _signed_grant(self, assertion: str, base: str) -> tuple[str, Principal]:
        said = jwt.claims(assertion)
        app = await self._apps.known(str(said.get("iss", "")))
        if app is None or not app["public_key"]:
            raise Refused("invalid_client_id", "client identifier invalid")
        if not jwt.is_signed(assertion, jwt.public_key(app["public_key"])):
            raise Refused("invalid_grant", "invalid assertion")
        audience = said.get("aud", "")
        # Clients sign for the host they believe in, which is Salesforce's own unless they were told another.
        ours = isinstance(audience, str) and (
            audience in ("https://login.salesforce.com", "https://test.salesforce.com") or audience.startswith(base)
        )
        if not ours:
            raise Refused("invalid_grant", "audience is invalid")
        try:
            until = float(said.get("exp", ""))
        except (TypeError, ValueError):
            raise Refused("invalid_grant", "invalid assertion") from None
        now = self._clock.now().timestamp()
        if not now < until <= now + _FAR:
            raise Refused("invalid_grant", "assertion expired" if until <= now else "expiry too far in the future")
        tenant = Tenant(app["org"], app["workspace"])
        user = await self._governance.user_by_email(tenant, str(said.get("sub", "")))
        if user is None or user.deleted:
            raise Refused("invalid_grant", "user hasn't approved this consumer")
        return await self._app_session(app, user.id)

    # -- who it is --------------------------------------------------------------------------------------------------

    async def _by_password(self, username: str, password: str) -> tuple[str, Principal]:
        """The password is a user's token, or the user's password with the token behind it."""
        before, found, rest = password.rpartition(_TOKEN)
        if not found:
            raise Refused("LOGIN_MUST_USE_SECURITY_TOKEN", "Give your Dure token as the password or behind it.")
        session = found + rest
        principal = await self._holder(session, "INVALID_LOGIN")
        user = await self._governance.user(principal.tenant, principal.user) if principal.user else None
        if user is None or user.email.casefold() != username.strip().casefold():
            raise Refused("INVALID_LOGIN", _WRONG)
        if before:
            await self._check(user.email, before)
        return session, principal

    async def _holder(self, token: str, code: str) -> Principal:
        try:
            return await self._governance.principal(token)
        except NotSignedIn as error:
            raise Refused(code, _WRONG) from error

    async def _check(self, email: str, password: str) -> None:
        """The same door as everybody's, so that wrong passwords are counted here too."""
        try:
            await self._governance.sign_out(await self._governance.sign_in(email, password))
        except TooMany as error:
            raise Refused("LOGIN_RATE_EXCEEDED", error.message) from error
        except NotSignedIn as error:
            raise Refused("INVALID_LOGIN", _WRONG) from error

    async def _app_session(self, app: dict[str, Any], account: str) -> tuple[str, Principal]:
        try:
            session = await self._apps.sign_in(app, account)
            return session, await self._apps.principal(session)
        except DureError as error:
            raise Refused("invalid_grant", "authentication failure") from error


_WRONG = "Invalid username, password, security token; or user locked out."


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, coded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        key, _, secret = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return key, secret
