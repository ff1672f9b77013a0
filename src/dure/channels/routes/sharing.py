"""Shared channels over HTTP: offers that came, offers that are made."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import Response

from dure.channels.api import Channels
from dure.channels.routes import shapes
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewShare:
    """The other workspace's id or domain, or somebody's e-mail there. `limited`: they may only write."""

    workspace: str = ""
    email: str = ""
    limited: bool = False


@body
class Acceptance:
    """The channel's name on this side; empty keeps the other's."""

    name: str = ""


def add(routes: APIRouter, api: Channels) -> None:
    @routes.get("/channels/offers")
    async def offers(caller: Caller) -> dict[str, Any]:
        """Shared channels offered to this workspace."""
        workspaces = await api.workspaces_named()
        return {"offers": [shapes.offer(one, workspaces) for one in await api.offers(caller)]}

    @routes.get("/channels/invites")
    async def invites(caller: Caller) -> dict[str, Any]:
        """Invitations to share that were accepted and wait for an approval, with the sides that have given theirs."""
        listed = await api.shown_to(caller, await api.invites(caller, limit=1000))
        found = [one for one in listed if one.state == "accepted"]
        workspaces = await api.workspaces_named()
        names = await api.invite_names(found)
        return {"invites": [shapes.invite(one, caller, workspaces, names.channels[one.channel][0]) for one in found]}

    @routes.post("/channels/invites/{invite}/approve", status_code=204)
    async def approve(caller: Caller, invite: str) -> Response:
        """Approves an invitation for the caller's side; the second approval connects the sides."""
        await api.approve_invite(caller, invite)
        return Response(status_code=204)

    @routes.post("/channels/invites/{invite}/decline", status_code=204)
    async def decline_invite(caller: Caller, invite: str) -> Response:
        """Declines an invitation from either side, until it is connected."""
        await api.decline_invite(caller, invite)
        return Response(status_code=204)

    @routes.post("/channels/offers/{channel}/accept")
    async def accept(caller: Caller, channel: str, body: Acceptance) -> dict[str, Any]:
        """Accepts an offered channel, under a name of one's own; `channel` is null where it waits for an approval."""
        found = await api.accept(caller, channel, body.name)
        spaces = await api.workspaces_named()
        return {"channel": shapes.channel(found, caller, spaces, api.now()) if found else None}

    @routes.post("/channels/offers/{channel}/decline", status_code=204)
    async def decline(caller: Caller, channel: str) -> Response:
        """Declines an offered channel."""
        await api.decline(caller, channel)
        return Response(status_code=204)

    @routes.get("/channel-invitations/{secret}")
    async def lettered(caller: Caller, secret: str) -> dict[str, Any]:
        """What a link from a letter is about: who shares which channel with whom, and what keeps the caller from taking
        it (`why`, "" for nothing)."""
        return {"invitation": asdict(await api.look_at(caller, secret))}

    @routes.post("/channel-invitations/{secret}")
    async def take(caller: Caller, secret: str) -> dict[str, Any]:
        """Brings the invitation to the caller's workspace, where it is accepted or declined like every other offer. For
        an account of the address that was written to."""
        made = await api.take(caller, secret)
        return {"invite": made.id, "channel": made.channel}

    @routes.post("/channels/{channel}/shares", status_code=201)
    async def offer(caller: Caller, channel: str, body: NewShare) -> dict[str, Any]:
        """Offers a channel to another organisation; `requested` where an administrator has to look at it first. To an
        address that nobody here has a letter goes out, with the `link` that whoever invites may hand over too."""
        found = await api.offer(caller, channel, body.workspace.strip(), email=body.email.strip(), limited=body.limited)
        asked = [one for one in await api.requests(caller) if one.channel == channel and one.state == "requested"]
        spaces = await api.workspaces_named()
        sent = [one for one in await api.lettered(caller, channel) if one.to_email == body.email.strip()]
        link = api.link_of(sent[0]) if body.email and sent else ""
        return {"channel": shapes.channel(found, caller, spaces, api.now()), "requested": bool(asked), "link": link}

    @routes.delete("/channels/{channel}/shares/{workspace}", status_code=204)
    async def disconnect(caller: Caller, channel: str, workspace: str) -> Response:
        """Ends the sharing with a workspace."""
        await api.disconnect(caller, channel, workspace)
        return Response(status_code=204)
