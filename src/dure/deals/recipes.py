"""Ready automations that begin at a deal."""

from __future__ import annotations

from dure.automation.plugs import Recipe

_LINK = '{{ run.site | default: "" }}{{ event.properties.path }}'

_BRIEF = [
    {"type": "header", "text": {"type": "plain_text", "text": "{{ event.properties.name }}"}},
    {
        "type": "section",
        "fields": [
            {"type": "mrkdwn", "text": "*고객 Account*\n{{ event.properties.account_name }}"},
            {"type": "mrkdwn", "text": "*금액 Amount*\n{{ event.properties.amount_text }}"},
            {
                "type": "mrkdwn",
                "text": "*단계 Stage*\n{{ event.properties.stage_ko }} · {{ event.properties.stage_en }}"
                " ({{ event.properties.probability }}%)",
            },
            {"type": "mrkdwn", "text": "*담당 Owner*\n<@{{ event.properties.owner }}>"},
            {"type": "mrkdwn", "text": "*마감 Close date*\n{{ event.properties.close_date }}"},
            {"type": "mrkdwn", "text": "*다음 할 일 Next step*\n{{ event.properties.next_step }} "},
        ],
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": f"<{_LINK}|거래 열기 Open the deal>"}]},
]

RECIPES = [
    Recipe(
        "deal-room",
        {"ko": "거래 채널 열기", "en": "Open a deal room"},
        {
            "ko": "거래가 확률 25% 이상인 단계에 처음 들어서면 채널을 만들어 거래 팀을 초대하고 요약 카드를 올립니다.",
            "en": "When a deal first reaches a stage of 25 % or more, its channel is made, its team invited and a brief"
            " posted.",
        },
        {
            "trigger": {
                "event": "Deal Stage Changed",
                "where": [
                    {"prop": "probability", "op": ">=", "value": 25},
                    {"prop": "probability_before", "op": "<", "value": 25},
                    {"prop": "to", "op": "!=", "value": "Closed Won"},
                    # A past that was brought in does not open rooms for what was decided long ago.
                    {"prop": "loaded", "op": "not_set"},
                ],
                # One room a deal, also when it goes back and comes again.
                "key": "event.properties.deal",
                "subject": "object",
            },
            "nodes": [
                {
                    "id": "room",
                    "kind": "channels.create",
                    "with": {
                        "name": "deal-{{ event.properties.slug }}",
                        "purpose": "{{ event.properties.account_name }} · {{ event.properties.amount_text }}",
                    },
                    "next": "invite",
                },
                {
                    "id": "invite",
                    "kind": "channels.invite",
                    "with": {"channel": "{{ steps.room.channel }}", "users": "{{ event.properties.team }}"},
                    "next": "brief",
                },
                {
                    "id": "brief",
                    "kind": "channels.post",
                    "with": {
                        "channel": "{{ steps.room.channel }}",
                        "text": "{{ event.properties.name }} · {{ event.properties.amount_text }}",
                        "blocks": _BRIEF,
                    },
                    "next": "note",
                },
                {
                    "id": "note",
                    "kind": "deals.update",
                    "with": {"deal": "{{ event.properties.deal }}", "channel": "{{ steps.room.channel }}"},
                },
            ],
        },
    )
]
