"""Rules weighed for everybody at once: a condition is one run over columns, for whomever it holds.

The same meaning as `weighing`, which weighs few people, and as the statements of `sql`, which ask of one rule: tests
hold that all three name the same people. Here a thousand rules cost one reading of the log.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from msgspec import json, to_builtins
from numpy.typing import NDArray

from dure.segments.crowd_sql import WORD, Reach
from dure.segments.facts_sql import Facts
from dure.segments.ids import Ids, ids_of, texts_of
from dure.segments.leaves_sql import PERIODS
from dure.segments.model import (
    ANYTHING,
    All,
    Amount,
    Did,
    Either,
    FirstSeen,
    Frequency,
    LastSeen,
    Leaf,
    Listed,
    Not,
    Rule,
    Selector,
    Share,
    Trait,
)
from dure.segments.model import Sequence as Steps
from dure.segments.rules import duration, leaves_of
from dure.segments.sql import events_of

Holds = NDArray[np.bool_]
"""For each person whether it does."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVER = -(1 << 62)
_COMPARED: dict[str, Callable[[Any, float], Any]] = {
    "=": np.equal, "!=": np.not_equal, ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal,
}  # fmt: skip


@dataclass
class Rows:
    """Some events in order of person, time and message: `place` is where each stands among all of the part."""

    who: NDArray[np.int64]
    at: NDArray[np.int64]
    day: NDArray[np.uint16]
    place: NDArray[np.int64]

    def only(self, which: NDArray[Any]) -> Rows:
        return Rows(self.who[which], self.at[which], self.day[which], self.place[which])

    def first(self) -> Holds:
        """Where another person begins."""
        return np.concatenate(([True], self.who[1:] != self.who[:-1])) if len(self.who) else np.zeros(0, np.bool_)


@dataclass
class Crowd:
    """A part of everybody, what they did, and whom the conditions that the log answers itself hold for."""

    people: Ids
    who: NDArray[np.int64]
    read: NDArray[Any]
    names: Mapping[str, int]
    asked: Mapping[bytes, Ids]
    _rows: dict[str, Rows] = field(default_factory=dict)
    _filtered: dict[tuple[str, int, int], Rows] = field(default_factory=dict)

    def of(self, name: str, word: int = 0, bit: int = 0) -> Rows:
        """The events of a name, `*` for what people did, that a filter lets through."""
        if name not in self._rows:
            found = np.flatnonzero(
                self.read["ours"] == 0 if name == ANYTHING else self.read["name"] == self.names[name]
            )
            self._rows[name] = Rows(self.who[found], self.read["at"][found], self.read["day"][found], found)
        rows = self._rows[name]
        if not bit:
            return rows
        key = (name, word, bit)
        if key not in self._filtered:
            self._filtered[key] = rows.only((self.read[f"mask{word}"][rows.place] & np.uint64(bit)) != 0)
        return self._filtered[key]

    def many(self, who: NDArray[np.int64], weights: NDArray[np.float64] | None = None) -> NDArray[Any]:
        return np.bincount(who, weights=weights, minlength=len(self.people))

    def nobody(self) -> Holds:
        return np.zeros(len(self.people), np.bool_)


Weigh = Callable[[Crowd], Holds]


def dtype_of(facts: Facts) -> np.dtype[Any]:
    """How a row of `crowd_sql.facts_of` lies in memory."""
    words = (len(facts.filters) + WORD - 1) // WORD
    return np.dtype(
        [("person", "V16"), ("at", "<i8"), ("name", "<u2"), ("ours", "u1"), ("day", "<u2"), ("message", "<u8"),
         *((f"mask{n}", "<u8") for n in range(words)), *((f"number{n}", "<f8") for n in range(len(facts.props)))]
    )  # fmt: skip


def crowd_of(
    facts: Facts, names: Sequence[str], packed: bytes, everybody: Ids | None, asked: Mapping[bytes, Ids]
) -> Crowd:
    """The part's people and rows, each message of somebody once."""
    read = np.frombuffer(packed, dtype=dtype_of(facts))
    ids = ids_of(np.ascontiguousarray(read["person"]))
    begins = np.concatenate(([True], ids[1:] != ids[:-1])) if len(ids) else np.zeros(0, np.bool_)
    who = np.cumsum(begins) - 1
    doubled = _copies(who, read["message"])
    people = ids[begins]
    if len(doubled):
        who, read = np.delete(who, doubled), np.delete(read, doubled)
    if everybody is not None:
        who, people = np.searchsorted(everybody, people)[who], everybody
    numbers = {name: n + 1 for n, name in enumerate(one for one in names if one != ANYTHING)}
    return Crowd(people, who, read, numbers, asked)


