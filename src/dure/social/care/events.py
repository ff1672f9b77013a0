"""What care writes to the feed. Each says how the conversation is afterwards, so that one alone makes a card."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dure.automation.plugs import EventKind
from dure.feed.api import NOBODY, Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.social.care.model import Conversation, SavedReply
from dure.social.events import plain
from dure.social.model import TOPICS

OPENED = "Conversation Opened"
CONTINUED = "Conversation Continued"
ANSWERED = "Conversation Answered"
NOT_ANSWERED = "Conversation Reply Failed"
SETTLED = "Conversation Reply Settled"
DRAFTED = "Conversation Reply Drafted"
DISCARDED = "Conversation Draft Discarded"
ASSIGNED = "Conversation Assigned"
TRANSFERRED = "Conversation Transferred"
PRIORITY = "Conversation Priority Changed"
NOTED = "Conversation Noted"
WAITING = "Conversation Waiting"
SNOOZED = "Conversation Snoozed"
WOKEN = "Conversation Woken"
RESOLVED = "Conversation Resolved"
REOPENED = "Conversation Reopened"
MESSAGE_CHANGED = "Conversation Message Changed"
RELINKED = "Conversation Customer Changed"
SAVED = "Saved Reply Changed"
UNSAVED = "Saved Reply Deleted"
SETTINGS = "Care Settings Changed"

_TALK = {
    "conversation": "id", "network": "text", "direct": "true where it was written to the company alone",
    "state": "open, waiting, snoozed or resolved", "priority": "low, normal, high or urgent",
    "team": "the function that has it", "assignee": "user id, or nothing", "assignee_mention": "the same as a mention",
    "author": "the customer's name", "author_plain": "the same with what a message would read as markup made plain",
    "handle": "text", "subject": "text", "person_id": "whose it is, or nothing",
    "account_id": "their account, or nothing",
    "mention": "id of the customer's newest mention", "language": "ko, en, …", "intent": "question, complaint, …",
    "topic": "payment, buffering, …", "topic_ko": "text", "topic_en": "text", "sentiment": "-1, 0 or 1",
    "reopened": "how often it was opened again", "opened_at": "time", "first_in_at": "time", "last_in_at": "time",
    "last_out_at": "time a person answered last, or nothing", "version": "number",
    "path": "where the screen shows it", "by": "person, automation, bot, customer or elsewhere (in the network itself)",
}  # fmt: skip
_SAID = {"text": "text, at most 500 characters", "text_plain": "the same made plain"}
_REPLY = {
    **_SAID, "entry": "id", "outcome": "said, refused or unknown", "code": "why it was refused", "detail": "text",
    "url": "where it stands", "saved_reply": "id of the saved reply it was made of, or nothing",
    "waited": "seconds since the customer's message, where a person answers one",
}  # fmt: skip
_FROM = {"from": "what it was before"}


def _kind(name: str, ko: str, en: str, more: Mapping[str, str] | None = None) -> EventKind:
    return EventKind(name, {"ko": ko, "en": en}, "social", {**_TALK, **(more or {})})


EVENTS: list[EventKind] = [
    _kind(OPENED, "상담이 열림", "Conversation opened", {**_SAID, "by_hand": "true where a person opened it"}),
    _kind(CONTINUED, "상담에 글이 더 옴", "Customer wrote again", _SAID),
    _kind(ANSWERED, "상담에 답함", "Conversation answered", _REPLY),
    _kind(NOT_ANSWERED, "상담 답이 나가지 못함", "A reply failed", _REPLY),
    _kind(SETTLED, "상담 답의 결과를 사람이 확인함", "A reply's outcome was settled by hand", _REPLY),
    _kind(DRAFTED, "상담 답 초안이 생김", "A reply was drafted", {**_SAID, "entry": "id"}),
    _kind(DISCARDED, "상담 답 초안을 버림", "A draft was discarded", {"entry": "id"}),
    _kind(ASSIGNED, "상담을 맡김", "Conversation assigned",
          {**_FROM, "taken": "true where somebody took it themselves"}),
    _kind(TRANSFERRED, "상담을 다른 팀으로 넘김", "Conversation transferred",
          {**_FROM, "note": "text", "note_plain": "the same made plain", "from_assignee": "user id, or nothing"}),
    _kind(PRIORITY, "상담 우선순위가 바뀜", "Conversation priority changed", _FROM),
    _kind(NOTED, "상담에 메모를 남김", "Conversation noted",
          {**_SAID, "entry": "id", "named": "list of user ids", "named_mentions": "the same as mentions"}),
    _kind(WAITING, "고객을 기다림", "Waiting for the customer", _FROM),
    _kind(SNOOZED, "상담을 미룸", "Conversation snoozed", {**_FROM, "until": "time"}),
    _kind(WOKEN, "미룬 상담이 돌아옴", "Snoozed conversation is back", _FROM),
    _kind(RESOLVED, "상담을 해결함", "Conversation resolved",
          {**_FROM, "seconds": "from the customer's first message"}),
    _kind(REOPENED, "상담이 다시 열림", "Conversation reopened", _FROM),
    _kind(MESSAGE_CHANGED, "상담의 글을 고객이 고치거나 지움", "A customer edited or deleted a message",
          {"what": "edited or deleted"}),
    _kind(RELINKED, "상담 고객이 누구인지 바뀜", "Whose conversation it is changed", {}),
    EventKind(SAVED, {"ko": "저장된 답을 바꿈", "en": "Saved reply changed"}, "social",
              {"saved_reply": "id", "shortcut": "text", "title": "text", "team": "a function, or nothing",
               "language": "ko, en or nothing", "created": "true where it is new"}),
    EventKind(UNSAVED, {"ko": "저장된 답을 지움", "en": "Saved reply deleted"}, "social",
              {"saved_reply": "id", "shortcut": "text", "title": "text"}),
    EventKind(SETTINGS, {"ko": "상담함 설정을 바꿈", "en": "Inbox settings changed"}, "social",
              {"own": "list of network:handle", "after_reply": "open, waiting or resolved"}),
]  # fmt: skip


def talk_event(
    principal: Principal, name: str, now: datetime, talk: Conversation, more: Mapping[str, Any], *,
    at: datetime | None = None,
) -> Event:  # fmt: skip
    """One event of a conversation as it is after the act. It stands in its customer's timeline."""
    return act(
        principal, "social", name, "conversation", str(talk.id), {**facts_of(talk), **more}, now, at=at,
        account=talk.account, person=talk.person or NOBODY,
    )  # fmt: skip


