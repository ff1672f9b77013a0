"""What sources offer to automation: the events that they and their networks' changes write."""

from __future__ import annotations

from dure.automation.plugs import EventKind
from dure.social import events

_SOURCE = {"source": "id", "name": "text", "connector": "which kind it is"}
_CHANGED = {
    "mention": "id", "network": "text", "text": "text as it is now", "function": "who looks after it",
    "state": "new, routed or done", "path": "where the screen shows it",
}  # fmt: skip
_SAID = {"key": "text", "outcome": "said, refused or unknown", "reference": "the network's id of it", "url": "text"}

EVENTS: list[EventKind] = [
    EventKind(
        events.SOURCE_FAILED, {"ko": "소스가 대답하지 않음", "en": "Source failed"}, "social",
        {**_SOURCE, "code": "refused_key, unreached, …", "detail": "what it said", "said_ko": "text", "said_en": "text",
         "path": "where the screen shows it"},
    ),
    EventKind(events.SOURCE_RECOVERED, {"ko": "소스가 다시 대답함", "en": "Source recovered"}, "social", _SOURCE),
    EventKind(
        events.MENTION_EDITED, {"ko": "언급이 수정됨", "en": "Mention edited"}, "social",
        {**_CHANGED, "changed": "list of fields", "before": "how it was read before, where that differs"},
    ),
    EventKind(events.MENTION_DELETED, {"ko": "언급이 삭제됨", "en": "Mention deleted"}, "social", _CHANGED),
    EventKind(
        events.MENTION_ANSWERED, {"ko": "언급에 답함", "en": "Mention answered"}, "social",
        {**_CHANGED, **_SAID, "answer": "text, at most 500 characters"},
    ),
    EventKind(
        events.POST_PUBLISHED, {"ko": "글을 올림", "en": "Post published"}, "social",
        {**_SAID, "source": "id", "network": "text", "text": "text, at most 500 characters",
         "code": "why it was refused: busy, refused_key, …", "detail": "what was answered",
         "post": "the plan's id, where it was planned", "title": "the plan's", "campaign": "the plan's",
         "side": "employees where it stands on an employee's own account, or nothing", "share": "id of their share",
         "story": "id of what they shared"},
    ),
]  # fmt: skip
