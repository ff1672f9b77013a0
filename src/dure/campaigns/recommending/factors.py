"""Collaborative filtering: implicit's alternating least squares (Hu, Koren, Volinsky 2008).

Only what was learned of items is kept. A person is folded in from their history at the moment they are asked for, so
that somebody new is answered like everybody else, and nothing personal lies in a model.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from numpy.typing import NDArray

from dure.campaigns.recommending.nearness import Report, quiet

# Chosen on a part of the training listens that was held back (`dure bench recommend`), not on the test.
FACTORS, CONFIDENCE, REGULARIZATION, ITERATIONS = 64, 10.0, 10.0, 15

Floats = NDArray[np.float32]


def learn(
    plays: Any, report: Report = quiet, *, factors: int = FACTORS, confidence: float = CONFIDENCE,
    regularization: float = REGULARIZATION,
) -> Floats:  # fmt: skip
    """A vector for each column of `plays` (people × tokens). Whether something was heard counts, not how often."""
    heard = plays.astype(np.float32).copy()
    heard.data[:] = confidence
    factors = max(1, min(factors, min(heard.shape) - 1)) if min(heard.shape) > 1 else 1
    model = _model(factors, ITERATIONS, regularization)
    report(0, ITERATIONS)
    model.fit(heard, show_progress=False, callback=lambda done, *_: report(done + 1, ITERATIONS))
    learned: Floats = np.ascontiguousarray(model.item_factors, np.float32)
    return learned


def folded_in(
    items: Floats, heard: Any, *, confidence: float = CONFIDENCE, regularization: float = REGULARIZATION
) -> Floats:
    """A vector for each row of `heard` (people × tokens, ones), by six steps of conjugate gradient."""
    model = _model(items.shape[1], 1, regularization)
    confident = heard.astype(np.float32).copy()
    confident.data[:] = confidence
    people: Floats = np.zeros((heard.shape[0], items.shape[1]), np.float32)
    for _ in range(2):  # each is three steps from where the one before ended
        model.solver(confident, people, items, regularization, num_threads=1)
    return people


def folded_in_exactly(items: Floats, gram: Floats, heard: Any) -> Floats:
    """The same for a few people, where making the sum over all items (`gram`, items' outer products) would be the
    larger part of the work."""
    rows = heard.tocsr()
    people: Floats = np.zeros((rows.shape[0], items.shape[1]), np.float32)
    still = gram + REGULARIZATION * np.eye(items.shape[1], dtype=np.float32)
    for person in range(rows.shape[0]):
        mine = items[rows.indices[rows.indptr[person] : rows.indptr[person + 1]]]
        people[person] = np.linalg.solve(still + (CONFIDENCE - 1) * mine.T @ mine, CONFIDENCE * mine.sum(axis=0))
    return people


def _model(factors: int, iterations: int, regularization: float) -> Any:
    return AlternatingLeastSquares(
        factors=factors, regularization=regularization, iterations=iterations, random_state=42, num_threads=1
    )
