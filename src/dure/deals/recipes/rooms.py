"""A deal's room: it opens by itself, its people follow the team, its cards say what changed."""

from __future__ import annotations

from typing import Any

from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import card, link, node, of, post

_OPEN = link("거래 열기 Open the deal")
STAGE = f"{of('stage_ko')} · {of('stage_en')} ({of('probability')}%)"
FACTS = (
    ("고객 Account", of("account_name")),
    ("금액 Amount", of("amount_text")),
    ("단계 Stage", STAGE),
    ("담당 Owner", f"<@{of('owner')}>"),
    ("마감 Close date", of("close_date")),
    ("다음 할 일 Next step", of("next_step")),
)
ROOM = of("channel")
NOT_LOADED = {"prop": "loaded", "op": "not_set"}
"""A past that was brought in does not set off what was decided long ago."""
HAS_ROOM = {"prop": "channel", "op": "!=", "value": ""}


def deal_card(head: str, sentence: str = "") -> list[dict[str, Any]]:
    """A card with all that is known of the deal."""
    return card(head, sentence, FACTS, _OPEN)


DEAL_ROOM = Recipe(
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
                {"prop": "probability", "op": ">=", "value": {"$setting": "probability"}},
                {"prop": "probability_before", "op": "<", "value": {"$setting": "probability"}},
                {"prop": "to", "op": "!=", "value": "Closed Won"},
                NOT_LOADED,
            ],
            # One room a deal, also when it goes back and comes again.
            "key": "event.properties.deal",
            "subject": "object",
        },
        "nodes": [
            node(
                "room", "channels.create",
                {"name": f"[[prefix]]{of('slug')}", "purpose": f"{of('account_name')} · {of('amount_text')}",
                 "private": {"$setting": "private"}},
                "invite",
            ),
            node("invite", "channels.invite", {"channel": "{{ steps.room.channel }}", "users": of("team")}, "brief"),
            post("brief", "{{ steps.room.channel }}", f"{of('name')} · {of('amount_text')}", deal_card(of("name")),
                 "note"),
            node("note", "deals.update", {"deal": of("deal"), "channel": "{{ steps.room.channel }}"}, "link"),
            node("link", "channels.link_customer",
                 {"channel": "{{ steps.room.channel }}", "account": of("account"), "topic": "deal"}),
        ],
    },
    [
        Setting("probability", {"ko": "확률 (%)", "en": "Probability (%)"}, "percent", 25,
                about={"ko": "이 확률 이상인 단계에서 채널이 열립니다.",
                       "en": "The room opens at a stage of this probability or more."}),
        Setting("prefix", {"ko": "채널 이름 앞부분", "en": "The channel's name begins with"}, "text", "deal-"),
        Setting("private", {"ko": "비공개 채널", "en": "Private channel"}, "switch", False),
    ],
    "campaign",
)  # fmt: skip

TEAM_FOLLOWS = Recipe(
    "team-follows",
    {"ko": "거래 팀이 바뀌면 채널도", "en": "The room follows the team"},
    {
        "ko": "거래 팀에 들어온 사람을 거래 채널에 초대하고, 빠진 사람을 내보냅니다.",
        "en": "Who joins a deal's team is invited to its room; who leaves the team is taken out.",
    },
    {
        # Every change of a team counts: the same person may join, leave and join again.
        "trigger": {"event": "Deal Team Changed", "where": [HAS_ROOM, NOT_LOADED], "key": "event", "subject": "object"},
        "nodes": [
            node("invite", "channels.invite", {"channel": ROOM, "users": of("joined")}, "anybody_left"),
            node("anybody_left", "branch", {"where": [{"prop": "left", "op": "!=", "value": []}]}, {"yes": "kick"}),
            node("kick", "channels.kick", {"channel": ROOM, "users": of("left")}),
        ],
    },
    group="sales",
)  # fmt: skip

STAGE_CARD = Recipe(
    "stage-card",
    {"ko": "단계 변경 카드", "en": "Stage change card"},
    {
        "ko": "거래의 단계가 바뀔 때마다 무엇에서 무엇으로 바뀌었는지 거래 채널에 올립니다.",
        "en": "Each time a deal changes its stage, its room is told from what to what.",
    },
    {
        "trigger": {
            "event": "Deal Stage Changed",
            "where": [HAS_ROOM, NOT_LOADED, {"prop": "from", "op": "!=", "value": ""}],
            # `entry` counts the stages a deal has entered: the same move told twice is one card.
            "key": f"{of('deal')}:{of('entry')}",
            "subject": "object",
        },
        "nodes": [
            post(
                "card", ROOM, f"{of('from_ko')} → {of('stage_ko')} · {of('name')}",
                deal_card(
                    f"{of('from_ko')} → {of('stage_ko')} · {of('from_en')} → {of('stage_en')}",
                    f"*{of('name')}* · {of('probability_before')}% → {of('probability')}%",
                ),
            ),
        ],
    },
    group="sales",
)  # fmt: skip

TERMS_CARD = Recipe(
    "terms-card",
    {"ko": "거래 조건 변경 알림", "en": "A deal's terms changed"},
    {
        "ko": "거래의 금액이나 마감일이 바뀌면 거래 채널에 새 조건을 올립니다.",
        "en": "When a deal's amount or close date changes, its room is told the new terms.",
    },
    {
        "trigger": {"event": "Deal Changed", "where": [HAS_ROOM, NOT_LOADED], "key": "event", "subject": "object"},
        "nodes": [
            node("amount", "branch", {"where": [{"prop": "changed", "op": "contains", "value": "amount"}]},
                 {"yes": "card", "no": "date"}),
            node("date", "branch", {"where": [{"prop": "changed", "op": "contains", "value": "close_date"}]},
                 {"yes": "card"}),
            post("card", ROOM, f"거래 조건 변경 Terms changed: {of('name')} · {of('amount_text')} · {of('close_date')}",
                 deal_card("거래 조건 변경 · Terms changed", f"*{of('name')}*")),
        ],
    },
    group="sales",
)  # fmt: skip
