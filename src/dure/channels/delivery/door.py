"""The socket's address: `/slack/socket/?ticket=…&app_id=…`, as `apps.connections.open` gives it out."""

from __future__ import annotations

from starlette.websockets import WebSocket

from dure.channels.delivery.api import Deliveries
from dure.web.routing import APIRouter


def socket_router(deliveries: Deliveries) -> APIRouter:
    router = APIRouter()

    async def serve(socket: WebSocket) -> None:
        await deliveries.serve(socket)

    router.add_api_websocket_route("/slack/socket/", serve)
    return router
