"""What demand tests write to the feed; their campaigns write the rest."""

from __future__ import annotations

from dure.automation.plugs import EventKind

CREATED = "Demand Test Created"
SHOWN = "Demand Shown"
WANTED = "Demand Wanted"

_TEST = {"test": "id", "campaign": "id", "question": "text"}
EVENTS = [
    EventKind(CREATED, {"ko": "수요 테스트를 만듦", "en": "Demand test made"}, "campaigns", _TEST),
    EventKind(SHOWN, {"ko": "수요 테스트 페이지를 봄", "en": "Saw a demand test's page"}, "campaigns", _TEST),
    EventKind(WANTED, {"ko": "‘관심 있어요’를 누름", "en": "Pressed “interested”"}, "campaigns", _TEST),
]
