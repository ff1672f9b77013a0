"""What is wrong with a line item, told in its channel once, and to somebody else where nobody acts."""

from __future__ import annotations

from typing import Any

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import card, link, node, of, post

OPEN = link("라인아이템 열기 Open the line item")
ROOM = of("channel")
# A line item without a channel has nobody to tell here; its alert still stands on the pacing screen.
HAS_ROOM = {"prop": "channel", "op": "!=", "value": ""}
# Told again only when pacing says it again: it got worse.
_ONCE = f"{of('alert')}:{of('notice')}"
WHOSE = f"*{of('name')}* ({of('account_name')})"
ESCALATE = Setting(
    "channel", {"ko": "아무도 맡지 않으면 알릴 채널", "en": "Where to tell it when nobody takes"
                                                " it"}, "channel", "ad-ops",
)  # fmt: skip
PATIENCE = Setting("after", {"ko": "기다리는 시간", "en": "Wait"}, "duration", "4h")


def alert(event: str, text: str, blocks: list[dict[str, Any]], *more: dict[str, Any]) -> dict[str, Any]:
    """A definition: one card for each spell of trouble in the line item's channel, which is changed and said to be
    changed in its thread when it is told again; then what follows it."""
    following = more[0]["id"] if more else None
    return {
        "trigger": {"event": event, "where": [HAS_ROOM], "key": _ONCE, "subject": "object"},
        "nodes": [
            post("card", ROOM, text, blocks, "told_before", card=f"pacing:{of('alert')}"),
            node("told_before", "branch", {"where": [{"prop": "notice", "op": ">", "value": 1}]},
                 {"yes": "again"} | ({"no": following} if following else {})),
            node("again", "channels.reply",
                 {"channel": ROOM, "ts": "{{ steps.card.ts }}", "text": "🔁 더 나빠졌습니다. 카드를 고쳤습니다. · It"
                                                                        " got"
                  " worse; the card says how."}, following),
            *more,
        ],
    }  # fmt: skip


def unless_taken(text: str) -> list[dict[str, Any]]:
    """Nodes that tell another channel when nobody has taken the alert in time."""
    return [
        node("taken", "wait_event",
             {"event": "Alert Acknowledged", "on": "event.properties.alert", "equals": of("alert"),
              "timeout": "[[after]]"}, {"timeout": "escalate"}),
        post("escalate", "[[channel]]", text),
    ]  # fmt: skip


AT_RISK = Recipe(
    "pacing-alert",
    {"ko": "미달 위험 알림", "en": "Pacing alert"},
    {
        "ko": "학습한 속도로 목표에 못 미칠 라인아이템을 그 채널에 카드 하나로 알리고, 더 나빠지면 그 카드를 고치고"
              " 스레드에"
        " 알립니다.",
        "en": "Tells a line item's channel by one card when its learned pace will miss the goal; when it gets worse the"
        " card is changed and its thread told.",
    },
    alert(
        "Line Item At Risk",
        f"미달 위험 At risk: {of('name')} · 예상 {of('forecast_percent')}%",
        card(
            "⚠️ 미달 위험 · At risk",
            f"{WHOSE}\n{of('reason_ko')} · {of('reason_en')}",
            [
                ("목표 Goal", of("goal_text")),
                ("현재 Delivered", f"{of('delivered_text')} ({of('delivered_percent')}%)"),
                ("종료 예상 Forecast",
                 f"{of('forecast_text')} ({of('forecast_low_percent')}–{of('forecast_high_percent')}%)"),
                ("부족 Shortfall", f"{of('shortfall_text')} ({of('shortfall_percent')}%)"),
                ("하루 필요 Needed a day", of("needed_text")),
                ("하루 예상 Expected a day", of("expected_text")),
                ("남은 기간 Left", f"{of('days_left')}일 days (~{of('end')})"),
            ],
            OPEN,
        ),
    ),
    group="campaign",
)  # fmt: skip

