"""Profiles' entrance: looked at, changed, given a photograph; a status ends when its time is over."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dure.channels.events import PROFILE_CHANGED
from dure.channels.presence import store as presence_store
from dure.channels.presence.telling import tell_presence
from dure.channels.profile import photo as photos
from dure.channels.profile import store
from dure.channels.profile.model import COLOURS, Profile, changed
from dure.channels.profile.refusals import NotAdmin
from dure.channels.refusals import UserNotFound
from dure.feed.api import Event, append
from dure.governance.api import Governance, Principal, Role, User, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import NotFound
from dure.state import State, Tx


class Profiles:
    def __init__(self, state: State, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._clock = clock
        self._governance = governance

    async def of(self, people: Iterable[User]) -> Mapping[str, Profile]:
        """The profiles of people whom the caller was shown already, as they are now."""
        people = list(people)
        if not people:
            return {}
        async with self._state.begin_system() as tx:
            found = await store.of(tx, [one.id for one in people])
        now = self._clock.now()
        return {one.id: found.get(one.id, Profile(one.id)).at(now) for one in people}

    async def change(self, principal: Principal, user: str, given: Mapping[str, Any]) -> tuple[User, Profile]:
        """Changes fields by Slack's names; another's only as an administrator. Raises BadProfile, NotAdmin."""
        access(principal, "channels:write")
        tenant = principal.tenant
        async with self._state.begin(tenant) as tx:
            person = await self._mine(tx, principal, user)
            before = await store.find(tx, tenant.workspace, person.id, lock=True)
            now = self._clock.now()
            made, names = changed(before.at(now), given, now)
            if names:
                person = await self._governance.describe_in(
                    tx, tenant, person.id, name=names.name, display=names.display, title=names.title
                )
            await store.put(tx, tenant.workspace, made, now)
            status = (made.status_text, made.status_emoji) != (before.status_text, before.status_emoji)
            await self._tell(tx, principal, person.id, [name for name in given if isinstance(name, str)], status=status)
            return person, replace(made, changed_at=now)

    async def set_away(self, principal: Principal, away: bool) -> None:
        """Away by hand, or again as the person's own doings say."""
        access(principal, "channels:write")
        tenant = principal.tenant
        async with self._state.begin(tenant) as tx:
            person = await self._mine(tx, principal, "")
            before = await store.find(tx, tenant.workspace, person.id, lock=True)
            if before.away is away:
                return
            await store.put(tx, tenant.workspace, replace(before, away=away), self._clock.now())
            seen = await presence_store.active(tx, [person.id])
            await tell_presence(tx, tenant.workspace, person.id, active=person.id in seen and not away)
            await append(tx, _event(principal, self._clock, person.id, {"fields": ["presence"], "status": False}))

    async def set_photo(
        self, principal: Principal, user: str, raw: bytes | None, crop: tuple[int, int, int] | None = None
    ) -> Profile:
        """A photograph in place of the one before; None takes it away. Raises BadImage, ImageTooLarge."""
        access(principal, "channels:write")
        made = None if raw is None else await asyncio.to_thread(photos.square, raw, crop)
        async with self._state.begin(principal.tenant) as tx:
            person = await self._mine(tx, principal, user)
            photo = None if made is None else (secrets.token_hex(16), *made)
            await store.set_photo(tx, principal.tenant.workspace, person.id, photo, self._clock.now())
            await self._tell(tx, principal, person.id, ["photo"])
            return await store.find(tx, principal.tenant.workspace, person.id)

    async def photo(self, name: str, *, small: bool) -> bytes:
        """The PNG of an id, which only those know who were shown the person. NotFound for one that was replaced.

        A colour of `COLOURS` is the figure in that colour.
        """
        if name in COLOURS:
            return await asyncio.to_thread(photos.figure, name, photos.SMALL if small else photos.LARGE)
        async with self._state.begin_system() as tx:
            found = await store.photo(tx, name, small=small)
        if found is None:
            raise NotFound("There is no such photograph.")
        return found

    async def fields(self, principal: Principal) -> list[str]:
        """The ids of the fields of their own that people of the workspace have filled in."""
        access(principal, "channels:read")
        async with self._state.begin(principal.tenant) as tx:
            return await store.fields(tx, principal.tenant.workspace)

    async def tick(self) -> int:
        """Ends statuses whose time is over; returns how many."""
        async with self._state.begin_system() as tx:
            over = await store.run_out(tx, self._clock.now())
            spaces = {one.id: one for one in await self._governance.workspaces(elsewhere=True)} if over else {}
            for row in over:
                system = self._governance.system(spaces[row["workspace"]].tenant, "profiles")
                await self._tell(tx, system, row["account"], ["status_text", "status_emoji"], status=True)
        return len(over)

    async def _mine(self, tx: Tx, principal: Principal, user: str) -> User:
        user = user or principal.user
        found = next((one for one in await self._governance.users_in(tx, principal.tenant) if one.id == user), None)
        if found is None or found.deleted:
            raise UserNotFound(field="user")
        if user != principal.user and principal.role not in (Role.OWNER, Role.ADMIN):
            raise NotAdmin(field="user")
        if user != principal.user and found.role is Role.OWNER and principal.role is not Role.OWNER:
            raise NotAdmin("Only an owner can change an owner's profile.", field="user")
        return found

    async def _tell(
        self, tx: Tx, principal: Principal, user: str, fields: Sequence[str], *, status: bool = False
    ) -> None:
        told = {"fields": sorted(fields)[:40], "status": status}
        await append(tx, _event(principal, self._clock, user, told))
        await tell_presence(tx, principal.tenant.workspace, user, profile=True)


def _event(principal: Principal, clock: Clock, user: str, properties: dict[str, Any]) -> Event:
    return act(principal, "channels", PROFILE_CHANGED, "user", user, {"user": user, **properties}, clock.now())
