"""What interaction writes to the feed beside what channels do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.automation.plugs import EventKind
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.kernel.clock import Clock
from dure.kernel.ids import uuid7

HOME_OPENED = "App Home Opened"
FUNCTION_EXECUTED = "Function Executed"
FUNCTION_COMPLETED = "Function Completed"
FUNCTION_FAILED = "Function Failed"

_FUNCTION = {"app": "app id", "callback_id": "text", "by_run": "automation run, empty for none"}

EVENTS: list[EventKind] = [
    EventKind(HOME_OPENED, {"ko": "앱 홈을 열음", "en": "App home opened"}, "channels",
              {"app": "app id", "tab": "home or messages", "channel": "conversation id", "view": "view id or empty"}),
    EventKind(FUNCTION_COMPLETED, {"ko": "앱 함수가 끝남", "en": "App function completed"}, "channels",
              {**_FUNCTION, "outputs": "object"}),
    EventKind(FUNCTION_FAILED, {"ko": "앱 함수가 실패함", "en": "App function failed"}, "channels",
              {**_FUNCTION, "error": "text"}),
]  # fmt: skip


def app_event(
    principal: Principal, clock: Clock, name: str, object_type: str, about: str, properties: Mapping[str, Any]
) -> Event:
    """An act between a person or an automation and an app. What is about a person is heard by their screens alone."""
    now = clock.now()
    return Event(
        org=principal.tenant.org,
        workspace=principal.tenant.workspace,
        event=name,
        time=now,
        received_at=now,
        message_id=str(uuid7()),
        source="channels",
        object_type=object_type,
        object=about,
        actor=principal.actor,
        run=principal.run,
        properties=dict(properties),
    )
