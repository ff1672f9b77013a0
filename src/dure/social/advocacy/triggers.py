"""What of advocacy may start an automation: a story can be shared, or waits for somebody's word."""

from __future__ import annotations

import msgspec

from dure.automation.plugs import TriggerKind
from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.social.advocacy import events


class OfStory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`team` is one that the story is for by name, empty for any; `campaign` the story's own, empty for any."""

    team: str = ""
    campaign: str = ""


def _of_story(given: OfStory) -> list[Filter]:
    if given.team and given.team not in FUNCTIONS:
        raise Invalid(f"`team` is one of {', '.join(FUNCTIONS)}.", field="team")
    where = [Filter("teams", "contains", given.team)] if given.team else []
    return [*where, *([Filter("campaign", "=", given.campaign)] if given.campaign else [])]


TRIGGERS = [
    TriggerKind(
        "social.story", {"ko": "이야기를 공유할 수 있게 되면", "en": "A story can be shared"}, events.STARTED, OfStory,
        _of_story,
        {"ko": "승인된 이야기가 시작되어 직원이 공유할 수 있게 되면 시작합니다.",
         "en": "An approved story starts, and employees can share it."},
    ),
    TriggerKind(
        "social.story_asked", {"ko": "이야기 승인을 기다리면", "en": "A story waits for approval"}, events.SUBMITTED,
        OfStory, _of_story,
        {"ko": "누군가 이야기의 승인을 요청하면 시작합니다.", "en": "Somebody asks another person to approve a story."},
    ),
]  # fmt: skip
