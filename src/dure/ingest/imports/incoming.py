"""A file's row as an event on its way through the pipeline."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dure.ingest.imports.chunk import Row
from dure.ingest.model import Incoming


def incoming_of(raw: bytes, digest: str, now: datetime) -> Incoming:
    """A row of a file as an event on its way in; without an id of its own it is known by file and line."""
    row = _decode(raw)
    return Incoming(
        event=row.event, user=row.user, anonymous=row.anonymous, account=row.account,
        message_id=row.message_id or f"{digest[:16]}-{row.line}", properties=row.properties, received=now,
        claimed="missing" if row.time == "" else row.time, raw=shown(row),
    )  # fmt: skip


def shown(row: Row) -> bytes:
    """A row as people read it: an object that says what is what."""
    said = {"line": row.line, "event": row.event, "user": row.user, "time": row.time}
    for name in ("anonymous", "account", "message_id"):
        if value := getattr(row, name):
            said[name] = value
    return _encode({**said, "properties": row.properties})


def line_of(raw: bytes) -> int:
    """The line of a row that was `shown`."""
    return _read_line(raw).line


class _Line(msgspec.Struct):
    line: int


_read_line = msgspec.json.Decoder(_Line).decode
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Row).decode
