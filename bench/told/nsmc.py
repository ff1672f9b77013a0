"""The Naver Sentiment Movie Corpus (Lucy Park, github.com/e9t/nsmc, CC0), told from files that only bear its name."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.told.grammar import Told

ROWS = {"train": 150_000, "test": 50_000}
_NAMES = {"train": ("ratings_train.txt", "train.tsv.gz"), "test": ("ratings_test.txt", "test.tsv.gz")}


class OtherData(ValueError):
    """The files are not the corpus."""


@dataclass(frozen=True, slots=True)
class Corpus:
    train: Sequence[Told]
    test: Sequence[Told]


def read(folder: Path) -> Corpus:
    """Both parts. OtherData where a part is not there or is something else."""
    return Corpus(*(part(folder, name) for name in ("train", "test")))


def part(folder: Path, name: str) -> list[Told]:
    """A part's comments; `name` is train or test."""
    path = next((folder / one for one in _NAMES[name] if (folder / one).is_file()), None)
    if path is None:
        raise OtherData(f"{folder} has none of {', '.join(_NAMES[name])}.")
    text = (gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()).decode("utf-8")
    rows = [line.split("\t") for line in text.split("\n")[1:] if line]
    check(rows, name)
    return [
        Told(text, None, None, 1 if label.strip() == "1" else -1, None, f"nsmc {number}")
        for number, text, label in rows
        if text.strip()
    ]


def check(rows: Sequence[Sequence[str]], name: str) -> None:
    """OtherData unless there are as many comments as in the corpus, half of each label, under Naver's long ids."""
    if any(len(row) != 3 for row in rows):
        raise OtherData(f"Not NSMC ({name}): a row is id, document and label.")
    liked = sum(row[2].strip() == "1" for row in rows)
    said = f"{len(rows):,} rows, {liked:,} labelled 1, ids {rows[0][0]} to {rows[-1][0]}" if rows else "no rows"
    if len(rows) != ROWS[name] or abs(2 * liked - len(rows)) > 0.02 * len(rows):
        raise OtherData(f"Not NSMC ({name}): {said}; the corpus has {ROWS[name]:,}, half of them labelled 1.")
    if all(row[0] == str(number) for number, row in enumerate(rows, 1)):
        raise OtherData(f"Not NSMC ({name}): {said}; the corpus has Naver's ids, not a count.")
