"""Whether a score makes sense, and when work on it is due."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from dure.kernel.errors import Invalid
from dure.segments.reading import check_prop, check_selector
from dure.segments.scores.model import Model, Score, Settings, WorkKind

_LIMITS = {
    "horizon_days": (1, 365), "gap_days": (0, 90), "eligible_days": (1, 730), "history_days": (7, 1095),
    "retrain_days": (1, 365),
}  # fmt: skip
SCORED_EVERY = timedelta(days=1)


def read_settings(raw: object) -> Settings:
    """Settings out of decoded JSON; Invalid names the field."""
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Invalid(message, field=path.rstrip("`").lstrip(".") or "settings") from error
    check_selector(settings.activity, "activity")
    if settings.goal is not None:
        check_selector(settings.goal, "goal")
    if settings.kind == "convert" and settings.goal is None:
        raise Invalid("Say which event is the conversion.", field="goal")
    if settings.kind == "alike" and not settings.segment:
        raise Invalid("Say whose members others are to be like.", field="segment")
    if settings.amount:
        check_prop(settings.amount, "amount")
    for name, (least, most) in _LIMITS.items():
        if not least <= getattr(settings, name) <= most:
            raise Invalid(f"`{name}` is a number from {least} to {most}.", field=name)
    if settings.eligible_days > settings.history_days:
        raise Invalid("Nobody is scored on less than is looked at: `eligible_days` is at most `history_days`.",
                      field="eligible_days")  # fmt: skip
    return settings


def due(score: Score, model: Model | None, now: datetime) -> WorkKind | None:
    """What is to be done for a score that has a version: train anew, give people their values anew, or nothing."""
    if model is None:
        return None
    if now - model.trained_at >= timedelta(days=score.settings.retrain_days):
        return "train"
    if score.scored_at is None or now - score.scored_at >= SCORED_EVERY:
        return "score"
    return None
