"""Signed requests to a partner, by the one way out that refuses private networks."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from dure.automation.plugs import Answer
from dure.channels.federation import signing
from dure.channels.federation.keys import Key
from dure.channels.federation.model import MOST_BYTES, PREFIX
from dure.channels.federation.refusals import WrongAddress
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError
from dure.kernel.tenant import Tenant

_SECONDS = 30.0


class Outgoing(Protocol):
    """The way out, with how much of an answer is read."""

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float,
        most: int = ...,
    ) -> Answer: ...  # fmt: skip


class Refused(Exception):
    """The other server answered that it will not; `code` is its word for why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Caller:
    def __init__(self, clock: Clock, outgoing: Outgoing, *, plain: bool) -> None:
        """`plain`: whether an address may be http, as in a network of one's own."""
        self._clock, self._outgoing, self._plain = clock, outgoing, plain

    def read(self, address: str) -> str:
        """A server's address as it is kept. Raises WrongAddress."""
        parts = urlsplit(address.strip())
        schemes = ("https", "http") if self._plain else ("https",)
        if parts.scheme not in schemes or not parts.hostname or parts.path.strip("/") or parts.query or parts.username:
            raise WrongAddress("An address is https://HOST, without a path.", field="address")
        return f"{parts.scheme}://{parts.netloc.lower()}"

    async def post(
        self, tenant: Tenant, address: str, path: str, told: Mapping[str, Any], key: Key, pairing: str
    ) -> dict[str, Any]:
        """The answer's object. Raises OSError where nobody answers, and Refused."""
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        return self._object(await self._send(tenant, "POST", address, path, body, key, pairing, MOST_BYTES))

    async def get(self, tenant: Tenant, address: str, path: str, key: Key, pairing: str, most: int) -> bytes:
        answer = await self._send(tenant, "GET", address, path, b"", key, pairing, most)
        if answer.status != 200:
            self._object(answer)
        return bytes(answer.body)

    async def _send(
        self, tenant: Tenant, method: str, address: str, path: str, body: bytes, key: Key, pairing: str, most: int
    ) -> Any:
        url = f"{address}{PREFIX}{path}"
        headers = signing.sign(
            key.private, method, url, body, keyid=f"{pairing}.{key.id}", nonce=secrets.token_urlsafe(18),
            created=int(self._clock.now().timestamp()),
        )  # fmt: skip
        try:
            return await self._outgoing.send(tenant, method, url, headers, body, _SECONDS, most)
        except DureError as refusal:
            raise Refused(refusal.status, "forbidden", refusal.message) from refusal

    def _object(self, answer: Any) -> dict[str, Any]:
        said = answer.json
        if answer.status == 200 and isinstance(said, dict):
            return said
        error = said.get("error") if isinstance(said, dict) else None
        told = error if isinstance(error, dict) else {}
        message = str(told.get("message") or f"The server answered {answer.status}.")[:300]
        raise Refused(answer.status, str(told.get("code") or "http_error")[:60], message)
