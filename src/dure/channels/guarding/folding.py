"""Text as rules compare it: width and presentation folded away, unseen characters out, and the way back."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

_UNSEEN = {0x034F, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800}


class _Wide(dict[int, str]):
    """Each character on its own, so that every letter of the result knows where it comes from."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        unseen = code in _UNSEEN or 0xFE00 <= code <= 0xFE0F or unicodedata.category(letter) == "Cf"
        made = "" if unseen else _digits(unicodedata.normalize("NFKC", letter))
        self[code] = made
        return made


class _Small(dict[int, str]):
    def __missing__(self, code: int) -> str:
        self[code] = made = _WIDE[code].casefold()
        return made


class _Bare(dict[int, str]):
    """Letters and digits only."""

    def __missing__(self, code: int) -> str:
        self[code] = made = "".join(letter for letter in _SMALL[code] if letter.isalnum())
        return made


_WIDE, _SMALL, _BARE = _Wide(), _Small(), _Bare()


def _digits(text: str) -> str:
    """Digits of other scripts are digits."""
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in text)


def bare(text: str) -> str:
    """A word as lists compare it: in small letters, without spaces and signs."""
    return unicodedata.normalize("NFC", text).translate(_BARE)


@dataclass(frozen=True)
class Folded:
    """A text in the three ways in which rules read it; `spot` leads back from a place in one of them."""

    text: str

    @cached_property
    def wide(self) -> str:
        return self.text if self.text.isascii() else self.text.translate(_WIDE)

    @cached_property
    def small(self) -> str:
        return self.text.lower() if self.text.isascii() else self.text.translate(_SMALL)

    @cached_property
    def bare(self) -> str:
        return self.text.translate(_BARE)

    def spot(self, form: str, start: int, end: int) -> tuple[int, int]:
        """From where to where in the text itself lies what was found in one of its forms."""
        if form != "bare" and self.text.isascii():
            return start, end
        way = self._ways[form]
        return way[start], way[end - 1] + 1

    @cached_property
    def _ways(self) -> dict[str, list[int]]:
        tables: dict[str, dict[int, str]] = {"wide": _WIDE, "small": _SMALL, "bare": _BARE}
        return {
            form: [n for n, letter in enumerate(self.text) for _ in table[ord(letter)]]
            for form, table in tables.items()
        }
