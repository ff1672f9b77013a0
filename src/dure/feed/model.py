"""What goes over the feed."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from xxhash import xxh3_64_intdigest as _xxh3

NOBODY = UUID(int=0)


class Lane(enum.IntEnum):
    """Domain acts are few and looked at by everyone; outside events are many and mostly go to the log."""

    DOMAIN = 0
    OUTSIDE = 1


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One fact. The fields are the log's columns; `time` and `received_at` are aware UTC datetimes.

    `object` is the id of what the event is about and `object_type` its kind; `source` is the slice that wrote it or
    the source it came in by; `actor` the user or app that acted; `run` the automation run that caused it.
    """

    org: str
    workspace: str
    event: str
    time: datetime
    received_at: datetime
    message_id: str
    source: str
    person: UUID = NOBODY
    distinct_id: str = ""
    account: str = ""
    object_type: str = ""
    object: str = ""
    actor: str = ""
    run: str = ""
    properties: dict[str, Any] = {}


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Event)


def message_key(workspace: bytes, message_id: str) -> int:
    """64 bits (XXH3) by which a message of a workspace is known again; ClickHouse's `xxh3` gives the same."""
    return _xxh3(workspace + b"\0" + message_id.encode())


def encode(event: Event) -> bytes:
    return _encoder.encode(event)


def decode(line: bytes | memoryview) -> Event:
    return _decoder.decode(line)


@dataclass(frozen=True, slots=True)
class Batch:
    """One row of the feed, its body unpacked: newline-separated JSON.

    `keys` are eight bytes for each line of the outside lane, by which a message that came twice is known; "" where
    nothing comes twice.
    """

    position: int
    lane: Lane
    org: str
    workspace: str
    count: int
    body: bytes
    keys: bytes = b""

    def events(self) -> list[Event]:
        return _decoder.decode_lines(self.body)

    def lines_with(self, needles: Iterable[bytes]) -> Iterator[bytes]:
        """The lines that hold any of these texts, in order; the others are not even cut out of the body."""
        body = self.body
        starts: set[int] = set()
        for needle in needles:
            at = body.find(needle)
            while at >= 0:
                starts.add(body.rfind(b"\n", 0, at) + 1)
                end = body.find(b"\n", at)
                at = body.find(needle, end) if end >= 0 else -1
        for start in sorted(starts):
            end = body.find(b"\n", start)
            yield body[start : end if end >= 0 else None]
