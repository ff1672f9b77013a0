"""What belongs to boards: saved views, annotations, links for people without an account."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dure.metrics.boards.bar import Bar


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A bar under a name. A personal view is seen by its maker only."""

    id: str
    board: str
    name: str
    bar: Bar
    shared: bool
    created_by: str
    created_at: datetime


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """What happened at a time; on all lines, or on those of one board or one metric."""

    id: str
    at: datetime
    text: str
    function: str = ""
    board: str | None = None
    metric: str | None = None
    created_by: str = ""
    created_at: datetime


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A link to one board within one bar. `any_range`: the reader may choose the dates; `people`: and may see who is
    behind a number. `hint` is how the secret begins."""

    id: str
    board: str
    bar: Bar
    any_range: bool
    people: bool
    hint: str
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    uses: int = 0
    used_at: datetime | None = None
