"""Lots: a number between 0 and 1 that belongs to a unit for ever, so that who is in which half never changes.

The number is GrowthBook's hash, version 2, so that its SDKs in a browser or an app draw the same lot. Exactly:
`n = fnv1a32(utf8(seed + unit))`, `n = fnv1a32(ascii(decimal(n)))`, lot = `(n mod 10000) / 10000`; fnv1a32 begins at
2166136261 and for every byte xors it in and multiplies by 16777619 modulo 2**32.
"""

from __future__ import annotations


def lot(seed: str, unit: str) -> float:
    """The unit's lot under the seed: one of 0.0000 … 0.9999. A seed ends with `:`, so that `a`+`bc` is not `ab`+`c`."""
    return _fnv1a32(str(_fnv1a32((seed + unit).encode())).encode()) % 10_000 / 10_000


def lot_v1(seed: str, unit: str) -> float:
    """GrowthBook's version 1, for experiments that began there: `fnv1a32(utf8(unit + seed)) mod 1000 / 1000`."""
    return _fnv1a32((unit + seed).encode()) % 1000 / 1000


def _fnv1a32(data: bytes) -> int:
    value = 2_166_136_261
    for byte in data:
        value = (value ^ byte) * 16_777_619 & 0xFFFFFFFF
    return value
