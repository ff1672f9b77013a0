"""What a workspace says of itself: its name, what it is for, who may find it, its picture."""

from __future__ import annotations

from typing import get_args

from dure.feed.api import append
from dure.governance import events, workspace_store
from dure.governance.access import access
from dure.governance.model import About, Discoverability, Principal, User
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound, TooLarge
from dure.state import State, Tx

LARGEST_ICON = 128 * 1024
# What a browser may be given as a picture, by its first bytes; nothing that holds script.
_KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF8", "image/gif"), (b"\xff\xd8\xff", "image/jpeg"))


class Workspaces:
    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def about(self, principal: Principal) -> list[About]:
        """Every workspace of the organisation but its playgrounds, the oldest first."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            return await workspace_store.about(tx, principal.tenant.org)

    async def people(self, principal: Principal, workspace: str) -> list[User]:
        """Everybody with a seat in one of the organisation's workspaces."""
        access(principal, "org:read")
        async with self._state.begin(principal.tenant) as tx:
            await self._found(tx, principal, workspace)
            return await workspace_store.people(tx, workspace)

    async def change(
        self, principal: Principal, workspace: str, *, name: str | None = None, description: str | None = None,
        discoverability: str | None = None,
    ) -> None:  # fmt: skip
        """Changes what is given. A name that another workspace of the organisation has is a Conflict."""
        access(principal, "org:write")
        if name is not None and not 1 <= len(name.strip()) <= 200:
            raise Invalid("`name` is a text of 1 to 200 characters.", field="name")
        if description is not None and len(description) > 1_000:
            raise Invalid("`description` has at most 1,000 characters.", field="description")
        if discoverability is not None and discoverability not in get_args(Discoverability):
            raise Invalid(
                f"`discoverability` is one of {', '.join(get_args(Discoverability))}.", field="discoverability"
            )
        async with self._state.begin(principal.tenant) as tx:
            await self._found(tx, principal, workspace)
            named = await workspace_store.about(tx, principal.tenant.org) if name is not None else []
            if any(one.workspace.name == name and one.workspace.id != workspace for one in named):
                raise Conflict("Another workspace has this name.", field="name")
            await workspace_store.change(tx, principal.tenant.org, workspace, name, description, discoverability)
            given = {"name": name, "description": description, "discoverability": discoverability}
            await self._tell(tx, principal, workspace, {k: v for k, v in given.items() if v is not None})

    async def set_icon(self, principal: Principal, workspace: str, picture: bytes) -> None:
        """A PNG, GIF or JPEG of at most 128 KB."""
        access(principal, "org:write")
        if len(picture) > LARGEST_ICON:
            raise TooLarge("A workspace's picture has at most 128 KB.", field="image_url")
        kind = next((kind for start, kind in _KINDS if picture.startswith(start)), None)
        if kind is None:
            raise Invalid("A workspace's picture is a PNG, GIF or JPEG.", field="image_url")
        async with self._state.begin(principal.tenant) as tx:
            await self._found(tx, principal, workspace)
            await workspace_store.set_icon(tx, principal.tenant.org, workspace, picture, kind)
            await self._tell(tx, principal, workspace, {"icon": kind})

    async def icon(self, principal: Principal, workspace: str) -> tuple[str, bytes]:
        """Content type and bytes, for whoever is of the organisation."""
        access(principal, "governance:read")
        async with self._state.begin(principal.tenant) as tx:
            found = await workspace_store.icon(tx, principal.tenant.org, workspace)
        if found is None:
            raise NotFound("This workspace has no picture.")
        return found

    async def _found(self, tx: Tx, principal: Principal, workspace: str) -> None:
        if all(one.workspace.id != workspace for one in await workspace_store.about(tx, principal.tenant.org)):
            raise NotFound("There is no such workspace in this organisation.", field="team_id")

    async def _tell(self, tx: Tx, principal: Principal, workspace: str, about: dict[str, str]) -> None:
        told = events.governance_event(
            principal, self._clock, events.WORKSPACE_CHANGED, "workspace", workspace, {"what": sorted(about), **about}
        )
        await append(tx, told)
