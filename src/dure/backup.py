"""A backup of a data folder while its server runs: PostgreSQL, ClickHouse and keys as of one moment.

Files of channels are copied after the state that names them, and none is swept meanwhile: every one that the state
knows is there. Those in a storage of their own (`files_url`) are left to its own tools.

While it is taken the log writer rests: what the log holds is then exactly what the state's cursor says, so that after
a restore the log goes on from the feed and nothing is lost or doubled. Events are accepted all the while.

`backup.json` is written last and names every file with its size and SHA-256: a backup without it is not complete. The
erasure ledger and its key stay out (see `people/ledger.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fastapi import Request
from starlette.responses import StreamingResponse

from dure import __version__
from dure.channels.files.api import nothing_swept
from dure.channels.files.folder import INCOMING
from dure.folder import Folder
from dure.governance.http import is_local
from dure.kernel.clock import Clock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, Unavailable
from dure.kernel.ids import uuid7
from dure.log.api import LOG_FOLLOWER, Frozen, Log, freeze
from dure.settings import FILES
from dure.state import State
from dure.web.body import body
from dure.web.routing import APIRouter

MANIFEST, FORMAT = "backup.json", 1
KEPT = ("signing.key", "federation.key", "dure.toml")
_DATABASES = ("postgres", "clickhouse")
# What of PostgreSQL's folder belongs to the server that ran and not to its data.
_NOT_DATA = ("log", ".handle_pids.json", "backup_manifest", ".s.PGSQL.*", "postmaster.*")


@dataclass(frozen=True)
class Manifest:
    """`files` are path → (size, SHA-256); `tables` of the log are name → {create, rows}."""

    taken_at: str
    position: int
    tables: dict[str, dict[str, Any]]
    files: dict[str, tuple[int, str]]
    version: str = __version__
    format: int = FORMAT


@dataclass
class Backups:
    """Takes backups of one open folder, one at a time."""

    folder: Folder
    state: State
    log: Log
    clock: Clock
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock)

    def check(self, into: Path) -> None:
        """Raises Invalid or Conflict where no backup can be written there."""
        if self.folder.postgres is None or not self.log.dsn.startswith("chdb:"):
            raise Invalid("The databases live elsewhere; back them up with their own tools.", field="folder")
        if not into.is_absolute():
            raise Invalid("`folder` is an absolute path.", field="folder")
        if into.exists() and (not into.is_dir() or any(into.iterdir())):
            raise Conflict(f"{into} is not empty; a backup is written into a folder of its own.", field="folder")
        if into.resolve().is_relative_to(self.folder.path.resolve()):
            raise Invalid("A backup does not lie in the folder that it is of.", field="folder")
        if self._busy.locked():
            raise Conflict("A backup is being taken already.")

    async def take(self, into: Path) -> AsyncIterator[dict[str, Any]]:
        """Writes the backup; yields how far it is, at last `{"stage": "done", …}`."""
        async with self._busy, nothing_swept(self.state):
            await asyncio.to_thread(into.mkdir, 0o700, True, True)
            total = await asyncio.to_thread(_size, [self.folder.path / name for name in (*_DATABASES, FILES)])
            name = f"dure_{uuid7().hex}"
            async with _log_at_rest(self.state) as position:
                yield {"stage": "log", "done": 0, "total": total}
                shadow, frozen = await asyncio.to_thread(freeze, self.log, name)
                try:
                    copying = asyncio.create_task(self._copy_state(into / "postgres"))
                    async for step in _watched(copying, into, "state", total):
                        yield step
                except BaseException:
                    await asyncio.to_thread(shutil.rmtree, shadow, True)
                    raise
            try:
                copying = asyncio.create_task(asyncio.to_thread(_copy_log, frozen, into / "clickhouse"))
                async for step in _watched(copying, into, "log", total):
                    yield step
            finally:
                await asyncio.to_thread(shutil.rmtree, shadow, True)
            copying = asyncio.create_task(asyncio.to_thread(_copy_files, self.folder.path / FILES, into / FILES))
            async for step in _watched(copying, into, "files", total):
                yield step
            yield {"stage": "checksums", "done": total, "total": total}
            size = await asyncio.to_thread(self._seal, into, position, frozen)
        yield {"stage": "done", "done": total, "total": total, "position": position, "bytes": size,
               "events": next(table.rows for table in frozen if table.name == "events")}  # fmt: skip

    async def _copy_state(self, into: Path) -> None:
        assert self.folder.postgres is not None  # noqa: S101 - asked for in check
        process = await asyncio.create_subprocess_exec(
            *self.folder.postgres.backup_command(into), stderr=asyncio.subprocess.PIPE
        )
        try:
            _, said = await process.communicate()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        if process.returncode:
            raise Unavailable(f"PostgreSQL could not be copied: {said.decode('utf-8', 'replace').strip()[-400:]}")
        await asyncio.to_thread(_tidy, into)

    def _seal(self, into: Path, position: int, frozen: list[Frozen]) -> int:
        for name in KEPT:
            if (self.folder.path / name).exists():
                shutil.copy2(self.folder.path / name, into / name)
        files = {str(path.relative_to(into)): digest(path) for path in sorted(into.rglob("*")) if path.is_file()}
        tables = {table.name: {"create": table.create, "rows": table.rows} for table in frozen}
        manifest = Manifest(self.clock.now().isoformat(), position, tables, files)
        draft = into / f"{MANIFEST}.draft"
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(manifest), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(into / MANIFEST)
        return sum(size for size, _ in files.values())


def _tidy(copy: Path) -> None:
    for pattern in _NOT_DATA:
        for path in copy.glob(pattern):
            path.unlink()


def digest(path: Path) -> tuple[int, str]:
    """A file's size and SHA-256."""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


