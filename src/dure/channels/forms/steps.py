"""What forms offer automations: asking in a channel, for answers or for a decision.

Both steps post a card and end at once. What comes back is awaited by the node that follows, a `wait_event` on
*Form Answered* whose `ask` is this one's: so a wait of weeks costs a row, can time out, and is seen in the run.
"""

from __future__ import annotations

from typing import Any

import msgspec

from dure.automation.plugs import StepCall, StepKind
from dure.channels.api import ts_of, ts_text
from dure.channels.forms.api import Asked, Field, Forms, Question
from dure.channels.forms.model import Note, Text
from dure.state import Tx


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card with a button that opens a form: `form` is the name of one, or `fields` are its own. `of` are user ids
    and `function` a team whose people may answer, everybody where nobody is named. `once` ends it with the first
    answer. `thread` is the ts of what it hangs on."""

    channel: str
    title: Text = ""
    text: str = ""
    form: str = ""
    fields: list[Field] = []
    button: str = ""
    of: list[str] = []
    function: str = ""
    once: bool = True
    blocks: list[Any] = []
    thread: str = ""


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A card with two buttons, yes and no. `of` are user ids and `function` a team whose people may decide, everybody
    of the workspace where nobody is named. `note` says whether a word is wanted with the decision."""

    channel: str
    question: Text
    text: str = ""
    of: list[str] = []
    function: str = ""
    note: Note = "optional"
    blocks: list[Any] = []
    thread: str = ""


class Out(msgspec.Struct, frozen=True):
    """`ask` is what *Form Answered* names; `channel` and `ts` are where the card stands."""

    ask: str
    channel: str
    ts: str


def steps(api: Forms) -> list[StepKind]:
    """channels.ask and channels.approval; each once, in the run's transaction."""

    async def ask(tx: Tx, call: StepCall, given: Ask) -> Out:
        question = Question(
            "form", given.title, given.text, given.blocks, given.form, given.fields, given.of, given.function,
            once=given.once, button=given.button, thread=ts_of(given.thread) if given.thread else None,
        )  # fmt: skip
        return _out(await api.ask_in(tx, call.principal, given.channel, question))

    async def approval(tx: Tx, call: StepCall, given: Approval) -> Out:
        question = Question(
            "approval", given.question, given.text, given.blocks, of=given.of, function=given.function,
            note=given.note, thread=ts_of(given.thread) if given.thread else None,
        )  # fmt: skip
        return _out(await api.ask_in(tx, call.principal, given.channel, question))

    return [
        StepKind(
            "channels.ask", {"ko": "양식으로 묻기", "en": "Ask with a form"}, Ask, Out, ask,
            about={"ko": "채널에 답하기 단추가 있는 카드를 올립니다. 답은 Form Answered 이벤트로 기다립니다"
                         " (wait_event, on: ask, equals: {{ steps.<이 노드>.ask }}).",
                   "en": "Posts a card with a button that opens a form. Await the answer with a wait_event on Form"
                         " Answered (on: ask, equals: {{ steps.<this node>.ask }})."},
        ),
        StepKind(
            "channels.approval", {"ko": "채널에서 승인받기", "en": "Ask for approval in a channel"}, Approval, Out,
            approval,
            about={"ko": "승인과 반려 단추가 있는 카드를 올립니다. 결정은 Form Answered 이벤트의 decision(yes, no)으로"
                         " 기다립니다.",
                   "en": "Posts a card with two buttons. Await the decision with a wait_event on Form Answered, whose"
                         " decision is yes or no."},
        ),
    ]  # fmt: skip


def _out(asked: Asked) -> Out:
    return Out(str(asked.id), asked.channel, ts_text(asked.ts))
