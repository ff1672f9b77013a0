"""Ready automations that begin with what is said outside."""

from __future__ import annotations

from typing import Any

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import card, link, node, of, post
from dure.social import events
from dure.social.advocacy.steps import RECIPES as ADVOCACY_RECIPES
from dure.social.ideas.steps import RECIPES as IDEA_RECIPES
from dure.social.publishing.steps import RECIPES as PUBLISHING_RECIPES
from dure.social.routing.recipes import RECIPES as ROUTING_RECIPES

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
    {"type": "context", "elements": [_words('{{ event.properties.why_ko | default: "–" }}')]},
    {"type": "context", "elements": [_words('{{ event.properties.why_en | default: "–" }}')]},
    {"type": "context", "elements": [_words(_LINK)]},
]


def _alert(id: str, channel: str) -> dict[str, Any]:
    return {"id": id, "kind": "channels.post", "with": {"channel": channel, "text": _TEXT, "blocks": _CARD}}


_SAID = "📣 {{ steps.deals.account_name }}: {{ event.properties.text_plain }}"
_MENTION_CARD = card(
    "📣 {{ steps.deals.account_name }}",
    "{{ event.properties.text_plain }}",
    [
        ("거래 Deal", "{{ steps.deals.name }}"),
        ("담당 Owner", "<@{{ steps.deals.owner }}>"),
        ("누가 Author", f"{of('author')} · {of('network')}"),
        ("도달 Reach", of("reach")),
    ],
    link("소셜에서 보기 · Open in Social"),
)

RECIPES: list[Recipe] = [
    *ROUTING_RECIPES,
    *IDEA_RECIPES,
    *PUBLISHING_RECIPES,
    *ADVOCACY_RECIPES,
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
            "nodes": [{**_alert("product", "[[product]]"), "next": "care"}, _alert("care", "[[care]]")],
        },
        [
            Setting("product", {"ko": "제품 채널", "en": "Product's channel"}, "channel", "product"),
            Setting("care", {"ko": "고객지원 채널", "en": "Care's channel"}, "channel", "care"),
        ],
        "care",
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
                    "with": {"mention": "{{ event.object }}", "function": "[[function]]", "channel": "[[channel]]"},
                    "next": "post",
                },
                {
                    "id": "post",
                    "kind": "channels.post",
                    "with": {
                        "channel": "[[channel]]",
                        "text": "*{{ event.properties.topic_ko }} · {{ event.properties.network }}*\n"
                        "{{ event.properties.text_plain }}\n" + _LINK,
                    },
                },
            ],
        },
        [
            Setting("function", {"ko": "맡는 팀", "en": "Team that looks after it"}, "function", "care"),
            Setting("channel", {"ko": "채널", "en": "Channel"}, "channel", "care"),
        ],
        "care",
    ),
    Recipe(
        "mention-open-deal",
        {"ko": "협상 중인 고객사의 언급", "en": "A mention of an open deal's account"},
        {
            "ko": "소셜에서 열린 거래의 고객사 이름이 나오면 그 거래의 채널(없으면 영업 채널)에 알립니다.",
            "en": "When a mention names the account of an open deal, the deal's room is told, or sales where it has"
                  " none.",
        },
        {
            "trigger": {
                "event": events.MENTION_ARRIVED,
                "where": [{"prop": "copy", "op": "=", "value": False}, {"prop": "loaded", "op": "not_set"},
                          {"prop": "reach", "op": ">=", "value": {"$setting": "reach"}}],
                "key": "subject", "subject": "object",
            },
            "nodes": [
                node("deals", "deals.mentioned", {"text": "{{ event.properties.text }} {{ event.properties.author }}"},
                     "found"),
                node("found", "branch", {"where": [{"prop": "steps.deals.count", "op": ">", "value": 0}]},
                     {"yes": "room"}),
                node("room", "branch", {"where": [{"prop": "steps.deals.channel", "op": "!=", "value": ""}]},
                     {"yes": "in_room", "no": "in_sales"}),
                post("in_room", "{{ steps.deals.channel }}", _SAID, _MENTION_CARD),
                post("in_sales", "[[channel]]", _SAID, _MENTION_CARD),
            ],
        },
        [
            Setting("channel", {"ko": "거래 채널이 없으면", "en": "Where the deal has no room"}, "channel", "sales"),
            Setting("reach", {"ko": "최소 도달", "en": "Least reach"}, "number", 0),
        ],
        "care",
    ),
]  # fmt: skip
