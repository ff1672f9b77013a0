"""What of a campaign may start an automation: somebody entered, was sent a letter, or wants no more of them."""

from __future__ import annotations

from typing import Literal

import msgspec

from dure.automation.plugs import TriggerKind
from dure.campaigns import events
from dure.kernel.filters import Filter

_EVENTS = {
    "entered": events.ENTERED,
    "sent": events.SENT,
    "held_back": events.HELD_BACK,
    "skipped": events.SKIPPED,
    "failed": events.FAILED,
    "unsubscribed": events.UNSUBSCRIBED,
    "opened": events.OPENED,
    "clicked": events.CLICKED,
    "bounced": events.BOUNCED,
    "complained": events.COMPLAINED,
}


class Happened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`campaign` is an id, empty for every campaign; `once` starts one run a person, ever."""

    what: Literal[
        "entered",
        "sent",
        "held_back",
        "skipped",
        "failed",
        "unsubscribed",
        "opened",
        "clicked",
        "bounced",
        "complained",
    ] = "sent"
    campaign: str = ""
    once: bool = False


TRIGGERS = [
    TriggerKind(
        "campaigns.message", {"ko": "캠페인 메시지가 움직이면", "en": "A campaign's message has news"}, events.SENT,
        Happened, lambda given: [Filter("campaign", "=", given.campaign)] if given.campaign else [],
        {"ko": "누가 캠페인에 들어오거나, 메시지를 받거나 열거나 누르거나, 수신을 거부하면 시작합니다.",
         "en": "Somebody enters a campaign, is sent its message, opens or clicks it, or unsubscribes; or it fails."},
        event_of=lambda given: _EVENTS[given.what],
        key=lambda given: "subject" if given.once else "event", subject="person",
    ),
    TriggerKind(
        "campaigns.launched", {"ko": "캠페인이 시작되면", "en": "A campaign is launched"}, events.LAUNCHED,
        msgspec.defstruct("Launched", [], frozen=True, forbid_unknown_fields=True), lambda _: [],
        {"ko": "어느 캠페인이든 시작되면 시작합니다.", "en": "Any campaign starts."},
    ),
]  # fmt: skip
