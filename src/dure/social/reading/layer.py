"""What a workspace's people taught the reader: weights that add to those in the box, learned from corrections.

Each head is a softmax regression that begins at the built-in scores and is pulled back to them by a ridge, so that
one correction moves little and a dozen alike move a lot. It is fitted on the corrections' Gram matrix (few texts, many
places). How strong the pull is, and what the corrections are worth, is told by cross-validation on them; near copies
stay in one fold, or the answer would be known.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from dure.social.reading import measures
from dure.social.reading.pieces import PLACES, pieces
from dure.social.reading.weights import HEADS, WIDTH, Floats, Weights, columns

MOST = 2_000  # the newest corrections that are learned from
FEWEST = 8  # labels of a head from which it is learned
FOLDS = 5
_PULLS = (0.03, 0.1, 0.3, 1.0, 3.0)
_ROUNDS = 200

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text with what a person says it says, by head; a head left out was not looked at. `group`: its near copies'."""

    text: str
    says: Mapping[str, str]
    group: str


class Layer:
    """Weights of the places that corrections touched."""

    def __init__(self, places: NDArray[np.int32], table: Floats, start: Floats) -> None:
        self._places, self._table, self._start = places, table, start
        self._row = np.zeros(PLACES, dtype=np.int32)  # 0: a place nobody taught anything of
        self._row[places] = np.arange(1, len(places) + 1)
        self._padded = np.vstack((np.zeros((1, WIDTH), dtype=np.float32), table))

    def scores(self, matrices: Sequence[sparse.csr_array]) -> Floats:
        shape = (matrices[0].shape[0], len(self._padded))
        found: Floats = self._start + sum(
            sparse.csr_array((one.data, self._row[one.indices], one.indptr), shape=shape) @ self._padded
            for one in matrices
        )
        return found

    def packed(self) -> bytes:
        kept = io.BytesIO()
        np.savez_compressed(kept, places=self._places, table=self._table.astype(np.float16), start=self._start)
        return kept.getvalue()

    @staticmethod
    def unpacked(packed: bytes) -> Layer:
        with np.load(io.BytesIO(packed), allow_pickle=False) as kept:
            return Layer(kept["places"], kept["table"].astype(np.float32), kept["start"])


def learn(lessons: Sequence[Lesson], weights: Weights, progress: Progress) -> tuple[Layer, dict[str, Any]]:
    """A layer, and by head: `number` of labels, `before` and `after` (measures on texts not learned from), `pull`.

    A head with fewer than `FEWEST` labels is left as it is in the box.
    """
    lessons = lessons[:MOST]
    matrices = pieces([one.text for one in lessons])
    data = sparse.csr_array(sum(matrices[1:], matrices[0]))
    gram = (data @ data.T).toarray().astype(np.float64) + 0.1  # the constant is the start's share
    built_in = weights.scores(matrices).astype(np.float64)
    table, start = np.zeros((PLACES, WIDTH), dtype=np.float32), np.zeros(WIDTH, dtype=np.float32)
    said: dict[str, Any] = {}
    for step, (head, classes) in enumerate(HEADS.items()):
        rows = np.array([at for at, one in enumerate(lessons) if head in one.says], dtype=int)
        said[head] = {"number": len(rows), "learned": False}
        if len(rows) >= FEWEST:
            part = columns(head)
            truth = np.array([classes.index(lessons[at].says[head]) for at in rows])
            fold = _folds([lessons[at].group for at in rows])
            offset = built_in[rows, part] / weights.softness[head]
            known = gram[np.ix_(rows, rows)] / weights.softness[head] ** 2
            pull, outside = _best_pull(known, offset, truth, fold)
            names = [classes[at] for at in truth]
            said[head] = {
                "number": len(rows), "learned": True, "pull": pull,
                "before": measures.of(_softmax(offset), classes, names),
                "after": measures.of(_softmax(outside), classes, names),
            }  # fmt: skip
            dual = _fit(known, offset, truth, pull) / weights.softness[head]
            table[:, part] = (data[rows].T @ dual).astype(np.float32)
            start[part] = 0.1 * dual.sum(axis=0)
        progress((step + 1) / len(HEADS))
    places = np.flatnonzero(np.abs(table).max(axis=1) > 1e-4).astype(np.int32)
    return Layer(places, table[places], start), said


def _best_pull(
    gram: NDArray[Any], offset: NDArray[Any], truth: NDArray[Any], fold: NDArray[Any]
) -> tuple[float, NDArray[Any]]:
    """The pull under which texts not learned from are likeliest, and their scores under it."""
    tried = []
    for pull in _PULLS:
        scores = offset.copy()
        for number in range(FOLDS):
            asked = fold == number
            if asked.any() and not asked.all():
                dual = _fit(gram[np.ix_(~asked, ~asked)], offset[~asked], truth[~asked], pull)
                scores[asked] += gram[np.ix_(asked, ~asked)] @ dual
        chances = _softmax(scores)[np.arange(len(truth)), truth]
        tried.append((-float(np.log(np.maximum(chances, 1e-9)).mean()), -pull, scores))
    _, pull, scores = min(tried, key=lambda one: one[:2])
    return -pull, scores


def _fit(gram: NDArray[Any], offset: NDArray[Any], truth: NDArray[Any], pull: float) -> NDArray[Any]:
    """Each text's share in the weights, by accelerated descent (Nesterov 1983) along the Gram matrix."""
    wanted = np.eye(offset.shape[1])[truth]
    dual = ahead = np.zeros_like(offset)
    rate = 1 / (0.5 * float(np.abs(gram).sum(axis=1).max()) + pull)
    for number in range(_ROUNDS):
        step = _softmax(offset + gram @ ahead) - wanted + pull * ahead
        new = ahead - rate * step
        ahead = new + number / (number + 3) * (new - dual)
        dual = new
    return dual


def _folds(groups: Sequence[str]) -> NDArray[Any]:
    """A fold for each text, the same within a group, in turn by the groups' first appearance."""
    order = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    return np.array([order[group] % FOLDS for group in groups])


def _softmax(scores: NDArray[Any]) -> NDArray[Any]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: NDArray[Any] = raised / raised.sum(axis=1, keepdims=True)
    return shares
