"""Items heard together: the cosine of their listeners, the nearest of each kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

NEIGHBOURS = 200
FEWEST_TOGETHER = 2
"""One listener in common is a coincidence, and would tell what that one person heard."""
_BLOCK = 512

Report = Callable[[int, int], None]


def quiet(done: int, total: int) -> None:
    """Nobody wants to know."""


def nearest(plays: Any, keep: int = NEIGHBOURS, report: Report = quiet) -> Any:
    """The `keep` nearest others of each column of `plays` (people × tokens), as a sparse matrix of cosines.

    Plays weigh by their logarithm, so that a day-long repeat is not a thousand votes. `report` is told how many
    columns are done of how many, and may raise to stop.
    """
    weights = plays.astype(np.float32).copy()
    weights.data = np.log1p(weights.data)
    length = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=0)).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    units = (weights @ sparse.diags(scale.astype(np.float32))).tocsc()
    heard = plays.astype(np.float32).tocsc().copy()
    heard.data[:] = 1
    units_by_person, heard_by_person = units.tocsr(), heard.tocsr()
    columns, parts = plays.shape[1], []
    for start in range(0, columns, _BLOCK):
        report(start, columns)
        stop = min(start + _BLOCK, columns)
        near = (units[:, start:stop].T @ units_by_person).tocsr()
        both = (heard[:, start:stop].T @ heard_by_person).tocsr()
        both.data = (both.data >= FEWEST_TOGETHER).astype(np.float32)
        parts.append(_best(near.multiply(both).tocsr(), start, keep))
    report(columns, columns)
    return sparse.vstack(parts, format="csr") if parts else sparse.csr_matrix((0, 0), dtype=np.float32)


def _best(near: Any, start: int, keep: int) -> Any:
    """The largest of each row, without itself."""
    near.eliminate_zeros()
    data, indices, starts = [], [], [0]
    for row in range(near.shape[0]):
        begin, end = near.indptr[row], near.indptr[row + 1]
        values, places = near.data[begin:end], near.indices[begin:end]
        others = places != start + row
        values, places = values[others], places[others]
        if len(values) > keep:
            chosen = np.argpartition(-values, keep - 1)[:keep]
            values, places = values[chosen], places[chosen]
        data.append(values)
        indices.append(places)
        starts.append(starts[-1] + len(values))
    packed = (np.concatenate(data), np.concatenate(indices), np.array(starts, np.int64)) if data else ([], [], [0])
    return sparse.csr_matrix(packed, shape=near.shape, dtype=np.float32)
