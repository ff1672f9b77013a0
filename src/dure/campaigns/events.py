"""What campaigns write to the feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from dure.automation.plugs import EventKind
from dure.campaigns.model import Campaign
from dure.feed.api import NOBODY, Event
from dure.governance.api import Principal
from dure.governance.events import act

CREATED = "Campaign Created"
CHANGED = "Campaign Changed"
LAUNCHED = "Campaign Launched"
PAUSED = "Campaign Paused"
RESUMED = "Campaign Resumed"
STOPPED = "Campaign Stopped"
FINISHED = "Campaign Finished"
MOVED = "Campaign People Moved"
OCCURRED = "Campaign Occurred"
ENTERED = "Campaign Entered"
EXITED = "Campaign Exited"
HANDED_OVER = "Campaign Handed Over"
CALLED = "Campaign Webhook Called"
HELD_BACK = "Message Held Back"
SKIPPED = "Message Skipped"
SENT = "Message Sent"
FAILED = "Message Failed"
UNSUBSCRIBED = "Unsubscribed"
CATALOGUE_CHANGED = "Catalogue Changed"
PROVIDER_SET = "Provider Set"
PROVIDER_REMOVED = "Provider Removed"
DEVICE_REGISTERED = "Device Registered"
DEVICE_REMOVED = "Device Removed"
OPENED = "Message Opened"
CLICKED = "Message Clicked"
BOUNCED = "Message Bounced"
COMPLAINED = "Message Complained"
DELIVERED = "Message Delivered"
SEEN = "Message Seen"
DISMISSED = "Message Dismissed"

_CAMPAIGN = {"campaign": "id", "name": "text"}
_WAY = {**_CAMPAIGN, "way": "id", "node": "text"}
_MESSAGE = {**_WAY, "message": "id", "channel": "text"}
_RESPONSE = {"campaign": "id", "message": "id", "channel": "text"}
EVENTS = [
    EventKind(LAUNCHED, {"ko": "캠페인 시작", "en": "Campaign launched"}, "campaigns", _CAMPAIGN),
    EventKind(
        PAUSED, {"ko": "캠페인 일시정지", "en": "Campaign paused"}, "campaigns",
        {**_CAMPAIGN, "by_itself": "true where it stopped by itself", "reason": "text", "text_ko": "text",
         "text_en": "text"},
    ),
    EventKind(RESUMED, {"ko": "캠페인 다시 시작", "en": "Campaign resumed"}, "campaigns", _CAMPAIGN),
    EventKind(STOPPED, {"ko": "캠페인 중지", "en": "Campaign stopped"}, "campaigns", _CAMPAIGN),
    EventKind(FINISHED, {"ko": "캠페인 종료", "en": "Campaign finished"}, "campaigns", _CAMPAIGN),
    EventKind(
        OCCURRED, {"ko": "캠페인이 대상을 받음", "en": "Campaign took its audience in"}, "campaigns",
        {**_CAMPAIGN, "occurrence": "text", "people": "number"},
    ),
    EventKind(
        ENTERED, {"ko": "캠페인에 들어옴", "en": "Campaign entered"}, "campaigns",
        {**_WAY, "arm": "control or treated"},
    ),
    EventKind(EXITED, {"ko": "캠페인에서 나감", "en": "Campaign exited"}, "campaigns", {**_WAY, "reason": "text"}),
    EventKind(
        HANDED_OVER, {"ko": "캠페인이 사람을 넘김", "en": "Campaign handed somebody over"}, "campaigns",
        {**_WAY, "to": "channel or deal", "channel": "text", "text": "text"},
    ),
    EventKind(
        CALLED, {"ko": "캠페인 웹훅 호출", "en": "Campaign webhook called"}, "campaigns",
        {**_WAY, "state": "sent, failed or unknown", "detail": "text"},
    ),
    EventKind(HELD_BACK, {"ko": "메시지 보류(대조군)", "en": "Message held back"}, "campaigns", _MESSAGE),
    EventKind(SKIPPED, {"ko": "메시지 건너뜀", "en": "Message skipped"}, "campaigns", {**_MESSAGE, "reason": "text"}),
    EventKind(
        SENT, {"ko": "메시지 보냄", "en": "Message sent"}, "campaigns",
        {**_MESSAGE, "subject": "text", "items": "ids of what was recommended", "genre": "of the first of them"},
    ),
    EventKind(
        FAILED, {"ko": "메시지 실패", "en": "Message failed"}, "campaigns",
        {**_MESSAGE, "reason": "text", "detail": "text", "state": "failed or unknown"},
    ),
    EventKind(
        UNSUBSCRIBED, {"ko": "수신거부", "en": "Unsubscribed"}, "campaigns",
        {"campaign": "id", "by": "page or one_click", "channel": "text", "topic": "text, empty for all"},
    ),
    EventKind(OPENED, {"ko": "메시지 열어 봄", "en": "Message opened"}, "campaigns", _RESPONSE),
    EventKind(
        CLICKED, {"ko": "메시지의 링크를 누름", "en": "Message clicked"}, "campaigns", {**_RESPONSE, "url": "text"}
    ),
    EventKind(SEEN, {"ko": "카드를 봄", "en": "Card seen"}, "campaigns", _RESPONSE),
    EventKind(DISMISSED, {"ko": "카드나 알림을 닫음", "en": "Message dismissed"}, "campaigns", _RESPONSE),
    EventKind(DELIVERED, {"ko": "메시지 도착", "en": "Message delivered"}, "campaigns", _RESPONSE),
    EventKind(
        BOUNCED, {"ko": "메시지 반송", "en": "Message bounced"}, "campaigns",
        {**_RESPONSE, "permanent": "true or false", "detail": "text"},
    ),
    EventKind(COMPLAINED, {"ko": "스팸 신고", "en": "Message complained about"}, "campaigns", _RESPONSE),
    EventKind(
        DEVICE_REGISTERED, {"ko": "기기 등록", "en": "Device registered"}, "campaigns", {"kind": "web, fcm or apns"}
    ),
    EventKind(
        DEVICE_REMOVED, {"ko": "기기 해제", "en": "Device removed"}, "campaigns",
        {"kind": "web, fcm, apns", "why": "gone, asked or staff"},
    ),
]  # fmt: skip


def campaign_event(
    principal: Principal, now: datetime, name: str, campaign: Campaign, more: dict[str, Any] | None = None,
    person: UUID = NOBODY, distinct_id: str = "",
) -> Event:  # fmt: skip
    """An act on a campaign, or on somebody's way through it."""
    names = campaign.design.name
    told = {"campaign": campaign.id, "name": names.get("ko") or next(iter(names.values())), **(more or {})}
    return workspace_event(principal, now, name, "campaign", campaign.id, told, person, distinct_id)


def workspace_event(
    principal: Principal, now: datetime, name: str, object_type: str, object_id: str, told: dict[str, Any],
    person: UUID = NOBODY, distinct_id: str = "",
) -> Event:  # fmt: skip
    return act(principal, "campaigns", name, object_type, object_id, told, now, person=person, distinct_id=distinct_id)
