"""Identifiers: UUIDv7 for what is ours, Slack-shaped where Slack's clients look at the shape, UUIDv5 for people."""

from __future__ import annotations

import os
import secrets
import time
import uuid

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

PEOPLE = uuid.UUID("d7e5a9c4-6f0b-5c1e-9a63-2f1be54d0c77")


def uuid7(unix_ms: int | None = None) -> uuid.UUID:
    """A UUID that sorts by the millisecond it was made in (RFC 9562 §5.7)."""
    ms = time.time_ns() // 1_000_000 if unix_ms is None else unix_ms
    value = (ms & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return uuid.UUID(int=value)


def uuid7s(count: int) -> list[uuid.UUID]:
    """Many at once, of one millisecond and in order."""
    head = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | 7 << 76 | 2 << 62
    drawn = os.urandom(8 * count)
    # The twelve bits after the version count, so that they sort as they were made; then chance.
    return [
        uuid.UUID(int=head + (n // 4096 << 80) | (n % 4096) << 64 | int.from_bytes(drawn[8 * n : 8 * n + 8]) >> 2)
        for n in range(count)
    ]


def slack_id(prefix: str) -> str:
    """`C0…`, `U0…`, `T0…`: eleven characters, as Slack's clients expect."""
    return prefix + "0" + "".join(secrets.choice(_LETTERS) for _ in range(9))


def person_id(workspace: str, distinct_id: str) -> uuid.UUID:
    """The person a distinct id stands for before any merge: known at the door, without a look-up."""
    return uuid.uuid5(PEOPLE, f"{workspace}:{distinct_id}")
