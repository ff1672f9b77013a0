"""Ready automations of the inbox."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import link, node, of, post
from dure.social.care import events

RECIPES: list[Recipe] = [
    Recipe(
        "conversation-called",
        {"ko": "상담 메모에서 부른 사람에게 알리기", "en": "Tell whom a note calls"},
        {"ko": "상담함의 메모가 동료를 부르면 그 사람에게 다이렉트 메시지를 보냅니다.",
         "en": "When a note in the inbox calls a colleague, they get a direct message."},
        {
            "trigger": {
                "event": events.NOTED, "where": [{"prop": "named_mentions", "op": "!=", "value": ""}],
                "key": "event", "subject": "object",
            },
            "nodes": [
                node("tell", "channels.dm", {
                    "users": of("named"),
                    "text": "💬 " + of("author_plain") + " · " + of("network") + "\n> " + of("text_plain") + "\n"
                            + link("상담 열기 · Open the conversation"),
                }),
            ],
        },
        [],
        "care",
    ),
    Recipe(
        "conversation-urgent",
        {"ko": "화난 고객의 상담을 먼저", "en": "Angry customers first"},
        {"ko": "불만인 상담이 열리면 우선순위를 올리고 팀 채널에 알립니다.",
         "en": "When a complaint opens a conversation, its priority is raised and the team's channel told."},
        {
            "trigger": {
                "kind": "social.conversation", "with": {"what": "opened", "intent": "complaint", "feeling": "bad"},
            },
            "nodes": [
                node("raise", "social.priority", {"conversation": of("conversation"), "priority": "high"}, "tell"),
                post("tell", "[[channel]]", "🔥 *" + of("author_plain") + "* · " + of("network") + "\n> "
                     + of("text_plain") + "\n" + link("상담 열기 · Open the conversation")),
            ],
        },
        [Setting("channel", {"ko": "채널", "en": "Channel"}, "channel", "care")],
        "care",
    ),
]  # fmt: skip
