"""How many characters a reader sees: extended grapheme clusters of UAX #29, by the properties that Python knows.

Left out is rule GB9c (conjuncts of Indic scripts), which networks do not agree on either.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right

# Extended_Pictographic of Unicode's emoji-data.txt: first and last of each run.
_PICTURES = [
    (0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139),
    (0x2194, 0x2199), (0x21A9, 0x21AA), (0x231A, 0x231B), (0x2328, 0x2328), (0x2388, 0x2388), (0x23CF, 0x23CF),
    (0x23E9, 0x23F3), (0x23F8, 0x23FA), (0x24C2, 0x24C2), (0x25AA, 0x25AB), (0x25B6, 0x25B6), (0x25C0, 0x25C0),
    (0x25FB, 0x25FE), (0x2600, 0x2605), (0x2607, 0x2612), (0x2614, 0x2685), (0x2690, 0x2705), (0x2708, 0x2712),
    (0x2714, 0x2714), (0x2716, 0x2716), (0x271D, 0x271D), (0x2721, 0x2721), (0x2728, 0x2728), (0x2733, 0x2734),
    (0x2744, 0x2744), (0x2747, 0x2747), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757),
    (0x2763, 0x2767), (0x2795, 0x2797), (0x27A1, 0x27A1), (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2934, 0x2935),
    (0x2B05, 0x2B07), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030), (0x303D, 0x303D),
    (0x3297, 0x3297), (0x3299, 0x3299), (0x1F000, 0x1F0FF), (0x1F10D, 0x1F10F), (0x1F12F, 0x1F12F),
    (0x1F16C, 0x1F171), (0x1F17E, 0x1F17F), (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F1AD, 0x1F1E5),
    (0x1F201, 0x1F20F), (0x1F21A, 0x1F21A), (0x1F22F, 0x1F22F), (0x1F232, 0x1F23A), (0x1F23C, 0x1F23F),
    (0x1F249, 0x1F3FA), (0x1F400, 0x1F53D), (0x1F546, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F774, 0x1F77F),
    (0x1F7D5, 0x1F7FF), (0x1F80C, 0x1F80F), (0x1F848, 0x1F84F), (0x1F85A, 0x1F85F), (0x1F888, 0x1F88F),
    (0x1F8AE, 0x1F8FF), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945), (0x1F947, 0x1FAFF), (0x1FC00, 0x1FFFD),
]  # fmt: skip
_STARTS = [first for first, _ in _PICTURES]
_ZWJ, _ZWNJ = 0x200D, 0x200C


def graphemes(text: str) -> int:
    """The number of extended grapheme clusters."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    found, before, flags, picture = 0, "", 0, False
    for char in text:
        kind = _kind(ord(char))
        joined = (
            before != ""
            and (
                (before, kind) == ("CR", "LF")
                or (before not in ("CR", "LF", "Control") and kind in ("Extend", "ZWJ"))
                or (before == "L" and kind in ("L", "V", "LV", "LVT"))
                or (before in ("LV", "V") and kind in ("V", "T"))
                or (before in ("LVT", "T") and kind == "T")
                or (picture and before == "ZWJ" and kind == "Picture")
                or (before == "RI" and kind == "RI" and flags % 2 == 1)
            )
        )  # fmt: skip
        found += not joined
        flags = flags + 1 if kind == "RI" else 0
        # Whether a picture began what stands now, with only marks since.
        picture = kind == "Picture" or (picture and kind in ("Extend", "ZWJ"))
        before = kind
    return found


def _kind(point: int) -> str:
    if point == 0x0D:
        return "CR"
    if point == 0x0A:
        return "LF"
    if 0xAC00 <= point <= 0xD7A3:
        return "LV" if (point - 0xAC00) % 28 == 0 else "LVT"
    if 0x1100 <= point <= 0x115F or 0xA960 <= point <= 0xA97C:
        return "L"
    if 0x1160 <= point <= 0x11A7 or 0xD7B0 <= point <= 0xD7C6:
        return "V"
    if 0x11A8 <= point <= 0x11FF or 0xD7CB <= point <= 0xD7FB:
        return "T"
    if point == _ZWJ:
        return "ZWJ"
    if 0x1F1E6 <= point <= 0x1F1FF:
        return "RI"
    # Skin tones and tags follow what they change; so do vowel signs that take room.
    if point == _ZWNJ or 0x1F3FB <= point <= 0x1F3FF or 0xE0020 <= point <= 0xE007F or point in (0xFF9E, 0xFF9F):
        return "Extend"
    category = unicodedata.category(chr(point))
    if category in ("Mn", "Me", "Mc"):
        return "Extend"
    if category in ("Cc", "Cf", "Zl", "Zp", "Cs"):
        return "Control"
    at = bisect_right(_STARTS, point) - 1
    return "Picture" if at >= 0 and point <= _PICTURES[at][1] else "Other"
