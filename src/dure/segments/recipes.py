"""Ready automations that begin at a segment."""

from __future__ import annotations

from dure.automation.plugs import Recipe

_LINK = '{{ run.site | default: "" }}{{ event.properties.path }}'

_CARD = [
    {"type": "header", "text": {"type": "plain_text", "text": "{{ event.properties.name }}"}},
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*목적 Purpose*\n{{ event.properties.purpose }}"},
        "fields": [
            {"type": "mrkdwn", "text": "*사람 People*\n{{ event.properties.size }}명"},
            {"type": "mrkdwn", "text": "*대상 To act on*\n{{ event.properties.treated }}명"},
            {"type": "mrkdwn", "text": "*대조군 Control, left alone*\n{{ event.properties.control }}명"},
            {"type": "mrkdwn", "text": '*기한 Until*\n{{ event.properties.expires | default: "–" }} '},
        ],
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": f"<{_LINK}|세그먼트 열기 Open the segment>"}]},
]

RECIPES = [
    Recipe(
        "segment-handover-card",
        {"ko": "세그먼트 인계 알림", "en": "Announce a handover"},
        {
            "ko": "세그먼트를 인계하면 받는 팀의 채널에 인원, 대조군, 목적이 적힌 카드를 올립니다.",
            "en": "When a segment is handed over, a card with its size, control and purpose is posted in the receiving"
            " team's channel.",
        },
        {
            "trigger": {"event": "Segment Handed Over", "key": "event.properties.handover", "subject": "object"},
            "nodes": [
                {
                    "id": "card",
                    "kind": "channels.post",
                    "with": {
                        "channel": "{{ event.properties.channel }}",
                        "text": "{{ event.properties.name }}: {{ event.properties.size }}명 인계, 대조군"
                        " {{ event.properties.control }}명 · {{ event.properties.purpose }}",
                        "blocks": _CARD,
                    },
                }
            ],
        },
    )
]
