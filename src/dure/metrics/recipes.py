"""Ready automations that begin at a board or at an alert."""

from __future__ import annotations

from typing import Any

from dure.automation.plugs import Recipe, Setting

_LINK = '<{{ run.site | default: "" }}{{ event.properties.path }}|알림 열기 Open the alert>'
# Where an alert names no channel it stands on the screens only.
_TOLD = [{"prop": "channel", "op": "!=", "value": ""}]


def _told(event: str, head: str, fields: list[tuple[str, str]]) -> dict[str, Any]:
    shown = [{"type": "mrkdwn", "text": f"*{label}*\n{{{{ event.properties.{name} }}}}"} for label, name in fields]
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": head}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "{{ event.properties.text_ko }}\n"
                                     "{{ event.properties.text_en }}"}, "fields": shown},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": _LINK}]},
    ]  # fmt: skip
    post = {"channel": "{{ event.properties.channel }}", "text": "{{ event.properties.text_ko }}", "blocks": blocks}
    return {
        "trigger": {
            "event": event, "where": _TOLD, "subject": "object",
            "key": "{{ event.properties.alert }}:{{ event.properties.interval }}",
        },
        "nodes": [{"id": "post", "kind": "channels.post", "with": post}],
    }  # fmt: skip


RECIPES = [
    Recipe(
        "board-weekly",
        {"ko": "매주 보드 올리기", "en": "Post a board every week"},
        {
            "ko": "월요일 아침 9시에 지난 7일의 보드를 숫자와 그림으로 #product에 올립니다.",
            "en": "Posts the board's last seven days in #product on Mondays at nine, as numbers and as a picture.",
        },
        {
            "trigger": {"at": "[[at]]", "days": {"$setting": "days"}},
            "nodes": [
                {
                    "id": "board", "kind": "metrics.board", "next": "post",
                    "with": {"board": "[[board]]", "bar": {"last": {"$setting": "last"}}},
                },
                {
                    "id": "post",
                    "kind": "channels.post",
                    "with": {
                        "channel": "[[channel]]", "text": "{{ steps.board.text }}", "blocks": "{{ steps.board.blocks"
                                                                                              " }}",
                    },
                },
            ],
        },
        [
            Setting("board", {"ko": "보드", "en": "Board"}, "text", "teams"),
            Setting("last", {"ko": "며칠치", "en": "Days"}, "number", 7),
            Setting("channel", {"ko": "채널", "en": "Channel"}, "channel", "product"),
            Setting("at", {"ko": "시각", "en": "At"}, "time", "09:00"),
            Setting("days", {"ko": "요일", "en": "On"}, "days", ["mon"]),
        ],
    ),
    Recipe(
        "metric-crossed",
        {"ko": "지표가 기준을 넘으면 알리기", "en": "Tell when a metric crosses"},
        {
            "ko": "알림이 정한 기준을 지표가 넘으면 그 알림의 채널에 올립니다.",
            "en": "When a metric crosses an alert's threshold, posts it in that alert's channel.",
        },
        _told("Metric Crossed", "📏 {{ event.properties.name_ko }} · {{ event.properties.name_en }}",
              [("값 Value", "value_text")]),
    ),
    Recipe(
        "metric-unusual",
        {"ko": "지표가 평소와 다르면 알리기", "en": "Tell when a metric is unusual"},
        {
            "ko": "지표가 요일과 시간에 비추어 평소와 다르면 그 알림의 채널에 올립니다.",
            "en": "When a metric is unusual for its day and hour, posts it in that alert's channel.",
        },
        _told("Metric Unusual", "❗ {{ event.properties.name_ko }} · {{ event.properties.name_en }}",
              [("값 Value", "value_text")]),
    ),
]  # fmt: skip