def _copies(who: NDArray[np.int64], message: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Rows whose message the same person has in a row before."""
    mixed = message ^ (who.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    order = np.argsort(mixed, kind="stable")
    alike = np.flatnonzero(mixed[order][1:] == mixed[order][:-1]) + 1
    if not len(alike):
        return alike
    # Few: looked at one by one, because two of one mixture need not be copies.
    near = np.unique(np.concatenate((order[alike], order[alike - 1])))
    seen: set[tuple[int, int]] = set()
    found = []
    for row in near.tolist():
        key = (int(who[row]), int(message[row]))
        if key in seen:
            found.append(row)
        seen.add(key)
    return np.array(found, np.int64)


def said_of(leaf: Leaf) -> bytes:
    return json.encode(to_builtins(leaf))


class Scales:
    """Rules made ready to be weighed for everybody at a moment."""

    def __init__(self, now: datetime, rules: Iterable[Rule]) -> None:
        self.now = now
        self.facts = Facts()
        self.asked: dict[bytes, Trait | Listed] = {}
        self.since: dict[str, datetime | None] = {}
        for rule in rules:
            for leaf in leaves_of(rule):
                self._prepare(leaf)

    @property
    def reach(self) -> Reach:
        return Reach(self.since)

    def weigh(self, rule: Rule, crowd: Crowd, known: dict[bytes, NDArray[np.uint8]]) -> Holds:
        """For whom of the crowd a rule holds. `known` keeps what each condition came to, in bits."""
        if isinstance(rule, Not):
            return ~self.weigh(rule.of, crowd, known)
        if isinstance(rule, All | Either):
            join = np.logical_and if isinstance(rule, All) else np.logical_or
            parts = [self.weigh(part, crowd, known) for part in rule.of]
            return join.reduce(parts) if parts else np.full(len(crowd.people), isinstance(rule, All))
        key = said_of(rule)
        if key not in known:
            found = self._leaf(rule, key, crowd)
            known[key] = np.packbits(found)
            return found
        return np.unpackbits(known[key], count=len(crowd.people)).view(np.bool_)

    def _prepare(self, leaf: Leaf) -> None:
        if isinstance(leaf, Trait | Listed):
            self.asked[said_of(leaf)] = leaf
        elif not isinstance(leaf, Share):
            selectors = (*leaf.steps, *leaf.without) if isinstance(leaf, Steps) else [Selector(leaf.event, leaf.where)]  # type: ignore[union-attr]
            self.facts.add(leaf, selectors)
            since = _since(leaf, self.now)
            for name in events_of(leaf):
                before = self.since.get(name, since)
                self.since[name] = min(before, since) if before is not None and since is not None else None

    def _leaf(self, leaf: Leaf, key: bytes, crowd: Crowd) -> Holds:
        if isinstance(leaf, Trait | Listed):
            found, there = crowd.nobody(), crowd.asked[key]
            places = np.searchsorted(crowd.people, there)
            inside = places < len(crowd.people)
            places, there = places[inside], there[inside]
            found[places[crowd.people[places] == there]] = True
            return found
        if isinstance(leaf, Share):
            lots = _lots(f"segment:{leaf.seed}:", crowd.people)
            holds: Holds = (lots >= round(leaf.start * 10_000)) & (lots < round((leaf.start + leaf.share) * 10_000))
            return holds
        made: Holds = _KINDS[type(leaf)](self, leaf, crowd)
        return made

    # -- the kinds --------------------------------------------------------------------------------------------------

    def did(self, leaf: Did, crowd: Crowd) -> Holds:
        rows = self._window(leaf, crowd)
        if leaf.measure == "days":
            rows = rows.only(rows.first() | np.concatenate(([True], rows.day[1:] != rows.day[:-1]))[: len(rows.day)])
        return _between(crowd.many(rows.who), leaf.at_least, leaf.at_most)

    def seen(self, leaf: LastSeen | FirstSeen, crowd: Crowd) -> Holds:
        rows, found = self._rows(leaf, crowd), crowd.nobody()
        edge = rows.first()
        if isinstance(leaf, LastSeen) and len(edge):
            edge = np.concatenate((edge[1:], [True]))
        rows = rows.only(edge)
        low = _micros(self.now - duration(leaf.under)) if leaf.under else _EVER
        high = _micros(self.now - duration(leaf.over)) if leaf.over else -_EVER
        found[rows.who] = (rows.at > low) & (rows.at <= high)
        return found

    def frequency(self, leaf: Frequency, crowd: Crowd) -> Holds:
        rows, length = self._rows(leaf, crowd), PERIODS[leaf.per]
        edges = [_micros(self.now - length * n) for n in range(leaf.periods + 1)]
        edges[0] = -_EVER
        if not leaf.every:
            most = None if leaf.at_most is None else leaf.at_most * leaf.periods
            return _between(crowd.many(rows.who[rows.at > edges[-1]]), leaf.at_least * leaf.periods, most)
        found = ~crowd.nobody()
        for n in range(leaf.periods):
            many = crowd.many(rows.who[(rows.at > edges[n + 1]) & (rows.at <= edges[n])])
            found &= _between(many, leaf.at_least, leaf.at_most)
        return found

    def amount(self, leaf: Amount, crowd: Crowd) -> Holds:
        rows = self._window(leaf, crowd)
        numbers = crowd.read[f"number{self.facts.props[leaf.prop]}"][rows.place]
        finite = np.isfinite(numbers)
        rows, numbers = rows.only(finite), numbers[finite]
        compared, value = _COMPARED[leaf.op], float(leaf.value)
        if leaf.measure == "sum":
            total: Holds = compared(np.round(crowd.many(rows.who, numbers), 6), value)
            return total
        starts = np.flatnonzero(rows.first())
        found = crowd.nobody()
        if len(starts):
            if leaf.measure == "average":
                many = np.diff(np.append(starts, len(numbers)))
                taken = np.add.reduceat(numbers, starts) / many
            else:
                taken = (np.minimum if leaf.measure == "min" else np.maximum).reduceat(numbers, starts)
            found[rows.who[starts]] = compared(np.round(taken, 6), value)
        return found

    def steps(self, leaf: Steps, crowd: Crowd) -> Holds:
        """The walk of `leaves_sql`, everybody's n-th event at the same time."""
        last = len(leaf.steps) - 1
        low = _micros(self.now - duration(leaf.within)) if leaf.within else _EVER
        each = [self._rows(one, crowd) for one in (*leaf.steps, *leaf.without)]
        each = [rows.only(rows.at > low) for rows in each]
        places, at_first = np.unique(np.concatenate([rows.place for rows in each]), return_index=True)
        who = np.concatenate([rows.who for rows in each])[at_first]
        at = np.concatenate([rows.at for rows in each])[at_first]
        done = np.zeros((last + 1, len(places)), np.bool_)
        broken = np.zeros(len(places), np.bool_)
        for bit, rows in enumerate(each):
            into = done[bit] if bit <= last else broken
            into[np.searchsorted(places, rows.place)] = True
        found = crowd.nobody()
        if not len(places):
            return found
        begins = np.flatnonzero(np.concatenate(([True], who[1:] != who[:-1])))
        ends = np.append(begins[1:], len(who))
        span = duration(leaf.span) // timedelta(microseconds=1) if leaf.span else math.inf
        began = np.full((last, len(begins)), _EVER, np.int64)
        walking = np.arange(len(begins))
        turn = 0
        while len(walking):
            row = begins[walking] + turn
            when, over = at[row], broken[row]
            from_ = began[-1, walking]
            come = done[last, row] & (from_ > _EVER) & (when - from_ <= span)
            found[who[row[come]]] = True
            for n in range(last - 1, 0, -1):
                further = np.maximum(began[n, walking], began[n - 1, walking])
                began[n, walking] = np.where(over, _EVER, np.where(done[n, row], further, began[n, walking]))
            began[0, walking] = np.where(done[0, row], when, np.where(over, _EVER, began[0, walking]))
            turn += 1
            walking = walking[~come & (begins[walking] + turn < ends[walking])]
        return found

    def _rows(self, one: Any, crowd: Crowd) -> Rows:
        place = self.facts.place(one.where)
        return crowd.of(one.event, *place) if place else crowd.of(one.event)

    def _window(self, leaf: Did | Amount, crowd: Crowd) -> Rows:
        rows = self._rows(leaf, crowd)
        end = self.now - duration(leaf.before) if leaf.before else self.now
        if leaf.before or leaf.within:
            inside = rows.at <= _micros(end)
            if leaf.within:
                inside &= rows.at > _micros(end - duration(leaf.within))
            rows = rows.only(inside)
        return rows


def _since(leaf: Leaf, now: datetime) -> datetime | None:
    """Before this moment nothing matters to a condition; None where everything does."""
    if isinstance(leaf, Did | Amount) and leaf.within:
        return now - duration(leaf.within) - (duration(leaf.before) if leaf.before else timedelta())
    if isinstance(leaf, Frequency):
        return now - PERIODS[leaf.per] * leaf.periods
    if isinstance(leaf, LastSeen) and leaf.under:
        return now - duration(leaf.under)
    if isinstance(leaf, Steps) and leaf.within:
        return now - duration(leaf.within)
    return None


def _between(many: NDArray[Any], least: float, most: float | None) -> Holds:
    found: Holds = many >= least
    return found if most is None else found & (many <= most)


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _lots(seed: str, people: Ids) -> NDArray[np.int64]:
    """`kernel.lots` in ten-thousandths, for all at once."""
    prime = np.uint32(16_777_619)
    value = np.full(len(people), 2_166_136_261, np.uint32)
    for byte in seed.encode():
        value = (value ^ np.uint32(byte)) * prime
    for letters in texts_of(people).T:
        value = (value ^ letters.astype(np.uint32)) * prime
    again = np.full(len(people), 2_166_136_261, np.uint32)
    begun = np.zeros(len(people), np.bool_)
    for power in range(9, -1, -1):  # decimal digits, without zeros in front
        digit = value // np.uint32(10**power) % np.uint32(10)
        begun |= (digit > 0) | (power == 0)
        again = np.where(begun, (again ^ (digit + np.uint32(48))) * prime, again)
    return (again % np.uint32(10_000)).astype(np.int64)


_KINDS: dict[type, Callable[[Scales, Any, Crowd], Holds]] = {
    Did: Scales.did, LastSeen: Scales.seen, FirstSeen: Scales.seen, Frequency: Scales.frequency,
    Amount: Scales.amount, Steps: Scales.steps,
}  # fmt: skip
