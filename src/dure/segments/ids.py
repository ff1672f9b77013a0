"""Many ids of people at once, sixteen bytes each, without an object for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.bytes_]
"""Sixteen bytes a person, its halves exchanged: so they sort as ClickHouse sorts ids."""
_HEX = np.frombuffer(b"0123456789abcdef", np.uint8)


def ids_of(packed: bytes | NDArray[Any]) -> Ids:
    """Ids as ClickHouse packs them: both halves in order, the lowest byte of each first."""
    halves = np.frombuffer(packed, dtype="<u8") if isinstance(packed, bytes) else packed.view("<u8")
    return ids_packed(halves.astype(">u8").tobytes())


def ids_packed(packed: bytes) -> Ids:
    """Ids out of the sixteen bytes that they are everywhere else."""
    return np.ascontiguousarray(np.frombuffer(packed, dtype="V8").reshape(-1, 2)[:, ::-1]).view("S16").ravel()


def ids_from(people: Iterable[UUID]) -> Ids:
    return np.sort(ids_packed(b"".join(person.bytes for person in people)))


def bytes_of(ids: Ids) -> bytes:
    """The ids as they are everywhere else, sixteen bytes each."""
    return ids_packed(ids.tobytes()).tobytes()


def uuids_of(ids: Ids) -> list[UUID]:
    packed = bytes_of(ids)
    return [UUID(bytes=packed[at : at + 16]) for at in range(0, len(packed), 16)]


def texts_of(ids: Ids) -> NDArray[np.uint8]:
    """Ids as they are written, thirty-six letters each."""
    packed = np.frombuffer(bytes_of(ids), np.uint8).reshape(-1, 16)
    digits = np.empty((len(packed), 32), np.uint8)
    digits[:, 0::2], digits[:, 1::2] = _HEX[packed >> 4], _HEX[packed & 15]
    found = np.full((len(packed), 36), ord("-"), np.uint8)
    for at, start, end in ((0, 0, 8), (9, 8, 12), (14, 12, 16), (19, 16, 20), (24, 20, 32)):
        found[:, at : at + end - start] = digits[:, start:end]
    return found
