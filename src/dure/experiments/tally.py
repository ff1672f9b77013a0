"""The rows that the log answered, as sums by measure, arm, stratum and day, and added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dure.experiments.statistics.sums import Sums

EVERYBODY = -1
PENDING = -1
Strata = dict[str, Sums]


@dataclass
class Tally:
    """`parts` is measure → arm → day → stratum → sums; day `PENDING` is not over yet."""

    parts: dict[int, dict[str, dict[int, Strata]]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Iterable[Sequence[Any]]) -> Tally:
        """From (arm, stratum, measure, day, people, y, yy, d, dd, yd, x, xx, xy)."""
        parts: dict[int, dict[str, dict[int, Strata]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
        for arm, stratum, measure, day, people, *sums in rows:
            parts[measure][arm][day][stratum] = Sums(people, *map(float, sums))
        return cls(parts)

    def exposed(self, arm: str) -> int:
        """How many met this arm first."""
        return sum(each.people for strata in self._days(EVERYBODY, arm).values() for each in strata.values())

    def mixed(self) -> int:
        days = (day for arm in self.parts.get(EVERYBODY, {}).values() for day in arm.values())
        return int(sum(each.y for strata in days for each in strata.values()))

    def exposed_by_day(self) -> dict[int, int]:
        found: dict[int, int] = defaultdict(int)
        for arm in self.parts.get(EVERYBODY, {}).values():
            for day, strata in arm.items():
                found[day] += sum(each.people for each in strata.values())
        return dict(sorted(found.items()))

    def pending(self, measure: int) -> int:
        arms = self.parts.get(measure, {}).values()
        return sum(each.people for arm in arms for each in arm.get(PENDING, {}).values())

    def days(self, measure: int) -> list[int]:
        """On which somebody's window ended, in order."""
        return sorted({day for arm in self.parts.get(measure, {}).values() for day in arm if day != PENDING})

    def until(self, measure: int, arm: str, day: int | None = None) -> Strata:
        """Sums by stratum of everybody whose window ended by that day, or at all."""
        total: Strata = {}
        for at, strata in self._days(measure, arm).items():
            if at != PENDING and (day is None or at <= day):
                for stratum, sums in strata.items():
                    total[stratum] = total.get(stratum, Sums()) + sums
        return total

    def _days(self, measure: int, arm: str) -> dict[int, Strata]:
        return self.parts.get(measure, {}).get(arm, {})


def together(strata: Strata) -> Sums:
    total = Sums()
    for sums in strata.values():
        total = total + sums
    return total
