"""A file's words by its bytes. Runs in a process of its own (`process`): what it reads comes from strangers."""

from __future__ import annotations

from dure.channels.documents import office
from dure.channels.documents.model import DEPTH, Budget, Enough, Reading, Unreadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def words_of(content: bytes) -> Reading:
    """What a file says, as far as it can be read."""
    budget = Budget()
    try:
        _read(content, budget, 0)
    except Enough:
        budget.missed.add("too_large")
    except MemoryError:
        budget.missed.add("too_large")
    except Unreadable as unreadable:
        budget.missed.add(unreadable.why)
    return budget.reading()


def _read(content: bytes, budget: Budget, depth: int) -> None:
    if depth > DEPTH:
        raise Unreadable("too_large")

    def within(inner: bytes, budget: Budget) -> None:
        _read(inner, budget, depth + 1)

    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        office.read(content, budget, within)
    elif b"%PDF-" in content[:1024]:
        from dure.channels.documents import pdf  # here: a third of a second that others do not need

        pdf.read(content, budget, within)
    elif content.startswith(_OLE):  # Office locks a file by laying it into one of these
        raise Unreadable("encrypted" if _LOCKED in content else "unknown")
    elif depth and b"\0" not in content[:4096]:
        budget.say(content.decode("utf-8", "replace"))
    else:
        raise Unreadable("unknown")
