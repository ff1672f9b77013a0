"""What publishing writes to the feed. `Post Published`, one for each network, is written where it is said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dure.automation.plugs import EventKind
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.social.events import plain
from dure.social.publishing.model import STATES, Plan

DRAFTED = "Post Drafted"
EDITED = "Post Edited"
SET_ASIDE = "Post Text Kept"
COMMENTED = "Post Commented"
SUBMITTED = "Post Submitted"
APPROVED = "Post Approved"
RETURNED = "Post Returned"
SCHEDULED = "Post Scheduled"
UNSCHEDULED = "Post Unscheduled"
HELD = "Post Held"
ENDED = "Post Ended"
RETRIED = "Post Retried"
CHECKED = "Post Checked"
REMOVED = "Post Removed"
PAUSED = "Posts Paused"
RESUMED = "Posts Resumed"
RULES_CHANGED = "Publishing Rules Changed"

_POST = {
    "post": "id", "title": "text", "title_plain": "the title with what a message would read as markup made plain",
    "text": "the plan's own text, at most 500 characters", "text_plain": "the same without markup",
    "campaign": "what goes into utm_campaign", "language": "ko, en, …", "state": "draft, in_review, approved, …",
    "state_ko": "text", "state_en": "text", "author": "user id", "due_at": "when it is to be published, or nothing",
    "approved_by": "user id", "sources": "list of ids", "evergreen": "true where it may be said again",
    "version": "number", "path": "where the screen shows it",
}  # fmt: skip
_PAUSE = {"why": "text", "user": "user id"}


def _kind(name: str, ko: str, en: str, more: Mapping[str, str] | None = None) -> EventKind:
    return EventKind(name, {"ko": ko, "en": en}, "social", {**_POST, **(more or {})})


EVENTS: list[EventKind] = [
    _kind(DRAFTED, "게시글 초안이 생김", "Post drafted", {"from": "the post that it is a copy of, or nothing"}),
    _kind(EDITED, "게시글을 고침", "Post edited", {"was": "the state that the edit ended"}),
    _kind(SET_ASIDE, "부딪힌 글을 따로 남김", "Text of a post kept aside", {"kept": "id of the version"}),
    _kind(COMMENTED, "게시글에 의견을 남김", "Post commented",
          {"comment": "id", "said": "text", "done": "true where it was settled", "on": "the source it is about"}),
    _kind(SUBMITTED, "게시글 승인을 요청함", "Post submitted", {"hash": "of all its texts", "note": "text"}),
    _kind(APPROVED, "게시글을 승인함", "Post approved",
          {"hash": "of all its texts", "comment": "text", "asked_by": "user id"}),
    _kind(RETURNED, "게시글을 돌려보냄", "Post returned",
          {"hash": "of all its texts", "comment": "text", "asked_by": "user id"}),
    _kind(SCHEDULED, "게시글을 예약함", "Post scheduled", {"before": "the time it had, or nothing"}),
    _kind(UNSCHEDULED, "게시글 예약을 취소함", "Post unscheduled", {"before": "the time it had, or nothing"}),
    _kind(HELD, "예약된 게시글을 올리지 않음", "Post held back",
          {"why": "changed where its texts are not those approved, late where its time passed long ago"}),
    _kind(ENDED, "게시글을 올리는 일이 끝남", "Publishing of a post ended",
          {"fates": "by source: said, refused or unknown", "urls": "list of addresses"}),
    _kind(RETRIED, "게시글을 다시 올림", "Post tried again", {"again": "list of source ids"}),
    _kind(CHECKED, "모르던 게시글을 사람이 확인함", "Post checked by a person",
          {"source": "id", "stands": "true where it stands there", "url": "text"}),
    _kind(REMOVED, "게시글을 지움", "Post removed"),
    EventKind(PAUSED, {"ko": "모든 게시를 멈춤", "en": "Posts paused"}, "social", _PAUSE),
    EventKind(RESUMED, {"ko": "게시를 다시 시작함", "en": "Posts resumed"}, "social",
              {"user": "user id", "held": "list of posts that came due meanwhile and wait for a new time"}),
    EventKind(RULES_CHANGED, {"ko": "게시 규칙이 바뀜", "en": "Publishing rules changed"}, "social",
              {"rules": "approval, own, approvers, utm and tracked", "before": "the same as it was",
               "back": "list of posts whose approval that ended"}),
]  # fmt: skip


def plan_event(principal: Principal, name: str, now: datetime, plan: Plan, more: Mapping[str, Any]) -> Event:
    return act(principal, "social", name, "post_plan", str(plan.id), {**facts_of(plan), **more}, now)


def house_event(principal: Principal, name: str, now: datetime, facts: Mapping[str, Any]) -> Event:
    """About all of a workspace's posts."""
    return act(principal, "social", name, "publishing", "", dict(facts), now)


def facts_of(plan: Plan) -> dict[str, Any]:
    return {
        "post": str(plan.id), "title": plan.content.title, "title_plain": plain(plan.content.title),
        "text": plan.content.text[:500], "text_plain": plain(plan.content.text[:500]),
        "campaign": plan.content.campaign, "language": plan.content.language, "state": plan.state,
        "state_ko": STATES[plan.state]["ko"], "state_en": STATES[plan.state]["en"], "author": plan.author,
        "due_at": plan.due_at.isoformat().replace("+00:00", "Z") if plan.due_at else None,
        "approved_by": plan.approved_by, "sources": [str(one.wording.source) for one in plan.variants],
        "evergreen": plan.evergreen, "version": plan.version, "path": f"/publishing/{plan.id}",
    }  # fmt: skip
