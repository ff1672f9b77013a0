"""From what a connector hands in to mentions: cleaned, known ones dropped, read, folded. Rules and reading
only; what the database knows comes in as arguments."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dure.kernel.ids import uuid7
from dure.social import copies, rules
from dure.social.model import Bearer, Mention, NewMention, Reading
from dure.social.plugs import Reader

REMEMBERED = timedelta(days=3)  # how long a post can find copies


@dataclass(frozen=True, slots=True)
class Read:
    """A cleaned mention with what can be known of it without the database."""

    given: NewMention
    reading: Reading
    shingles: frozenset[str]
    bands: list[int]


@dataclass(slots=True)
class Originals:
    """What a new post may be a near copy of: an index by band that grows as posts are added."""

    _by_band: dict[int, list[uuid.UUID]] = field(default_factory=dict)
    _known: dict[uuid.UUID, tuple[frozenset[str], datetime]] = field(default_factory=dict)
    corrected: dict[uuid.UUID, Reading] = field(default_factory=dict)

    def add(self, mention_id: uuid.UUID, posted: datetime, shingles: frozenset[str], bands: Iterable[int]) -> None:
        self._known[mention_id] = (shingles, posted)
        for band in bands:
            self._by_band.setdefault(band, []).append(mention_id)

    def add_stored(self, row: Mapping[str, Any]) -> None:
        """Adds a row of `store.candidates`; what a person corrected is passed on to the copies."""
        self.add(row["id"], row["posted_at"], copies.shingles(row["text"]), row["bands"])
        if row["corrected_by"]:
            self.corrected[row["id"]] = Reading(row["language"], row["intent"], row["topic"], row["sentiment"], 1.0)

    def original_of(self, posted: datetime, shingles: frozenset[str], bands: Iterable[int]) -> uuid.UUID | None:
        """What a post of that time copies; only what was posted within `REMEMBERED` of it counts."""
        seen: set[uuid.UUID] = set()
        for band in bands:
            for candidate in self._by_band.get(band, ()):
                if candidate not in seen:
                    seen.add(candidate)
                    others, at = self._known[candidate]
                    if abs(posted - at) <= REMEMBERED and copies.are_copies(shingles, others):
                        return candidate
        return None


def latest(given: Sequence[NewMention], gone: Collection[tuple[str, str]]) -> list[NewMention]:
    """Each mention once, as it was last edited, oldest first; without those that were taken back already."""
    by_key: dict[tuple[str, str], NewMention] = {}
    for one in given:
        key = (one.network, one.id)
        before = by_key.get(key)
        if key not in gone and (before is None or (one.edited_at and _later(one.edited_at, before.edited_at))):
            by_key[key] = one
    return sorted(by_key.values(), key=lambda one: (one.posted_at, one.network, one.id))


def telling(
    given: Sequence[NewMention], stored: Mapping[tuple[str, str], Mapping[str, Any]], bearer: Bearer
) -> list[NewMention]:
    """Those that are new or were edited."""
    return [
        one for one in given
        if (before := stored.get((one.network, one.id))) is None or is_edit(one, before, bearer)
    ]  # fmt: skip


def is_edit(one: NewMention, stored: Mapping[str, Any], bearer: Bearer) -> bool:
    """Whether what came again says something else now. What was taken back stays so."""
    if stored["deleted_at"] or all(getattr(one, name) == stored[name] for name in ("text", "title", "rating")):
        return False
    if one.edited_at:
        return _later(one.edited_at, stored["edited_at"] or stored["posted_at"])
    return bearer.edits


def edited(stored: Mention, one: Read, now: datetime) -> Mention:
    """The mention as it reads now. What a person set right and where it was sent stay."""
    given, reading = one.given, one.reading
    kept = replace(
        stored, text=given.text, title=given.title, url=given.url or stored.url, rating=given.rating,
        author=given.author or stored.author, handle=given.handle or stored.handle, reach=given.reach or stored.reach,
        edited_at=given.edited_at or now, version=stored.version + 1, entities=reading.entities,
        themes=reading.themes, spam=reading.spam, spam_why=reading.spam_why,
    )  # fmt: skip
    if stored.corrected_by:
        return kept
    return replace(
        kept, language=reading.language or given.language, intent=reading.intent, topic=reading.topic,
        sentiment=reading.sentiment, confidence=reading.confidence, feeling=reading.feeling,
    )  # fmt: skip


def _later(one: datetime, other: datetime | None) -> bool:
    return other is None or one > other


def read(reader: Reader, workspace: str, given: Sequence[NewMention]) -> list[Read]:
    """Reads and shingles; takes a fraction of a millisecond a mention, so many belong on a thread."""
    readings = reader.read([one.text for one in given])
    pieces = [copies.shingles(one.text) for one in given]
    bands = copies.bands_of_many(workspace, pieces)
    return [Read(*one) for one in zip(given, readings, pieces, bands, strict=True)]


def settle(
    found: Sequence[Read], originals: Originals, now: datetime, source: uuid.UUID | None = None
) -> tuple[list[tuple[Mention, str, list[int]]], dict[uuid.UUID, int]]:
    """Mentions to store, not routed yet, each with its voice and bands, and how many new copies stored ones got."""
    made: dict[uuid.UUID, tuple[Mention, str, list[int]]] = {}
    more: Counter[uuid.UUID] = Counter()
    for one in found:
        mention_id, posted = uuid7(), one.given.posted_at or now
        original = originals.original_of(posted, one.shingles, one.bands)
        reading = originals.corrected.get(original, one.reading) if original else one.reading
        if not reading.language:
            reading = replace(reading, language=one.given.language)
        given = one.given
        made[mention_id] = (
            Mention(
                id=mention_id, network=given.network, external=given.id, author=given.author, handle=given.handle,
                text=given.text, url=given.url, reach=given.reach, posted_at=posted, arrived_at=now,
                language=reading.language, intent=reading.intent, topic=reading.topic, sentiment=reading.sentiment,
                confidence=reading.confidence, original=original or mention_id, copies=0,
                state="new", function="", channel="", corrected_by="", version=1, source=source,
                kind=given.kind, title=given.title,
                parent=given.parent, thread=given.thread, rating=given.rating, email=given.email, direct=given.direct,
                edited_at=given.edited_at, feeling=reading.feeling, spam=reading.spam, entities=reading.entities,
                themes=reading.themes, spam_why=reading.spam_why,
            ),
            rules.voice_of(given),
            one.bands,
        )  # fmt: skip
        if original is None:
            originals.add(mention_id, posted, one.shingles, one.bands)
        else:
            more[original] += 1
    # Copies of what came in the same call are counted before it is stored.
    for original in [original for original in more if original in made]:
        mention, voice, bands = made[original]
        made[original] = (replace(mention, copies=more.pop(original)), voice, bands)
    return list(made.values()), dict(more)
