"""What metrics offer automations: a metric's number, a board as a message, and the events of alerts."""

from __future__ import annotations

from typing import Any

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.governance.api import Governance
from dure.metrics.api import Metrics
from dure.metrics.boards.bar import read_bar
from dure.metrics.boards.events import EVENTS
from dure.metrics.boards.posting import Posting
from dure.metrics.boards.written import changed, written

__all__ = ["EVENTS", "steps"]


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`metric` is an id of the catalogue; `last` how many days up to today, the metric's own range where it is 0."""

    metric: str
    last: int = 0


class ValueNow(msgspec.Struct, frozen=True):
    """The number and the one before as numbers, and all of it as a sentence; `text` in the workspace's language."""

    value: float | None
    previous: float | None
    change: float | None
    text: str
    text_ko: str
    text_en: str


class BoardCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`board` is an id; `bar` narrows it as its screen does; `language` is ko or en, the workspace's where empty.
    `picture` adds the board drawn: Slack itself shows no SVG, so leave it out where the channel is Slack's."""

    board: str
    bar: dict[str, Any] = {}
    language: str = ""
    picture: bool = True


class Card(msgspec.Struct, frozen=True):
    """For channels.post: text and blocks; `picture` is the address of the drawing, which holds for ninety days."""

    name: str
    text: str
    blocks: list[Any]
    picture: str


def steps(metrics: Metrics, posting: Posting, governance: Governance) -> list[StepKind]:
    """`metrics.value` and `metrics.board`. Both read the log, which is no part of a transaction; asking twice does no
    harm, and a card asked twice has one picture."""

    async def value(call: StepCall, given: Value) -> ValueNow:
        space = await governance.workspace(call.tenant)
        from_, to = read_bar({"last": given.last} if given.last else {}).range(call.now, space.timezone)
        found = await metrics.value(call.principal, given.metric, from_, to)
        metric, currency = found["metric"], found["metric"]["currency"] or space.currency

        def sentence(language: str, before: str) -> str:
            now, then = (written(found[name], metric["unit"], language, currency) for name in ("value", "previous"))
            change = changed(found["change"])
            return f"{metric[f'name_{language}']} {now}" + (f" ({change}, {before} {then})" if change else "")

        ko, en = sentence("ko", "이전"), sentence("en", "before")
        return ValueNow(
            found["value"], found["previous"], found["change"], en if space.language == "en" else ko, ko, en
        )

    async def board(call: StepCall, given: BoardCard) -> Card:
        card = await posting.card(
            call.principal, given.board, given.bar, language=given.language, picture=given.picture, key=call.key
        )
        return Card(card.name, card.text, card.blocks, card.picture)

    return [
        StepKind(
            "metrics.value", {"ko": "지표 읽기", "en": "Read a metric"}, Value, ValueNow, value, outside=True,
            about={"ko": "지표의 값을 이전 기간과 함께 읽습니다.",
                   "en": "Reads a metric's value beside the range before."},
        ),
        StepKind(
            "metrics.board", {"ko": "보드를 메시지로", "en": "A board as a message"}, BoardCard, Card, board,
            outside=True,
            about={"ko": "보드의 숫자와 그림을 메시지로 만듭니다. 올리기는 channels.post가 합니다.",
                   "en": "Makes a message of a board's numbers and picture; channels.post posts it."},
        ),
    ]  # fmt: skip
