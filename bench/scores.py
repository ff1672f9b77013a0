"""How good scores are on public data, beside recency alone and frequency alone; and how long training takes.

`python bench/scores.py` looks for CDNOW and the online shop in `DURE_SHARED_DATA` (else `../shared/data`).
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1])]

from tests.segments.scores.histories import cdnow, shop  # noqa: E402
from threadpoolctl import threadpool_limits  # noqa: E402

from dure.segments.scores.model import History, Settings  # noqa: E402
from dure.segments.scores.training import Refused, train  # noqa: E402

MEASURES = ("auc", "ap", "brier", "lift")


def show(name: str, history: History, settings: Settings, end: float) -> None:
    """A table of one back-test, in Markdown."""
    started = time.perf_counter()
    trained = train(history, settings, float(history.time.min()), end, lambda *_: None)
    seconds = time.perf_counter() - started
    print(f"\n{name}: {history.people:,} people, {len(history.time):,} events, {seconds:.1f} s on one thread")
    if isinstance(trained, Refused):
        print(f"refused: {dict(trained.said)}")
        return
    card: dict[str, Any] = dict(trained.card)
    print("| date | people | share | by | AUC | AP | Brier | lift 10 % |\n|---|---|---|---|---|---|---|---|")
    for date in card["dates"]:
        day = datetime.fromtimestamp(date["at"], UTC).date()
        for by in ("model", "recency", "frequency", "challenger"):
            figures = " | ".join(f"{date[by][measure]:.3f}" for measure in MEASURES)
            print(f"| {day} | {date['people']:,} | {date['share']:.1%} | {by} | {figures} |")
    used = card["used"] if card["used"] == "model" else card["rule"]
    print(f"used: {used}; best rule {card['rule']}; gain in AUC over it {card['gain']:+.4f}")
    print("said → happened: " + ", ".join(f"{b['said']:.3f} → {b['happened']:.3f}" for b in card["reliability"]))


def main() -> None:
    with threadpool_limits(1):
        told, end = cdnow()
        show("CDNOW, no purchase in 90 days", told, Settings("churn", horizon_days=90, eligible_days=365), end)
        settings = Settings("churn", horizon_days=21, gap_days=0, eligible_days=60)
        for day in (datetime(2020, 3, 30, tzinfo=UTC), datetime(2020, 4, 30, tzinfo=UTC)):
            show(f"online shop, no visit in 21 days, as of {day.date()}", shop(day), settings, day.timestamp())
        day = datetime(2020, 3, 30, tzinfo=UTC)
        cart = Settings("convert", horizon_days=21, gap_days=0, eligible_days=60)
        show("online shop, something put in the cart within 21 days", shop(day), cart, day.timestamp())
        rare = Settings("convert", horizon_days=28, gap_days=0, eligible_days=90)
        show("online shop, the same within 28 days of a longer past", shop(day), rare, day.timestamp())


if __name__ == "__main__":
    main()
