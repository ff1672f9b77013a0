"""Sorimaru's doors for signing in, with a mailbox, browsers that keep cookies, and a key made of software."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import cbor2
import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fastapi import FastAPI

from dure.automation.outgoing import HttpOutgoing
from dure.connectors.provider_calls import ProviderCalls
from dure.governance import routes as governance_routes
from dure.governance.policies import routes as policy_routes
from dure.governance.signin import codes, keeping_routes, own_routes
from dure.governance.signin import routes as signin_routes
from dure.governance.signin.plugs import Fate, Fetching
from dure.kernel.clock import StillClock
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.people_of import MONDAY_NOON, Cast, found_sori

SITE = "http://localhost:8400"
WEB = {"x-dure-client": "web"}


class Mailbox:
    """Keeps letters instead of sending them."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str, str]] = []
        self.fate: Fate = "sent"

    async def send(self, to: str, subject: str, text: str, html: str, headers: Mapping[str, str], key: str) -> Fate:
        self.letters.append((to, subject, text))
        return self.fate

    def link(self, to: str) -> str:
        """The secret of the newest link to an address."""
        text = next(text for whom, _, text in reversed(self.letters) if whom == to)
        found = re.search(r"/(?:reset|invitation)/([\w-]+)", text)
        assert found is not None
        return found[1]


class House:
    def __init__(self, cast: Cast, clock: StillClock, fetching: Fetching | None = None) -> None:
        self.cast, self.clock, self.mail = cast, clock, Mailbox()
        governance = cast.governance
        fetching = fetching or ProviderCalls(HttpOutgoing(["127.0.0.0/8", "::1/128"]))
        governance.signin.furnish(key=b"k" * 32, site=SITE, postman=self.mail, fetching=fetching)
        self.app = FastAPI()
        self.app.state.governance = governance
        front.install(self.app)
        for router in (
            governance_routes.router(governance), policy_routes.router(governance.policies),
            signin_routes.router(governance.signin), own_routes.router(governance.signin),
            keeping_routes.router(governance.signin),
        ):  # fmt: skip
            include(self.app, router)

    def browser(self, address: str = "203.0.113.7") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=(address, 5000))
        agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
        return httpx.AsyncClient(transport=transport, base_url=SITE, headers={**WEB, "user-agent": agent})

    async def joon(self, **more: str) -> httpx.AsyncClient:
        """A browser in which joon gave his password."""
        browser = self.browser()
        answer = await browser.post(
            "/api/v1/session", json={"email": "joon@sorimaru.example", "password": "correct horse"}
        )
        assert answer.status_code in (200, 204), answer.text
        return browser

    async def mina(self) -> httpx.AsyncClient:
        browser = self.browser()
        browser.headers["authorization"] = f"Bearer {self.cast.token}"
        return browser

    async def rule(self, name: str, value: str | int, *, whole: bool = False) -> None:
        await self.cast.governance.policies.set(self.cast.mina, name, value, whole=whole)

    def code(self, secret: str) -> str:
        padded = secret + "=" * (-len(secret) % 8)
        return codes.code_at(base64.b32decode(padded), codes.step_of(self.clock.now()))

    async def with_authenticator(self, browser: httpx.AsyncClient) -> tuple[str, list[str]]:
        """Sets one up in a browser; its secret and the recovery codes."""
        begun = (await browser.post("/api/v1/security/authenticator")).json()
        code = self.code(begun["secret"])
        done = await browser.post("/api/v1/security/authenticator/confirm", json={"code": code})
        assert done.status_code == 200, done.text
        return begun["secret"], done.json()["recovery"]


async def house_of(state: State, fetching: Fetching | None = None) -> House:
    clock = StillClock(MONDAY_NOON)
    return House(await found_sori(state, clock), clock, fetching)


async def me(browser: httpx.AsyncClient) -> int:
    return (await browser.get("/api/v1/me")).status_code


class SoftKey:
    """An authenticator of software: CBOR, ES256 and a counter, as WebAuthn level 2 has them."""

    def __init__(self, rp: str = "localhost", origin: str = SITE) -> None:
        self.rp, self.origin = rp, origin
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(self.private.private_numbers().private_value.to_bytes(32, "big")).digest()
        self.counter = 0

    def made(self, options: dict[str, Any]) -> dict[str, Any]:
        numbers = self.private.public_key().public_numbers()
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        data = self._data(0x45) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + key
        response = {
            "clientDataJSON": _b64(self._client("webauthn.create", options)),
            "attestationObject": _b64(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._credential(response)

    def used(self, options: dict[str, Any], *, count: bool = True) -> dict[str, Any]:
        self.counter += count
        data, client = self._data(0x05), self._client("webauthn.get", options)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._credential(
            {"clientDataJSON": _b64(client), "authenticatorData": _b64(data), "signature": _b64(signature)}
        )

    def _credential(self, response: dict[str, str]) -> dict[str, Any]:
        return {"id": _b64(self.id), "rawId": _b64(self.id), "type": "public-key", "response": response}

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
