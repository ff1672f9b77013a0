"""A ready automation: the team's channel hears when a campaign stops by itself."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.campaigns.events import PAUSED
from dure.kernel.cards import card, link, of, post

STOPPED_BY_ITSELF = Recipe(
    "campaign-stopped-by-itself",
    {"ko": "캠페인이 스스로 멈췄습니다", "en": "A campaign stopped by itself"},
    {
        "ko": "반송, 스팸 신고, 실패가 한도를 넘거나 대조군의 크기가 어긋나 캠페인이 멈추면 팀 채널에 알립니다.",
        "en": "Tells the team's channel when a campaign stops because of bounces, complaints, failures or halves that"
        " are not as large as they were drawn.",
    },
    {
        "trigger": {
            "event": PAUSED, "where": [{"prop": "by_itself", "op": "=", "value": True}], "key": "event",
            "subject": "object",
        },
        "nodes": [
            post(
                "tell", "[[channel]]", f"🛑 {of('name')}: {of('text_ko')}",
                card(
                    "🛑 캠페인이 스스로 멈췄습니다 · A campaign stopped by itself",
                    f"*{of('name')}*\n{of('text_ko')}\n{of('text_en')}", [],
                    link("캠페인 열기 Open the campaign", f"/campaigns/{of('campaign')}"),
                ),
            ),
        ],
    },
    [Setting("channel", {"ko": "채널", "en": "Channel"}, "channel", "marketing")],
    "campaign",
)  # fmt: skip
