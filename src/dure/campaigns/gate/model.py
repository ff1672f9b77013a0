"""The gate's values: what a workspace demands, and what is stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec

from dure.campaigns.gate.caps import Cap
from dure.campaigns.gate.quiet import Quiet
from dure.campaigns.model import Verdict

Choice = Literal["opt_in", "opt_out"]


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many a provider takes at most; 0 is no limit. `second` holds in any second, wherever it begins."""

    second: int = 0
    minute: int = 0


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A share of a campaign's messages at which it stops by itself, once there are `least` of them."""

    share: float
    least: int = 100


class Approving(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a second person must agree: never, above so many people, or always; `own` says whether somebody may approve
    what is their own up to that number."""

    demanded: Literal["never", "above", "always"] = "above"
    above: int = 1_000
    own: Literal["below", "never"] = "below"


class Watching(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At which shares a campaign stops by itself; halves are compared from `balance_least` people on."""

    bounced: Threshold = Threshold(0.05, 100)
    complained: Threshold = Threshold(0.003, 300)
    failed: Threshold = Threshold(0.2, 100)
    balance_least: int = 100
    on: bool = True


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a workspace demands of everything that leaves.

    `consent`: without a word from somebody, whether their topic and channel count as a yes (`opt_out`) or a no
    (`opt_in`); `choices` say otherwise for a channel, a topic or `topic/channel`. `horizon_hours`: how long ahead a
    campaign that goes first holds its place under a cap.
    """

    consent: Choice = "opt_out"
    choices: dict[str, Choice] = {}
    caps: tuple[Cap, ...] = (Cap(1, "rolling", 24),)
    quiet: Quiet | None = None
    business: Quiet = Quiet("09:00", "18:00")
    horizon_hours: int = 0
    rates: dict[str, Rate] = {}
    approval: Approving = Approving()
    watch: Watching = Watching()
    seeds: tuple[str, ...] = ()


SEND = Verdict("send")


@dataclass(frozen=True, slots=True)
class Halt:
    """Sending was stopped: of a whole workspace (`campaign` "") or of one campaign."""

    campaign: str
    by: str
    reason: str
    at: datetime
    why: dict[str, object] = field(default_factory=dict)
