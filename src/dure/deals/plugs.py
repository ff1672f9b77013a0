"""What others may fill for deals: a CRM elsewhere that the records here are kept the same as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class There:
    """A record as it is elsewhere. `values` are by Salesforce's names of fields, ids as they are there."""

    id: str
    stamp: str
    by: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one record that was sent; `error` is "" where it was taken."""

    id: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """Calls that were made today, and how many there may be; a total of 0 is not known yet."""

    used: int
    total: int


class OutOfBudget(Exception):
    """The day's share of calls is used up; the rest is done another time."""


class Elsewhere(Protocol):
    """A CRM that speaks of records as Salesforce does. Raises `OutOfBudget`, and OSError where it does not answer."""

    @property
    def budget(self) -> Budget: ...

    async def fields(self, object_: str) -> frozenset[str]:
        """Names of the fields that may be written there."""

    async def people(self) -> Mapping[str, str]:
        """Ids of users by e-mail in small letters."""

    async def changed(
        self, object_: str, fields: Sequence[str], since: str, after: tuple[str, str] | None, limit: int
    ) -> list[There]:
        """Records changed since, by stamp and id; `after` is the place of the last one that was read."""

    async def some(self, object_: str, fields: Sequence[str], ids: Sequence[str]) -> list[There]:
        """Records by their ids, at most 200."""

    async def stages(self) -> list[Mapping[str, Any]]:
        """The stages in use there, in order, as OpportunityStage has them."""

    async def deleted(self, object_: str, since: datetime, until: datetime) -> list[str]:
        """Ids of what was deleted in that time."""

    async def upsert(self, object_: str, key: str, records: Sequence[Mapping[str, Any]]) -> list[Done]:
        """At most 200, each known by its `key`; made where there is none."""

    async def update(self, object_: str, records: Sequence[Mapping[str, Any]]) -> list[Done]:
        """At most 200, each with its `id`."""

    async def delete(self, ids: Sequence[str]) -> list[Done]:
        """At most 200; one that is gone already counts as done."""
