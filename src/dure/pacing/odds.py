"""How far ends really lie from forecasts: a table of distances for each part of a flight.

A distance is log(what came ÷ what was expected to come) ÷ the forecast's own spread. Finished flights are asked in
their middle and their distances kept; a new forecast reads its percentiles off them (conformal prediction with
normalized scores: Papadopoulos et al., Inductive Confidence Machines for Regression, 2002; Vovk et al., Algorithmic
Learning in a Random World, 2005). Flights that were short and flights that were not have tables of their own: the
first recover or do not, the second are stopped at their goal, and one interval cannot be right for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

PHASES = (1 / 3, 2 / 3)
_SHARES = np.concatenate([[0.0025], np.arange(0.01, 1.0, 0.01), [0.9975]])
_NORMAL = np.array([NormalDist().inv_cdf(float(share)) for share in _SHARES])
_FEWEST = 30  # distances that make a table of their own
_TRUST = 60.0  # distances after which a table weighs as much as its parent


@dataclass(frozen=True)
class Odds:
    """`table[phase, short]`: the distances at each of a hundred shares, rising."""

    table: Floats

    @classmethod
    def plain(cls) -> Odds:
        """Normal distances: what is believed before anything has ended."""
        return cls(np.broadcast_to(_NORMAL, (len(PHASES) + 1, 2, len(_SHARES))).copy())

    @classmethod
    def learned(cls, seen: Sequence[tuple[float, bool, float, bool]]) -> Odds:
        """From (share of the flight gone, short, distance, stopped) each; few are drawn towards the general ones.

        Where a flight was stopped at its goal it would have come farther: its distance is a least one.
        """
        table = cls.plain().table
        if len(seen) < _FEWEST:
            return cls(table)
        gone, short, distance, stopped = (np.array(column, dtype=np.float64) for column in zip(*seen, strict=True))
        phases = np.searchsorted(PHASES, gone, side="right")
        whole = _drawn(distance, stopped, table[0, 0])
        for side in (0, 1):
            here = short == side
            parent = whole if here.sum() < _FEWEST else _drawn(distance[here], stopped[here], whole)
            for phase in range(len(PHASES) + 1):
                own = here & (phases == phase)
                table[phase, side] = parent if own.sum() < _FEWEST else _drawn(distance[own], stopped[own], parent)
        return cls(np.maximum.accumulate(table, axis=2))

    def tables(self, gone: Floats, short: npt.NDArray[np.bool_]) -> Floats:
        """The table of each of many forecasts."""
        rows: Floats = self.table[np.searchsorted(PHASES, gone, side="right"), short.astype(np.int64)]
        return rows

    @staticmethod
    def at(share: float, tables: Floats) -> Floats:
        """The distance below which `share` of ends lie."""
        upper = int(np.clip(np.searchsorted(_SHARES, share), 1, len(_SHARES) - 1))
        part = (share - _SHARES[upper - 1]) / (_SHARES[upper] - _SHARES[upper - 1])
        found: Floats = tables[:, upper - 1] * (1 - part) + tables[:, upper] * part
        return found

    @staticmethod
    def below(distance: Floats, tables: Floats) -> Floats:
        """The share of ends that lie below a distance, one for each row."""
        above = (tables < distance[:, None]).sum(axis=1)
        upper = np.clip(above, 1, len(_SHARES) - 1)
        row = np.arange(len(tables))
        left, right = tables[row, upper - 1], tables[row, upper]
        with np.errstate(invalid="ignore"):
            part = np.clip((distance - left) / np.maximum(right - left, 1e-12), 0.0, 1.0)
        share = _SHARES[upper - 1] + part * (_SHARES[upper] - _SHARES[upper - 1])
        beyond: Floats = np.where(above == 0, 0.001, np.where(above == len(_SHARES), 0.999, share))
        return beyond

    def as_json(self) -> list[list[list[float]]]:
        return np.round(self.table, 5).tolist()  # type: ignore[no-any-return]

    @classmethod
    def from_json(cls, body: object) -> Odds | None:
        """None where nothing, or something of another shape, was kept."""
        table = np.asarray(body, dtype=np.float64) if isinstance(body, list) else np.empty(0)
        return cls(table) if table.shape == (len(PHASES) + 1, 2, len(_SHARES)) else None


def _drawn(distance: Floats, stopped: Floats, parent: Floats) -> Floats:
    trust = len(distance) / (len(distance) + _TRUST)
    drawn: Floats = trust * _quantiles(distance, stopped) + (1 - trust) * parent
    return drawn


def _quantiles(distance: Floats, stopped: Floats) -> Floats:
    """Distances at each share where some are known only to be larger (the product-limit estimate: Kaplan & Meier,
    JASA 53, 1958). What lies beyond everything seen is a normal curve's, as far as that is larger still."""
    # Among equals those that ended come before those that were stopped.
    order = np.lexsort((stopped, distance))
    at, ended = distance[order], stopped[order] == 0
    at_risk = len(at) - np.arange(len(at))
    below = 1 - np.cumprod(1 - ended / at_risk)
    if not ended.any():
        least: Floats = np.maximum(_NORMAL, at[0])
        return least
    seen, shares = at[ended], below[ended]
    beyond = shares[-1] < _SHARES
    found: Floats = np.where(beyond, np.maximum(_NORMAL, seen[-1]), np.interp(_SHARES, shares, seen))
    return found
