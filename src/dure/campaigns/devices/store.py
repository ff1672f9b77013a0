"""Devices in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.campaigns.carriers.model import Target
from dure.campaigns.devices.model import NewDevice
from dure.campaigns.model import Device
from dure.state import Tx


async def known(tx: Tx, workspace: str, kind: str, token: str) -> dict[str, Any] | None:
    """Held until the transaction ends."""
    return await tx.row(
        "select * from campaigns.device where workspace = %s and kind = %s and token = %s for update",
        (workspace, kind, token),
    )


async def put(
    tx: Tx, workspace: str, id: UUID, person: UUID, distinct_id: str, device: NewDevice, now: datetime
) -> UUID:
    """A device has one owner: who registers it next takes it over. Returns its id."""
    row = await tx.row(
        "insert into campaigns.device (workspace, id, person, distinct_id, kind, token, p256dh, auth, label, added_at,"
        " seen_at) values (%(workspace)s, %(id)s, %(person)s, %(distinct_id)s, %(kind)s, %(token)s, %(p256dh)s,"
        " %(auth)s, %(label)s, %(now)s, %(now)s) on conflict (workspace, kind, token) do update set"
        " person = excluded.person, distinct_id = excluded.distinct_id, p256dh = excluded.p256dh,"
        " auth = excluded.auth, label = excluded.label, seen_at = excluded.seen_at returning id",
        {"workspace": workspace, "id": id, "person": person, "distinct_id": distinct_id, "kind": device.kind,
         "token": device.token, "p256dh": device.p256dh or None, "auth": device.auth or None, "label": device.label,
         "now": now},
    )  # fmt: skip
    return row["id"] if row else id


async def drop_oldest(tx: Tx, workspace: str, person: UUID, most: int) -> None:
    await tx.run(
        "delete from campaigns.device where workspace = %(workspace)s and id in (select id from campaigns.device"
        " where workspace = %(workspace)s and person = %(person)s order by seen_at desc, id offset %(most)s)",
        {"workspace": workspace, "person": person, "most": most},
    )


async def of(tx: Tx, workspace: str, people: Collection[UUID]) -> dict[UUID, list[tuple[datetime, Device]]]:
    """By the person who registered them, the one seen last first."""
    rows = await tx.rows(
        "select person, id, kind, seen_at from campaigns.device where workspace = %s and person = any(%s)"
        " order by seen_at desc, id", (workspace, list(people)),
    )  # fmt: skip
    found: dict[UUID, list[tuple[datetime, Device]]] = defaultdict(list)
    for row in rows:
        found[row["person"]].append((row["seen_at"], Device(row["id"], row["kind"])))
    return found


async def shown(tx: Tx, workspace: str, people: Collection[UUID]) -> list[dict[str, Any]]:
    return await tx.rows(
        "select id, kind, label, distinct_id, added_at, seen_at from campaigns.device"
        " where workspace = %s and person = any(%s) order by seen_at desc, id", (workspace, list(people)),
    )  # fmt: skip


async def targets(tx: Tx, workspace: str, ids: Sequence[UUID]) -> list[Target]:
    """In the order asked."""
    rows = await tx.rows(
        "select id, kind, token, p256dh, auth from campaigns.device where workspace = %s and id = any(%s)",
        (workspace, list(ids)),
    )
    found = {
        row["id"]: Target(row["id"], row["kind"], row["token"], bytes(row["p256dh"] or b""), bytes(row["auth"] or b""))
        for row in rows
    }
    return [found[one] for one in ids if one in found]


async def remove(tx: Tx, workspace: str, id: UUID) -> dict[str, Any] | None:
    """Whose it was; None where it was nobody's."""
    return await tx.row(
        "delete from campaigns.device where workspace = %s and id = %s returning person, distinct_id, kind",
        (workspace, id),
    )
