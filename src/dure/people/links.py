"""Which ids are one person: pure rules over what was stated, so the order of arrival changes nothing.

- An id that somebody signed in under is a *user*: it is its own person for good, and two users never become one.
- An anonymous id belongs to the user whom the earliest claim names; later claims by others are kept and change nothing.
- Placeholders (`null`, `0`, `undefined`) join nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime

# Ids that programs write when they have none: Mixpanel's list, and Segment's blocked patterns.
_JUNK = frozenset({
    "", "anon", "anonymous", "nil", "none", "null", "n/a", "na", "undefined", "unknown", "<nil>", "true", "false",
    "[]", "{}", "nan", "[object object]", "(null)", "(none)",
})  # fmt: skip
_ZEROS = re.compile(r"[0-]+|-1")


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """A statement that a device's id belongs to a user; ordered by when it was made."""

    at: datetime
    message_id: str
    distinct_id: str
    user_id: str
    source: str = ""


def is_junk(distinct_id: str) -> bool:
    """Whether an id is a placeholder that many people would share."""
    return distinct_id.strip().lower() in _JUNK or _ZEROS.fullmatch(distinct_id) is not None


def sound(claims: Iterable[Claim]) -> list[Claim]:
    """The claims that say something: two different ids, neither of them a placeholder."""
    return [
        claim
        for claim in claims
        if claim.distinct_id != claim.user_id and not is_junk(claim.distinct_id) and not is_junk(claim.user_id)
    ]


def owner(distinct_id: str, users: Set[str], claims: Iterable[Claim]) -> Claim | None:
    """The claim that decides whose an id is, or None where it is its own person.

    `users` are the ids that somebody signed in under, `claims` those made about this id.
    """
    if distinct_id in users:
        return None
    return min(sound(claims), default=None)


def newer(
    known: dict[str, object], changed: dict[str, str], news: dict[str, object], at: str, most: int = 500
) -> tuple[dict[str, object], dict[str, str]]:
    """Traits after news of a moment: each keeps its latest value, null takes one away, at most `most` are kept.

    Times are ISO texts in UTC of one width, so that they compare as texts.
    """
    values, times = dict(known), dict(changed)
    for name, value in news.items():
        if times.get(name, "") > at or (name not in times and len(times) >= most):
            continue
        times[name] = at
        if value is None:
            values.pop(name, None)
        else:
            values[name] = value
    return values, times
