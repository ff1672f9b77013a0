"""Passwords: which are taken, how they are kept, and how long a wrong one takes to be found out."""

from __future__ import annotations

import asyncio
import functools
import itertools
import secrets
from base64 import b64encode
from importlib import resources

import argon2

from dure.kernel.errors import Invalid

LEAST = 8
MOST = 256
HASHER = argon2.PasswordHasher()
# Verifying against this takes as long as against a real one, so an unknown e-mail cannot be told by the time. It is
# made up, for hashing takes long on purpose, and this is needed wherever the module is.
NOBODY = "$argon2id$v={}$m={},t={},p={}${}${}".format(
    argon2.low_level.ARGON2_VERSION, HASHER.memory_cost, HASHER.time_cost, HASHER.parallelism,
    *(b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (HASHER.salt_len, HASHER.hash_len)),
)  # fmt: skip


def check(password: str, *, least: int = LEAST, about: tuple[str, ...] = ()) -> None:
    """Invalid for a password that is too short, too long, known to everybody, or the owner's own name."""
    if len(password) < least:
        raise Invalid(f"A password has at least {least} characters.", field="password", data={"least": least})
    if len(password) > MOST:
        raise Invalid(f"A password has at most {MOST} characters.", field="password")
    plain = password.casefold().strip()
    if plain in common() or plain.strip("0123456789!?.@#$*-_ ") in common() or len(set(plain)) < 3 or _runs(plain):
        raise Invalid("This password is one of the first that anybody guesses.", field="password")
    if plain in {word.casefold() for word in about if word}:
        raise Invalid("This password says who you are.", field="password")


async def hashed(password: str) -> str:
    return await asyncio.to_thread(HASHER.hash, password)


async def matches(digest: str, password: str) -> bool:
    if len(password) > 4 * MOST:
        return False

    def verify() -> bool:
        try:
            return HASHER.verify(digest, password)
        except argon2.exceptions.VerifyMismatchError:
            return False

    return await asyncio.to_thread(verify)


def outdated(digest: str) -> bool:
    """Whether it was made with other parameters than those of today, and is made anew at the next sign-in."""
    return HASHER.check_needs_rehash(digest)


@functools.cache
def common() -> frozenset[str]:
    listed = resources.files("dure.governance.signin").joinpath("common.txt").read_text(encoding="utf-8")
    return frozenset(line.strip() for line in listed.splitlines() if line and not line.startswith("#"))


def _runs(plain: str) -> bool:
    """12345678, abcdefgh, and the same backwards."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(plain)}
    return steps <= {1} or steps <= {-1}
