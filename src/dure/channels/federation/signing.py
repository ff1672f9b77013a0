"""HTTP Message Signatures (RFC 9421) with Ed25519, and Content-Digest (RFC 9530): nothing here touches a database.

A request of Dure's covers method, address and body, and says when it was made, until when it holds, and one word that
it says only once. What is verified is what was covered; a request that covers less is refused.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dure.channels.federation.refusals import BadSignature, WrongClock

COVERED = ("@method", "@target-uri", "content-digest")
TAG = "dure-federation"
VALID_SECONDS = 120
SKEW_SECONDS = 300

_INPUT = re.compile(
    r'^([a-z][a-z0-9_\-]{0,31})=\(((?:"[^"\\]{1,64}" ?)*)\)((?:;[a-z]+=(?:\d{1,15}|"[^"\\]{0,256}"))*)$'
)
_PARAMETER = re.compile(r';([a-z]+)=(?:(\d+)|"([^"]*)")')
_SIGNATURE = re.compile(r"^([a-z][a-z0-9_\-]{0,31})=:([A-Za-z0-9+/=]{1,128}):$")


@dataclass(frozen=True, slots=True)
class Signed:
    """What the two headers say. `parameters` is the text behind the label, as it is signed itself."""

    covered: tuple[str, ...]
    parameters: str
    signature: bytes
    created: int | None
    expires: int | None
    nonce: str
    keyid: str
    tag: str


def content_digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def component(name: str, method: str, url: str, headers: Mapping[str, str]) -> str:
    """A component's value (RFC 9421 §2); `headers` by small names. BadSignature for what the request lacks."""
    parts = urlsplit(url)
    derived = {
        "@method": method,
        "@target-uri": url,
        "@authority": parts.netloc.lower(),
        "@scheme": parts.scheme.lower(),
        "@path": parts.path or "/",
        "@query": f"?{parts.query}",
    }
    if name in derived:
        return derived[name]
    if name.startswith("@") or name not in headers:
        raise BadSignature(f"The signature covers {name}, which the request does not have.")
    return " ".join(headers[name].split())


def base_of(covered: Sequence[str], parameters: str, values: Sequence[str]) -> bytes:
    """The signature base (RFC 9421 §2.5)."""
    lines = [f'"{name}": {value}' for name, value in zip(covered, values, strict=True)]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode()


def sign(
    key: Ed25519PrivateKey, method: str, url: str, body: bytes, *, keyid: str, nonce: str, created: int
) -> dict[str, str]:
    """The headers of a signed request."""
    headers = {"content-digest": content_digest(body), "content-type": "application/json"}
    names = " ".join(f'"{name}"' for name in COVERED)
    parameters = (
        f'({names});created={created};expires={created + VALID_SECONDS};nonce="{nonce}";keyid="{keyid}";tag="{TAG}"'
    )
    values = [component(name, method, url, headers) for name in COVERED]
    signature = base64.b64encode(key.sign(base_of(COVERED, parameters, values))).decode()
    return {**headers, "signature-input": f"dure={parameters}", "signature": f"dure=:{signature}:"}


def read(headers: Mapping[str, str]) -> Signed:
    """The signature that a request bears; BadSignature for none, several, or one that cannot be read."""
    named, given = headers.get("signature-input", "").strip(), headers.get("signature", "").strip()
    found, signature = _INPUT.match(named), _SIGNATURE.match(given)
    if found is None or signature is None or found[1] != signature[1]:
        raise BadSignature("The request needs one signature, as RFC 9421 writes it.")
    parameters = {name: number or text for name, number, text in _PARAMETER.findall(found[3])}
    try:
        raw = base64.b64decode(signature[2], validate=True)
        created, expires = (int(parameters[name]) if name in parameters else None for name in ("created", "expires"))
    except ValueError as error:
        raise BadSignature("The signature cannot be read.") from error
    return Signed(
        tuple(re.findall(r'"([^"]+)"', found[2])), named.partition("=")[2], raw, created, expires,
        parameters.get("nonce", ""), parameters.get("keyid", ""), parameters.get("tag", ""),
    )  # fmt: skip


def verify(key: bytes, signed: Signed, method: str, url: str, headers: Mapping[str, str]) -> None:
    """Raises BadSignature unless the owner of the public key signed exactly this."""
    values = [component(name, method, url, headers) for name in signed.covered]
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            signed.signature, base_of(signed.covered, signed.parameters, values)
        )
    except (InvalidSignature, ValueError) as error:
        raise BadSignature from error


def demand(signed: Signed, headers: Mapping[str, str], body: bytes, now: int) -> None:
    """Raises BadSignature unless a signature covers all it must, is of this time, and the body is the one covered."""
    if not set(COVERED) <= set(signed.covered) or signed.tag != TAG or len(signed.nonce) < 16 or not signed.keyid:
        raise BadSignature(f"The signature must cover {', '.join(COVERED)} with created, expires, nonce, keyid, tag.")
    if signed.created is None or signed.expires is None or signed.expires - signed.created > SKEW_SECONDS:
        raise BadSignature("The signature must say when it was made and expire within five minutes.")
    if signed.created > now + SKEW_SECONDS or signed.expires < now - SKEW_SECONDS:
        raise WrongClock(f"The signature is not of this time: the clocks differ by {abs(now - signed.created)} s.")
    if headers.get("content-digest", "").strip() != content_digest(body):
        raise BadSignature("The body is not the one that was signed.")
