"""Ready automations that begin with what is said outside."""

from __future__ import annotations

from typing import Any

from dure.automation.plugs import Recipe
from dure.social import events

_CARD = (
    ":rotating_light: *{{ event.properties.topic_ko }} 언급 급증 · {{ event.properties.topic_en }} is spiking*\n"
    "지난 1시간 {{ event.properties.seen }}명 (평소 {{ event.properties.expected_ko }}) · "
    "{{ event.properties.seen }} people in the last hour, {{ event.properties.expected_en }} expected\n"
    "{{ event.properties.examples_text }}\n"
    "{{ event.properties.path }}"
)


def _post(node: str, channel: str, text: str, following: str | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {"id": node, "kind": "channels.post", "with": {"channel": channel, "text": text}}
    return {**made, "next": following} if following else made


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
            "nodes": [_post("product", "product", _CARD, "care"), _post("care", "care", _CARD)],
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
                _post(
                    "post",
                    "care",
                    "*{{ event.properties.topic_ko }} · {{ event.properties.network }}*\n"
                    "{{ event.properties.text_plain }}\n{{ event.properties.path }}",
                ),
            ],
        },
    ),
]
