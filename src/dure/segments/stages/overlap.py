"""How segments lie over one another, out of one count of who is in which of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from dure.segments.stages.model import Overlap


def overlap(segments: Sequence[str], patterns: Iterable[tuple[Sequence[str], int]]) -> Overlap:
    """`patterns` are the sets of segments that people are in, each with how many are in exactly these; the empty one
    with how many are in none."""
    pairs: Counter[tuple[str, str]] = Counter()
    only: Counter[str] = Counter()
    depth: Counter[int] = Counter()
    for inside, people in patterns:
        depth[len(inside)] += people
        if len(inside) == 1:
            only[inside[0]] += people
        for one in inside:
            for other in inside:
                pairs[one, other] += people
    deepest = max((many for many, people in depth.items() if people), default=0)
    return Overlap(
        tuple(segments), sum(depth.values()),
        {(one, other): pairs[one, other] for one in segments for other in segments},
        {one: only[one] for one in segments}, tuple(depth[many] for many in range(max(deepest, 1) + 1)),
    )  # fmt: skip
