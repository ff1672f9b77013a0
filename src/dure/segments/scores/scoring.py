"""People's values by a trained version: in which tenth they are, why, and how far everybody has moved since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dure.segments.scores.calibration import Calibration
from dure.segments.scores.features import aligned, features_at, not_filled
from dure.segments.scores.measures import drift_of_shares, shares
from dure.segments.scores.model import DAY, Floats, History, Ints, Settings
from dure.segments.scores.simple import formula
from dure.segments.scores.training import without_goal

REASONS = 3
LEAST_PUSH = 0.05
DRIFTED = 0.25


@dataclass(frozen=True, slots=True)
class Values:
    """`people` (numbers of a history), their values, and for each up to three reasons: the feature's place among the
    version's names (-1: none), its value and its push."""

    people: Ints
    value: Floats
    reason: Ints
    reason_value: Floats
    push: Floats
    rows: Floats


def values_at(
    history: History, settings: Settings, coefficients: Mapping[str, Any], now: float, outside: np.ndarray | None = None
) -> Values:
    """Everybody who is to be scored at `now`; `outside` says whom to leave out: members of the segment meant."""
    used = formula(coefficients["formula"])
    found = features_at(history, now, settings.history_days, settings.eligible_days, events=coefficients["events"])
    found = without_goal(history, settings, found, now)
    rows = aligned(found, used.names)
    people = found.people
    if outside is not None:
        kept = ~outside[people]
        people, rows = people[kept], rows[kept]
    added = used.contributions(rows)
    odds = used.log_odds(rows)
    means = coefficients["calibration"]
    value = Calibration.from_json(means)(odds) if means else odds
    order = np.argsort(-np.abs(added), axis=1)[:, :REASONS] if added.shape[1] else np.zeros((len(rows), 0), np.int64)
    push = np.take_along_axis(added, order, axis=1)
    told = np.take_along_axis(rows, order, axis=1)
    reason = np.where(np.abs(push) >= LEAST_PUSH, order, -1)
    if coefficients["formula"]["kind"] == "centre":
        reason = order  # cosines are small by nature
    return Values(people, value, reason, told, push, rows)


def as_long(history: History, coefficients: Mapping[str, Any], now: float) -> History:
    """The history of only as many days as there were when it was learned.

    While a log is younger than what is looked at, every count and the days since somebody was first seen grow by
    themselves; how far people moved is told of equal lengths.
    """
    kept = history.time >= now - coefficients.get("seen_days", np.inf) * DAY
    if kept.all():
        return history
    return replace(
        history, person=history.person[kept], time=history.time[kept], amount=history.amount[kept],
        event=history.event[kept], goal=history.goal[kept], active=history.active[kept],
    )  # fmt: skip


def deciles(value: Floats) -> Ints:
    """1 for the tenth with the highest values, 10 for the lowest; equal values by their order."""
    place = np.empty(len(value), dtype=np.int64)
    place[np.argsort(-value, kind="stable")] = np.arange(len(value))
    return place * 10 // max(len(value), 1) + 1


def drifted(coefficients: Mapping[str, Any], rows: Sequence[Floats], values: Floats) -> dict[str, Any]:
    """The stability index of the score and of each feature against when it was learned; `worst` the largest."""
    names = [*coefficients["formula"]["names"], ""]
    columns = np.concatenate(rows) if rows else np.zeros((0, len(names) - 1))
    found = {}
    for number, name in enumerate(names):
        then = coefficients["reference"][name]
        now = shares(values if name == "" else not_filled(name, columns[:, number]), np.array(then["edges"]))
        found[name] = drift_of_shares(np.array(then["shares"]), now) if len(values) else 0.0
    score = found.pop("")
    worst = sorted(found.items(), key=lambda one: -one[1])
    return {
        "score": score, "features": [{"feature": name, "psi": psi} for name, psi in worst[:8]],
        "drifted": score > DRIFTED or (bool(worst) and worst[0][1] > DRIFTED),
    }  # fmt: skip
