"""Recommendations as values: what may be recommended, from which events tastes are learned, and how well each kind did.

A *token* is what tastes are made of: an item, or the creator behind items. Broadcasts end and their creators stay, so
what was learned of a creator also speaks for what they do next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec

from dure.experiments.api import Interval
from dure.kernel.filters import Filter

Kind = Literal["blend", "together", "collaborative", "popular", "live", "resurrect", "new"]
Why = Literal["together", "collaborative", "genre", "popular", "live", "resurrect", "new"]
KINDS: tuple[Kind, ...] = get_args(Kind)
BLENDED: tuple[Kind, ...] = ("together", "collaborative", "popular", "live", "resurrect", "new")
ITEM_KINDS = ("broadcast", "creator", "product")


@dataclass(frozen=True, slots=True)
class Item:
    """Something to recommend. `creator` is the id of the creator behind it, who may be in the catalogue too, as an
    item of kind `creator` with that id. It is recommended from `live_from` until `live_to`; where a broadcast has no
    end yet it is live now. `created_at` is when the catalogue first had it, None before it has. `why` is set where it
    is recommended to somebody: the kind it comes from."""

    id: str
    title: Mapping[str, str]
    creator: str = ""
    genre: str = ""
    url: str = ""
    kind: Literal["broadcast", "creator", "product"] = "broadcast"
    language: str = ""
    live_from: datetime | None = None
    live_to: datetime | None = None
    blocked: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None
    why: str = ""

    def recommendable(self, at: datetime) -> bool:
        """Neither blocked nor ended, and begun."""
        begun = self.live_from is None or self.live_from <= at
        return begun and not self.blocked and (self.live_to is None or self.live_to > at)


@dataclass(frozen=True, slots=True)
class Recommended:
    """An item and why: `together` (people who heard what they heard heard it), `collaborative` (people of their
    taste), `genre` or `popular` (liked by many now), `live` (somebody they follow is on air), `resurrect` (a favourite
    of long ago), `new`."""

    item: Item
    why: Why
    score: float


class Selectors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which events say what people like. `item` and `creator` are the places where their ids stand, the first that
    holds one counts; `object` is the event's own object. The names of the other events may be empty."""

    event: str = "Listen Started"
    where: tuple[Filter, ...] = ()
    item: tuple[str, ...] = ("object", "broadcast_id")
    creator: tuple[str, ...] = ("creator_id",)
    genre: str = "genre"
    follow: str = "Creator Followed"
    unfollow: str = "Creator Unfollowed"
    block: str = "Creator Blocked"
    unblock: str = "Creator Unblocked"
    block_item: str = "Item Blocked"
    unblock_item: str = "Item Unblocked"
    begins: str = "Broadcast Started"
    ends: str = "Broadcast Ended"
    days: int = 90
    window: str = "1d"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far what is known reaches. `read_to` is the arrival time up to which the log was read into histories; the
    model is `version`, made at `fitted_at` in `seconds`. `stage` says what a fit under way does, `done` of `total`.
    `erased` is how often people were erased."""

    selectors: Selectors
    catalogue: int = 0
    read_to: datetime | None = None
    read_at: datetime | None = None
    version: int = 0
    fitted_at: datetime | None = None
    seconds: float = 0.0
    people: int = 0
    tokens: int = 0
    listens: int = 0
    stage: str = ""
    done: int = 0
    total: int = 0
    cancel: bool = False
    wanted: bool = False
    error: str = ""
    measured_at: datetime | None = None
    learned_from: int = 0
    arrived: int = 0
    erased: int = 0


@dataclass(frozen=True, slots=True)
class Token:
    """An item or a creator as the log knows it. `heat` is plays decayed to the second `heat_at`."""

    number: int
    what: Literal["item", "creator"]
    id: str
    genre: str
    listeners: int
    heat: float
    heat_at: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How one kind did: recommendations shown long enough ago, how many of them were clicked, and how many of their
    items were heard within the window by whom they were shown to; `won` is either. Shares with 95 % intervals."""

    kind: Kind | str
    shown: int
    clicked: int
    consumed: int
    won: int
    click_rate: float | None
    click_interval: Interval | None
    consume_rate: float | None
    consume_interval: Interval | None
    chance: float | None = None
