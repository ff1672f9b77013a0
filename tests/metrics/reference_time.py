"""Questions over time as slowly and plainly as they can be said: what the SQL is compared with.

Each function takes the question as JSON and everything that ever happened, and gives the numbers of the answer.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
Numbers = Sequence[float]
_MICRO = timedelta(microseconds=1)
_ROLLING = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
}


@dataclass(frozen=True)
class Event:
    """One thing that happened, with what a breakdown may split by."""

    at: datetime
    name: str
    person: str
    account: str = ""
    object: str = ""
    plan: str | None = None
    amount: float | None = None
    country: str | None = None
    tier: str | None = None


@dataclass(frozen=True)
class World:
    """All that happened, who was merged into whom, and each person's and account's newest trait."""

    events: Sequence[Event]
    merged: Mapping[str, str]
    countries: Mapping[str, str]
    tiers: Mapping[str, str]

    def unit(self, event: Event, by: str) -> str:
        return self.person(event) if by == "person" else str(getattr(event, by))

    def person(self, event: Event) -> str:
        return self.merged.get(event.person, event.person)

    def value(self, event: Event, prop: str) -> str | None:
        match prop:
            case "person.country":
                return self.countries.get(self.person(event))
            case "account.tier":
                return self.tiers.get(event.account)
        return event.plan

    def meant(self, name: str, by: str | None = None, prop: str | None = None) -> list[Event]:
        """The events of a name (`*` is any), those about a unit where `by` is given, by time and then by value."""
        found = [event for event in self.events if name in ("*", event.name) and (by is None or self.unit(event, by))]
        return sorted(found, key=lambda event: (event.at, (prop and self.value(event, prop)) or ""))


class Calendar:
    """The intervals of a question's range: walked one by one, never computed."""

    def __init__(self, question: Json) -> None:
        self.zone = ZoneInfo(question["timezone"])
        self.kind = question.get("interval", "day")
        self.sunday = question.get("week_start") == "sunday"
        self.start = self._instant(question["from"], last=False)
        self.end = self._instant(question["to"], last=True)
        self.marks = [self.floor(self.start)]
        while self.next(self.marks[-1]) < self.end:
            self.marks.append(self.next(self.marks[-1]))
        self._walked = list(self.marks)

    def floor(self, at: datetime) -> datetime:
        """When the interval that holds an instant began."""
        local = at.astimezone(self.zone)
        if self.kind == "hour":
            return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        return self._midnight(self._first_day(local.date()))

    def next(self, mark: datetime) -> datetime:
        if self.kind == "hour":
            return mark + timedelta(hours=1)
        day = mark.astimezone(self.zone).date()
        reach = {"day": 1, "week": 7, "month": 32}[self.kind]
        return self._midnight(self._first_day(day + timedelta(days=reach)))

    def number(self, at: datetime) -> int | None:
        """Which interval of the range; None outside."""
        mark = self.floor(at)
        return self.marks.index(mark) if mark in self.marks else None

    def inside(self, at: datetime) -> bool:
        return self.start <= at < self.end

    def starts(self, number: int) -> datetime:
        """When an interval begins, also one after the range."""
        while len(self._walked) <= number:
            self._walked.append(self.next(self._walked[-1]))
        return self._walked[number]

    def _first_day(self, day: date) -> date:
        if self.kind == "month":
            return day.replace(day=1)
        if self.kind == "week":
            return day - timedelta(days=(day.weekday() + 1) % 7 if self.sunday else day.weekday())
        return day

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _instant(self, text: str, *, last: bool) -> datetime:
        if len(text) == 10:
            return self._midnight(date.fromisoformat(text) + timedelta(days=1 if last else 0))
        return datetime.fromisoformat(text).astimezone(UTC) + (_MICRO if last else timedelta())


