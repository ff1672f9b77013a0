"""Channels over HTTP, below /api/v1."""

from __future__ import annotations

from fastapi import APIRouter

from dure.channels.api import Channels
from dure.channels.routes import attention, groups, messages, people, rooms, sharing


def router(api: Channels) -> APIRouter:
    """/api/v1/channels."""
    routes = APIRouter(prefix="/api/v1", tags=["channels"])
    sharing.add(routes, api)
    people.add(routes, api)
    groups.add(routes, api)
    attention.add(routes, api)
    rooms.add(routes, api)
    messages.add(routes, api)
    return routes
