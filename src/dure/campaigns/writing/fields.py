"""What a message consists of on each channel, and whether a text could be written to somebody at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from dure.campaigns.writing import language, mjml
from dure.kernel.errors import Invalid
from dure.segments.api import duration

LANGUAGES = ("ko", "en")


class Written(Protocol):
    """A message node, as far as its words go."""

    @property
    def channel(self) -> str: ...

    @property
    def texts(self) -> Mapping[str, Mapping[str, str]]: ...


@dataclass(frozen=True, slots=True)
class Field:
    """One part of a message: at most `most` characters of Liquid; `choice`s and durations hold none."""

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


def check(node: Written, field: str = "texts") -> None:
    """Invalid, naming the field and the line, for a message that nobody could be written."""
    known = FIELDS.get(node.channel)
    if known is None:
        raise Invalid(f"`channel` is one of {', '.join(FIELDS)}.", field=f"{field}.channel")
    if not node.texts or not set(node.texts) <= set(LANGUAGES):
        raise Invalid("A message is written in ko, en or both.", field=field)
    for spoken, text in node.texts.items():
        unknown = sorted(set(text) - {one.name for one in known})
        if unknown:
            names = ", ".join(one.name for one in known)
            raise Invalid(f"A message by {node.channel} consists of {names}.", field=f"{field}.{spoken}.{unknown[0]}")
        for one in known:
            _check(one, text.get(one.name) or "", f"{field}.{spoken}.{one.name}")
        if node.channel == "email" and not ((text.get("body") or "").strip() or (text.get("mjml") or "").strip()):
            raise Invalid("A letter has a body, or MJML.", field=f"{field}.{spoken}.body")


def _check(one: Field, text: str, field: str) -> None:
    if one.needed and not text.strip():
        raise Invalid(f"`{one.name}` is not filled in.", field=field)
    if len(text) > one.most:
        raise Invalid(f"`{one.name}` has at most {one.most:,} characters.", field=field)
    if one.kind == "choice":
        if text and text not in one.choices:
            raise Invalid(f"`{one.name}` is one of {', '.join(one.choices)}.", field=field)
    elif one.kind == "duration":
        if text:
            duration(text, field)
    elif text:
        language.check(text, field, as_html=one.kind == "mjml")
        if one.kind == "mjml":
            mjml.check(text, field)
