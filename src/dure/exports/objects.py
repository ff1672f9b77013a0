"""A range of the feed as Parquet objects: one for each day (UTC) that its events lie in."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec
import pyarrow
from pyarrow import parquet

from dure.exports.model import COLUMNS
from dure.feed.api import NOBODY, Batch

_MOMENT = pyarrow.timestamp("us", "UTC")
SCHEMA = pyarrow.schema(
    [
        pyarrow.field(name, _MOMENT if name in ("time", "received_at") else pyarrow.string(), nullable=False)
        for name in COLUMNS
    ]
)


class Line(msgspec.Struct):
    """A line of the feed, which leaves out what is empty; its properties stay the text that they are."""

    event: str
    time: datetime
    received_at: datetime
    message_id: str
    source: str
    person: str = str(NOBODY)
    distinct_id: str = ""
    account: str = ""
    object_type: str = ""
    object: str = ""
    actor: str = ""
    run: str = ""
    properties: msgspec.Raw = msgspec.Raw(b"{}")


@dataclass(frozen=True, slots=True)
class Object:
    """What is put into a storage."""

    name: str
    events: int
    content: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def objects_of(range_name: str, batches: Iterable[Batch], workspace: str) -> Iterator[Object]:
    """The workspace's events of a range by day, each message once. The same range gives the same names and content."""
    days: dict[str, list[Line]] = {}
    seen: set[str] = set()
    for batch in batches:
        if batch.workspace != workspace:
            continue
        for line in _decode(batch.body):
            if line.message_id in seen:
                continue
            seen.add(line.message_id)
            days.setdefault(line.time.astimezone(UTC).date().isoformat(), []).append(line)
    for day, lines in sorted(days.items()):
        yield Object(f"day={day}/events-{range_name}.parquet", len(lines), _parquet(lines))


_decode = msgspec.json.Decoder(Line).decode_lines


def _parquet(lines: list[Line]) -> bytes:
    columns = {name: _column(lines, name) for name in COLUMNS}
    table = pyarrow.table(columns, schema=SCHEMA)
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd", store_schema=True)
    return out.getvalue()


def _column(lines: list[Line], name: str) -> list[Any]:
    if name == "properties":
        return [bytes(line.properties).decode() for line in lines]
    return [getattr(line, name) for line in lines]
