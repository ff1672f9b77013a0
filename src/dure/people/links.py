"""Which ids are one person: pure rules over what was stated, so the order of arrival changes nothing.

- An id that somebody signed in under is a *user*: it is its own person, and no event makes two users one.
- An anonymous id belongs to the user whom the earliest claim names; later claims by others are kept and change nothing.
- Placeholders (`null`, `0`, `undefined`) join nobody.
- What a person decided by hand stands above every claim: a split id stays alone, a joined one joined. That two users
  are one has to be said in so many words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

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
    event: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided by hand about an id, and whether it was taken back.

    `user_id` is whom it was split from or joined to; `two_users` says that joining two users was meant.
    """

    id: UUID
    distinct_id: str
    user_id: str
    kind: Literal["split", "join"]
    two_users: bool
    at: datetime
    actor: str
    reason: str
    undone_at: datetime | None = None
    undone_by: str = ""


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


def owner(
    distinct_id: str, users: Set[str], claims: Iterable[Claim], decision: Decision | None = None
) -> Claim | Decision | None:
    """What decides whose an id is, or None where it is its own person.

    `users` are the ids that somebody signed in under, `claims` those made about this id, `decision` the newest that
    stands. A device joined by hand that proves to be a user's is its own again: two users were not meant.
    """
    is_user = distinct_id in users
    if decision is not None:
        joins = decision.kind == "join" and (decision.two_users or not is_user)
        return decision if joins else None
    return None if is_user else min(sound(claims), default=None)


def root(user_id: str, decisions: Mapping[str, Decision]) -> str:
    """Whose somebody is in the end, where users were joined by hand; `decisions` are those that stand, by id."""
    passed = {user_id}
    while (decision := decisions.get(user_id)) is not None and decision.kind == "join" and decision.two_users:
        user_id = decision.user_id
        if user_id in passed:
            return min(passed)  # a ring is refused when it is made; should one be there, all agree on one id
        passed.add(user_id)
    return user_id
