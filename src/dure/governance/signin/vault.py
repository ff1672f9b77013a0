"""Secrets that must be used again, sealed under the installation's signing key: the database alone tells none."""

from __future__ import annotations

import base64
from hashlib import blake2b

from cryptography.fernet import Fernet, InvalidToken


class Vault:
    def __init__(self, key: bytes) -> None:
        sealing = blake2b(key[:64], person=b"dure-signin", digest_size=32).digest()
        self._box = Fernet(base64.urlsafe_b64encode(sealing))

    def close(self, secret: bytes) -> bytes:
        return self._box.encrypt(secret)

    def open(self, sealed: bytes) -> bytes | None:
        """None where it was sealed under another key."""
        try:
            return self._box.decrypt(bytes(sealed))
        except InvalidToken:
            return None
