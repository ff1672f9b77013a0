"""Flags as this process remembers them. The database says by its editions when what is remembered is old."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import structlog

from dure.experiments import store as experiment_store
from dure.experiments.flags import store
from dure.experiments.flags.audience import names_segments
from dure.experiments.flags.evaluating import Linked
from dure.experiments.flags.model import Flag
from dure.feed.api import Bell, Lane
from dure.segments.api import read_rule
from dure.state import State, Tx

log = structlog.get_logger("experiments")

# Without a bell what is remembered is asked after this many seconds.
_STALE = 2.0
# Ringing all the time must not mean asking all the time.
_PAUSE = 0.05
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Shelved:
    """A workspace's flags, the experiments whose arms they give out, and what must be known of people to answer."""

    edition: int
    flags: tuple[Flag, ...]
    linked: dict[str, Linked]
    traits: bool
    segments: bool

    @property
    def people(self) -> bool:
        """Whether it matters who somebody is under the id they have now."""
        return bool(self.linked) or self.traits or self.segments


@dataclass
class Shelf:
    state: State
    _kept: dict[str, Shelved] = field(default_factory=dict)
    _looked: dict[str, float] = field(default_factory=dict)
    _loading: dict[str, asyncio.Task[Shelved]] = field(default_factory=dict)

    async def of(self, workspace: str) -> Shelved:
        """At most seconds old, and a fraction of one while `run` runs. While the database is away the last known is
        answered: a product must not stand still for that."""
        kept = self._kept.get(workspace)
        if kept is not None and time.monotonic() - self._looked[workspace] < _STALE * 2:
            return kept
        try:
            return await self._load(workspace)
        except Exception as error:
            if kept is None:
                raise
            self._looked[workspace] = time.monotonic()
            log.warning("flags.old", workspace=workspace, error=repr(error))
            return kept

    async def run(self, bell: Bell) -> None:
        """Looks after every ring, and now and then without one."""
        while True:
            # Heard from before the look on: what rings while it looks is looked at once more.
            rung = asyncio.create_task(bell.wait(_STALE, (Lane.DOMAIN,)))
            try:
                await self.look()
            except Exception as error:
                log.warning("flags.not_looked", error=repr(error))
            await asyncio.sleep(_PAUSE)
            await rung

    async def look(self) -> None:
        """Loads what has another edition than what is remembered; one statement where nothing has."""
        if not self._kept:
            return
        async with self.state.begin_system() as tx:
            editions = await store.edition(tx, list(self._kept))
        now = time.monotonic()
        for workspace, kept in list(self._kept.items()):
            if editions.get(workspace, 0) == kept.edition:
                self._looked[workspace] = now
            else:
                await self._load(workspace)

    async def _load(self, workspace: str) -> Shelved:
        """Many that ask at once load it once."""
        task = self._loading.get(workspace)
        if task is None:
            task = self._loading[workspace] = asyncio.create_task(self._loaded(workspace))
            task.add_done_callback(lambda _: self._loading.pop(workspace, None))
        return await asyncio.shield(task)

    async def _loaded(self, workspace: str) -> Shelved:
        began = time.monotonic()
        async with self.state.begin_system() as tx:
            # The edition first: a change that commits meanwhile is then found again, and not missed.
            edition = (await store.edition(tx, [workspace])).get(workspace, 0)
            shelved = await _read(tx, workspace, edition)
        if len(self._kept) > _MOST:
            self._kept.clear()
        self._kept[workspace], self._looked[workspace] = shelved, began
        return shelved


async def _read(tx: Tx, workspace: str, edition: int) -> Shelved:
    flags = tuple(await store.flags(tx, workspace))
    wanted = {flag.design.experiment for flag in flags if flag.design.experiment and flag.design.active}
    linked: dict[str, Linked] = {}
    if wanted:
        holdout = await experiment_store.holdout(tx, workspace)
        for one in await experiment_store.experiments(tx, workspace):
            if one.id in wanted:
                rule = read_rule(one.design.audience) if one.design.audience is not None else None
                decided = one.decision.arm if one.decision else ""
                linked[one.id] = Linked(one.id, one.state, one.draw(holdout), rule, decided)
    conditions = [condition for flag in flags if flag.design.active for condition in flag.design.conditions]
    audiences = [one.audience for one in linked.values() if one.audience is not None]
    return Shelved(
        edition, flags, linked, bool(audiences) or any(condition.where for condition in conditions),
        any(condition.segment for condition in conditions) or any(names_segments(rule) for rule in audiences),
    )  # fmt: skip
