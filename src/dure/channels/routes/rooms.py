"""Conversations and their people over HTTP."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from fastapi import Request

from dure.channels.api import Channels, Conversation
from dure.channels.prefs.api import prefs_as_they_are, sent_prefs
from dure.channels.prefs.model import shape as shape_of_prefs
from dure.channels.refusals import NoUser
from dure.channels.routes import shapes
from dure.governance.api import Principal
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewChannel:
    name: str
    private: bool = False
    purpose: str = ""
    topic: str = ""
    members: list[str] = field(default_factory=list)


@body
class Users:
    users: list[str]


@body
class ChannelChange:
    """What is left out stays. `response_minutes` 0 stops timing answers; `response_team` is the function by whose
    opening hours they are timed, "" for everybody's; `posting` is everyone, threads (only
    administrators begin one), admins, or flat (no threads)."""

    name: str | None = None
    topic: str | None = None
    purpose: str | None = None
    archived: bool | None = None
    response_minutes: int | None = None
    response_team: str | None = None
    posting: str | None = None


def add(routes: APIRouter, api: Channels) -> None:
    async def shown(caller: Principal, found: Conversation) -> dict[str, Any]:
        waiting = await api.waiting(caller, [found.id])
        workspaces = await api.workspaces_named()
        people = await api.people_in(caller, found, {*found.people, found.creator})
        return {
            "channel": shapes.channel(
                found,
                caller,
                workspaces,
                api.now(),
                waiting.get(found.id, ()),
                await api.apart_from(caller) if found.people else (),
            ),
            "people": {user.id: shapes.person(user, caller, workspaces) for user in people},
        }

    @routes.get("/channels")
    async def channels(caller: Caller, mine: bool = False, archived: bool = False) -> dict[str, Any]:
        """Channels the caller may see; with `mine` those they are in."""
        found = await api.listed(caller, mine=mine, archived=archived)
        waiting = await api.waiting(caller, [one.id for one in found])
        workspaces = await api.workspaces_named()
        direct = {user for one in found for user in one.people}
        people = [user for user in await api.people_of(caller) if user.id in direct] if direct else []
        apart = await api.apart_from(caller) if direct else set()
        return {
            "channels": [
                shapes.channel(one, caller, workspaces, api.now(), waiting.get(one.id, ()), apart) for one in found
            ],
            "people": {user.id: shapes.person(user, caller, workspaces) for user in people},
        }

    @routes.post("/channels", status_code=201)
    async def create(caller: Caller, body: NewChannel) -> dict[str, Any]:
        """A new channel."""
        return await shown(caller, await api.create(caller, **vars(body)))

    @routes.post("/channels/direct", status_code=201)
    async def direct(caller: Caller, body: Users) -> dict[str, Any]:
        """Opens the direct conversation with these people."""
        found, _ = await api.open_direct(caller, body.users)
        return await shown(caller, found)

    @routes.get("/channels/people")
    async def people(caller: Caller) -> dict[str, Any]:
        """People whom the caller can meet in channels."""
        workspaces = await api.workspaces_named()
        found, apart = await api.people_of(caller), await api.apart_from(caller)
        people = [shapes.person(user, caller, workspaces) for user in found if not user.deleted]
        return {"people": [{**one, "apart": True} if one["id"] in apart else one for one in people]}

    @routes.get("/channels/{channel}")
    async def channel(caller: Caller, channel: str) -> dict[str, Any]:
        """A channel."""
        return await shown(caller, await api.info(caller, channel))

    @routes.patch("/channels/{channel}")
    async def change(caller: Caller, channel: str, body: ChannelChange, request: Request) -> dict[str, Any]:
        """Changes one thing about a channel."""
        given = {name: value for name, value in vars(body).items() if name in await request.json()}
        if len(given) != 1:
            raise Invalid("Change one thing at a time.")
        found = await _change(api, caller, channel, *next(iter(given.items())))
        return await shown(caller, found)

    @routes.get("/channels/{channel}/prefs")
    async def prefs(caller: Caller, channel: str) -> dict[str, Any]:
        """Who may write in a channel, answer in it and call everybody, and how many it holds."""
        found = await api.info(caller, channel)
        return {"prefs": shape_of_prefs(prefs_as_they_are(found)), "why": await api.why_not(caller, found)}

    @routes.put("/channels/{channel}/prefs")
    async def set_prefs(caller: Caller, channel: str, request: Request) -> dict[str, Any]:
        """Sets them; what is left out stays. An administrator's to say."""
        return await shown(caller, await api.set_prefs(caller, channel, await sent_prefs(request)))

    @routes.get("/channels/{channel}/members")
    async def members(caller: Caller, channel: str) -> dict[str, Any]:
        """Who is in a channel."""
        found = await api.info(caller, channel)
        joined = [member.user for member in await api.members(caller, found.id)]
        workspaces = await api.workspaces_named()
        people = {user.id: user for user in await api.people_in(caller, found, set(joined))}
        return {"members": [shapes.person(people[user], caller, workspaces) for user in joined if user in people]}

    @routes.post("/channels/{channel}/members")
    async def invite(caller: Caller, channel: str, body: Users) -> dict[str, Any]:
        """Brings people into a channel."""
        if not body.users:
            raise NoUser(field="users")
        return await shown(caller, await api.invite(caller, channel, body.users))

    @routes.delete("/channels/{channel}/members/{user}")
    async def remove(caller: Caller, channel: str, user: str) -> dict[str, Any]:
        """Takes a person out of a channel."""
        await api.kick(caller, channel, user)
        return {}

    @routes.post("/channels/{channel}/join")
    async def join(caller: Caller, channel: str) -> dict[str, Any]:
        """Joins a channel."""
        found, _ = await api.join(caller, channel)
        return await shown(caller, found)

    @routes.post("/channels/{channel}/leave")
    async def leave(caller: Caller, channel: str) -> dict[str, Any]:
        """Leaves a channel."""
        return {"left": await api.leave(caller, channel)}


async def _change(api: Channels, caller: Principal, channel: str, name: str, value: Any) -> Conversation:
    if value is None:
        raise Invalid(f"`{name}` cannot be null.", field=name)
    if name == "name":
        return await api.rename(caller, channel, value)
    if name == "topic":
        return await api.set_topic(caller, channel, value)
    if name == "purpose":
        return await api.set_purpose(caller, channel, value)
    if name == "posting":
        return await api.set_posting(caller, channel, value)
    if name == "response_team":
        return await api.set_response_team(caller, channel, value)
    if name == "response_minutes":
        return await api.set_response_minutes(caller, channel, value or None)
    await (api.archive(caller, channel) if value else api.unarchive(caller, channel))
    return await api.info(caller, channel)
