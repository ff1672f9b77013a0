"""Designs that can be launched as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TRIED_AND_LEFT: Mapping[str, Any] = {
    "name": {"ko": "들어 보고 떠난 분께", "en": "Tried and left"},
    "trigger": {"event": "Listen Ended", "where": [{"prop": "seconds", "op": "<", "value": 60}]},
    # Somebody who listens every day and skips once is not meant.
    "audience": {"kind": "did", "event": "Listen Started", "at_least": 1, "at_most": 3, "within": "28d"},
    "wait": "20h",
    "goal": "Listen Started",
    "window": "1d",
    "holdout": 0.5,
    "texts": {
        "ko": {
            "subject": '{{ person.name | default: "청취자" }}님이 좋아하실 방송을 찾았어요',
            "body": '{{ person.name | default: "청취자" }}님, 안녕하세요.\n\n어제 잠깐 들르셨지요. 비슷한 방송을 들은'
            " 분들이 함께 들은 방송입니다.\n\n{{ items[0].title }}\n{{ items[0].url }}\n\n오늘 밤도 편안하시길"
            " 바랍니다.\n소리마루 드림",
        },
        "en": {
            "subject": '{{ person.name | default: "Hello" }}, we found something you may like',
            "body": 'Hello {{ person.name | default: "there" }},\n\nyou stopped by yesterday. People who heard the same'
            " also heard this:\n\n{{ items[0].title }}\n{{ items[0].url }}\n\nGood listening,\nSorimaru",
        },
    },
}

READY: Mapping[str, Mapping[str, Any]] = {"tried-and-left": TRIED_AND_LEFT}
