"""From what a connector hands in to mentions: cleaned, known ones dropped, read, folded. Rules and reading
only; what the database knows comes in as arguments."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dure.kernel.ids import uuid7
from dure.social import copies
from dure.social.model import Bearer, Mention, NewMention, Reading
from dure.social.own import Own
from dure.social.plugs import Reader
from dure.social.recent import REMEMBERED

_NOTHING = Own()


@dataclass(frozen=True, slots=True)
class Read:
    """A cleaned mention with what can be known of it without the database."""

    given: NewMention
    reading: Reading
    shingles: frozenset[str]
    signature: NDArray[np.uint16]


@dataclass(slots=True)
class Originals:
    """What the posts of a call may be near copies of: stored originals, and each other. `alike` and `among` say by a
    post's number in the call which ids, and which posts before it, have a signature like its own."""

    alike: Mapping[int, Sequence[uuid.UUID]] = field(default_factory=dict)
    among: Mapping[int, Sequence[int]] = field(default_factory=dict)
    corrected: dict[uuid.UUID, Reading] = field(default_factory=dict)
    _stored: dict[uuid.UUID, tuple[frozenset[str], datetime]] = field(default_factory=dict)

    def add_stored(self, row: Mapping[str, Any]) -> None:
        """Adds a row of `store.originals`; what a person corrected is passed on to the copies."""
        self._stored[row["id"]] = (copies.shingles(row["text"]), row["posted_at"])
        if row["corrected_by"]:
            self.corrected[row["id"]] = Reading(row["language"], row["intent"], row["topic"], row["sentiment"], 1.0)

    def original_of(
        self, number: int, posted: datetime, shingles: frozenset[str],
        made: Mapping[int, tuple[uuid.UUID, frozenset[str], datetime]],
    ) -> uuid.UUID | None:  # fmt: skip
        """What a post of that time copies; only what was posted within `REMEMBERED` of it counts. `made` are those of
        the call that are originals."""
        stored = ((one, *self._stored[one]) for one in self.alike.get(number, ()) if one in self._stored)
        for candidate, others, at in (*stored, *(made[one] for one in self.among.get(number, ()) if one in made)):
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


def read(reader: Reader, given: Sequence[NewMention]) -> list[Read]:
    """Reads and shingles; takes a fraction of a millisecond a mention, so many belong on a thread."""
    readings = reader.read([one.text for one in given])
    pieces = [copies.shingles(one.text) for one in given]
    return [Read(*one) for one in zip(given, readings, pieces, copies.signatures(pieces), strict=True)]


def settle(
    found: Sequence[Read], originals: Originals, now: datetime, source: uuid.UUID | None = None, company: Own = _NOTHING
) -> tuple[list[Mention], dict[uuid.UUID, int]]:
    """Mentions to store, not routed yet, in the order of `found`, and how many new copies stored ones got. What the
    company wrote itself is done with as it comes; it copies nothing, and who says the same says it themselves."""
    made: dict[uuid.UUID, Mention] = {}
    firsts: dict[int, tuple[uuid.UUID, frozenset[str], datetime]] = {}
    more: Counter[uuid.UUID] = Counter()
    for number, one in enumerate(found):
        mention_id, posted = uuid7(), one.given.posted_at or now
        ours = company.wrote(one.given, one.given.id, source)
        original = None if ours else originals.original_of(number, posted, one.shingles, firsts)
        reading = originals.corrected.get(original, one.reading) if original else one.reading
        if not reading.language:
            reading = replace(reading, language=one.given.language)
        given = one.given
        made[mention_id] = Mention(
            id=mention_id, network=given.network, external=given.id, author=given.author, handle=given.handle,
            text=given.text, url=given.url, reach=given.reach, posted_at=posted, arrived_at=now,
            language=reading.language, intent=reading.intent, topic=reading.topic, sentiment=reading.sentiment,
            confidence=reading.confidence, original=original or mention_id, copies=0,
            state="done" if ours else "new", function="", channel="", corrected_by="", version=1, source=source,
            kind=given.kind, title=given.title,
            parent=given.parent, thread=given.thread, rating=given.rating, email=given.email, direct=given.direct,
            edited_at=given.edited_at, feeling=reading.feeling, spam=reading.spam, entities=reading.entities,
            themes=reading.themes, spam_why=reading.spam_why, own=ours,
        )  # fmt: skip
        if ours:
            continue
        if original is None:
            firsts[number] = (mention_id, one.shingles, posted)
        else:
            more[original] += 1
    # Copies of what came in the same call are counted before it is stored.
    for original in [original for original in more if original in made]:
        made[original] = replace(made[original], copies=more.pop(original))
    return list(made.values()), dict(more)
