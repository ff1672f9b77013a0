"""The model: a softmax regression that begins as the built-in rules and learns of people's decisions.

Its prior is a weight for every pair of intent and topic, so strong that a reading just sure enough for a rule passes
the usual gate: with nothing learned it does what the rules did. What is learned is added to it and held small (ridge),
so a few clicks move what they are about and leave the rest. Afterwards one number (the temperature) is fitted on
answers that were held out, so that a probability of 0.8 is right four times in five.
"""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dure.social.model import INTENTS, TOPICS
from dure.social.routing.features import WIDTH, Seen, known_of, matrix, pieces_of, place
from dure.social.routing.model import CLASSES, NOBODY, Example
from dure.social.rules import SURE

Floats = NDArray[np.float32]
_PAIR = 1.02 * math.log(len(CLASSES) - 1) / SURE  # a reading just sure enough: half, against all others
_RIDGE = 0.02
_ROUNDS = 60
_FOLDS = 4
LEAST = 8
"""Fewer answers teach nothing."""


def first(intent: str, topic: str) -> str | None:
    """Who looks after what as long as nobody said otherwise; None: a person has to look."""
    if intent == "complaint":
        return "product" if topic in ("buffering", "crash", "app") else "care"
    return {
        "purchase": "sales", "press": "press", "hiring": "people", "question": "care", "praise": "social",
        "crisis": "executives",
    }.get(intent)  # fmt: skip


