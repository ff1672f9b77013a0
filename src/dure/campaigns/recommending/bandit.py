"""Which kind for whom: Thompson sampling. Each kind's chance of success is drawn from what is known of it, and the
kinds are tried from the highest draw down, so that the better one is shown more the surer one is of it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np

from dure.campaigns.recommending.model import BLENDED, Kind

_LOTS = 1_024
Outcomes = Mapping[str, tuple[int, int, int, int]]


def orders(workspace: str, outcomes: Outcomes, people: Sequence[UUID], at: datetime) -> list[list[Kind]]:
    """For each person the kinds from the highest draw down. The same person gets the same in the same hour, so that a
    dry run shows what will be sent and looking twice is no second draw."""
    seed = zlib.crc32(f"{workspace} {at:%Y-%m-%d %H}".encode())
    draws = np.random.default_rng(seed).beta(*_beliefs(outcomes), size=(_LOTS, len(BLENDED)))
    ranked = [[BLENDED[each] for each in row] for row in np.argsort(-draws, axis=1, kind="stable").tolist()]
    return [ranked[person.int % _LOTS] for person in people]


def chances(outcomes: Outcomes, draws: int = 100_000) -> dict[Kind, float]:
    """How likely each kind is the best, and so the share of people who are shown it first."""
    drawn = np.random.default_rng(20_261_126).beta(*_beliefs(outcomes), size=(draws, len(BLENDED)))
    best = np.bincount(np.argmax(drawn, axis=1), minlength=len(BLENDED)) / draws
    return dict(zip(BLENDED, best.tolist(), strict=True))


def _beliefs(outcomes: Outcomes) -> tuple[np.ndarray, np.ndarray]:
    shown = np.array([outcomes.get(kind, (0, 0, 0, 0))[0] for kind in BLENDED], float)
    won = np.array([outcomes.get(kind, (0, 0, 0, 0))[3] for kind in BLENDED], float)
    return won + 1, shown - won + 1
