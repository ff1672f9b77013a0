"""What each way of noticing a spike finds, beside how often it is taken in by chance; all in the same simulation.

Hours as in the research (§3.7): a day's and a week's rhythm, negative binomial noise (r = 6), ten weeks, the first four
to learn from. In the last six weeks there are twelve bursts, each twice, three or five times the usual for three to six
hours; six seeds a volume, 72 bursts. A burst is found where an alarm begins in it or in the hour after; an alarm that
begins elsewhere is false. Ways:

- rolling: more than three standard deviations above the mean of the last 24 hours;
- NB .005: the median of the same hour of the week ±1 over four weeks, negative binomial with a pooled dispersion,
  p < .005, as the research had it;
- the default (`expectation.judge`), judged once an hour, at 0.02, 0.1 and 1 false alarms a week. It looks in practice
  all the time, which `expectation.OVERLAP` allows for; once an hour it should stay below `allowed / OVERLAP`.

A second table holds what the default states against what it does where there are no bursts at all, with the 95 %
interval of the count (Garwood 1936).

    python bench/spikes.py [--seeds 6] [--calm 20]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.stats import chi2, nbinom

from dure.social import expectation

Counts = NDArray[np.float64]
WEEK, WEEKS, LEARN, SHAPE = 168, 10, 4, 6.0
TIMES, EACH = (2, 3, 5), 4
VOLUMES = (3, 20, 200)
ALLOWED = (0.02, 0.1, 1.0)


@dataclass(frozen=True, slots=True)
class Burst:
    first: int
    hours: int
    times: int


@dataclass(frozen=True, slots=True)
class Found:
    recall: dict[int, float]
    false: float
    delay: float


def simulated(rng: np.random.Generator, volume: float, *, calm: bool = False) -> tuple[Counts, list[Burst]]:
    """Hourly counts, and the bursts in them: one in each half week, none within a day of another."""
    hour = np.arange(WEEK * WEEKS)
    rhythm = 1 + 0.6 * np.sin(2 * np.pi * (hour % 24 - 9) / 24) + 0.2 * np.sin(2 * np.pi * hour / WEEK)
    mean = volume * rhythm / rhythm.mean()
    times = rng.permutation(np.repeat(TIMES, EACH))
    half = WEEK // 2
    bursts = [
        Burst(LEARN * WEEK + number * half + int(rng.integers(12, half - 24)), int(rng.integers(3, 7)), int(one))
        for number, one in enumerate(times)
    ]
    for burst in () if calm else bursts:
        mean[burst.first : burst.first + burst.hours] *= burst.times
    return rng.negative_binomial(SHAPE, SHAPE / (SHAPE + mean)).astype(float), bursts


def rolling(counts: Counts) -> list[int]:
    """Hours at which an alarm begins."""
    on = []
    for at in range(LEARN * WEEK, len(counts)):
        last = counts[at - 24 : at]
        on.append(counts[at] > last.mean() + 3 * max(float(last.std()), 1.0))
    return _begins(on)


def by_hour_of_week(counts: Counts) -> list[int]:
    on = []
    for at in range(LEARN * WEEK, len(counts)):
        slots = [at - WEEK * week + near for week in range(1, 5) for near in (-1, 0, 1)]
        mean = max(float(np.median(counts[[slot for slot in slots if slot >= 0]])), 0.5)
        shape = _shape(counts[:at], at)
        on.append(nbinom.sf(counts[at] - 1, shape, shape / (shape + mean)) < 0.005)
    return _begins(on)


def default(allowed: float) -> Callable[[Counts], list[int]]:
    def ways(counts: Counts) -> list[int]:
        hours = len(counts) - LEARN * WEEK
        return [at + LEARN * WEEK for at in expectation.replayed(counts, allowed, hours)]

    return ways


def tried(way: Callable[[Counts], list[int]], volume: float, seeds: int) -> Found:
    hits: dict[int, list[bool]] = {times: [] for times in TIMES}
    false, delays = 0, []
    for seed in range(seeds):
        counts, bursts = simulated(np.random.default_rng([seed, int(volume)]), volume)
        began = way(counts)
        for burst in bursts:
            inside = [at for at in began if burst.first <= at <= burst.first + burst.hours]
            hits[burst.times].append(bool(inside))
            delays += [inside[0] - burst.first] if inside else []
        false += sum(not any(one.first <= at <= one.first + one.hours for one in bursts) for at in began)
    recall = {times: float(np.mean(found)) for times, found in hits.items()}
    return Found(recall, false / (seeds * (WEEKS - LEARN)), float(np.mean(delays)) if delays else 0.0)


def told(volume: float, seeds: int) -> dict[float, int]:
    """By what is allowed a week, how many alarms begin in six weeks of each seed where nothing is extraordinary."""
    began = dict.fromkeys(ALLOWED, 0)
    for seed in range(seeds):
        counts, _ = simulated(np.random.default_rng([1_000 + seed, int(volume)]), volume, calm=True)
        on, unrest = dict.fromkeys(ALLOWED, False), 0.0
        for at in range(LEARN * WEEK, len(counts)):
            if at % 24 == 0:  # it changes slowly
                unrest = expectation.unrest_of(counts[:at])
            usual, seen = expectation.usual(counts[:at], unrest), int(counts[at])
            chance = usual.chance(seen) if seen >= max(expectation.LEAST, expectation.TIMES * usual.mean) else 1.0
            for allowed in ALLOWED:
                spike = chance < expectation.chance_of(allowed)
                began[allowed] += spike and not on[allowed]
                on[allowed] = spike
    return began


def _shape(counts: Counts, at: int) -> float:
    """The dispersion of the weeks before, by moments of trimmed residuals; renewed once a day."""
    day = at - at % 24
    if _kept.get("of") is not counts.base or _kept.get("day") != day:
        weeks = day // WEEK
        table = counts[day - weeks * WEEK : day].reshape(weeks, WEEK)
        mean = np.maximum(np.median(table, axis=0), 0.5)
        beyond = np.sort(((table - mean) ** 2 - table) / mean**2, axis=None)
        trimmed = beyond[: int(len(beyond) * 0.995)]
        _kept.update(of=counts.base, day=day, shape=1 / max(float(trimmed.mean()), 0.02))
    return float(_kept["shape"])


_kept: dict[str, object] = {}


def _begins(on: Sequence[bool]) -> list[int]:
    return [LEARN * WEEK + at for at, one in enumerate(on) if one and not (at and on[at - 1])]


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--seeds", type=int, default=6)
    given.add_argument("--calm", type=int, default=20)
    asked = given.parse_args()
    seeds = asked.seeds
    ways = [("rolling 24 h, z > 3", rolling), ("hour of week, NB p < .005", by_hour_of_week)]
    ways += [(f"default, {allowed:g} a week", default(allowed)) for allowed in ALLOWED]
    table = Table("way", *(f"{volume}/h: ×2 / ×3 / ×5 · false a week · hours late" for volume in VOLUMES))
    for name, way in ways:
        cells = []
        for volume in VOLUMES:
            found = tried(way, volume, seeds)
            recall = " / ".join(f"{share:.2f}" for share in found.recall.values())
            cells.append(f"{recall} · {found.false:.2f} · {found.delay:.1f}")
        table.add_row(name, *cells)
    console = Console(width=160)
    console.print(table)
    console.print(f"{seeds * len(TIMES) * EACH} bursts a volume")
    weeks = asked.calm * (WEEKS - LEARN)
    table = Table(
        "allowed a week", "once an hour, at most", *(f"{volume}/h: false a week (95 %)" for volume in VOLUMES)
    )
    counted = [told(volume, asked.calm) for volume in VOLUMES]
    for allowed in ALLOWED:
        cells = []
        for one in counted:
            low, high = chi2.ppf(0.025, 2 * one[allowed]) / 2, chi2.ppf(0.975, 2 * one[allowed] + 2) / 2
            cells.append(f"{one[allowed] / weeks:.3f} ({np.nan_to_num(low) / weeks:.3f} to {high / weeks:.3f})")
        table.add_row(f"{allowed:g}", f"{allowed / expectation.OVERLAP:.3f}", *cells)
    console.print(table)
    console.print(f"{weeks} weeks a volume without a burst")


if __name__ == "__main__":
    main()
