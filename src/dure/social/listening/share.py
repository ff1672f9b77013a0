"""Queries beside each other: mentions, people and reach of each, and whose share of the voice is how large.

A share's interval comes from how it varies from step to step (the linearised variance of a ratio, with steps as
clusters), because mentions come in bursts: to take each for a throw of its own would make it far too narrow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.social.listening import log_sql
from dure.social.listening.model import Comparison, SavedQuery, Step, Voice
from dure.social.listening.preview import bounds, function_of, starts, utc
from dure.social.listening.query import Node

_BY = ("mentions", "people", "reach")
_LEAST_STEPS = 3
_Z = 1.96


async def compared(
    log: Log,
    tenant: Tenant,
    saved: Sequence[SavedQuery],
    nodes: Mapping[str, Node],
    since: datetime,
    until: datetime,
    step: Step,
) -> Comparison:
    """Of each query what there is since, and `before` in as long a time before that."""
    times = starts(since, until, step)
    if not saved:
        return Comparison(times[0], until, step, [])
    said = {key: log_sql.conditions(node, f"q{n}x") for n, (key, node) in enumerate(nodes.items())}
    bound = {name: value for one in said.values() for name, value in one.params.items()}
    bound |= bounds(since - (until - since), until) | {"middle": bounds(since, until)["since"]}
    rows = (await log.query(tenant, log_sql.compared(said, function_of(step)), bound, seconds=60)).rows
    place = {at: n for n, at in enumerate(times)}
    series = {key: np.zeros((len(_BY), len(times))) for key in nodes}
    whole: dict[str, Sequence[Any]] = {}
    before: dict[str, int] = {}
    for key, now, at, *numbers in rows:
        if at is None and now:
            whole[key] = numbers
        elif at is None:
            before[key] = int(numbers[0])
        elif now and (n := place.get(utc(at))) is not None:
            series[key][:, n] = numbers[:3]
    heard = [one for one in saved if one.role] or list(saved)
    totals = {name: sum(float(whole.get(str(one.id), _NOTHING)[n]) for one in heard) for n, name in enumerate(_BY)}
    steps = np.sum([series[str(one.id)] for one in heard], axis=0)
    voices = []
    for one in saved:
        numbers = [int(value) for value in whole.get(str(one.id), _NOTHING)]
        counted = one in heard
        share = {name: numbers[n] / totals[name] if counted and totals[name] else 0.0 for n, name in enumerate(_BY)}
        between = {
            name: interval(series[str(one.id)][n], steps[n], share[name]) if counted else None
            for n, name in enumerate(_BY)
        }
        mentions, people, reach, negative, positive = numbers
        voices.append(
            Voice(
                str(one.id), one.name, one.role, mentions, people, reach, negative, positive, share, between,
                [int(value) for value in series[str(one.id)][0]], before.get(str(one.id), 0),
            )
        )  # fmt: skip
    return Comparison(times[0], until, step, voices)


def interval(part: NDArray[np.float64], whole: NDArray[np.float64], share: float) -> tuple[float, float] | None:
    """Where a share lies nineteen times in twenty, from how its steps vary; None where there are too few of them."""
    used = whole > 0
    count = int(used.sum())
    if count < _LEAST_STEPS:
        return None
    off = part[used] - share * whole[used]
    error = float(np.sqrt((off**2).sum() * count / (count - 1)) / whole.sum())
    return max(share - _Z * error, 0.0), min(share + _Z * error, 1.0)


_NOTHING = (0, 0, 0, 0, 0)
