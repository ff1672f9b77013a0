"""Ready automations that begin with what is said outside."""

from __future__ import annotations

from typing import Any

from dure.automation.plugs import Recipe
from dure.social import events

_HEAD = "{{ event.properties.topic_ko }} 언급 급증 · {{ event.properties.topic_en }} is spiking"
# What a client without blocks and a notification show.
_TEXT = "🔺 " + _HEAD + " · {{ event.properties.seen }}명 / {{ event.properties.expected_ko }}"
_LINK = '<{{ run.site | default: "" }}{{ event.properties.path }}|소셜에서 보기 · Open in Social>'


def _words(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


_CARD: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "🔺 " + _HEAD}},
    {
        "type": "section",
        "fields": [
            _words("*지난 1시간 · Last hour*\n{{ event.properties.seen }}명 · {{ event.properties.seen }} people"),
            _words("*평소 · Usually*\n{{ event.properties.expected_ko }} · {{ event.properties.expected_en }}"),
        ],
    },
    {"type": "section", "text": _words("{{ event.properties.examples_text }}")},
    {"type": "context", "elements": [_words(_LINK)]},
]


def _alert(node: str, channel: str) -> dict[str, Any]:
    return {"id": node, "kind": "channels.post", "with": {"channel": channel, "text": _TEXT, "blocks": _CARD}}


RECIPES: list[Recipe] = [
    Recipe(
        "spike-alert",
        {"ko": "언급 급증 알림", "en": "Spike alert"},
        {
            "ko": "어떤 주제의 언급이 우연이라고 보기 어려울 만큼 많아지면 #product와 #care에 예시와 함께 알립니다.",
            "en": "When a topic is mentioned by more people than chance explains, a card with examples goes to"
            " #product and #care.",
        },
        {
            "trigger": {"event": events.MENTIONS_SPIKED, "key": "event", "subject": "object"},
            "nodes": [{**_alert("product", "product"), "next": "care"}, _alert("care", "care")],
        },
    ),
    Recipe(
        "mention-to-care",
        {"ko": "불만 언급을 고객지원으로", "en": "Complaints to care"},
        {
            "ko": "새로 들어온 불만 언급(복사본 제외)을 고객지원에 배정하고 #care에 올립니다.",
            "en": "A new complaint (near copies left out) is routed to care and posted in #care.",
        },
        {
            "trigger": {
                "event": events.MENTION_ARRIVED,
                "where": [
                    {"prop": "intent", "op": "=", "value": "complaint"},
                    {"prop": "copy", "op": "=", "value": False},
                    {"prop": "loaded", "op": "not_set"},
                ],
                "key": "subject",
                "subject": "object",
            },
            "nodes": [
                {
                    "id": "route",
                    "kind": "social.route",
                    "with": {"mention": "{{ event.object }}", "function": "care", "channel": "care"},
                    "next": "post",
                },
                {
                    "id": "post",
                    "kind": "channels.post",
                    "with": {
                        "channel": "care",
                        "text": "*{{ event.properties.topic_ko }} · {{ event.properties.network }}*\n"
                        "{{ event.properties.text_plain }}\n" + _LINK,
                    },
                },
            ],
        },
    ),
]
