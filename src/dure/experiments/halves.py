"""What two halves of a handed-over segment say; fills `segments.plugs.Comparing`, as segments stand below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dure.experiments.compare import compare
from dure.experiments.model import Arm
from dure.experiments.sentence import HANDED_OVER, describe


def compare_halves(control: tuple[int, int], treated: tuple[int, int], share: float) -> Mapping[str, Any]:
    """Newcombe's interval and the verdict, as everywhere; people who were assigned are the denominators."""
    found = compare(Arm(*control), Arm(*treated), share=share)
    interval = [found.interval.low, found.interval.high] if found.interval else None
    return {
        "difference": found.difference, "interval": interval, "verdict": found.verdict,
        "words": describe(found, HANDED_OVER),
    }  # fmt: skip
