"""What clocks offer automations: triggers on time that runs short or is over, on surveys, and ready recipes."""

from __future__ import annotations

from typing import Literal

import msgspec

from dure.automation.plugs import Recipe, Setting, TriggerKind
from dure.kernel.cards import link, node, of, post
from dure.kernel.errors import Invalid
from dure.kernel.filters import Filter
from dure.social.care import rules as care_rules
from dure.social.clocks import events
from dure.social.clocks.model import PROMISED

_EVENT_OF = {
    "overdue": events.OVERDUE, "soon": events.DUE_SOON, "given": events.GIVEN, "given_back": events.GIVEN_BACK,
    "survey": events.RATED,
}  # fmt: skip


class Due(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`what` becomes of a clock: its time is `overdue` or runs short (`soon`), an answer is `given`, a silent assignee
    had it `given_back`, or a `survey` is answered, with at most `score`. The rest is empty for any; `kind` is first,
    next or resolve."""

    what: Literal["overdue", "soon", "given", "given_back", "survey"] = "overdue"
    kind: Literal["", "first", "next", "resolve"] = ""
    team: str = ""
    priority: str = ""
    network: str = ""
    score: int = 5


def _where(given: Due) -> list[Filter]:
    if given.team:
        care_rules.check_team(given.team)
    if given.priority:
        care_rules.check_priority(given.priority)
    if given.kind and given.what not in ("overdue", "soon", "given"):
        raise Invalid(f"`kind` ({', '.join(PROMISED)}) goes with overdue, soon and given.", field="kind")
    if not 1 <= given.score <= 5:
        raise Invalid("`score` is 1 to 5.", field="score")
    named = {"kind": given.kind, "team": given.team, "priority": given.priority, "network": given.network}
    where = [Filter(name, "=", value) for name, value in named.items() if value]
    return [*where, *([Filter("score", "<=", given.score)] if given.what == "survey" and given.score < 5 else [])]


TRIGGERS = [
    TriggerKind(
        "social.clock", {"ko": "응답 기한에 일이 생기면", "en": "A response is due, overdue or given"}, events.OVERDUE,
        Due, _where,
        {"ko": "응답 기한이 다가오거나 지나거나, 답하거나, 침묵한 담당자에게서 돌려받거나, 만족도에 답하면 시작합니다.",
         "en": "A response is due soon, overdue or given, a silent assignee's is taken back, or a survey is answered."},
        event_of=lambda given: _EVENT_OF[given.what],
    ),
]  # fmt: skip

_WHO = of("author_plain") + " · " + of("network")
_OPEN = link("상담 열기 · Open the conversation")
_CHANNEL = Setting("channel", {"ko": "알릴 채널", "en": "Channel"}, "channel", "care")
RECIPES: list[Recipe] = [
    Recipe(
        "response-overdue",
        {"ko": "기한이 지난 상담을 팀장에게", "en": "Overdue conversations go to the lead"},
        {"ko": "응답 기한이 지나면 상담을 팀장에게 맡기고 팀 채널에 알립니다.",
         "en": "When a response is overdue the conversation is given to the lead and the team's channel is told."},
        {
            "trigger": {"kind": "social.clock", "with": {"what": "overdue"}, "key": "event", "subject": "object"},
            "nodes": [
                node("assign", "social.assign", {
                    "conversation": of("conversation"), "assignee": "[[lead]]", "only_unassigned": False,
                }, "tell"),
                post("tell", "[[channel]]", "⏰ *" + of("kind_ko") + " 기한이 지남 · " + of("kind_en") + " overdue*\n"
                     + _WHO + " → <@[[lead]]> " + of("assignee_mention") + "\n" + _OPEN),
            ],
        },
        [Setting("lead", {"ko": "팀장", "en": "Lead"}, "user"), _CHANNEL],
        "care",
    ),
    Recipe(
        "response-soon",
        {"ko": "응답 기한이 다가오면 알리기", "en": "Tell of responses that are due soon"},
        {"ko": "약속한 시간의 80%가 지나도록 답이 없으면 담당자를 불러 팀 채널에 알립니다.",
         "en": "When four fifths of the promised time have passed, the team's channel is told."},
        {
            "trigger": {"kind": "social.clock", "with": {"what": "soon"}, "key": "event", "subject": "object"},
            "nodes": [
                post("tell", "[[channel]]", "⏳ *" + of("kind_ko") + " 기한이 다가옴 · " + of("kind_en")
                     + " due soon*\n" + _WHO + " " + of("assignee_mention") + "\n" + _OPEN),
            ],
        },
        [_CHANNEL],
        "care",
    ),
    Recipe(
        "survey-low",
        {"ko": "불만족한 고객을 다시 보기", "en": "Look again at dissatisfied customers"},
        {"ko": "만족도가 2점 이하이면 팀 채널에 알립니다.",
         "en": "When a customer's score is two or less, the team's channel is told."},
        {
            "trigger": {
                "kind": "social.clock", "with": {"what": "survey", "score": 2}, "key": "event", "subject": "object",
            },
            "nodes": [
                post("tell", "[[channel]]", "😞 *" + of("score") + "/5* · " + _WHO + "\n> " + of("comment_plain") + "\n"
                     + _OPEN),
            ],
        },
        [_CHANNEL],
        "care",
    ),
]  # fmt: skip
