"""`kernel.lots` in ClickHouse: the same lot for the same seed and unit.

FNV-1a takes a byte after the other, so the sum is written out byte by byte: that runs over columns, and a fold over
an array of bytes is fifty times slower.
"""

from __future__ import annotations

_PRIME, _BASIS, _UUID = 16_777_619, 2_166_136_261, 36


def drawn(unit: str, seed: str, start: float, end: float) -> str:
    """Whether the lot of `unit` (a text of 36 bytes, such as a UUID) is from `start` up to and without `end`."""
    value = _BASIS
    for byte in seed.encode():
        value = (value ^ byte) * _PRIME & 0xFFFFFFFF
    first = f"toUInt64({value})"
    for place in range(1, _UUID + 1):
        first = _step(first, unit, place)
    low, high = round(start * 10_000), round(end * 10_000)
    # The second sum goes over the digits of the first, of which there are one to ten.
    lengths = ", ".join(
        f"length(digits) = {many}, {_digits(many)}" for many in range(1, 10)
    )  # fmt: skip
    lot = f"arrayMap(digits -> multiIf({lengths}, {_digits(10)}), [toString({first})])[1] % 10000"
    return f"({lot} >= {low} and {lot} < {high})"


def _digits(many: int) -> str:
    value = f"toUInt64({_BASIS})"
    for place in range(1, many + 1):
        value = _step(value, "digits", place)
    return value


def _step(value: str, text: str, place: int) -> str:
    return f"bitAnd(bitXor({value}, toUInt64(ascii(substring({text}, {place}, 1)))) * {_PRIME}, 4294967295)"
