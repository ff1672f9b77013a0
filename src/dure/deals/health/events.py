"""What deal health writes to the feed, and what automations may start from."""

from __future__ import annotations

from datetime import datetime

from dure.automation.plugs import EventKind
from dure.deals.events import deal_event
from dure.deals.health.model import Health
from dure.deals.model import Deal, Stage
from dure.feed.api import Event
from dure.governance.api import Principal

HEALTH_CHANGED = "Deal Health Changed"
HEALTH_MEASURED = "Deal Health Measured"


def health_changed(principal: Principal, now: datetime, deal: Deal, stage: Stage, found: Health, before: str) -> Event:
    """A deal's health is in another band than it was."""
    told = {"health": found.score, "band": found.band, "band_before": before, "reasons": list(found.reasons)}
    return deal_event(principal, HEALTH_CHANGED, now, now, deal, stage, told)


def measured(principal: Principal, now: datetime, deal: Deal, stage: Stage, found: Health) -> Event:
    """Once a day of each open deal that is judged."""
    told = {"health": found.score, "band": found.band, "momentum": found.momentum, "reasons": list(found.reasons)}
    return deal_event(principal, HEALTH_MEASURED, now, now, deal, stage, told)


_TOLD = {
    "deal": "id",
    "name": "text",
    "owner": "user id",
    "channel": "id of its room, or nothing",
    "account_name": "text",
    "health": "0 to 100",
    "band": "good, fair or poor",
    "reasons": "names of the parts that cost most",
    "path": "its page",
}
EVENTS = [
    EventKind(
        HEALTH_CHANGED,
        {"ko": "거래 상태 변화", "en": "Deal health changed"},
        "deals",
        {**_TOLD, "band_before": "good, fair or poor"},
    ),
    EventKind(
        HEALTH_MEASURED,
        {"ko": "거래 상태 측정", "en": "Deal health measured"},
        "deals",
        {**_TOLD, "momentum": "number"},
    ),
]
