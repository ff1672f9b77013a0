"""All deals of a workspace as columns, each fact with the moment from which it was known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DAY = 86_400.0
GROUPS = ("owner", "product", "account", "sector")


@dataclass(frozen=True, slots=True)
class Was:
    """What a deal was from `at` on."""

    at: datetime
    probability: int
    amount: int
    close_date: date


@dataclass(frozen=True, slots=True)
class Tag:
    """Whose a deal was, or what it was about, from `at` on; "" is nobody and nothing."""

    at: datetime
    value: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done about a deal; `customer` where it was the customer who did it."""

    at: datetime
    customer: bool


@dataclass(frozen=True, slots=True)
class Known:
    """A deal from beginning to end. `won` is None while it is open; `was` and `acts` are in order of time."""

    id: str
    created_at: datetime
    closed_at: datetime | None
    won: bool | None
    owners: Sequence[Tag]
    products: Sequence[Tag]
    accounts: Sequence[Tag]
    sectors: Sequence[Tag]
    was: Sequence[Was]
    acts: Sequence[Act] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Deals' owners (or products, accounts, sectors) as numbers from 0 to `size`, -1 for none, ordered by time."""

    deal: Ints
    at: Floats
    number: Ints
    size: int

    def of_each(self, count: int, at: float) -> Ints:
        """What was known of each of `count` deals at a moment."""
        rows = np.flatnonzero(self.at <= at)
        found = np.full(count, -1, dtype=np.int64)
        found[self.deal[rows]] = self.number[rows]  # of rows of one deal the latest stays
        return found


@dataclass(frozen=True, slots=True)
class Past:
    """Deals in columns; times are days since 1970 in UTC, `closed` is infinite while a deal is open.

    `step_…` has a row for each change of stage, amount or close date, ordered by deal and time; `act_…` one for each
    thing done.
    """

    ids: Sequence[str]
    created: Floats
    closed: Floats
    won: NDArray[np.bool_]
    groups: dict[str, Group]
    step_deal: Ints
    step_at: Floats
    step_probability: Floats
    step_amount: Floats
    step_close: Floats
    step_entered: NDArray[np.bool_]
    step_slipped: NDArray[np.bool_]
    act_deal: Ints
    act_at: Floats
    act_customer: NDArray[np.bool_]

    @property
    def decided(self) -> NDArray[np.bool_]:
        return np.isfinite(self.closed)

    def last_step(self, at: float) -> Ints:
        """For each deal the row that says what it was at a moment; -1 where it was not known yet."""
        rows = np.flatnonzero(self.step_at <= at)
        last = np.full(len(self.ids), -1, dtype=np.int64)
        last[self.step_deal[rows]] = rows  # of rows of one deal the latest stays
        return last


def past_of(deals: Sequence[Known]) -> Past:
    steps = [(number, step, before) for number, one in enumerate(deals) for step, before in _with_before(one.was)]
    acts = [(number, act) for number, one in enumerate(deals) for act in one.acts]
    return Past(
        ids=[one.id for one in deals],
        created=np.array([days(one.created_at) for one in deals]),
        closed=np.array([days(one.closed_at) if one.closed_at else np.inf for one in deals]),
        won=np.array([bool(one.won) for one in deals], dtype=bool),
        groups={name: _group([getattr(one, f"{name}s") for one in deals]) for name in GROUPS},
        step_deal=np.array([number for number, _, _ in steps], dtype=np.int64),
        step_at=np.array([days(step.at) for _, step, _ in steps]),
        step_probability=np.array([step.probability / 100 for _, step, _ in steps]),
        step_amount=np.array([float(step.amount) for _, step, _ in steps]),
        step_close=np.array([float(step.close_date.toordinal()) for _, step, _ in steps]),
        step_entered=np.array([b is None or b.probability != s.probability for _, s, b in steps], dtype=bool),
        step_slipped=np.array([b is not None and s.close_date > b.close_date for _, s, b in steps], dtype=bool),
        act_deal=np.array([number for number, _ in acts], dtype=np.int64),
        act_at=np.array([days(act.at) for _, act in acts]),
        act_customer=np.array([act.customer for _, act in acts], dtype=bool),
    )


def days(at: datetime) -> float:
    return at.timestamp() / DAY


def moment(at: float) -> datetime:
    return datetime.fromtimestamp(at * DAY, UTC)


def _with_before(was: Sequence[Was]) -> list[tuple[Was, Was | None]]:
    return list(zip(was, [None, *was], strict=False))


def _group(tags: Sequence[Sequence[Tag]]) -> Group:
    rows = [(tag.at, number, tag.value) for number, of_deal in enumerate(tags) for tag in of_deal]
    rows.sort(key=lambda row: row[0])
    numbers: dict[str, int] = {"": -1}
    for _, _, value in rows:
        numbers.setdefault(value, len(numbers) - 1)
    return Group(
        deal=np.array([deal for _, deal, _ in rows], dtype=np.int64),
        at=np.array([days(at) for at, _, _ in rows]),
        number=np.array([numbers[value] for _, _, value in rows], dtype=np.int64),
        size=len(numbers) - 1,
    )
