"""Work on scores, by whichever process takes it: reads the log, lets a process of its own compute, writes the result.

The work is a row. A process that takes it holds it for a time and says so again and again; one that dies lets go of it,
and another begins anew. Nothing is written before the end, and then all of it in one transaction.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import structlog

from dure.feed.api import append
from dure.governance.api import Governance, Principal
from dure.kernel.clock import Clock
from dure.kernel.errors import DureError
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments import store as segment_store
from dure.segments.scores import events, filling, reading, store
from dure.segments.scores.model import Model, Score, Scored, WorkKind
from dure.segments.scores.rules import due
from dure.state import State

log = structlog.get_logger("scores")

_HELD = timedelta(seconds=60)
_SAID_EVERY = 0.5


class _Lost(Exception):
    """The work was cancelled, or another process has taken it."""


class Working:
    """Does the work that was asked for, one piece at a time."""

    def __init__(self, state: State, log: Log, clock: Clock, governance: Governance) -> None:
        self._state = state
        self._log = log
        self._clock = clock
        self._governance = governance

    async def tick(self) -> int:
        """Asks for what is due, then does what is open; how many pieces were done. For the server's own loop."""
        await self._ask_for_due()
        done = 0
        while await self._one():
            done += 1
        return done

    async def _ask_for_due(self) -> None:
        now = self._clock.now()
        for workspace in await self._governance.workspaces():
            async with self._state.begin(workspace.tenant) as tx:
                for score in await store.scores(tx, workspace.id):
                    model = await store.model(tx, workspace.id, score.id, score.model)
                    kind = due(score, model, now)
                    last = await store.work(tx, workspace.id, score.id)
                    if kind and (last is None or last.ended_at is None or now - last.ended_at > timedelta(hours=1)):
                        await store.ask(tx, workspace.id, score.id, kind, "", now)

    async def _one(self) -> bool:
        now = self._clock.now()
        mine = now + _HELD
        async with self._state.begin_system() as tx:
            taken = await store.claim(tx, now, mine)
        if taken is None:
            return False
        org, workspace, score, kind = taken
        work = _Piece(self, Tenant(org, workspace), score, kind, mine)
        try:
            await work.run()
        except _Lost:
            log.info("scores.put_down", score=score)
        except (DureError, OSError, RuntimeError) as error:
            log.warning("scores.failed", score=score, error=str(error))
            await work.failed(str(error))
        return True


