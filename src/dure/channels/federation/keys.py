"""The server's own key: an Ed25519 key in the data folder, and those before it until no partner goes by them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

FILE = "federation.key"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE = 20


@dataclass(frozen=True, slots=True)
class Key:
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def id(self) -> str:
        return key_id(self.public)


class Keys:
    """The keys of a folder, the newest last. `Keys(None)` keeps them in memory, for tests."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / FILE if folder else None
        self._held: list[Key] = []

    @property
    def newest(self) -> Key:
        if not self._load():
            self._keep([_made()])
        return self._held[-1]

    def rotate(self) -> Key:
        """A new key; the ones before stay until `forget`."""
        _ = self.newest
        self._keep([*self._held, _made()])
        return self._held[-1]

    def by_id(self, id: str) -> Key:
        """KeyError where it is gone: the folder is not the one that the partner knows."""
        self._load()
        return next((key for key in self._held if key.id == id), None) or _missing(id)

    def forget(self, used: set[str]) -> None:
        """Drops every key that no partner goes by; the newest stays."""
        self._load()
        left = [key for key in self._held[:-1] if key.id in used]
        if len(left) < len(self._held) - 1:
            self._keep([*left, self._held[-1]])

    def _load(self) -> bool:
        if self._file is not None and self._file.exists():
            raw = json.loads(self._file.read_text())
            self._held = [Key(Ed25519PrivateKey.from_private_bytes(base64.b64decode(one))) for one in raw]
        return bool(self._held)

    def _keep(self, keys: list[Key]) -> None:
        self._held = keys
        if self._file is not None:
            told = [
                base64.b64encode(key.private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())).decode()
                for key in keys
            ]
            new = self._file.with_suffix(".new")
            new.touch(mode=0o600)
            new.write_text(json.dumps(told))
            new.replace(self._file)


def _made() -> Key:
    return Key(Ed25519PrivateKey.generate())


def _missing(id: str) -> Key:
    raise KeyError(f"the key {id} is not in this data folder any more")


def key_id(public: bytes) -> str:
    """A key's name: the first 96 bits of its hash."""
    return hashlib.sha256(public).hexdigest()[:24]


def fingerprint(pairing: str, one: bytes, other: bytes) -> str:
    """What both sides show and people compare: eight groups of five digits over both keys, the same on either side."""
    digest = hashlib.sha512(b"dure-fingerprint" + pairing.encode() + b"".join(sorted((one, other)))).digest()
    for _ in range(2000):
        digest = hashlib.sha512(digest + b"".join(sorted((one, other)))).digest()
    return " ".join(f"{int.from_bytes(digest[5 * n : 5 * n + 5]) % 100_000:05d}" for n in range(8))


def new_code() -> str:
    """A pairing code: a hundred bits, in groups."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_CODE))
    return "-".join(letters[n : n + 5] for n in range(0, _CODE, 5))


def code_key(code: str) -> bytes:
    """What is kept of a code, and what both prove to know it with."""
    plain = "".join(letter for letter in code.upper() if letter in _LETTERS)
    return hashlib.sha256(b"dure-pairing" + plain.encode()).digest()


def proof(key: bytes, side: str, told: Mapping[str, object]) -> str:
    """That whoever says `told` knows the code; `side` keeps one side's words from being the other's."""
    text = json.dumps({"side": side, **told}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
