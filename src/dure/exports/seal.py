"""Secrets that must be used again lie encrypted in the database; the key is the data folder's."""

from __future__ import annotations

import base64
from hashlib import blake2b

from cryptography.fernet import Fernet, InvalidToken

from dure.kernel.errors import Conflict


class Seal:
    """Encrypts with a key made from the installation's signing key, which is not in the database."""

    def __init__(self, key: bytes) -> None:
        self._box = Fernet(base64.urlsafe_b64encode(blake2b(key[:64], person=b"dure-exports", digest_size=32).digest()))

    def close(self, secret: str) -> bytes:
        return self._box.encrypt(secret.encode()) if secret else b""

    def open(self, sealed: bytes) -> str:
        """Raises Conflict where it was sealed with another key."""
        if not sealed:
            return ""
        try:
            return self._box.decrypt(sealed).decode()
        except InvalidToken as error:
            raise Conflict("The secret was sealed with another signing key; make the target anew.") from error
