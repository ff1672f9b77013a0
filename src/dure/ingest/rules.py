"""A workspace's rules as one value: its tracking plan, which names of events it takes, what personal data it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dure.ingest.personal import PersonalData
from dure.ingest.plan import Planned

# open: any name is taken. approve: a new name's events wait until somebody approves it. closed: a new name is refused.
NameMode = Literal["open", "approve", "closed"]

# Calls that every protocol has: their events are no names that a sender invents.
CALLS = frozenset({"Identified", "Account Identified", "Aliased", "Page Viewed", "Screen Viewed"})
ABOUT_SOMEBODY = frozenset({"Identified", "Account Identified", "Aliased"})


@dataclass(frozen=True, eq=False, slots=True)
class Rules:
    """`version` grows with every change; `renamed` says which approved name goes on under which other."""

    version: int = 0
    mode: NameMode = "open"
    plan: Mapping[str, Planned] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    personal: PersonalData = field(default_factory=PersonalData)
    read_context: bool = True

    def knows(self, name: str) -> bool:
        """Whether events of the name go on without anybody being asked."""
        return name in self.approved or name in self.plan or name in CALLS


DEFAULT = Rules()
