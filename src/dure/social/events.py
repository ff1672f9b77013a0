"""What social writes to the feed. Every event of a mention carries enough to make a card or a metric of it alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dure.feed.api import NOBODY, Event
from dure.governance.api import Principal
from dure.governance.events import act
from dure.social.listening import explain
from dure.social.model import INTENTS, TOPICS, Mention, Rule, Spike
from dure.social.rules import functions_of

MENTION_ARRIVED = "Mention Arrived"
OWN_POST_ARRIVED = "Own Post Arrived"
MENTION_ROUTED = "Mention Routed"
MENTION_CORRECTED = "Mention Corrected"
MENTION_DONE = "Mention Done"
MENTION_REOPENED = "Mention Reopened"
MENTION_EDITED = "Mention Edited"
MENTION_DELETED = "Mention Deleted"
MENTION_ANSWERED = "Mention Answered"
POST_PUBLISHED = "Post Published"
SOURCE_CONNECTED = "Source Connected"
SOURCE_CHANGED = "Source Changed"
SOURCE_FAILED = "Source Failed"
SOURCE_RECOVERED = "Source Recovered"
SOURCE_DISCONNECTED = "Source Disconnected"
MENTIONS_SPIKED = "Mentions Spiked"
MENTIONS_CALMED = "Mentions Calmed"
RULES_CHANGED = "Mention Rules Changed"

_TEXT = 500


def mention_event(
    principal: Principal, name: str, at: datetime, now: datetime, mention: Mention, more: Mapping[str, Any],
    facts: Mapping[str, Any] | None = None,
) -> Event:  # fmt: skip
    """One event about a mention as it is after the act; `at` is when it happened and `now` when it is written. `facts`
    are those of the mention where they are at hand."""
    # What somebody known said stands in their own timeline, and in that of their account.
    return act(
        principal, "social", name, "mention", str(mention.id), {**(facts or facts_of(mention)), **more}, now, at=at,
        account=mention.account, person=mention.person or NOBODY,
    )  # fmt: skip


def spiked(principal: Principal, now: datetime, spike: Spike) -> Event:
    """A spike was noticed. `examples_text` is ready for a card, with everything in it that a client could read as
    markup made plain."""
    facts = {
        **_spike_facts(spike),
        "upper": spike.upper,
        "why": dict(spike.why),
        "why_ko": explain.sentence(spike.why, "ko"),
        "why_en": explain.sentence(spike.why, "en"),
        "examples": [dict(example) for example in spike.examples],
        "examples_text": "\n".join(_line(example) for example in spike.examples),
    }
    return _event(principal, MENTIONS_SPIKED, now, now, "spike", str(spike.id), facts)


def calmed(principal: Principal, now: datetime, spike: Spike) -> Event:
    lasted = round((now - spike.started_at).total_seconds())
    facts = {**_spike_facts(spike), "peak": spike.peak, "seconds": lasted}
    return _event(principal, MENTIONS_CALMED, now, now, "spike", str(spike.id), facts)


def rules_changed(principal: Principal, now: datetime, rules: Sequence[Rule]) -> Event:
    said = [
        {
            "where": [{"prop": one.prop, "op": one.op, "value": one.value} for one in rule.where],
            "function": rule.function,
            "channel": rule.channel,
            "words": list(rule.words),
            "also": list(rule.also),
        }
        for rule in rules
    ]
    return _event(principal, RULES_CHANGED, now, now, "mention_rules", "", {"rules": said})


def told(
    principal: Principal, name: str, now: datetime, kind: str, object_id: str, facts: Mapping[str, Any]
) -> Event:  # fmt: skip
    """What was said through a source, and what became of it."""
    return _event(principal, name, now, now, kind, object_id, dict(facts))


def source_event(principal: Principal, name: str, now: datetime, source: str, facts: Mapping[str, Any]) -> Event:
    """One event about a source; secrets and settings never go into it."""
    return _event(principal, name, now, now, "source", source, {"source": source, **facts})


def facts_of(mention: Mention) -> dict[str, Any]:
    return {
        "mention": str(mention.id),
        "network": mention.network,
        "author": mention.author,
        "handle": mention.handle,
        "text": mention.text[:_TEXT],
        "text_plain": plain(mention.text[:_TEXT]),
        "url": mention.url,
        "reach": mention.reach,
        "language": mention.language,
        "intent": mention.intent,
        "intent_ko": INTENTS[mention.intent]["ko"],
        "intent_en": INTENTS[mention.intent]["en"],
        "topic": mention.topic,
        "topic_ko": TOPICS[mention.topic]["ko"],
        "topic_en": TOPICS[mention.topic]["en"],
        "sentiment": mention.sentiment,
        "confidence": mention.confidence,
        "kind": mention.kind,
        "title": mention.title,
        "rating": mention.rating,
        "direct": mention.direct,
        "own": mention.own,
        "feeling": mention.feeling,
        "spam": mention.spam,
        "spam_why": list(mention.spam_why),
        "entities": list(mention.entities),
        "themes": list(mention.themes),
        "copy": mention.original != mention.id,
        "original": str(mention.original),
        "state": mention.state,
        "function": mention.function,
        "channel": mention.channel,
        "person_id": str(mention.person) if mention.person else "",
        "account_id": mention.account,
        "path": f"/social?mention={mention.id}",
    }


def _spike_facts(spike: Spike) -> dict[str, Any]:
    return {
        "spike": str(spike.id),
        "topic": "" if spike.query else spike.topic,
        "query": str(spike.query) if spike.query else "",
        "feeling": spike.feeling,
        "topic_ko": plain(spike.title["ko"]),
        "topic_en": plain(spike.title["en"]),
        "topic_title": spike.title,
        "seen": spike.seen,
        "expected": round(spike.expected, 2),
        "expected_ko": f"{spike.expected:.0f}명" if spike.expected >= 1 else "1명 미만",
        "expected_en": f"{spike.expected:.0f}" if spike.expected >= 1 else "fewer than 1",
        "since": spike.started_at.isoformat().replace("+00:00", "Z"),
        "functions": ["social"] if spike.query else list(functions_of(spike.topic)),
        "path": f"/listening?query={spike.query}" if spike.query else f"/social?topic={spike.topic}",
    }


def _line(example: Mapping[str, Any]) -> str:
    text = " ".join(str(example["text"]).split())
    shown = text if len(text) <= 180 else text[:179] + "…"
    link = f" {example['url']}" if example["url"] else ""
    return f"• “{plain(shown)}” — {plain(str(example['author']))}, {plain(str(example['network']))}{plain(link)}"


def plain(text: str) -> str:
    """A text in which a client reads no markup."""
    # Slack's three control characters; a post may not mention a channel or hide a link.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _event(
    principal: Principal, name: str, at: datetime, now: datetime, kind: str, object_id: str,
    properties: dict[str, Any],
) -> Event:  # fmt: skip
    return act(principal, "social", name, kind, object_id, properties, now, at=at)
