"""What leaves the house out of a handover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

Kind = Literal["csv", "webhook", "s3"]
Form = Literal["contract", "google", "meta"]
# `sending` of a process that died stays so: whether it arrived is not known, and it is never sent again by itself.
ExportState = Literal["sending", "done", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Export:
    """One sending of a handover's list. `without_consent` said no since, `without_address` have nothing that the form
    names them by. `sha256` is that of what was sent."""

    id: str
    handover: str
    kind: Kind
    form: Form
    place: str
    state: ExportState
    by: str
    at: datetime
    people: int = 0
    without_consent: int = 0
    without_address: int = 0
    sha256: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody in an export: who they are here, how others know them, and why they were chosen."""

    person: UUID
    distinct_id: str
    email: str
    phone: str
    decile: int | None
    reasons: Sequence[str]
