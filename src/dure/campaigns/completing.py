"""What a message needs to know of people beside who they are: their devices, their account, the event that began
their way. Fetched in sets, and only what the channel or the texts ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from dure.campaigns.design import Messaging, Node
from dure.campaigns.devices.api import Devices
from dure.campaigns.journeys import began
from dure.campaigns.model import Recipient
from dure.campaigns.plugs import Directory
from dure.campaigns.writing.naming import names
from dure.kernel.tenant import Tenant
from dure.state import Tx

Way = tuple[UUID, datetime]
"""A way's id, and when it was entered."""


class Completing:
    def __init__(self, devices: Devices, directory: Directory) -> None:
        self._devices = devices
        self._directory = directory

    async def complete(
        self, tx: Tx, tenant: Tenant, node: Node | None, to: Sequence[Recipient], ways: Sequence[Way]
    ) -> list[Recipient]:  # fmt: skip
        """The recipients in the same order, with all that `node` may need; `ways` are theirs, one by one."""
        found = list(to)
        if node is None or not found:
            return found
        if isinstance(node, Messaging) and node.channel in ("web_push", "push"):
            found = await self._devices.with_devices(tx, tenant, found)
        if names(node, "account"):
            accounts = await self._directory.accounts(tx, tenant, {one.account for one in found if one.account})
            found = [
                replace(one, about={**one.about, "account": {"id": one.account, **accounts.get(one.account, {})}})
                if one.account else one
                for one in found
            ]  # fmt: skip
        if names(node, "event"):
            events = await began.of(tx, tenant.workspace, {way for way, _ in ways})
            found = [
                replace(one, about={**one.about, "event": events.get(way, {})})
                for one, (way, _) in zip(found, ways, strict=True)
            ]
        if names(node, "journey"):
            found = [
                replace(one, about={**one.about, "journey": {"id": str(way), "entered_at": at}})
                for one, (way, at) in zip(found, ways, strict=True)
            ]
        return found
