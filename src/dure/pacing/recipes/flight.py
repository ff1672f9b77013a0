"""A flight's way: set up and looked over, its first days, its digest and its report halfway."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import answer, approval, ask, card, node, of, post, said, text_field
from dure.pacing.recipes.alerts import HAS_ROOM, OPEN, ROOM, WHOSE

ITEM = of("line_item")
OPS = Setting("channel", {"ko": "광고운영 채널", "en": "Ad operations' channel"}, "channel", "ad-ops")
REPORT = {"text": "{{ steps.report.text }}", "blocks": "{{ steps.report.blocks }}"}


def report(next: str) -> dict[str, object]:
    """A node that asks for the numbers of the line item."""
    return node("report", "pacing.report", {"line_item": ITEM}, next)


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
            node("approve", "pacing.qa", {"line_item": ITEM, "decision": "yes", "by": said("qa", "by")}, "good",
                 on_error="not_alone", retries=1),
            post("not_alone", "[[channel]]", "🙅 {{ steps.approve.error }} · 두 번째 사람이 확인해 주세요", next="qa",
                 thread="{{ steps.qa.ts }}"),
            post("good", "[[channel]]", f"✅ <@{said('qa', 'by')}> 확인 Checked: {WHOSE}", thread="{{ steps.qa.ts }}"),
            node("back", "pacing.qa",
                 {"line_item": ITEM, "decision": "no", "by": said("qa", "by"),
                  "reason": f"반려 Sent back: {said('qa', 'note')}"}, "task"),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "1d",
                  "subject": f"세팅 고치기 Correct the set-up: {of('name')} {said('qa', 'note')}"}),
            post("remind", "[[channel]]", f"⏰ [[within]]째 확인을 기다립니다 · Waiting for a second look for"
                                          f" [[within]]:"
                 f" {WHOSE}", thread="{{ steps.qa.ts }}"),
        ],
    },
    [OPS, Setting("within", {"ko": "확인까지", "en": "Check within"}, "duration", "8h")],
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
            report("post"),
            node("post", "channels.post", {"channel": ROOM, **REPORT}),
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
        OPS,
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
            report("post"),
            node("post", "channels.post", {"channel": ROOM, **REPORT}, "word"),
            post("word", ROOM, f"💬 <@{said('comment', 'by')}>: {answer('comment', 'comment')}",
                 thread="{{ steps.post.ts }}"),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "1d",
                  "subject": f"중간 보고 쓰기 Write the mid-flight report: {of('name')}"}),
        ],
    },
    [OPS, Setting("within", {"ko": "한마디를 기다리는 기간", "en": "Wait for the comment"}, "duration", "1d")],
    "campaign",
)  # fmt: skip
