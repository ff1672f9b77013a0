"""`kernel.lots` in ClickHouse: the same lot for the same seed and unit."""

from __future__ import annotations

_PRIME, _BASIS = 16_777_619, 2_166_136_261


def drawn(unit: str, seed: str, start: float, end: float) -> str:
    """Whether the lot of `unit`, a text of single bytes such as a UUID, is from `start` up to and without `end`."""
    value = _BASIS
    for byte in seed.encode():
        value = (value ^ byte) * _PRIME & 0xFFFFFFFF
    lot = f"{_sum(f'toString({_sum(unit, value)})', _BASIS)} % 10000"
    return f"({lot} >= {round(start * 10_000)} and {lot} < {round(end * 10_000)})"


def _sum(text: str, begun: int) -> str:
    """FNV-1a over the bytes of a text, from where the sum was begun."""
    return (
        f"arrayFold((sum, at) -> bitAnd(bitXor(sum, toUInt64(ascii(substring({text}, at, 1)))) * {_PRIME}, 4294967295),"
        f" range(1, length({text}) + 1), toUInt64({begun}))"
    )
