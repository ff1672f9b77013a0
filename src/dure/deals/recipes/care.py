"""Deals and leads that nobody looks after: quiet, with a single contact, past their date, not answered."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.deals.recipes.rooms import deal_card
from dure.kernel.cards import card, node, of, post

_TASK_DONE = {"event": "Task Done", "on": "event.properties.task"}
_MANAGER = Setting(
    "channel", {"ko": "팀장이 보는 채널", "en": "Where the team's lead looks"}, "channel", "sales",
)  # fmt: skip

_COOLS = (
    f"🧊 *{of('name')}* 고객과의 관계가 식고 있습니다: {of('band_before')} → {of('band')} ({of('score')})."
    f" The relationship cools, most of all by: {of('reasons')} · {of('path')}"
)

# The days at which deals tell of a quiet spell.
_SPELLS = [(days, {"ko": f"{days}일", "en": f"{days} days"}) for days in ("7", "14", "21", "30", "45", "60", "90")]

STALE = Recipe(
    "stale-deal",
    {"ko": "잠잠한 거래", "en": "A deal went quiet"},
    {
        "ko": "거래에 오래 움직임이 없으면 담당자에게 할 일을 만들고, 며칠 안에 끝내지 않으면 팀 채널에 올립니다.",
        "en": "When nothing happened to a deal for long, its owner gets a task; if it is not done in some days, the"
        " team's channel is told.",
    },
    {
        # A quiet spell is told at 7, 14, 21 … days; one of them counts, so that nobody is flooded.
        "trigger": {
            "event": "Deal Stale",
            "where": [{"prop": "threshold", "op": "=", "value": "[[quiet]]"},
                      {"prop": "amount", "op": ">=", "value": {"$setting": "least"}}],
            "key": "event", "subject": "object",
        },
        "nodes": [
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("owner"), "due_in": "3d",
                  "subject": f"{of('days_quiet')}일째 조용함, 다음 할 일 정하기"
                  f" Quiet for {of('days_quiet')} days, decide the next step: {of('name')}"}, "done"),
            node("done", "wait_event", {**_TASK_DONE, "equals": "{{ steps.task.task }}", "timeout": "[[after]]"},
                 {"timeout": "tell"}),
            post("tell", "[[channel]]", f"잠잠한 거래 Quiet deal: {of('name')} · {of('days_quiet')}일 days",
                 deal_card("💤 잠잠한 거래 · A quiet deal",
                           f"*{of('name')}*\n{of('days_quiet')}일째 움직임이 없고 할 일도 그대로입니다 · nothing for"
                           f" {of('days_quiet')} days, and the task is still open")),
        ],
    },
    [
        Setting("quiet", {"ko": "며칠 조용하면", "en": "Quiet for so many days"}, "choice", "14", _SPELLS),
        Setting("least", {"ko": "최소 금액", "en": "At least this amount"}, "money", 0),
        Setting("after", {"ko": "담당자에게 주는 시간", "en": "The owner's time"}, "duration", "3d"),
        _MANAGER,
    ],
    "sales",
)  # fmt: skip

SINGLE_CONTACT = Recipe(
    "single-contact",
    {"ko": "연락처가 하나뿐인 거래", "en": "A deal with a single contact"},
    {
        "ko": "고객 쪽 한 사람하고만 이야기하는 거래의 담당자에게 둘째 사람을 찾으라는 할 일을 만듭니다.",
        "en": "The owner of a deal that hangs on one person at the client gets a task to find a second.",
    },
    {
        "trigger": {
            "event": "Deal Single Threaded",
            "where": [{"prop": "probability", "op": ">=", "value": {"$setting": "probability"}}],
            # Once a deal and stage: it is worth saying again when more is at stake.
            "key": f"{of('deal')}:{of('stage')}", "subject": "object",
        },
        "nodes": [
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("owner"), "due_in": "[[due]]d",
                  "subject": f"고객 쪽 둘째 연락처 찾기 Find a second contact: {of('name')}"}, "room"),
            node("room", "branch", {"where": [{"prop": "channel", "op": "!=", "value": ""}]}, {"yes": "post"}),
            post("post", of("channel"), f"<@{of('owner')}> 이 거래는 고객 쪽 연락처가 {of('contacts')}명뿐입니다."
                                        f" 결정하는"
                 f" 사람을 함께 만나 보세요. · This deal hangs on {of('contacts')} contact. Meet who decides."),
        ],
    },
    [
        Setting("probability", {"ko": "확률 (%)부터", "en": "From this probability (%)"}, "percent", 50),
        Setting("due", {"ko": "기한 (일)", "en": "Within (days)"}, "number", 7),
    ],
    "sales",
)  # fmt: skip

OVERDUE = Recipe(
    "overdue-deal",
    {"ko": "마감일이 지난 거래", "en": "A deal past its close date"},
    {
        "ko": "마감일이 지나도 열려 있는 거래의 담당자에게 날짜를 고치라는 할 일을 만들고, 그대로면 팀 채널에"
              " 알립니다.",
        "en": "The owner of an open deal past its close date gets a task to correct it; the team's channel is told when"
        " it stays.",
    },
    {
        # Once for each date: a date that was moved and missed again is a new miss.
        "trigger": {"event": "Deal Overdue", "key": f"{of('deal')}:{of('close_date')}", "subject": "object"},
        "nodes": [
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("owner"), "due_in": "2d",
                  "subject": f"마감일 고치기 Correct the close date: {of('name')} ({of('close_date')})"}, "changed"),
            node("changed", "wait_event",
                 {"event": "Deal Changed", "where": [{"prop": "changed", "op": "contains", "value": "close_date"}],
                  "timeout": "[[after]]"}, {"timeout": "tell"}),
            post("tell", "[[channel]]", f"마감일이 지난 거래 Past its close date: {of('name')} ({of('close_date')})",
                 deal_card("📅 마감일이 지난 거래 · Past its close date", f"*{of('name')}* · <@{of('owner')}>")),
        ],
    },
    [Setting("after", {"ko": "담당자에게 주는 시간", "en": "The owner's time"}, "duration", "2d"), _MANAGER],
    "sales",
)  # fmt: skip

RELATIONSHIP_COOLS = Recipe(
    "relationship-cools",
    {"ko": "식어 가는 고객 관계", "en": "A relationship cools"},
    {
        "ko": "고객과의 관계가 한 단계 나빠지면 담당자에게 이유와 함께 알립니다. 담당자가 없으면 팀 채널에 알립니다.",
        "en": "When the relationship with a customer falls into a worse band, its owner is told, with the reasons;"
        " where nobody owns it, the team's channel is.",
    },
    {
        "trigger": {
            "event": "Relationship Changed", "where": [{"prop": "fell", "op": "=", "value": True}],
            "key": "event", "subject": "object",
        },
        "nodes": [
            node("owned", "branch", {"where": [{"prop": "owner", "op": "!=", "value": ""}]},
                 {"yes": "tell", "no": "post"}),
            node("tell", "channels.dm", {"users": [of("owner")], "text": _COOLS}),
            post("post", "[[channel]]", _COOLS),
        ],
    },
    [_MANAGER],
    "sales",
)  # fmt: skip

LEAD_CLOCK = Recipe(
    "lead-clock",
    {"ko": "새 리드 응답 시계", "en": "A new lead's clock"},
    {
        "ko": "새 리드의 담당자에게 연락하라는 할 일을 만들고, 정한 시간 안에 끝나지 않으면 팀 채널에 알립니다.",
        "en": "A new lead's owner gets a task to call; the team's channel is told when it is not done in time.",
    },
    {
        "trigger": {"event": "Lead Created", "key": "event.properties.lead", "subject": "object"},
        "nodes": [
            node("task", "deals.task",
                 {"about": of("lead"), "owner": of("owner"), "due_in": "1d",
                  "subject": f"새 리드에 연락 Call the new lead: {of('name')} ({of('company')})"}, "done"),
            node("done", "wait_event", {**_TASK_DONE, "equals": "{{ steps.task.task }}", "timeout": "[[within]]"},
                 {"timeout": "tell"}),
            post("tell", "[[channel]]", f"응답이 늦은 리드 A lead is waiting: {of('name')}",
                 card("⏱️ 응답이 늦은 리드 · A lead is waiting", f"*{of('name')}* · {of('company')}",
                      [("담당 Owner", f"<@{of('owner')}>"), ("정한 시간 Promised within", "[[within]]")])),
        ],
    },
    [Setting("within", {"ko": "연락하기까지", "en": "Call within"}, "duration", "4h"), _MANAGER],
    "sales",
)  # fmt: skip
