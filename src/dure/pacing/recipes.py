"""Ready automations that begin at a line item."""

from __future__ import annotations

from typing import Any

from dure.automation.plugs import Recipe

_LINK = '<{{ run.site | default: "" }}{{ event.properties.path }}|라인아이템 열기 Open the line item>'


def _field(label: str, value: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": f"*{label}*\n{value}"}


def _card(head: str, sentence: str, fields: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [
        {"type": "header", "text": {"type": "plain_text", "text": head}},
        {"type": "section", "text": {"type": "mrkdwn", "text": sentence}},
        {"type": "section", "fields": fields},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": _LINK}]},
    ]


def _doc(event: str, text: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "trigger": {
            "event": event,
            # A line item without a channel has nobody to tell here; its alert still stands on the pacing screen.
            "where": [{"prop": "channel", "op": "!=", "value": ""}],
            "key": "{{ event.properties.alert }}:{{ event.properties.notice }}",
            "subject": "object",
        },
        "nodes": [
            {
                "id": "card",
                "kind": "channels.post",
                "with": {"channel": "{{ event.properties.channel }}", "text": text, "blocks": blocks},
            }
        ],
    }


RECIPES = [
    Recipe(
        "pacing-alert",
        {"ko": "미달 위험 알림", "en": "Pacing alert"},
        {
            "ko": "학습한 속도로 목표에 못 미칠 라인아이템을 그 채널에 한 번 알리고, 더 나빠질 때만 다시 알립니다.",
            "en": "Tells a line item's channel once when its learned pace will miss the goal, and again only when it"
            " gets worse.",
        },
        _doc(
            "Line Item At Risk",
            "미달 위험 At risk: {{ event.properties.name }} · 예상 {{ event.properties.forecast_percent }}%",
            _card(
                "⚠️ 미달 위험 · At risk",
                "*{{ event.properties.name }}* ({{ event.properties.account_name }})\n"
                "{{ event.properties.reason_ko }} · {{ event.properties.reason_en }}",
                [
                    _field("목표 Goal", "{{ event.properties.goal_text }}"),
                    _field(
                        "현재 Delivered",
                        "{{ event.properties.delivered_text }} ({{ event.properties.delivered_percent }}%)",
                    ),
                    _field(
                        "종료 예상 Forecast",
                        "{{ event.properties.forecast_text }} ({{ event.properties.forecast_low_percent }}"
                        "–{{ event.properties.forecast_high_percent }}%)",
                    ),
                    _field(
                        "부족 Shortfall",
                        "{{ event.properties.shortfall_text }} ({{ event.properties.shortfall_percent }}%)",
                    ),
                    _field("하루 필요 Needed a day", "{{ event.properties.needed_text }}"),
                    _field("하루 예상 Expected a day", "{{ event.properties.expected_text }}"),
                    _field("남은 기간 Left", "{{ event.properties.days_left }}일 days (~{{ event.properties.end }})"),
                ],
            ),
        ),
    ),
    Recipe(
        "launch-check",
        {"ko": "송출 시작 확인", "en": "Launch check"},
        {
            "ko": "집행이 시작됐는데 노출이 하나도 없는 라인아이템을 그 채널에 알립니다.",
            "en": "Tells a line item's channel when its flight has begun and nothing was delivered.",
        },
        _doc(
            "Line Item Not Launched",
            "미송출 Not launched: {{ event.properties.name }}",
            _card(
                "🚫 미송출 · Not launched",
                "*{{ event.properties.name }}* ({{ event.properties.account_name }})\n"
                "{{ event.properties.start }}에 시작했지만 노출이 없습니다 · started without a single impression",
                [
                    _field("목표 Goal", "{{ event.properties.goal_text }}"),
                    _field("기간 Flight", "{{ event.properties.start }} ~ {{ event.properties.end }}"),
                    _field("하루 필요 Needed a day", "{{ event.properties.needed_text }}"),
                    _field("남은 기간 Left", "{{ event.properties.days_left }}일 days"),
                ],
            ),
        ),
    ),
]
