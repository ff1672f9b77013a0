"""What care offers automations: triggers on conversations, and steps that hand them on.

There is no step that answers: an automation drafts, and a person sends.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Literal

import msgspec

from dure.automation.plugs import StepCall, StepKind, TriggerKind
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.social.care import events, rules
from dure.social.care.api import Care
from dure.social.care.model import Conversation
from dure.state import Tx

_EVENT_OF = {
    "opened": events.OPENED, "continued": events.CONTINUED, "assigned": events.ASSIGNED,
    "transferred": events.TRANSFERRED, "answered": events.ANSWERED, "failed": events.NOT_ANSWERED,
    "resolved": events.RESOLVED, "reopened": events.REOPENED,
}  # fmt: skip


class Happened(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`what` happens to a conversation; the rest empty for any. `direct` only what was written to the company alone."""

    what: Literal["opened", "continued", "assigned", "transferred", "answered", "failed", "resolved", "reopened"] = (
        "opened"
    )
    team: str = ""
    network: str = ""
    priority: str = ""
    intent: str = ""
    feeling: Literal["any", "bad", "good"] = "any"
    direct: bool = False


def _where(given: Happened) -> list[Filter]:
    if given.team:
        rules.check_team(given.team)
    if given.priority:
        rules.check_priority(given.priority)
    named = {"team": given.team, "network": given.network, "priority": given.priority, "intent": given.intent}
    where = [Filter(name, "=", value) for name, value in named.items() if value]
    where += {"bad": [Filter("sentiment", "<", 0)], "good": [Filter("sentiment", ">", 0)]}.get(given.feeling, [])
    return [*where, *([Filter("direct", "=", True)] if given.direct else [])]


TRIGGERS = [
    TriggerKind(
        "social.conversation", {"ko": "상담에 일이 생기면", "en": "Something happens to a conversation"}, events.OPENED,
        Happened, _where,
        {"ko": "상담이 열리거나, 글이 더 오거나, 맡겨지거나, 답하거나, 해결되거나, 다시 열리면 시작합니다.",
         "en": "A conversation is opened, continued, assigned, transferred, answered, resolved or reopened."},
        event_of=lambda given: _EVENT_OF[given.what],
    ),
]  # fmt: skip


class AssignTo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`assignee` is a user id, empty for nobody. With `only_unassigned` it is left with whoever has it."""

    conversation: str
    assignee: str
    only_unassigned: bool = True


class Transfer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    conversation: str
    team: str
    note: str = ""


class SetPriority(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    conversation: str
    priority: str


class Stand(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`hours` is for how long a conversation is snoozed."""

    conversation: str
    state: Literal["open", "waiting", "snoozed", "resolved"]
    hours: float = 24


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    conversation: str
    text: str


class Now(msgspec.Struct, frozen=True):
    """How the conversation is afterwards."""

    conversation: str
    state: str
    team: str
    assignee: str
    priority: str
    path: str


class Written(msgspec.Struct, frozen=True):
    conversation: str
    entry: str


def steps(api: Care) -> list[StepKind]:
    """social.assign, social.transfer, social.priority, social.stand, social.note, social.draft."""

    async def assign(tx: Tx, call: StepCall, given: AssignTo) -> Now:
        talk = await api.one_in(tx, call.principal, _id(given.conversation))
        if given.only_unassigned and talk.assignee:
            return _now(talk)
        return _now(await api.assign_in(tx, call.principal, talk.id, given.assignee))

    async def transfer(tx: Tx, call: StepCall, given: Transfer) -> Now:
        talk = await api.one_in(tx, call.principal, _id(given.conversation))
        if talk.team == given.team:
            return _now(talk)
        return _now(await api.transfer_in(tx, call.principal, talk.id, given.team, given.note))

    async def priority(tx: Tx, call: StepCall, given: SetPriority) -> Now:
        return _now(await api.set_priority_in(tx, call.principal, _id(given.conversation), given.priority))

    async def stand(tx: Tx, call: StepCall, given: Stand) -> Now:
        if not 0 < given.hours <= 24 * 365:
            raise Invalid("`hours` is more than 0, at most a year.", field="hours")
        until = call.now + timedelta(hours=given.hours) if given.state == "snoozed" else None
        return _now(await api.set_state_in(tx, call.principal, _id(given.conversation), given.state, until=until))

    async def note(tx: Tx, call: StepCall, given: Words) -> Written:
        made = await api.note_in(tx, call.principal, _id(given.conversation), given.text)
        return Written(given.conversation, str(made.id))

    async def draft(tx: Tx, call: StepCall, given: Words) -> Written:
        made = await api.answering.draft_in(tx, call.principal, _id(given.conversation), given.text)
        return Written(given.conversation, str(made.id))

    return [
        StepKind(
            "social.assign", {"ko": "상담 맡기기", "en": "Assign a conversation"}, AssignTo, Now, assign,
            about={"ko": "상담을 동료에게 맡깁니다. 이미 맡은 사람이 있으면 그대로 둡니다.",
                   "en": "Gives a conversation to a colleague; by default only where nobody has it."},
        ),
        StepKind(
            "social.transfer", {"ko": "상담을 다른 팀으로", "en": "Transfer a conversation"}, Transfer, Now, transfer,
            about={"ko": "상담을 메모와 함께 다른 팀으로 넘깁니다.",
                   "en": "Hands a conversation to another team, with a note."},
        ),
        StepKind(
            "social.priority", {"ko": "상담 우선순위", "en": "Set a conversation's priority"}, SetPriority, Now,
            priority,
        ),
        StepKind(
            "social.stand", {"ko": "상담 상태", "en": "Set a conversation's state"}, Stand, Now, stand,
            about={"ko": "상담을 열거나, 고객을 기다리거나, 미루거나, 해결합니다.",
                   "en": "Opens a conversation, waits for the customer, snoozes or resolves it."},
        ),
        StepKind(
            "social.note", {"ko": "상담에 메모", "en": "Note in a conversation"}, Words, Written, note,
            about={"ko": "동료만 보는 메모를 남깁니다. <@사용자>로 부를 수 있습니다.",
                   "en": "A note that only colleagues see; <@user> calls somebody."},
        ),
        StepKind(
            "social.draft", {"ko": "상담 답 초안", "en": "Draft a reply"}, Words, Written, draft,
            about={"ko": "답의 초안을 상담에 둡니다. 보내는 것은 사람입니다.",
                   "en": "Puts a drafted reply into a conversation; a person sends it."},
        ),
    ]  # fmt: skip


def _now(talk: Conversation) -> Now:
    return Now(str(talk.id), talk.state, talk.team, talk.assignee, talk.priority, f"/inbox?c={talk.id}")


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Invalid("`conversation` is a conversation's id.", field="conversation") from error
