"""Persons, their ids, and what is stated about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.people.links import Claim


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody. `distinct_ids` are all ids that are this person now, the best known first; times are UTC.

    `last_seen` is the time of the latest event, None where the log was not asked or has none.
    """

    id: UUID
    distinct_ids: tuple[str, ...]
    traits: dict[str, Any]
    account: str = ""
    first_seen: datetime | None = None
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an id is of a person: the statement that decided, and the ones about it that did not."""

    distinct_id: str
    is_user: bool
    decided_by: Claim | None
    overruled: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """An event in a person's timeline."""

    time: datetime
    event: str
    source: str
    distinct_id: str
    object_type: str
    object: str
    actor: str
    message_id: str
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """Traits that somebody (or an account) was said to have at a moment. `account` "" says nothing about it."""

    distinct_id: str
    traits: dict[str, Any]
    at: datetime
    account: str = ""


@dataclass(slots=True)
class Facts:
    """What a batch of events states about one workspace's people."""

    users: dict[str, datetime] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    people: list[News] = field(default_factory=list)
    accounts: list[News] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody from a history: for loading many at once. `links` are (anonymous id, when it became theirs)."""

    distinct_id: str
    traits: dict[str, Any]
    at: datetime
    links: tuple[tuple[str, datetime], ...] = ()
    account: str = ""
