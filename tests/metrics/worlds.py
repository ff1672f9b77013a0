"""Random worlds for questions over time: events at the very edges of intervals, ties, merges, clocks that change."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from dure.kernel.tenant import Tenant
from dure.log.api import Log
from tests.metrics.journeys import Journeys
from tests.metrics.reference_time import Calendar, Event, World

Json = dict[str, Any]
_numbers = itertools.count(1)
NOBODY = "00000000-0000-0000-0000-000000000000"
_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_PEOPLE = ("p0", "p1", "p2", "p3", "p4", "")
_OFFSETS = (
    timedelta(microseconds=-1), timedelta(0), timedelta(microseconds=1), timedelta(minutes=7), timedelta(minutes=37),
    timedelta(hours=1, minutes=3), timedelta(hours=11),
)  # fmt: skip
# Ranges in which clocks change (at two, at midnight, by half an hour) or never do, by interval.
_RANGES = {
    "hour": [
        ("America/New_York", "2021-03-14", "2021-03-14"), ("America/New_York", "2021-11-07", "2021-11-07"),
        ("Asia/Seoul", "2021-03-14T05:30:00+09:00", "2021-03-14T16:59:59+09:00"),
        ("Asia/Kathmandu", "2021-05-01", "2021-05-01"),
        ("America/New_York", "2021-03-07", "2021-03-18"),  # more hours than a number has bits
    ],
    "day": [
        ("America/New_York", "2021-03-12", "2021-03-16"), ("America/New_York", "2021-11-05", "2021-11-09"),
        ("America/Havana", "2021-11-05", "2021-11-09"), ("Asia/Seoul", "2021-03-12", "2021-03-16"),
        ("America/Santiago", "2021-09-03T13:00:00-04:00", "2021-09-07T12:00:00-03:00"),
    ],
    "week": [("America/New_York", "2021-03-03", "2021-03-30"), ("Asia/Seoul", "2021-03-01", "2021-03-28")],
    "month": [("America/New_York", "2021-01-01", "2021-05-31"), ("Asia/Seoul", "2020-11-15", "2021-03-14")],
}  # fmt: skip


def fresh(log: Log) -> Journeys:
    return Journeys(log, Tenant("E0WORLDS000", f"T0WORLD{next(_numbers)}"))


@dataclass(frozen=True)
class Drawn:
    """A world and the common fields of questions about it."""

    world: World
    common: Json

    def written(self, log: Log) -> Journeys:
        """The world as a workspace of its own."""
        journeys = fresh(log)
        lines = [
            journeys.line(
                event.person or "nobody", event.name, event.at, _properties(event),
                account=event.account, object=event.object, **({} if event.person else {"person": NOBODY}),
            )
            for event in self.world.events
        ]  # fmt: skip
        journeys.log.insert_now(f"world-{journeys.tenant.workspace}", b"\n".join(lines))
        for name, into in self.world.merged.items():
            journeys.merge(name, into=into)
        return journeys


def worlds() -> st.SearchStrategy[Drawn]:
    """Some people's, accounts' and objects' events around the edges of a range's intervals, and before it.

    Drawn from one seed: dense enough that every rule meets its edge, which small drawn lists do not."""
    return st.integers(0, 2**32).map(drawn)


def drawn(seed: int) -> Drawn:
    """The world of a seed."""
    chance = Random(seed)
    interval = chance.choice(["hour", "day", "day", "week", "month"])
    zone, start, end = chance.choice(_RANGES[interval])
    common = {
        "timezone": zone, "from": start, "to": end, "interval": interval,
        "week_start": chance.choice(["monday", "sunday"]),
        "by": chance.choice(["person", "person", "person", "account", "object"]),
    }  # fmt: skip
    calendar = Calendar(common)
    # The edge of the range and a few others: so many events meet there that ties and exact gaps are common.
    marks = [calendar.start, calendar.marks[0], *chance.sample(calendar.marks, min(3, len(calendar.marks)))]
    marks += [calendar.floor(calendar.marks[0] - timedelta(days=1)), calendar.end, chance.choice(calendar.marks)]
    events = [
        Event(
            at=chance.choice(marks) + chance.choice(_OFFSETS),
            name=chance.choice(["in", "back", "other"]),
            person=chance.choice(_PEOPLE),
            account=chance.choice(["", "a0", "a1", "a2"]),
            object=chance.choice(["", "o0", "o1"]),
            plan=chance.choice([None, "free", "pro"]),
            amount=chance.choice([None, 0.0, 2.5, -1.0, 10.0, 7.0]),
        )
        for _ in range(chance.choice([10, 40, 120]))
    ]
    merged = chance.choice([{}, {"p3": "p0"}, {"p3": "p0", "p4": "p0"}, {"p4": "p1"}])
    countries = {name: chance.choice(["KR", "JP"]) for name in chance.sample(_PEOPLE[:5], 3)}
    tiers = {name: chance.choice(["gold", "tin"]) for name in chance.sample(["a0", "a1"], chance.randint(0, 2))}
    events += [
        Event(_LONG_AGO + timedelta(hours=n), "Identified", name, country=place)
        for n, (name, place) in enumerate(sorted(countries.items()))
    ]
    events += [
        Event(_LONG_AGO + timedelta(days=9, hours=n), "Account Identified", "", account, tier=tier)
        for n, (account, tier) in enumerate(sorted(tiers.items()))
    ]
    newest = {merged.get(name, name): place for name, place in sorted(countries.items())}
    return Drawn(World(events, merged, newest, tiers), common)


def _properties(event: Event) -> Json:
    named = {"plan": event.plan, "amount": event.amount, "country": event.country, "tier": event.tier}
    return {name: value for name, value in named.items() if value is not None}
