"""A flight's way: set up and looked over, its first days, its reports, its end and what comes after."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import answer, approval, ask, card, node, of, post, said, text_field
from dure.pacing.recipes.alerts import HAS_ROOM, OPEN, ROOM, WHOSE

_ITEM = of("line_item")
_OPS = Setting("channel", {"ko": "광고운영 채널", "en": "Ad operations' channel"}, "channel", "ad-ops")
_REPORT = {"text": "{{ steps.report.text }}", "blocks": "{{ steps.report.blocks }}"}


def _report(next: str) -> dict[str, object]:
    return node("report", "pacing.report", {"line_item": _ITEM}, next)


TRAFFICKING_QA = Recipe(
    "trafficking-qa",
    {"ko": "세팅을 두 번째 사람이 확인", "en": "A second person checks the set-up"},
    {
        "ko": "라인아이템 세팅이 끝나면 다른 사람에게 미리보기, 클릭, 타깃, 픽셀을 확인해 달라고 묻고 결과를 적습니다.",
        "en": "When a line item is set up a second person is asked to check preview, click, targeting and pixels; the"
        " answer is written down.",
    },
    {
        # Set up again after it was sent back, it is looked over again.
        "trigger": {"event": "Trafficking Done", "key": "event", "subject": "object"},
        "nodes": [
            *approval(
                "qa", "[[channel]]",
                (f"세팅 확인: {of('name')}", f"Check the set-up: {of('name')}"),
                yes="approve", no="back", timeout="[[within]]", silent="remind", function="ad_ops", note="optional",
                text=f"{WHOSE} · 세팅한 사람 set up by <@{of('trafficked_by')}>. 다른 사람이 확인해 주세요 · Somebody"
                     f" else,"
                " please.",
                blocks=card("🔎 세팅 확인 · Second look", "☐ 미리보기 Preview\n☐ 클릭 주소 Click-through\n☐ 타깃"
                                                     " Targeting\n"
                            "☐ 픽셀 Pixels", [("시작 Starts", of("start")), ("목표 Goal", of("goal_text"))], OPEN),
            ),
            node("approve", "pacing.qa", {"line_item": _ITEM, "decision": "yes", "by": said("qa", "by")}, "good",
                 on_error="not_alone", retries=1),
            post("not_alone", "[[channel]]", "🙅 {{ steps.approve.error }} · 두 번째 사람이 확인해 주세요", next="qa",
                 thread="{{ steps.qa.ts }}"),
            post("good", "[[channel]]", f"✅ <@{said('qa', 'by')}> 확인 Checked: {WHOSE}", thread="{{ steps.qa.ts }}"),
            node("back", "pacing.qa",
                 {"line_item": _ITEM, "decision": "no", "by": said("qa", "by"),
                  "reason": f"반려 Sent back: {said('qa', 'note')}"}, "task"),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "1d",
                  "subject": f"세팅 고치기 Correct the set-up: {of('name')} {said('qa', 'note')}"}),
            post("remind", "[[channel]]", f"⏰ [[within]]째 확인을 기다립니다 · Waiting for a second look for"
                                          f" [[within]]:"
                 f" {WHOSE}", thread="{{ steps.qa.ts }}"),
        ],
    },
    [_OPS, Setting("within", {"ko": "확인까지", "en": "Check within"}, "duration", "8h")],
    "campaign",
)  # fmt: skip

FIRST_DAYS = Recipe(
    "first-48-hours",
    {"ko": "첫 48시간", "en": "The first 48 hours"},
    {
        "ko": "송출이 시작되면 채널에 알리고, 이틀 뒤 첫 숫자를 올립니다.",
        "en": "Tells a line item's channel that it launched and, two days later, its first figures.",
    },
    {
        "trigger": {"event": "Line Item Launched", "where": [HAS_ROOM], "key": "event.properties.line_item",
                    "subject": "object"},
        "nodes": [
            post("live", ROOM, f"🚀 송출 시작 Live: {WHOSE} · {of('start')} ~ {of('end')}", next="wait"),
            node("wait", "wait", {"for": "[[after]]"}, "report"),
            _report("post"),
            node("post", "channels.post", {"channel": ROOM, **_REPORT}),
        ],
    },
    [Setting("after", {"ko": "얼마 뒤", "en": "After"}, "duration", "48h")],
    "campaign",
)  # fmt: skip

DAILY_DIGEST = Recipe(
    "daily-digest",
    {"ko": "아침 페이싱 요약", "en": "Daily pacing digest"},
    {
        "ko": "평일 아침마다 위험한 라인아이템부터 차례로 적은 요약을 광고운영 채널에 올립니다.",
        "en": "Every weekday morning ad operations' channel gets the line items, the most at risk first.",
    },
    {
        "trigger": {"at": "[[at]]", "days": {"$setting": "days"}},
        "nodes": [
            node("digest", "pacing.digest", {}, "post"),
            node("post", "channels.post",
                 {"channel": "[[channel]]", "text": "{{ steps.digest.text }}", "blocks": "{{ steps.digest.blocks }}"}),
        ],
    },
    [
        Setting("at", {"ko": "시각", "en": "At"}, "time", "09:00"),
        Setting("days", {"ko": "요일", "en": "On"}, "days", ["mon", "tue", "wed", "thu", "fri"]),
        _OPS,
    ],
    "campaign",
)  # fmt: skip

MID_FLIGHT = Recipe(
    "mid-flight-report",
    {"ko": "중간 보고", "en": "Mid-flight report"},
    {
        "ko": "기간의 절반이 지나면 담당자에게 한마디를 받아 숫자와 함께 채널에 올립니다. 한마디가 없으면 고객에게"
              " 보이지"
        " 않습니다.",
        "en": "Halfway through a flight its manager is asked for a comment, which is posted with the figures; without a"
        " comment the client sees nothing.",
    },
    {
        "trigger": {"event": "Flight Midpoint", "where": [HAS_ROOM], "key": "event.properties.line_item",
                    "subject": "object"},
        "nodes": [
            *ask(
                "comment", "[[channel]]", (f"중간 보고 한마디: {of('name')}", f"A word for the report: {of('name')}"),
                [text_field("comment", "고객에게 보일 설명", "What the client should know", "long_text")],
                answered="report", timeout="[[within]]", silent="task",
                text=f"<@{of('manager')}> {WHOSE}",
            ),
            _report("post"),
            node("post", "channels.post", {"channel": ROOM, **_REPORT}, "word"),
            post("word", ROOM, f"💬 <@{said('comment', 'by')}>: {answer('comment', 'comment')}",
                 thread="{{ steps.post.ts }}"),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "1d",
                  "subject": f"중간 보고 쓰기 Write the mid-flight report: {of('name')}"}),
        ],
    },
    [_OPS, Setting("within", {"ko": "한마디를 기다리는 기간", "en": "Wait for the comment"}, "duration", "1d")],
    "campaign",
)  # fmt: skip

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
        _OPS,
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
    [_OPS, Setting("due", {"ko": "기한 (일)", "en": "Within (days)"}, "number", 2)],
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
            _report("post"),
            node("post", "channels.post", {"channel": ROOM, **_REPORT}, "bill"),
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
            node("of_item", "pacing.report", {"line_item": _ITEM}, "post_item"),
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
