"""What one person's row says when news, links and partings come: pure changes of `store.Profile` values.

A person's traits are those said of any of their ids. What was said of an id alone is kept beside them, so that an id
which is parted from somebody takes along exactly what came by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.people.store import Profile
from dure.people.traits import Told, combine

# The account somebody belongs to is kept like a trait, so that it too has a time and a history.
ACCOUNT = "$account"


def hear(row: Profile, news: Mapping[str, Any], said: Mapping[str, str], at: datetime) -> Told:
    """News of this very id; `said` is when each value was said."""
    told = combine(_values(row), row.changed, news, said)
    _put(row, told)
    row.first_seen, row.changed_at = min(row.first_seen, at), max(row.changed_at, at)
    if row.own is not None:
        own = combine(row.own["values"], row.own["changed"], news, said)
        first = min(datetime.fromisoformat(row.own["first_seen"]), at)
        row.own = {"values": own.values, "changed": own.times, "first_seen": first.isoformat()}
    return told


def hear_of(row: Profile, news: Mapping[str, Any], said: Mapping[str, str], at: datetime) -> Told:
    """News of another id of this person's."""
    _keep_own(row)
    told = combine(_values(row), row.changed, news, said)
    _put(row, told)
    row.first_seen, row.changed_at = min(row.first_seen, at), max(row.changed_at, at)
    return told


def take_in(row: Profile, other: Profile) -> None:
    """What is known of an id that joined this person is known of the person, where nothing newer is."""
    hear_of(row, _values(other), other.changed, other.first_seen)


def become_part(row: Profile, person: UUID) -> None:
    """The row of an id that is somebody else's now says only what was said of that id."""
    _back_to_own(row)
    row.merged_into = person


def stand_alone(row: Profile, others: Iterable[Profile]) -> None:
    """A person anew, of their own row and of those of the ids that are still theirs."""
    _back_to_own(row)
    row.merged_into = None
    for other in others:
        take_in(row, other)


def _keep_own(row: Profile) -> None:
    if row.own is None:
        row.own = {"values": _values(row), "changed": dict(row.changed), "first_seen": row.first_seen.isoformat()}


def _back_to_own(row: Profile) -> None:
    if row.own is None:
        return
    _put(row, Told(dict(row.own["values"]), dict(row.own["changed"])))
    row.first_seen = datetime.fromisoformat(row.own["first_seen"])
    row.own = None


def _values(row: Profile) -> dict[str, Any]:
    return {**row.traits, ACCOUNT: row.account} if row.account else dict(row.traits)


def _put(row: Profile, told: Told) -> None:
    row.traits = {name: value for name, value in told.values.items() if name != ACCOUNT}
    row.account, row.changed = str(told.values.get(ACCOUNT) or ""), told.times
