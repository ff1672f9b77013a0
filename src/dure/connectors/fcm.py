"""Firebase Cloud Messaging, HTTP v1: fills `campaigns.carriers.plugs.Pusher` for apps on Android (and elsewhere)."""

from __future__ import annotations

import json
import ssl
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx

from dure.campaigns.carriers.model import PUSH_KEPT, Provider, Target, answered, fitting, retry_after
from dure.campaigns.plugs import Content, Delivery, Refused, Unknown
from dure.connectors.jwt import signed
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant

URL = "https://fcm.googleapis.com"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105
_SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
_MOST = 4_000
_SECONDS = 20.0
_QUOTA = 60.0


class FcmPusher:
    """`provider.secret` is a service account's JSON. Its `token_uri` is not followed: where tokens are is a setting."""

    kind = "fcm"

    def __init__(self, clock: Clock, url: str = "", token_url: str = "", trust: ssl.SSLContext | None = None) -> None:
        self._clock = clock
        self._url = (url or URL).rstrip("/")
        self._token_url = token_url or TOKEN_URL
        context = trust or httpx.create_ssl_context(trust_env=False)
        self._http = httpx.AsyncClient(http2=True, verify=context, timeout=_SECONDS, trust_env=False)
        self._tokens: dict[bytes, tuple[datetime, str]] = {}

    async def close(self) -> None:
        await self._http.aclose()

    async def push(self, tenant: Tenant, provider: Provider, to: Target, content: Content, key: str) -> Delivery:
        """Asks for an access token where the kept one has run out; a token that is refused is asked for once anew."""
        del tenant
        body = fitting(lambda text: _payload(to, content, text, key), content.text, _MOST)
        if body is None:
            return Refused(f"A push has at most {_MOST:,} bytes.", permanent=True)
        for again in (False, True):
            token = await self._token(provider, again=again)
            if isinstance(token, Refused):
                return token
            try:
                answer = await self._http.post(
                    f"{self._url}/v1/projects/{_account(provider)['project_id']}/messages:send", content=body,
                    headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
                )  # fmt: skip
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                return Refused(f"FCM: {error or type(error).__name__}"[:300], reached=False)
            except httpx.HTTPError as error:
                return Unknown(f"FCM: {type(error).__name__} {error}"[:300])
            delivery, expired = self._read(answer)
            if not expired:
                break
        return delivery

    def _read(self, answer: httpx.Response) -> tuple[Delivery, bool]:
        said = _json(answer)
        if answer.status_code == 200:
            return answered(200, "", {}, self._clock.now(), reference=str(said.get("name", ""))), False
        error = said.get("error") or {}
        code = next(
            (one["errorCode"] for one in error.get("details") or () if "errorCode" in one), error.get("status", "")
        )
        told = f"{code} {error.get('message', answer.text)}"
        if code == "QUOTA_EXCEEDED" or answer.status_code == 429:
            wait = retry_after(answer.headers, self._clock.now()) or _QUOTA
            return Refused(f"429 {told}"[:300], retry_after=wait, busy=True), False
        if answer.status_code == 401 and code != "THIRD_PARTY_AUTH_ERROR":
            return Refused(f"401 {told}"[:300]), True
        # A token of another sender's app reaches nobody from here either.
        gone = code in ("UNREGISTERED", "SENDER_ID_MISMATCH")
        return answered(answer.status_code, told, answer.headers, self._clock.now(), gone=gone, shared=True), False

    async def _token(self, provider: Provider, *, again: bool) -> str | Refused:
        """The access token of a service account, kept until shortly before it runs out."""
        name, now = sha256(provider.secret.encode()).digest(), self._clock.now()
        until, token = self._tokens.get(name, (now, ""))
        if token and now < until and not again:
            return token
        try:
            account = _account(provider)
            claims = {
                "iss": account["client_email"], "scope": _SCOPE, "aud": self._token_url,
                "iat": int(now.timestamp()), "exp": int((now + timedelta(hours=1)).timestamp()),
            }  # fmt: skip
            assertion = signed(account["private_key"], {"kid": account.get("private_key_id", "")}, claims)
        except (ValueError, KeyError, TypeError) as error:
            return Refused(f"The service account cannot be read: {error}"[:300], reached=False)
        grant = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}
        try:
            answer = await self._http.post(self._token_url, data=grant)
        except httpx.HTTPError as error:
            return Refused(f"Google's tokens: {error or type(error).__name__}"[:300], reached=False)
        said = _json(answer)
        if answer.status_code != 200 or "access_token" not in said:
            return Refused(f"Google's tokens: {answer.status_code} {answer.text}"[:300], reached=False)
        lasts = timedelta(seconds=max(0, int(said.get("expires_in", 3600)) - 60))
        self._tokens[name] = (now + lasts, str(said["access_token"]))
        return str(said["access_token"])


def _account(provider: Provider) -> dict[str, Any]:
    account = json.loads(provider.secret)
    if not isinstance(account, dict):
        raise TypeError("it is no object")
    return account


def _payload(to: Target, content: Content, text: str, key: str) -> bytes:
    data = {"message": key, **({"url": content.url} if content.url else {})}
    shown = {"title": content.title, "body": text, **({"image": content.image} if content.image else {})}
    android = {"ttl": f"{PUSH_KEPT}s", "notification": {"tag": key}}
    message = {"token": to.token, "notification": shown, "data": data, "android": android}
    return json.dumps({"message": message}, ensure_ascii=False).encode()


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
