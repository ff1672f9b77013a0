"""What goes over the feed."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

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


def encode(event: Event) -> bytes:
    return _encoder.encode(event)


def decode(line: bytes | memoryview) -> Event:
    return _decoder.decode(line)


@dataclass(frozen=True, slots=True)
class Batch:
    """One row of the feed, its body unpacked: newline-separated JSON."""

    position: int
    lane: Lane
    org: str
    workspace: str
    count: int
    body: bytes

    def events(self) -> list[Event]:
        return _decoder.decode_lines(self.body)
