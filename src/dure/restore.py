"""A backup becomes a data folder: checked file by file, put in place, and told which erasures came after it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from dure import __version__
from dure.backup import FORMAT, KEPT, MANIFEST, Manifest, digest
from dure.folder import RESTORING
from dure.kernel.errors import Conflict, Invalid
from dure.log.api import Log, attach
from dure.people.ledger import KEY, LINES
from dure.settings import FILES, Settings
from dure.state.embedded import EmbeddedPostgres

Progress = Callable[[str, int, int], None]


def restore(backup: Path, settings: Settings, ledger: Path | None, progress: Progress) -> Manifest:
    """Fills the settings' empty data folder from a backup; what the ledger knows is erased again at the first start.

    Raises Invalid for a backup that is not complete, was damaged or is newer than this program, and Conflict for a
    folder that is not empty.
    """
    manifest = read(backup)
    into = settings.data
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Conflict(f"{into} is not empty; a backup is restored into a folder of its own.", field="data")
    if settings.postgres_url or settings.clickhouse_url:
        raise Invalid("The databases live elsewhere; restore them with their own tools.", field="data")
    if ledger is not None and not (ledger / KEY).exists():
        raise Invalid(f"There is no erasure ledger in {ledger}.", field="ledger")
    check(backup, manifest, progress)
    into.mkdir(parents=True, exist_ok=True)
    into.chmod(0o711)
    (into / RESTORING).touch()
    for name in KEPT:
        if (backup / name).exists():
            shutil.copy2(backup / name, into / name)
    if ledger is not None:
        for name in (KEY, LINES):
            if (ledger / name).exists():
                shutil.copy2(ledger / name, into / name)
    progress("state", 0, 1)
    shutil.copytree(backup / "postgres", into / "postgres")
    EmbeddedPostgres(into / "postgres").own()
    if (backup / FILES).exists():
        progress("files", 0, 1)
        shutil.copytree(backup / FILES, into / FILES)
    _fill_log(backup, into, settings, manifest, progress)
    (into / RESTORING).unlink()
    return manifest


def read(backup: Path) -> Manifest:
    """The backup's list of contents."""
    try:
        told = json.loads((backup / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Invalid(f"{backup} holds no complete backup: {MANIFEST} is missing.", field="backup") from error
    except json.JSONDecodeError as error:
        raise Invalid(f"{backup / MANIFEST} cannot be read.", field="backup") from error
    if told.get("format") != FORMAT or _numbers(told["version"]) > _numbers(__version__):
        raise Invalid(
            f"The backup was taken by Dure {told.get('version')}, and this is {__version__}: restore with that one.",
            field="backup",
        )
    return Manifest(**{**told, "files": {name: tuple(pair) for name, pair in told["files"].items()}})


def check(backup: Path, manifest: Manifest, progress: Progress) -> None:
    """Reads every file and compares it with the list."""
    for number, (name, expected) in enumerate(manifest.files.items()):
        progress("checking", number, len(manifest.files))
        path = backup / name
        if not path.is_file():
            raise Invalid(f"The backup is not whole: {name} is missing.", field="backup")
        if digest(path) != expected:
            raise Invalid(f"The backup was damaged: {name} is not what was written.", field="backup")


def _fill_log(backup: Path, into: Path, settings: Settings, manifest: Manifest, progress: Progress) -> None:
    folder = into / "clickhouse"
    folder.mkdir(mode=0o700)
    log = Log(f"chdb://{folder.resolve()}", database=settings.clickhouse_database)
    log.open()
    try:
        for number, (table, told) in enumerate(manifest.tables.items()):
            progress("log", number, len(manifest.tables))
            rows = attach(log, table, told["create"], backup / "clickhouse" / table)
            if rows < told["rows"]:
                raise Invalid(f"Of {told['rows']:,} rows of {table} only {rows:,} came back.", field="backup")
    finally:
        log.close()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
