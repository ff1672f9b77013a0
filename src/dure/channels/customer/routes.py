"""Whose channel it is, over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from dure.channels.customer.api import TOPICS, CustomerRooms
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Customer:
    """`account` is a customer's id; `topic` is general, deal, pricing, launch, support, billing, delivery, creative."""

    account: str
    topic: str = "general"


def router(api: CustomerRooms) -> APIRouter:
    """/api/v1/channels/{channel}/customer."""
    routes = APIRouter(prefix="/api/v1/channels/{channel}", tags=["customers"])

    async def shown(caller: Caller, channel: str) -> dict[str, Any]:
        found = await api.of(caller, channel)
        if found is None:
            return {"customer": None, "topics": TOPICS}
        link, known = found
        name = str(known.get("name", ""))
        told = {"account": link.account, "name": name, "topic": link.topic, "by": link.by, "at": link.at}
        return {"customer": told, "topics": TOPICS}

    @routes.get("/customer")
    async def customer(caller: Caller, channel: str) -> dict[str, Any]:
        """Which customer a channel belongs to on the caller's side, and by which topic; null for none."""
        return await shown(caller, channel)

    @routes.put("/customer")
    async def link(caller: Caller, channel: str, body: Customer) -> dict[str, Any]:
        """Says which customer a channel belongs to. The other side is not told."""
        await api.link(caller, channel, body.account, body.topic)
        return await shown(caller, channel)

    @routes.delete("/customer", status_code=204)
    async def unlink(caller: Caller, channel: str) -> Response:
        """The channel belongs to no customer any more."""
        await api.unlink(caller, channel)
        return Response(status_code=204)

    return routes
