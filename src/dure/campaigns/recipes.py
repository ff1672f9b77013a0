"""Ready automations that begin at a campaign."""

from __future__ import annotations

from typing import Any

from dure.automation.plugs import Recipe, Setting
from dure.campaigns.watch.recipes import STOPPED_BY_ITSELF
from dure.kernel.cards import card, link, node, of, post

_OPEN = link("캠페인 열기 Open the campaign", f"/campaigns/{of('campaign')}")


def _card(result: str, head: str) -> list[dict[str, Any]]:
    places = {name: "{{ steps." + result + "." + name + " }}" for name in ("text_ko", "text_en", "control", "treated")}
    return card(
        head, f"*{of('name')}*\n{places['text_ko']}\n{places['text_en']}",
        [("대조군 Control", places["control"]), ("받은 사람 Treated", places["treated"])], _OPEN,
    )  # fmt: skip


EXPERIMENT_DECIDED = Recipe(
    "experiment-decided",
    {"ko": "실험 결과가 났습니다", "en": "An experiment is decided"},
    {
        "ko": "캠페인을 시작하고 정한 기간이 지나면 대조군과 견주어 결과가 났는지 보고, 나지 않았으면 한 번 더 기다린"
              " 뒤"
        " 알립니다.",
        "en": "Some time after a campaign was launched it is compared with its control; undecided, it waits once more"
        " and tells then.",
    },
    {
        # A campaign that is launched again is measured again.
        "trigger": {"event": "Campaign Launched", "key": "event", "subject": "object"},
        "nodes": [
            node("wait", "wait", {"for": "[[after]]"}, "result"),
            node("result", "campaigns.result", {"campaign": of("campaign")}, "decided"),
            node("decided", "branch", {"where": [{"prop": "steps.result.decided", "op": "=", "value": True}]},
                 {"yes": "tell", "no": "more"}),
            post("tell", "[[channel]]", "🧪 {{ steps.result.text_ko }}", _card("result", "🧪 결과가 났습니다 ·"
                                                                                        " Decided")),
            node("more", "wait", {"for": "[[after]]"}, "second"),
            node("second", "campaigns.result", {"campaign": of("campaign")}, "last"),
            post("last", "[[channel]]", "🧪 {{ steps.second.text_ko }}", _card("second", "🧪 지금까지의 결과 · So"
                                                                                        " far")),
        ],
    },
    [
        Setting("after", {"ko": "얼마 뒤", "en": "After"}, "duration", "14d"),
        Setting("channel", {"ko": "채널", "en": "Channel"}, "channel", "marketing"),
    ],
    "growth",
)  # fmt: skip

PEOPLE_HANDED_OVER = Recipe(
    "people-handed-over",
    {"ko": "캠페인이 사람을 넘깁니다", "en": "People are handed over"},
    {
        "ko": "여정이 누군가를 채널에 넘기면 그 채널에 누구이며 왜인지 올립니다.",
        "en": "When a journey hands somebody over to a channel, it says there who and why.",
    },
    {
        "trigger": {
            "event": "Campaign Handed Over", "where": [{"prop": "to", "op": "=", "value": "channel"}],
            "key": "event", "subject": "person",
        },
        "nodes": [
            post("tell", of("channel"), "🤝 {{ event.properties.who }} · {{ event.properties.text }}", card(
                "🤝 인계 · Handed over", f"*{of('who')}*\n{of('text')}", [("캠페인 Campaign", of("name"))],
                link("사람 보기 Open the person", "/people/{{ event.person }}"),
            )),
        ],
    },
    [],
    "growth",
)  # fmt: skip

RECIPES = [EXPERIMENT_DECIDED, PEOPLE_HANDED_OVER, STOPPED_BY_ITSELF]
