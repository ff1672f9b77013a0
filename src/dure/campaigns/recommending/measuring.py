"""How each kind did, counted from the log: what the screen shows and the blend draws from is the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from dure.campaigns.recommending import bandit, measuring_sql
from dure.campaigns.recommending.model import BLENDED, Measured, Selectors
from dure.experiments.api import Arm, wilson
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.segments.api import duration

LOOKS_BACK = timedelta(days=60)
Counts = tuple[int, int, int, int]
_KINDS = (*BLENDED, "genre")


async def counted(
    log: Log, tenant: Tenant, selectors: Selectors, now: datetime
) -> dict[str, tuple[int, int, int, int]]:
    """Shown, clicked, consumed and won by kind; only what was shown so long ago that its window is over."""
    window = duration(selectors.window, "window")
    params = {
        "since": _text(now - LOOKS_BACK), "until": _text(now - window), "event": selectors.event,
        "window": int(window.total_seconds()), "kinds": list(_KINDS),
    }  # fmt: skip
    found: dict[str, Counts] = {}
    for kind, *counts in (await log.query(tenant, measuring_sql.outcomes(selectors), params)).rows:
        name = "popular" if kind == "genre" else kind  # hits of a genre are the fallback of the same kind
        before = found.get(name, (0, 0, 0, 0))
        found[name] = tuple(a + b for a, b in zip(before, counts, strict=True))
    return found


def measured(outcomes: Mapping[str, tuple[int, int, int, int]]) -> list[Measured]:
    """Every kind with its rates, their intervals, and how likely the blend thinks it the best."""
    chances = bandit.chances(outcomes)
    return [_measured(kind, outcomes.get(kind, (0, 0, 0, 0)), chances[kind]) for kind in BLENDED]


def _measured(kind: str, counts: tuple[int, int, int, int], chance: float) -> Measured:
    shown, clicked, consumed, won = counts
    clicks, listens = Arm(shown, clicked), Arm(shown, consumed)
    return Measured(
        kind, shown, clicked, consumed, won, clicks.rate, wilson(clicks), listens.rate, wilson(listens), chance
    )  # fmt: skip


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
