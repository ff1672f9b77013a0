"""A list that somebody keeps, as a frozen value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dure.kernel.filters import Filter


@dataclass(frozen=True, slots=True)
class View:
    """Records of one kind by filters, in an order, with some columns. `shared` ones everybody sees; only who made one
    changes it, and administrators the shared ones."""

    id: str
    object: str
    name: str
    owner: str
    shared: bool
    filters: Sequence[Filter]
    columns: tuple[str, ...]
    sort: str
    created_at: datetime
    changed_at: datetime
