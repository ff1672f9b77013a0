"""Care's decisions without I/O: which mention opens a conversation, which joins one, what follows."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid
from dure.social.care.model import PRIORITIES, Conversation
from dure.social.model import Mention
from dure.social.own import plain_name
from dure.social.reading.spam import HIDDEN

CARE = "care"
TEXT = 10_000
_NAMED = re.compile(r"<@([A-Z0-9]{2,30})>")
_LONGEST_SNOOZE = timedelta(days=365)


def thread_of(mention: Mention) -> str:
    """What the conversation is known by: the talk's beginning, or the mention where it began one."""
    return mention.thread or mention.external


def opens(mention: Mention, *, wanted: bool) -> bool:
    """Whether a mention opens a conversation: written to the company alone, or `wanted` by care. Nobody answers spam,
    what was taken back, or the near copy of a post that was not written to the company."""
    if mention.deleted_at or mention.spam >= HIDDEN:
        return False
    return mention.direct or (wanted and mention.original == mention.id)


def joins(mention: Mention, talk: Conversation, *, wanted: bool) -> bool:
    """Whether a mention of a conversation's thread is put into it. Where it was resolved, only what the customer says
    themselves, or what is care's anyway, opens it again."""
    if mention.deleted_at or mention.spam >= HIDDEN:
        return False
    return talk.state != "resolved" or wanted or mention.direct or is_theirs(mention, talk)


def is_theirs(mention: Mention, talk: Conversation) -> bool:
    """Whether a mention is the conversation's customer's, not somebody's who stood by."""
    said, known = mention.handle or mention.author, talk.handle or talk.author
    return bool(said) and plain_name(said) == plain_name(known)


def named_in(text: str) -> tuple[str, ...]:
    """The users whom a note calls (`<@U…>`), each once."""
    return tuple(dict.fromkeys(_NAMED.findall(text)))


def check_text(text: str, field: str = "text") -> str:
    text = text.strip()
    if not text or len(text) > TEXT:
        raise Invalid(f"`{field}` has 1 to {TEXT:,} characters.", field=field)
    return text


def check_priority(priority: str) -> None:
    if priority not in PRIORITIES:
        raise Invalid(f"`priority` is one of {', '.join(PRIORITIES)}.", field="priority")


def check_team(team: str) -> None:
    if team not in FUNCTIONS:
        raise Invalid(f"`team` is one of {', '.join(FUNCTIONS)}.", field="team")


def check_until(until: datetime | None, now: datetime) -> datetime:
    """When a conversation comes back. Invalid where that is past, or more than a year away."""
    if until is None:
        raise Invalid("Say until when (`until`).", field="until")
    if until.tzinfo is None:
        raise Invalid("`until` is a time with its zone.", field="until")
    if not now < until <= now + _LONGEST_SNOOZE:
        raise Invalid("`until` is within the next year.", field="until")
    return until