UNANSWERED = Recipe(
    "risk-unanswered",
    {"ko": "아무도 맡지 않은 미달 위험", "en": "A risk that nobody takes"},
    {
        "ko": "미달 확률이 높은 라인아이템의 알림을 아무도 확인하지 않으면 광고운영 채널에 올리고 담당자 할 일을"
              " 만듭니다.",
        "en": "When nobody acknowledges the alert of a line item that will very likely miss, ad operations' channel is"
        " told and its manager gets a task.",
    },
    {
        "trigger": {
            "event": "Line Item At Risk",
            "where": [{"prop": "miss_percent", "op": ">=", "value": {"$setting": "miss"}}],
            # Once an alert, however often it gets worse.
            "key": "event.properties.alert", "subject": "object",
        },
        "nodes": [
            node("taken", "wait_event",
                 {"event": "Alert Acknowledged", "on": "event.properties.alert", "equals": of("alert"),
                  "timeout": "[[after]]"}, {"timeout": "tell"}),
            post("tell", "[[channel]]", f"아무도 맡지 않음 Nobody took it: {of('name')}",
                 card("🙋 아무도 맡지 않은 위험 · A risk nobody took", f"{WHOSE} · <@{of('manager')}>",
                      [("미달 확률 Chance to miss", f"{of('miss_percent')}%"),
                       ("부족 Shortfall", f"{of('shortfall_text')} ({of('shortfall_percent')}%)")], OPEN), "task"),
            node("task", "deals.task",
                 {"about": of("deal"), "owner": of("manager"), "due_in": "1d",
                  "subject": f"미달 위험 조치하기 Act on the risk: {of('name')}"}),
        ],
    },
    [
        Setting("miss", {"ko": "미달 확률 (%)부터", "en": "From this chance to miss (%)"}, "percent", 70),
        PATIENCE, ESCALATE,
    ],
    "campaign",
)  # fmt: skip

NOT_LAUNCHED = Recipe(
    "launch-check",
    {"ko": "송출 시작 확인", "en": "Launch check"},
    {
        "ko": "집행이 시작됐는데 노출이 하나도 없는 라인아이템을 그 채널에 알리고, 몇 시간 뒤에도 그대로면 광고운영에"
        " 알립니다.",
        "en": "Tells a line item's channel when its flight has begun and nothing was delivered; ad operations are told"
        " when that stays so for hours.",
    },
    alert(
        "Line Item Not Launched",
        f"미송출 Not launched: {of('name')}",
        card(
            "🚫 미송출 · Not launched",
            f"{WHOSE}\n{of('start')}에 시작했지만 노출이 없습니다 · started without a single impression",
            [
                ("목표 Goal", of("goal_text")),
                ("기간 Flight", f"{of('start')} ~ {of('end')}"),
                ("하루 필요 Needed a day", of("needed_text")),
                ("남은 기간 Left", f"{of('days_left')}일 days"),
            ],
            OPEN,
        ),
        node("launched", "wait_event", {"event": "Line Item"
                                                 " Launched", "timeout": "[[after]]"}, {"timeout": "escalate"}),
        post("escalate", "[[channel]]",
             f"🚫 [[after]] 지나도 송출되지 않습니다 · Still nothing after [[after]]: {WHOSE} · <@{of('manager')}>"),
    ),
    [PATIENCE, ESCALATE],
    "campaign",
)  # fmt: skip

OVER = Recipe(
    "over-delivery",
    {"ko": "과다 집행 알림", "en": "Over-delivery"},
    {
        "ko": "목표나 상한을 넘어설 라인아이템을 그 채널에 알리고, 담당자에게 속도를 낮추라는 할 일을 만듭니다.",
        "en": "Tells a line item's channel that it runs past its goal or cap, and gives its manager a task to slow it.",
    },
    alert(
        "Line Item Over Delivering",
        f"과다 집행 Over-delivering: {of('name')}",
        card(
            "🏎️ 과다 집행 · Over-delivery",
            f"{WHOSE}\n지금 속도면 목표를 넘습니다. 상한이나 우선순위를 낮춰 주세요 · It runs past its goal; lower"
            f" its cap or"
            " priority.",
            [("목표 Goal", of("goal_text")),
             ("현재 Delivered", f"{of('delivered_text')} ({of('delivered_percent')}%)"),
             ("남은 기간 Left", f"{of('days_left')}일 days (~{of('end')})")],
            OPEN,
        ),
        node("task", "deals.task",
             {"about": of("deal"), "owner": of("manager"), "due_in": "[[due]]d",
              "subject": f"상한 낮추기 Lower the cap: {of('name')}"}),
    ),
    [Setting("due", {"ko": "기한 (일)", "en": "Within (days)"}, "number", 1)],
    "campaign",
)  # fmt: skip

STOPPED = Recipe(
    "delivery-stopped",
    {"ko": "멈춘 라인아이템", "en": "Delivery stopped"},
    {
        "ko": "잘 나가다 노출이 끊긴 라인아이템을 그 채널에 알리고, 아무도 맡지 않으면 광고운영에 알립니다.",
        "en": "Tells a line item's channel that it stopped after steady delivery; ad operations when nobody takes it.",
    },
    alert(
        "Line Item Stopped",
        f"송출 멈춤 Stopped: {of('name')}",
        card("🛑 송출 멈춤 · Delivery stopped", f"{WHOSE}\n나가던 노출이 끊겼습니다 · It delivered, and now does not.",
             [("현재 Delivered", f"{of('delivered_text')} ({of('delivered_percent')}%)"),
              ("남은 기간 Left", f"{of('days_left')}일 days (~{of('end')})")], OPEN),
        *unless_taken(f"🛑 아무도 맡지 않은 송출 멈춤 · Stopped and nobody took it: {WHOSE} · <@{of('manager')}>"),
    ),
    [PATIENCE, ESCALATE],
    "campaign",
)  # fmt: skip

