"""Social's decisions without I/O: what is a proper mention, where it goes, who hears of a spike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid
from dure.social.model import INTENTS, TOPICS, NewMention, Reading, Rule

SURE = 0.5  # confidence from which rules act without a person; below it a mention stays new
TEXT, NAME, ADDRESS = 10_000, 200, 2_000  # most characters kept
_AHEAD = timedelta(minutes=5)  # how far in the future a network's clock may be
_MOST_RULES = 200

PROPS = (
    "network", "language", "intent", "topic", "sentiment", "reach", "text", "author", "handle", "kind", "rating",
    "direct", "email", "title",
)  # fmt: skip

_HEARS: Mapping[str, tuple[str, ...]] = {
    "advertising": ("sales", "social"),
    "company": ("marketing", "social"),
    "jobs": ("social",),
    "creator": ("social", "product"),
    "other": ("social",),
}


def functions_of(topic: str) -> tuple[str, ...]:
    """Who hears of a spike of a topic."""
    return _HEARS.get(topic, ("product", "care"))


def cleaned(given: NewMention, now: datetime) -> NewMention:
    """The mention within its limits. Invalid where it names no network, no id or no text.

    A time without a zone is UTC; one ahead of the clock is now. An address that is not http is dropped.
    """
    for field in ("network", "id", "text"):
        if not getattr(given, field).strip():
            raise Invalid(f"A mention needs `{field}`.", field=field)
    if len(given.network) > 40 or len(given.id) > 300:
        raise Invalid("`network` has at most 40 characters, `id` 300.", field="id")
    posted = _aware(given.posted_at) or now
    if given.rating is not None and not 1 <= given.rating <= 5:
        raise Invalid("`rating` is 1 to 5.", field="rating")
    return NewMention(
        kind=given.kind,
        title=_storable(given.title)[:NAME],
        parent=_storable(given.parent)[:300],
        thread=_storable(given.thread)[:300],
        rating=given.rating,
        email=_storable(given.email)[:NAME].strip().lower(),
        direct=given.direct,
        edited_at=_aware(given.edited_at),
        network=given.network.strip().lower(),
        id=_storable(given.id).strip(),
        text=_storable(given.text)[:TEXT],
        author=_storable(given.author)[:NAME],
        handle=_storable(given.handle)[:NAME],
        url=given.url if _is_address(given.url) else "",
        reach=min(max(given.reach, 0), 10**12),
        language=given.language[:8].lower(),
        posted_at=now if posted > now + _AHEAD else posted,
    )


def voice_of(given: NewMention) -> str:
    """Who counts as one person in a spike."""
    return voice(given.network, given.handle, given.author, given.id)


def voice(network: str, handle: str, author: str, external: str) -> str:
    return f"{network}:{handle or author or external}".lower()


def corrected(reading: Reading, change: Mapping[str, Any]) -> Reading:
    """The reading as a person says it is; sure of itself from then on. Invalid names the field."""
    intent, topic = change.get("intent") or reading.intent, change.get("topic") or reading.topic
    sentiment = reading.sentiment if change.get("sentiment") is None else change["sentiment"]
    language = change.get("language") or reading.language
    if intent not in INTENTS:
        raise Invalid(f"`intent` is one of {', '.join(INTENTS)}.", field="intent")
    if topic not in TOPICS:
        raise Invalid(f"`topic` is one of {', '.join(TOPICS)}.", field="topic")
    if sentiment not in (-1, 0, 1):
        raise Invalid("`sentiment` is -1, 0 or 1.", field="sentiment")
    if not (2 <= len(language) <= 8 and language.isascii()) and language != reading.language:
        raise Invalid("`language` is a code such as ko or en.", field="language")
    spam = reading.spam if change.get("spam") is None else float(change["spam"])
    why = reading.spam_why if change.get("spam") is None else ("person",)
    return replace(
        reading, language=language, intent=intent, topic=topic, sentiment=sentiment, confidence=1.0, feeling=1.0,
        spam=spam, spam_why=why,
    )  # fmt: skip


def check_function(function: str) -> str:
    if function not in FUNCTIONS:
        raise Invalid(f"`function` is one of {', '.join(FUNCTIONS)}.", field="function")
    return function


def check_rules(rules: Sequence[Rule]) -> None:
    if not 1 <= len(rules) <= _MOST_RULES:
        raise Invalid(f"There are 1 to {_MOST_RULES} rules.", field="rules")
    for number, rule in enumerate(rules):
        for function in (rule.function, *rule.also):
            check_function(function)
        if not rule.where and not rule.words:
            raise Invalid("A rule needs conditions or words.", field=f"rules[{number}].where")
        if any(not word.strip() for word in rule.words):
            raise Invalid("A word is not empty.", field=f"rules[{number}].words")
        for condition in rule.where:
            if condition.prop not in PROPS:
                raise Invalid(f"`prop` is one of {', '.join(PROPS)}.", field=f"rules[{number}].where")


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _storable(text: str) -> str:
    if text.isascii() and "\x00" not in text:
        return text
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _is_address(url: str) -> bool:
    plain = url.isprintable() and not any(letter in url for letter in ' <>"|')
    return plain and len(url) <= ADDRESS and url.lower().startswith(("https://", "http://"))
