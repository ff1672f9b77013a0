"""Word, Excel and PowerPoint files of today: archives of XML. Of each part the words are taken, hidden ones too."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from lzma import LZMAError

from dure.channels.documents.markup import Everything, Formats, Reader, Sheet, Strings, Words, parse
from dure.channels.documents.model import Budget, Unreadable

Within = Callable[[bytes, Budget], None]
"""What reads a document that lies in another."""

_AT_ONCE = 64 * 1024
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)[\s/>]")
# Parts that say how it looks and not what it says.
_LOOKS = frozenset(
    ("theme", "styleSheet", "styles", "settings", "webSettings", "fonts", "numbering", "presentationPr", "viewPr",
     "tblStyleLst", "Types", "calcChain", "chartStyle", "colorStyle", "layoutDef", "styleDef", "colorsDef")
)  # fmt: skip
_WITHIN = (".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xltx", ".pptx", ".pptm", ".potx", ".ppsx", ".pdf")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".emf", ".wmf", ".webp")
_MAIN = ("word/", "xl/", "ppt/")
# What is seen on every slide, and what is said of the file: after what is in it.
_LAST = re.compile(r"docprops/|customxml/|ppt/(slidelayouts|slidemasters|notesmasters|handoutmasters)/|.*\.rels$")
_NUMBERS = re.compile(r"[0-9]+")


def is_office(archive: zipfile.ZipFile) -> bool:
    names = {info.filename.lower() for info in archive.infolist()[:200]}
    return "[content_types].xml" in names and any(name.startswith(_MAIN) for name in names)


def read(content: bytes, budget: Budget, within: Within) -> None:
    """Raises Enough, Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if not is_office(archive):
                raise Unreadable("unknown")
            _Package(archive, budget, within).read()
    except (zipfile.BadZipFile, zlib.error, LZMAError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Unreadable("broken") from error
    except RuntimeError as error:  # zipfile's word for a part under a password
        raise Unreadable("encrypted") from error


def _order(info: zipfile.ZipInfo) -> tuple[bool, str]:
    """The tenth slide is after the second."""
    name = info.filename.lower()
    return _LAST.match(name) is not None, _NUMBERS.sub(lambda found: found[0].zfill(9)[-9:], name)


class _Package:
    def __init__(self, archive: zipfile.ZipFile, budget: Budget, within: Within) -> None:
        self._archive = archive
        self._budget = budget
        self._within = within

    def read(self) -> None:
        before = sum(map(len, self._budget.pieces))
        strings, formats, pictures = Strings(), Formats(), False
        sheets: list[zipfile.ZipInfo] = []
        last: list[zipfile.ZipInfo] = []
        for info in sorted(self._archive.infolist(), key=_order):
            self._budget.member()
            name = info.filename.lower()
            if name.endswith(_WITHIN):
                self._inner(info)
            elif name.endswith(_PICTURES):
                pictures = pictures or not name.startswith("docprops/")
            elif name.endswith((".bin", ".ole", ".doc", ".xls", ".ppt")) and "printersettings" not in name:
                if "vba" not in name and "activex" not in name:
                    self._budget.missed.add(
                        "unknown"
                    )  # an object of an older program, or a workbook in its binary form
            elif _LAST.match(name):
                last.append(info)
            elif name.endswith((".xml", ".vml")):
                root = self._root(info)
                if root == "worksheet":
                    sheets.append(info)
                elif root == "sst":
                    self._parse(info, strings)
                elif root == "styleSheet":
                    self._parse(info, formats)
                elif root not in _LOOKS:
                    self._parse(info, Everything(self._budget.say) if root == "workbook" else Words(self._budget.say))
        for info in sheets:
            self._parse(info, Sheet(self._budget.say, strings.found, formats.digits))
        for info in last:
            if info.filename.endswith((".xml", ".rels")) and self._root(info) not in _LOOKS:
                plain = info.filename.lower().startswith(("docprops/", "customxml/"))
                self._parse(info, Everything(self._budget.say) if plain else Words(self._budget.say))
        said = "".join(self._budget.pieces)[before:]
        if pictures and sum(letter.isalpha() for letter in said[:2_000]) < 1:
            self._budget.missed.add("scanned")

    def _root(self, info: zipfile.ZipInfo) -> str:
        with self._archive.open(info) as part:
            head = part.read(2_048)
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            head = head.decode("utf-16", "ignore").encode()
        found = _ROOT.search(head)
        return found[1].decode() if found else ""

    def _parse(self, info: zipfile.ZipInfo, reader: Reader) -> None:
        parse(self._parts(info), reader)
        self._budget.say("\n")

    def _parts(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        with self._archive.open(info) as part:
            while piece := part.read(_AT_ONCE):
                self._budget.unpack(len(piece))
                yield piece

    def _inner(self, info: zipfile.ZipInfo) -> None:
        content = b"".join(self._parts(info))
        try:
            self._within(content, self._budget)
        except Unreadable as unreadable:
            self._budget.missed.add(unreadable.why)
