"""Charters over HTTP, below a channel."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from fastapi import Response

from dure.channels.api import Channels, Conversation
from dure.channels.charters.api import Belonging, Charter, Charters, Elsewhere, Standard, Text, told
from dure.channels.charters.templates import TEMPLATES
from dure.channels.routes.shapes import person
from dure.governance.api import Principal
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Person:
    user: str
    reason: str


@body
class Goes:
    """What is spoken of elsewhere, and in which channel; without one `what` says it all."""

    what: str
    channel: str = ""


@body
class CharterText:
    """`version` is the one that was changed, 0 where there is none. `minutes` is the channel's response time."""

    purpose: str
    version: int
    belongs: list[Person] = field(default_factory=list)
    places: list[Goes] = field(default_factory=list)
    team: str = ""
    minutes: int | None = None


@body
class Version:
    version: int


def router(charters: Charters, channels: Channels) -> APIRouter:
    """/api/v1/channels/{channel}/charter and /api/v1/charter-templates."""
    routes = APIRouter(prefix="/api/v1", tags=["charters"])

    async def named(caller: Principal, room: Conversation, *found: Charter) -> dict[str, Any]:
        users = {one.by for one in found} | {who.user for one in found for who in one.text.belongs}
        workspaces = await channels.workspaces_named()
        people = await channels.people_in(caller, room, users)
        return {user.id: person(user, caller, workspaces) for user in people}

    async def shape(caller: Principal, one: Charter) -> dict[str, Any]:
        names = await charters.names(caller, one.text)
        text = told(one.text)
        # A channel that the reader does not see stays unnamed, by its id too.
        text["places"] = [
            {"what": place.what, "channel": place.channel if place.channel in names else "",
             "name": names.get(place.channel, "")}
            for place in one.text.places
        ]  # fmt: skip
        return {"version": one.version, **text, "by": one.by, "at": one.at}

    @routes.get("/charter-templates")
    async def templates(caller: Caller) -> dict[str, Any]:  # noqa: ARG001  whoever is signed in
        """What a charter may begin with, by topic, in Korean and English."""
        return {"templates": TEMPLATES}

    @routes.get("/channels/{channel}/charter")
    async def charter(caller: Caller, channel: str) -> dict[str, Any]:
        """A channel's charter, or null; `read` is the version that the caller has read, `wanted` says that the channel
        is shared outside and has none."""
        shown, standard, room = await charters.of(caller, channel)
        found = shown.charter
        return {
            "charter": await shape(caller, found) if found else None,
            "read": shown.read, "unread": shown.unread, "may_write": shown.may_write, "wanted": shown.wanted,
            "readers": shown.readers, "members": shown.members, "standard": _standard(standard),
            "people": await named(caller, room, found) if found else {},
        }  # fmt: skip

    @routes.put("/channels/{channel}/charter")
    async def write(caller: Caller, channel: str, body: CharterText) -> dict[str, Any]:
        """Writes a charter; the home side's to do. 409 where somebody changed it meanwhile."""
        text = Text(
            body.purpose, tuple(Belonging(one.user, one.reason) for one in body.belongs),
            tuple(Elsewhere(one.what, one.channel) for one in body.places), body.team, body.minutes,
        )  # fmt: skip
        return {"charter": await shape(caller, await charters.write(caller, channel, text, body.version))}

    @routes.post("/channels/{channel}/charter/read", status_code=204)
    async def read(caller: Caller, channel: str, body: Version) -> Response:
        """Notes that the caller has read a version."""
        await charters.read(caller, channel, body.version)
        return Response(status_code=204)

    @routes.get("/channels/{channel}/charter/versions")
    async def versions(caller: Caller, channel: str) -> dict[str, Any]:
        """The charter as it was each time it was written, the newest first."""
        found, room = await charters.versions(caller, channel)
        return {
            "versions": [await shape(caller, one) for one in found],
            "people": await named(caller, room, *found),
        }

    return routes


def _standard(one: Standard) -> dict[str, Any]:
    """`week` is seven lists of pairs of minutes after midnight, Monday first; `always` where no hours are set."""
    return {
        "minutes": one.minutes, "team": one.team, "hours": one.hours.name, "zone": one.hours.zone,
        "always": one.hours.id is None, "week": [[[span.start, span.end] for span in day] for day in one.hours.week],
    }  # fmt: skip
