"""What a calendar may be: read from what a screen or a script sends, with the field that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from dure.governance.hours.model import DAY, Hours, Span, Special
from dure.kernel.errors import Invalid

NAME, SPANS, DAYS = 60, 6, 1_000
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_FROM_TO = re.compile(r"(\d{1,2}:\d\d)\s*[-~–]\s*(\d{1,2}:\d\d)")
_LINE = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*(?:~|\.\.|–)\s*(\d{4}-\d\d-\d\d))?[\s,;\t]*(.*)")
_ICS = re.compile(r"BEGIN:VEVENT(.*?)END:VEVENT", re.S)


def calendar(told: Mapping[str, Any], kept: Hours | None = None) -> Hours:
    """A calendar from `{name, zone, week: [[["09:00", "18:00"], …] × 7], days: [{date, name, spans}]}`."""
    name = " ".join(str(told["name"]).split())
    if not 1 <= len(name) <= NAME:
        raise Invalid(f"A calendar's name has 1 to {NAME} letters.", field="name")
    if told["zone"] not in available_timezones():
        raise Invalid(f"{told['zone']!r} is no time zone such as Asia/Seoul.", field="zone")
    week = told["week"]
    if len(week) != 7:
        raise Invalid("`week` has seven days, Monday first.", field="week")
    spans = tuple(_spans(day, f"week[{number}]") for number, day in enumerate(week))
    if not any(spans):
        raise Invalid("A team is open at least once a week.", field="week")
    if len(told["days"]) > DAYS:
        raise Invalid(f"A calendar has at most {DAYS} days of its own.", field="days")
    days: dict[date, Special] = {}
    for number, one in enumerate(told["days"]):
        at = _date(str(one.get("date", "")), f"days[{number}].date")
        if at in days:
            raise Invalid(f"{at} is there twice.", field=f"days[{number}].date")
        days[at] = Special(
            str(one.get("name", "")).strip()[:NAME], _spans(one.get("spans") or [], f"days[{number}].spans")
        )
    ordered = dict(sorted(days.items()))
    return Hours(kept.id if kept else None, name, told["zone"], spans, ordered, kept.version if kept else 1)


def kept(id: UUID, name: str, zone: str, week: Sequence[Any], days: Sequence[Mapping[str, Any]], version: int) -> Hours:
    """A calendar as it was kept."""
    return Hours(
        id, name, zone, tuple(_spans(day, "week") for day in week),
        {date.fromisoformat(one["date"]): Special(one["name"], _spans(one["spans"], "days")) for one in days}, version,
    )  # fmt: skip


def told(hours: Hours) -> dict[str, Any]:
    """The same way back, for screens and for keeping."""
    return {
        "id": hours.id, "name": hours.name, "zone": hours.zone, "version": hours.version,
        "week": [_pairs(day) for day in hours.week],
        "days": [
            {"date": at.isoformat(), "name": one.name, "spans": _pairs(one.spans)} for at, one in hours.days.items()
        ],
    }  # fmt: skip


def holidays(text: str) -> list[dict[str, Any]]:
    """Days of a list or a calendar file. A line is `2026-12-25 성탄절`, `2027-02-06 ~ 2027-02-08 설날` or
    `2026-12-31 종무식 09:00-12:00`; a file is iCalendar, of which whole days are taken."""
    days = _of_file(text) if "BEGIN:VEVENT" in text else _of_lines(text)
    if not days:
        raise Invalid("There is no day in it.", field="text")
    if len(days) > DAYS:
        raise Invalid(f"A calendar has at most {DAYS} days of its own.", field="text")
    return [days[at] for at in sorted(days)]


def _of_lines(text: str) -> dict[date, dict[str, Any]]:
    found: dict[date, dict[str, Any]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        matched, where = _LINE.fullmatch(line.strip()), f"text:{number}"
        if matched is None:
            raise Invalid(f"Line {number} is not a date and a name: {line.strip()[:60]}", field=where)
        hours = [list(pair) for pair in _FROM_TO.findall(matched[3])]
        _spans(hours, where)
        name = _FROM_TO.sub("", matched[3]).strip(" ,;")
        first = _date(matched[1], where)
        _fill(found, first, _date(matched[2], where) if matched[2] else first, name, hours, where)
    return found


def _of_file(text: str) -> dict[date, dict[str, Any]]:
    found: dict[date, dict[str, Any]] = {}
    unfolded = re.sub(r"\r?\n[ \t]", "", text)
    for number, event in enumerate(_ICS.findall(unfolded), 1):
        began = re.search(r"^DTSTART(?:;VALUE=DATE|;[^:]*VALUE=DATE[^:]*):(\d{8})\s*$", event, re.M)
        if began is None:
            continue
        ended = re.search(r"^DTEND[^:]*:(\d{8})\s*$", event, re.M)
        named = re.search(r"^SUMMARY[^:]*:(.*)$", event, re.M)
        where, first = f"text:{number}", _date(_dashed(began[1]), f"text:{number}")
        last = _date(_dashed(ended[1]), where) - timedelta(1) if ended else first  # its end is the day after
        name = re.sub(r"\\([,;\\])", r"\1", named[1]).strip() if named else ""
        _fill(found, first, max(first, last), name, [], where)
    return found


def _fill(
    found: dict[date, dict[str, Any]], first: date, last: date, name: str, spans: list[list[str]], where: str
) -> None:
    if not 0 <= (last - first).days <= 60:
        raise Invalid("A holiday's last day is its first or within two months after it.", field=where)
    for ahead in range((last - first).days + 1):
        at = first + timedelta(ahead)
        found[at] = {"date": at.isoformat(), "name": name[:NAME], "spans": spans}


def _spans(given: Sequence[Sequence[str]], where: str) -> tuple[Span, ...]:
    if len(given) > SPANS:
        raise Invalid(f"A day has at most {SPANS} spans.", field=where)
    found: list[Span] = []
    for pair in given:
        if len(pair) != 2:
            raise Invalid("A span is a start and an end.", field=where)
        start, end = _minutes(str(pair[0]), where), _minutes(str(pair[1]), where)
        if start == DAY:
            raise Invalid("A span starts before midnight.", field=where)
        found.append(Span(start, end if end > start else end + DAY))  # an end that is no later is tomorrow's
    found.sort(key=lambda one: one.start)
    for one, following in pairwise(found):
        if following.start < one.end:
            raise Invalid("Two spans of one day overlap.", field=where)
    return tuple(found)


def _pairs(spans: Sequence[Span]) -> list[list[str]]:
    return [[_clock(one.start), _clock(one.end if one.end <= DAY else one.end - DAY)] for one in spans]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _minutes(text: str, where: str) -> int:
    matched = _TIME.fullmatch(text.strip())
    minutes = int(matched[1]) * 60 + int(matched[2]) if matched else DAY + 1
    if minutes > DAY:
        raise Invalid(f"{text!r} is no time such as 09:00.", field=where)
    return minutes


def _date(text: str, where: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{text!r} is no day such as 2026-12-25.", field=where) from error
    if not 2000 <= found.year <= 2200:
        raise Invalid(f"{text} is too far away.", field=where)
    return found


def _dashed(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"
