"""What the win model writes to the feed."""

from __future__ import annotations

from datetime import datetime

from dure.automation.plugs import EventKind
from dure.deals.winning.card import Card
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act

LEARNED = "Win Model Learned"


def learned(principal: Principal, now: datetime, card: Card) -> Event:
    """A model was learned anew; the figures are those of its test by time."""
    test = card.facts.get("test") or {}
    told = {
        "basis": card.basis,
        "why": card.why,
        "won": card.won,
        "lost": card.lost,
        "brier": test.get("model", {}).get("brier"),
        "brier_stage": test.get("stage", {}).get("brier"),
        "brier_rate": test.get("rate", {}).get("brier"),
        "path": "/deals/forecast",
    }
    return act(principal, "deals", LEARNED, "win_model", principal.tenant.workspace, told, now)


EVENTS = [
    EventKind(
        LEARNED,
        {"ko": "수주 모델 학습", "en": "Win model learned"},
        "deals",
        {
            "basis": "model, rate or none",
            "why": "code of what is missing, or nothing",
            "won": "closed deals",
            "lost": "closed deals",
            "brier": "of the model",
            "brier_stage": "of the stages' probabilities",
            "brier_rate": "of the overall win rate",
            "path": "the forecast",
        },
    )
]
