"""Training a score: tested at dates of the past as it would have been used then, beside the simple rules.

Pure: a history goes in, a trained version or what is missing comes out. It runs in a process of its own (`worker`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dure.segments.scores import measures
from dure.segments.scores.additive import Additive, fit
from dure.segments.scores.calibration import Calibration, calibrate
from dure.segments.scores.features import Features, aligned, features_at, left, not_filled, reached
from dure.segments.scores.measures import measure, reliability
from dure.segments.scores.model import DAY, Floats, History, Ints, Settings
from dure.segments.scores.plan import FEWEST_OUTCOMES, FEWEST_TESTED, Lacking, averaged, dates, missing
from dure.segments.scores.simple import RULES, Formula, by_rule

_FOLDS = 3
_MOST_ROWS = 60_000
BETTER = 0.005
"""By how much AUC a model must be above the best rule on the average to be worth its keep."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """What a version knows, and its card."""

    coefficients: Mapping[str, Any]
    card: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was trained: what is missing, by code, with how much there is (`have`) and how much it takes (`need`)."""

    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """People at a cut-off: what was known then, and what happened after."""

    people: Ints
    names: tuple[str, ...]
    rows: Floats
    labels: Ints


def train(history: History, settings: Settings, begin: float, now: float, progress: Progress) -> Trained | Refused:
    """Likely to churn or to convert. `begin` is when the log begins, `now` the moment up to which it is known."""
    planned = dates(settings, begin, now)
    if isinstance(planned, dict):
        return Refused(planned)
    total, done = len(planned.tests) * (_FOLDS + 3) + _FOLDS + 2, 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    tested: list[dict[str, Any]] = []
    foretold: dict[str, list[tuple[Floats, Ints]]] = {}
    for at, learned in zip(planned.tests, planned.learned, strict=True):
        pool = [people_at(history, settings, cut) for cut in learned]
        test = people_at(history, settings, at)
        lacking = _lacking(_together(pool)) or _lacking(test, FEWEST_TESTED)
        if lacking:
            return Refused({**lacking, "at": float(at)})
        tested.append(_tested(float(at), pool, test, foretold, settings, step))
    pool = [people_at(history, settings, cut) for cut in planned.last]
    everybody = _together(pool)
    if lacking := _lacking(everybody):
        return Refused(lacking)
    best_rule = max(RULES, key=lambda rule: averaged([one[rule]["auc"] for one in tested]))
    gain = averaged([one["model"]["auc"] - one[best_rule]["auc"] for one in tested])
    brier = averaged([one["model"]["brier"] - one[best_rule]["brier"] for one in tested])
    won = sum(one["model"]["auc"] > one[best_rule]["auc"] for one in tested)
    # Of rare outcomes AUC says little about the few at the top, who are the ones acted on: there AP must not be worse.
    precision = averaged([one["model"]["ap"] - one[best_rule]["ap"] for one in tested])
    beats = gain >= BETTER and precision >= 0 and brier <= 0.001 and won * 2 > len(tested)
    used: Formula
    if beats:
        used, calibration = _fitted(pool, step)
    else:
        used, calibration = _ruled(best_rule, pool, settings)
    key = "model" if beats else best_rule
    happened = foretold[key]
    step()
    return Trained(
        {
            "formula": used.as_json(), "calibration": calibration.as_json(), "events": list(history.events),
            "reference": reference(used, calibration, pool[0]), "seen_days": (planned.last[0] - begin) / DAY,
        },
        {
            "kind": settings.kind, "used": "model" if beats else "rule", "rule": best_rule, "beats": beats,
            "gain": gain, "dates": tested,
            "average": {
                name: {what: averaged([one[name][what] for one in tested]) for what in ("auc", "ap", "brier", "lift")}
                for name in ("model", "recency", "frequency", "challenger")
            },
            "reliability": reliability(
                np.concatenate([said for said, _ in happened]), np.concatenate([labels for _, labels in happened])
            ),
            "importance": importance(used, everybody),
            "people": len(pool[0].people), "share": float(pool[0].labels.mean()),
            "learned": [float(cut) for cut in planned.last],
        },
    )  # fmt: skip


def people_at(history: History, settings: Settings, at: float) -> Rows:
    """Who would have been scored at a cut-off, with what was known strictly before it and what happened after."""
    found = features_at(history, at, settings.history_days, settings.eligible_days)
    begin = at + settings.gap_days * DAY
    end = begin + settings.horizon_days * DAY
    found = without_goal(history, settings, found, at)
    foretell = left if settings.kind == "churn" else reached
    return Rows(found.people, found.names, found.rows, foretell(history, found.people, begin, end))


def without_goal(history: History, settings: Settings, found: Features, at: float) -> Features:
    """Leaves out who reached the goal before, where only the first time counts."""
    if not settings.first_only:
        return found
    before = reached(history, found.people, -np.inf, at) == 1
    return Features(found.people[~before], found.names, found.rows[~before])


def sign_of(rule: str, settings: Settings) -> float:
    """Who was away for long churns; who comes often converts."""
    return (1.0 if rule == "recency" else -1.0) * (1.0 if settings.kind == "churn" else -1.0)


