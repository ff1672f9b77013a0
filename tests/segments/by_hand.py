"""Rules read slowly and obviously: one person after another, one event after another, each message once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dure.feed.api import NOBODY, Event
from dure.kernel.filters import Filter, all_hold, holds
from dure.kernel.lots import lot
from dure.segments import rules
from dure.segments.model import (
    Amount,
    Did,
    FirstSeen,
    Frequency,
    LastSeen,
    Leaf,
    Rule,
    Selector,
    Share,
    Trait,
)
from dure.segments.model import Sequence as Steps

OURS = {"segments", "campaigns", "people"}
LENGTHS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class ByHand:
    """Whom rules hold for at a moment, given everything that ever happened."""

    def __init__(self, history: Sequence[Event], now: datetime, zone: str) -> None:
        self.now, self.zone = now, ZoneInfo(zone)
        now_is: dict[UUID, UUID] = {}
        version: dict[UUID, int] = {}
        for event in history:
            if event.event == "Person Linked":
                said = event.properties
                if said["version"] >= version.get(UUID(said["from_person"]), 0):
                    version[UUID(said["from_person"])] = said["version"]
                    now_is[UUID(said["from_person"])] = UUID(said["to_person"])
        self.everybody: dict[UUID, list[Event]] = {}
        self.accounts: dict[str, list[Event]] = {}
        for message in {event.message_id: event for event in history}.values():
            if message.time > now:
                continue
            if message.account and message.event == "Account Identified":
                self.accounts.setdefault(message.account, []).append(message)
            if message.person != NOBODY:
                self.everybody.setdefault(now_is.get(message.person, message.person), []).append(message)
        self._kinds: dict[type, Callable[[Any, UUID, list[Event]], bool]] = {
            Did: self._did, LastSeen: self._seen, FirstSeen: self._seen, Frequency: self._frequency,
            Amount: self._amount, Steps: self._sequence, Trait: self._trait, Share: self._share,
        }  # fmt: skip

    def people(self, rule: Rule) -> list[UUID]:
        found = []
        for who, events in self.everybody.items():

            def said(leaf: Leaf, who: UUID = who, events: list[Event] = events) -> bool:
                return self._kinds[type(leaf)](leaf, who, events)

            if rules.holds(rule, said):
                found.append(who)
        return sorted(found, key=str)

    def _meant(self, one: Any, events: list[Event], start: datetime, end: datetime) -> list[Event]:
        return [
            event
            for event in events
            if start < event.time <= end
            and (event.source not in OURS if one.event == "*" else event.event == one.event)
            and all_hold(one.where, event.properties.get)
        ]

    def _within(self, leaf: Any, events: list[Event]) -> list[Event]:
        end = self.now - rules.duration(leaf.before) if leaf.before else self.now
        return self._meant(leaf, events, end - rules.duration(leaf.within) if leaf.within else BEGINNING, end)

    def _did(self, leaf: Did, who: UUID, events: list[Event]) -> bool:
        matching = self._within(leaf, events)
        days = {event.time.astimezone(self.zone).date() for event in matching}
        count = len(days) if leaf.measure == "days" else len(matching)
        return leaf.at_least <= count and (leaf.at_most is None or count <= leaf.at_most)

    def _seen(self, leaf: LastSeen | FirstSeen, who: UUID, events: list[Event]) -> bool:
        times = [event.time for event in self._meant(leaf, events, BEGINNING, self.now)]
        if not times:
            return False
        at = max(times) if isinstance(leaf, LastSeen) else min(times)
        if leaf.over and not at <= self.now - rules.duration(leaf.over):
            return False
        return not leaf.under or at > self.now - rules.duration(leaf.under)

    def _frequency(self, leaf: Frequency, who: UUID, events: list[Event]) -> bool:
        length, most = LENGTHS[leaf.per], float("inf") if leaf.at_most is None else leaf.at_most
        counts = [
            len(self._meant(leaf, events, self.now - length * (n + 1), self.now - length * n))
            for n in range(leaf.periods)
        ]
        if leaf.every:
            return all(leaf.at_least <= count <= most for count in counts)
        return leaf.at_least * leaf.periods <= sum(counts) <= most * leaf.periods

    def _amount(self, leaf: Amount, who: UUID, events: list[Event]) -> bool:
        numbers = []
        for event in self._within(leaf, events):
            try:
                numbers.append(float(event.properties.get(leaf.prop)))  # type: ignore[arg-type]
            except (TypeError, ValueError):
                continue
        if not numbers and leaf.measure != "sum":
            return False
        taken = {
            "sum": sum, "average": lambda some: sum(some) / len(some), "min": min, "max": max,
        }[leaf.measure](numbers)  # fmt: skip
        return holds(Filter("n", leaf.op, leaf.value), taken)

    def _sequence(self, leaf: Steps, who: UUID, events: list[Event]) -> bool:
        """Every way to choose one event for each step, until one is right."""
        start = self.now - rules.duration(leaf.within) if leaf.within else BEGINNING
        ordered = sorted((e for e in events if start < e.time), key=lambda event: (event.time, event.message_id))
        number = {event.message_id: n for n, event in enumerate(ordered)}

        def means(one: Selector) -> set[int]:
            return {number[event.message_id] for event in self._meant(one, ordered, BEGINNING, self.now)}

        steps = [means(step) for step in leaf.steps]
        without = {n for one in leaf.without for n in means(one)}
        for way in combinations(sorted(set().union(*steps)), len(steps)):
            first, last = ordered[way[0]], ordered[way[-1]]
            if not all(place in step for place, step in zip(way, steps, strict=True)):
                continue
            if leaf.span and last.time - first.time > rules.duration(leaf.span):
                continue
            if not any(way[0] < n < way[-1] for n in without):
                return True
        return False

    def _trait(self, leaf: Trait, who: UUID, events: list[Event]) -> bool:
        if leaf.of == "account":
            of = [(event.time, event.message_id, event.account) for event in events if event.account]
            account = max(of)[2] if of else ""
            return holds(leaf.filter, _newest(self.accounts.get(account, []), "Account Identified", leaf.prop))
        return holds(leaf.filter, _newest(events, "Identified", leaf.prop))

    def _share(self, leaf: Share, who: UUID, events: list[Event]) -> bool:
        return leaf.start <= lot(f"segment:{leaf.seed}:", str(who)) < round(leaf.start + leaf.share, 6)


def _newest(events: list[Event], name: str, prop: str) -> Any:
    told = [
        (event.time, event.message_id, event.properties.get(prop))
        for event in events
        if event.event == name and (prop in event.properties or prop in event.properties.get("removed_traits", ()))
    ]
    return max(told, key=lambda one: one[:2])[2] if told else None
