"""From what a connector hands in to mentions: cleaned, known ones dropped, read, folded. Rules and reading
only; what the database knows comes in as arguments."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dure.kernel.ids import uuid7
from dure.social import copies, rules
from dure.social.model import Mention, NewMention, Reading
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


def fresh(given: Sequence[NewMention], known: set[tuple[str, str]]) -> list[NewMention]:
    """Those not stored yet, each once, oldest first."""
    by_key = {(one.network, one.id): one for one in reversed(given) if (one.network, one.id) not in known}
    return sorted(by_key.values(), key=lambda one: (one.posted_at, one.network, one.id))


def read(reader: Reader, workspace: str, given: Sequence[NewMention]) -> list[Read]:
    """Reads and shingles; takes a fraction of a millisecond a mention, so many belong on a thread."""
    readings = reader.read([one.text for one in given])
    found = []
    for one, reading in zip(given, readings, strict=True):
        pieces = copies.shingles(one.text)
        found.append(Read(one, reading, pieces, copies.bands(workspace, pieces)))
    return found


def settle(
    found: Sequence[Read], originals: Originals, now: datetime
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
                state="new", function="", channel="", corrected_by="", version=1, kind=given.kind, title=given.title,
                parent=given.parent, thread=given.thread, rating=given.rating, email=given.email, direct=given.direct,
                edited_at=given.edited_at, feeling=reading.feeling, spam=reading.spam, entities=reading.entities,
                themes=reading.themes,
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
