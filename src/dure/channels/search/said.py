"""What a message says and what it is, for the index: its words, and its labels."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dure.channels.search.query import Label
from dure.channels.search.slices import slices_of
from dure.channels.search.words import label, text_marks
from dure.kernel.folding import fold

# What Slack writes in angles; anything else there is text.
_ANGLES = re.compile(r"<((?:[@#!]|https?://|mailto:|/(?=[^<>|]*\|))[^<>|]*)(?:\|([^<>]*))?>")
# Bold, struck, code and italics, whose signs are not read.
_STYLED = re.compile(r"(?<![\w*~`])([*~`])(?=\S)([^*~`\n]*\S)\1|(?<!\w)(_)(?=\S)([^_\n]*\S)_(?!\w)")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)")
_LINK = re.compile(r"https?://", re.I)
# The fields of blocks and attachments that people read.
_READ = ("pretext", "author_name", "title", "text", "fallback", "footer", "value", "alt_text", "name")
_DEEP = 12


@dataclass(frozen=True, slots=True)
class Said:
    """A message with what is known of it elsewhere. `people` are those of a direct conversation."""

    channel: str
    ts: int
    home: str
    account: str
    thread: int | None
    reply_count: int
    text: str
    blocks: list[Any] | None
    attachments: list[Any] | None
    kind: str
    people: str
    reactions: Collection[str]
    files: Sequence[str] = ()
    file_words: Sequence[str] = ()
    pinned: bool = False

    @property
    def words(self) -> str:
        """All that can be read in it; what the blocks repeat of the text stands there once."""
        folded = fold(plain(self.text))
        for more in (*self.file_words, *_readable([self.blocks or [], self.attachments or []])):
            piece = fold(plain(more))
            if piece not in folded:
                folded = folded[:-1] + piece
        return folded

    @property
    def labels(self) -> frozenset[Label]:
        found: set[Label] = {("in", self.channel), ("from", self.account)}
        found |= {("to", user) for user in _MENTION.findall(self.text)}
        if self.kind == "im":
            found |= {("to", user) for user in self.people.split(",") if user != self.account}
        if self.kind != "channel":
            found.add(("is", "dm"))
        if self.thread is not None or self.reply_count:
            found.add(("is", "thread"))
        if _LINK.search(self.text) or _LINK.search(str([self.blocks, self.attachments])):
            found.add(("has", "link"))
        if self.files:
            found.add(("has", "file"))
        if self.pinned:
            found.add(("has", "pin"))
        if self.reactions:
            found.add(("has", "reaction"))
        return frozenset(found | {("emoji", name.partition("::")[0]) for name in self.reactions})

    def marks(self, folded: str) -> list[int]:
        times = {at_mark(self.home, level, slot) for level, slot in slices_of(self.ts)}
        return sorted(text_marks(folded) | {label(kind, value) for kind, value in self.labels} | times)


def at_mark(home: str, level: int, slot: int) -> int:
    """The mark of a slice of a workspace's time."""
    return label(f"at{level}", f"{home} {slot}")


def plain(text: str, *, mentions: bool = False) -> str:
    """mrkdwn without its references: `<https://x|here> <@U1> a &amp; b` is `https://x here  a & b`.

    For people to read, mentions stay, a link with a name is its name, and signs of bold and the like go.
    """
    if mentions:
        text = _STYLED.sub(lambda found: found[2] or found[4], text)
    if "<" not in text and "&" not in text:
        return text
    return html.unescape(_ANGLES.sub(_told if mentions else _reference, text))


def _reference(found: re.Match[str]) -> str:
    name = found[2] or ""
    return f" {name} " if found[1][0] in "@#!" else f"{found[1]} {name}"


def _told(found: re.Match[str]) -> str:
    return found[0] if found[1][0] in "@#" else f"@{found[1][1:]}" if found[1][0] == "!" else found[2] or found[1]


def _readable(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, dict) and depth < _DEEP:
        for key, item in value.items():
            if isinstance(item, str) and key in _READ:
                yield item
            elif isinstance(item, dict | list):
                yield from _readable(item, depth + 1)
    elif isinstance(value, list) and depth < _DEEP:
        for item in value:
            yield from _readable(item, depth + 1)
