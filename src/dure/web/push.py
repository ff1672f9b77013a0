"""Web push: a message that only one browser can read (RFC 8291, RFC 8188), and who sends it (VAPID, RFC 8292).

The push services of the browsers' makers carry what is in here and cannot read it.
"""

from __future__ import annotations

import base64
import json
import os
import struct
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
# The order of the curve's group: private keys are the numbers below it.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD = 4096
MOST = 3_800  # bytes of a message; services take no more than 4,096 with what is around it


class Sender:
    """The server as push services know it: a key pair that every process makes of the same secret."""

    def __init__(self, secret: bytes, contact: str) -> None:
        number = int.from_bytes(_hkdf(b"dure web push", secret or b"no secret", b"vapid", 48))
        self._key = ec.derive_private_key(number % (_ORDER - 1) + 1, CURVE)
        self._contact = contact

    @property
    def public(self) -> str:
        """The public key, as browsers take it for `applicationServerKey`."""
        return encoded(_point(self._key.public_key()))

    def headers(self, endpoint: str, now: datetime) -> Mapping[str, str]:
        """What a push service wants to see beside the message."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + timedelta(hours=12)).timestamp()),
            "sub": self._contact,
        }
        head = ".".join(encoded(json.dumps(part, separators=(",", ":")).encode()) for part in (_HEAD, claims))
        r, s = utils.decode_dss_signature(self._key.sign(head.encode(), ec.ECDSA(hashes.SHA256())))
        token = f"{head}.{encoded(r.to_bytes(32) + s.to_bytes(32))}"
        return {
            "Authorization": f"vapid t={token}, k={self.public}",
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": "3600",
            "Urgency": "high",
        }


_HEAD = {"typ": "JWT", "alg": "ES256"}


def encrypted(message: bytes, p256dh: bytes, auth: bytes) -> bytes:
    """A message for the browser that has the private half of `p256dh` and knows `auth`; one record."""
    if len(message) > MOST:
        raise ValueError("too long to be pushed")
    own, salt = ec.generate_private_key(CURVE), os.urandom(16)
    public = _point(own.public_key())
    shared = own.exchange(ec.ECDH(), key_of(p256dh))
    secret = _hkdf(auth, shared, b"WebPush: info\0" + p256dh + public, 32)
    key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, secret, b"Content-Encoding: nonce\0", 12)
    # The byte 2 ends the last record.
    body = AESGCM(key).encrypt(nonce, message + b"\2", None)
    return salt + struct.pack("!LB", _RECORD, len(public)) + public + body


def key_of(point: bytes) -> ec.EllipticCurvePublicKey:
    """A browser's public key; ValueError for what is not a point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)


def encoded(raw: bytes) -> str:
    """base64url without padding, as all of web push is written."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """ValueError for what is not base64url."""
    if not text.isascii() or len(text) > 500:
        raise ValueError(text[:20])
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
