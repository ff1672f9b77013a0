"""Makes the reader's weights anew: `python bench/told/weights.py`, the same bytes from the same sentences.

Trains four softmax regressions (intent, topic, sentiment, spam) on the sentences of `bench/told`, calibrates each on
kinds of sentence it has not seen, tries them on others, and writes `weights.npz` and `weights.json` into
`src/dure/social/reading`. It trains twice, the second time without `more.txt`, so that the card can say what that
was worth. Three minutes of one core.

With `--nsmc FOLDER` the Naver Sentiment Movie Corpus (e9t/nsmc, CC0: `ratings_train.txt`, 150,000 comments) also
teaches sentiment, and its official test (`ratings_test.txt`, 50,000) is tried. A folder that holds something else
under these names is refused: labels that mean something else would teach the wrong thing unnoticed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path[:0] = [str(Path(__file__).parents[2])]

import numpy as np  # noqa: E402
from bench.told import grammar, nsmc  # noqa: E402
from bench.told.grammar import Told  # noqa: E402
from scipy import sparse  # noqa: E402
from scipy.optimize import minimize_scalar  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402

from dure.social.reading import measures, weights  # noqa: E402
from dure.social.reading.language import language_of  # noqa: E402
from dure.social.reading.pieces import PLACES, pieces  # noqa: E402
from dure.social.reading.weights import HEADS, WIDTH, Weights  # noqa: E402

HERE = Path(weights.__file__).parent
FOLDS = 3
TIGHT = {"intent": 20.0, "topic": 20.0, "sentiment": 10.0, "spam": 5.0}  # the less, the closer weights stay to nothing


def told(one: Told, head: str) -> str | None:
    """What a sentence says for a head, as the head's class."""
    if head == "spam":
        return None if one.spam is None else ("yes" if one.spam else "no")
    value = one.feeling if head == "sentiment" else getattr(one, head)
    return None if value is None else str(value)


def matrix(texts: Sequence[str]) -> sparse.csr_array:
    parts = [pieces(texts[at : at + 1000]) for at in range(0, len(texts), 1000)]
    return sparse.csr_array(sparse.vstack([sum(part[1:], part[0]) for part in parts]))


def fit(data: sparse.csr_array, labels: Sequence[str], each: np.ndarray, head: str) -> tuple[np.ndarray, np.ndarray]:
    """A head's weights (places × classes) and starts."""
    used = np.unique(data.indices)
    classes = HEADS[head]
    model = LogisticRegression(C=TIGHT[head], class_weight="balanced", max_iter=300, tol=1e-3)
    model.fit(data[:, used], labels, sample_weight=each)
    table = np.zeros((PLACES, len(classes)), dtype=np.float32)
    start = np.full(len(classes), -20, dtype=np.float32)
    found = model.coef_ if len(model.classes_) > 2 else np.vstack([-model.coef_, model.coef_]) / 2
    starts = model.intercept_ if len(model.classes_) > 2 else np.array([-1, 1]) * model.intercept_[0] / 2
    for row, name in enumerate(model.classes_):
        table[used, classes.index(name)] = found[row]
        start[classes.index(name)] = starts[row]
    return table, start


def softness(scores: np.ndarray, truth: Sequence[str], head: str) -> float:
    """The temperature of a head's scores."""
    return temperature(scores, np.array([HEADS[head].index(one) for one in truth]))


def temperature(scores: np.ndarray, right: np.ndarray) -> float:
    """The temperature under which the truth, a class's number for each row, is likeliest (Guo and others 2017)."""

    def surprise(log: float) -> float:
        part = scores / np.exp(log)
        part = part - part.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(part).sum(axis=1)) - part[np.arange(len(right)), right]))

    return float(np.exp(minimize_scalar(surprise, bounds=(-3, 4), method="bounded").x))


