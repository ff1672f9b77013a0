"""What relationships write to the feed, and what automations may start from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.automation.plugs import EventKind
from dure.deals.relations.model import Standing
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act

RELATION_CHANGED = "Relationship Changed"
RELATION_MEASURED = "Relationship Measured"
PICK_UP_STARTED = "Customer Channels Pick-up Started"
PICK_UP_CANCELLED = "Customer Channels Pick-up Cancelled"
PICKED_UP = "Customer Channels Picked Up"


def changed(principal: Principal, now: datetime, found: Standing, named: tuple[str, str], before: str) -> Event:
    """A relationship is in another band than it was; `fell` when in a worse one."""
    order = ("poor", "fair", "good")
    fell = order.index(found.band or "poor") < order.index(before)
    return _event(principal, RELATION_CHANGED, now, found, named, {"band_before": before, "fell": fell})


def measured(principal: Principal, now: datetime, found: Standing, named: tuple[str, str]) -> Event:
    """Once a day of each relationship that is judged."""
    return _event(principal, RELATION_MEASURED, now, found, named, {})


def picking(principal: Principal, now: datetime, name: str, about: dict[str, Any] | None = None) -> Event:
    """Channels that were linked before relationships were measured are looked for, or were."""
    return act(principal, "deals", name, "workspace", principal.tenant.workspace, about or {}, now)


def _event(
    principal: Principal, name: str, now: datetime, found: Standing, named: tuple[str, str], more: dict[str, Any]
) -> Event:
    told = {
        "account": found.account,
        "name": named[0],
        "owner": named[1],
        "score": found.score,
        "band": found.band,
        "momentum": round(found.momentum, 2),
        "reasons": list(found.reasons),
        "path": f"/customers/{found.account}",
        **more,
    }
    return act(principal, "deals", name, "account", found.account, told, now, account=found.account)


_TOLD = {
    "account": "account id",
    "name": "text",
    "owner": "user id, or nothing",
    "score": "0 to 100",
    "band": "good, fair or poor",
    "momentum": "number",
    "reasons": "names of the parts that cost most",
    "path": "the customer's page",
}
EVENTS = [
    EventKind(
        RELATION_CHANGED,
        {"ko": "고객과의 관계 변화", "en": "Relationship changed"},
        "deals",
        {**_TOLD, "band_before": "good, fair or poor", "fell": "true when the band is a worse one"},
    ),
    EventKind(RELATION_MEASURED, {"ko": "고객과의 관계 측정", "en": "Relationship measured"}, "deals", _TOLD),
    EventKind(
        PICKED_UP,
        {"ko": "이전에 연결된 고객 채널을 모두 찾음", "en": "Customers' channels picked up"},
        "deals",
        {"channels": "how many channels of customers there are", "added": "of which relationships did not know"},
    ),
]
