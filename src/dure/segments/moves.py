"""Who came into a segment and who went, as the log has it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.conditions_sql import text_of
from dure.segments.moves_sql import BY_DAY, NEWEST, SEEN

_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody entered, or left. `place` is where the list goes on after it."""

    person: UUID
    entered: bool
    at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class Day:
    """How many entered and left on a day of the workspace's zone."""

    day: date
    entered: int
    left: int


@dataclass(frozen=True)
class Moves:
    log: Log

    async def newest(self, tenant: Tenant, segment: str, before: str, limit: int) -> list[Move]:
        at, message = _LATEST, ""
        if before:
            said, _, message = before.partition("/")
            try:
                at = datetime.fromisoformat(said)
            except ValueError as error:
                raise Invalid(f"{before!r} is no place in this list.", field="before") from error
        bound = {"segment": segment, "time": text_of(at), "message": message, "limit": limit}
        rows = (await self.log.query(tenant, NEWEST, bound)).rows
        found = []
        for entered, person, time, message in rows:
            known = time.replace(tzinfo=UTC) if time.tzinfo is None else time
            found.append(Move(person, bool(entered), known, f"{known.isoformat()}/{message}"))
        return found

    async def by_day(self, tenant: Tenant, segment: str, zone: str, since: datetime) -> list[Day]:
        bound = {"segment": segment, "zone": zone, "since": text_of(since)}
        found = {row[0]: Day(*row) for row in (await self.log.query(tenant, BY_DAY, bound)).rows}
        if not found:
            return []
        first, last = min(found), max(found)
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [found.get(day, Day(day, 0, 0)) for day in days]

    async def seen(self, tenant: Tenant, people: Collection[UUID]) -> set[UUID]:
        """Those of these ids that ever did anything."""
        if not people:
            return set()
        rows = await self.log.query(tenant, SEEN, {"people": sorted(map(str, people))})
        return {row[0] for row in rows.rows}
