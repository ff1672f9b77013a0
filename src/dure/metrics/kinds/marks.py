"""In which intervals of a range somebody was active, as the bits of one number: bit n is interval n.

One number a person is what an array of times would be without its memory, and `or` over the events makes it.
"""

from __future__ import annotations

MOST = 256
_WIDTHS = (64, 128, MOST)


def fits(count: int) -> bool:
    """Whether so many intervals find room in one number."""
    return count <= MOST


def kind(count: int) -> str:
    """The smallest type of ClickHouse with room for so many intervals."""
    return next(f"UInt{width}" for width in _WIDTHS if count <= width)


def gathered(count: int, at: str, which: str = "true") -> str:
    """The aggregate over events: the bits of the intervals `at` of those where `which` holds.

    `at` must not be negative, also where `which` does not hold.
    """
    return f"groupBitOr(bitShiftLeft(to{kind(count)}({which}), {at}))"


def lowest(bits: str, last: int, room: int) -> str:
    """The first `last` bits of a number that has room for `room`."""
    return f"bitAnd({bits}, {_constant((1 << min(last, room)) - 1, room)})"


def among(bits: str, first: int, last: int, room: int) -> str:
    """Whether a bit from `first` on and before `last` is set in a number that has room for `room`."""
    wanted = (1 << min(last, room)) - (1 << min(first, room))
    return f"bitAnd({bits}, {_constant(wanted, room)}) != 0"


def positions(bits: str) -> str:
    """The numbers of the bits that are set, as an array of Int64."""
    return f"arrayMap(B -> toInt64(B), bitPositionsToArray({bits}))"


def _constant(number: int, room: int) -> str:
    """A number of the type that has room for `room` intervals; in quotes, because no literal is wider than 64 bits."""
    return f"to{kind(room)}('{number}')"
