"""A flight's end and what comes after: made good, billed, wrapped up, renewed."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import approval, ask, card, node, of, post, said, text_field
from dure.pacing.recipes.alerts import HAS_ROOM, OPEN, ROOM, WHOSE
from dure.pacing.recipes.flight import ITEM, OPS, REPORT, report

MAKEGOOD = Recipe(
    "make-good",
    {"ko": "보상 집행 승인", "en": "Make-good"},
    {
        "ko": "보상 집행이 제안되면 승인을 묻고, 승인되면 원래 라인아이템에 이어 예약해 채널에 알립니다.",
        "en": "A proposed make-good is put to approval; agreed, it is booked beside the original and its channel is"
              " told.",
    },
    {
        "trigger": {"event": "Makegood Proposed", "key": "event.properties.makegood", "subject": "object"},
        "nodes": [
            *approval(
                "agree", "[[channel]]", (f"보상 집행을 승인할까요? {of('name')}", f"Approve the make-good?"
                                                                        f" {of('name')}"),
                yes="book", no="decline", timeout="[[within]]", silent="remind", function="[[function]]",
                text=f"{WHOSE} · {of('units_text')} · {of('makegood_start')} ~ {of('makegood_end')}\n{of('reason')}",
            ),
            node("book", "pacing.makegood", {"makegood": of("makegood")}, "room"),
            node("decline", "pacing.decline", {"makegood": of("makegood"), "by": said("agree", "by")}, "declined"),
            node("room", "branch", {"where": [HAS_ROOM]}, {"yes": "told"}),
            post("told", ROOM, f"🎁 보상 집행 예약 Make-good booked: {of('units_text')}",
                 card("🎁 보상 집행 · Make-good", WHOSE,
                      [("물량 Units", of("units_text")),
                       ("기간 Flight", f"{of('makegood_start')} ~ {of('makegood_end')}")], OPEN)),
            post("declined", "[[channel]]", f"보상 집행 반려 Declined by <@{said('agree', 'by')}>: {WHOSE}",
                 thread="{{ steps.agree.ts }}"),
            post("remind", "[[channel]]", f"⏰ [[within]]째 승인을 기다립니다 · Waiting for approval: {WHOSE}",
                 thread="{{ steps.agree.ts }}"),
        ],
    },
    [
        OPS,
        Setting("function", {"ko": "승인하는 팀", "en": "Team that approves"}, "function", "sales"),
        Setting("within", {"ko": "승인까지", "en": "Approve within"}, "duration", "1d"),
    ],
    "campaign",
)  # fmt: skip

ENDED_SHORT = Recipe(
    "ended-short",
    {"ko": "미달로 끝난 집행", "en": "Ended short"},
    {
        "ko": "목표에 못 미치고 끝난 라인아이템을 광고운영에 알리고, 담당자에게 보상을 제안하라는 할 일을 만듭니다.",
        "en": "Ad operations are told of a line item that ended short, and its manager gets a task to propose a"
              " make-good.",
    },
    {
        "trigger": {"event": "Line Item Ended Short", "key": "event.properties.line_item", "subject": "object"},
        "nodes": [
            post("post", "[[channel]]", f"미달 종료 Ended short: {of('name')} · {of('delivered_percent')}%",
                 card("📉 미달 종료 · Ended short", f"{WHOSE} · <@{of('manager')}>",
                      [("목표 Goal", of("goal_text")),
                       ("집행 Delivered", f"{of('delivered_text')} ({of('delivered_percent')}%)")], OPEN), "task"),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "[[due]]d",
                  "subject": f"보상 집행 제안하기 Propose a make-good: {of('name')}"}),
        ],
    },
    [OPS, Setting("due", {"ko": "기한 (일)", "en": "Within (days)"}, "number", 2)],
    "campaign",
)  # fmt: skip

FLIGHT_END = Recipe(
    "flight-end",
    {"ko": "집행 종료 정산", "en": "Flight end"},
    {
        "ko": "집행이 끝나고 하루 뒤, 늦은 집계까지 담은 최종 숫자를 채널에 올리고 정산 할 일을 만듭니다.",
        "en": "A day after a flight has ended its final figures, late ones included, are posted and there is a task to"
        " bill it.",
    },
    {
        "trigger": {
            "event": "Line Item Ended", "where": [{"prop": "loaded", "op": "not_set"}],
            "key": "event.properties.line_item", "subject": "object",
        },
        "nodes": [
            node("wait", "wait", {"for": "[[after]]"}, "room"),
            node("room", "branch", {"where": [HAS_ROOM]}, {"yes": "report", "no": "bill"}),
            report("post"),
            node("post", "channels.post", {"channel": ROOM, **REPORT}, "bill"),
            node("bill", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "3d",
                  "subject": f"차이 확인하고 정산하기 Check the difference and bill: {of('name')}"}),
        ],
    },
    [Setting("after", {"ko": "얼마 뒤", "en": "After"}, "duration", "1d")],
    "campaign",
)  # fmt: skip

WRAP_UP = Recipe(
    "wrap-up",
    {"ko": "마무리 보고와 배운 것", "en": "Wrap-up report and learnings"},
    {
        "ko": "집행이 끝나고 닷새 뒤 마무리 보고를 올리고 배운 것을 물어 노트로 남깁니다.",
        "en": "Five days after the end the wrap-up report is posted and the learnings are asked for and kept as a"
              " note.",
    },
    {
        # An order with many line items is wrapped up once.
        "trigger": {
            "event": "Line Item Ended", "where": [HAS_ROOM, {"prop": "loaded", "op": "not_set"}],
            "key": "event.properties.order", "subject": "object",
        },
        "nodes": [
            node("wait", "wait", {"for": "[[after]]"}, "whole"),
            node("whole", "branch", {"where": [{"prop": "order", "op": "!=", "value": ""}]},
                 {"yes": "of_order", "no": "of_item"}),
            node("of_order", "pacing.report", {"order": of("order")}, "post_order"),
            node("post_order", "channels.post",
                 {"channel": ROOM, "text": "{{ steps.of_order.text }}", "blocks": "{{ steps.of_order.blocks }}"},
                 "learned"),
            node("of_item", "pacing.report", {"line_item": ITEM}, "post_item"),
            node("post_item", "channels.post",
                 {"channel": ROOM, "text": "{{ steps.of_item.text }}", "blocks": "{{ steps.of_item.blocks }}"},
                 "learned"),
            *ask(
                "learned", ROOM, ("이번 캠페인에서 배운 것", "What we learned"),
                [
                    text_field("good", "잘된 것", "What went well", "long_text"),
                    text_field("bad", "다음에 바꿀 것", "What to change", "long_text"),
                    text_field("quote", "고객의 말", "What the client said", required=False),
                ],
                answered="deal", timeout="[[within]]", silent="nobody", text=f"<@{of('manager')}> {WHOSE}",
            ),
            node("deal", "branch", {"where": [{"prop": "deal", "op": "!=", "value": ""}]}, {"yes": "note"}),
            node("note", "deals.note",
                 {"about": of("deal"), "title": "배운 것 Learnings", "text": said("learned", "text")}),
            node("nobody", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "3d",
                  "subject": f"배운 것 적기 Write the learnings: {of('name')}"}),
        ],
    },
    [
        Setting("after", {"ko": "얼마 뒤", "en": "After"}, "duration", "5d"),
        Setting("within", {"ko": "답을 기다리는 기간", "en": "Wait for the answers"}, "duration", "7d"),
    ],
    "campaign",
)  # fmt: skip

RENEWAL = Recipe(
    "renewal",
    {"ko": "재계약 이야기", "en": "Renewal"},
    {
        "ko": "집행의 절반이 지나면 거래 팀에게 재계약 이야기를 시작하라는 할 일을 만들고 채널에 알립니다.",
        "en": "Halfway through a flight there is a task to begin talking about a renewal, and the channel is told.",
    },
    {
        # One renewal a deal, however many line items it has.
        "trigger": {
            "event": "Flight Midpoint", "where": [{"prop": "deal", "op": "!=", "value": ""}],
            "key": "event.properties.deal", "subject": "event.properties.deal",
        },
        "nodes": [
            node("wait", "wait", {"for": "[[after]]"}, "team"),
            node("team", "deals.team", {"deal": of("deal")}, "task"),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": "{{ steps.team.owner }}", "due_in": "[[due]]d",
                  "subject": f"재계약 이야기 시작 Talk about a renewal: {of('account_name')}"}, "room"),
            node("room", "branch", {"where": [HAS_ROOM]}, {"yes": "post"}),
            post("post", ROOM, f"🔁 <@{{{{ steps.team.owner }}}}> {of('account_name')} 집행이 {of('end')}에 끝납니다."
                               f" 재계약"
                 f" 이야기를 시작할 때입니다. · The flight ends on {of('end')}; time to talk about a renewal."),
        ],
    },
    [
        Setting("after", {"ko": "절반에서 얼마 뒤", "en": "So long after the middle"}, "duration", "1d"),
        Setting("due", {"ko": "기한 (일)", "en": "Within (days)"}, "number", 7),
    ],
    "campaign",
)  # fmt: skip
