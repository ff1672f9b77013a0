"""The archive: Slack's layout of an export, written member by member, never held whole."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import msgspec


class Archive:
    """`with Archive(path) as archive`. Members are written one after the other."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6, allowZip64=True)
        self._names: set[str] = set()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def json(self, name: str, value: Any) -> None:
        with self.member(name) as member:
            member.write(_json(value, indent=1))

    @contextmanager
    def array(self, name: str) -> Iterator[Array]:
        """A JSON array whose items come one by one."""
        with self.member(name) as member:
            array = Array(member)
            yield array
            array.close()

    @contextmanager
    def lines(self, name: str) -> Iterator[Lines]:
        """NDJSON."""
        with self.member(name) as member:
            yield Lines(member)

    @contextmanager
    def member(self, name: str, *, packed: bool = False) -> Iterator[IO[bytes]]:
        """`packed`: it is small already."""
        info = zipfile.ZipInfo(self.free(name), date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as member:
            yield member

    def free(self, name: str) -> str:
        """A name that no member has and that leads nowhere out of the folder it is unpacked in."""
        safe = "/".join(_safe(part) for part in name.split("/"))
        stem, dot, end = safe.rpartition(".")
        free, number = safe, 2
        while free in self._names:
            free, number = (f"{stem}-{number}{dot}{end}" if stem else f"{safe}-{number}"), number + 1
        self._names.add(free)
        return free


class Array:
    def __init__(self, member: IO[bytes]) -> None:
        self._member, self._first = member, True
        member.write(b"[")

    def add(self, items: Iterable[Any]) -> None:
        for item in items:
            self._member.write((b"\n" if self._first else b",\n") + _json(item))
            self._first = False

    def close(self) -> None:
        self._member.write(b"\n]\n")


class Lines:
    def __init__(self, member: IO[bytes]) -> None:
        self._member = member

    def add(self, items: Iterable[Any]) -> None:
        for item in items:
            self._member.write(_json(item) + b"\n")


def _json(value: Any, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent, default=_plain).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def _safe(part: str) -> str:
    cleaned = "".join("_" if letter in '\\:*?"<>|' or ord(letter) < 32 else letter for letter in part).strip()
    return "_" if cleaned in ("", ".", "..") else cleaned[:150]
