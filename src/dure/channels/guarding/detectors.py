"""What the house knows by itself: Korean resident numbers, payment cards, IBANs, keys, many addresses.

Each detector gives where in the text it found something. Its patterns are bounded and have nothing to go back to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from dure.channels.guarding.folding import Folded

Spot = tuple[int, int]
Detector = Callable[[Folded, str, date], Iterator[Spot]]

_BETWEEN = r"[^\S\n]?[-–—―‐‑_.·*~`/|:,]{0,3}[^\S\n]?"
_RESIDENT = re.compile(rf"(?<![0-9])([0-9]{{6}}){_BETWEEN}([1-8])((?:{_BETWEEN}[0-9]){{6}})(?![0-9])")
_DIGITS = re.compile(rf"(?<![0-9])[0-9](?:{_BETWEEN}[0-9]){{11,120}}(?![0-9])")
_IBAN = re.compile(r"(?<![0-9a-z])[a-z]{2}[0-9]{2}(?:[ -]?[0-9a-z]){11,30}(?![0-9a-z])")
_KEY = re.compile(
    r"xox[abceprs]-[0-9A-Za-z-]{10,250}|xapp-[0-9A-Za-z-]{10,250}|(?:AKIA|ASIA)[0-9A-Z]{16}"
    r"|gh[pousr]_[A-Za-z0-9]{36,250}|github_pat_[A-Za-z0-9_]{22,250}|glpat-[A-Za-z0-9_-]{20,60}"
    r"|(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,250}|sk-[A-Za-z0-9_-]{20,250}|AIza[0-9A-Za-z_-]{35}"
    r"|SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,250}"
    r"|hooks\.slack\.com/services/T[0-9A-Z]{5,20}/B[0-9A-Z]{5,20}/[0-9A-Za-z]{10,60}"
    r"|eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,2000}"
    r"|-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY-----"
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}")
_PHONE = re.compile(
    r"(?<![0-9])(?:01[016-9][ .-]?[0-9]{3,4}[ .-]?[0-9]{4}|0[2-7][0-9]?-[0-9]{3,4}-[0-9]{4}"
    r"|\+[0-9]{1,3}(?:[ .-]?[0-9]{2,4}){2,4})(?![0-9])"
)
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_UNCHECKED_SINCE = date(2020, 10, 5)  # numbers given out since then have no check digit
# Lengths by country, as the registry of IBANs has them.
_IBAN_LENGTH = {
    "ad": 24, "ae": 23, "at": 20, "be": 16, "bg": 22, "br": 29, "ch": 21, "cy": 28, "cz": 24, "de": 22, "dk": 18,
    "ee": 20, "es": 24, "fi": 18, "fr": 27, "gb": 22, "gr": 27, "hr": 21, "hu": 28, "ie": 22, "il": 23, "is": 26,
    "it": 27, "kw": 30, "kz": 20, "li": 21, "lt": 20, "lu": 20, "lv": 21, "mc": 27, "mt": 31, "nl": 18, "no": 15,
    "pk": 24, "pl": 28, "pt": 25, "qa": 29, "ro": 24, "rs": 22, "sa": 24, "se": 24, "si": 19, "sk": 24, "tr": 26,
    "ua": 29,
}  # fmt: skip


def resident_numbers(text: Folded, confidence: str, today: date) -> Iterator[Spot]:
    """Korean resident registration numbers, foreigners' too."""
    for found in _RESIDENT.finditer(text.wide):
        digits = "".join(letter for letter in found[0] if letter.isdigit())
        if is_resident_number(digits, confidence, today):
            yield text.spot("wide", *found.span())


def is_resident_number(digits: str, confidence: str, today: date) -> bool:
    """A date that was, and (*sure*) the check digit, unless whoever was born then got a number without one."""
    century = 1900 if digits[6] in "1256" else 2000
    try:
        born = date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    if born > today:
        return False
    if confidence == "likely" or born >= _UNCHECKED_SINCE:
        return True
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False))
    base = 13 if digits[6] in "5678" else 11
    return (base - total % 11) % 10 == int(digits[12])


def cards(text: Folded, confidence: str, today: date) -> Iterator[Spot]:  # noqa: ARG001
    """Numbers of payment cards: issuer, length and check digit."""
    for found in _DIGITS.finditer(text.wide):
        places = [n for n in range(*found.span()) if text.wide[n].isdigit()]
        digits = "".join(text.wide[n] for n in places)
        # A card begins and ends where a group of digits does.
        starts = [n for n, place in enumerate(places) if n == 0 or places[n - 1] != place - 1]
        ends = [*starts[1:], len(places)]
        past = 0
        for start in starts:
            if start < past:
                continue
            for end in reversed(ends):
                if 12 <= end - start <= 19 and is_card(digits[start:end]):
                    yield text.spot("wide", places[start], places[end - 1] + 1)
                    past = end
                    break


def is_card(digits: str) -> bool:
    return _issued(digits) and _luhn(digits)


def _issued(digits: str) -> bool:
    two, three, four, long = int(digits[:2]), int(digits[:3]), int(digits[:4]), len(digits)
    if digits[0] == "4":  # Visa
        return long in (13, 16, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720:  # Mastercard
        return long == 16
    if two in (34, 37):  # American Express
        return long == 15
    if 300 <= three <= 305 or two in (36, 38, 39):  # Diners Club
        return 14 <= long <= 19
    if 3528 <= four <= 3589 or four == 6011 or 644 <= three <= 649 or two in (62, 65):  # JCB, Discover, UnionPay
        return 16 <= long <= 19
    return two in (94, 95) and long == 16  # of Korea alone


def _luhn(digits: str) -> bool:
    total = 0
    for number, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + number % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def ibans(text: Folded, confidence: str, today: date) -> Iterator[Spot]:  # noqa: ARG001
    for found in _IBAN.finditer(text.small):
        letters = [n for n in range(*found.span()) if text.small[n] not in " -"]
        length = _IBAN_LENGTH.get(found[0][:2], 0)
        if not length or len(letters) < length:
            continue
        # Words may follow it without a sign between.
        number = "".join(text.small[n] for n in letters[:length])
        moved = number[4:] + number[:4]
        if int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1:
            yield text.spot("small", letters[0], letters[length - 1] + 1)


def keys(text: Folded, confidence: str, today: date) -> Iterator[Spot]:  # noqa: ARG001
    """What opens something: tokens and private keys by their shapes."""
    for found in _KEY.finditer(text.wide):
        yield text.spot("wide", *found.span())


def contacts(text: Folded, confidence: str, today: date) -> Iterator[Spot]:  # noqa: ARG001
    """E-mail addresses and telephone numbers: a rule says how many are too many."""
    for pattern in (_MAIL, _PHONE):
        for found in pattern.finditer(text.wide):
            yield text.spot("wide", *found.span())


BUILT_IN: Mapping[str, Detector] = {
    "resident_number": resident_numbers,
    "card": cards,
    "iban": ibans,
    "key": keys,
    "contacts": contacts,
}
