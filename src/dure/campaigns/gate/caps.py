"""Caps: at most so many messages a person, over all campaigns, in rolling hours or in a calendar's days and weeks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from dure.campaigns.gate.walls import day_begins, local_day, week_of

LONGEST = timedelta(days=31)
"""No cap looks further back."""
UNCOUNTED = frozenset({"in_app", "post"})
"""A card in the app disturbs nobody, and a post goes to a team: only a cap of their own counts them."""


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`most` messages per `rolling` hours, or per `day` or `week` of the person's own calendar.

    With a channel or a topic it counts, and stops, messages of that one only.
    """

    most: int
    per: Literal["rolling", "day", "week"] = "rolling"
    hours: int = 24
    channel: str = ""
    topic: str = ""

    @property
    def name(self) -> str:
        """What an answer calls it: `1 per 24h`, `3 per week, email, marketing`."""
        window = f"{self.hours}h" if self.per == "rolling" else self.per
        return ", ".join(filter(None, (f"{self.most} per {window}", self.channel, self.topic)))

    def concerns(self, channel: str, topic: str) -> bool:
        if self.channel != channel and (self.channel or channel in UNCOUNTED):
            return False
        return self.topic in ("", topic)


@dataclass(frozen=True, slots=True)
class Went:
    """A message that went out to somebody, or may have; or one that is reserved for them."""

    at: datetime
    channel: str
    topic: str


def window_of(cap: Cap, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """What counts: after the first (from it on, in a calendar) and before the second."""
    if cap.per == "rolling":
        return now - timedelta(hours=cap.hours), now + timedelta(hours=cap.hours)
    day = local_day(now, zone)
    first = day if cap.per == "day" else week_of(day)
    return day_begins(first, zone), day_begins(first + timedelta(days=1 if cap.per == "day" else 7), zone)


def reached(
    caps: Sequence[Cap], channel: str, topic: str, now: datetime, zone: ZoneInfo, went: Iterable[Went],
    reserved: Iterable[Went] = (),
) -> tuple[Cap | None, bool]:  # fmt: skip
    """The first cap that one more message would pass, and whether it is only what is reserved that fills it.

    `reserved` are messages of campaigns that go first, due soon: they hold their places.
    """
    went, reserved = list(went), list(reserved)
    taken: Cap | None = None
    for cap in caps:
        if not cap.concerns(channel, topic):
            continue
        since, until = window_of(cap, now, zone)
        used = sum(cap.concerns(one.channel, one.topic) and _counts(cap, one.at, since) for one in went)
        if used >= cap.most:
            return cap, False
        held = sum(cap.concerns(one.channel, one.topic) and one.at < until for one in reserved)
        if used + held >= cap.most:
            taken = taken or cap
    return taken, taken is not None


def looks_back(caps: Sequence[Cap]) -> timedelta:
    """How far back messages matter to any of them; a calendar's day is at most 25 hours, wherever it began."""
    reach = {"day": timedelta(days=2), "week": timedelta(days=8)}
    return max((reach.get(cap.per) or timedelta(hours=cap.hours) for cap in caps), default=timedelta())


def _counts(cap: Cap, at: datetime, since: datetime) -> bool:
    return at > since if cap.per == "rolling" else at >= since
