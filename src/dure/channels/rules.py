"""Pure decisions: names, texts, who may read and write."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from dure.channels import visibility
from dure.channels.content import checked_attachments, checked_blocks, checked_metadata
from dure.channels.model import Conversation, Draft
from dure.channels.refusals import (
    BlocksTooLong,
    InvalidName,
    MessageTooLong,
    NamePunctuation,
    NameRequired,
    NameTooLong,
    NonThreadableChannel,
    NoText,
    NoWholeMention,
    ReadOnlyChannel,
    RestrictedAction,
    ThreadOnlyChannel,
)
from dure.governance.api import Principal, allowed

_TEXT = 40_000
_CLEANED = ("text", "blocks", "attachments", "metadata", "client_msg_id", "username", "icons")
_NAME = 80
WHOLE = frozenset({"!here", "!channel", "!everyone"})
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


def may_write_here(
    principal: Principal, conversation: Conversation, in_thread: bool, user: str = "", mentions: Collection[str] = ()
) -> None:
    """Whether the channel's own rules let the caller, who speaks as `user`, write this here. Raises a kind of
    RestrictedAction. What its administrators set holds for programs and automations, too."""
    _keep_prefs(principal, conversation, in_thread, user, mentions)
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


def why_not(principal: Principal, conversation: Conversation, user: str, *, threaded: bool = False) -> str:
    """The name of the rule that keeps somebody from writing here, for whoever shows it; "" for none."""
    try:
        may_write_here(principal, conversation, threaded, user)
    except RestrictedAction as refusal:
        return refusal.code
    return ""


def _keep_prefs(
    principal: Principal, conversation: Conversation, in_thread: bool, user: str, mentions: Collection[str]
) -> None:
    prefs = conversation.prefs
    if prefs is None:
        return
    why = prefs.against(principal, user, threaded=in_thread, everybody=bool(WHOLE.intersection(mentions)))
    if why == "mention":
        raise NoWholeMention(field="text")
    if why == "thread":
        raise NonThreadableChannel("You may not answer in this channel's threads.", field="thread_ts")
    if why == "post":
        if prefs.thread is None or prefs.thread.has(principal, user):
            raise ThreadOnlyChannel("You may answer in this channel's threads, not begin one.", field="channel")
        raise ReadOnlyChannel("You may read this channel, not write in it.", field="channel")


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
    """Whether the table of `visibility` shows somebody a conversation that their side is connected to."""
    return visibility.sees(principal, conversation) != "nothing"


def may_post(principal: Principal, conversation: Conversation) -> bool:
    """Members may, and bots in open channels; the system where it may read; no program of a side that only writes."""
    if conversation.side.limited and principal.kind != "user":
        return False
    if conversation.is_member:
        return True
    return principal.kind != "user" and may_read(principal, conversation)
