"""When a reminder is due, read from what people write: numbers, English, Korean.

A number is a moment in seconds since 1970, or a wait in seconds when it is less than a day. Words are read by the
person's own clock; a day without a time is 9 in the morning, a time that has passed today is tomorrow's.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dure.channels.refusals import TimeInPast
from dure.channels.reminders.refusals import CannotParse

_UNITS = {
    "second": 1, "sec": 1, "초": 1, "minute": 60, "min": 60, "분": 60, "hour": 3600, "hr": 3600, "시간": 3600,
    "day": 86_400, "일": 86_400, "week": 604_800, "주": 604_800, "주일": 604_800,
}  # fmt: skip
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "half an": 0.5, "한": 1, "두": 2, "세": 3, "하루": 1}
_WAIT = re.compile(r"in (half an|an?|one|two|three|\d{1,6}) ?(second|sec|minute|min|hour|hr|day|week)s?")
_WAIT_KO = re.compile(r"(\d{1,6}|한|두|세) ?(초|분|시간|일|주일|주) ?(뒤|후)(?:에)?")
_DAYS = {"today": 0, "tomorrow": 1, "오늘": 0, "내일": 1, "모레": 2}
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = {
    **{name: n for n, name in enumerate(_NAMES)},
    **{name[:3]: n for n, name in enumerate(_NAMES)},
    **{f"{name}요일": n for n, name in enumerate("월화수목금토일")},
}
_CLOCK = re.compile(r"(?:at )?(\d{1,2})(?::(\d{2}))? ?(am|pm)?|(?:at )?(noon|midnight)")
_CLOCK_KO = re.compile(r"(오전|오후|아침|저녁|밤)? ?(\d{1,2}) ?시(?: ?(\d{1,2}) ?분| ?(반))?(?:에)?|(정오|자정)(?:에)?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(?:(\d{4})년 ?)?(\d{1,2})월 ?(\d{1,2})일")
_MORNING = time(9)
_LATEST = timedelta(days=5 * 366)


def due(text: str, now: datetime, zone: str) -> datetime:
    """The moment that a text means, in UTC. Raises CannotParse, or TimeInPast where it was before now."""
    words = re.sub(r"\s+", " ", text.strip().lower())
    try:
        moment = _number(words, now) or _wait(words, now) or _day(words, now, ZoneInfo(zone))
    except (ValueError, OverflowError, OSError) as error:
        raise CannotParse(field="time") from error
    if moment is None:
        raise CannotParse(field="time")
    if moment <= now:
        raise TimeInPast(field="time")
    if moment > now + _LATEST:
        raise CannotParse("A reminder is at most five years ahead.", field="time")
    return moment.astimezone(UTC)


def _number(words: str, now: datetime) -> datetime | None:
    if not re.fullmatch(r"\d{1,11}", words):
        return None
    seconds = int(words)
    return now + timedelta(seconds=seconds) if seconds < 86_400 else datetime.fromtimestamp(seconds, UTC)


def _wait(words: str, now: datetime) -> datetime | None:
    found = _WAIT.fullmatch(words) or _WAIT_KO.fullmatch(words)
    if found is None:
        return None
    number = _NUMBERS.get(found[1]) or int(found[1])
    return now + timedelta(seconds=number * _UNITS[found[2]])


def _day(words: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    here = now.astimezone(zone)
    day, rest = _which_day(words, here.date())
    clock = _clock(rest) if rest else (_MORNING if day is not None else None)
    if clock is None:
        return None
    moment = datetime.combine(day or here.date(), clock, zone)
    if day is None and moment <= here:
        moment = datetime.combine(here.date() + timedelta(days=1), clock, zone)
    return moment


def _which_day(words: str, today: date) -> tuple[date | None, str]:
    """The day that is named at the beginning (or, in English, at the end), and what else was said."""
    if found := _DATE.match(words):
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
        named = date(int(year or today.year), int(month), int(day))
        if not year and named < today:
            named = named.replace(year=today.year + 1)
        return named, words[found.end() :].strip()
    for name, ahead in _DAYS.items():
        if (rest := _without(words, name)) is not None:
            return today + timedelta(days=ahead), rest
    for name, number in _WEEKDAYS.items():
        for said in (f"next {name}", f"on {name}", f"다음주 {name}", f"다음 주 {name}", name):
            if (rest := _without(words, said)) is not None:
                ahead = (number - today.weekday()) % 7 or 7
                if said.startswith("다음"):
                    ahead = 7 - today.weekday() + number
                return today + timedelta(days=ahead), rest
    if (rest := _without(words, "next week")) is not None or (rest := _without(words, "다음 주")) is not None:
        return today + timedelta(days=7 - today.weekday()), rest
    return None, words


def _without(words: str, name: str) -> str | None:
    if words == name or words.startswith(name + " "):
        return words[len(name) :].strip()
    return words[: -len(name)].strip() if words.endswith(" " + name) else None


def _clock(words: str) -> time | None:
    if found := _CLOCK.fullmatch(words):
        if found[4]:
            return time(12 if found[4] == "noon" else 0)
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if found[3] == "pm" else 0)
        return time(hour, minute)
    if found := _CLOCK_KO.fullmatch(words):
        if found[5]:
            return time(12 if found[5] == "정오" else 0)
        hour, minute = int(found[2]), 30 if found[4] else int(found[3] or 0)
        if found[1] in ("오후", "저녁", "밤") and hour < 12:
            hour += 12
        elif found[1] in ("오전", "아침") and hour == 12:
            hour = 0
        return time(hour, minute)
    return None
