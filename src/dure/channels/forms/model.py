"""Forms, what was asked in a channel, and answers, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

FieldType = Literal["text", "long_text", "number", "date", "choice", "choices", "user", "channel", "file"]
What = Literal["form", "approval"]
Note = Literal["optional", "required", "none"]
Text = str | dict[str, str]
"""A text for everybody, or one in each language: `{"ko": …, "en": …}`."""


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    value: str
    title: Text = ""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of a form. `name` is what the answer is called in `values`; `choices` are texts, or values with a
    title in each language."""

    name: str
    title: Text
    type: FieldType = "text"
    required: bool = True
    about: Text = ""
    choices: list[str | Choice] = []


@dataclass(frozen=True, slots=True)
class Form:
    """A form that stands by itself, at `/forms/{id}`. A closed one takes no more answers."""

    id: str
    title: Mapping[str, str]
    about: Mapping[str, str]
    fields: Sequence[Field]
    created_by: str
    created_at: datetime
    changed_at: datetime
    closed_at: datetime | None = None
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that a card in a channel asks for. `of` are the ids of those who may answer, all where it is empty.

    `ended_at` is when it was decided, or answered where one answer is enough. `node` is where the run itself waits: the
    engine then says who may answer and keeps the answer, and the card only brings the question.
    """

    id: UUID
    workspace: str
    org: str
    channel: str
    ts: int
    what: What
    form: str
    title: Mapping[str, str]
    card: Mapping[str, Any]
    fields: Sequence[Field]
    of: Sequence[str]
    note: Note
    once: bool
    run: str
    asked_at: datetime
    answers: int = 0
    decision: str = ""
    ended_by: str = ""
    said: str = ""
    ended_at: datetime | None = None
    node: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    id: UUID
    form: str
    asked: UUID | None
    by: str
    values: Mapping[str, Any]
    at: datetime


def in_both(text: Text) -> dict[str, str]:
    """A text in both languages; where only one is given it stands for both."""
    if isinstance(text, str):
        return {"ko": text, "en": text}
    ko, en = text.get("ko") or "", text.get("en") or ""
    return {"ko": ko or en, "en": en or ko}
