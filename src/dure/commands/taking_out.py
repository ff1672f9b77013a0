"""`dure export events`: fetches a history part by part into a folder, and goes on where it was stopped."""

from __future__ import annotations

import csv
import io
import json
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet

from dure.kernel.errors import Conflict

MANIFEST = "manifest.json"
_NOTE_EVERY = 2.0

Asked = dict[str, Any]
Plan = Callable[[Asked], Awaitable[dict[str, Any]]]
Fetch = Callable[[Asked], Awaitable[bytes]]
Progress = Callable[[int, int], None]


@dataclass
class TakenOut:
    """What an export came to: files and rows in the folder, and how many of the files were there already."""

    files: int = 0
    rows: int = 0
    known: int = 0
    bytes: int = 0


@dataclass
class Manifest:
    """What lies in the folder: the question, and each file with its rows, size and checksum."""

    folder: Path
    asked: Asked
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    complete: bool = False

    @classmethod
    def of(cls, folder: Path, asked: Asked) -> Manifest:
        """The folder's own, or a new one. Raises Conflict where another question's export lies there."""
        path = folder / MANIFEST
        if not path.exists():
            if folder.exists() and any(folder.iterdir()):
                raise Conflict(f"{folder} is not empty and holds no export; choose another folder.", field="to")
            return cls(folder, asked)
        known = json.loads(path.read_text(encoding="utf-8"))
        if known["asked"] != asked:
            raise Conflict(f"{folder} holds an export of another question; choose another folder.", field="to")
        return cls(folder, asked, {file["path"]: file for file in known["files"]})

    def holds(self, path: str, planned: int) -> bool:
        """Whether a file of the plan lies there whole and has as many rows as the log had when it was asked now."""
        known = self.files.get(path)
        file = self.folder / path
        return (
            known is not None and known["planned"] == planned and file.is_file()
            and file.stat().st_size == known["bytes"] and _checksum(file.read_bytes()) == known["sha256"]
        )  # fmt: skip

    def put(self, path: str, content: bytes, kind: str, planned: int) -> None:
        """Writes a file beside its place and moves it there."""
        _replace(self.folder / path, content)
        self.files[path] = {
            "path": path, "rows": rows_of(content, kind), "planned": planned, "bytes": len(content),
            "sha256": _checksum(content),
        }  # fmt: skip

    def keep_only(self, paths: set[str]) -> None:
        """Takes away files of an earlier plan that this one does not have."""
        for path in self.files.keys() - paths:
            (self.folder / path).unlink(missing_ok=True)
            del self.files[path]

    def write(self) -> None:
        files = [self.files[path] for path in sorted(self.files)]
        text = {
            "asked": self.asked, "complete": self.complete, "rows": sum(file["rows"] for file in files), "files": files,
        }  # fmt: skip
        _replace(self.folder / MANIFEST, json.dumps(text, ensure_ascii=False, indent=1).encode())


async def take_out(folder: Path, asked: Asked, plan: Plan, fetch: Fetch, progress: Progress | None = None) -> TakenOut:
    """Fetches what is not there yet. The manifest says `complete` once every file of the plan is."""
    manifest = Manifest.of(folder, asked)
    parts = (await plan(asked))["parts"]
    total, done, noted = sum(part["rows"] for part in parts), 0, time.monotonic()
    taken = TakenOut()
    manifest.keep_only({_path(part, asked) for part in parts})
    manifest.write()
    try:
        for part in parts:
            path = _path(part, asked)
            if manifest.holds(path, part["rows"]):
                taken.known += 1
            else:
                manifest.put(path, await fetch({**asked, "part": part}), asked["format"], part["rows"])
            if time.monotonic() - noted > _NOTE_EVERY:
                manifest.write()
                noted = time.monotonic()
            done += part["rows"]
            if progress:
                progress(done, total)
        manifest.complete = True
    finally:
        manifest.write()
    taken.files = len(manifest.files)
    taken.rows = sum(file["rows"] for file in manifest.files.values())
    taken.bytes = sum(file["bytes"] for file in manifest.files.values())
    return taken


def rows_of(content: bytes, kind: str) -> int:
    """How many rows a file holds, counted in the file itself."""
    if kind == "parquet":
        return int(parquet.ParquetFile(pyarrow.BufferReader(content)).metadata.num_rows)
    if kind == "ndjson":
        return content.count(b"\n")
    return sum(1 for _ in csv.reader(io.StringIO(content.decode(), newline=""))) - 1


def _path(part: dict[str, Any], asked: Asked) -> str:
    return f"day={part['day']}/part-{part['number']:05}.{asked['format']}"


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _checksum(content: bytes) -> str:
    return sha256(content).hexdigest()
