"""What leaves: the columns of an exported file, a part of a history, and a target that is written to all the time."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from dure.kernel.tenant import Tenant

# The columns of every exported file, in their order; `properties` is JSON as a text.
COLUMNS = (
    "event", "time", "received_at", "message_id", "source", "person", "distinct_id", "account", "object_type", "object",
    "actor", "run", "properties",
)  # fmt: skip


class Format(enum.StrEnum):
    """How a history is written."""

    PARQUET = "parquet"
    CSV = "csv"
    NDJSON = "ndjson"


class Kind(enum.StrEnum):
    """Where a target is."""

    FOLDER = "folder"
    S3 = "s3"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a history: the events of a day (in the history's zone) from `begin` up to `end` (Unix seconds), and of
    these, where they are too many for one file, the `slice`th of `slices`. `rows` is how many there were when asked."""

    day: str
    number: int
    begin: int
    end: int
    slice: int
    slices: int
    rows: int

    def path(self, kind: Format) -> str:
        return f"day={self.day}/part-{self.number:05}.{kind}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target writes. For a folder `path` lies under the folder that the server's keeper chose; for S3 it is
    the prefix inside of the bucket."""

    kind: Kind
    path: str
    endpoint: str = ""
    bucket: str = ""
    region: str = ""
    key_id: str = ""

    @property
    def said(self) -> str:
        """The place in a few words."""
        if self.kind is Kind.FOLDER:
            return self.path
        return "/".join(part for part in (self.endpoint, self.bucket, self.path) if part)


@dataclass(frozen=True, slots=True)
class Target:
    """A place that gets every event of a workspace, in objects of at most `max_events` or `max_seconds` apart.

    `since` is when it began to follow (again); what came before or while it was paused is not in it.
    """

    id: str
    tenant: Tenant
    name: str
    place: Place
    sealed: bytes
    max_events: int
    max_seconds: int
    enabled: bool
    since: datetime
    created_at: datetime
    error: str = ""
    failed_at: datetime | None = None

    @property
    def follower(self) -> str:
        """Its name among the feed's followers."""
        return f"{FOLLOWERS}{self.id}"


FOLLOWERS = "export:"


@dataclass(frozen=True, slots=True)
class Written:
    """An object that lies in the storage."""

    name: str
    events: int
    bytes: int
    sha256: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """How a target stands: what it wrote, the newest object, and what still waits for it."""

    target: Target
    objects: int
    events: int
    last: Written | None
    waiting_events: int
    waiting_seconds: float
    waiting_batches: int
