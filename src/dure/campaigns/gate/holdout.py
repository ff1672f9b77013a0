"""The global holdout: a share of everybody whom no campaign writes to, drawn anew from time to time.

One that stayed for ever would drift away from the rest, and would be the same people's bad luck (lifecycle §3).
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from dure.experiments.api import held_back

_DAY = 86_400


def period_of(now: datetime, rotate_days: int) -> int:
    """Which drawing holds at a moment; all of them are as long."""
    return int(now.astimezone(UTC).timestamp()) // (_DAY * rotate_days)


def in_global_holdout(workspace: str, person: UUID, share: float, rotate_days: int, now: datetime) -> bool:
    """Whether the present drawing leaves somebody out. The campaigns' own halves are drawn by other seeds."""
    return share > 0 and held_back(f"global:{workspace}:{period_of(now, rotate_days)}:", str(person), share)
