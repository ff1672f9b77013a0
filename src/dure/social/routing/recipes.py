"""Ready automations of routing: cards in the teams' channels, what their buttons do, the weekly digests."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import node, of, post
from dure.social.routing import events

_SITE = '{{ run.site | default: "" }}'
_TRAITS = Setting(
    "traits", {"ko": "보여 줄 속성", "en": "Traits to show"}, "text", "plan",
    about={"ko": "카드에 보일 사람 속성의 이름, 쉼표로 나눔",
           "en": "Names of a person's traits on the card, parted by commas"},
)  # fmt: skip

RECIPES: list[Recipe] = [
    Recipe(
        "mention-cards",
        {"ko": "배정된 언급을 팀 채널에 카드로", "en": "Routed mentions as cards in the team's channel"},
        {
            "ko": "배정된 언급을 맡을 팀의 채널에 카드로 올립니다. 작성자를 알면 그 사람과 열린 거래도 보입니다.",
            "en": "Every routed mention is a card in its team's channel, with who the author is to us and their open"
                  " deals.",
        },
        {
            "trigger": {"event": events.ROUTED_TOGETHER, "key": "event", "subject": "object"},
            "nodes": [
                node("cards", "social.cards", {
                    "mentions": of("mentions"), "function": of("function"), "told": of("told"), "traits": "[[traits]]",
                    "site": _SITE, "most": {"$setting": "most"},
                }, "post"),
                node("post", "channels.cards", {
                    "channel": of("channel"), "otherwise": "[[otherwise]]", "cards": "{{ steps.cards.cards }}",
                }),
            ],
        },
        [
            Setting("otherwise", {"ko": "팀 채널이 없으면", "en": "Without a channel of theirs"}, "channel", "social"),
            _TRAITS,
            Setting("most", {"ko": "한 번에 카드로 보일 최대 건수", "en": "Most cards at one moment"}, "number", 25),
        ],
        "care",
    ),
    Recipe(
        "mention-card-pressed",
        {"ko": "언급 카드의 단추", "en": "The buttons of a mention's card"},
        {
            "ko": "카드에서 맡기, 다른 팀으로, 우리 일 아님을 누르면 반영하고 카드에 누가 했는지 적습니다.",
            "en": "What is pressed on a mention's card is taken: accept, re-route, not for us; the card says who did.",
        },
        {
            "trigger": {
                "event": "Card Pressed",
                "where": [{"prop": "action", "op": "in",
                           "value": ["mention.accept", "mention.move", "mention.refuse"]},
                          {"prop": "guest", "op": "!=", "value": True}],
                "key": "event", "subject": "object",
            },
            "nodes": [
                node("decide", "social.decide", {
                    "block": of("block"), "action": of("action"), "value": of("value"), "user": of("user"),
                    "traits": "[[traits]]", "site": _SITE,
                }, "card"),
                node("card", "channels.cards", {
                    "channel": of("channel"), "cards": "{{ steps.decide.cards }}", "only_known": True,
                }),
            ],
        },
        [_TRAITS],
        "care",
    ),
    Recipe(
        "mention-cards-outdated",
        {"ko": "달라진 언급의 카드 고치기", "en": "Cards say what has become of a mention"},
        {
            "ko": "화면에서 정한 것, 고쳐지거나 지워진 글을 이미 올라간 카드에 적습니다. 새 카드는 올리지 않습니다.",
            "en": "What was decided on a screen, edited or taken back is said on the cards that stand already; none is"
                  " posted.",
        },
        {
            "trigger": {"event": events.CARDS_OUTDATED, "key": "event", "subject": "object"},
            "nodes": [
                node("cards", "social.cards", {
                    "mentions": of("mentions"), "function": of("function"), "traits": "[[traits]]", "site": _SITE,
                    "most": 1000,
                }, "change"),
                node("change", "channels.cards", {
                    "channel": of("channel"), "otherwise": "[[otherwise]]", "cards": "{{ steps.cards.cards }}",
                    "only_known": True,
                }),
            ],
        },
        [Setting("otherwise", {"ko": "팀 채널이 없으면", "en": "Without a channel of theirs"}, "channel", "social"),
         _TRAITS],
        "care",
    ),
    Recipe(
        "social-digest",
        {"ko": "팀별 주간 소셜 요약", "en": "A team's week in social"},
        {
            "ko": "매주 월요일 아침 한 팀의 소셜 요약을 그 팀 채널에 두 언어로 올립니다.",
            "en": "Every Monday morning a team's social digest is posted in its channel, in both languages.",
        },
        {
            "trigger": {"at": "[[at]]", "days": {"$setting": "days"}},
            "nodes": [
                node("digest", "social.digest", {"function": "[[function]]"}, "post"),
                post("post", "[[channel]]", "{{ steps.digest.text_ko }}\n\n{{ steps.digest.text_en }}"),
            ],
        },
        [
            Setting("function", {"ko": "팀", "en": "Team"}, "function", "product"),
            Setting("channel", {"ko": "채널", "en": "Channel"}, "channel", "product"),
            Setting("days", {"ko": "요일", "en": "Days"}, "days", ["mon"]),
            Setting("at", {"ko": "시각", "en": "At"}, "time", "09:00"),
        ],
        "care",
    ),
]  # fmt: skip
