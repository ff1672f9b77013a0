"""What a message consists of on each channel, and whether it could be written to anybody at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dure.campaigns.design import Messaging
from dure.campaigns.model import Problem
from dure.campaigns.writing import language, mjml
from dure.campaigns.writing.letter import as_text
from dure.kernel.errors import Invalid
from dure.segments.api import duration

LANGUAGES = ("ko", "en")


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a message: at most `most` characters of Liquid; a choice and a duration hold none."""

    name: str
    most: int
    needed: bool = False
    kind: Literal["text", "url", "mjml", "choice", "duration"] = "text"
    choices: tuple[str, ...] = ()


_PUSH = (
    Field("title", 200, needed=True), Field("body", 2_000, needed=True), Field("url", 2_000, kind="url"),
    Field("image", 2_000, kind="url"),
)  # fmt: skip
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "email": (
        Field("subject", 500, needed=True), Field("preheader", 500), Field("body", 20_000),
        Field("mjml", 200_000, kind="mjml"),
    ),
    "web_push": _PUSH,
    "push": _PUSH,
    "sms": (Field("body", 2_000, needed=True),),
    "in_app": (
        Field("form", 10, kind="choice", choices=("card", "banner")), Field("title", 200, needed=True),
        Field("body", 2_000), Field("url", 2_000, kind="url"), Field("button", 100),
        Field("image", 2_000, kind="url"), Field("expires", 10, kind="duration"),
    ),
    "webhook": (Field("body", 20_000, needed=True),),
    "post": (Field("text", 4_000, needed=True), Field("to", 100)),
}  # fmt: skip


def problems(node: Messaging, field: str) -> Iterator[Problem]:
    """All that keeps a message from being written, each with its field and, where it can be told, the line."""
    if not node.texts or not set(node.texts) <= set(LANGUAGES):
        yield Problem(field, "A message is written in ko, en or both.")
        return
    known = FIELDS[node.channel]
    for spoken, text in node.texts.items():
        for name in text.__struct_fields__:
            if getattr(text, name) and name not in {one.name for one in known}:
                names = ", ".join(one.name for one in known)
                yield Problem(f"{field}.{spoken}.{name}", f"A message of this channel consists of {names}.")
        for one in known:
            yield from _problems(one, getattr(text, one.name), f"{field}.{spoken}.{one.name}")
        if node.channel == "email" and not (text.body.strip() or text.mjml.strip()):
            yield Problem(f"{field}.{spoken}.body", "A message of this channel has a body or mjml.")


def _problems(one: Field, text: str, field: str) -> Iterator[Problem]:
    if one.needed and not text.strip():
        yield Problem(field, f"A message of this channel has a {one.name}.")
    elif len(text) > one.most:
        yield Problem(field, f"`{one.name}` has at most {one.most:,} characters.")
    elif one.kind == "choice" and text and text not in one.choices:
        yield Problem(field, f"`{one.name}` is {' or '.join(one.choices)}.")
    elif text:
        try:
            if one.kind == "duration":
                duration(text, field)
            elif one.kind != "choice":
                language.check(text, field, as_html=one.kind == "mjml")
            if one.kind == "mjml":
                mjml.check(text, field)
                language.check(as_text(text), field)
        except Invalid as error:
            yield Problem(error.field or field, error.message)
