"""Ready automations that look after automations."""

from __future__ import annotations

from dure.automation import events
from dure.automation.plugs import Recipe, Setting
from dure.kernel.cards import card, link, of, post

RUN_FAILED = Recipe(
    "run-failed",
    {"ko": "자동화가 실패하면 알리기", "en": "An automation fails"},
    {
        "ko": "자동화의 실행이 실패하면 무엇이 왜 실패했는지 채널에 알립니다. 자동화마다 하루에 한 번입니다.",
        "en": "When a run of an automation fails, a channel is told what failed and why; once a day for each"
              " automation.",
    },
    {
        # Also keeps it from telling about itself without end.
        "trigger": {"event": events.FAILED, "key": "{{ event.object }}:{{ event.time | date }}", "subject": "object"},
        "nodes": [
            post("tell", "[[channel]]", f"⚙️ 자동화 실패 An automation failed: {of('name')}",
                 card("⚙️ 자동화 실패 · An automation failed", f"*{of('name')}*\n{of('error')}",
                      [("단계 Step", of("node")), ("대상 Subject", of("subject"))],
                      link("실행 열기 Open the run", "/automations/runs/{{ event.run }}"))),
        ],
    },
    [Setting("channel", {"ko": "채널", "en": "Channel"}, "channel", "product")],
    "house",
)  # fmt: skip

RECIPES = [RUN_FAILED]
