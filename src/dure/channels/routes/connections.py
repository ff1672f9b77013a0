"""Connections with other organisations over HTTP: with whom what is shared, under which rights, and what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Response

from dure.channels.api import Channels
from dure.channels.connect.inviting import approves
from dure.channels.routes import shapes
from dure.channels.sharing import Connected
from dure.governance.api import Workspace
from dure.governance.http import Caller
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class Rights:
    """`limited`: the other side may only write, and bring nobody in."""

    limited: bool


@body
class Host:
    """The side that is asked to be the home: a workspace's or an organisation's id."""

    workspace: str


def add(routes: APIRouter, api: Channels) -> None:
    @routes.get("/channels/connections")
    async def connections(caller: Caller) -> dict[str, Any]:
        """The organisations that something is shared with, the channels, what waits, and what was asked for."""
        spaces = await api.workspaces_named()
        listed = await api.shown_to(caller, await api.invites(caller, limit=1000))
        invites = [one for one in listed if one.state in ("sent", "accepted")]
        asked = [one for one in await api.requests(caller) if one.state == "requested"]
        names = await api.invite_names([*invites, *asked])
        return {
            "organisations": _organisations(await api.connected(caller), spaces),
            "pending": [shapes.pending(one, caller, spaces, names) for one in invites],
            "requests": [shapes.request(one, spaces, names) for one in asked],
            "may_approve": approves(caller),
        }

    @routes.delete("/channels/connections/{org}")
    async def disconnect_all(caller: Caller, org: str) -> dict[str, Any]:
        """Ends everything that is shared with an organisation; administrators only."""
        return {"ended": await api.disconnect_team(caller, org)}

    @routes.post("/channels/requests/{invite}/allow", status_code=204)
    async def allow(caller: Caller, invite: str) -> Response:
        """Lets an invitation go that somebody asked leave to send."""
        await api.allow_request(caller, invite)
        return Response(status_code=204)

    @routes.post("/channels/requests/{invite}/deny", status_code=204)
    async def deny(caller: Caller, invite: str) -> Response:
        """Turns down what somebody asked leave to send."""
        await api.deny_request(caller, invite)
        return Response(status_code=204)

    @routes.put("/channels/{channel}/shares/{workspace}")
    async def rights(caller: Caller, channel: str, workspace: str, body: Rights) -> dict[str, Any]:
        """Says whether another side may bring its people in, or only write."""
        found = await api.set_limited(caller, channel, workspace, body.limited)
        return {"channel": shapes.channel(found, caller, await api.workspaces_named(), api.now())}

    @routes.post("/channels/{channel}/transfer", status_code=204)
    async def ask(caller: Caller, channel: str, body: Host) -> Response:
        """Asks another side to become the channel's host."""
        await api.ask_transfer(caller, channel, body.workspace)
        return Response(status_code=204)

    @routes.post("/channels/{channel}/transfer/take", status_code=204)
    async def take(caller: Caller, channel: str) -> Response:
        """Becomes the channel's host, where the host asked for it."""
        await api.take_transfer(caller, channel)
        return Response(status_code=204)

    @routes.delete("/channels/{channel}/transfer", status_code=204)
    async def end(caller: Caller, channel: str) -> Response:
        """Takes back, or refuses, that another side becomes the host."""
        await api.end_transfer(caller, channel)
        return Response(status_code=204)


def _organisations(found: Sequence[Connected], spaces: Mapping[str, Workspace]) -> list[dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for one in found:
        space = spaces.get(one.workspace)
        entry = made.setdefault(
            one.org, {"org": one.org, "name": space.org_name if space else one.org, "channels": [], "people": 0}
        )
        entry["people"] = max(entry["people"], one.people)
        entry["channels"].append(
            {
                "id": one.channel, "name": one.name, "private": one.private, "archived": one.archived,
                "workspace": one.workspace, "home": one.home, "their_home": one.other_home, "limited": one.limited,
                "since": one.since, "people": one.people, "own": one.own, "transfer_to": one.transfer_to,
                "member": one.member,
            }
        )  # fmt: skip
    return list(made.values())