def retention(question: Json, world: World, now: datetime) -> Json:
    """`{cohorts, pooled}`, and `groups` of value to the same where there is a breakdown."""
    members = _members(question, world)
    body = _triangle(question, members, now)
    if "breakdown" in question:
        values = {value for _, _, value, _ in members}
        body["groups"] = {
            value: _triangle(question, [one for one in members if one[2] == value], now) for value in values
        }
    return body


Member = tuple[int, datetime, str | None, list[datetime]]


def _members(question: Json, world: World) -> list[Member]:
    """Cohort, birth, value and times of returns, of each unit and cohort."""
    calendar, by = Calendar(question), question.get("by", "person")
    first_time = question["start"].get("first_time", False)
    prop = question.get("breakdown", {}).get("prop")
    begun, back = world.meant(question["start"]["event"], by, prop), world.meant(question["return"]["event"], by)
    members: list[Member] = []
    for unit in {world.unit(event, by) for event in begun}:
        starts = [event for event in begun if world.unit(event, by) == unit]
        starts = [event for event in (starts[:1] if first_time else starts) if calendar.inside(event.at)]
        returns = [event.at for event in back if world.unit(event, by) == unit and calendar.inside(event.at)]
        for cohort in range(len(calendar.marks)):
            born = next((event for event in starts if calendar.number(event.at) == cohort), None)
            if born is not None:
                members.append((cohort, born.at, world.value(born, prop) if prop else None, returns))
    return members


def _triangle(question: Json, members: Sequence[Member], now: datetime) -> Json:
    calendar = Calendar(question)
    many, until = len(calendar.marks), min(calendar.end, now)
    measure = question.get("measure", "on")
    spans = [(number, number) for number in range(1, question.get("intervals", 8))]
    if measure == "bracket":
        spans = list(zip([1, *(last + 1 for last in question["brackets"])], question["brackets"], strict=False))
    cohorts = []
    for cohort in range(many):
        here = [member for member in members if member[0] == cohort]
        counts, complete = [len(here)], [calendar.starts(cohort + 1) <= until]
        for first, last in spans:
            if cohort + first >= many:
                break
            far = 10**9 if measure == "on_or_after" else last
            met = [_times(question, calendar, member, first, far) >= question.get("minimum", 1) for member in here]
            counts.append(sum(met))
            over = calendar.starts(cohort + last + 1)
            if question.get("mode") == "rolling":
                over = calendar.starts(cohort + 1) + _ROLLING[calendar.kind] * (last + 1)
            complete.append(over <= until)
        cohorts.append((counts, complete))
    pooled = []
    for column in range(max(len(counts) for counts, _ in cohorts)):
        done = [counts for counts, complete in cohorts if column < len(counts) and complete[column]]
        began = sum(counts[0] for counts in done)
        pooled.append(sum(counts[column] for counts in done) / began if began else None)
    return {"cohorts": cohorts, "pooled": pooled}


