"""How far a segment is computed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from dure.segments.model import Rule
from dure.segments.rules import unfold


@dataclass(frozen=True, slots=True)
class Standing:
    """The members are right for the moment `at` and for everything that came into the log up to the feed's position
    `seen`; everybody was looked at `whole_at`. `fingerprint` is of the rule that was asked."""

    segment: str
    fingerprint: str
    seen: int
    at: datetime
    whole_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Known:
    """What rules may name: other segments' rules, and metrics as `{"question", "reading"}`, by id."""

    rules: Mapping[str, Rule]
    metrics: Mapping[str, Mapping[str, Any]]

    def unfold(self, rule: Rule, inside: tuple[str, ...] = ()) -> Rule:
        return unfold(rule, self.rules.get, self.metrics.get, inside)


def fingerprint(unfolded: Rule, zone: str) -> str:
    """The same for the same question: a rule and what it stands for, and whose days its days are."""
    said = msgspec.json.encode([msgspec.to_builtins(unfolded), zone], order="sorted")
    return hashlib.sha256(said).hexdigest()
