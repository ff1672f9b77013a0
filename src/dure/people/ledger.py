"""The erasure ledger: which ids were erased, as keyed hashes, in files that a restored backup does not bring back.

`erasures.ndjson` and `erasure.key` lie in the data folder and, where the setting says so, in a second one. A line is
added before an erasure begins. A backup holds neither: who has a backup alone cannot tell whom a hash means.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import msgspec

from dure.kernel.errors import Conflict
from dure.kernel.seal import Seal
from dure.kernel.tenant import Tenant

LINES, KEY = "erasures.ndjson", "erasure.key"


class Entry(msgspec.Struct, frozen=True):
    """An erasure: `hashes` are of the distinct ids, `by` is the user who asked."""

    id: UUID
    org: str
    workspace: str
    hashes: tuple[str, ...]
    at: datetime
    by: str
    reason: str

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.org, self.workspace)


_decode = msgspec.json.Decoder(Entry).decode


@dataclass(frozen=True)
class Ledger:
    """`places` are folders that each hold the whole of it; without any it is kept for as long as the process lives."""

    places: Sequence[Path]
    seal: Seal

    @classmethod
    def open(cls, data: Path, second: Path | None = None, key: str = "") -> Ledger:
        """Opens the data folder's ledger and its second place; each gets the lines that only the other has.

        Raises Conflict where the two were written with different keys.
        """
        places = [data] if second is None else [data, second]
        for place in places:
            place.mkdir(parents=True, exist_ok=True)
        ledger = cls(places, Seal(_key(places, key)))
        known = {place: {entry.id for entry in _read(place)} for place in places}
        for entry in ledger.entries():
            for place in places:
                if entry.id not in known[place]:
                    _add(place, entry)
        return ledger

    @classmethod
    def passing(cls) -> Ledger:
        """One without files, for tests and for writing the reference."""
        return cls((), Seal(secrets.token_bytes(32)))

    def entries(self) -> list[Entry]:
        """Every erasure that was begun, oldest first."""
        found: dict[UUID, Entry] = {}
        for place in self.places:
            found.update((entry.id, entry) for entry in _read(place))
        return sorted(found.values(), key=lambda entry: (entry.at, entry.id))

    def add(self, entry: Entry) -> None:
        """Notes an erasure in every place, on disk when this returns; one that is noted already is not doubled."""
        for place in self.places:
            if all(known.id != entry.id for known in _read(place)):
                _add(place, entry)


def _key(places: Sequence[Path], given: str) -> bytes:
    if given:
        return given.encode()
    kept = {(place / KEY).read_text().strip() for place in places if (place / KEY).exists()}
    written = {(place / KEY).read_text().strip() for place in places if (place / KEY).exists() and _read(place)}
    if len(kept) > 1 and len(written) == 1:
        kept = written  # a new folder made itself a key before it met the ledger
    if len(kept) > 1:
        raise Conflict(
            f"The erasure ledgers in {' and '.join(map(str, places))} were written with different keys.",
            field="erasure_ledger",
        )
    key = kept.pop() if kept else secrets.token_hex(32)
    for place in places:
        file = place / KEY
        if not file.exists() or file.read_text().strip() != key:
            file.touch(mode=0o600)
            _write(file, key.encode() + b"\n", os.O_TRUNC)
    return bytes.fromhex(key)


def _read(place: Path) -> list[Entry]:
    file = place / LINES
    if not file.exists():
        return []
    # A line that a crash cut short belongs to an erasure that had not begun.
    whole = file.read_bytes().rpartition(b"\n")[0]
    return [_decode(line) for line in whole.split(b"\n") if line]


def _add(place: Path, entry: Entry) -> None:
    file = place / LINES
    if file.exists() and (content := file.read_bytes()) and not content.endswith(b"\n"):
        _write(file, content.rpartition(b"\n")[0] + b"\n" if b"\n" in content else b"", os.O_TRUNC)
    file.touch(mode=0o600)
    _write(file, msgspec.json.encode(entry) + b"\n", os.O_APPEND)


def _write(file: Path, content: bytes, how: int) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | how, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
