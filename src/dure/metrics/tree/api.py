"""The trees' entrance: keep them, and read them for any two periods."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import msgspec

from dure.feed.api import append
from dure.governance.api import Principal, access
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, NotFound
from dure.metrics import body, events
from dure.metrics.catalogue import catalogue
from dure.metrics.catalogue.measuring import Measuring
from dure.metrics.store import metrics
from dure.metrics.tree import reading, rules, store
from dure.metrics.tree.model import ChangedTree, NewTree, Tree
from dure.metrics.tree.periods import compared
from dure.state import State, Tx

_READ, _WRITE = "metrics:read", "metrics:write"


class Trees:
    """The trees of a workspace; `measuring` gives one look at its catalogue."""

    def __init__(self, state: State, clock: Clock, measuring: Callable[[Principal], Awaitable[Measuring]]) -> None:
        self._state = state
        self._clock = clock
        self._measuring = measuring

    async def trees(self, principal: Principal) -> list[Tree]:
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            return await store.trees(tx, principal.tenant.workspace)

    async def read(
        self, principal: Principal, id: str, from_: str | None = None, to: str | None = None,
        compare_from: str | None = None, compare_to: str | None = None, *, influences: bool = True,
    ) -> dict[str, Any]:  # fmt: skip
        """A tree with the values of two periods and what each input contributed (`reading.read`)."""
        access(principal, _READ)
        async with self._state.begin(principal.tenant) as tx:
            tree = await self._known(tx, principal, id)
        measuring = await self._measuring(principal)
        period, earlier = compared(measuring.now, measuring.zone, from_, to, compare_from, compare_to)
        return await reading.read(measuring, tree, period, earlier, influences=influences)

    async def create(self, principal: Principal, raw: Mapping[str, Any]) -> Tree:
        """A new tree; Conflict where its id is taken."""
        access(principal, _WRITE)
        new = body.read(dict(raw), NewTree)
        async with self._state.begin(principal.tenant) as tx:
            return await self.add(tx, principal, new)

    async def add(self, tx: Tx, principal: Principal, new: NewTree) -> Tree:
        """The same within a transaction that is open already."""
        await self._check(tx, principal, new)
        name = catalogue.id_of(new.id, new.name_en)
        if await store.tree(tx, principal.tenant.workspace, name) is not None:
            raise Conflict(f"There is a tree {name!r} already.", field="id")
        made = {"id": name, "created_by": principal.actor, "created_at": self._clock.now()}
        tree = msgspec.convert({**msgspec.to_builtins(new), **made}, Tree)
        await self._save(tx, principal, tree, events.TREE_CREATED)
        return tree

    async def begin_with(self, tx: Tx, principal: Principal, trees: Iterable[NewTree]) -> None:
        """Adds those trees whose ids are not taken."""
        taken = {tree.id for tree in await store.trees(tx, principal.tenant.workspace)}
        for new in trees:
            if new.id not in taken:
                await self.add(tx, principal, new)

    async def change(self, principal: Principal, id: str, raw: Mapping[str, Any]) -> Tree:
        """Writes a tree anew; Conflict where `version` is given and somebody has changed it since."""
        access(principal, _WRITE)
        new = body.read({**raw, "id": id}, ChangedTree)
        async with self._state.begin(principal.tenant) as tx:
            known = await self._known(tx, principal, id, lock=True)
            if new.version is not None and new.version != known.version:
                raise Conflict(
                    f"This tree is at version {known.version} by now; you read version {new.version}.",
                    field="version", data={"version": known.version},
                )  # fmt: skip
            await self._check(tx, principal, new)
            written = {**msgspec.to_builtins(known), **msgspec.to_builtins(new)}
            tree = msgspec.convert({**written, "version": known.version + 1}, Tree)
            await self._save(tx, principal, tree, events.TREE_CHANGED)
        return tree

    async def remove(self, principal: Principal, id: str) -> None:
        access(principal, _WRITE)
        async with self._state.begin(principal.tenant) as tx:
            if not await store.remove(tx, principal.tenant.workspace, id):
                raise NotFound(f"There is no tree {id!r}.")
            await append(tx, events.metrics_event(principal, self._clock, events.TREE_REMOVED, "metric_tree", id, {}))

    async def _known(self, tx: Tx, principal: Principal, id: str, *, lock: bool = False) -> Tree:
        tree = await store.tree(tx, principal.tenant.workspace, id, lock=lock)
        if tree is None:
            raise NotFound(f"There is no tree {id!r}.")
        return tree

    async def _check(self, tx: Tx, principal: Principal, new: NewTree) -> None:
        rules.check(new, {metric.id for metric in await metrics(tx, principal.tenant.workspace)})

    async def _save(self, tx: Tx, principal: Principal, tree: Tree, event: str) -> None:
        await store.save(tx, principal.tenant.workspace, tree, self._clock.now())
        told = {"name_ko": tree.name_ko, "name_en": tree.name_en, "version": tree.version, "nodes": len(tree.nodes)}
        await append(tx, events.metrics_event(principal, self._clock, event, "metric_tree", tree.id, told))
