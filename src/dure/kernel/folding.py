"""How text is made comparable, for whoever looks for words in what people write.

Folding takes away case, width, compatibility forms and everything that is no letter or digit. What is left are *runs*:
letters of one kind of script beside each other, with a blank around each. Scripts that write words apart (Latin,
Cyrillic, digits) are found from the beginning of a run on; those that do not, or that hang endings on (Hangul, Han,
Kana, Thai), are found anywhere in one: `한빛` in `한빛커피가`. So one test on the folded text, whether it holds the
folded words, is exact for both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Hangul and its letters, Han, Kana, Bopomofo, Thai, Lao, Burmese, Khmer: found anywhere in a run.
_ANYWHERE = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uf900-\ufaff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_ANYWHERE}]+|[^\\W_{_ANYWHERE}]+")
IS_ANYWHERE = re.compile(f"[{_ANYWHERE}]")
# Signs of bold, struck and code that stand inside a word: `*한빛*이`.
INSIDE = re.compile(f"(?<=[{_ANYWHERE}])[*~`]+(?=[{_ANYWHERE}])")
_COMPOSED = re.compile(f"[^\x00-\x7f{_ANYWHERE}]+")  # what may bear accents
_ACCENTS = re.compile("[\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f]+")


# More of one message is not looked at.
_FOLDED = 60_000


def fold(text: str) -> str:
    """The text as runs with a blank before, between and after them; `" "` where there is nothing to find.

    `＂한빛＂ *커피*가 AI-2.0` is ` 한빛 커피가 ai 2 0 `.
    """
    plain = comparable(text[:_FOLDED])
    if "*" in plain or "~" in plain or "`" in plain:
        plain = INSIDE.sub("", plain)
    return f" {' '.join(_RUN.findall(plain))} "


@lru_cache(maxsize=20_000)
def fold_name(name: str) -> str:
    """The same of a short text that is compared again and again: a person's or a channel's name."""
    return fold(name)


def comparable(text: str) -> str:
    """The letters of a text without case, width and accents."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain.isascii():
        return plain
    # Accents are taken away, except where they make another letter, as in Hangul and Kana.
    bare = _ACCENTS.sub("", _decomposed(plain)) if _COMPOSED.search(plain) else plain
    return unicodedata.normalize("NFC", bare)


def runs(text: str) -> Iterator[tuple[str, int]]:
    """The runs of a comparable text and where each begins."""
    for found in _RUN.finditer(text):
        yield found[0], found.start()


def wanted(text: str, *, whole: bool = False) -> str:
    """What the folded text of a message has to hold for `text` to be in it; "" for nothing.

    A last word is found by its beginning, or with `whole` only as it is.
    """
    folded = fold(text).strip()
    if not folded:
        return ""
    before = "" if IS_ANYWHERE.match(folded) else " "
    after = " " if whole and not IS_ANYWHERE.match(folded[-1]) else ""
    return f"{before}{folded}{after}"


def _decomposed(text: str) -> str:
    """Letters of alphabets apart from their accents; Hangul and Kana as they are."""
    return _COMPOSED.sub(lambda found: unicodedata.normalize("NFD", found[0]), text)
