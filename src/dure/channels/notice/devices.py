"""The browsers that are told by push, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dure.channels.notice.model import Device
from dure.state import Tx


async def put(tx: Tx, device: Device) -> None:
    """A browser has one subscription: who signs in there next takes it over."""
    await tx.run(
        "insert into channels.push_device (id, workspace, account, endpoint, p256dh, auth, label, added_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (endpoint) do update set workspace = excluded.workspace,"
        " account = excluded.account, p256dh = excluded.p256dh, auth = excluded.auth, label = excluded.label",
        (device.id, device.workspace, device.account, device.endpoint, device.p256dh, device.auth, device.label,
         device.added_at),
    )  # fmt: skip


async def of(tx: Tx, accounts: Sequence[str]) -> list[Device]:
    rows = await tx.rows(
        "select * from channels.push_device where account = any(%s) order by added_at, id", (list(accounts),)
    )
    return [_device(row) for row in rows]


async def remove(tx: Tx, account: str, device: UUID) -> bool:
    return bool(await tx.run("delete from channels.push_device where account = %s and id = %s", (account, device)))


async def remove_of(tx: Tx, account: str) -> None:
    await tx.run("delete from channels.push_device where account = %s", (account,))


def _device(row: dict[str, Any]) -> Device:
    return Device(
        row["id"], row["workspace"], row["account"], row["endpoint"], bytes(row["p256dh"]), bytes(row["auth"]),
        row["label"], row["added_at"],
    )  # fmt: skip
