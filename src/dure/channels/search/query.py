"""What somebody types to search by, read into a value. Whatever is not understood is words.

`계약 "단가표 v3" -초안 from:@mina in:#q4-launch after:2026-11-01 has:link is:thread` asks for messages that hold the
word and the exact phrase and not the third word, by her, there, since then, with a link, in a thread. Names are not
looked up here: the value holds them as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dure.channels.model import ts_at
from dure.kernel.folding import wanted

# What a message is beside its words; the index has these as marks.
Label = tuple[str, str]

LONGEST = 1_000
_MOST = 24

_TERM = re.compile(
    r'(?P<no>-?)(?:(?P<name>[^\W\d_]+):(?P<value>"[^"]*"|<[^<>]*>|[^\s"]+)|"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | {"：": ":", "－": "-"})
_NAMES = {
    "from": "from", "보낸사람": "from", "작성자": "from", "in": "in", "채널": "in", "to": "to", "받는사람": "to",
    "before": "before", "이전": "before", "after": "after", "이후": "after", "on": "on", "날짜": "on",
    "during": "during", "기간": "during", "has": "has", "포함": "has", "is": "is", "종류": "is",
}  # fmt: skip
_ME = ("me", "나")
_HAS: dict[str, Label] = {
    "link": ("has", "link"), "링크": ("has", "link"), "file": ("has", "file"), "파일": ("has", "file"),
    "reaction": ("has", "reaction"), "반응": ("has", "reaction"), "pin": ("has", "pin"), "고정": ("has", "pin"),
}  # fmt: skip
_IS: dict[str, Label] = {
    "thread": ("is", "thread"), "스레드": ("is", "thread"), "dm": ("is", "dm"), "쪽지": ("is", "dm"),
}  # fmt: skip
_EMOJI = re.compile(r":([\w+\-]{1,100})(?:::skin-tone-[2-6])?:")
_REFERENCE = re.compile(r"<[@#]([A-Z0-9]+)(?:\|[^<>]*)?>")


@dataclass(frozen=True, slots=True)
class Query:
    """A search. `wants` and `shuns` are folded words and phrases; times are microseconds, `until` excluded.

    `by`, `to` and `places` hold names or ids as written without `@` and `#`, `@` before a place that is a person's;
    any one of each is enough. `me` stands for whoever asks.
    """

    wants: tuple[str, ...] = ()
    shuns: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    not_by: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    not_places: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    not_labels: tuple[Label, ...] = ()
    since: int = 0
    until: int | None = None

    @property
    def asks(self) -> bool:
        """Whether it asks for anything at all."""
        return self != Query()

    @property
    def names_somebody(self) -> bool:
        return any((self.by, self.not_by, self.to, self.places, self.not_places))


@dataclass
class _Reading:
    now: datetime
    zone: ZoneInfo
    found: dict[str, list[Any]] = field(default_factory=dict)
    since: int = 0
    until: int | None = None

    def add(self, name: str, value: str | Label) -> bool:
        held = self.found.setdefault(name, [])
        if value not in held and len(held) < _MOST:
            held.append(value)
        return True


def parse(text: str, *, now: datetime, zone: ZoneInfo) -> Query:
    """The query that a text is, for somebody in a zone at a moment."""
    reading = _Reading(now, zone)
    for term in _terms(text[:LONGEST].translate(_QUOTES)):
        negated = bool(term["no"])
        if term["name"] and _modifier(reading, term["name"].lower(), term["value"].strip('"'), negated):
            continue
        if term["phrase"] is not None:
            want = wanted(term["phrase"], whole=True)
        elif term["name"]:
            want = wanted(f"{term['name']}:{term['value']}")
        else:
            want = wanted(term["word"])
        if want:
            reading.add("shuns" if negated else "wants", want)
    return Query(
        **{name: tuple(held) for name, held in reading.found.items()}, since=reading.since, until=reading.until
    )


def _terms(text: str) -> Iterator[dict[str, str]]:
    for found in _TERM.finditer(text):
        yield found.groupdict()


def _modifier(reading: _Reading, written: str, value: str, negated: bool) -> bool:
    """Takes a modifier in; False for one that is none, which is a word then."""
    name = _NAMES.get(written)
    if name is None or not value:
        return False
    if name in ("before", "after", "on", "during"):
        days = None if negated else days_of(value, reading.now.astimezone(reading.zone).date())
        return days is not None and _bound(reading, name, *days)
    if name in ("has", "is"):
        emoji = _EMOJI.fullmatch(value) if name == "has" else None
        label = ("emoji", emoji[1]) if emoji else (_HAS if name == "has" else _IS).get(value.lower())
        return label is not None and reading.add("not_labels" if negated else "labels", label)
    if name == "in":
        place = _name(value, keep="@")
        return bool(place) and reading.add("not_places" if negated else "places", place)
    who = "me" if _name(value).lower() in _ME else _name(value)
    if not who or (name == "to" and negated):
        return False
    return reading.add(name if name == "to" else "not_by" if negated else "by", who)


def _name(value: str, keep: str = "") -> str:
    """`@mina`, `#q4`, `<@U0MINA|mina>` and `<#C0…>` without their signs."""
    reference = _REFERENCE.fullmatch(value)
    if reference:
        return reference[1]
    bare = value.lstrip("#") if keep else value.lstrip("@#")
    return "@me" if keep and bare.lower() in ("@me", "@나") else "" if bare == "@" else bare


def _bound(reading: _Reading, name: str, first: date, beyond: date) -> bool:
    """`before` ends where the days begin, `after` begins where they end; the others are the days themselves."""
    begin, end = _midnight(first, reading.zone), _midnight(beyond, reading.zone)
    if name != "before":
        reading.since = max(reading.since, end if name == "after" else begin)
    if name != "after":
        until = begin if name == "before" else end
        reading.until = until if reading.until is None else min(reading.until, until)
    return True


def _midnight(day: date, zone: ZoneInfo) -> int:
    return ts_at(datetime.combine(day, time(), zone))


# -- days -----------------------------------------------------------------------------------------------------------

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_DAY = re.compile(r"(\d{4})[-/.년](\d{1,2})[-/.월](\d{1,2})[.일]?")
_DAY_OF_YEAR = re.compile(r"(\d{1,2})(?:월|/)(\d{1,2})일?")
_MONTH = re.compile(r"(\d{4})[-/.년](\d{1,2})월?")
_YEAR = re.compile(r"(\d{4})년?")
_MONTH_KO = re.compile(r"(\d{1,2})월")
_AGO = {"today": 0, "오늘": 0, "yesterday": 1, "어제": 1, "그제": 2, "그저께": 2}
_WEEKS = {"week": 0, "thisweek": 0, "이번주": 0, "금주": 0, "lastweek": 1, "지난주": 1, "전주": 1}
_MONTHS_AGO = {"month": 0, "thismonth": 0, "이번달": 0, "lastmonth": 1, "지난달": 1}
_YEARS_AGO = {"year": 0, "thisyear": 0, "올해": 0, "lastyear": 1, "작년": 1}


def days_of(text: str, today: date) -> tuple[date, date] | None:
    """The days that a text names: the first, and the one after the last. None where it names none.

    A month or a day without a year is the latest that has begun.
    """
    text = text.lower().replace(" ", "").replace("_", "")
    word = text.replace("-", "")
    try:
        if word in _AGO:
            return _days(today - timedelta(days=_AGO[word]), 1)
        if word in _WEEKS:
            return _days(today - timedelta(days=today.weekday() + 7 * _WEEKS[word]), 7)
        if word in _MONTHS_AGO:
            first = today.replace(day=1)
            return _month(first.year, first.month - _MONTHS_AGO[word])
        if word in _YEARS_AGO:
            return _year(today.year - _YEARS_AGO[word])
        if found := _DAY.fullmatch(text):
            return _days(date(int(found[1]), int(found[2]), int(found[3])), 1)
        if found := _MONTH.fullmatch(text):
            return _month(int(found[1]), int(found[2])) if 1 <= int(found[2]) <= 12 else None
        if found := _YEAR.fullmatch(text):
            return _year(int(found[1]))
        if found := _DAY_OF_YEAR.fullmatch(text):
            day = date(today.year, int(found[1]), int(found[2]))
            return _days(day if day <= today else day.replace(year=day.year - 1), 1)
        month = int(found[1]) if (found := _MONTH_KO.fullmatch(text)) else _month_named(text)
        if month is not None and 1 <= month <= 12:
            return _month(today.year if month <= today.month else today.year - 1, month)
    except (ValueError, OverflowError):  # such as 31 June
        return None
    return None


def _month_named(text: str) -> int | None:
    if len(text) < 3:
        return None
    return next((n for n, name in enumerate(_MONTHS, 1) if text in (name, name[:3], name[:4])), None)


def _days(first: date, count: int) -> tuple[date, date]:
    return first, first + timedelta(days=count)


def _month(year: int, month: int) -> tuple[date, date]:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    first = date(year, month, 1)
    return first, (first + timedelta(days=31)).replace(day=1)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year + 1, 1, 1)