def _times(question: Json, calendar: Calendar, member: Member, first: int, last: int) -> int:
    """How often somebody was back in the columns from `first` to `last`."""
    cohort, born, _, returns = member
    if question.get("mode") == "rolling":
        columns = [(at - born) // _ROLLING[calendar.kind] for at in returns if at >= born]
    else:
        columns = [calendar.marks.index(calendar.floor(at)) - cohort for at in returns]
    return sum(first <= column <= last for column in columns)


def trend(question: Json, world: World) -> dict[tuple[int, str | None], tuple[list[float | None], float | None]]:
    """Values and total of each series and group; one group None without a breakdown."""
    calendar, by, prop = Calendar(question), question.get("by", "person"), question.get("breakdown", {}).get("prop")
    found = {}
    everything = [event for event in world.meant("*") if calendar.inside(event.at)]
    for number, series in enumerate(question["series"]):
        math_ = series.get("math", "count")
        about = by if math_ in ("people", "per_person") else None
        events = [event for event in world.meant(series["event"], about) if calendar.inside(event.at)]
        for value in {world.value(event, prop) for event in everything} if prop else {None}:
            group = [event for event in events if not prop or world.value(event, prop) == value]
            by_interval = [
                _measured(math_, [event for event in group if calendar.number(event.at) == place], world, by)
                for place in range(len(calendar.marks))
            ]
            found[number, value] = (by_interval, _measured(math_, group, world, by))
    return found


def _measured(name: str, events: Sequence[Event], world: World, by: str) -> float | None:
    people = len({world.unit(event, by) for event in events})
    amounts = sorted(event.amount for event in events if event.amount is not None)
    match name:
        case "count":
            return len(events)
        case "people":
            return people
        case "per_person":
            return len(events) / people if people else None
        case "sum":
            return math.fsum(amounts)
    of: Mapping[str, Callable[[Numbers], float]] = {
        "average": statistics.fmean, "median": statistics.median, "min": min, "max": max, "p90": _p90,
    }  # fmt: skip
    return of[name](amounts) if amounts else None


def _p90(amounts: Numbers) -> float:
    place = (len(amounts) - 1) * 0.9
    low = math.floor(place)
    high = min(low + 1, len(amounts) - 1)
    return amounts[low] + (amounts[high] - amounts[low]) * (place - low)


def lifecycle(question: Json, world: World) -> dict[str, list[int]]:
    """The four lines. The range begins where its first interval does."""
    calendar, by = Calendar(question), question.get("by", "person")
    lines = {name: [0] * len(calendar.marks) for name in ("new", "returning", "resurrecting", "dormant")}
    events = [event for event in world.meant(question.get("event", "*"), by) if event.at < calendar.end]
    for unit in {world.unit(event, by) for event in events}:
        active = {calendar.floor(event.at) for event in events if world.unit(event, by) == unit}
        for place, mark in enumerate(calendar.marks):
            before = calendar.floor(mark - _MICRO)
            if mark in active:
                state = "new" if mark == min(active) else "returning" if before in active else "resurrecting"
                lines[state][place] += 1
            elif before in active:
                lines["dormant"][place] -= 1
    return lines


def stickiness(question: Json, world: World) -> list[int]:
    """How many were active in one, two, three… intervals."""
    calendar, by = Calendar(question), question.get("by", "person")
    events = [event for event in world.meant(question.get("event", "*"), by) if calendar.inside(event.at)]
    bars = [0] * len(calendar.marks)
    for unit in {world.unit(event, by) for event in events}:
        bars[len({calendar.floor(event.at) for event in events if world.unit(event, by) == unit}) - 1] += 1
    return bars


@dataclass(frozen=True)
class Session:
    """One stretch of activity."""

    unit: str
    first: Event
    last: Event
    depth: int

    @property
    def seconds(self) -> float:
        return (self.last.at - self.first.at).total_seconds()


def sessions(question: Json, world: World) -> dict[str | None, list[list[Session]]]:
    """The sessions of each interval, of all (None) or of each group."""
    calendar, by = Calendar(question), question.get("by", "person")
    gap = timedelta(minutes=int(question["gap"].removesuffix("m")))
    prop = question.get("breakdown", {}).get("prop")
    events = [event for event in world.meant(question.get("event", "*"), by, prop) if event.at < calendar.end]
    walked: list[Session] = []
    for unit in {world.unit(event, by) for event in events}:
        theirs: list[Session] = []
        for event in (event for event in events if world.unit(event, by) == unit):
            if theirs and event.at - theirs[-1].last.at <= gap:
                theirs[-1] = replace(theirs[-1], last=event, depth=theirs[-1].depth + 1)
            else:
                theirs.append(Session(unit, event, event, 1))
        walked += theirs
    begun = [one for one in walked if calendar.inside(one.first.at)]
    values = {world.value(one.first, prop) for one in begun} if prop else {None}
    return {
        value: [
            [
                one for one in begun
                if calendar.number(one.first.at) == place and (not prop or world.value(one.first, prop) == value)
            ]
            for place in range(len(calendar.marks))
        ]
        for value in values
    }  # fmt: skip
