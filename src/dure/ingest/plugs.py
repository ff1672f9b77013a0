"""What a protocol of events is to the door: it knows paths, reads bodies, and words the answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from dure.ingest.model import Incoming, Refused
from dure.kernel.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request whose body is read and unpacked. Header names are lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    received: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a request holds: whose key it carries, and its events one by one.

    Of a `whole` request nothing is stored where one event is refused, because its sender sends the others again.
    """

    write_key: str
    events: Iterable[Incoming | Refused]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request's events: how many are on disk, and which were refused, by their place in `Decoded`."""

    taken: int
    refused: Mapping[int, Refused]


class EventProtocol(Protocol):
    """One vendor's way of sending events.

    `decode` raises `Malformed` for a body that cannot be read at all; a single bad event is a `Refused` among the
    others. `answer` says what became of them once the good ones are on disk, `failed` words an error of the tree for
    this protocol's clients.
    """

    name: str
    paths: tuple[str, ...]
    methods: tuple[str, ...]

    def limit(self, path: str) -> int:
        """The largest body in bytes, unpacked."""
        ...

    def decode(self, request: Request) -> Decoded: ...

    def answer(self, request: Request, outcome: Outcome) -> Reply: ...

    def failed(self, request: Request, status: int, code: str, message: str) -> Reply: ...


@dataclass(frozen=True, slots=True)
class AskedFlags:
    """For whom flags are asked: their distinct id, what the asker says of them, and which flags (None: all)."""

    distinct_id: str
    properties: Mapping[str, Any]
    keys: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ToldFlag:
    """A flag's value for somebody: true, false or a variant; its payload as JSON text; why it is so."""

    key: str
    number: int
    version: int
    value: bool | str
    payload: str | None
    code: str
    description: str
    condition: int | None
    has_experiment: bool


class FlagSource(Protocol):
    """Whoever knows which flags hold for somebody."""

    async def answer(self, tenant: Tenant, asked: AskedFlags) -> Sequence[ToldFlag]: ...
