"""The zip that Slack makes: what is in it, read where it lies. Nothing of it is ever unpacked to a disk."""

from __future__ import annotations

import re
import struct
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from dure.channels.moving.model import Left
from dure.channels.moving.objects import Broken, objects
from dure.channels.moving.refusals import NotAnExport

MOST_MEMBERS = 500_000
LARGEST_JSON = 2 << 30
LARGEST_WHOLE = 100 << 30
_DIRECTORY = 32 << 20  # three hundred thousand files
_SMALL = 16 << 20  # what is no larger may be packed as tightly as it likes
_TIGHTEST = 200  # JSON of conversations is packed ten to forty times
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2}|all)\.json")
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
LISTS = ("users.json", "org_users.json", "channels.json", "groups.json", "dms.json", "mpims.json")
_OTHERS = {
    "integration_logs.json": "app_log", "canvases.json": "canvases", "content_flags.json": "content_flags",
    "lists.json": "lists",
}  # fmt: skip
# What Dure's own exports have beside; nothing of it is left out by mistake.
_OWN = frozenset(
    {"takeout.json", "files.ndjson", "events.ndjson", "canvases.ndjson", "bookmarks.ndjson", "user_groups.ndjson",
     "forms.ndjson", "form_answers.ndjson", "reminders.ndjson", "scheduled.ndjson", "edits.ndjson", "held.ndjson"}
)  # fmt: skip


class Export:
    """`with Export(path) as export`. Raises NotAnExport for what is none, or is not safe to read."""

    def __init__(self, path: Path) -> None:
        _check_directory(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            raise NotAnExport(f"The file is no zip: {error}.", field="file") from error
        self.left: list[Left] = []
        members = self._safe(self._zip.infolist())
        self._members = self._named(members)
        self._days: dict[str, dict[str, zipfile.ZipInfo]] = defaultdict(dict)
        self._files: dict[str, zipfile.ZipInfo] = {}
        self._sort()
        if not any(name in self._members for name in LISTS[2:]):
            raise NotAnExport("There is no channels.json in it: this is no export of Slack.", field="file")

    def __enter__(self) -> Export:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def has(self, name: str) -> bool:
        return name in self._members

    def listed(self, name: str) -> Iterator[dict[str, Any]]:
        """The objects of one of the lists; what is broken in it is left out, and said."""
        info = self._members.get(name)
        if info is None:
            return
        try:
            with self._zip.open(info) as stream:
                for item in objects(stream):
                    if isinstance(item, dict):
                        yield item
        except Broken as error:
            self.left.append(Left("list", "broken", f"{name}: {error}"))
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            self.left.append(Left("list", "broken", f"{name}: {error}"))

    def days(self, folder: str) -> list[str]:
        return sorted(self._days.get(folder, ()))

    def folders(self) -> set[str]:
        return set(self._days)

    def said(self, folder: str, day: str) -> Iterator[Any]:
        """A day's items. Raises Broken once it cannot be read on."""
        try:
            with self._zip.open(self._days[folder][day]) as stream:
                yield from objects(stream)
        except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise Broken(str(error)) from error

    def file(self, file: str) -> zipfile.ZipInfo | None:
        """Where a file's bytes lie, in exports that have them: Dure's own, and those of some programs."""
        return self._files.get(file)

    def open(self, info: zipfile.ZipInfo) -> IO[bytes]:
        return self._zip.open(info)

    # -- within ------------------------------------------------------------------------------------------------------

    def _safe(self, infos: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
        """Those that may be read; raises NotAnExport for an archive that is a trap as a whole."""
        if len(infos) > MOST_MEMBERS:
            raise NotAnExport(f"It has more than {MOST_MEMBERS:,} files.", field="file")
        if sum(info.file_size for info in infos) > LARGEST_WHOLE:
            raise NotAnExport(f"Unpacked it would be larger than {LARGEST_WHOLE >> 30} GiB.", field="file")
        end = 0
        for info in sorted(infos, key=lambda one: one.header_offset):
            if info.header_offset < end:
                raise NotAnExport("Its files lie over each other: such an archive is a trap.", field="file")
            end = info.header_offset + info.compress_size
        kept = []
        for info in infos:
            why = _unsafe(info)
            if why:
                self.left.append(Left("member", why, info.filename[:200]))
            elif not info.is_dir():
                kept.append(info)
        return kept

    def _named(self, members: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        """By name within the export, which may lie in a folder where somebody packed it again."""
        members = [one for one in members if not one.filename.startswith("__MACOSX/")
                   and not one.filename.endswith(".DS_Store")]  # fmt: skip
        tops = sorted((one.filename for one in members if one.filename.split("/")[-1] in LISTS), key=len)
        prefix = tops[0].rpartition("/")[0] if tops else ""
        prefix = f"{prefix}/" if prefix else ""
        named: dict[str, zipfile.ZipInfo] = {}
        for one in members:
            name = one.filename
            if not name.startswith(prefix):
                self.left.append(Left("member", "elsewhere", name[:200]))
            elif (own := name[len(prefix) :]) in named:
                self.left.append(Left("member", "twice", name[:200]))
            else:
                named[own] = one
        return named

    def _sort(self) -> None:
        """Days by their folders, files by their ids, and a word on what is neither."""
        for name, info in self._members.items():
            parts = name.split("/")
            if len(parts) == 1:
                if name in _OTHERS:
                    self.left.append(Left(_OTHERS[name], "not_brought", name))
                elif name not in LISTS and name not in _OWN:
                    self.left.append(Left("member", "unknown", name[:200]))
            elif parts[0] in ("files", "__uploads") and len(parts) == 3:
                self._files[parts[1]] = info
            elif len(parts) == 3 and parts[1] == "attachments":
                self._files[parts[2].partition("-")[0]] = info
            elif len(parts) == 2 and _DAY.fullmatch(parts[1]):
                self._days[parts[0]][parts[1].removesuffix(".json")] = info
            elif parts[0] != "definitions":
                self.left.append(Left("member", "unknown", name[:200]))


def _unsafe(info: zipfile.ZipInfo) -> str:
    name = info.filename
    if name.startswith(("/", "\\")) or "\\" in name or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
        return "leads_out"
    if info.flag_bits & 0x1:
        return "locked"
    if info.compress_type not in _PACKED:
        return "packing"
    if name.endswith(".json") and info.file_size > LARGEST_JSON:
        return "too_large"
    if info.file_size > _SMALL and info.file_size > _TIGHTEST * max(1, info.compress_size):
        return "bomb"
    return ""


def _check_directory(path: Path) -> None:
    """How long it says that its directory is, before a list is made of it."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - (1 << 16) - 128))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise NotAnExport("The file is no zip, or its end is missing.", field="file")
    length = int(struct.unpack_from("<I", tail, at + 12)[0])
    large = tail.rfind(b"PK\x06\x06", 0, at)
    if length == 0xFFFFFFFF and large >= 0 and len(tail) >= large + 48:
        length = int(struct.unpack_from("<Q", tail, large + 40)[0])
    if length > _DIRECTORY:
        raise NotAnExport("Its directory is too long to be one of an export.", field="file")
