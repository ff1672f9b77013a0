"""`/reach/…`: what a person's site or app asks and tells, with the write key that it sends events with.

It stands before the web framework: a page that waits for its banner asks at every view. Browsers on any site may ask.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.types import Receive, Scope, Send

from dure.campaigns.cards.api import Cards
from dure.campaigns.cards.model import WORDS
from dure.campaigns.carriers.providers import Providers
from dure.campaigns.devices.api import Devices, known_as
from dure.campaigns.devices.model import read_device, token_of
from dure.campaigns.plugs import Keys
from dure.campaigns.responses.api import TOLD, Responses, message_id
from dure.kernel.errors import DureError, Invalid, Malformed, NotAllowed, NotFound, NotSignedIn, TooLarge
from dure.kernel.tenant import Tenant

PREFIX = "/reach/"
_MOST = 64 * 1024
_OPEN = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"86400"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"cache-control", b"no-store"),
]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request whose key was good. `given` is what the query and the body say; `rest` is the path's end."""

    tenant: Tenant
    given: Mapping[str, Any]
    rest: str


class ReachDoor:
    """GET `cards`, `push-key`; POST `cards/ID`, `devices`, `devices/forget`, `messages/ID`."""

    path = PREFIX + "{what}"

    def __init__(
        self, keys: Keys, providers: Providers, devices: Devices, cards: Cards, responses: Responses, push_key: str
    ) -> None:
        self._keys = keys
        self._providers = providers
        self._devices = devices
        self._cards = cards
        self._responses = responses
        self._push_key = push_key
        self._calls: Mapping[tuple[str, str], Callable[[_Asked], Awaitable[object]]] = {
            ("GET", "cards"): self._shown,
            ("GET", "push-key"): self._key,
            ("POST", "cards"): self._word,
            ("POST", "devices"): self._device,
            ("POST", "messages"): self._message,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self  # the access log names a request by its route's path
        method: str = scope["method"]
        if method == "OPTIONS":
            return await _answer(send, 204, b"")
        try:
            what, _, rest = scope["path"].removeprefix(PREFIX).strip("/").partition("/")
            call = self._calls.get((method, what))
            if call is None:
                raise NotFound("There is nothing to be asked at this address.")
            said = await call(await self._asked(scope, receive, rest))
        except DureError as error:
            # Answered here, so that the page that asked may read it.
            return await _answer(send, error.status, _encode(error.as_json()))
        return await _answer(send, 200, _encode(said))

    async def _shown(self, asked: _Asked) -> object:
        person = await self._person(asked)
        return {"cards": await self._cards.of(asked.tenant, person)}

    async def _word(self, asked: _Asked) -> object:
        person, word = await self._person(asked), asked.given.get("what")
        if word not in WORDS:
            raise Invalid(f"`what` is {', '.join(WORDS)}.", field="what")
        await self._cards.note(asked.tenant, person, message_id(asked.rest, "card"), word)
        return {"ok": True}

    async def _device(self, asked: _Asked) -> object:
        person = await self._person(asked)
        if asked.rest == "forget":
            return {"forgotten": await self._devices.forget(asked.tenant, person, token_of(asked.given))}
        return {"device": await self._devices.register(asked.tenant, person, read_device(asked.given))}

    async def _message(self, asked: _Asked) -> object:
        what = asked.given.get("what")
        if what not in TOLD:
            raise Invalid(f"`what` is {', '.join(TOLD)}.", field="what")
        await self._responses.told(asked.tenant, asked.rest, what)
        return {"ok": True}

    async def _key(self, asked: _Asked) -> object:  # noqa: ARG002 - the same for every workspace
        return {"key": self._push_key}

    async def _asked(self, scope: Scope, receive: Receive, rest: str) -> _Asked:
        given: dict[str, Any] = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if scope["method"] == "POST":
            given |= await _read(receive)
        key = _basic(scope) or given.get("write_key")
        tenant = await self._keys(key) if isinstance(key, str) else None
        if tenant is None:
            raise NotSignedIn("The write key is not known here, or it was revoked.")
        return _Asked(tenant, given, rest)

    async def _person(self, asked: _Asked) -> str:
        """The distinct id; where the workspace wants ids signed, one that its own server signed."""
        person = known_as(asked.given.get("distinct_id"))
        rule = await self._providers.of(asked.tenant, "in_app")
        if rule is not None and rule.settings.get("signed") == "yes":
            right = hmac.digest(rule.secret.encode(), person.encode(), "sha256").hex()
            if not hmac.compare_digest(str(asked.given.get("signature") or "").encode(), right.encode()):
                raise NotAllowed("`signature` is not this id's HMAC-SHA256.", field="signature")
        return person


def _basic(scope: Scope) -> str:
    """The user name of HTTP's basic sign-in, "" without one."""
    value = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
    if not value.lower().startswith(b"basic "):
        return ""
    try:
        return base64.b64decode(value[6:], validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Malformed("The Authorization header cannot be read.") from error


async def _read(receive: Receive) -> dict[str, Any]:
    """The body as JSON, whatever its content type says: `sendBeacon` calls it text."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("The connection ended before the body did.")
        part = message.get("body", b"")
        size += len(part)
        if size > _MOST:
            raise TooLarge(f"The body has more than {_MOST} bytes.")
        parts.append(part)
        if not message.get("more_body"):
            break
    try:
        return _decode(b"".join(parts)) if size else {}
    except (msgspec.DecodeError, RecursionError) as error:
        raise Malformed(f"The body is no JSON object: {error}") from error


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *_OPEN]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
