"""What a charter may say, and what changed from one version to the next."""

from __future__ import annotations

from collections.abc import Collection

from dure.channels.charters.model import LONGEST, LONGEST_REASON, MOST_PEOPLE, MOST_PLACES, Belonging, Elsewhere, Text
from dure.channels.rules import clean
from dure.governance.model import FUNCTIONS
from dure.kernel.errors import Invalid, TooLarge


def checked(text: Text) -> Text:
    """The text as it is kept. Raises Invalid and TooLarge with the field that is wrong."""
    purpose = str(clean(text.purpose)).strip()
    if not purpose:
        raise Invalid("Say what the channel is for.", field="purpose")
    if len(purpose) > LONGEST:
        raise TooLarge(f"A purpose has at most {LONGEST:,} characters.", field="purpose")
    if text.team and text.team not in FUNCTIONS:
        raise Invalid(f"`team` is one of {', '.join(FUNCTIONS)}, or empty for everybody.", field="team")
    if text.minutes is not None and not 1 <= text.minutes <= 60 * 24 * 30:
        raise Invalid("`minutes` is 1 to 43200, or null.", field="minutes")
    return Text(purpose, _people(text.belongs), _places(text.places), text.team, text.minutes)


def changed(before: Text | None, after: Text) -> list[str]:
    """The names of the parts that are not as they were."""
    names = ("purpose", "belongs", "places", "team", "minutes")
    if before is None:
        return [name for name in names if getattr(after, name) not in ((), "", None)]
    return [name for name in names if getattr(after, name) != getattr(before, name)]


def without_strangers(text: Text, known: Collection[str]) -> list[str]:
    """Those who are named in a charter and are nobody who may be in the channel."""
    return [one.user for one in text.belongs if one.user not in known]


def _people(given: tuple[Belonging, ...]) -> tuple[Belonging, ...]:
    if len(given) > MOST_PEOPLE:
        raise TooLarge(f"A charter names at most {MOST_PEOPLE} people.", field="belongs")
    found: dict[str, Belonging] = {}
    for number, one in enumerate(given):
        reason = " ".join(str(clean(one.reason)).split())
        if not reason:
            raise Invalid("Say why they belong here.", field=f"belongs[{number}].reason")
        if len(reason) > LONGEST_REASON:
            raise TooLarge(f"A reason has at most {LONGEST_REASON} characters.", field=f"belongs[{number}].reason")
        if one.user in found:
            raise Invalid("Somebody is named twice.", field=f"belongs[{number}].user")
        found[one.user] = Belonging(str(clean(one.user)), reason)
    return tuple(found.values())


def _places(given: tuple[Elsewhere, ...]) -> tuple[Elsewhere, ...]:
    if len(given) > MOST_PLACES:
        raise TooLarge(f"A charter names at most {MOST_PLACES} places.", field="places")
    places = []
    for number, one in enumerate(given):
        what = " ".join(str(clean(one.what)).split())
        if not what or len(what) > LONGEST_REASON:
            raise Invalid(f"What goes there has 1 to {LONGEST_REASON} characters.", field=f"places[{number}].what")
        places.append(Elsewhere(what, str(clean(one.channel))))
    return tuple(places)
