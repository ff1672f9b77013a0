"""What clocks write to the feed; each is told once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dure.automation.plugs import EventKind
from dure.feed.api import Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.social.care.events import talk_event
from dure.social.care.model import Conversation
from dure.social.clocks.model import KINDS, ResponseClock, Setting

DUE_SOON = "Response Due Soon"
OVERDUE = "Response Overdue"
GIVEN = "Response Given"
POLICIES = "Response Policies Changed"
RETIMED = "Response Clocks Retimed"
GIVEN_BACK = "Conversation Given Back"
ASKED = "Survey Sent"
NOT_ASKED = "Survey Not Sent"
RATED = "Survey Answered"

_TALK = {
    "conversation": "id", "network": "text", "state": "open, waiting, snoozed or resolved",
    "priority": "low, normal, high or urgent", "team": "the function that has it", "assignee": "user id, or nothing",
    "assignee_mention": "the same as a mention", "author": "the customer's name",
    "author_plain": "the same with what a message would read as markup made plain", "handle": "text",
    "subject": "text", "person_id": "whose it is, or nothing", "account_id": "their account, or nothing",
    "mention": "id of the customer's newest mention", "language": "ko, en, …", "intent": "question, complaint, …",
    "topic": "payment, buffering, …", "topic_ko": "text", "topic_en": "text", "sentiment": "-1, 0 or 1",
    "direct": "true where it was written to the company alone", "reopened": "how often it was opened again",
    "opened_at": "time", "first_in_at": "time", "last_in_at": "time",
    "last_out_at": "time a person answered last, or nothing", "version": "number", "path": "where the screen shows it",
}  # fmt: skip
_CLOCK = {
    **_TALK, "kind": "first, next, resolve or agent", "kind_ko": "text", "kind_en": "text",
    "policy": "the policy's name, or nothing", "target_seconds": "open seconds promised, or nothing",
    "started_at": "time", "due_at": "time, or nothing",
}  # fmt: skip
_SURVEY = {
    **_TALK, "survey": "id", "how": "reply or email", "agent": "who looked after it", "run": "how often it was opened",
}  # fmt: skip
EVENTS: list[EventKind] = [
    EventKind(DUE_SOON, {"ko": "응답 기한이 다가옴", "en": "Response due soon"}, "social",
              {**_CLOCK, "left_seconds": "open seconds that are left"}),
    EventKind(OVERDUE, {"ko": "응답 기한이 지남", "en": "Response overdue"}, "social", _CLOCK),
    EventKind(GIVEN, {"ko": "응답함", "en": "Response given"}, "social",
              {**_CLOCK, "agent": "who answered, or nothing", "business_seconds": "open seconds it took",
               "calendar_seconds": "seconds it took, without those it was paused",
               "met": "true or false, nothing where no time was promised"}),
    EventKind(GIVEN_BACK,
              {"ko": "답이 없는 담당자에게서 상담을 돌려받음", "en": "Taken from a silent assignee"}, "social",
              {**_CLOCK, "agent": "whose it was", "agent_mention": "the same as a mention"}),
    EventKind(POLICIES, {"ko": "응답 기한 정책을 바꿈", "en": "Response policies changed"}, "social",
              {"policies": "list, in order", "silent": "open minutes, or nothing", "survey": "off, ask, reply or email",
               "before": "what it was"}),
    EventKind(RETIMED, {"ko": "가고 있는 시계를 다시 맞춤", "en": "Running clocks were re-timed"}, "social",
              {"clocks": "how many conversations' changed"}),
    EventKind(ASKED, {"ko": "만족도를 물음", "en": "Survey sent"}, "social", _SURVEY),
    EventKind(NOT_ASKED, {"ko": "만족도를 묻지 못함", "en": "Survey not sent"}, "social",
              {**_SURVEY, "why": "skipped, refused or unknown", "detail": "text"}),
    EventKind(RATED, {"ko": "만족도 응답", "en": "Survey answered"}, "social",
              {**_SURVEY, "score": "1 to 5", "satisfied": "true from 4 on", "comment": "text",
               "comment_plain": "the same with what a message would read as markup made plain",
               "again": "true where an earlier answer was changed"}),
]  # fmt: skip


def clock_event(
    principal: Principal, name: str, now: datetime, talk: Conversation, clock: ResponseClock, setting: Setting,
    more: Mapping[str, Any] | None = None, *, at: datetime | None = None,
) -> Event:  # fmt: skip
    named = {one.id: one.name for one in setting.policies}
    facts = {
        "kind": clock.kind, "kind_ko": KINDS[clock.kind]["ko"], "kind_en": KINDS[clock.kind]["en"],
        "policy": named.get(clock.policy, ""), "target_seconds": clock.target, "started_at": _time(clock.started_at),
        "due_at": _time(clock.due_at), **(more or {}),
    }  # fmt: skip
    return talk_event(principal, name, now, talk, facts, at=at)


def given(principal: Principal, now: datetime, talk: Conversation, clock: ResponseClock, setting: Setting) -> Event:
    more = {
        "agent": clock.agent, "business_seconds": round(clock.spent), "calendar_seconds": round(clock.passed),
        "met": clock.met,
    }  # fmt: skip
    return clock_event(principal, GIVEN, now, talk, clock, setting, more)


def setting_event(principal: Principal, name: str, now: datetime, facts: Mapping[str, Any]) -> Event:
    return act(principal, "social", name, "clock_setting", "", dict(facts), now)


def _time(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""
