"""PDF files: what their pages say, and notes, fields, titles and files that lie in them."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

from dure.channels.documents.model import Budget, Enough, Unreadable

_FEW = 12  # letters on a page with pictures, so few that it is a picture with a number below it
_SENSE = 0.6
_FILES = 50
_SAID = ("/Title", "/Subject", "/Author", "/Keywords")


def read(content: bytes, budget: Budget, within: Callable[[bytes, Budget], None]) -> None:
    """Raises Enough, Unreadable."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):  # many are locked against printing only, and open without
            raise Unreadable("encrypted")
        pages = len(reader.pages)
    except (Enough, Unreadable, MemoryError):
        raise
    except (DependencyError, FileNotDecryptedError) as error:
        raise Unreadable("encrypted") from error
    except Exception as error:  # whatever a hostile or broken file makes the library say
        raise Unreadable("broken") from error
    for number in range(pages):
        budget.page()
        _page(reader, number, budget)
    for text in _about(reader):
        budget.say(f"{text}\n")
    _files(reader, budget, within)


def _page(reader: PdfReader, number: int, budget: Budget) -> None:
    try:
        page = reader.pages[number]
        text = page.extract_text()
        pictures = _has_pictures(page)
        notes = list(_notes(page))
    except MemoryError:
        raise
    except LimitReachedError:
        budget.missed.add("too_large")
        return
    except Exception:  # one page of many; what the others say is still read
        budget.missed.add("broken")
        return
    budget.say(f"{text}\n")
    for note in notes:
        budget.say(f"{note}\n")
    letters = [letter for letter in text if not letter.isspace()]
    if (len(letters) <= _FEW and pictures) or (letters and sum(map(_means, letters)) < _SENSE * len(letters)):
        budget.missed.add("scanned")


def _means(letter: str) -> bool:
    """Whether a letter is one: fonts that do not say what they show come out as signs of nobody's."""
    return letter != "\ufffd" and unicodedata.category(letter)[0] in "LNPSM"


def _has_pictures(page: Any, depth: int = 0) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources else None
    for one in list(objects.get_object().values() if objects else ())[:200]:
        found = one.get_object()
        kind = found.get("/Subtype")
        if kind == "/Image" or (kind == "/Form" and depth < 2 and _has_pictures(found, depth + 1)):
            return True
    return False


def _notes(page: Any) -> Iterator[str]:
    """Notes, what was filled into fields, and where links lead."""
    for one in list(page.get("/Annots") or ())[:2_000]:
        found = one.get_object()
        parent = found.get("/Parent")
        for value in (found.get("/Contents"), found.get("/V"), parent and parent.get_object().get("/V"),
                      (found.get("/A") or {}).get("/URI")):  # fmt: skip
            if isinstance(value, str):
                yield value


def _about(reader: PdfReader) -> list[str]:
    try:
        said: Mapping[str, Any] = reader.metadata or {}
        return [str(said[name]) for name in _SAID if isinstance(said.get(name), str)]
    except PyPdfError:
        return []


def _files(reader: PdfReader, budget: Budget, within: Callable[[bytes, Budget], None]) -> None:
    try:
        held = [content for contents in list(reader.attachments.values())[:_FILES] for content in contents]
    except MemoryError:
        raise
    except Exception:
        budget.missed.add("broken")
        return
    for content in held:
        budget.member()
        budget.unpack(len(content))
        try:
            within(content, budget)
        except Unreadable as unreadable:
            budget.missed.add(unreadable.why)
