"""Channels over HTTP, below /api/v1."""

from __future__ import annotations

from dure.channels.agenda import routes as agenda
from dure.channels.api import Channels
from dure.channels.charters import routes as charters
from dure.channels.customer import routes as customer
from dure.channels.needed import routes as needed
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
    responses,
    rooms,
    sharing,
)
from dure.web.routing import APIRouter


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
    responses.add(routes, api)
    messages.add(routes, api)
    pins.add(routes, api)
    emoji.add(routes, api)
    own.add(routes, api)
    relations = api.relations
    every = APIRouter()
    for one in (
        routes, customer.router(relations.rooms), charters.router(relations.charters, api),
        needed.router(relations.needed), agenda.router(relations.agendas),
    ):  # fmt: skip
        every.include_router(one)
    return every
