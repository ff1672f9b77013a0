"""What the gate writes to the feed: sending stopped and going on, and a workspace's demands changed."""

from __future__ import annotations

from dure.automation.plugs import EventKind

SENDING_STOPPED = "Sending Stopped"
SENDING_RESUMED = "Sending Resumed"
POLICY_CHANGED = "Sending Rules Changed"

EVENTS = [
    EventKind(SENDING_STOPPED, {"ko": "모든 발송을 멈춤", "en": "All sending stopped"}, "campaigns",
              {"reason": "text", "by": "user"}),
    EventKind(SENDING_RESUMED, {"ko": "발송을 다시 시작함", "en": "Sending resumed"}, "campaigns",
              {"reason": "text", "by": "user"}),
]  # fmt: skip
