"""Connected ad servers as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Server:
    """`name` is the source under which its figures are kept. `error` is what it last said no with, "" when all is
    well."""

    id: str
    kind: str
    name: str
    settings: Mapping[str, str]
    secret: bytes | None = field(repr=False)
    cursor: Mapping[str, Any]
    enabled: bool
    pulled_at: datetime | None
    due_at: datetime
    failures: int
    error: str
    created_at: datetime
