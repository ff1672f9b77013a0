"""When a campaign stops by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from dure.campaigns.gate.model import Watching
from dure.experiments.api import ALARM, balance

Sign = Literal["bounced", "complained", "failed", "balance"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is counted of a campaign: messages that went out, what came back, and how many are in each half."""

    sent: int = 0
    bounced: int = 0
    complained: int = 0
    failed: int = 0
    control: int = 0
    treated: int = 0

    def since(self, before: Mapping[str, Any]) -> Seen:
        """What came after what was counted before: a campaign that goes on is judged by what it does then."""
        return Seen(**{name: max(0, count - int(before.get(name, 0))) for name, count in asdict(self).items()})


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong: so many of so many, where at most `most` of them may be; for `balance` the p of the halves."""

    sign: Sign
    count: int
    of: int
    share: float
    most: float


def alarm(watching: Watching, seen: Seen, holdout: float) -> Alarm | None:
    """The first sign that is past its threshold; complaints first, because they cost most."""
    if not watching.on:
        return None
    tried = seen.sent + seen.failed
    for sign, count, of in (
        ("complained", seen.complained, seen.sent),
        ("bounced", seen.bounced, tried),
        ("failed", seen.failed, tried),
    ):
        threshold = getattr(watching, sign)
        if of >= threshold.least and count / of > threshold.share:
            return Alarm(sign, count, of, count / of, threshold.share)  # type: ignore[arg-type]
    people = seen.control + seen.treated
    if 0 < holdout < 1 and people >= watching.balance_least:
        p = balance((seen.control, seen.treated), (holdout, 1 - holdout))
        if p is not None and p < ALARM:
            return Alarm("balance", seen.control, people, p, ALARM)
    return None
