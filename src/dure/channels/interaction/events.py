"""What interaction writes to the feed beside what channels do."""

from __future__ import annotations

from dure.automation.plugs import EventKind
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7

HOME_OPENED = "App Home Opened"

EVENTS: list[EventKind] = [
    EventKind(HOME_OPENED, {"ko": "앱 홈을 열음", "en": "App home opened"}, "channels",
              {"app": "app id", "tab": "home or messages", "channel": "conversation id", "view": "view id or empty"}),
]  # fmt: skip


def home_opened(principal: Principal, clock: Clock, app: str, tab: str, channel: str, view: str) -> Event:
    """The object is the person: whoever listens to them alone is told on screens."""
    now = clock.now()
    return Event(
        org=principal.tenant.org,
        workspace=principal.tenant.workspace,
        event=HOME_OPENED,
        time=now,
        received_at=now,
        message_id=str(uuid7()),
        source="channels",
        object_type="user",
        object=principal.user,
        actor=principal.actor,
        run=principal.run,
        properties={"app": app, "tab": tab, "channel": channel, "view": view},
    )
