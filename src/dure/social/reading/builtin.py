"""The reader in the box: offline, in the open, a few dozen microseconds a text.

What it is: weights over hashed pieces of a text (`pieces`, `weights`), made from sentences written for it, names and
figures by patterns (`entities`), spam by weights and form (`spam`), and what a workspace's people taught it (`layer`).

What it is not: a language model. It knows no irony and little beyond its sentences' subjects. Its confidence says when
to ask a person. A stronger model fills `plugs.Reader` and is handed to `Social(reader=…)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from dure.social.model import Reading
from dure.social.reading import spam, weights
from dure.social.reading.entities import NOBODY, Dictionary, entities
from dure.social.reading.language import language_of
from dure.social.reading.layer import Layer
from dure.social.reading.pieces import pieces
from dure.social.reading.weights import HEADS, Floats, Weights

UNSURE = 0.5  # a feeling less sure than this is shown as neutral, with its small confidence
_AT_ONCE = 256


class BuiltInReader:
    """Fills `plugs.Reader`: the weights in the box, with a workspace's names and layer where there are some."""

    def __init__(self, made: Weights, layer: Layer | None = None, names: Dictionary = NOBODY) -> None:
        self._weights = made
        self._layer = layer
        self._names = names

    def read(self, texts: Sequence[str]) -> list[Reading]:
        return [one for at in range(0, len(texts), _AT_ONCE) for one in self._read(texts[at : at + _AT_ONCE])]

    def chances(self, text: str) -> dict[str, float]:
        """How likely each feeling is: `-1`, `0`, `1`."""
        [shares] = self._weights.chances(self.scores([text]), "sentiment").tolist()
        return dict(zip(HEADS["sentiment"], shares, strict=True))

    def scores(self, texts: Sequence[str]) -> Floats:
        """Texts × classes, before they become chances."""
        matrices = pieces(texts)
        scores = self._weights.scores(matrices)
        return scores if self._layer is None else scores + self._layer.scores(matrices)

    def _read(self, texts: Sequence[str]) -> list[Reading]:
        scores = self.scores(texts)
        chances = {head: self._weights.chances(scores, head).tolist() for head in HEADS}
        return [
            self._reading(text, {head: shares[at] for head, shares in chances.items()}) for at, text in enumerate(texts)
        ]

    def _reading(self, text: str, chances: Mapping[str, list[float]]) -> Reading:
        intent, sure = _best("intent", chances["intent"])
        topic, sure_of_topic = _best("topic", chances["topic"])
        feeling, felt = _best("sentiment", chances["sentiment"])
        if felt < UNSURE:
            feeling, felt = "0", chances["sentiment"][HEADS["sentiment"].index("0")]
        junk, why = spam.judged(text, chances["spam"][1], intent, sure)
        return Reading(
            language_of(text), intent, topic, int(feeling), round(sure * sure_of_topic, 3), round(felt, 3),
            round(junk, 3), entities(text, self._names), spam_why=why,
        )  # fmt: skip


@lru_cache(maxsize=1)
def built_in() -> BuiltInReader:
    """The one of this process, without anybody's names or layer."""
    return BuiltInReader(weights.shipped())


def _best(head: str, shares: Sequence[float]) -> tuple[str, float]:
    at = max(range(len(shares)), key=shares.__getitem__)
    return HEADS[head][at], shares[at]
