"""Fields that know how a deal ended, because they were filled in when it did: they are left out, and it is said why.

Where a pipeline was brought in from elsewhere there is often only the last state of a field. An amount that is nothing
for every lost deal, or a close date that is the day on which the deal was closed, would make a model look brilliant in
every test and be worth nothing for an open deal.
"""

from __future__ import annotations

import numpy as np

from dure.deals.winning.features import AMOUNT, DUE
from dure.deals.winning.measure import auc
from dure.deals.winning.past import Past

_TELLING = 0.9
_SAME_DAY = 0.3
_FEW = 30

TELLS_OUTCOME = "tells_outcome"
WRITTEN_AT_CLOSE = "written_at_close"


def leaks(past: Past, at: float) -> dict[str, str]:
    """Names of features to leave out, each with the reason's code; judged by what was closed before `at`."""
    last = past.last_step(at)
    closed = np.flatnonzero((past.closed < at) & (last >= 0))
    found: dict[str, str] = {}
    if closed.size < _FEW:
        return found
    first = np.full(len(past.ids), -1, dtype=np.int64)
    first[past.step_deal[::-1]] = np.arange(len(past.step_deal))[::-1]
    told = auc(past.step_amount[first[closed]], past.won[closed])
    if not 1 - _TELLING < told < _TELLING:
        found[AMOUNT] = TELLS_OUTCOME
    # Planned at the beginning, to the very day: nobody foresees that for a third of all deals.
    planned = past.step_close[first[closed]] - 719_163
    if np.mean(np.abs(planned - np.floor(past.closed[closed])) < 1) > _SAME_DAY:
        found[DUE] = WRITTEN_AT_CLOSE
    return found
