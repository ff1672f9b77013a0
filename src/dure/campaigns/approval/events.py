"""What approval writes to the feed, about the campaign."""

from __future__ import annotations

from dure.automation.plugs import EventKind

SUBMITTED = "Campaign Submitted"
APPROVED = "Campaign Approved"
REFUSED = "Campaign Refused"

_TOLD = {"campaign": "id", "name": "text", "hash": "text", "reach": "number"}
EVENTS = [
    EventKind(SUBMITTED, {"ko": "캠페인 승인을 요청함", "en": "Campaign submitted"}, "campaigns",
              {**_TOLD, "note": "text"}),
    EventKind(APPROVED, {"ko": "캠페인을 승인함", "en": "Campaign approved"}, "campaigns",
              {**_TOLD, "comment": "text", "asked_by": "user"}),
    EventKind(REFUSED, {"ko": "캠페인 승인을 거절함", "en": "Campaign refused"}, "campaigns",
              {**_TOLD, "comment": "text", "asked_by": "user"}),
]  # fmt: skip
