"""A reader of hostility in Korean comments, trained and tried on the spot: `python bench/told/hostility.py FOLDER`.

FOLDER holds `train.tsv.gz` and `test.tsv.gz`: 10,000 and 5,825 comments from Korean portals, label 0 hostile (abuse,
insults, contempt), 1 harmless. Nothing says under which licence, so no weights made of them are shipped; the figures
are, in `src/dure/social/reading/hostility.json`, and the model card shows them. Published tables of film comments say
nothing about these. Half of train is hostile and a third of test, so chances are too high there; and a quarter of test
stands in train word for word, which `fresh` leaves out. With `--keep FILE` the weights are kept
for whoever may use the comments. Half a minute of one core.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path[:0] = [str(Path(__file__).parents[2])]

import numpy as np  # noqa: E402
from bench.told.weights import matrix, temperature  # noqa: E402
from scipy import sparse  # noqa: E402
from sklearn.feature_extraction.text import HashingVectorizer  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.metrics import roc_auc_score  # noqa: E402

from dure.social.reading import measures  # noqa: E402

CARD = Path(measures.__file__).parent / "hostility.json"
CLASSES = ("harmless", "hostile")
BOUNDS = (0.3, 0.5, 0.7, 0.9)
FOLDS = 5
TIGHT = 2.0


def read(path: Path) -> tuple[list[str], np.ndarray]:
    """Texts, and whether each is hostile."""
    lines = gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")[1:]
    rows = [line.split("\t") for line in lines if line]
    return [row[1] for row in rows], np.array([row[2].strip() == "0" for row in rows])


def fitted(data: sparse.csr_array, hostile: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=TIGHT, max_iter=300, tol=1e-3).fit(data, hostile)


def chances(taught: sparse.csr_array, hostile: np.ndarray, asked: sparse.csr_array) -> np.ndarray:
    """Texts × (harmless, hostile), softened by what the weights do on fifths that they were not made from."""
    fold = np.arange(len(hostile)) % FOLDS
    outside = np.zeros(len(hostile))
    for number in range(FOLDS):
        model = fitted(taught[fold != number], hostile[fold != number])
        outside[fold == number] = model.decision_function(taught[fold == number])
    soft = temperature(np.column_stack([-outside / 2, outside / 2]), hostile.astype(int))
    share = 1 / (1 + np.exp(-fitted(taught, hostile).decision_function(asked) / soft))
    return np.column_stack([1 - share, share])


def tried(found: np.ndarray, hostile: np.ndarray) -> dict[str, Any]:
    """Right with interval and calibration, how well hostile ones are ranked, precision and recall from each bound."""
    said = measures.of(found, CLASSES, [CLASSES[int(one)] for one in hostile])
    said["auc"] = round(float(roc_auc_score(hostile, found[:, 1])), 3)
    said["bounds"] = [
        {
            "bound": bound,
            "right": round(float((called == hostile).mean()), 3),
            "precision": round(float(hostile[called].mean()), 3) if called.any() else None,
            "recall": round(float(called[hostile].mean()), 3),
        }
        for bound in BOUNDS
        for called in [found[:, 1] >= bound]
    ]
    return said


def words(texts: Sequence[str]) -> sparse.csr_array:
    """What the reader is compared with: whole words and pairs of them."""
    one = HashingVectorizer(n_features=2**20, ngram_range=(1, 2), token_pattern=r"\S+", alternate_sign=False)
    return sparse.csr_array(one.transform(texts))


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("folder", type=Path)
    given.add_argument("--keep", type=Path)
    asked = given.parse_args()
    texts, hostile = read(asked.folder / "train.tsv.gz")
    test, truth = read(asked.folder / "test.tsv.gz")
    pieces, test_pieces = matrix(texts), matrix(test)
    seen = set(texts)
    fresh = np.array([one not in seen for one in test])
    pieces_found = chances(pieces, hostile, test_pieces)
    most = measures.interval(int(max((~truth).sum(), truth.sum())), len(truth))
    said = {
        "train": {"number": len(texts), "hostile": int(hostile.sum())},
        "test": {"number": len(test), "hostile": int(truth.sum()), "in_train": int((~fresh).sum())},
        "majority": {"right": round(float(max(truth.mean(), 1 - truth.mean())), 3), "low": most[0], "high": most[1]},
        "pieces": tried(pieces_found, truth),
        "fresh": tried(pieces_found[fresh], truth[fresh]),
        "words": tried(chances(words(texts), hostile, words(test)), truth),
        "data": {
            name: hashlib.sha256((asked.folder / f"{name}.tsv.gz").read_bytes()).hexdigest()
            for name in ("train", "test")
        },
    }
    CARD.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if asked.keep:
        model = fitted(pieces, hostile)
        np.savez_compressed(asked.keep, weights=model.coef_.astype(np.float32), start=model.intercept_)
    print(
        f"hostile: {hostile.mean():.1%} of train, {truth.mean():.1%} of test; {(~fresh).sum():,} of test stand in train"
    )
    print(f"majority right {said['majority']['right']:.1%}")
    for name in ("pieces", "fresh", "words"):
        one = said[name]
        print(f"{name:8} right {one['right']:.1%} ({one['low']:.1%} to {one['high']:.1%}) of {one['number']:,},"
              f" AUC {one['auc']:.3f}, calibration error {one['ece']:.3f}")  # fmt: skip
        for row in one["bounds"]:
            precision = "–" if row["precision"] is None else f"{row['precision']:.1%}"
            right, recall = f"{row['right']:.1%}", f"{row['recall']:.1%}"
            print(f"  hostile from {row['bound']:.1f}: right {right}, precision {precision}, recall {recall}")


if __name__ == "__main__":
    main()
