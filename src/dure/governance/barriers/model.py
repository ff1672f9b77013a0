"""A barrier as a frozen value, and which pairs of people it keeps apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Subject = Literal["im", "mpim", "call", "room"]

# Slack has all three or nothing; sitting in one private channel is asked for beside them.
SUBJECTS = ("im", "mpim", "call")


@dataclass(frozen=True, slots=True)
class Barrier:
    """People of `primary` and people of any of `groups` are kept apart; `rooms`: in private channels, too."""

    id: str
    org: str
    primary: str
    groups: tuple[str, ...]
    subjects: tuple[str, ...]
    rooms: bool
    made_by: str
    made_at: datetime
    changed_at: datetime

    def rules(self, subject: Subject) -> bool:
        return self.rooms if subject == "room" else subject in self.subjects


@dataclass(frozen=True, slots=True)
class GroupName:
    """A group that a barrier can name, and how many people are in it."""

    id: str
    name: str
    people: int


def pairs(barrier: Barrier, people: Mapping[str, Set[str]], among: Collection[str]) -> list[tuple[str, str]]:
    """The pairs among some people whom a barrier keeps apart, in order. Who is in both groups is not kept from
    themselves, but from everybody else of the other."""
    here = set(among)
    one = people.get(barrier.primary, frozenset()) & here
    other: set[str] = set().union(*(people.get(group, frozenset()) & here for group in barrier.groups))
    return sorted({(min(a, b), max(a, b)) for a in one for b in other if a != b})


def barred(barrier: Barrier, people: Mapping[str, Set[str]], person: str) -> set[str]:
    """From whom a barrier keeps somebody."""
    found: set[str] = set()
    primary = people.get(barrier.primary, frozenset())
    others: set[str] = set().union(*(people.get(group, frozenset()) for group in barrier.groups))
    if person in primary:
        found |= others
    if person in others:
        found |= primary
    return found - {person}