@lru_cache(maxsize=1)
def prior() -> Floats:
    """Weights by place and class."""
    weights = np.zeros((WIDTH, len(CLASSES)), np.float32)
    for intent in (*INTENTS, "crisis"):
        for topic in TOPICS:
            if (function := first(intent, topic)) is not None:
                weights[place(f"it={intent}/{topic}"), CLASSES.index(function)] = _PAIR
    weights.setflags(write=False)
    return weights


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned, on top of the prior. `version` 0 has learned nothing."""

    version: int = 0
    places: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    learned: Floats = field(default_factory=lambda: np.zeros((0, len(CLASSES)), np.float32))
    temperature: float = 1.0
    weights: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        whole = prior()
        if len(self.places):
            whole = whole.copy()
            whole[self.places] += self.learned
        object.__setattr__(self, "weights", whole)

    def probabilities(self, mentions: Sequence[Seen]) -> Floats:
        """A row a mention, a column a class. Without anything learned texts are not looked at."""
        seen = matrix(mentions, text=len(self.places) > 0)
        return _softmax(seen @ self.weights / self.temperature)

    def why(self, one: Seen, function: str, most: int = 6) -> list[dict[str, Any]]:
        """What speaks most for a function beside the average of all: `what` (known or text), `name`, `weight`."""
        at = CLASSES.index(function)
        told: list[tuple[str, str, float, int]] = [("known", name, value, place(name)) for name, value in known_of(one)]
        if len(self.places):
            pieces = pieces_of(one.text)
            told += [("text", piece, 1 / max(1.0, len(pieces) ** 0.5), where) for piece, where in pieces.items()]
        shares = [
            (float(value * (self.weights[where, at] - self.weights[where].mean())), what, name)
            for what, name, value, where in told
        ]
        best = sorted((share for share in shares if share[0] > 0.02), reverse=True)
        # Both kinds have their place: what is known weighs more, and the words are what a person can judge.
        kept = [one for kind in ("known", "text") for one in [one for one in best if one[1] == kind][: most // 2]]
        return [{"code": what, "name": name, "weight": round(weight, 3)} for weight, what, name in kept]

    def packed(self) -> bytes:
        held = io.BytesIO()
        np.savez(held, places=self.places, learned=self.learned.astype(np.float16), temperature=self.temperature)
        return zlib.compress(held.getvalue(), 6)

    @classmethod
    def of(cls, version: int, packed: bytes) -> Model:
        with np.load(io.BytesIO(zlib.decompress(packed)), allow_pickle=False) as held:
            return cls(version, held["places"], held["learned"].astype(np.float32), float(held["temperature"]))


def learn(version: int, examples: Sequence[Example]) -> tuple[Model, Floats]:
    """The model of these answers, and for each answer the probabilities of a model that did not see it."""
    held_out = np.zeros((len(examples), len(CLASSES)), np.float32)
    seen = matrix(examples)
    targets = _targets(examples)
    folds = np.arange(len(examples)) % _FOLDS
    for fold in range(_FOLDS):
        rest, mine = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if len(rest) and len(mine):
            places, learned = _fit(seen[rest], targets[rest])
            held_out[mine] = seen[mine] @ Model(0, places, learned).weights
    temperature = _temperature(held_out, targets)
    places, learned = _fit(seen, targets)
    return Model(version, places, learned, temperature), _softmax(held_out / temperature)


def _targets(examples: Sequence[Example]) -> Floats:
    """One where people named the answer. Where they only said who it is not for, the prior is shared among the others
    and counts half."""
    targets = np.zeros((len(examples), len(CLASSES)), np.float32)
    guessed = Model().probabilities(examples)
    for number, one in enumerate(examples):
        if one.answer in one.refused:
            rest = guessed[number].copy()
            rest[[CLASSES.index(function) for function in one.refused]] = 0
            targets[number] = 0.5 * rest / max(float(rest.sum()), 1e-6)
        else:
            targets[number, CLASSES.index(one.answer)] = 1
    return targets


def _fit(seen: Any, targets: Floats) -> tuple[NDArray[np.int32], Floats]:
    """Weights of the places that occur, beside the prior."""
    base = np.asarray(seen @ prior(), np.float64)
    places = np.unique(seen.indices)
    small = seen[:, places].astype(np.float64)
    turned = small.T.tocsr()
    weight = targets.sum(axis=1, keepdims=True)
    shape = (len(places), len(CLASSES))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape)
        logits = base + small @ weights
        logits -= logits.max(axis=1, keepdims=True)
        powers = np.exp(logits)
        total = powers.sum(axis=1, keepdims=True)
        wrong = weight * powers / total - targets
        cost = float((weight * np.log(total)).sum() - (targets * logits).sum()) + _RIDGE * float((weights**2).sum())
        return cost, (turned @ wrong + 2 * _RIDGE * weights).ravel()

    from scipy.optimize import minimize  # read only by who learns: it takes longer than most rooms

    found = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return places.astype(np.int32), found.x.reshape(shape).astype(np.float32)


def _temperature(logits: Floats, targets: Floats) -> float:
    def loss(power: float) -> float:
        return -float((targets * np.log(_softmax(logits / np.exp(power)) + 1e-9)).sum())

    from scipy.optimize import minimize_scalar

    return float(np.exp(minimize_scalar(loss, bounds=(-1.0, 1.5), method="bounded").x)) if len(logits) >= 40 else 1.0


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def quality(examples: Sequence[Example], held_out: Floats, gate: float) -> Mapping[str, Any]:
    """What a model is worth, judged on answers it did not see: accuracy, top three, how much it would do by itself at
    the gate and how right, calibration, and by function precision, recall and how many there were."""
    named = [number for number, one in enumerate(examples) if one.answer not in one.refused]
    if not named:
        return {"examples": 0}
    right = np.array([CLASSES.index(examples[number].answer) for number in named])
    chances = held_out[named]
    best, sure = chances.argmax(axis=1), chances.max(axis=1)
    hits = best == right
    alone = (sure >= gate) & (best != CLASSES.index(NOBODY))
    order = np.argsort(-chances, axis=1)[:, :3]
    by_function = {}
    for at, function in enumerate(CLASSES):
        said, was = alone & (best == at), right == at
        if function != NOBODY and (said.any() or was.any()):
            by_function[function] = {
                "answers": int(was.sum()), "named": int(said.sum()),
                "precision": _share(int((said & was).sum()), int(said.sum())),
                "recall": _share(int((said & was).sum()), int(was.sum())),
            }  # fmt: skip
    return {
        "examples": len(named), "accuracy": float(hits.mean()),
        "top3": float((order == right[:, None]).any(axis=1).mean()), "coverage": float(alone.mean()),
        "precision": _share(int((hits & alone).sum()), int(alone.sum())), "calibration": calibration(sure, hits),
        "functions": by_function,
    }  # fmt: skip


def calibration(sure: NDArray[Any], hits: NDArray[Any]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [
        abs(float(sure[bins == one].mean()) - float(hits[bins == one].mean())) * float((bins == one).mean())
        for one in range(10)
        if (bins == one).any()
    ]
    return float(sum(gaps))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
