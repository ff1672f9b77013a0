"""Sufficient statistics: what a database adds up over the people of an arm, and nothing else is needed."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over the people of an arm of `y` (what is measured), `d` (what it is divided by in a ratio) and `x` (the
    same as `y`, before they were exposed), their squares and cross products."""

    people: int = 0
    y: float = 0.0
    yy: float = 0.0
    d: float = 0.0
    dd: float = 0.0
    yd: float = 0.0
    x: float = 0.0
    xx: float = 0.0
    xy: float = 0.0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def variance(self, of: str = "y") -> float:
        """Of one person's value, with n - 1."""
        total, squares = getattr(self, of), getattr(self, of * 2)
        return _over(squares - total * total / self.people, self.people) if self.people > 1 else 0.0

    def covariance(self, product: str, one: str, other: str) -> float:
        if self.people < 2:
            return 0.0
        return _over(
            getattr(self, product) - getattr(self, one) * getattr(self, other) / self.people, self.people
        )  # fmt: skip


def _over(total: float, people: int) -> float:
    return total / (people - 1)
