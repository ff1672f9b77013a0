"""A deal's end: won, it is handed over; lost, its reason is asked; before that, a contract is chased."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.deals.recipes.rooms import NOT_LOADED, ROOM, deal_card
from dure.kernel.cards import node, of, post

CONTRACT_CHASE = Recipe(
    "contract-chase",
    {"ko": "계약서 회신 챙기기", "en": "Chase a contract"},
    {
        "ko": "협상 단계에서 며칠 동안 단계가 그대로면 담당자에게 고객에게 연락하라는 할 일을 만들고 채널에 알립니다.",
        "en": "When a deal stays in negotiation for some days, its owner gets a task to call the client, and its room"
        " is told.",
    },
    {
        "trigger": {
            "event": "Deal Stage Changed",
            "where": [{"prop": "to", "op": "=", "value": "[[stage]]"}, NOT_LOADED],
            # Coming back to the stage begins a new wait.
            "key": f"{of('deal')}:{of('entry')}",
            "subject": "object",
        },
        "nodes": [
            node("moved", "wait_event", {"event": "Deal Stage Changed", "timeout": "[[after]]"}, {"timeout": "task"}),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("owner"), "due_in": "1d",
                  "subject": f"계약서 회신 확인 Chase the contract: {of('name')}"}, "room"),
            node("room", "branch", {"where": [{"prop": "channel", "op": "!=", "value": ""}]}, {"yes": "post"}),
            post("post", ROOM, f"<@{of('owner')}> 계약서 회신이 [[after]] 동안 없습니다. 고객에게 연락해 주세요."
                 " · The contract has been out for [[after]]. Please call the client."),
        ],
    },
    [
        Setting("stage", {"ko": "단계", "en": "Stage"}, "stage", "Negotiation"),
        Setting("after", {"ko": "기다리는 기간", "en": "Wait"}, "duration", "5d"),
    ],
    "sales",
)  # fmt: skip

WON_HANDOVER = Recipe(
    "won-handover",
    {"ko": "수주 인계", "en": "Hand over a won deal"},
    {
        "ko": "수주하면 광고운영을 거래 채널에 초대해 인계 카드를 올리고, 킥오프 할 일을 만들고, 축하를 알립니다.",
        "en": "When a deal is won, ad operations are invited to its room with a hand-over card, a kick-off task is made"
        " and the win is told.",
    },
    {
        "trigger": {
            "event": "Deal Won", "where": [NOT_LOADED],
            # A deal that is opened again and won again was handed over the first time.
            "key": "event.properties.deal", "subject": "object",
        },
        "nodes": [
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("owner"), "due_in": "[[due]]d",
                  "subject": f"킥오프 회의 잡기 Plan the kick-off: {of('name')}"}, "room"),
            node("room", "branch", {"where": [{"prop": "channel", "op": "!=", "value": ""}]},
                 {"yes": "invite", "no": "cheer"}),
            node("invite", "channels.invite", {"channel": ROOM, "function": "[[function]]"}, "card"),
            post("card", ROOM, f"수주 인계 Hand-over: {of('name')} · {of('amount_text')}",
                 deal_card("🤝 수주 인계 · Hand-over",
                           f"*{of('name')}*\n집행 준비를 시작합니다. 담당 영업 <@{of('owner')}>"
                           f" · Preparation begins; ask <@{of('owner')}> about the client."), "cheer"),
            post("cheer", "[[channel]]", f"🎉 수주 Won: *{of('name')}* · {of('account_name')} · {of('amount_text')}"
                 f" · <@{of('owner')}>"),
        ],
    },
    [
        Setting("function", {"ko": "넘겨받는 팀", "en": "Team that takes over"}, "function", "ad_ops"),
        Setting("channel", {"ko": "알릴 채널", "en": "Tell it in"}, "channel", "sales"),
        Setting("due", {"ko": "킥오프 기한 (일)", "en": "Kick-off within (days)"}, "number", 3),
    ],
    "sales",
)  # fmt: skip

REVIVE = Recipe(
    "lost-revive",
    {"ko": "실주 거래 다시 두드리기", "en": "Try a lost deal again"},
    {
        "ko": "실주하고 몇 달 뒤 담당자에게 다시 연락해 보라는 할 일을 만듭니다. 그사이 거래가 다시 열리면 그만둡니다.",
        "en": "Some months after a deal was lost its owner gets a task to try again, unless the deal was opened again.",
    },
    {
        "trigger": {
            "event": "Deal Lost",
            "where": [NOT_LOADED, {"prop": "amount", "op": ">=", "value": {"$setting": "least"}}],
            "key": "event.properties.deal", "subject": "object",
        },
        "nodes": [
            node("opened", "wait_event", {"event": "Deal Stage Changed", "timeout": "[[after]]"}, {"timeout": "task"}),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("owner"), "due_in": "7d",
                  "subject": f"다시 연락하기 Try again: {of('name')} ({of('account_name')})"}),
        ],
    },
    [
        Setting("after", {"ko": "얼마 뒤", "en": "After"}, "duration", "90d"),
        Setting("least", {"ko": "최소 금액", "en": "At least this amount"}, "money", 0),
    ],
    "sales",
)  # fmt: skip
