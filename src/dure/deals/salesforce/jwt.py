"""JWT bearer assertions (RFC 7523) signed with RS256 by the key whose certificate an app registered."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dure.kernel.errors import Invalid

_SMALLEST_KEY = 2048


def public_key(pem: str) -> rsa.RSAPublicKey:
    """The key of a certificate or of a public key in PEM; Invalid for another kind, or one too short to trust."""
    try:
        if "BEGIN CERTIFICATE" in pem:
            key = x509.load_pem_x509_certificate(pem.encode()).public_key()
        else:
            key = serialization.load_pem_public_key(pem.encode())  # type: ignore[assignment]
    except (ValueError, TypeError) as error:
        raise Invalid("`certificate` is an X.509 certificate or a public key in PEM.", field="certificate") from error
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _SMALLEST_KEY:
        raise Invalid(f"`certificate` needs an RSA key of at least {_SMALLEST_KEY} bits.", field="certificate")
    return key


def claims(assertion: str) -> dict[str, Any]:
    """What an assertion says, before anybody has looked at its signature; {} where it is none."""
    try:
        found = json.loads(_decoded(assertion.split(".")[1]))
    except (IndexError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def is_signed(assertion: str, key: rsa.RSAPublicKey) -> bool:
    """Whether the key signed it. Only RS256: an algorithm that the sender chooses is no check."""
    try:
        head, body, signature = assertion.split(".")
        header = json.loads(_decoded(head))
        if not isinstance(header, dict) or header.get("alg") != "RS256":
            return False
        key.verify(_decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    except (ValueError, InvalidSignature, RecursionError):
        return False
    return True


def _decoded(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error as error:
        raise ValueError(str(error)) from error
