"""What metrics offer automations: numbers, answers to questions, pictures, boards as messages; the events of alerts."""

from __future__ import annotations

from typing import Any

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.governance.api import Governance
from dure.governance.events import act
from dure.kernel.errors import Invalid
from dure.metrics.api import Metrics
from dure.metrics.boards.bar import read_bar
from dure.metrics.boards.events import ANSWER_DRAWN, EVENTS
from dure.metrics.boards.posting import Posting, plain
from dure.metrics.boards.written import changed, written
from dure.metrics.telling.chart import chart
from dure.metrics.telling.told import told

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


class Query(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`question` is one as `POST /api/v1/query` takes it, such as `{"kind": "trend", "series": [{"event": "Listen
    Started"}]}`, or a metric's: `{"kind": "metric", "metric": "listeners"}`."""

    question: dict[str, Any]


class Told(msgspec.Struct, frozen=True):
    """`value` is the number the question is about (a trend's total, a funnel's conversion), `rows` the answer as plain
    rows, at most a thousand; `text` a sentence in the workspace's language, with the same in both."""

    value: float | None
    rows: list[dict[str, Any]]
    text: str
    text_ko: str
    text_en: str


class Drawing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question, or a metric's id, and the drawing's title; `last` how many days up to today a metric's covers."""

    question: dict[str, Any] = {}
    metric: str = ""
    last: int = 30
    title: str = ""


class Drawn(msgspec.Struct, frozen=True):
    """For channels.picture the `picture`'s address, which holds for ninety days, and `text`; for channels.post both as
    `blocks`. Slack itself shows no SVG: there post the text."""

    value: float | None
    text: str
    picture: str
    blocks: list[Any]


def steps(metrics: Metrics, posting: Posting, governance: Governance) -> list[StepKind]:
    """`metrics.value`, `query`, `picture` and `board`. All read the log, which is no part of a transaction; asking
    twice does no harm, and what is drawn twice for a run has one picture."""

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

    async def query(call: StepCall, given: Query) -> Told:
        language = (await governance.workspace(call.tenant)).language
        found = told(await metrics.ask(call.principal, given.question))
        return Told(found.value, found.rows, found.en if language == "en" else found.ko, found.ko, found.en)

    async def picture(call: StepCall, given: Drawing) -> Drawn:
        if bool(given.question) == bool(given.metric):
            raise Invalid("Give one of `question` and `metric`.", field="question")
        space = await governance.workspace(call.tenant)
        question = given.question
        if given.metric:
            from_, to = read_bar({"last": given.last} if given.last else {}).range(call.now, space.timezone)
            asked = {"kind": "metric", "metric": given.metric, "from": from_, "to": to}
            question = {name: value for name, value in asked.items() if value}
        answer = await metrics.ask(call.principal, question)
        found, english = told(answer), space.language == "en"
        text = found.en if english else found.ko
        named = answer.get("metric") or {}
        title = given.title or named.get("name_en" if english else "name_ko") or text[:60]
        asked = answer["question"]
        when = " – ".join(str(asked[end])[:10] for end in ("from", "to") if asked.get(end))
        event = act(call.principal, "metrics", ANSWER_DRAWN, "question", asked["kind"], {"title": title}, call.now)
        address = await posting.keep(call.principal, chart(title, when, found), event, call.key)
        blocks = [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*{plain(title)}*\n{plain(text)}"}},
            {"type": "image", "image_url": address, "alt_text": f"{title}, {when}: {text}"[:2000]},
        ]
        return Drawn(found.value, plain(text), address, blocks)

    return [
        StepKind(
            "metrics.query", {"ko": "질문하기", "en": "Ask a question"}, Query, Told, query, outside=True,
            about={"ko": "분석 질문의 답을 숫자, 행, 문장으로 넘깁니다.",
                   "en": "Hands on the answer to a question as a number, rows and a sentence."},
        ),
        StepKind(
            "metrics.picture", {"ko": "질문의 답을 그림으로", "en": "Draw an answer"}, Drawing, Drawn, picture,
            outside=True,
            about={"ko": "질문이나 지표의 답을 그림으로 그립니다. 올리기는 channels.picture나 channels.post가 합니다.",
                   "en": "Draws the answer to a question or a metric; channels.picture or channels.post posts it."},
        ),
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
