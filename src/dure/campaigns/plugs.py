"""What others fill: the way a letter goes out, and who is known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from dure.campaigns.model import Letter
from dure.kernel.tenant import Tenant
from dure.state import Tx


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took it; `reference` is what it said."""

    reference: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The server certainly did not take it. `permanent` means that this address never will."""

    message: str
    permanent: bool = False
    reached: bool = True


@dataclass(frozen=True, slots=True)
class Unknown:
    """The letter was handed over and no answer came."""

    message: str


Delivery = Accepted | Refused | Unknown


class Mailer(Protocol):
    """A mail provider. What goes wrong outside is an answer, not an exception."""

    async def send(self, letter: Letter, key: str) -> Delivery:
        """Hands the letter over once. `key` is the message's own, for providers that know repeats by it."""
        ...


class Known(Protocol):
    """Somebody as people knows them."""

    @property
    def id(self) -> UUID: ...

    @property
    def distinct_ids(self) -> tuple[str, ...]: ...

    @property
    def traits(self) -> dict[str, Any]: ...


class Directory(Protocol):
    """Who is known; `people.api.People` is one. Somebody merged is answered as whom they are now."""

    async def known(self, tx: Tx, tenant: Tenant, people: Collection[UUID]) -> Mapping[UUID, Known]: ...
