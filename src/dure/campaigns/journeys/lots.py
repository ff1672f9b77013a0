"""Lots for many people at once: `kernel.lots.lot` over an array, the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

_PRIME = np.uint32(16_777_619)
_BASIS = 2_166_136_261
_DASH, _DASHES = np.uint8(ord("-")), (8, 12, 16, 20)
"""Before which hexadecimal digits of an id's text there is one."""


def lots(seed: str, people: Sequence[UUID]) -> NDArray[np.float64]:
    """Each person's lot under the seed, one of 0.0000 … 0.9999."""
    if not people:
        return np.zeros(0)
    digits = np.frombuffer(b"".join([one.bytes for one in people]).hex().encode(), np.uint8).reshape(len(people), 32)
    value = np.full(len(people), _fnv1a32(seed.encode()), np.uint32)
    for place, column in enumerate(digits.T):
        if place in _DASHES:
            value = (value ^ _DASH) * _PRIME
        value = (value ^ column) * _PRIME
    # Then over the number in decimal digits, which are one to ten.
    numbers = value.astype(np.int64)
    digits = np.char.mod("%d", numbers).astype("S10")
    table = np.frombuffer(digits.tobytes(), np.uint8).reshape(len(people), 10)
    again = np.full(len(people), _BASIS, np.uint32)
    for column in table.T:
        there = column != 0
        again[there] = (again[there] ^ column[there]) * _PRIME
    return (again % 10_000) / 10_000.0


def _fnv1a32(data: bytes) -> int:
    value = _BASIS
    for byte in data:
        value = (value ^ byte) * 16_777_619 & 0xFFFFFFFF
    return value
