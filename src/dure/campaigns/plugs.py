"""What others fill: the ways out to people, who is known, and a team's channel."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from dure.campaigns.design import Items, Messaging
from dure.campaigns.model import Campaign, Item, Letter, Recipient, Verdict
from dure.governance.api import Principal
from dure.kernel.tenant import Tenant
from dure.state import Tx


@dataclass(frozen=True, slots=True)
class Content:
    """What one message says, in the words of its channel.

    `title` is an e-mail's subject or the head of a push or card; `text` is its words, which for a webhook is the body.
    `html` is e-mail's. `url` is where a push, card or banner leads, and `more` what one channel alone knows: a card's
    `form`, `button` and `expires` (ISO), a post's `to`.
    """

    channel: str
    language: str
    title: str = ""
    text: str = ""
    html: str = ""
    url: str = ""
    image: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way out. `key` is the message's id, the same however often it is tried; `address` is what the
    carrier itself said (`Carrier.address`), and nobody else need read it."""

    key: str
    address: str
    content: Content
    headers: Mapping[str, str] = field(default_factory=dict)
    person: UUID | None = None
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """It was taken; `reference` is what the provider called it."""

    reference: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It was certainly not taken.

    `permanent`: this message never will be. `gone`: nobody is at this address any more, so it is to be suppressed
    (a device was forgotten already). `retry_after`: seconds after which it may be tried again. `reached` is False
    where nobody was there to refuse it. `busy`: it is the provider that can take no more, whoever a message is for.
    """

    message: str
    permanent: bool = False
    reached: bool = True
    gone: bool = False
    retry_after: float | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was handed over and no answer came; nobody may try again."""

    message: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """It was not handed over at all, because sending is stopped or the provider asked for `seconds`: it waits again,
    and is asked about again."""

    message: str
    seconds: float = 0.0


Delivery = Accepted | Refused | Unknown | Withheld


class Carrier(Protocol):
    """A way out to people, one for each channel of a message node."""

    @property
    def channel(self) -> str: ...

    def address(self, recipient: Recipient) -> str:
        """Where somebody is reached this way, "" where they are not. Pure: it may be asked for thousands."""
        ...

    async def carry(self, tenant: Tenant, parcel: Parcel) -> Delivery:
        """Hands a parcel over once. What goes wrong outside is an answer, not an exception."""
        ...


class Poster(Protocol):
    """A team's channels, as far as campaigns may know of them."""

    async def post(self, tenant: Tenant, to: str, text: str, key: str) -> Delivery:
        """Says something in a conversation, by id or name; the same `key` again says nothing more."""
        ...


Keys = Callable[[str], Awaitable[Tenant | None]]
"""Whose a write key is; None for one that is nobody's."""


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

    @property
    def account(self) -> str: ...


class Directory(Protocol):
    """Who is known; `people.api.People` is one. Somebody merged is answered as whom they are now."""

    async def known(self, tx: Tx, tenant: Tenant, people: Collection[UUID]) -> Mapping[UUID, Known]: ...

    async def accounts(self, tx: Tx, tenant: Tenant, ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """The traits of accounts by their ids."""
        ...

    async def state_in(
        self, tx: Tx, principal: Principal, said: Sequence[tuple[str, Mapping[str, Any]]]
    ) -> Sequence[Known]:
        """States traits of people, by id."""
        ...


class Gate(Protocol):
    """Who may be sent what now, and why others may not: asked in sets, in the transaction that will claim."""

    async def look(
        self, tx: Tx, principal: Principal, campaign: Campaign, node: Messaging, recipients: Sequence[Recipient],
        now: datetime,
    ) -> list[Verdict]:  # fmt: skip
        """One verdict for each, in the order asked."""
        ...

    async def room(self, tenant: Tenant, channel: str, wanted: int) -> int:
        """How many of so many messages a provider would take at this moment: more need not be claimed."""
        ...


class Writing(Protocol):
    """Makes one person's message of a node's texts."""

    def compose(
        self, campaign: Campaign, node: Messaging, to: Recipient, items: Sequence[Item], *, language: str, out_url: str
    ) -> Content:  # fmt: skip
        """`writing.Missing` where a text names what they do not have. `language` is the workspace's; `out_url` leads
        out of the list."""
        ...


class Recommending(Protocol):
    """What people may like next, asked in sets."""

    async def items_for(
        self, tx: Tx, tenant: Tenant, recipients: Sequence[Recipient], wanted: Items, now: datetime,
        besides: Mapping[UUID, Collection[str]] | None = None,
    ) -> Mapping[UUID, Sequence[Item]]:  # fmt: skip
        """By person; up to `wanted.count`, best first, none of those `besides` names for them. `tx` is there to read
        the catalogue in."""
        ...