PAUSED = Recipe(
    "paused-with-budget",
    {"ko": "예산이 남은 채 멈춰 둔 라인아이템", "en": "Paused with budget left"},
    {
        "ko": "기간과 예산이 남았는데 멈춰 둔 라인아이템을 그 채널에 알립니다.",
        "en": "Tells a line item's channel that it is paused while flight and budget are left.",
    },
    alert(
        "Line Item Paused With Budget",
        f"멈춰 둠 Paused with budget left: {of('name')}",
        card("⏸️ 예산이 남은 채 멈춤 · Paused with budget left",
             f"{WHOSE}\n일부러 멈춘 것이 아니라면 다시 켜 주세요 · Turn it on again unless this is meant.",
             [("현재 Delivered", f"{of('delivered_text')} ({of('delivered_percent')}%)"),
              ("남은 기간 Left", f"{of('days_left')}일 days (~{of('end')})")], OPEN),
    ),
    group="campaign",
)  # fmt: skip

TRACKING_GAP = Recipe(
    "tracking-gap",
    {"ko": "집계 차이 알림", "en": "Tracking gap"},
    {
        "ko": "우리 집계와 외부 집계가 많이 다른 라인아이템을 그 채널에 알리고, 담당자에게 픽셀을 확인하라는 할 일을"
              " 만듭니다.",
        "en": "Tells a line item's channel that our count and the third party's differ, and gives its manager a task to"
        " check the pixels.",
    },
    alert(
        "Tracking Gap",
        f"집계 차이 Tracking gap: {of('name')}",
        card("📐 집계 차이 · Tracking gap", f"{WHOSE}\n우리 집계와 외부 집계가 다릅니다 · Our count and theirs differ.",
             [("우리 집계 Ours", of("delivered_text"))], OPEN),
        node("task", "deals.task",
             {"about": of("deal"), "owner": of("manager"), "due_in": "[[due]]d",
              "subject": f"픽셀과 태그 확인 Check pixels and tags: {of('name')}"}),
    ),
    [Setting("due", {"ko": "기한 (일)", "en": "Within (days)"}, "number", 1)],
    "campaign",
)  # fmt: skip

RECOVERED = Recipe(
    "risk-recovered",
    {"ko": "미달 위험 해소 알림", "en": "A risk is over"},
    {
        "ko": "위험하던 라인아이템이 다시 목표에 닿을 속도가 되면 그 채널에 알립니다.",
        "en": "Tells a line item's channel that it is on its way to the goal again.",
    },
    {
        "trigger": {"event": "Line Item Recovered", "where": [HAS_ROOM],
                    "key": f"{of('alert')}:{of('episode')}", "subject": "object"},
        "nodes": [post("post", ROOM, f"✅ 다시 제 속도 Back on pace: {WHOSE} · {of('delivered_percent')}%")],
    },
    group="campaign",
)  # fmt: skip

DATA_STALE = Recipe(
    "data-stale",
    {"ko": "집계가 오지 않음", "en": "Figures do not come"},
    {
        "ko": "광고 서버의 집계가 제때 오지 않으면 광고운영 채널에 알리고, 다시 오면 그 카드를 고쳐 알립니다.",
        "en": "When an ad server's figures are late ad operations are told; the card says so when they come again.",
    },
    {
        "trigger": {"event": "Delivery Data Stale", "key": "event", "subject": "event.properties.source"},
        "nodes": [
            post("card", "[[channel]]", f"🕳️ 집계가 오지 않음 Figures are late: {of('source')}",
                 card("🕳️ 집계가 오지 않음 · Figures are late",
                      f"*{of('source')}* · 그동안 페이싱 알림은 멈춥니다 · Pacing alerts hold still until they"
                      f" come."), "fresh"),
            node("fresh", "wait_event",
                 {"event": "Delivery Data Fresh", "on": "event.properties.source", "equals": of("source"),
                  "timeout": "30d"}, {"event": "change"}),
            node("change", "channels.update",
                 {"channel": "{{ steps.card.channel }}", "ts": "{{ steps.card.ts }}",
                  "text": f"✅ 집계가 다시 옴 Figures are back: {of('source')}",
                  "blocks": card("✅ 집계가 다시 옴 · Figures are back", f"*{of('source')}*")}),
        ],
    },
    [Setting("channel", {"ko": "알릴 채널", "en": "Tell it in"}, "channel", "ad-ops")],
    "campaign",
)  # fmt: skip
