"""Creatives and what their kind asks of them, as frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

CreativeStatus = Literal["missing", "received", "checking", "approved", "rejected", "live"]
STATUSES: tuple[CreativeStatus, ...] = get_args(CreativeStatus)


@dataclass(frozen=True, slots=True)
class Creative:
    """`reasons` are codes of what its kind's rules say against it: while there are any it is held.

    `due` is the day it is awaited, `reason` why a person rejected it.
    """

    id: str
    line_item: str
    name: str
    kind: str
    status: CreativeStatus
    reason: str
    reasons: Sequence[str]
    due: date | None
    width: int | None
    height: int | None
    bytes: int | None
    seconds: int | None
    file_type: str
    url: str
    ad_id: str
    disclosure: str
    received_at: datetime | None
    created_at: datetime
    changed_at: datetime

    @property
    def there(self) -> bool:
        """Whether it can go on air or is on its way there."""
        return self.status in ("checking", "approved", "live") or (self.status == "received" and not self.reasons)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was handed in for a creative. None and "" are not said."""

    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    seconds: int | None = None
    file_type: str = ""
    url: str = ""
    ad_id: str = ""
    disclosure: str = ""


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a kind of creative has to be; an empty list and 0 ask for nothing.

    `sizes` are pairs of width and height in pixels; `disclosure` asks for the words that say it is advertising.
    """

    sizes: list[tuple[int, int]] = []
    file_types: list[str] = []
    max_bytes: Annotated[int, Meta(ge=0)] = 0
    max_seconds: Annotated[int, Meta(ge=0)] = 0
    url: bool = True
    ad_id: bool = False
    disclosure: bool = False


SPECS: dict[str, Spec] = {
    "audio": Spec(file_types=["mp3", "wav", "ogg"], max_bytes=10_000_000, max_seconds=30),
    "display": Spec(
        sizes=[(640, 640), (300, 250), (320, 50), (728, 90)], file_types=["jpg", "png", "gif"], max_bytes=200_000
    ),
    "video": Spec(sizes=[(1920, 1080), (1080, 1920)], file_types=["mp4", "mov"], max_bytes=500_000_000, max_seconds=30),
    "host_read": Spec(url=False, disclosure=True),
    "sponsorship": Spec(sizes=[(640, 640)], file_types=["jpg", "png"], max_bytes=500_000, disclosure=True),
}
