"""Rules weighed by what somebody did, for a few people and all rules at once.

The same meaning as the statements of `leaves_sql`: a test holds that both name the same people, whatever happens.
Traits, lists and accounts are asked of the log as they are there; everything that is a window over events is here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import json, to_builtins

from dure.kernel.lots import lot
from dure.segments.facts_sql import Facts
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
from dure.segments.rules import compared, duration

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EVER = -(1 << 62)


@dataclass(slots=True)
class Look:
    """Somebody and what they did, in order: rows of `(at, day, masks, numbers, place)` by name of event."""

    person: UUID
    did: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    anything: list[tuple[Any, ...]] = field(default_factory=list)
    asked: frozenset[int] = frozenset()
    said: dict[int, bool] = field(default_factory=dict)


Weigh = Callable[[Look], bool]


class Scales:
    """Rules made ready to be weighed at a moment. `asked` are the conditions that the log answers itself."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.facts = Facts()
        self.asked: list[Leaf] = []
        self._known: dict[bytes, Weigh] = {}

    def rule(self, rule: Rule) -> Weigh:
        """Call it for all rules before the facts are fetched."""
        if isinstance(rule, Not):
            inner = self.rule(rule.of)
            return lambda look: not inner(look)
        if isinstance(rule, All | Either):
            parts, joined = [self.rule(part) for part in rule.of], all if isinstance(rule, All) else any
            return lambda look: joined(part(look) for part in parts)
        return self._leaf(rule)

    def _leaf(self, leaf: Leaf) -> Weigh:
        said = json.encode(to_builtins(leaf))
        if said not in self._known:
            number, weigh = len(self._known), self._made(leaf)

            def once(look: Look) -> bool:
                found = look.said.get(number)
                if found is None:
                    found = look.said[number] = weigh(look)
                return found

            self._known[said] = once
        return self._known[said]

    def _made(self, leaf: Leaf) -> Weigh:
        if isinstance(leaf, Trait | Listed):
            number = len(self.asked)
            self.asked.append(leaf)
            return lambda look: number in look.asked
        if isinstance(leaf, Share):
            seed, low, high = (
                f"segment:{leaf.seed}:",
                round(leaf.start * 10_000),
                round((leaf.start + leaf.share) * 10_000),
            )
            return lambda look: low <= round(lot(seed, str(look.person)) * 10_000) < high
        if isinstance(leaf, Steps):
            self.facts.add(leaf, (*leaf.steps, *leaf.without))
            return self._steps(leaf)
        assert isinstance(leaf, Did | LastSeen | FirstSeen | Frequency | Amount)  # noqa: S101 - unfolded before
        self.facts.add(leaf, [Selector(leaf.event, leaf.where)])
        made: Weigh = _KINDS[type(leaf)](self, leaf)
        return made

    # -- the kinds --------------------------------------------------------------------------------------------------

    def did(self, leaf: Did) -> Weigh:
        rows, (low, high) = self._rows(leaf), self._window(leaf.within, leaf.before)
        least, most = leaf.at_least, math.inf if leaf.at_most is None else leaf.at_most
        if leaf.measure == "days":
            return lambda look: least <= len({row[1] for row in rows(look) if low < row[0] <= high}) <= most
        return lambda look: least <= sum(low < row[0] <= high for row in rows(look)) <= most

    def seen(self, leaf: LastSeen | FirstSeen) -> Weigh:
        rows, which = self._rows(leaf), -1 if isinstance(leaf, LastSeen) else 0
        over = _micros(self.now - duration(leaf.over)) if leaf.over else math.inf
        under = _micros(self.now - duration(leaf.under)) if leaf.under else -math.inf

        def weigh(look: Look) -> bool:
            found = rows(look)
            return bool(found) and under < found[which][0] <= over

        return weigh

    def frequency(self, leaf: Frequency) -> Weigh:
        rows, length, periods = self._rows(leaf), PERIODS[leaf.per], leaf.periods
        edges = [_micros(self.now - length * n) for n in range(periods + 1)]
        edges[0] = 1 << 62
        least, most = leaf.at_least, math.inf if leaf.at_most is None else leaf.at_most
        if not leaf.every:
            low = edges[-1]
            return lambda look: least * periods <= sum(row[0] > low for row in rows(look)) <= most * periods
        return lambda look: all(
            least <= sum(edges[n + 1] < row[0] <= edges[n] for row in rows(look)) <= most for n in range(periods)
        )

    def amount(self, leaf: Amount) -> Weigh:
        rows, (low, high) = self._rows(leaf), self._window(leaf.within, leaf.before)
        prop, op, value, measure = self.facts.props[leaf.prop], leaf.op, float(leaf.value), leaf.measure

        def weigh(look: Look) -> bool:
            found = [
                (row[4], row[3][prop])
                for row in rows(look)
                if low < row[0] <= high and row[3][prop] is not None and math.isfinite(row[3][prop])
            ]
            numbers = [number for _, number in found]
            if measure == "sum":
                return compared(round(math.fsum(numbers), 6), op, value)
            if not numbers:
                return False
            taken = (
                math.fsum(numbers) / len(numbers)
                if measure == "average"
                else (min(numbers) if measure == "min" else max(numbers))
            )
            return compared(round(taken, 6), op, value)

        return weigh

    def _steps(self, leaf: Steps) -> Weigh:
        steps, without = [self._rows(one) for one in leaf.steps], [self._rows(one) for one in leaf.without]
        low, _ = self._window(leaf.within, None)
        span, last = _length(leaf.span), len(steps) - 1

        def weigh(look: Look) -> bool:
            marks: dict[int, list[Any]] = {}
            for bit, rows in enumerate((*steps, *without)):
                for row in rows(look):
                    if row[0] > low:
                        mark = marks.setdefault(row[4], [row[0], 0, False])
                        if bit <= last:
                            mark[1] |= 1 << bit
                        else:
                            mark[2] = True
            began = [_EVER] * last
            for _, (at, done, broken) in sorted(marks.items()):
                if done >> last & 1 and began[-1] > _EVER and at - began[-1] <= span:
                    return True
                for n in range(last - 1, 0, -1):
                    if broken:
                        began[n] = _EVER
                    elif done >> n & 1:
                        began[n] = max(began[n], began[n - 1])
                began[0] = at if done & 1 else (_EVER if broken else began[0])
            return False

        return weigh

    def _rows(self, one: Any) -> Callable[[Look], list[tuple[Any, ...]]]:
        name, place = one.event, None
        if one.where:
            place = self.facts.place(one.where)
        if place is None:
            return (lambda look: look.anything) if name == ANYTHING else (lambda look: look.did.get(name, []))
        word, bit = place
        if name == ANYTHING:
            return lambda look: [row for row in look.anything if row[2][word] & bit]
        return lambda look: [row for row in look.did.get(name, ()) if row[2][word] & bit]

    def _window(self, within: str | None, before: str | None) -> tuple[int, int]:
        end = self.now - duration(before) if before else self.now
        return _micros(end - duration(within)) if within else _EVER, _micros(end)


def looks(rows: Sequence[tuple[Any, ...]], asked: Mapping[UUID, frozenset[int]]) -> dict[UUID, Look]:
    """Everybody of whom there is a fact or an answer, each message once."""
    found = {who: Look(who, asked=numbers) for who, numbers in asked.items()}
    seen: set[tuple[UUID, int]] = set()
    for place, (who, at, name, ours, day, message, masks, numbers) in enumerate(rows):
        if (who, message) in seen:
            continue
        seen.add((who, message))
        look = found.get(who)
        if look is None:
            look = found[who] = Look(who, asked=asked.get(who, frozenset()))
        row = (at, day, masks, numbers, place)
        look.did.setdefault(name, []).append(row)
        if not ours:
            look.anything.append(row)
    return found


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def _length(text: str | None) -> float:
    return duration(text) // timedelta(microseconds=1) if text else math.inf


_KINDS: dict[type, Callable[[Scales, Any], Weigh]] = {
    Did: Scales.did, LastSeen: Scales.seen, FirstSeen: Scales.seen, Frequency: Scales.frequency,
    Amount: Scales.amount,
}  # fmt: skip
