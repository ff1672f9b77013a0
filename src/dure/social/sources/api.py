"""Sources' entrance: connected, looked into, paused, asked for a past; called by networks; let go of."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from dure.feed.api import append
from dure.governance.api import Governance, Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError, Invalid, NotFound
from dure.kernel.ids import uuid7
from dure.social import events
from dure.social.api import Social
from dure.social.conflicts import conflict
from dure.social.plugs import Given, Hears, Pulled, Pulls, Reads, Source, Streams, Trouble
from dure.social.sources import form, store
from dure.social.sources.hearing import Hearing
from dure.social.sources.model import KEPT, Connected, Health, Payload, Preview, Way
from dure.social.sources.pulling import UNREADABLE, Pulling, proper, trouble_of
from dure.social.sources.saying import Saying
from dure.social.sources.streaming import Streaming
from dure.social.sources.vault import Vault
from dure.state import State, Tx

__all__ = ["Connected", "Health", "Payload", "Preview", "Sources", "Way"]

RIGHT = "social:configure"
LARGEST_FILE = 32 << 20
_FIRST_DAYS = 1
_MOST_SOURCES = 200
_LOOK_SECONDS = 20.0
_LOOK_LINE = 4.0
_LOOK_DAYS = 7
_SHOWN = 20


class Sources:
    """The sources of workspaces. `connectors` are the kinds that this installation has, by name."""

    def __init__(
        self, state: State, clock: Clock, governance: Governance, social: Social, connectors: Sequence[Source],
        signing_key: bytes = b"",
    ) -> None:  # fmt: skip
        self._state = state
        self._clock = clock
        self._governance = governance
        self._social = social
        self._vault = Vault(signing_key)
        self.connectors = {one.manifest.name: one for one in connectors}
        self.pulling = Pulling(state, clock, governance, social, self.connectors, self._vault)
        self.streaming = Streaming(state, clock, self.pulling)
        self.saying = Saying(state, clock, self.pulling)
        self.hearing = Hearing(state, clock, governance, social, self.pulling)

    # -- looking ---------------------------------------------------------------------------------------------------

    async def sources(self, principal: Principal) -> list[Health]:
        """Every source with how it goes, by name."""
        access(principal, "social:read")
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            found, ways = await store.every(tx, workspace), await store.ways(tx, workspace)
        return [Health(one, [way for way in ways if way.source == one.id]) for one in found]

    async def one(self, principal: Principal, source_id: UUID) -> Health:
        access(principal, "social:read")
        async with self._state.begin(principal.tenant) as tx:
            return await self._health(tx, principal, source_id)

    async def payloads(
        self, principal: Principal, source_id: UUID, mention: str = "", limit: int = 20
    ) -> list[Payload]:
        """What came of late, as it came: the newest, or those that hold a mention by the network's id."""
        access(principal, RIGHT)
        async with self._state.begin(principal.tenant) as tx:
            await self._known(tx, principal, source_id)
            most = min(max(limit, 1), 100)
            return await store.payloads(tx, principal.tenant.workspace, source_id, mention, most)

    async def preview(
        self, principal: Principal, connector: str, settings: Mapping[str, str], secrets: Mapping[str, str],
        source_id: UUID | None = None,
    ) -> Preview:  # fmt: skip
        """What a source with these settings would bring now, read but not kept. With `source_id`, secrets that are not
        given are those it has."""
        access(principal, RIGHT)
        found = self._kind(connector)
        kept: dict[str, str] = {}
        if source_id is not None:
            async with self._state.begin(principal.tenant) as tx:
                before = await self._known(tx, principal, source_id)
            kept = self._vault.open(before.sealed) or {}
        given = Given(
            principal.tenant, source_id or uuid7(), form.settings(found, settings),
            form.checked(found.manifest.secrets, {**kept, **form.given(secrets)}, "secrets"), self._clock.now(),
            self._clock.now() - timedelta(days=_LOOK_DAYS),
        )  # fmt: skip
        try:
            pulled = await _looked(found, given)
        except (Trouble, OSError, DureError) as error:
            return Preview((), 0, False, trouble_of(error))
        except UNREADABLE as error:
            said = trouble_of(Trouble("unreadable", f"{type(error).__name__}: {error}"))
            return Preview((), 0, False, said)
        mentions, skipped = proper(pulled.mentions, self._clock.now())
        read = await self._social.readings(principal.tenant, mentions[:_SHOWN])
        return Preview(read, skipped, pulled.more or len(mentions) > _SHOWN)

    # -- connecting ------------------------------------------------------------------------------------------------

    async def connect(
        self, principal: Principal, connector: str, name: str, settings: Mapping[str, str],
        secrets: Mapping[str, str] | None = None, *, every: int = 0, days: int = _FIRST_DAYS,
    ) -> Health:  # fmt: skip
        """Connects a source; it is asked at once, for what is not older than `days`."""
        access(principal, RIGHT)
        found, now = self._kind(connector), self._clock.now()
        manifest = found.manifest
        made = Connected(
            uuid7(), connector, form.name(name), form.settings(found, settings),
            self._vault.close(form.checked(manifest.secrets, form.given(secrets or {}), "secrets")), {},
            form.every(every, manifest.every), "on", principal.actor, now,
        )  # fmt: skip
        since = now - timedelta(days=form.days(days, manifest.history))
        workspace = principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            if len(await store.every(tx, workspace)) >= _MOST_SOURCES:
                raise Invalid(f"A workspace has at most {_MOST_SOURCES} sources.", field="name")
            if not await store.add(tx, principal.tenant, made):
                raise conflict(
                    f"이미 있는 소스 이름입니다: {made.name}", f"A source is named {made.name!r} already.", "name"
                )
            if isinstance(found, Pulls):
                await store.open_way(tx, workspace, made.id, "pull", since, now, now)
            if isinstance(found, Streams):
                await store.open_way(tx, workspace, made.id, "stream", since, now, now)
            if isinstance(found, Hears):
                await store.open_way(tx, workspace, made.id, "hear", now, now, None)
            if isinstance(found, Reads):
                await store.open_way(tx, workspace, made.id, "upload", now, now, None)
            facts = {"name": made.name, "connector": connector, "basis": manifest.basis}
            await append(tx, events.source_event(principal, events.SOURCE_CONNECTED, now, str(made.id), facts))
            return await self._health(tx, principal, made.id)

    async def change(
        self, principal: Principal, source_id: UUID, *, name: str | None = None,
        settings: Mapping[str, str] | None = None, secrets: Mapping[str, str] | None = None, every: int | None = None,
        paused: bool | None = None,
    ) -> Health:  # fmt: skip
        """Changes what is given. Secrets that are not given stay; the source is asked again at once."""
        access(principal, RIGHT)
        now, workspace = self._clock.now(), principal.tenant.workspace
        async with self._state.begin(principal.tenant) as tx:
            before = await self._known(tx, principal, source_id, lock=True)
            connector = self._kind(before.connector)
            manifest = connector.manifest
            sealed = before.sealed
            if secrets is not None:
                kept = {**(self._vault.open(before.sealed) or {}), **form.given(secrets)}
                sealed = self._vault.close(form.checked(manifest.secrets, kept, "secrets"))
            after = replace(
                before, name=before.name if name is None else form.name(name), sealed=sealed,
                settings=before.settings if settings is None else form.settings(connector, settings),
                every=before.every if every is None else form.every(every, manifest.every),
                state=before.state if paused is None else "paused" if paused else "on",
            )  # fmt: skip
            what = [
                one for one in ("name", "settings", "every", "state") if getattr(before, one) != getattr(after, one)
            ]
            what += ["secrets"] if secrets else []
            if not what:
                return await self._health(tx, principal, source_id)
            if after.name != before.name and await store.named(tx, workspace, after.name):
                raise conflict(
                    f"이미 있는 소스 이름입니다: {after.name}", f"A source is named {after.name!r} already.", "name"
                )
            await store.keep(tx, workspace, after)
            await store.hurry(tx, workspace, source_id, now)
            facts = {"name": after.name, "connector": after.connector, "changed": what, "state": after.state}
            await append(tx, events.source_event(principal, events.SOURCE_CHANGED, now, str(source_id), facts))
            return await self._health(tx, principal, source_id)

    async def ask_now(self, principal: Principal, source_id: UUID) -> Health:
        """Has a source asked at once instead of when it is due. A network that wants to be left alone is left alone."""
        access(principal, "social:write")
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found = await self._health(tx, principal, source_id)
            busy = [way for way in found.ways if way.trouble and way.trouble["code"] == "busy"]
            if any(way.due_at and way.due_at > now for way in busy):
                raise conflict(
                    "네트워크가 잠시 기다려 달라고 합니다.",
                    "The network wants to be left alone for a while yet.",
                    "source",
                )
            await store.hurry(tx, principal.tenant.workspace, source_id, now)
            return await self._health(tx, principal, source_id)

    async def disconnect(self, principal: Principal, source_id: UUID) -> None:
        """Lets go of a source with its payloads; its mentions stay."""
        access(principal, RIGHT)
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found = await self._known(tx, principal, source_id, lock=True)
            await store.remove(tx, principal.tenant.workspace, source_id)
            facts = {"name": found.name, "connector": found.connector}
            await append(tx, events.source_event(principal, events.SOURCE_DISCONNECTED, now, str(source_id), facts))

    # -- a past ----------------------------------------------------------------------------------------------------

    async def bring_history(self, principal: Principal, source_id: UUID, days: int) -> Health:
        """Begins to bring what was said in the last `days`, page by page beside what is new. It starts no automation
        and no spike; one that was under way is begun anew."""
        access(principal, RIGHT)
        now = self._clock.now()
        async with self._state.begin(principal.tenant) as tx:
            found = await self._known(tx, principal, source_id, lock=True)
            connector = self._kind(found.connector)
            if not isinstance(connector, Pulls):
                raise Invalid(f"{found.name} cannot be asked for its past.", field="source")
            if not 1 <= days <= (most := connector.manifest.history or form.MOST_DAYS):
                raise Invalid(f"`days` is 1 to {most}.", field="days")
            since = now - timedelta(days=days)
            await store.open_way(tx, principal.tenant.workspace, source_id, "history", since, now, now)
            await self._changed(tx, principal, found, "history", {"days": days})
            return await self._health(tx, principal, source_id)

    async def stop_history(self, principal: Principal, source_id: UUID) -> Health:
        """Ends it where it has come to; what was brought stays."""
        access(principal, RIGHT)
        async with self._state.begin(principal.tenant) as tx:
            found = await self._known(tx, principal, source_id, lock=True)
            if not await store.close_way(tx, principal.tenant.workspace, source_id, "history", self._clock.now()):
                raise conflict("가져오는 지난 글이 없습니다.", "No past is being brought.", "source")
            await self._changed(tx, principal, found, "history", {"stopped": True})
            return await self._health(tx, principal, source_id)

    async def forget_payloads(self) -> int:
        """Lets go of payloads after their time. For a loop."""
        async with self._state.begin_system() as tx:
            return await store.forget(tx, self._clock.now() - KEPT)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _kind(self, connector: str) -> Source:
        found = self.connectors.get(connector)
        if found is None:
            raise Invalid(f"`connector` is one of {', '.join(sorted(self.connectors))}.", field="connector")
        return found

    async def _known(self, tx: Tx, principal: Principal, source_id: UUID, *, lock: bool = False) -> Connected:
        found = await store.one(tx, principal.tenant.workspace, source_id, lock=lock)
        if found is None:
            raise NotFound("There is no such source.", field="source")
        return found

    async def _health(self, tx: Tx, principal: Principal, source_id: UUID) -> Health:
        found = await self._known(tx, principal, source_id)
        return Health(found, await store.ways(tx, principal.tenant.workspace, source_id))

    async def _changed(
        self, tx: Tx, principal: Principal, source: Connected, what: str, more: Mapping[str, Any]
    ) -> None:
        facts = {"name": source.name, "connector": source.connector, "changed": [what], **more}
        now = self._clock.now()
        await append(tx, events.source_event(principal, events.SOURCE_CHANGED, now, str(source.id), facts))


async def _looked(source: Source, given: Given) -> Pulled:
    """A first page, or what a line tells in a few seconds."""
    if isinstance(source, Pulls):
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                return await source.pull(given, {})
        except TimeoutError as error:
            raise OSError(f"no answer within {_LOOK_SECONDS:g} seconds") from error
    if not isinstance(source, Streams):
        return Pulled({})
    heard = Pulled({})
    try:
        async with asyncio.timeout(_LOOK_LINE), aclosing(source.stream(given, {})) as line:  # type: ignore[type-var]
            async for pulled in line:
                heard = replace(heard, mentions=[*heard.mentions, *pulled.mentions])
                if len(heard.mentions) >= _SHOWN:
                    break
    except TimeoutError:
        return heard  # a quiet line: that it could be opened is the answer
    return heard
