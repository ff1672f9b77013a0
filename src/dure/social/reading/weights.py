"""The weights in the box: what each place says of intent, topic, feeling and spam, and how sure that makes one.

`weights.npz` is made by `bench/told/weights.py` from sentences written for it; it holds numbers only.
`weights.json` beside it says what they were made from and how well they do: the built-in part of the model card.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from dure.social.model import INTENTS, TOPICS
from dure.social.reading.pieces import PLACES

HEADS: Mapping[str, tuple[str, ...]] = {
    "intent": tuple(INTENTS),
    "topic": tuple(TOPICS),
    "sentiment": ("-1", "0", "1"),
    "spam": ("no", "yes"),
}
WIDTH = sum(len(classes) for classes in HEADS.values())
_HERE = files("dure.social.reading")

Floats = NDArray[np.float32]


def columns(head: str) -> slice:
    """Where a head's classes stand among all."""
    names = list(HEADS)
    start = sum(len(HEADS[name]) for name in names[: names.index(head)])
    return slice(start, start + len(HEADS[head]))


@dataclass(frozen=True, slots=True)
class Weights:
    """Places × classes, and each class's start. `softness` divides a head's scores before they become chances."""

    table: Floats
    start: Floats
    softness: Mapping[str, float]

    def scores(self, matrices: Sequence[sparse.csr_array]) -> Floats:
        """Texts × classes."""
        found: Floats = sum(matrix @ self.table for matrix in matrices) + self.start
        return found

    def chances(self, scores: Floats, head: str) -> Floats:
        """How likely each class of a head is; a text's come to one."""
        part = scores[:, columns(head)] / self.softness[head]
        raised = np.exp(part - part.max(axis=1, keepdims=True))
        shares: Floats = raised / raised.sum(axis=1, keepdims=True)
        return shares


def write(path: Path, table: Floats, start: Floats, softness: Mapping[str, float]) -> None:
    """Keeps weights in a byte each, without the places that say nothing."""
    scale = np.maximum(np.abs(table).max(axis=0), 1e-6) / 127
    rounded = np.rint(table / scale).astype(np.int8)
    places = np.flatnonzero(np.abs(rounded).max(axis=1) > 0)
    soft = np.array([softness[head] for head in HEADS], dtype=np.float32)
    # A class after the other packs better.
    np.savez_compressed(
        path, steps=np.diff(places, prepend=0).astype(np.int32), table=rounded[places].T.copy(),
        scale=scale.astype(np.float32), start=start, softness=soft,
    )  # fmt: skip


def read(path: Path) -> Weights:
    with np.load(path, allow_pickle=False) as kept:
        table = np.zeros((PLACES, WIDTH), dtype=np.float32)
        table[np.cumsum(kept["steps"])] = kept["table"].T * kept["scale"]
        return Weights(table, kept["start"], dict(zip(HEADS, kept["softness"].tolist(), strict=True)))


@lru_cache(maxsize=1)
def shipped() -> Weights:
    with as_file(_HERE / "weights.npz") as path:
        return read(path)


@lru_cache(maxsize=1)
def card() -> Mapping[str, Any]:
    """What the shipped weights were made from and how well they do."""
    said: Mapping[str, Any] = json.loads((_HERE / "weights.json").read_text("utf-8"))
    return said


@lru_cache(maxsize=1)
def hostility() -> Mapping[str, Any]:
    """How well a reader of hostility did that is not shipped: `bench/told/hostility.py`."""
    said: Mapping[str, Any] = json.loads((_HERE / "hostility.json").read_text("utf-8"))
    return said
