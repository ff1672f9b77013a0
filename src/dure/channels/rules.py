"""Pure decisions: names, texts, who may read and write, when a response clock starts, warns and stops."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dure.channels.content import checked_attachments, checked_blocks, checked_metadata
from dure.channels.model import Conversation, Draft, Response, ResponseState
from dure.channels.refusals import (
    BlocksTooLong,
    InvalidName,
    MessageTooLong,
    NamePunctuation,
    NameRequired,
    NameTooLong,
    NonThreadableChannel,
    NoText,
    ReadOnlyChannel,
    ThreadOnlyChannel,
)
from dure.governance.api import Principal, Role, allowed

RESPONSE_MINUTES = 60
WARN_AT = 0.8
_TEXT = 40_000
_CLEANED = ("text", "blocks", "attachments", "metadata", "client_msg_id", "username", "icons")
_NAME = 80
_OPENED = 250


def channel_name(name: str) -> str:
    """A name as it may be used; Hangul and other letters are letters. Raises InvalidName and its kinds."""
    name = unicodedata.normalize("NFC", name.strip().lstrip("#"))
    if not name:
        raise NameRequired(field="name")
    if len(name) > _NAME:
        raise NameTooLong(field="name")
    if not any(letter.isalnum() for letter in name):
        raise NamePunctuation(field="name")
    if name != name.lower() or not all(letter.isalnum() or letter in "-_" for letter in name):
        raise InvalidName(field="name")
    return name


def slug(name: str) -> str:
    """Any text as a channel's name: `한빛커피 Q4 (재계약)` becomes `한빛커피-q4-재계약`."""
    text = unicodedata.normalize("NFC", name).lower()
    words = re.findall(r"[^\W_]+(?:_[^\W_]+)*", text)
    return "-".join(words)[:_NAME].strip("-") or "channel"


def clean(value: Any) -> Any:
    """What PostgreSQL cannot keep is taken out of texts, however deep: NUL, and halves of surrogate pairs. Lists and
    objects are copied."""
    if isinstance(value, list | dict):
        try:
            written = msgspec.json.encode(value)
        except (UnicodeEncodeError, TypeError, OverflowError):
            return _cleaned(value)
        # What opens more than this may be nested too deep for what looks into it later, and walking says so.
        many = written.count(b"{") + written.count(b"[") > _OPENED
        return _cleaned(value) if many or b"\\u0000" in written else msgspec.json.decode(written)
    return _cleaned(value)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        if value.isascii() and "\0" not in value:
            return value
        return value.replace("\0", "").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {_cleaned(str(key)): _cleaned(item) for key, item in value.items()}
    return value


def check_draft(draft: Draft) -> Draft:
    """The draft as it is kept: cleaned, its blocks judged and given ids. Raises what is wrong with it."""
    if len(draft.text) > _TEXT:
        raise MessageTooLong(field="text")
    if len(draft.username) > _NAME:
        draft = replace(draft, username=draft.username[:_NAME])
    if (draft.blocks, draft.attachments, draft.metadata, draft.icons) == (None, None, None, None):
        text = clean(draft.text)
        if not text.strip() and not draft.files:
            raise NoText(field="text")
        return replace(draft, text=text, username=clean(draft.username), client_msg_id=clean(draft.client_msg_id))
    try:
        draft = replace(draft, **{name: clean(getattr(draft, name)) for name in _CLEANED})
        draft = replace(
            draft, blocks=checked_blocks(draft.blocks), attachments=checked_attachments(draft.attachments),
            metadata=checked_metadata(draft.metadata),
        )  # fmt: skip
    except RecursionError as error:
        raise BlocksTooLong(field="blocks") from error
    if not draft.text.strip() and not draft.blocks and not draft.attachments and not draft.files:
        raise NoText(field="text")
    return draft


def may_write_here(principal: Principal, conversation: Conversation, in_thread: bool) -> None:
    """Whether the channel's own rule lets the caller write at this place. Raises a kind of RestrictedAction."""
    rule = conversation.posting
    if rule == "everyone" or principal.kind == "system":
        return
    if rule == "flat":
        if in_thread:
            raise NonThreadableChannel(field="thread_ts")
    elif not allowed(principal, "channel:post", conversation.id):
        if rule == "admins":
            raise ReadOnlyChannel(field="channel")
        if not in_thread:
            raise ThreadOnlyChannel(field="channel")


def plain(text: str, blocks: list[Any] | None, limit: int = 2000) -> str:
    """What a message says in words: its text, or that of its blocks."""
    return (text or "\n".join(_words(blocks or [])))[:limit]


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        text = value.get("text")
        if isinstance(text, str):
            yield text
        for key, item in value.items():
            if key != "text" or not isinstance(text, str):
                yield from _words(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def may_read(principal: Principal, conversation: Conversation) -> bool:
    """Members may; the rest of a connected workspace may read what its side keeps open; the system may at home."""
    if conversation.is_member:
        return True
    if conversation.kind != "channel":
        return False
    if principal.kind == "system":
        return True
    return principal.role is not Role.GUEST and not conversation.private


def may_post(principal: Principal, conversation: Conversation) -> bool:
    """Members may, and bots in open channels; the system where it may read."""
    if conversation.is_member:
        return True
    return principal.kind != "user" and may_read(principal, conversation)


def warn_time(asked_at: datetime, minutes: int) -> datetime:
    return asked_at + timedelta(minutes=minutes) * WARN_AT


def due_time(asked_at: datetime, minutes: int) -> datetime:
    return asked_at + timedelta(minutes=minutes)


def starts_clock(thread: int | None, open_clocks: list[Response]) -> int | None:
    """The thread (0: the conversation) whose clock an outsider's message starts, None where one is running.

    Who asks twice waits since the first time.
    """
    place = thread or 0
    for clock in open_clocks:
        if clock.thread == place or (thread is not None and clock.thread == 0 and thread >= clock.asked):
            return None
    return place


def stops_clocks(thread: int | None, open_clocks: list[Response]) -> list[Response]:
    """The clocks that a person of the home side stops by writing there.

    At the top level that is the conversation's; in a thread it is the thread's, and the conversation's too where the
    thread hangs on the question or on what was said after it.
    """
    if thread is None:
        return [clock for clock in open_clocks if clock.thread == 0]
    return [c for c in open_clocks if c.thread == thread or (c.thread == 0 and thread >= c.asked)]


def state_at(response: Response, now: datetime) -> ResponseState:
    """How a clock that nobody stopped stands at a moment."""
    if response.state == "answered":
        return "answered"
    if now >= response.due_at:
        return "overdue"
    return "warned" if now >= response.warn_at else "waiting"