def train(rows: Sequence[Told]) -> Weights:
    """All heads, calibrated on one sentence of each pattern that a third of the weights never saw: strangers' posts are
    new, too."""
    data = matrix([one.text for one in rows])
    many = Counter(one.pattern for one in rows)
    each = np.array([many[one.pattern] ** -0.5 for one in rows])  # sixteen of a pattern say as much as four sentences
    fold = np.array([zlib.crc32(one.pattern.encode()) % FOLDS for one in rows])
    first = np.array([row == 0 or rows[row - 1].pattern != one.pattern for row, one in enumerate(rows)])

    tables, starts, soft = [], [], {}
    for head in HEADS:
        labels = np.array([told(one, head) or "" for one in rows])
        known = labels != ""
        table, start = fit(data[known], labels[known].tolist(), each[known], head)
        scores, truth = [], []
        for number in range(FOLDS):
            taught, asked = known & (fold != number), known & first & (fold == number)
            other, other_start = fit(data[taught], labels[taught].tolist(), each[taught], head)
            scores.append(data[asked] @ other + other_start)
            truth.extend(labels[asked].tolist())
        tables.append(table)
        starts.append(start)
        soft[head] = softness(np.vstack(scores), truth, head)
        print(f"{head}: {known.sum():,} sentences, softness {soft[head]:.2f}", flush=True)
    return Weights(np.hstack(tables), np.concatenate(starts), soft)


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--nsmc", type=Path)
    folder = given.parse_args().nsmc
    corpus = nsmc.read(folder) if folder else None
    rows = [*grammar.sentences(), *(corpus.train if corpus else ())]
    later = {one.text for one in grammar.more()}
    made, before = train(rows), train([one for one in rows if one.text not in later])
    assert made.table.shape == (PLACES, WIDTH)
    weights.write(HERE / "weights.npz", made.table, made.start, made.softness)
    shipped = weights.read(HERE / "weights.npz")
    said: dict[str, Any] = {
        "sentences": len(rows),
        "patterns": len({one.pattern for one in rows}),
        "by_language": dict(Counter(language_of(one.text) or "none" for one in rows)),
        "bytes": (HERE / "weights.npz").stat().st_size,
        "sha256": hashlib.sha256((HERE / "weights.npz").read_bytes()).hexdigest(),
        "corpora": ["own", *(["nsmc"] if corpus else [])],
        "tried": _tried(shipped, grammar.tried()),
        "held_out": _tried(shipped, grammar.held_out()),
        "harder": _tried(shipped, grammar.harder()),
        # The same sentences, read by weights that were made without `more.txt`.
        "before": {"held_out": _tried(before, grammar.held_out()), "harder": _tried(before, grammar.harder())},
    }
    if corpus:
        said["nsmc"] = _tried(shipped, corpus.test, heads=("sentiment",))
    (HERE / "weights.json").write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for name in ("tried", "held_out", "harder", *(["nsmc"] if corpus else [])):
        _print(name, said[name], said["before"].get(name, {}))


def _print(name: str, found: dict[str, Any], before: dict[str, Any]) -> None:
    """A line a head and language: right of how many, with its 95 % interval, and before."""
    for head, languages in found.items():
        for language, one in languages.items():
            was = f"  before {before[head][language]['right']:.1%}" if before else ""
            number, between = one["number"], f"{one['low']:.1%} to {one['high']:.1%}"
            print(f"{name:9} {head:10} {language} {one['right']:6.1%} of {number} ({between}){was}")


def _tried(shipped: Weights, asked: Sequence[Told], heads: Sequence[str] = tuple(HEADS)) -> dict[str, Any]:
    """By head and language: how many, the share that is right, the error of confidence, right by class."""
    scores = shipped.scores(pieces([one.text for one in asked]))
    languages = np.array([language_of(one.text) for one in asked])
    return {
        head: {
            language: measures.of(
                shipped.chances(scores[languages == language], head), HEADS[head],
                [told(one, head) or "" for one, there in zip(asked, languages == language, strict=True) if there],
            )
            for language in ("ko", "en") if (languages == language).any()
        }
        for head in heads
    }  # fmt: skip


if __name__ == "__main__":
    main()