@body
class Where:
    folder: str


def router() -> APIRouter:
    """`POST /api/v1/backups`, for commands on the server's own machine."""
    routes = APIRouter(prefix="/api/v1", tags=["backup"])

    @routes.post("/backups")
    async def take(request: Request, body: Where) -> StreamingResponse:
        """Writes a backup into an empty folder of the server's machine; a line of JSON for every step."""
        backups: Backups | None = getattr(request.app.state, "backups", None)
        if not is_local(request) or backups is None:
            raise NotAllowed("Only a command on the server's own machine may take a backup.")
        into = Path(body.folder)
        backups.check(into)

        async def told() -> AsyncIterator[bytes]:
            try:
                async for step in backups.take(into):
                    yield json.dumps(step).encode() + b"\n"
            except (Unavailable, OSError) as error:
                yield json.dumps({"stage": "failed", "message": str(error)}).encode() + b"\n"

        return StreamingResponse(told(), media_type="application/x-ndjson")

    return routes


@asynccontextmanager
async def _log_at_rest(state: State) -> AsyncIterator[int]:
    """Keeps every process's log writer from taking a range, and waits for the one in hand; yields the cursor."""
    async with state.alone() as connection:
        await connection.execute("select pg_advisory_lock(hashtext(%s))", (f"feed:{LOG_FOLLOWER}",))
        for _ in range(600):
            found = await (
                await connection.execute("select position, claim from feed.cursor where name = %s", (LOG_FOLLOWER,))
            ).fetchone()
            if found is None or found["claim"] is None:
                # The lock goes with the connection.
                yield found["position"] if found else 0
                return
            await asyncio.sleep(0.05)
        raise Unavailable("The log has not confirmed what it was last given for 30 s; a backup would not be whole.")


async def _watched(work: asyncio.Task[None], into: Path, stage: str, total: int) -> AsyncIterator[dict[str, Any]]:
    """Says how much is there every half second until the work is done."""
    try:
        while not work.done():
            await asyncio.wait([work], timeout=0.5)
            yield {"stage": stage, "done": min(await asyncio.to_thread(_size, [into]), total), "total": total}
        await work
    finally:
        work.cancel()


def _copy_log(frozen: Iterable[Frozen], into: Path) -> None:
    for table in frozen:
        if table.parts.exists():
            shutil.copytree(table.parts, into / table.name)


def _copy_files(source: Path, into: Path) -> None:
    if source.exists():
        shutil.copytree(source, into, ignore=shutil.ignore_patterns(INCOMING))


def _size(folders: Iterable[Path]) -> int:
    total = 0
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                total += path.stat().st_size if path.is_file() else 0
            except FileNotFoundError:
                continue  # merged away meanwhile
    return total
