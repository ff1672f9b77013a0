"""What is said, taken apart into texts that rules read, and put together again with what they found masked."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dure.channels.guarding.folding import Folded
from dure.channels.guarding.model import Find
from dure.channels.model import Draft

SIGN = "•"
_AROUND = 40
_LONGEST = 240
# These say what an element is and to whom it leads, and are no words.
_NOT_WORDS = frozenset(
    {"type", "block_id", "action_id", "style", "color", "range", "user_id", "usergroup_id", "channel_id", "team_id",
     "unicode", "id"}
)  # fmt: skip
_LARGE_NUMBER = 10**7
_PARTS = ("blocks", "attachments", "metadata")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text stands: a list or an object, and the place in it. With no holder it cannot be masked."""

    holder: Any
    key: Any
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that is read as one, though it may stand in several places: the runs of a rich line."""

    what: str
    spots: tuple[Spot, ...]

    @property
    def text(self) -> str:
        return "".join(spot.text for spot in self.spots)


def of_draft(draft: Draft) -> list[Piece]:
    held = {"text": draft.text, "username": draft.username}
    made = [Piece("text", (Spot(held, name, nfc(text)),)) for name, text in held.items() if text]
    for name in _PARTS:
        value = getattr(draft, name)
        if value:
            made += _walk(name, value)
    return made


def of_texts(texts: Mapping[str, str]) -> list[Piece]:
    return [Piece(name, (Spot(None, name, nfc(text)),)) for name, text in texts.items() if text]


def of_json(what: str, value: Any) -> list[Piece]:
    return list(_walk(what, value))


def folded(pieces: Iterable[Piece]) -> list[Folded]:
    return [Folded(piece.text) for piece in pieces]


def masked_draft(draft: Draft, finds: Iterable[Find]) -> Draft:
    """The draft with what was found made unreadable wherever it stands."""
    fresh = replace(draft, **{name: copy.deepcopy(getattr(draft, name)) for name in _PARTS})
    pieces = of_draft(fresh)
    _mask(pieces, finds)
    words = {spot.key: spot.holder[spot.key] for piece in pieces if piece.what == "text" for spot in piece.spots}
    return replace(fresh, **words)


def masked_json(value: Any, finds: Iterable[Find]) -> Any:
    fresh = copy.deepcopy(value)
    _mask(of_json("", fresh), finds)
    return fresh


def masked_texts(texts: Mapping[str, str], finds: Sequence[Find]) -> dict[str, str]:
    names = [name for name, text in texts.items() if text]
    made = dict(texts)
    for number, name in enumerate(names):
        made[name] = masked(nfc(texts[name]), [(f.start, f.end) for f in finds if f.piece == number])
    return made


def masked(text: str, spots: Iterable[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in spots:
        letters[start:end] = [SIGN if letter.isalnum() else letter for letter in letters[start:end]]
    return "".join(letters)


def excerpt(pieces: Sequence[Piece], finds: Sequence[Find]) -> str:
    """What stands around the first find, with everything that was found masked."""
    first = finds[0]
    text = masked(pieces[first.piece].text, [(f.start, f.end) for f in finds if f.piece == first.piece])
    start, end = max(0, first.start - _AROUND), min(len(text), first.start + _LONGEST - _AROUND)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _walk(what: str, value: Any) -> Iterator[Piece]:
    """Every text, however deep; the runs of a rich line as one, for a number may be half bold."""
    if isinstance(value, Mapping):
        runs = value.get("elements")
        if isinstance(runs, list) and str(value.get("type", "")).startswith("rich_text_") and len(runs) > 1:
            spots = [Spot(run, "text", nfc(run["text"])) for run in runs
                     if isinstance(run, dict) and isinstance(run.get("text"), str)]  # fmt: skip
            if len(spots) > 1:
                yield Piece(what, tuple(spots))
        for key, item in value.items():
            if key not in _NOT_WORDS:
                if what == "metadata" and len(str(key)) > 8:
                    yield Piece(what, (Spot(None, key, nfc(str(key))),))
                yield from _one(what, value, key, item)
    elif isinstance(value, list):
        for key, item in enumerate(value):
            yield from _one(what, value, key, item)


def _one(what: str, holder: Any, key: Any, item: Any) -> Iterator[Piece]:
    if isinstance(item, str):
        if item:
            yield Piece(what, (Spot(holder, key, nfc(item)),))
    elif isinstance(item, int) and not isinstance(item, bool) and abs(item) >= _LARGE_NUMBER:
        yield Piece(what, (Spot(holder, key, str(item)),))
    else:
        yield from _walk(what, item)


def _mask(pieces: Sequence[Piece], finds: Iterable[Find]) -> None:
    hidden: dict[tuple[int, Any], tuple[Spot, set[int]]] = {}
    for find in finds:
        at = 0
        for spot in pieces[find.piece].spots:
            low, high = max(find.start - at, 0), min(find.end - at, len(spot.text))
            if low < high and spot.holder is not None:
                hidden.setdefault((id(spot.holder), spot.key), (spot, set()))[1].update(range(low, high))
            at += len(spot.text)
    for spot, places in hidden.values():
        spot.holder[spot.key] = masked(spot.text, [(n, n + 1) for n in places])


def maskable(pieces: Sequence[Piece], finds: Iterable[Find]) -> bool:
    return all(spot.holder is not None for find in finds for spot in pieces[find.piece].spots)
