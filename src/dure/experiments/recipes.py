"""Ready automations that begin at an experiment."""

from __future__ import annotations

from dure.automation.plugs import Recipe, Setting
from dure.experiments.events import VERDICT_CHANGED
from dure.kernel.cards import card, link, node, of, post

VERDICT_POST = Recipe(
    "experiment-verdict",
    {"ko": "실험의 판정이 바뀌었습니다", "en": "An experiment's verdict changed"},
    {
        "ko": "실험이 무엇을 말하는지가 바뀔 때마다 팀 채널에 한 번 알립니다.",
        "en": "Tells the team's channel once, whenever what an experiment says has changed.",
    },
    {
        "trigger": {"event": VERDICT_CHANGED, "key": "event", "subject": "object"},
        "nodes": [
            # That nothing can be said yet at the first look is no news.
            node("first", "branch", {"where": [{"prop": "before", "op": "!=", "value": ""}]},
                 {"yes": "tell", "no": "says"}),
            node("says", "branch", {"where": [{"prop": "verdict", "op": "!=", "value": "nothing"}]}, {"yes": "tell"}),
            post(
                "tell", "[[channel]]", f"🧪 {of('name')}: {of('text_ko')}",
                card(
                    "🧪 실험의 판정이 바뀌었습니다 · A verdict changed",
                    f"*{of('name')}*\n{of('text_ko')}\n{of('text_en')}",
                    [("이전 Before", "{{ event.properties.before | default: '–' }}"), ("지금 Now", of("verdict"))],
                    link("실험 열기 Open the experiment"),
                ),
            ),
        ],
    },
    [Setting("channel", {"ko": "채널", "en": "Channel"}, "channel", "product")],
    "growth",
)  # fmt: skip

RECIPES = [VERDICT_POST]
