"""The organisation's channels over HTTP, for those who look after the organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, field
from typing import Any, get_args

from fastapi import Request

from dure.channels.model import Standing, ts_text
from dure.channels.prefs import model as prefs
from dure.channels.prefs.api import sent_prefs
from dure.channels.spanning.api import Spanning
from dure.channels.spanning.model import ACTS, KINDS, SORTS, Room
from dure.governance.api import Principal, Workspace
from dure.governance.http import Caller
from dure.kernel.errors import Invalid
from dure.web.body import body
from dure.web.routing import APIRouter


@body
class NewOrgChannel:
    """A channel in one workspace, or in every one (`whole`)."""

    name: str
    private: bool = False
    purpose: str = ""
    workspace: str = ""
    whole: bool = False


@body
class OrgChannelChange:
    """One thing. `standing` is "", default or mandatory."""

    name: str | None = None
    private: bool | None = None
    archived: bool | None = None
    standing: str | None = None


@body
class Reach:
    """The workspaces that have a channel; `whole` is every one."""

    workspaces: list[str] = field(default_factory=list)
    whole: bool = False


@body
class NewBulk:
    """`act` is archive, delete or move (to `workspace`)."""

    act: str
    channels: list[str]
    workspace: str = ""


@body
class Defaults:
    channels: list[str]


def router(spanning: Spanning) -> APIRouter:
    routes = APIRouter(prefix="/api/v1/organisation", tags=["channels"])

    @routes.get("/channels")
    async def channels(
        caller: Caller, query: str = "", kinds: str = "", workspace: str = "", sort: str = "name",
        descending: bool = False, after: int = 0, limit: int = 50,
    ) -> dict[str, Any]:  # fmt: skip
        """The organisation's channels over all workspaces. `kinds` are private, public, archived, org_shared,
        multi_workspace, org_wide and external_shared, each with `_exclude` for its opposite, joined by commas."""
        asked = [one for one in kinds.split(",") if one]
        if not {one.removesuffix("_exclude") for one in asked} <= set(KINDS):
            raise Invalid(f"`kinds` are some of {', '.join(KINDS)}.", field="kinds")
        if sort not in SORTS or not 0 <= after <= 1_000_000 or not 1 <= limit <= 200:
            raise Invalid(f"`sort` is one of {', '.join(SORTS)}, `limit` 1 to 200.", field="sort")
        found, more = await spanning.search(
            caller, query, kinds=asked, teams=[workspace] if workspace else (), sort=sort, descending=descending,
            after=after, limit=limit,
        )  # fmt: skip
        spaces = await spanning.workspaces(caller)
        return {
            "channels": [_room(one) for one in found],
            "workspaces": [_space(one) for one in spaces.values()],
            "next": more or None,
        }

    @routes.post("/channels", status_code=201)
    async def create(caller: Caller, body: NewOrgChannel) -> dict[str, Any]:
        """A new channel in one workspace, or in every one."""
        made = await spanning.create(
            caller, body.name, private=body.private, purpose=body.purpose, workspace=body.workspace, whole=body.whole
        )
        return await _one(spanning, caller, made.id)

    @routes.get("/channels/{channel}")
    async def channel(caller: Caller, channel: str) -> dict[str, Any]:
        """One of the organisation's channels, with its rules."""
        found = await _one(spanning, caller, channel)
        groups = await spanning.groups(caller, channel)
        return {**found, "prefs": prefs.shape(await spanning.prefs(caller, channel)), "kept_for": list(groups)}

    @routes.patch("/channels/{channel}")
    async def change(caller: Caller, channel: str, body: OrgChannelChange, request: Request) -> dict[str, Any]:
        """Changes one thing about a channel of the organisation's."""
        given = {name: value for name, value in vars(body).items() if name in await request.json()}
        if len(given) != 1:
            raise Invalid("Change one thing at a time.")
        ((name, value),) = given.items()
        if value is None:
            raise Invalid(f"`{name}` cannot be null.", field=name)
        if name == "name":
            await spanning.rename(caller, channel, str(value))
        elif name == "private":
            await spanning.set_private(caller, channel, bool(value))
        elif name == "archived":
            await spanning.archive(caller, channel, bool(value))
        elif value in get_args(Standing):
            await spanning.set_standing(caller, channel, value)
        else:
            raise Invalid('`standing` is "", default or mandatory.', field="standing")
        return await _one(spanning, caller, channel)

    @routes.put("/channels/{channel}/workspaces")
    async def reach(caller: Caller, channel: str, body: Reach) -> dict[str, Any]:
        """Gives a channel to exactly these workspaces, or to the whole organisation."""
        await spanning.set_teams(caller, channel, body.workspaces, whole=body.whole)
        return await _one(spanning, caller, channel)

    @routes.put("/channels/{channel}/prefs")
    async def set_prefs(caller: Caller, channel: str, request: Request) -> dict[str, Any]:
        """Who writes, who answers, who calls everybody, how many it holds; what is left out stays."""
        made = await spanning.set_prefs(caller, channel, await sent_prefs(request))
        return {"prefs": prefs.shape(made.prefs or prefs.Prefs())}

    @routes.delete("/channels/{channel}", status_code=204)
    async def delete(caller: Caller, channel: str) -> None:
        """Takes a channel away with everything that was said in it."""
        await spanning.delete(caller, channel)

    @routes.get("/channels-of-groups")
    async def of_groups(caller: Caller) -> dict[str, Any]:
        """Which private channels are kept for which groups; for those who look after the organisation."""
        return {"channels": [asdict(one) for one in await spanning.of_groups(caller)]}

    @routes.put("/channels/{channel}/groups/{group}", status_code=204)
    async def keep_for(caller: Caller, channel: str, group: str) -> None:
        """Keeps a private channel for the people of a group."""
        await spanning.keep_for(caller, channel, group)

    @routes.delete("/channels/{channel}/groups/{group}", status_code=204)
    async def open_to(caller: Caller, channel: str, group: str) -> None:
        """Keeps a channel for a group no longer."""
        await spanning.open_to(caller, channel, group)

    @routes.get("/workspaces/{workspace}/default-channels")
    async def defaults(caller: Caller, workspace: str) -> dict[str, Any]:
        """The channels into which newcomers of a workspace are brought."""
        return {"channels": list(await spanning.defaults(caller, workspace))}

    @routes.put("/workspaces/{workspace}/default-channels", status_code=204)
    async def set_defaults(caller: Caller, workspace: str, body: Defaults) -> None:
        """Sets the channels into which newcomers of a workspace are brought."""
        await spanning.set_defaults(caller, workspace, body.channels)

    @routes.post("/bulk", status_code=202)
    async def begin(caller: Caller, body: NewBulk) -> dict[str, Any]:
        """Archives, deletes or moves many channels, one after the other."""
        act = next((one for one in ACTS if one == body.act), None)
        if act is None:
            raise Invalid(f"`act` is one of {', '.join(ACTS)}.", field="act")
        made, left = await spanning.bulks.begin(caller, act, body.channels, body.workspace)
        return {**asdict(made), "not_added": list(left)}

    @routes.get("/bulk")
    async def bulks(caller: Caller) -> dict[str, Any]:
        """The organisation's latest acts on many channels."""
        return {"bulk": [asdict(one) for one in await spanning.bulks.listed(caller)]}

    @routes.get("/bulk/{bulk}")
    async def bulk(caller: Caller, bulk: str) -> dict[str, Any]:
        """How far an act on many channels has come."""
        return asdict(await spanning.bulks.find(caller, bulk))

    return routes


async def _one(spanning: Spanning, caller: Principal, channel: str) -> dict[str, Any]:
    found = await spanning.find(caller, channel)
    rooms, _ = await spanning.search(caller, channels=[found.id], limit=1)
    return _room(rooms[0])


def _space(one: Workspace) -> Mapping[str, str]:
    return {"id": one.id, "name": one.name}


def _room(one: Room) -> dict[str, Any]:
    return {
        "id": one.id, "name": one.side.name, "purpose": one.purpose, "private": one.side.private,
        "archived": one.side.archived, "reach": one.reach, "standing": one.standing, "members": one.members,
        "created_at": one.created_at, "creator": one.creator, "last_ts": ts_text(one.last_ts) if one.last_ts else "",
        "home": next(share.workspace for share in one.shares if share.home), "workspaces": list(one.workspaces),
        "outside": [{"workspace": share.workspace, "org": share.org} for share in one.outside],
        "pending": len(one.pending), "limited": one.posting != "everyone" or one.prefs is not None,
        "kept_for_groups": one.groups,
    }  # fmt: skip
