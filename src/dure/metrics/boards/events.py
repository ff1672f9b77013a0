"""What boards and alerts write to the feed."""

from __future__ import annotations

from dure.automation.plugs import EventKind

BOARD_REMOVED = "Board Removed"
VIEW_SAVED = "Board View Saved"
VIEW_REMOVED = "Board View Removed"
ANNOTATED = "Annotation Added"
ANNOTATION_CHANGED = "Annotation Changed"
ANNOTATION_REMOVED = "Annotation Removed"
SHARED = "Board Shared"
SHARE_REVOKED = "Board Share Revoked"
SHARE_OPENED = "Shared Board Opened"
DRAWN = "Board Drawn"
ANSWER_DRAWN = "Answer Drawn"
ALERT_CREATED = "Alert Created"
ALERT_CHANGED = "Alert Changed"
ALERT_REMOVED = "Alert Removed"
CROSSED = "Metric Crossed"
UNUSUAL = "Metric Unusual"

_TOLD = {
    "alert": "id", "metric": "id", "name_ko": "text", "name_en": "text", "value": "number", "value_text": "text",
    "direction": "above or below", "interval": "when it began, ISO", "every": "hour, day or week",
    "channel": "where it is told, or nothing", "text_ko": "a sentence", "text_en": "a sentence",
    "path": "address of the screen", "function": "team",
}  # fmt: skip
EVENTS = [
    EventKind(
        CROSSED, {"ko": "지표가 기준을 넘음", "en": "Metric crossed"}, "metrics", {**_TOLD, "threshold": "number"}
    ),
    EventKind(
        UNUSUAL, {"ko": "지표가 평소와 다름", "en": "Metric unusual"}, "metrics",
        {**_TOLD, "expected": "number", "low": "number", "high": "number", "rate": "stated share of false alarms"},
    ),
]  # fmt: skip
