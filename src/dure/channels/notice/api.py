"""Notices' entrance: what a person wants to hear of, what they were told, and the browsers that tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from dure.channels import events
from dure.channels.notice import devices, store
from dure.channels.notice.model import ChannelWishes, Device, Notice, Wishes, keywords, level
from dure.channels.rules import clean
from dure.channels.seats import Seats
from dure.channels.talk import FOREVER
from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.governance.events import act
from dure.kernel.clock import Clock
from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.kernel.ids import uuid7
from dure.state import State, Tx
from dure.web.push import decoded, key_of

_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a person has set about being told."""

    wishes: Wishes
    channels: Sequence[ChannelWishes]
    devices: Sequence[Device]


class Notices:
    def __init__(self, state: State, clock: Clock, rooms: Seats) -> None:
        self._state = state
        self._clock = clock
        self._rooms = rooms

    async def settings(self, principal: Principal) -> Settings:
        me = _person(principal)
        async with self._state.begin(principal.tenant) as tx:
            return Settings(
                await store.wishes(tx, principal.tenant.workspace, me), await store.all_channel_wishes(tx, me),
                await devices.of(tx, [me]),
            )  # fmt: skip

    async def change(
        self, principal: Principal, *, level_: str | None = None, keywords_: Sequence[str] | None = None,
        push: bool | None = None, mail: bool | None = None, mail_minutes: int | None = None,
    ) -> Wishes:  # fmt: skip
        """Changes what is given. Raises Invalid naming the field."""
        me = _person(principal)
        if mail_minutes is not None and not 5 <= mail_minutes <= 1440:
            raise Invalid("`mail_minutes` is 5 to 1440.", field="mail_minutes")
        async with self._state.begin(principal.tenant) as tx:
            before = await store.wishes(tx, principal.tenant.workspace, me)
            made = replace(
                before, level=before.level if level_ is None else level(level_),
                keywords=before.keywords if keywords_ is None else keywords(keywords_),
                push=before.push if push is None else push, mail=before.mail if mail is None else mail,
                mail_minutes=before.mail_minutes if mail_minutes is None else mail_minutes,
            )  # fmt: skip
            await store.put_wishes(tx, principal.tenant.workspace, made)
            await self._tell(tx, principal, events.NOTICES_CHANGED, {"level": made.level, "mail": made.mail})
            return made

    async def channel(self, principal: Principal, channel: str) -> ChannelWishes:
        me = _person(principal)
        async with self._state.begin(principal.tenant) as tx:
            await self._rooms.see(tx, principal, channel)
            return await store.channel_wishes(tx, me, channel)

    async def muted(self, principal: Principal) -> list[str]:
        """The ids of the channels that the caller has muted."""
        me = _person(principal)
        async with self._state.begin(principal.tenant) as tx:
            return await store.muted(tx, me)

    async def change_channel(self, principal: Principal, channel: str, *, given: Mapping[str, Any]) -> ChannelWishes:
        """Changes of `level` (None: as everywhere), `muted`, `everybody` what is given."""
        me = _person(principal)
        async with self._state.begin(principal.tenant) as tx:
            await self._rooms.see(tx, principal, channel)
            before = await store.channel_wishes(tx, me, channel)
            wanted = given.get("level", before.level)
            made = replace(
                before, level=None if wanted is None else level(wanted), muted=given.get("muted", before.muted),
                everybody=given.get("everybody", before.everybody),
            )  # fmt: skip
            await store.put_channel_wishes(tx, principal.tenant.workspace, made)
            told = {"channel": channel, "level": made.level or "", "muted": made.muted}
            await self._tell(tx, principal, events.NOTICES_CHANGED, told)
            return made

    async def listed(
        self, principal: Principal, *, unread: bool = False, before: int = FOREVER, limit: int = 50
    ) -> list[Notice]:
        """What the caller was told, the newest first, of conversations that they are in."""
        me = _person(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await store.listed(tx, me, unread=unread, before=before, limit=limit)
            since = await self._rooms.keeping.since_in(tx, {one.channel for one in found}) if found else {}
            if not since:
                return found
            return await store.listed(tx, me, unread=unread, before=before, limit=limit, since=since)

    async def unread(self, principal: Principal) -> Mapping[str, int]:
        """How many notices of each channel are unread."""
        me = _person(principal)
        async with self._state.begin(principal.tenant) as tx:
            found = await store.unread_counts(tx, me)
            since = await self._rooms.keeping.since_in(tx, found) if found else {}
            return await store.unread_counts(tx, me, since) if since else found

    async def see(
        self, principal: Principal, channel: str = "", thread: int | None = None, until: int = FOREVER
    ) -> None:
        """Looked at: a channel outside its threads, one of its threads, or (no channel) everything."""
        me = _person(principal)
        async with self._state.begin(principal.tenant) as tx:
            await store.mark_seen(tx, me, channel, thread, until, self._clock.now())

    async def add_device(self, principal: Principal, endpoint: str, p256dh: str, auth: str, label: str = "") -> Device:
        """A browser's push subscription, as its `PushSubscription` says it. Raises Invalid naming the field."""
        me = _person(principal)
        parts = urlsplit(str(clean(endpoint)))
        if parts.scheme not in ("https", "http") or not parts.hostname or len(endpoint) > 2000:
            raise Invalid("`endpoint` is an https address.", field="endpoint")
        try:
            key = decoded(p256dh)
            key_of(key)
        except ValueError as error:
            raise Invalid("`p256dh` is a key of the curve P-256.", field="p256dh") from error
        try:
            secret = decoded(auth)
        except ValueError as error:
            raise Invalid("`auth` is base64url.", field="auth") from error
        if len(secret) != 16:
            raise Invalid("`auth` has 16 bytes.", field="auth")
        made = Device(
            uuid7(), principal.tenant.workspace, me, endpoint, key, secret, str(clean(label))[:120], self._clock.now()
        )
        async with self._state.begin(principal.tenant) as tx:
            if len(await devices.of(tx, [me])) >= 20:
                raise Invalid("A person has at most 20 browsers; remove one first.", field="endpoint")
            await devices.put(tx, made)
            await self._tell(tx, principal, events.DEVICE_ADDED, {"label": made.label})
            return next(one for one in await devices.of(tx, [me]) if one.endpoint == endpoint)

    async def remove_device(self, principal: Principal, device: UUID) -> None:
        me = _person(principal)
        async with self._state.begin(principal.tenant) as tx:
            if not await devices.remove(tx, me, device):
                raise NotFound("There is no such browser.", field="id")
            await self._tell(tx, principal, events.DEVICE_REMOVED, {})

    async def forget(self) -> int:
        """Lets go of notices that are older than any list shows; how many. Any process may do it."""
        async with self._state.begin_system() as tx:
            return await store.forget(tx, self._clock.now() - _KEPT)

    async def _tell(self, tx: Tx, principal: Principal, name: str, told: Mapping[str, Any]) -> None:
        properties = {"user": principal.user, **told}
        await append(tx, act(principal, "channels", name, "user", principal.user, properties, self._clock.now()))


def _person(principal: Principal) -> str:
    access(principal, "channels:read")
    if not principal.user:
        raise NotAllowed("Only somebody with an account is told.")
    return principal.user
