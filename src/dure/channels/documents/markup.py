"""The words of one part of an Office file, read as it is unpacked and never held whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from xml.parsers import expat

from dure.channels.documents.model import Unreadable

Say = Callable[[str], None]
# Elements that hold words, in documents and slides, notes, comments, charts and shapes; what was struck out, too.
_WORDS = frozenset(("t", "delText", "instrText", "delInstrText", "text", "v"))
_LINES = frozenset(("p", "br", "cr", "pt", "row", "tr", "comment", "cm"))
_TABS = frozenset(("tab", "tc"))
_LONGEST_CELL = 64_000
_LEAST_PADDED, _MOST_PADDED = 6, 20


def parse(parts: Iterator[bytes], reader: Reader) -> None:
    """Has a part read. One with a document type is refused: it could name other files, or grow without end."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, given: reader.begin(_local(name), given)
    parser.EndElementHandler = lambda name: reader.end(_local(name))
    parser.CharacterDataHandler = reader.words
    try:
        for part in parts:
            parser.Parse(part, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable("broken") from error


class Reader:
    """Takes what the parser tells."""

    def begin(self, name: str, given: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def words(self, text: str) -> None: ...


class Words(Reader):
    """What stands in a document's or a slide's part; a paragraph's runs are one line."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._inside = 0

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name in _WORDS:
            self._inside += 1
        elif name == "Relationship" and given.get("TargetMode") == "External":
            self._say(given.get("Target", "") + "\n")
        for described in ("descr", "title"):
            if name in ("docPr", "cNvPr") and given.get(described):
                self._say(given[described] + "\n")

    def end(self, name: str) -> None:
        if name in _WORDS:
            self._inside -= 1
        elif name in _LINES:
            self._say("\n")
        elif name in _TABS:
            self._say("\t")

    def words(self, text: str) -> None:
        if self._inside:
            self._say(text)


class Everything(Reader):
    """All words of a part, a line for each element: what is said of a file beside what is in it."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def words(self, text: str) -> None:
        if text.strip():
            self._say(text + "\n")


class Strings(Reader):
    """A workbook's words, which its cells point at."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._now: list[str] = []
        self._inside = self._spoken = False

    def begin(self, name: str, given: dict[str, str]) -> None:  # noqa: ARG002
        if name == "si":
            self._now = []
        elif name == "rPh":  # how it is pronounced
            self._spoken = True
        self._inside = name == "t" and not self._spoken

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append("".join(self._now))
        elif name == "rPh":
            self._spoken = False
        self._inside = False

    def words(self, text: str) -> None:
        if self._inside:
            self._now.append(text)


class Formats(Reader):
    """How many digits a cell of each style shows at least: 000000-0000000 is how Excel shows a resident number."""

    def __init__(self) -> None:
        self.digits: list[int] = []
        self._own: dict[str, int] = {}
        self._cells = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "numFmt":
            self._own[given.get("numFmtId", "")] = given.get("formatCode", "").partition(";")[0].count("0")
        elif name == "cellXfs":
            self._cells = True
        elif name == "xf" and self._cells:
            self.digits.append(self._own.get(given.get("numFmtId", ""), 0))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._cells = False


class Sheet(Reader):
    """A sheet's rows as lines, their cells with a tab between."""

    def __init__(self, say: Say, strings: list[str], digits: list[int]) -> None:
        self._say, self._strings, self._digits = say, strings, digits
        self._kind, self._style, self._now = "", 0, ""
        self._inside = ""

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "c":
            self._kind, self._now = given.get("t", "n"), ""
            self._style = int(given["s"]) if given.get("s", "").isdigit() else 0
        self._inside = name if name in ("v", "t", "f", "oddHeader", "oddFooter") else ""

    def end(self, name: str) -> None:
        if name == "c":
            self._say(self._cell() + "\t")
        elif name in ("row", "oddHeader", "oddFooter"):
            self._say("\n")
        self._inside = ""

    def words(self, text: str) -> None:
        if self._inside in ("v", "t"):
            self._now = (self._now + text)[:_LONGEST_CELL]
        elif self._inside:  # a formula may hold a text, too
            self._say(text + ("\t" if self._inside == "f" else ""))

    def _cell(self) -> str:
        if self._kind == "s":
            at = int(self._now) if self._now.strip().isdigit() and len(self._now) < 10 else -1
            return self._strings[at] if 0 <= at < len(self._strings) else ""
        if self._kind != "n":
            return self._now
        return _number(self._now, self._digits[self._style] if self._style < len(self._digits) else 0)


def _number(text: str, digits: int) -> str:
    """A number as it is shown: not as 8.8E12, and with the zeros that it begins with."""
    if "e" in text.lower() and len(text) < 40:
        try:
            value = Decimal(text)
            text = f"{value:f}" if abs(value.adjusted()) < 40 else text
        except InvalidOperation:
            return text
    return text.zfill(digits) if _LEAST_PADDED <= digits <= _MOST_PADDED and text.isdigit() else text


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse(*_: object) -> None:
    raise Unreadable("broken")
