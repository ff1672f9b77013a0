"""Signed tokens that Google's and Apple's services know servers by (RFC 7519)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def signed(pem: str, head: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """A token under a private key in PEM: RS256 for an RSA key, ES256 for one on P-256. ValueError for any other."""
    key = load_pem_private_key(pem.encode(), None)
    algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
    body = ".".join(_part(one) for one in ({"typ": "JWT", "alg": algorithm, **head}, claims))
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256())
    elif isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        r, s = utils.decode_dss_signature(key.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32) + s.to_bytes(32)
    else:
        raise ValueError("The key is neither RSA nor on P-256.")
    return f"{body}.{_encoded(signature)}"


def _part(value: Mapping[str, Any]) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
