"""What is known of open deals at a moment, as numbers. Nothing that was learned later goes in.

A deal's own facts come from what it was by then; an owner's, product's, account's or sector's record counts only deals
that were closed before. Rates of few deals lean on the rate of all (a beta prior worth `_LEAN` deals).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dure.deals.winning.past import GROUPS, Floats, Ints, Past

YOUNG = 3.0
"""A deal is not judged in its first days: nothing has happened yet that could tell."""

_LEAN = 20.0
_LATELY = 14.0

# Each name is one reason that may be shown; ages have bends, so that one name may stand for several columns.
STAGE, STAGE_AGE, AGE, AMOUNT, DUE, SLIPS, ACTS, CUSTOMER, QUIET = (
    "stage", "stage_age", "age", "amount", "due", "slips", "acts", "customer", "quiet",
)  # fmt: skip
NAMES = (STAGE, STAGE_AGE, AGE, AMOUNT, DUE, SLIPS, ACTS, CUSTOMER, QUIET, *GROUPS)


@dataclass(frozen=True, slots=True)
class Shape:
    """Where ages bend and what an amount is compared with; taken from the deals a model learns from."""

    bends: tuple[float, ...]
    stage_bends: tuple[float, ...]
    oldest: float
    amount: float
    left_out: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The name that each column belongs to."""
        wide = {AGE: 1 + len(self.bends), STAGE_AGE: 1 + len(self.stage_bends)}
        return tuple(name for name in NAMES if name not in self.left_out for _ in range(wide.get(name, 1)))


@dataclass(frozen=True, slots=True)
class Seen:
    """Open deals at a moment: their places in the past, their columns, and what a reader is shown for each name."""

    at: float
    deals: Ints
    columns: Floats
    shown: dict[str, Floats]
    stage: Floats
    rate: float


def seen_at(past: Past, at: float, shape: Shape, among: NDArray[np.bool_] | None = None) -> Seen:
    """The deals that were open at `at` for at least three days (and are among the given ones)."""
    last = past.last_step(at)
    chosen = (past.created <= at - YOUNG) & (past.closed > at) & (last >= 0)
    if among is not None:
        chosen &= among
    deals = np.flatnonzero(chosen)
    step = last[deals]
    overall = win_rate(past, at)
    shown = _facts(past, at, deals, step)
    for name in GROUPS:
        shown[name] = _record(past, name, at, deals, overall)
    columns = [
        part for name in NAMES if name not in shape.left_out for part in _parts(name, shown[name], shape, overall)
    ]
    stacked = np.column_stack(columns) if deals.size else np.zeros((0, len(shape.columns)))
    return Seen(at, deals, stacked, shown, past.step_probability[step], overall)


def win_rate(past: Past, at: float) -> float:
    """The share won of all deals closed before a moment; a half where none was."""
    before = past.closed < at
    return float((past.won[before].sum() + 1) / (before.sum() + 2))


def shape_of(past: Past, at: float, left_out: Sequence[str] = ()) -> Shape:
    """The shape of the deals that were closed before a moment."""
    before = past.closed < at
    ages = (past.closed - past.created)[before]
    last = past.last_step(at)
    amounts = past.step_amount[last[before & (last >= 0)]]
    told = amounts[amounts > 0]
    bends = tuple(float(np.quantile(ages, q)) for q in (0.1, 0.25, 0.5, 0.75, 0.9)) if ages.size else ()
    return Shape(
        bends=tuple(sorted({round(max(bend, YOUNG + 1), 1) for bend in bends})),
        stage_bends=tuple(sorted({round(max(bend, YOUNG), 1) for bend in bends[1::2]})),
        oldest=float(np.quantile(ages, 0.99)) if ages.size else 0.0,
        amount=float(np.median(told)) if told.size else 1.0,
        left_out=tuple(left_out),
    )


def _facts(past: Past, at: float, deals: Ints, step: Ints) -> dict[str, Floats]:
    entered = np.full(len(past.ids), -np.inf)
    rows = np.flatnonzero((past.step_at <= at) & past.step_entered)
    entered[past.step_deal[rows]] = past.step_at[rows]
    count = len(past.ids)
    slipped = np.bincount(past.step_deal[(past.step_at <= at) & past.step_slipped], minlength=count)
    acted = past.act_at <= at
    lately = acted & (past.act_at > at - _LATELY)
    newest = np.full(count, -np.inf)
    np.maximum.at(newest, past.act_deal[acted], past.act_at[acted])
    age = at - past.created[deals]
    # A deal without any sign is as quiet as it is old: the past before signs were kept says nothing else.
    quiet = np.minimum(at - newest[deals], age)
    return {
        STAGE: past.step_probability[step],
        STAGE_AGE: np.minimum(at - entered[deals], age),
        AGE: age,
        AMOUNT: past.step_amount[step],
        DUE: past.step_close[step] - 719_163 - at,  # a date's ordinal counts from the year 1
        SLIPS: slipped[deals].astype(float),
        ACTS: np.bincount(past.act_deal[lately], minlength=count)[deals].astype(float),
        CUSTOMER: np.bincount(past.act_deal[lately & past.act_customer], minlength=count)[deals].astype(float),
        QUIET: quiet,
    }


def _record(past: Past, name: str, at: float, deals: Ints, overall: float) -> Floats:
    """The group's win rate before `at`, leaning on the rate of all."""
    group = past.groups[name]
    each = group.of_each(len(past.ids), at)
    known = (past.closed < at) & (each >= 0)
    of = np.bincount(each[known], minlength=group.size + 1).astype(float)
    won = np.bincount(each[known & past.won], minlength=group.size + 1).astype(float)
    rates = (won + _LEAN * overall) / (of + _LEAN)
    rates[group.size] = overall  # where the -1 of nobody looks
    return rates[each[deals]]


def _parts(name: str, value: Floats, shape: Shape, overall: float) -> list[Floats]:
    if name == AGE:
        return _bent(np.minimum(value, shape.oldest), shape.bends)
    if name == STAGE_AGE:
        return _bent(np.minimum(value, shape.oldest), shape.stage_bends)
    if name == AMOUNT:
        return [np.log1p(value / shape.amount)]
    if name == DUE:
        return [np.clip(value, -60, 180) / 30]
    if name in GROUPS:
        return [np.log(value / (1 - value)) - np.log(overall / (1 - overall))]
    if name == STAGE:
        kept = np.clip(value, 0.02, 0.98)
        return [np.log(kept / (1 - kept))]
    return [np.log1p(np.maximum(value, 0))]


def _bent(value: Floats, bends: Sequence[float]) -> list[Floats]:
    """A line that may bend at each of these places."""
    return [value / 30, *(np.maximum(value - bend, 0) / 30 for bend in bends)]
