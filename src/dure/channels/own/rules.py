"""Pure decisions about drafts and sidebars."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dure.channels.own.model import BUILT_IN, KeptDraft, Section
from dure.channels.refusals import MessageTooLong
from dure.channels.rules import clean
from dure.kernel.errors import Invalid

_TEXT = 40_000
_MENTIONS = 200
_SECTIONS = 40
_ROOMS = 1_000
_OWN = re.compile(r"own-[a-z0-9-]{1,40}")


def draft_text(text: str) -> str:
    """A draft as it is kept. Raises MessageTooLong."""
    if len(text) > _TEXT:
        raise MessageTooLong(field="text")
    return str(clean(text))


def draft_mentions(pairs: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    """Pairs of what stands in the text and what it means. Raises Invalid."""
    if len(pairs) > _MENTIONS or any(len(pair) != 2 or max(map(len, pair)) > 200 for pair in pairs):
        raise Invalid(f"`mentions` is at most {_MENTIONS} pairs of texts.", field="mentions")
    return tuple((str(clean(shown)), str(clean(meant))) for shown, meant in pairs)


def other_text(before: KeptDraft | None, text: str, base: int, device: str, *, taken: bool) -> str:
    """What was written elsewhere that the writer of `text` has not seen; they knew the draft as of version `base`.

    A device that did not hear that its last writing was kept is not another one.
    """
    if before is None:
        return ""
    kept = [] if taken else [before.other]
    elsewhere = base != before.version and (not device or device != before.device)
    if elsewhere and before.text.strip() not in "\n".join([text, *kept]):
        kept.insert(0, before.text)
    return "\n\n".join(filter(str.strip, kept))[:_TEXT]


def sections(given: Sequence[Section]) -> tuple[Section, ...]:
    """A sidebar's sections as they are kept. Raises Invalid."""
    if len(given) > _SECTIONS:
        raise Invalid(f"A sidebar has at most {_SECTIONS} sections.", field="sections")
    ids = [section.id for section in given]
    if len(set(ids)) < len(ids):
        raise Invalid("Two sections have the same id.", field="sections")
    return tuple(map(_section, given))


def _section(given: Section) -> Section:
    own = _OWN.fullmatch(given.id) is not None
    if not own and given.id not in BUILT_IN:
        raise Invalid(f"`{given.id[:60]}` is not the id of a section.", field="sections")
    name = str(clean(given.name)).strip()
    if own and not 1 <= len(name) <= 80:
        raise Invalid("A section's name has 1 to 80 characters.", field="name")
    if len(given.rooms) > _ROOMS or any(not re.fullmatch(r"[A-Z0-9]{2,40}", room) for room in given.rooms):
        raise Invalid(f"`rooms` is at most {_ROOMS} ids of conversations.", field="rooms")
    return Section(given.id, name if own else "", tuple(dict.fromkeys(given.rooms)), given.folded, given.sort)
