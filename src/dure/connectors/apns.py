"""Apple's push service over HTTP/2: fills `campaigns.carriers.plugs.Pusher` for apps on iPhones and Macs."""

from __future__ import annotations

import json
import ssl
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid5

import httpx

from dure.campaigns.carriers.model import PUSH_KEPT, Provider, Target, answered, fitting
from dure.campaigns.plugs import Content, Delivery, Refused, Unknown
from dure.connectors.jwt import signed
from dure.kernel.clock import Clock
from dure.kernel.tenant import Tenant

URLS = {"production": "https://api.push.apple.com", "sandbox": "https://api.sandbox.push.apple.com"}
_MOST = 4_096
_SECONDS = 20.0
# Apple refuses tokens older than an hour, and those who make a new one more often than every twenty minutes.
_TOKEN_KEPT = timedelta(minutes=45)


class ApnsPusher:
    """`provider.secret` is the key (.p8) in PEM; `settings` name `key_id`, `team_id`, `topic` and `environment`."""

    kind = "apns"

    def __init__(self, clock: Clock, url: str = "", trust: ssl.SSLContext | None = None) -> None:
        self._clock = clock
        self._url = url.rstrip("/")
        context = trust or httpx.create_ssl_context(trust_env=False)
        self._http = httpx.AsyncClient(http2=True, http1=False, verify=context, timeout=_SECONDS, trust_env=False)
        self._tokens: dict[bytes, tuple[datetime, str]] = {}

    async def close(self) -> None:
        await self._http.aclose()

    async def push(self, tenant: Tenant, provider: Provider, to: Target, content: Content, key: str) -> Delivery:
        """`apns-id` is made of the message and the device: a repeat would carry the same."""
        del tenant
        body = fitting(lambda text: _payload(content, text, key), content.text, _MOST)
        if body is None:
            return Refused(f"A push has at most {_MOST:,} bytes.", permanent=True)
        base = self._url or URLS.get(provider.settings.get("environment") or "production", URLS["production"])
        for again in (False, True):
            try:
                token = self._token(provider, again=again)
            except (ValueError, KeyError, TypeError) as error:
                return Refused(f"The key of Apple's cannot be used: {error}"[:300], reached=False)
            headers = {
                "authorization": f"bearer {token}", "apns-id": str(uuid5(UUID(key), to.token)),
                "apns-topic": provider.settings["topic"], "apns-push-type": "alert", "apns-priority": "10",
                "apns-expiration": str(int(self._clock.now().timestamp()) + PUSH_KEPT), "apns-collapse-id": key,
            }  # fmt: skip
            try:
                answer = await self._http.post(f"{base}/3/device/{to.token}", content=body, headers=headers)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                return Refused(f"APNs: {error or type(error).__name__}"[:300], reached=False)
            except httpx.HTTPError as error:
                return Unknown(f"APNs: {type(error).__name__} {error}"[:300])
            reason = _reason(answer)
            if reason != "ExpiredProviderToken":
                break
        return answered(
            answer.status_code, reason, answer.headers, self._clock.now(), gone=answer.status_code == 410,
            reference=answer.headers.get("apns-id", ""),
        )  # fmt: skip

    def _token(self, provider: Provider, *, again: bool) -> str:
        settings, now = provider.settings, self._clock.now()
        name = sha256(f"{settings['team_id']}\0{settings['key_id']}\0{provider.secret}".encode()).digest()
        until, token = self._tokens.get(name, (now, ""))
        if not token or now >= until or again:
            claims = {"iss": settings["team_id"], "iat": int(now.timestamp())}
            token = signed(provider.secret, {"kid": settings["key_id"]}, claims)
            self._tokens[name] = (now + _TOKEN_KEPT, token)
        return token


def _payload(content: Content, text: str, key: str) -> bytes:
    aps = {"alert": {"title": content.title, "body": text}, "sound": "default"}
    extra = {name: value for name, value in (("url", content.url), ("image", content.image)) if value}
    # An app's own extension fetches the image before it is shown.
    shown = {"aps": {**aps, "mutable-content": 1} if content.image else aps, "message": key, **extra}
    return json.dumps(shown, ensure_ascii=False).encode()


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("reason", ""))
    except (ValueError, AttributeError):
        return answer.text[:200]
