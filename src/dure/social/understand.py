"""The reader in the box: intent, topic and feeling of a short post, offline and in the open.

What it is: three softmax regressions over character n-grams (1 to 4 letters within words, so that Korean particles
and endings do not matter) and hint words (`words.txt`), trained when first used on the few hundred sentences of
`sentences.txt`, which were written for it. Both files are text: a wrong reading is mended by adding a line.

What it is not: a language model. It knows no irony and nothing beyond its examples' subjects; on comments about
anything else its feeling is worth little. Its confidence says when to ask a person. A stronger model fills
`plugs.Reader` and is handed to `Social(reader=…)`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from dure.social.language import language_of
from dure.social.model import INTENTS, TOPICS, Reading

_NOISE = re.compile(r"https?://\S+|@\w+")
_WORD = re.compile(r"[\w']+|[?!★☆]")
_NEGATED_KO = re.compile(
    r"안\s*(좋|재밌|추천|편하|반갑|만족)|(좋|재밌|재미있|편하|만족하|추천하)지\s*(는|도)?\s*(않|못)"
)
_MENDED_KO = re.compile(r"(나쁘|지루하|불편하|싫|아깝)지\s*(는|도)?\s*않")
_NEGATED_EN = re.compile(
    r"\b(not|never|isn't|wasn't|don't|doesn't)\s+(\w+\s+)?(good|great|recommend|like|work|nice|fun)"
)
_MENDED_EN = re.compile(r"\b(not|isn't|wasn't)\s+(\w+\s+)?(bad|boring|terrible)")
_GOOD, _BAD = "⟨good⟩", "⟨bad⟩"
_LONGEST = 2_000  # letters looked at
_HINT = 1.5  # a hint word's weight beside one n-gram's
_RIDGE = 0.001
_STEP = 0.4  # of what the largest curvature allows
_PULL = 0.9
_ROUNDS = 400

Floats = NDArray[np.float64]


class BuiltInReader:
    """Fills `plugs.Reader`. Making one trains it, which takes a fraction of a second; `built_in()` shares one."""

    def __init__(self, sentences: str, words: str) -> None:
        rows = [line.split("\t") for line in sentences.splitlines() if line and not line.startswith("#")]
        self._words = _hint_words(words)
        told = [self._features(text) for *_, text in rows]
        self._columns = {name: at for at, name in enumerate(sorted({name for one in told for name in one}))}
        data = np.array([self._row(features) for features in told])
        self._intent = _Regression(data, [row[0] for row in rows], tuple(INTENTS))
        self._topic = _Regression(data, [row[1] for row in rows], tuple(TOPICS))
        self._feeling = _Regression(data, [row[2] for row in rows], ("-1", "0", "1"))

    def read(self, texts: Sequence[str]) -> list[Reading]:
        return [self._reading(text) for text in texts]

    def chances(self, text: str) -> dict[str, float]:
        """How likely each feeling is: `-1`, `0`, `1`."""
        at, values = self._sparse(self._features(text))
        return dict(zip(self._feeling.classes, self._feeling.chances(at, values).tolist(), strict=True))

    def _reading(self, text: str) -> Reading:
        at, values = self._sparse(self._features(text))
        intent, sure_of_intent = self._intent.best(at, values)
        topic, sure_of_topic = self._topic.best(at, values)
        feeling, _ = self._feeling.best(at, values)
        sure = (sure_of_intent * sure_of_topic) ** 0.5
        return Reading(language_of(text), intent, topic, int(feeling), round(sure, 3))

    def _sparse(self, features: Mapping[str, float]) -> tuple[list[int], Floats]:
        """Columns and their values, of length one together; what no example had is left out."""
        known = [(self._columns[name], value) for name, value in features.items() if name in self._columns]
        values = np.array([value for _, value in known])
        length = float(np.linalg.norm(values))
        return [column for column, _ in known], values / length if length else values

    def _row(self, features: Mapping[str, float]) -> Floats:
        row = np.zeros(len(self._columns))
        at, values = self._sparse(features)
        row[at] = values
        return row

    def _features(self, text: str) -> dict[str, float]:
        plain = _NOISE.sub(" ", unicodedata.normalize("NFKC", text[:_LONGEST]).lower())
        found: dict[str, float] = {}
        words = _WORD.findall(plain)
        for word in words:
            padded = f" {word} "
            for size in range(1, 5):
                for at in range(len(padded) - size + 1):
                    piece = padded[at : at + size]
                    if not piece.isspace():
                        found[piece] = 1.0
        joined, whole = "".join(words), set(words)
        for group, stems in self._words.items():
            hits = sum(1 for stem, inside in stems if (stem in joined if inside else stem in whole))
            if hits:
                found[f"⟨{group}⟩"] = _HINT * min(hits, 3)
        if _NEGATED_KO.search(plain) or _NEGATED_EN.search(plain):
            found.pop(_GOOD, None)
            found[_BAD] = found.get(_BAD, 0) + _HINT * 2
        if _MENDED_KO.search(plain) or _MENDED_EN.search(plain):
            found.pop(_BAD, None)
            found[_GOOD] = found.get(_GOOD, 0) + _HINT * 2
        return found


class _Regression:
    """Softmax regression with a ridge, fitted by gradient descent on the examples' Gram matrix (few examples, many
    columns). Classes count equally however many examples each has."""

    def __init__(self, data: Floats, labels: Sequence[str], classes: tuple[str, ...]) -> None:
        self.classes = classes
        truth = np.array([[float(label == name) for name in classes] for label in labels])
        weight = (1 / np.maximum(truth.sum(axis=0), 1)) ** 0.5
        each = (truth * weight).sum(axis=1, keepdims=True)
        each /= each.mean()
        gram = data @ data.T + 0.1  # the constant is the intercept's share
        dual = np.zeros_like(truth)
        pull = np.zeros_like(truth)
        rate = _STEP / float(np.linalg.eigvalsh(gram)[-1] * each.max() / len(labels) + 0.01)
        for _ in range(_ROUNDS):
            step = each * (_softmax(gram @ dual) - truth) / len(labels) + _RIDGE * dual
            pull = _PULL * pull + step
            dual -= rate * pull
        self._weights = data.T @ dual
        self._start = 0.1 * dual.sum(axis=0)

    def chances(self, at: list[int], values: Floats) -> Floats:
        """The classes' probabilities for a text's columns and values."""
        chances: Floats = _softmax((values @ self._weights[at] + self._start)[None, :])[0]
        return chances

    def best(self, at: list[int], values: Floats) -> tuple[str, float]:
        chances = self.chances(at, values)
        best = int(chances.argmax())
        return self.classes[best], float(chances[best])


@lru_cache(maxsize=1)
def built_in() -> BuiltInReader:
    """The one reader of this process."""
    here = files("dure.social")
    return BuiltInReader(
        here.joinpath("sentences.txt").read_text("utf-8"), here.joinpath("words.txt").read_text("utf-8")
    )


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _hint_words(text: str) -> dict[str, list[tuple[str, bool]]]:
    """Group → (stem, whether it also counts inside a word). Latin words count whole, Korean stems anywhere."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            group, *stems = line.split()
            groups[group] = [(stem, not stem.isascii()) for stem in stems]
    return groups
