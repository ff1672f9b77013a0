"""Secrets of sources: sealed under the installation's signing key, so that the database alone tells none."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import blake2b

import msgspec
from cryptography.fernet import Fernet, InvalidToken

_secrets = msgspec.json.Decoder(dict[str, str])


class Vault:
    """Closes and opens the secrets of a source, by name."""

    def __init__(self, key: bytes) -> None:
        sealing = blake2b(key[:64], person=b"dure-social", digest_size=32).digest()
        self._box = Fernet(base64.urlsafe_b64encode(sealing))

    def close(self, secrets: Mapping[str, str]) -> bytes | None:
        return self._box.encrypt(msgspec.json.encode(dict(secrets))) if secrets else None

    def open(self, sealed: bytes | None) -> dict[str, str] | None:
        """None where they were sealed under another key."""
        if sealed is None:
            return {}
        try:
            return _secrets.decode(self._box.decrypt(bytes(sealed)))
        except InvalidToken:
            return None