def saved_event(principal: Principal, name: str, now: datetime, one: SavedReply, more: Mapping[str, Any]) -> Event:
    told = {"saved_reply": str(one.id), "shortcut": one.shortcut, "title": one.title, **more}
    return act(principal, "social", name, "saved_reply", str(one.id), told, now)


def settings_event(principal: Principal, now: datetime, told: Mapping[str, Any]) -> Event:
    return act(principal, "social", SETTINGS, "care_setting", "", dict(told), now)


def facts_of(talk: Conversation) -> dict[str, Any]:
    return {
        "conversation": str(talk.id), "network": talk.network, "direct": talk.direct, "state": talk.state,
        "priority": talk.priority, "team": talk.team, "assignee": talk.assignee,
        "assignee_mention": f"<@{talk.assignee}>" if talk.assignee else "", "author": talk.author,
        "author_plain": plain(talk.author), "handle": talk.handle, "subject": talk.subject,
        "person_id": str(talk.person) if talk.person else "", "account_id": talk.account, "mention": str(talk.asked),
        "language": talk.language, "intent": talk.intent, "topic": talk.topic, "topic_ko": TOPICS[talk.topic]["ko"],
        "topic_en": TOPICS[talk.topic]["en"], "sentiment": talk.sentiment, "reopened": talk.reopened,
        "opened_at": _time(talk.opened_at), "first_in_at": _time(talk.first_in_at),
        "last_in_at": _time(talk.last_in_at), "last_out_at": _time(talk.last_out_at), "version": talk.version,
        "path": f"/inbox?c={talk.id}",
    }  # fmt: skip


def said(text: str) -> dict[str, str]:
    return {"text": text[:500], "text_plain": plain(text[:500])}


def _time(moment: datetime | None) -> str:
    return moment.isoformat().replace("+00:00", "Z") if moment else ""
