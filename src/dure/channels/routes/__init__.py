"""Channels over HTTP, below /api/v1."""

from __future__ import annotations

from fastapi import APIRouter

from dure.channels.api import Channels
from dure.channels.routes import (
    attention,
    connections,
    emoji,
    groups,
    later,
    messages,
    own,
    people,
    pins,
    reading,
    rooms,
    sharing,
)


def router(api: Channels) -> APIRouter:
    """/api/v1/channels, /api/v1/threads and /api/v1/emoji."""
    routes = APIRouter(prefix="/api/v1", tags=["channels"])
    sharing.add(routes, api)
    connections.add(routes, api)  # before the rooms: `connections` is no room's id
    later.add(routes, api)  # before the rooms: `scheduled` is no room's id
    people.add(routes, api)
    groups.add(routes, api)
    attention.add(routes, api)
    rooms.add(routes, api)
    reading.add(routes, api)
    messages.add(routes, api)
    pins.add(routes, api)
    emoji.add(routes, api)
    own.add(routes, api)
    return routes
