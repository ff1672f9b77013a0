"""A tracked link: its code, where it leads, and what it belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from dure.kernel.tenant import Tenant

Side = Literal["brand", "employees"]


@dataclass(frozen=True, slots=True)
class NewLink:
    """`belongs` is what it was made for: a kind and an id, such as ("post", …) or ("share", …). `utm` are parameters
    by name without `utm_`; those that the target has already stay as they are. `person`: it was made for this one
    person, who is therefore known to have clicked."""

    target: str
    belongs: tuple[str, str]
    network: str = ""
    side: Side = "brand"
    utm: Mapping[str, str] = field(default_factory=dict)
    person: uuid.UUID | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """`target` has its UTM parameters, `utm_link` (the code) among them."""

    tenant: Tenant
    id: uuid.UUID
    code: str
    target: str
    network: str
    side: Side
    belongs: tuple[str, str]
    person: uuid.UUID | None
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    ended_at: datetime | None = None

    def leads_on(self, now: datetime) -> bool:
        return self.ended_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a request for a link says of itself. It is looked at once and kept nowhere."""

    address: str
    agent: str
    head: bool = False
    prefetched: bool = False
    colleague: bool = False
    referrer: str = ""


@dataclass(frozen=True, slots=True)
class Clicks:
    """`clicks` of people; `visitors` the same counted once a day each; `fetched` by machines and colleagues;
    `came` are people who were seen on the target's pages by this link, `signed` those of them who then signed up."""

    clicks: int = 0
    visitors: int = 0
    fetched: int = 0
    came: int = 0
    signed: int = 0

    def __add__(self, other: Clicks) -> Clicks:
        return Clicks(
            self.clicks + other.clicks, self.visitors + other.visitors, self.fetched + other.fetched,
            self.came + other.came, self.signed + other.signed,
        )  # fmt: skip
