"""What stands outside in these tests: push services, providers, a mail server. Real protocols, scripted by address."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import email
import email.policy
import functools
import json
import re
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypercorn.asyncio import serve
from hypercorn.config import Config
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dure.web.push import decoded, encoded


def pem(key: Any) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def claims_of(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Head, claims, what was signed, the signature."""
    head, claims, signature = token.split(".")
    return json.loads(decoded(head)), json.loads(decoded(claims)), f"{head}.{claims}".encode(), decoded(signature)


def es256(point: ec.EllipticCurvePublicKey, signed: bytes, signature: bytes) -> None:
    der = utils.encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    point.verify(der, signed, ec.ECDSA(hashes.SHA256()))


# -- browsers ---------------------------------------------------------------------------------------------------------


class Browser:
    """A browser's maker's service, and the browser behind it, which alone can read what comes.

    The path's end is the status it answers with.
    """

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        self.heard: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.app = Starlette(routes=[Route("/push/{device}/{status:int}", self.take, methods=["POST"])])

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscription(self, base: str, device: str = "1", status: int = 201) -> dict[str, Any]:
        keys = {"p256dh": encoded(self.public), "auth": encoded(self.auth)}
        return {"endpoint": f"{base}/push/{device}/{status}", "expirationTime": None, "keys": keys}

    async def take(self, request: Request) -> Response:
        assert request.headers["content-encoding"] == "aes128gcm"
        token, key = re.fullmatch(r"vapid t=(\S+), k=(\S+)", request.headers["authorization"]).groups()  # type: ignore[union-attr]
        _, claims, signed, signature = claims_of(token)
        es256(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(key)), signed, signature)
        assert claims["aud"] == f"http://{request.headers['host']}"
        self.heard.append(json.loads(self.decrypted(await request.body())))
        self.headers.append(dict(request.headers))
        status = request.path_params["status"]
        return Response(status_code=status, headers={"location": "/m/1", "retry-after": "7"})

    def decrypted(self, body: bytes) -> bytes:
        salt, size, sender = body[:16], body[20], body[21 : 21 + body[20]]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))

        def derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
            return HKDF(hashes.SHA256(), length, salt, info).derive(secret)

        secret = derive(self.auth, shared, b"WebPush: info\0" + self.public + sender, 32)
        key = derive(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derive(salt, secret, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, body[21 + size :], None)
        assert plain[-1] == 2
        return plain[:-1]


# -- phones -----------------------------------------------------------------------------------------------------------


@dataclass
class Apple:
    """Apple's push service: HTTP/2 over TLS, an answer by token."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    pushed: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    expired: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)

    async def take(self, request: Request) -> Response:
        assert request.scope["http_version"] == "2"
        said = await request.json()
        head, claims, signed, signature = claims_of(request.headers["authorization"].removeprefix("bearer "))
        es256(self.key.public_key(), signed, signature)
        assert (head["alg"], head["kid"], claims["iss"]) == ("ES256", "KEY123", "TEAM123")
        self.tokens.add(request.headers["authorization"])
        token, echoed = request.path_params["token"], {"apns-id": request.headers["apns-id"]}
        if token in self.expired:
            self.expired.discard(token)
            return JSONResponse({"reason": "ExpiredProviderToken"}, 403, headers=echoed)
        status, reason = self.answers.get(token, (200, ""))
        self.pushed.append((dict(request.headers), said))
        if status == 200:
            return Response(status_code=200, headers=echoed)
        return JSONResponse({"reason": reason}, status, headers=echoed | {"retry-after": "11"})

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[tuple[str, ssl.SSLContext]]:
        """Its address, and whom to trust."""
        authority = trustme.CA()
        leaf, stop = authority.issue_cert("127.0.0.1"), asyncio.Event()
        app = Starlette(routes=[Route("/3/device/{token}", self.take, methods=["POST"])])
        with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
            config = Config()
            config.bind, config.alpn_protocols = [f"fd://{listener.fileno()}"], ["h2"]
            config.certfile = config.keyfile = f"{folder}/both.pem"
            config.accesslog, config.errorlog, config.graceful_timeout = None, None, 0.5
            leaf.private_key_and_cert_chain_pem.write_to_path(f"{folder}/both.pem")
            port = listener.getsockname()[1]
            listener.detach()
            task = asyncio.ensure_future(serve(app, config, shutdown_trigger=stop.wait))  # type: ignore[arg-type]
            trust = ssl.create_default_context()
            authority.configure_trust(trust)
            yield f"https://127.0.0.1:{port}", trust
            stop.set()
            await task


class Google:
    """FCM and Google's tokens; an answer by device token."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        self.answers: dict[str, tuple[int, str, str]] = {}
        self.sent: list[dict[str, Any]] = []
        self.issued = 0
        self.valid = ""
        self.app = Starlette(
            routes=[
                Route("/token", self.token, methods=["POST"]),
                Route("/v1/projects/sori/messages:send", self.send, methods=["POST"]),
            ]
        )

    @property
    def account(self) -> str:
        return json.dumps(
            {"project_id": "sori", "client_email": "push@sori.example", "private_key": pem(self.key),
             "private_key_id": "k1", "token_uri": "http://169.254.169.254/never"}
        )  # fmt: skip

    async def token(self, request: Request) -> Response:
        form = await request.form()
        head, claims, signed, signature = claims_of(str(form["assertion"]))
        self.key.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        assert (head["alg"], claims["iss"], claims["aud"]) == ("RS256", "push@sori.example", str(request.url))
        self.issued += 1
        self.valid = f"ya29.{self.issued}"
        return JSONResponse({"access_token": self.valid, "expires_in": 3600, "token_type": "Bearer"})

    async def send(self, request: Request) -> Response:
        if request.headers["authorization"] != f"Bearer {self.valid}":
            return JSONResponse({"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "expired"}}, 401)
        message = (await request.json())["message"]
        self.sent.append(message)
        status, code, wait = self.answers.get(message["token"], (200, "", ""))
        if status == 200:
            return JSONResponse({"name": f"projects/sori/messages/{len(self.sent)}"})
        detail = {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code}
        error = {"code": status, "status": "NOT_FOUND", "message": "no", "details": [detail]}
        return JSONResponse({"error": error}, status, headers={"retry-after": wait} if wait else {})


# -- providers --------------------------------------------------------------------------------------------------------


class Endpoint:
    """An address that takes calls; `answers` are given one a call, then 200."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[Response] = []
        self.app = Starlette(routes=[Route("/{rest:path}", self.take, methods=["POST"])])

    async def take(self, request: Request) -> Response:
        self.calls.append((dict(request.headers), await request.body()))
        return self.answers.pop(0) if self.answers else JSONResponse({})


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """A server that reads what it is sent and hangs up without a word."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def nowhere() -> str:
    """An address where nobody is, nor comes: its port is taken, and nobody listens at it."""
    return f"http://127.0.0.1:{_taken().getsockname()[1]}"


@functools.cache
def _taken() -> socket.socket:
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    atexit.register(taken.close)
    return taken


# -- mail -------------------------------------------------------------------------------------------------------------


class PostOffice:
    """A mail server that answers as the address says: `451@…` at the address, `data-554@…` after the text, `drop@…`
    hangs up after it, `slow@…` never answers."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[Any] = []
        self.conversations: set[int] = set()
        self.hang_up_at_mail = False

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.conversations.add(id(session))
        if self.hang_up_at_mail:
            self.hang_up_at_mail = False
            server.transport.abort()
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        name = address.partition("@")[0]
        if found := re.fullmatch(r"(\d{3})(?:-(\d\.\d\.\d+))?", name):
            return f"{found[1]} {found[2] or ''} no"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        name = envelope.rcpt_tos[0].partition("@")[0]
        if name == "drop":
            server.transport.abort()
        if name == "slow":
            await asyncio.sleep(60)
        if found := re.fullmatch(r"data-(\d{3})", name):
            return f"{found[1]} no"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append(message)  # type: ignore[arg-type]
        self.envelopes.append(envelope)
        return "250 kept"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(self, enable_SMTPUTF8=True, hostname="test", loop=loop), "127.0.0.1", 0
        )
        async with server:
            yield server.sockets[0].getsockname()[1]
