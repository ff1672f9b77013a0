"""The journey maps of a workspace: drawn together, kept by version, and looked up for whoever asks one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotFound
from dure.metrics import events, store
from dure.metrics.catalogue.catalogue import id_of
from dure.metrics.journeys import store as journey_store
from dure.metrics.journeys.course import JourneyMap, NewJourneyMap, read
from dure.metrics.journeys.starter import JOURNEY
from dure.metrics.question import JourneyQuestion
from dure.state import State, Tx

_READ, _WRITE = "metrics:read", "metrics:write"


class Journeys:
    """Everything about journey maps but their numbers, which are a question (`kind: journey`)."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state = state
        self._clock = clock

    async def all(self, principal: Principal) -> list[JourneyMap]:
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await journey_store.journeys(tx, principal.tenant.workspace)

    async def get(self, principal: Principal, id: str) -> JourneyMap:
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await self._known(tx, principal, id)

    async def history(self, principal: Principal, id: str) -> list[dict[str, Any]]:
        """Every version with who made it and when, newest first."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            await self._known(tx, principal, id)
            return await journey_store.history(tx, principal.tenant.workspace, id)

    async def create(self, principal: Principal, raw: Mapping[str, Any]) -> JourneyMap:
        """A new map; its id is made from the English name when it is left out. Conflict where it is taken."""
        access(principal, _WRITE)
        new = read(dict(raw), NewJourneyMap)
        if new.version is not None:
            raise Invalid("A new journey has no version yet.", field="version")
        async with self._state.begin(principal.tenant) as tx:
            return await self._create(tx, principal, new)

    async def change(self, principal: Principal, id: str, raw: Mapping[str, Any]) -> JourneyMap:
        """Writes a map anew under the next version. Conflict where `version` is given and somebody was faster."""
        access(principal, _WRITE)
        new = read({**raw, "id": id}, NewJourneyMap)
        async with self._state.begin(principal.tenant) as tx:
            known = await self._known(tx, principal, id, lock=True)
            if new.version not in (None, known.version):
                said = f"The journey has been changed meanwhile; it is at version {known.version}."
                raise Conflict(said, field="version")
            changed = _kept(new, id, known.version + 1, known.created_by)
            changed = msgspec.structs.replace(changed, created_at=known.created_at)
            return await self._save(tx, principal, changed, events.JOURNEY_CHANGED)

    async def remove(self, principal: Principal, id: str) -> None:
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            if not await journey_store.remove_journey(tx, principal.tenant.workspace, id):
                raise NotFound(f"There is no journey {id!r}.")
            await append(tx, events.metrics_event(principal, self._clock, events.JOURNEY_REMOVED, "journey", id, {}))

    async def start(self, tx: Tx, principal: Principal) -> None:
        """Draws the map to begin with, once."""
        if await journey_store.journey(tx, principal.tenant.workspace, str(JOURNEY.id)) is None:
            await self._create(tx, principal, JOURNEY)

    async def resolved(self, principal: Principal, question: JourneyQuestion) -> JourneyQuestion:
        """A question about a map by its id, with the map's stages beside it; one that brings them stays as it is."""
        if question.journey is None:
            return question
        known = await self.get(principal, question.journey)
        return msgspec.structs.replace(question, map=msgspec.to_builtins(known.course))

    async def _known(self, tx: Tx, principal: Principal, id: str, *, lock: bool = False) -> JourneyMap:
        known = await journey_store.journey(tx, principal.tenant.workspace, id, lock=lock)
        if known is None:
            raise NotFound(f"There is no journey {id!r}.")
        return known

    async def _create(self, tx: Tx, principal: Principal, new: NewJourneyMap) -> JourneyMap:
        name = id_of(new.id, new.name_en)
        if await journey_store.journey(tx, principal.tenant.workspace, name) is not None:
            raise Conflict(f"There is a journey {name!r} already.", field="id")
        return await self._save(tx, principal, _kept(new, name, 1, principal.actor), events.JOURNEY_CREATED)

    async def _save(self, tx: Tx, principal: Principal, value: JourneyMap, event: str) -> JourneyMap:
        for number, stage in enumerate(value.stages):
            if stage.metric and await store.metric(tx, principal.tenant.workspace, stage.metric) is None:
                raise Invalid(f"There is no metric {stage.metric!r}.", field=f"stages[{number}].metric")
        now = self._clock.now()
        await journey_store.save_journey(tx, principal.tenant.workspace, value, principal.actor, now)
        told = {"name_ko": value.name_ko, "name_en": value.name_en, "version": value.version,
                "stages": [stage.id for stage in value.stages]}  # fmt: skip
        await append(tx, events.metrics_event(principal, self._clock, event, "journey", value.id, told))
        return msgspec.structs.replace(value, created_at=value.created_at or now, updated_at=now)


def _kept(new: NewJourneyMap, id: str, version: int, created_by: str) -> JourneyMap:
    return JourneyMap(
        id=id, name_ko=new.name_ko, name_en=new.name_en, about_ko=new.about_ko, about_en=new.about_en,
        stages=new.stages, activity=new.activity, version=version, created_by=created_by,
    )  # fmt: skip
