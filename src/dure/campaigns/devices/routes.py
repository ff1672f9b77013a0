"""Devices over HTTP, for staff and a company's own servers; browsers and apps come by `/reach/devices`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body

from dure.campaigns.devices.api import Devices
from dure.campaigns.devices.model import read_device
from dure.governance.http import Caller
from dure.web.routing import APIRouter


def router(api: Devices) -> APIRouter:
    """/api/v1/people/PERSON/devices."""
    routes = APIRouter(prefix="/api/v1", tags=["campaigns"])

    @routes.get("/people/{person}/devices")
    async def devices(caller: Caller, person: UUID) -> dict[str, Any]:
        """Where a person gets pushes, the device seen last first."""
        return {"devices": [asdict(one) for one in await api.of_person(caller, person)]}

    @routes.post("/people/{person}/devices", status_code=201)
    async def register(caller: Caller, person: UUID, body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
        """Registers a device: a browser's `subscription`, or `kind` (fcm, apns) and `token`; `label` is for people."""
        return {"device": await api.register_for(caller, person, read_device(body))}

    @routes.delete("/devices/{device}")
    async def remove(caller: Caller, device: UUID) -> dict[str, Any]:
        """No more pushes to a device."""
        await api.remove(caller, device)
        return {"removed": device}

    return routes
