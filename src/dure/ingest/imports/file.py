"""A file as plain bytes: what kind it is, whether it is packed, and by which digest it is known."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import IO, cast

from dure.ingest.imports.chunk import CUT
from dure.ingest.imports.columns import Columns, Reading
from dure.kernel.errors import Invalid

DELIMITED = (".csv", ".tsv", ".txt")
LINES = (".ndjson", ".jsonl", ".json")
PARQUET = (".parquet",)
_KINDS = (*DELIMITED, *LINES, *PARQUET)
_PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class EventFile:
    """A file to read; `kind` is the ending that says how."""

    path: Path
    kind: str

    @classmethod
    def at(cls, path: Path) -> EventFile:
        kind = _kind(path)
        if kind not in _KINDS:
            raise Invalid(f"{path.name} is neither CSV, NDJSON nor Parquet, by its name.", field="file")
        return cls(path, kind)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @contextmanager
    def opened(self) -> Iterator[tuple[IO[bytes], Callable[[], int]]]:
        """The plain content, and how many bytes of the file itself have been read."""
        with self.path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if not packed:
                yield file, file.tell
                return
            with gzip.GzipFile(fileobj=file) as plain:
                try:
                    yield cast("IO[bytes]", plain), file.tell
                except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                    raise Invalid(
                        f"{self.path.name} is packed and cut off or damaged: {error}", field="file"
                    ) from error

    def digest(self, columns: Columns, reading: Reading, source: str) -> str:
        """By what a file is known: its plain content (whatever its name and packing) and how it is read."""
        digest = blake2b(repr((columns, reading, source, CUT)).encode(), digest_size=16)
        with self.opened() as (file, _):
            while part := file.read(1 << 20):
                digest.update(part)
        return digest.hexdigest()


def files_of(paths: Sequence[Path]) -> list[EventFile]:
    """The files named, and those inside of the folders named in the order of their names.

    Raises Invalid for a file of an unknown kind and for a folder without any; of a folder the others are passed over.
    """
    found: list[EventFile] = []
    for path in paths:
        if not path.is_dir():
            found.append(EventFile.at(path))
            continue
        inside = [
            EventFile.at(one)
            for one in sorted(path.rglob("*"))
            if one.is_file() and not one.name.startswith((".", "manifest")) and _kind(one) in _KINDS
        ]
        if not inside:
            raise Invalid(f"{path} holds no CSV, NDJSON or Parquet.", field="file")
        found += inside
    return found


def _kind(path: Path) -> str:
    return next((suffix.lower() for suffix in reversed(path.suffixes) if suffix.lower() != _PACKED), "")
