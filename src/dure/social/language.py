"""Which language a short text is in, by its script: sure for Korean, honest about the rest."""

from __future__ import annotations


def language_of(text: str) -> str:
    """`ko`, `ja`, `zh`, `en` for Latin script (which may be another language in it), or "" without letters.

    A fifth of Hangul among the letters is Korean: brand names and loan words around it are usually Latin.
    """
    hangul = kana = han = latin = 0
    for letter in text:
        code = ord(letter)
        if 0xAC00 <= code <= 0xD7A3 or 0x3131 <= code <= 0x318E or 0x1100 <= code <= 0x11FF:
            hangul += 1
        elif 0x3040 <= code <= 0x30FF:
            kana += 1
        elif 0x4E00 <= code <= 0x9FFF:
            han += 1
        elif letter.isalpha():
            latin += 1
    letters = hangul + kana + han + latin
    if not letters:
        return ""
    if hangul * 5 >= letters:
        return "ko"
    if kana * 5 >= letters:
        return "ja"
    return "zh" if han * 2 >= letters else "en"