def _lacking(some: Rows, outcomes: int = FEWEST_OUTCOMES) -> Lacking | None:
    positives = int(some.labels.sum())
    return missing(len(np.unique(some.people)), positives, len(some.labels) - positives, outcomes)


def _tested(
    at: float, pool: Sequence[Rows], test: Rows, foretold: dict[str, list[tuple[Floats, Ints]]], settings: Settings,
    step: Callable[[], None],
) -> dict[str, Any]:  # fmt: skip
    found: dict[str, Any] = {"at": at, "people": len(test.people), "share": float(test.labels.mean())}
    model, calibration = _fitted(pool, step)
    said = {"model": calibration(model.log_odds(_of(test, model.names)))}
    step()
    for rule in RULES:
        ruled, means = _ruled(rule, pool, settings)
        said[rule] = means(ruled.log_odds(_of(test, ruled.names)))
    step()
    said["challenger"] = _challenger(_together(pool), test)
    step()
    for name, values in said.items():
        found[name] = measure(values, test.labels).as_json()
        foretold.setdefault(name, []).append((values, test.labels))
    for rule in RULES:  # the ranking of a rule is that of its feature, not of the steps it was calibrated in
        ranking = sign_of(rule, settings) * _of(test, (RULES[rule],))[:, 0]
        plain = measure(ranking, test.labels, probabilities=False)
        found[rule] |= {"auc": plain.auc, "ap": plain.ap, "lift": plain.lift}
    return found


def _fitted(pool: Sequence[Rows], step: Callable[[], None]) -> tuple[Additive, Calibration]:
    """The model of all cut-offs, calibrated on people of the latest whom the calibrated model had not seen."""
    everybody = _together(pool)
    latest = pool[0]
    odds = np.zeros(len(latest.people))
    for fold in range(_FOLDS):
        seen = everybody.people % _FOLDS != fold
        unseen = latest.people % _FOLDS == fold
        if len(np.unique(everybody.labels[seen])) == 2 and unseen.any():
            part = fit(everybody.names, everybody.rows[seen], everybody.labels[seen])
            odds[unseen] = part.log_odds(_of(latest, part.names)[unseen])
        step()
    model = fit(everybody.names, everybody.rows, everybody.labels)
    step()
    return model, calibrate(odds, latest.labels) if len(np.unique(latest.labels)) == 2 else calibrate(
        model.log_odds(everybody.rows[:, [everybody.names.index(name) for name in model.names]]), everybody.labels
    )


def _ruled(rule: str, pool: Sequence[Rows], settings: Settings) -> tuple[Additive, Calibration]:
    latest = pool[0] if len(np.unique(pool[0].labels)) == 2 else _together(pool)
    ruled = by_rule(rule, latest.names, latest.rows, sign_of(rule, settings))
    return ruled, calibrate(ruled.log_odds(_of(latest, ruled.names)), latest.labels)


def _challenger(everybody: Rows, test: Rows) -> Floats:
    """Boosted trees: not used, as they cannot say why, but they tell what a more crooked model would gain."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_depth=3, learning_rate=0.1, max_iter=70, l2_regularization=1.0, min_samples_leaf=40, random_state=7
    )
    model.fit(everybody.rows, everybody.labels)
    said: Floats = model.predict_proba(_of(test, everybody.names))[:, 1]
    return said


def _together(pool: Sequence[Rows]) -> Rows:
    """All cut-offs as one; of very many people a part, the same at each time."""
    names = tuple(sorted({name for some in pool for name in some.names}))
    people = np.concatenate([some.people for some in pool])
    rows = np.concatenate([_of(some, names) for some in pool])
    labels = np.concatenate([some.labels for some in pool])
    if len(people) > _MOST_ROWS:
        chosen = np.random.default_rng(7).permutation(len(people))[:_MOST_ROWS]
        people, rows, labels = people[chosen], rows[chosen], labels[chosen]
    return Rows(people, names, rows, labels)


def _of(some: Rows, names: Sequence[str]) -> Floats:
    return aligned(Features(some.people, some.names, some.rows), names)


def importance(used: Formula, everybody: Rows) -> list[dict[str, Any]]:
    """How much each feature moves people apart, the most first."""
    spread = used.contributions(_of(everybody, used.names)).std(axis=0)
    order = np.argsort(-spread)[:12]
    return [{"feature": used.names[number], "weight": float(spread[number])} for number in order if spread[number] > 0]


def reference(used: Formula, calibration: Callable[[Floats], Floats], latest: Rows) -> dict[str, Any]:
    """How people lay on each feature and on the score when it was learned, to see later how far they have moved."""
    rows = _of(latest, used.names)
    scored = calibration(used.log_odds(rows))
    columns = {name: rows[:, number] for number, name in enumerate(used.names)} | {"": scored}
    found = {}
    for name, values in columns.items():
        column = not_filled(name, values)
        edges = np.unique(np.quantile(column, np.linspace(0, 1, 11)[1:-1]))
        found[name] = {"edges": edges.tolist(), "shares": measures.shares(column, edges).tolist()}
    return found
