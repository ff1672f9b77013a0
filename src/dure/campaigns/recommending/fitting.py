"""Learning from histories: one process at a time, in a thread, with progress, and it can be stopped."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from dure.campaigns.recommending import factors, nearness, shelf, store
from dure.campaigns.recommending.histories import ENTRY
from dure.campaigns.recommending.model import Selectors, Standing
from dure.kernel.tenant import Tenant
from dure.state import State

EVERY = timedelta(hours=6)
"""A model is made anew so often while something arrives. Between two, histories and popularity move on with the log."""
SOON = timedelta(minutes=10)
"""A workspace that has grown by half since its last model does not wait so long."""
STOPPED = "stopped"
_FEWEST_PEOPLE = 2


class Stopped(Exception):
    """Somebody asked for it, or the process ends."""


@dataclass
class Progress:
    """What the thread says of itself, and hears."""

    stage: str = "reading"
    done: int = 0
    total: int = 0
    stop: bool = False

    def of(self, stage: str) -> nearness.Report:
        def report(done: int, total: int) -> None:
            if self.stop:
                raise Stopped
            self.stage, self.done, self.total = stage, done, total

        return report


@dataclass(frozen=True, slots=True)
class Learned:
    tastes: dict[str, bytes]
    people: int
    tokens: int


@dataclass
class Fitting:
    """Makes models."""

    state: State
    look_every: float = 0.5
    _failed: dict[str, datetime] = field(default_factory=dict)

    def due(self, workspace: str, standing: Standing, now: datetime) -> bool:
        """Whether a workspace needs a model now. One whose last attempt failed here waits as long as a grown one."""
        if standing.wanted:
            return True
        if not standing.listens or standing.error == STOPPED:
            return False
        if (failed := self._failed.get(workspace)) is not None and now < failed + SOON:
            return False
        if standing.fitted_at is None:
            return True
        age, grown = now - standing.fitted_at, standing.listens / max(standing.learned_from, 1)
        return (age >= EVERY and grown > 1) or (age >= SOON and grown >= 1.5)

    async def fit(self, tenant: Tenant, now: datetime) -> bool:
        """Learns anew and puts the model in its place; false where another process does, or it was stopped."""
        async with self.state.alone() as held:
            turn = await (await held.execute(store.TURN, (f"fitting:{tenant.workspace}",))).fetchone()
            if turn is None or not turn["turn"]:
                return False
            started = time.perf_counter()
            async with self.state.begin(tenant) as tx:
                before = await store.standing(tx, tenant.workspace) or Standing(Selectors())
                await store.note(tx, tenant.workspace, wanted=False, cancel=False, error="", stage="reading", done=0,
                                 total=0)  # fmt: skip
            ended: dict[str, Any] = {"stage": "", "done": 0, "total": 0, "cancel": False}
            try:
                learned = await self._watched(tenant, await self._histories(tenant))
            except Stopped:
                learned, ended["error"] = None, STOPPED
            except Exception as error:
                self._failed[tenant.workspace] = now
                ended["error"] = str(error) or type(error).__name__
                raise
            finally:
                if "error" in ended:
                    async with self.state.begin(tenant) as tx:
                        await store.note(tx, tenant.workspace, **ended)
            if learned is None:
                return False
            async with self.state.begin(tenant) as tx:
                standing = await store.standing(tx, tenant.workspace)
                if not await store.stands(tx, tenant.workspace, before.selectors):
                    await store.note(tx, tenant.workspace, **ended)
                    return False  # it was learned from events that no longer count
                version = (standing.version if standing else 0) + 1
                for name, arrays in learned.tastes.items():
                    await store.save_taste(tx, tenant.workspace, version, name, arrays)
                await store.drop_tastes(tx, tenant.workspace, version)
                await store.note(
                    tx, tenant.workspace, version=version, fitted_at=now, people=learned.people,
                    tokens=learned.tokens, learned_from=standing.listens if standing else 0,
                    seconds=time.perf_counter() - started, **ended,
                )  # fmt: skip
        return True

    async def _histories(self, tenant: Tenant) -> list[bytes]:
        rows: list[bytes] = []
        async with self.state.begin(tenant) as tx, store.all_histories(tx) as cursor:
            await cursor.execute(store.ALL_HISTORIES, (tenant.workspace,), binary=True)
            async for row in cursor:
                rows.append(row["entries"])
        return rows

    async def _watched(self, tenant: Tenant, rows: list[bytes]) -> Learned:
        progress = Progress()
        work = asyncio.ensure_future(asyncio.to_thread(learn, rows, progress))
        try:
            while True:
                done, _ = await asyncio.wait([work], timeout=self.look_every)
                if done:
                    return work.result()
                async with self.state.begin(tenant) as tx:
                    await store.note(tx, tenant.workspace, stage=progress.stage, done=progress.done,
                                     total=progress.total)  # fmt: skip
                    standing = await store.standing(tx, tenant.workspace)
                progress.stop = standing is None or standing.cancel
        finally:
            progress.stop = True


def learn(rows: list[bytes], progress: Progress) -> Learned:
    """Neighbours and factors out of everybody's entries. BLAS keeps to one thread: the doors need the other."""
    plays = matrix(rows)
    enough = min(plays.shape) > 1 and len(rows) >= _FEWEST_PEOPLE and plays.nnz > 0
    tastes: dict[str, bytes] = {}
    if enough:
        with threadpool_limits(1):
            near = nearness.nearest(plays, report=progress.of("together"))
            tastes["together"] = shelf.packed_near(near)
            tastes["collaborative"] = shelf.packed_factors(factors.learn(plays, progress.of("collaborative")))
    return Learned(tastes, plays.shape[0], int(np.count_nonzero(np.diff(plays.tocsc().indptr))))


def matrix(rows: list[bytes]) -> Any:
    """People × tokens by plays; who heard one thing only says nothing of what goes with what, but of how many."""
    sizes = np.fromiter((len(row) for row in rows), np.int64, len(rows)) // ENTRY.itemsize
    entries = np.frombuffer(b"".join(rows), ENTRY)
    played = entries["plays"] > 0
    owner = np.repeat(np.arange(len(rows)), sizes)[played]
    token = entries["token"][played].astype(np.int64)
    width = int(token.max()) + 1 if len(token) else 0
    values = entries["plays"][played].astype(np.float32)
    return sparse.csr_matrix((values, (owner, token)), shape=(len(rows), width))
