"""Channels over HTTP, below /api/v1."""

from __future__ import annotations

from fastapi import APIRouter

from dure.channels.api import Channels
from dure.channels.routes import messages, own, rooms, sharing


def router(api: Channels) -> APIRouter:
    """/api/v1/channels."""
    routes = APIRouter(prefix="/api/v1", tags=["channels"])
    sharing.add(routes, api)
    rooms.add(routes, api)
    messages.add(routes, api)
    own.add(routes, api)
    return routes
