"""Who is like the members of a segment: a ranking of everybody else, learned from members and all others.

The others are not known to be unlike (positive-unlabelled learning): a ranking of them is sound, a probability would
not be. It is tested by hiding members among the others and looking how high they come.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dure.segments.scores.additive import fit
from dure.segments.scores.features import features_at
from dure.segments.scores.measures import measure
from dure.segments.scores.model import DAY, History, Settings
from dure.segments.scores.plan import averaged, missing
from dure.segments.scores.simple import RULES, Formula, centre_of
from dure.segments.scores.training import BETTER, Progress, Refused, Rows, Trained, importance, reference

_REPEATS = 5
_HIDDEN = 0.3


def train_alike(
    history: History, settings: Settings, members: np.ndarray, now: float, progress: Progress
) -> Trained | Refused:
    """`members` says of each person whether they are in the segment."""
    found = features_at(history, now, settings.history_days, settings.eligible_days)
    labels = members[found.people].astype(np.int64)
    lacking = missing(len(labels), int(labels.sum()), int((1 - labels).sum()))
    if lacking:
        return Refused(lacking)
    tested = []
    for repeat in range(_REPEATS):
        tested.append(_hidden(found.names, found.rows, labels, repeat))
        progress(repeat + 1, _REPEATS + 1)
    names = ("model", "centre", *RULES)
    average = {
        name: {what: averaged([one[name][what] for one in tested]) for what in ("auc", "ap", "lift")} for name in names
    }
    gain = average["model"]["auc"] - average["centre"]["auc"]
    beats = gain >= BETTER
    used: Formula = (
        fit(found.names, found.rows, labels) if beats else centre_of(found.names, found.rows, labels == 1)
    )  # fmt: skip
    rows = Rows(found.people, found.names, found.rows, labels)
    progress(_REPEATS + 1, _REPEATS + 1)
    return Trained(
        {
            "formula": used.as_json(), "calibration": None, "events": list(history.events),
            "reference": reference(used, lambda odds: odds, rows),
            "seen_days": (now - float(history.time.min())) / DAY,
        },
        {
            "kind": "alike", "used": "model" if beats else "rule", "rule": "centre", "beats": beats, "gain": gain,
            "dates": tested, "average": average, "reliability": [], "importance": importance(used, rows),
            "people": len(labels), "share": float(labels.mean()), "learned": [now],
        },
    )  # fmt: skip


def _hidden(names: tuple[str, ...], rows: np.ndarray, labels: np.ndarray, repeat: int) -> dict[str, Any]:
    """Hides some members among the others, learns from the rest, and ranks all who are not openly members."""
    lots = np.random.default_rng(repeat).random(len(labels))
    hidden = (labels == 1) & (lots < _HIDDEN)
    open_ = (labels == 1) & ~hidden
    ranked = ~open_
    truth = hidden[ranked].astype(np.int64)
    model = fit(names, rows, open_.astype(np.int64))
    columns = [names.index(name) for name in model.names]
    values = {
        "model": model.log_odds(rows[:, columns])[ranked],
        "centre": centre_of(names, rows, open_).log_odds(rows)[ranked],
    }
    for rule, feature in RULES.items():
        column = rows[:, names.index(feature)]
        sign = 1.0 if column[open_].mean() > column[~open_].mean() else -1.0
        values[rule] = sign * column[ranked]
    measured = {name: measure(value, truth, probabilities=False).as_json() for name, value in values.items()}
    return {"repeat": repeat + 1, "people": int(ranked.sum()), "share": float(truth.mean()), **measured}
