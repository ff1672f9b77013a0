"""Short ways to put events into a log, as a door or the feed would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.feed.api import Event, lines_of
from dure.kernel.ids import person_id, uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log


def happened(
    tenant: Tenant, who: str, event: str, time: datetime, properties: dict[str, Any] | None = None, source: str = "web"
) -> Event:
    return Event(
        org=tenant.org, workspace=tenant.workspace, event=event, time=time, received_at=time,
        message_id=str(uuid7()), source=source, person=person(tenant, who), distinct_id=who,
        properties=properties or {},
    )  # fmt: skip


def person(tenant: Tenant, who: str) -> UUID:
    return person_id(tenant.workspace, who)


def merged(tenant: Tenant, old: str, now: str, time: datetime, version: int = 1) -> Event:
    """`old` turned out to be `now`, as people writes it."""
    ids = {"from_person": str(person(tenant, old)), "to_person": str(person(tenant, now)), "version": version}
    return happened(tenant, now, "Person Linked", time, ids, "people")


async def write(log: Log, events: Iterable[Event]) -> None:
    await log.insert(str(uuid7()), lines_of(events))
