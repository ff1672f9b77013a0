"""Access tokens of Google's APIs: from a service account's key, or from a refresh token that somebody agreed to."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

from dure.connectors.jwt import signed
from dure.connectors.polite import as_form, told
from dure.social.plugs import Given, Trouble, Web

TOKENS = "https://oauth2.googleapis.com/token"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_BEFORE_ITS_END = 60


class GoogleKeys:
    """Tokens of this process, each kept while it holds."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._kept: dict[bytes, tuple[float, str]] = {}

    async def token(self, given: Given, scope: str, address: str = TOKENS) -> str:
        """A token by `account` (a service account's JSON) or by `client` (client id, secret and refresh token in JSON).
        Trouble where the secret is neither."""
        secret = given.secrets.get("account") or given.secrets.get("client") or ""
        name = hashlib.sha256(f"{given.tenant.workspace}\0{scope}\0{address}\0{secret}".encode()).digest()
        until, token = self._kept.get(name, (0.0, ""))
        if token and time.monotonic() < until:
            return token
        headers, body = as_form(_asked(secret, given, scope, address))
        made, _ = await told(self._web, given, address, method="POST", headers=headers, body=body)
        if not isinstance(made, dict) or "access_token" not in made:
            raise Trouble("refused_key", "Google gave no access token.")
        lasts = max(0, int(made.get("expires_in", 3600)) - _BEFORE_ITS_END)
        self._kept[name] = (time.monotonic() + lasts, str(made["access_token"]))
        return str(made["access_token"])


def _asked(secret: str, given: Given, scope: str, address: str) -> dict[str, Any]:
    try:
        known = json.loads(secret)
        if "refresh_token" in known:
            names = ("client_id", "client_secret", "refresh_token")
            return {"grant_type": "refresh_token", **{name: known[name] for name in names}}
        now = int(given.now.timestamp())
        claims = {"iss": known["client_email"], "scope": scope, "aud": address, "iat": now, "exp": now + 3600}
        assertion = signed(known["private_key"], {"kid": known.get("private_key_id", "")}, claims)
    except (ValueError, KeyError, TypeError) as error:
        raise Trouble("refused_key", f"The key cannot be read: {error}") from error
    return {"grant_type": _GRANT, "assertion": assertion}
