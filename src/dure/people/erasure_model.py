"""An erasure as it is shown: what was asked, how far it is, and the proof that stays."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from dure.kernel.tenant import Tenant

State = Literal["asked", "running", "done", "incomplete", "cancelled"]

# Why, after GDPR article 17 (1). A closed list, so that nobody writes a name into what is kept for ever.
REASONS = ("request", "consent_withdrawn", "objection", "no_longer_needed", "unlawful", "legal_duty", "child")


@dataclass(frozen=True, slots=True)
class Erasure:
    """`counts` are rows by holder. *Incomplete* is done, but `remains` names tables that still speak of the person."""

    workspace: str
    id: UUID
    org: str
    state: State
    reason: str
    asked_by: str
    asked_at: datetime
    begin_at: datetime
    begun_at: datetime | None = None
    done_at: datetime | None = None
    stage: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    remains: dict[str, int] = field(default_factory=dict)
    error: str = ""
    hashes: tuple[str, ...] = ()
    key_mark: str = ""

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.org, self.workspace)

    @property
    def over(self) -> bool:
        return self.state in ("done", "incomplete", "cancelled")
