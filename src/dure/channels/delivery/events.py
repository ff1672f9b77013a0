"""What delivery itself writes to the feed."""

from __future__ import annotations

from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.kernel.clock import Clock

DISABLED = "App Deliveries Disabled"
ENABLED = "App Deliveries Enabled"
RETRIED = "App Delivery Retried"


def disabled_event(principal: Principal, clock: Clock, app: str, why: str) -> Event:
    """The app's address failed so long that it is not called any more."""
    return act(principal, "channels", DISABLED, "app", app, {"why": why}, clock.now())


def enabled_event(principal: Principal, clock: Clock, app: str) -> Event:
    return act(principal, "channels", ENABLED, "app", app, {}, clock.now())


def retried_event(principal: Principal, clock: Clock, app: str, delivery: int) -> Event:
    return act(principal, "channels", RETRIED, "app", app, {"delivery": delivery}, clock.now())
