"""The model card's arithmetic: what a layer's corrections were worth, and how the reader does on an audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from dure.social.reading.measures import calibration_error, interval
from dure.social.reading.weights import HEADS

_SURENESS = {"intent": "confidence", "topic": "confidence", "sentiment": "feeling"}


def effect(figures: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """By head: `number` of corrections, the share right `before` and `after`, on texts a layer was not taught."""
    return {
        head: {"number": one["number"], "before": one["before"]["right"], "after": one["after"]["right"]}
        for head in HEADS
        if (one := figures.get(head)) and one.get("learned")
    }


def better(figures: Mapping[str, Any]) -> bool:
    """Whether a layer learned something and does more rightly than before, all heads together."""
    gained = [(one["after"] - one["before"]) * one["number"] for one in effect(figures).values()]
    return bool(gained) and sum(gained) > 0


def audit(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """By head and language: `number` judged, `right`, its 95 % interval (Wilson 1927), `ece`, recall by class."""
    found: dict[str, Any] = {}
    for head in _SURENESS:
        languages = dict.fromkeys(row["language"] or "none" for row in rows)
        found[head] = {
            language: _of(head, [row for row in rows if (row["language"] or "none") == language])
            for language in languages
        }
    return found


def _of(head: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    hits = np.array([str(row["was"][head]) == str(row["says"][head]) for row in rows])
    sure = np.array([float(row["was"].get(_SURENESS[head], 0)) for row in rows])
    says = [str(row["says"][head]) for row in rows]
    low, high = interval(int(hits.sum()), len(rows))
    return {
        "number": len(rows),
        "right": round(float(hits.mean()), 3),
        "low": low,
        "high": high,
        "ece": round(calibration_error(sure, hits), 3),
        "classes": {
            name: {"number": int(there.sum()), "recall": round(float(hits[there].mean()), 3)}
            for name in HEADS[head]
            if (there := np.array([one == name for one in says])).any()
        },
    }
