"""Names and figures in a text: the workspace's own brands, products, people and competitors, and addresses, versions,
sums and dates.

A name is found in one pass over the text by a pattern that is a tree of all names' letters. It stands alone or has a
Korean particle after it (`두레가`, `Dure를`), not inside another word (`모두레`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import msgspec

from dure.social.model import Reading
from dure.social.plugs import Reader

NameKind = Literal["brand", "product", "person", "competitor"]
KINDS: tuple[NameKind, ...] = get_args(NameKind)
MOST = 24  # entities of one text

_PARTICLE = (
    "은|는|이|가|을|를|의|에|에서|에게|에는|에도|엔|로|으로|와|과|랑|이랑|하고|도|만|만의|부터|까지|보다|처럼|한테|께|께서|"
    "이나|나|야|아|여|이여|님|님이|님은|님께|씨|측|측은|측이|측에|사|앱|앱이|앱은|앱을|이라|이라는|이라고|라고|라는|라서|이라서|"
    "인데|이고|이며|예요|이에요|입니다|네|네요|이네|든|이든|조차|마저|뿐|밖에|마다|대로|같은|으로는|로는|에선|에서는|에서도|이랑은|"
    "랑은|과는|와는"
)
_NOT_BEFORE = r"(?<![0-9A-Za-z가-힣_])"
_NOT_AFTER = rf"(?:(?=(?:{_PARTICLE})(?![가-힣]))|(?![0-9A-Za-z가-힣_])|(?<=[0-9A-Za-z])(?=[가-힣]))"
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LINK = re.compile(r"https?://[!-~]+|www\.[!-~]+")
_VERSION = re.compile(
    r"(?:\bv\.?\s?|버전\s?|version\s)(\d+(?:\.\d+){1,3})(?![\d.])|(?<![\d.])(\d+\.\d+\.\d+)(?![\d.])", re.I
)
_MONEY = re.compile(
    r"([₩$€£¥])\s?(\d[\d,]*(?:\.\d+)?)|(\d[\d,]*(?:\.\d+)?)\s?(천만|백만|십만|억|만|천)?\s?(원|달러|유로|엔)|"
    r"(\d[\d,]*(?:\.\d+)?)\s?(KRW|USD|EUR|JPY|GBP|dollars?|euros?|won)\b", re.I,
)  # fmt: skip
_DATE = re.compile(
    r"\b(20\d\d)\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})(?:일|\b)|(?<!\d)(\d{1,2})월\s?(\d{1,2})일|"
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (20\d\d))?\b", re.I,
)  # fmt: skip
_CURRENCY = {
    "₩": "KRW", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "원": "KRW", "달러": "USD", "유로": "EUR", "엔": "JPY",
    "won": "KRW", "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR",
}  # fmt: skip
_TIMES = {"": 1, "천": 10**3, "만": 10**4, "십만": 10**5, "백만": 10**6, "천만": 10**7, "억": 10**8}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """A name the workspace listens for. Upper and lower case are one; `aliases` are other ways to write it."""

    kind: NameKind
    name: str
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """As mentions carry it: `brand:dure`."""
        return f"{self.kind}:{_plain(self.name)}"


class Dictionary:
    """A workspace's names as one automaton."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._labels: dict[str, list[str]] = {}
        for name in names:
            for way in (name.name, *name.aliases):
                if plain := _plain(way):
                    self._labels.setdefault(plain, []).append(name.label)
        tree: dict[str, Any] = {}
        for way in self._labels:
            at = tree
            for letter in way:
                at = at.setdefault(letter, {})
            at[""] = True
        self._pattern = re.compile(_NOT_BEFORE + _branch(tree) + _NOT_AFTER) if tree else None

    def find(self, text: str) -> list[str]:
        """The names' labels in the order in which they stand, each once."""
        if self._pattern is None:
            return []
        found = self._pattern.finditer(_plain(text))
        return list(dict.fromkeys(label for one in found for label in self._labels[one[0]]))


NOBODY = Dictionary(())


class NamedReader:
    """A reader from elsewhere, with a workspace's names found in what it reads."""

    def __init__(self, given: Reader, names: Dictionary) -> None:
        self._given = given
        self._names = names

    def read(self, texts: Sequence[str]) -> list[Reading]:
        return [
            replace(reading, entities=tuple(dict.fromkeys((*self._names.find(text), *reading.entities))))
            for text, reading in zip(texts, self._given.read(texts), strict=True)
        ]


def entities(text: str, dictionary: Dictionary = NOBODY) -> tuple[str, ...]:
    """Names first, then `email:`, `url:` (its host), `version:`, `money:` (amount and currency), `date:`."""
    found = dictionary.find(text)
    rest = text
    if "@" in rest:
        found += [f"email:{one.lower().rstrip('.')}" for one in _MAIL.findall(rest)]
    if "http" in rest or "www." in rest:
        found += [f"url:{host}" for one in _LINK.findall(rest) if (host := _host(one))]
        rest = _LINK.sub(" ", rest)  # an address has numbers of its own
    if any(letter.isdigit() for letter in rest):
        found += [f"version:{one or other}" for one, other in _VERSION.findall(rest)]
        found += [f"money:{sum_}" for one in _MONEY.finditer(rest) if (sum_ := _sum(one))]
        found += [f"date:{day}" for one in _DATE.finditer(rest) if (day := _day(one))]
    return tuple(dict.fromkeys(found))[:MOST]


def _branch(tree: Mapping[str, Any]) -> str:
    """The tree as a pattern; where one name begins another, the longer is tried first."""
    options = [re.escape(letter) + _branch(rest) for letter, rest in sorted(tree.items()) if letter]
    if not options:
        return ""
    joined = options[0] if len(options) == 1 and "" not in tree else f"(?:{'|'.join(options)})"
    return joined + "?" if "" in tree else joined


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower().strip()


def _host(address: str) -> str:
    try:
        host = urlsplit(address if "://" in address else f"https://{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _sum(found: re.Match[str]) -> str:
    sign, first, second, times, unit, third, code = found.groups()
    amount = float((first or second or third).replace(",", "")) * _TIMES[times or ""]
    currency = _CURRENCY.get(sign or unit or code.lower(), (code or "").upper())
    return f"{amount:.15g} {currency}"


def _day(found: re.Match[str]) -> str:
    year, month, day, other_month, other_day, name, named_day, named_year = found.groups()
    number = int(month or other_month or _MONTHS.index(name.lower()) + 1)
    of_month = int(day or other_day or named_day)
    if not (1 <= number <= 12 and 1 <= of_month <= 31):
        return ""
    shown = f"{number:02}-{of_month:02}"
    return f"{year or named_year}-{shown}" if year or named_year else shown


def names_of(rows: Iterable[Mapping[str, Any]]) -> Sequence[Name]:
    return [Name(kind=row["kind"], name=row["name"], aliases=tuple(row["aliases"])) for row in rows]
