"""Two halves put side by side, and the verdict that may be drawn."""

from __future__ import annotations

from dure.experiments.model import Arm, Comparison, Interval, Verdict
from dure.experiments.statistics.balance import ALARM, balance
from dure.experiments.statistics.proportions import newcombe, z_test
from dure.experiments.statistics.sequential import anytime

# Below this many people in a half, or this many of either outcome over both, the normal approximation is idle talk.
FEWEST_PEOPLE = 30
FEWEST_OUTCOMES = 10


def compare(control: Arm, treated: Arm, *, share: float = 0.5, confidence: float = 0.95) -> Comparison:
    """Treated against control; `share` is the part that was meant to be control."""
    interval = newcombe(control, treated, confidence)
    always = anytime(control, treated, confidence)
    tested = z_test(control, treated)
    even = balance((control.people, treated.people), (share, 1 - share))
    difference = relative = None
    if control.rate is not None and treated.rate is not None:
        difference = treated.rate - control.rate
        relative = difference / control.rate if 0 < control.rate < 1 else None
    return Comparison(
        control, treated, confidence, difference, relative, interval, always,
        tested[0] if tested else None, tested[1] if tested else None, even,
        _verdict(control, treated, difference, interval, always, even),
    )  # fmt: skip


def _verdict(
    control: Arm, treated: Arm, difference: float | None, interval: Interval | None, always: Interval | None,
    even: float | None,
) -> Verdict:  # fmt: skip
    if even is not None and even < ALARM:
        return "unbalanced"
    successes = control.successes + treated.successes
    people = control.people + treated.people
    if difference is None or interval is None or always is None:
        return "nothing"
    if min(control.people, treated.people) < FEWEST_PEOPLE or min(successes, people - successes) < FEWEST_OUTCOMES:
        return "nothing"
    if not always.holds(0):
        return "better" if difference > 0 else "worse"
    return "nothing" if interval.holds(0) else "leaning"
