"""What scores write to the feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.automation.plugs import EventKind
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.segments.scores.model import Score

CREATED = "Score Created"
DELETED = "Score Deleted"
ASKED = "Score Work Asked"
CANCELLED = "Score Work Cancelled"
COMPUTED = "Score Computed"
REFUSED = "Score Refused"
FAILED = "Score Failed"
DRIFTED = "Score Drifted"

_NAMED = {"score": "id", "name": "text", "name_en": "text", "kind": "churn, convert or alike"}
EVENTS = [
    EventKind(
        COMPUTED, {"ko": "점수가 계산됨", "en": "Score computed"}, "segments",
        {**_NAMED, "people": "number", "model": "version", "trained": "true where the version is new",
         "used": "model or rule", "auc": "number"},
    ),
    EventKind(
        DRIFTED, {"ko": "점수의 바탕이 달라짐", "en": "Score drifted"}, "segments",
        {**_NAMED, "model": "version", "psi": "number", "feature": "text"},
    ),
    EventKind(
        REFUSED, {"ko": "점수를 매길 수 없음", "en": "Score refused"}, "segments",
        {**_NAMED, "code": "what is missing", "have": "number", "need": "number"},
    ),
]  # fmt: skip


def score_event(
    principal: Principal, now: datetime, name: str, score: Score, more: dict[str, Any] | None = None
) -> Event:
    told = {
        "score": score.id, "name": score.name["ko"], "name_en": score.name["en"], "kind": score.settings.kind,
        **(more or {}),
    }  # fmt: skip
    return act(principal, "segments", name, "score", score.id, told, now)
