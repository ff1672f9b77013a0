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

_WHO = f"{of('who')} · {of('text')}"
DEAL_HANDED_OVER = Recipe(
    "deal-handed-over",
    {"ko": "캠페인이 영업에 넘깁니다", "en": "A campaign hands over to sales"},
    {
        "ko": "여정이 누군가를 거래로 넘기면 그 고객사의 열린 거래에 노트와 담당자의 할 일을 남기고, 없으면 새 거래를"
        " 만듭니다.",
        "en": "When a journey hands somebody over to a deal, their account's open deal gets a note and its owner a"
        " task; without one a deal is made.",
    },
    {
        "trigger": {
            "event": "Campaign Handed Over", "where": [{"prop": "to", "op": "=", "value": "deal"}],
            "key": "event", "subject": "person",
        },
        "nodes": [
            node("company", "branch", {"where": [{"prop": "person.company", "op": "set"}]},
                 {"yes": "open", "no": "sales"}),
            node("open", "deals.mentioned", {"text": '{{ person.company | default: "" }}'}, "found"),
            node("found", "branch", {"where": [{"prop": "steps.open.count", "op": ">", "value": 0}]},
                 {"yes": "note", "no": "sales"}),
            node("note", "deals.note", {
                "about": "{{ steps.open.deal }}", "title": f"캠페인에서 넘어옴 From a campaign: {of('name')}",
                "text": _WHO,
            }, "task"),
            node("task", "deals.task", {
                "about": "{{ steps.open.deal }}", "owner": "{{ steps.open.owner }}", "due_in": "1d",
                "subject": f"연락 Call: {_WHO}",
            }, "known"),
            post("known", "[[channel]]", f"🤝 {_WHO}", card(
                "🤝 열린 거래에 이었습니다 · Added to an open deal", f"*{of('who')}*\n{of('text')}",
                [("거래 Deal", "{{ steps.open.name }}"), ("캠페인 Campaign", of("name"))],
                link("거래 열기 Open the deal", "/deals/{{ steps.open.deal }}"),
            )),
            node("sales", "governance.members", {"function": "[[function]]"}, "make"),
            node("make", "deals.create", {
                "name": f'{of("who")} {{{{ person.company | default: "" }}}}', "owner": "{{ steps.sales.first }}",
                "close_in": "[[close]]", "next_step": of("text"),
            }, "new"),
            post("new", "[[channel]]", f"🤝 {_WHO}", card(
                "🤝 새 거래 · A new deal", f"*{of('who')}*\n{of('text')}",
                [("담당 Owner", "<@{{ steps.make.owner }}>"), ("캠페인 Campaign", of("name"))],
                link("거래 열기 Open the deal", "/deals/{{ steps.make.deal }}"),
            )),
        ],
    },
    [
        Setting("function", {"ko": "새 거래를 맡는 팀", "en": "Team that gets new deals"}, "function", "sales"),
        Setting("close", {"ko": "새 거래의 예상 마감까지", "en": "New deals close in"}, "duration", "30d"),
        Setting("channel", {"ko": "채널", "en": "Channel"}, "channel", "sales"),
    ],
    "growth",
)  # fmt: skip

RECIPES = [EXPERIMENT_DECIDED, PEOPLE_HANDED_OVER, DEAL_HANDED_OVER, STOPPED_BY_ITSELF]