class _Piece:
    """One piece of work while this process holds it until `mine`."""

    def __init__(self, house: Working, tenant: Tenant, score: str, kind: WorkKind, mine: datetime) -> None:
        self._state, self._log, self._clock = house._state, house._log, house._clock
        self._principal: Principal = house._governance.system(tenant, "segments")
        self._tenant = tenant
        self._id = score
        self._kind = kind
        self._mine = mine

    async def run(self) -> None:
        now = self._clock.now()
        async with self._state.begin(self._tenant) as tx:
            score = await store.score(tx, self._tenant.workspace, self._id)
            if score is None:
                raise _Lost
            model = await store.model(tx, self._tenant.workspace, score.id, score.model)
            members: list[UUID] = []
            if score.settings.kind == "alike":
                members = await segment_store.all_people(tx, self._tenant.workspace, score.settings.segment)
        known = model if self._kind == "score" else None
        with tempfile.TemporaryDirectory(prefix="dure-score-") as name:
            folder = Path(name)
            await self._read(folder, score, known, members, now)
            await self._compute(folder)
            answer = json.loads((folder / "done.json").read_text())
            if "refused" in answer:
                await self._refused(score, answer["refused"])
                return
            values = np.load(folder / "values.npy", allow_pickle=False)
        if known is None:
            known = Model(str(uuid7()), now, answer["coefficients"], answer["card"], None)
            new = True
        else:
            new = False
        await self._write(score, known, new, values, answer["drift"], now)

    async def failed(self, message: str) -> None:
        now = self._clock.now()
        async with self._state.begin(self._tenant) as tx:
            score = await store.score(tx, self._tenant.workspace, self._id)
            said = {"code": "failed", "message": message[:500]}
            if score and await store.end(tx, self._tenant.workspace, self._id, self._mine, "failed", now, said):
                await append(tx, events.score_event(self._principal, now, events.FAILED, score, said))

    async def _read(self, folder: Path, score: Score, known: Model | None, members: list[UUID], now: datetime) -> None:
        """Everything the computing process needs, as files."""
        settings = score.settings
        begin = reading.since(settings, now) if known is None else now - timedelta(days=settings.history_days)
        extent = await reading.extent(self._log, self._tenant, settings, begin, now)
        names = list(known.coefficients["events"]) if known else list(extent.names)
        for number in range(extent.parts):
            raw = await reading.part(
                self._log, self._tenant, settings, begin, now, names, number, extent.parts
            )  # fmt: skip
            (folder / f"part-{number}.bin").write_bytes(raw)
            await self._hold(0, 0)
        pairs = np.array([(one.int >> 64, one.int & (1 << 64) - 1) for one in members], dtype="<u8").reshape(-1, 2)
        pairs.tofile(folder / "members.bin")
        task = {
            "settings": msgspec.to_builtins(settings), "begin": extent.begin, "now": now.timestamp(), "names": names,
            "parts": extent.parts, "coefficients": known.coefficients if known else None,
        }  # fmt: skip
        (folder / "task.json").write_text(json.dumps(task))

    async def _compute(self, folder: Path) -> None:
        """Lets the other process work, tells how far it is, and ends it when the work is no longer wanted."""
        one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        with (folder / "errors").open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "dure.segments.scores.worker", str(folder),
                stdout=asyncio.subprocess.PIPE, stderr=errors,
                env={**os.environ, **one_thread, "PYTHONPATH": os.pathsep.join(sys.path)},
            )  # fmt: skip
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        line, said, far = None, 0.0, (0, 0)
        try:
            while True:
                line = line or asyncio.ensure_future(process.stdout.readline())
                await asyncio.wait({line}, timeout=_SAID_EVERY)
                if line.done():
                    text, line = line.result().decode(), None
                    if not text:
                        break
                    far = (int(text.split()[0]), int(text.split()[1]))
                if time.monotonic() - said >= _SAID_EVERY:
                    await self._hold(*far)
                    said = time.monotonic()
            if await process.wait() != 0:
                lines = (folder / "errors").read_text(errors="replace").strip().splitlines()
                raise RuntimeError(lines[-1] if lines else "The computing process ended.")
        finally:
            if line is not None:
                line.cancel()
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def _hold(self, done: int, total: int) -> None:
        until = self._clock.now() + _HELD
        if until == self._mine:
            until += timedelta(microseconds=1)
        async with self._state.begin(self._tenant) as tx:
            if not await store.hold(tx, self._tenant.workspace, self._id, self._mine, until, done, total):
                raise _Lost
        self._mine = until

    async def _refused(self, score: Score, said: dict[str, Any]) -> None:
        now = self._clock.now()
        async with self._state.begin(self._tenant) as tx:
            if await store.end(tx, self._tenant.workspace, score.id, self._mine, "refused", now, said):
                await append(tx, events.score_event(self._principal, now, events.REFUSED, score, said))

    async def _write(
        self, score: Score, model: Model, new: bool, values: np.ndarray, drift: dict[str, Any], now: datetime
    ) -> None:
        workspace, principal = self._tenant.workspace, self._principal
        names = model.coefficients["formula"]["names"]
        async with self._state.begin(self._tenant) as tx:
            if not await store.end(tx, workspace, score.id, self._mine, "done", self._clock.now(), {}):
                raise _Lost
            if new:
                await store.add_model(tx, workspace, score.id, model)
            await store.replace_people(tx, workspace, score.id, _scored(values, names))
            await store.note_scored(tx, workspace, score.id, model.id, now, drift)
            told = {
                "people": len(values), "model": model.id, "trained": new, "used": model.card["used"],
                "auc": _auc(model), "drifted": drift["drifted"],
            }  # fmt: skip
            await append(tx, events.score_event(principal, now, events.COMPUTED, score, told))
            was = (model.drift or {}).get("drifted", False)
            if drift["drifted"] and not was:
                worst = drift["features"][0] if drift["features"] else {"feature": "", "psi": 0.0}
                more = {"model": model.id, "psi": max(drift["score"], worst["psi"]), "feature": worst["feature"]}
                await append(tx, events.score_event(principal, now, events.DRIFTED, score, more))
            await filling.refill(tx, principal, score.id, now)


def _auc(model: Model) -> float:
    card = model.card
    value: float = card["average"]["model" if card["used"] == "model" else card["rule"]]["auc"]
    return value


def _scored(values: np.ndarray, names: list[str]) -> Iterator[Scored]:
    for row in values:
        reasons = [
            {"feature": names[place], "value": round(float(told), 4), "push": round(float(push), 4)}
            for place, told, push in zip(row["reason"], row["reason_value"], row["push"], strict=True)
            if place >= 0
        ]
        person = UUID(int=int(row["high"]) << 64 | int(row["low"]))
        yield Scored(person, float(row["value"]), int(row["decile"]), reasons)
