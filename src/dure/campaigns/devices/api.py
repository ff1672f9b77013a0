"""Devices' entrance: registered by the site or the app, let go when their service says that they are no more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from dure.campaigns import events
from dure.campaigns.carriers.model import Target
from dure.campaigns.devices import store
from dure.campaigns.devices.model import MOST, NewDevice, Registered
from dure.campaigns.model import Device, Recipient
from dure.campaigns.plugs import Directory
from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotFound
from dure.kernel.ids import person_id, uuid7
from dure.kernel.tenant import Tenant
from dure.state import State, Tx

_SEEN_EVERY = timedelta(hours=12)
"""An app registers at every start; when it was seen is kept as exactly as this."""


class Devices:
    def __init__(self, state: State, clock: Clock, governance: Governance, directory: Directory) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance
        self._directory = directory

    async def register(self, tenant: Tenant, distinct_id: str, device: NewDevice) -> UUID:
        """Whoever brings a write key registers a device for a distinct id; its id. The same again changes nothing."""
        async with self._state.begin(tenant) as tx:
            return await self._register(tx, tenant, distinct_id, device)

    async def forget(self, tenant: Tenant, distinct_id: str, token: str) -> bool:
        """The device asks for no more pushes; False where it was not registered for this id."""
        person = person_id(tenant.workspace, known_as(distinct_id))
        async with self._state.begin(tenant) as tx:
            for kind in ("web", "fcm", "apns"):
                row = await store.known(tx, tenant.workspace, kind, token)
                if row is not None and row["person"] == person:
                    return await self._remove(tx, tenant, row["id"], "asked")
        return False

    async def gone(self, tenant: Tenant, id: UUID) -> None:
        """Its service says that it is no more."""
        async with self._state.begin(tenant) as tx:
            await self._remove(tx, tenant, id, "gone")

    async def of_person(self, principal: Principal, person: UUID) -> list[Registered]:
        """Somebody's devices, the one seen last first."""
        access(principal, "campaigns:read")
        async with self._state.begin(principal.tenant) as tx:
            known = (await self._directory.known(tx, principal.tenant, [person])).get(person)
            ids = person_ids(principal.tenant, known.id, known.distinct_ids) if known else {person}
            rows = await store.shown(tx, principal.tenant.workspace, ids)
        return [Registered(**row) for row in rows]

    async def register_for(self, principal: Principal, person: UUID, device: NewDevice) -> UUID:
        """Staff, or a company's own server, registers a device of somebody known."""
        access(principal, "campaigns:write")
        async with self._state.begin(principal.tenant) as tx:
            known = (await self._directory.known(tx, principal.tenant, [person])).get(person)
            if known is None or not known.distinct_ids:
                raise NotFound("Nothing is known of this person.", field="person")
            # In the same transaction: somebody who is erased meanwhile has no device afterwards.
            return await self._register(tx, principal.tenant, known.distinct_ids[0], device)

    async def remove(self, principal: Principal, id: UUID) -> None:
        access(principal, "campaigns:write")
        async with self._state.begin(principal.tenant) as tx:
            if not await self._remove(tx, principal.tenant, id, "staff", principal):
                raise NotFound("There is no such device.", field="device")

    # -- for the carriers -------------------------------------------------------------------------------------------

    async def with_devices(self, tx: Tx, tenant: Tenant, to: Sequence[Recipient]) -> list[Recipient]:
        """Recipients with their devices, also those of ids that were merged into them; one statement for all."""
        owners = {own: one.person for one in to for own in person_ids(tenant, one.person, one.ids)}
        found = await store.of(tx, tenant.workspace, owners.keys())
        devices: dict[UUID, list[tuple[datetime, Device]]] = {}
        for own, of_own in found.items():
            devices.setdefault(owners[own], []).extend(of_own)
        return [
            replace(one, devices=tuple(device for _, device in sorted(devices[one.person], key=_newest)))
            if one.person in devices else one
            for one in to
        ]  # fmt: skip

    async def targets(self, tenant: Tenant, ids: Collection[UUID]) -> list[Target]:
        """What pushes need of devices; those that are gone meanwhile are missing."""
        async with self._state.begin(tenant) as tx:
            return await store.targets(tx, tenant.workspace, list(ids))

    async def _register(self, tx: Tx, tenant: Tenant, distinct_id: str, device: NewDevice) -> UUID:
        workspace, now = tenant.workspace, self._clock.now()
        person = person_id(workspace, known_as(distinct_id))
        before = await store.known(tx, workspace, device.kind, device.token)
        mine = before is not None and before["person"] == person
        if before is not None and mine and now - before["seen_at"] < _SEEN_EVERY and _same(before, device):
            return UUID(str(before["id"]))
        made = await store.put(tx, workspace, uuid7(), person, distinct_id, device, now)
        if not mine:
            await store.drop_oldest(tx, workspace, person, MOST)
        told = {"kind": device.kind, "again": mine}
        await append(tx, self._event(tenant, events.DEVICE_REGISTERED, made, told, person, distinct_id))
        return made

    async def _remove(
        self, tx: Tx, tenant: Tenant, id: UUID, why: str, principal: Principal | None = None
    ) -> bool:  # fmt: skip
        row = await store.remove(tx, tenant.workspace, id)
        if row is None:
            return False
        told = {"kind": row["kind"], "why": why}
        event = self._event(tenant, events.DEVICE_REMOVED, id, told, row["person"], row["distinct_id"], principal)
        await append(tx, event)
        return True

    def _event(
        self, tenant: Tenant, name: str, id: UUID, told: dict[str, object], person: UUID, distinct_id: str,
        principal: Principal | None = None,
    ) -> Event:  # fmt: skip
        by = principal or self._governance.system(tenant, "devices")
        return events.workspace_event(by, self._clock.now(), name, "device", str(id), told, person, distinct_id)


def known_as(distinct_id: object) -> str:
    """A distinct id as a door was given it; Invalid for what is none."""
    if not isinstance(distinct_id, str) or not distinct_id.strip() or len(distinct_id) > 200 or "\0" in distinct_id:
        raise Invalid("`distinct_id` is the id that events carry.", field="distinct_id")
    return distinct_id


def person_ids(tenant: Tenant, person: UUID, distinct_ids: Collection[str]) -> set[UUID]:
    """Every person id that somebody's things may be kept under: who they are, and whom each of their ids was first."""
    if len(distinct_ids) == 1:
        return {person}  # nobody was merged into them, and their only id is whom they were first
    return {person, *(person_id(tenant.workspace, one) for one in distinct_ids)}


def _same(row: Mapping[str, object], device: NewDevice) -> bool:
    kept = [bytes(row[name] or b"") for name in ("p256dh", "auth")]  # type: ignore[call-overload]
    return kept == [device.p256dh, device.auth] and row["label"] == device.label


def _newest(one: tuple[datetime, Device]) -> tuple[float, str]:
    seen, device = one
    return (-seen.timestamp(), str(device.id))
