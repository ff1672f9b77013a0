"""The one rule of what concerns whom. Pure: everything that it looks at is handed in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from dure.channels.model import Kind
from dure.channels.notice.model import ChannelWishes, Why, Wishes

_USER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>")
_EVERYBODY = re.compile(r"<!(here|channel|everyone)(?:\|[^>]*)?>")
_LETTER = re.compile(r"[a-z0-9_]")


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the rule looks at it. `here` and `everybody`: it calls those who are there, or all."""

    kind: Kind
    author: str
    users: frozenset[str]
    groups: frozenset[str]
    here: bool
    everybody: bool
    words: str
    note: bool  # a line about a coming or going, which nobody said
    in_thread: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the conversation, at the moment it was said."""

    account: str
    wishes: Wishes
    channel: ChannelWishes
    groups: frozenset[str] = frozenset()
    follows: bool = False  # the thread
    active: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """That it concerns a person, and whether it may go out to them now and by mail later."""

    why: Why
    push: bool
    mail: bool


def read(text: str, blocks_words: str, *, kind: Kind, author: str, note: bool = False, in_thread: bool = False) -> Said:
    """What a message's text and the words of its blocks call for."""
    both = f"{text}\n{blocks_words}"
    broad = set(_EVERYBODY.findall(both))
    words = unicodedata.normalize("NFC", re.sub(r"<[^>]*>", " ", both)).lower()
    return Said(
        kind, author, frozenset(_USER.findall(both)), frozenset(_GROUP.findall(both)), "here" in broad,
        bool(broad & {"channel", "everyone"}), words, note, in_thread,
    )  # fmt: skip


def concerns(said: Said, person: Person) -> Told | None:
    """Whether and why a message concerns somebody; None where it does not.

    A muted channel, and one of which they want to hear nothing, is silent but for being named in person where muted:
    that is kept for them to find and goes out nowhere. Quiet hours hold the push back, never the notice.
    """
    if person.account == said.author or said.note:
        return None
    why = _why(said, person)
    if why is None:
        return None
    if person.channel.muted:
        return Told(why, push=False, mail=False) if why == "mention" else None
    out = person.wishes
    return Told(why, push=out.push and not person.active and not person.quiet, mail=out.mail)


def _why(said: Said, person: Person) -> Why | None:
    level = person.channel.level or person.wishes.level
    if level == "nothing":
        return None
    if person.account in said.users:
        return "mention"
    if said.kind != "channel":
        return "direct"
    if said.groups & person.groups:
        return "group"
    if person.channel.everybody and (said.everybody or (said.here and person.active)):
        return "everybody"
    if any(has_word(said.words, word) for word in person.wishes.keywords):
        return "keyword"
    if said.in_thread:
        return "thread" if person.follows else None
    return "message" if level == "all" else None


def has_word(words: str, word: str) -> bool:
    """Whether a keyword stands in a text, both small. Latin words are looked for whole; Korean ones bear endings."""
    at = words.find(word)
    while at >= 0:
        before, after = words[at - 1 : at], words[at + len(word) : at + len(word) + 1]
        if not (_LETTER.match(word[0]) and _LETTER.match(before)) and not (
            _LETTER.match(word[-1]) and _LETTER.match(after)
        ):
            return True
        at = words.find(word, at + 1)
    return False
