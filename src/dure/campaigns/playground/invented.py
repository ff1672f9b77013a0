"""Invented people and what they did: enough of everything that the copied structure asks about."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dure.feed.api import Event
from dure.kernel.filters import Filter
from dure.kernel.ids import person_id, uuid7
from dure.kernel.tenant import Tenant
from dure.people.model import Known

PEOPLE = 300
DAYS = 60
SOURCE = "playground"
_FAMILY = ["김", "이", "박", "최", "정", "강", "조", "윤", "장", "임"]
_GIVEN = [
    "서연",
    "민준",
    "지우",
    "하윤",
    "도현",
    "서윤",
    "예준",
    "지호",
    "수아",
    "은우",
    "하린",
    "시우",
    "유나",
    "현우",
    "다은",
    "태윤",
]
_GENRES = ("talk", "asmr", "music", "story", "news")
_ZONES = ("Asia/Seoul",) * 7 + ("America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata")
_USUAL = ("Listen Started", "Listen Ended", "Gift Sent", "Signed Up")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An event that the copied structure asks about, with the filters it is asked with."""

    event: str
    where: tuple[Filter, ...] = ()


def people(seed: str, now: datetime) -> list[Known]:
    """Their addresses end in `.invalid`, which leads nowhere by its own standard (RFC 2606)."""
    draw, made = random.Random(f"{seed}:people"), []
    for number in range(PEOPLE):
        traits: dict[str, Any] = {
            "name": draw.choice(_FAMILY) + draw.choice(_GIVEN), "language": "en" if draw.random() < 0.15 else "ko",
            "timezone": draw.choice(_ZONES), "plan": "plus" if draw.random() < 0.2 else "free",
            "favourite_genre": draw.choice(_GENRES), "country": "KR", "invented": True,
        }  # fmt: skip
        if draw.random() < 0.93:  # some cannot be written to, as everywhere
            traits["email"] = f"listener-{number}@playground.invalid"
        if draw.random() < 0.6:
            traits["phone"] = f"+8210000{number:05d}"
        made.append(Known(f"pg-{number}", traits, now - timedelta(days=draw.uniform(DAYS, 3 * DAYS))))
    return made


def happened(tenant: Tenant, seed: str, wanted: Sequence[Wanted], now: datetime) -> Iterator[Event]:
    """What they did in the last days, oldest first: some often and still, some no more, some hardly ever."""
    draw = random.Random(f"{seed}:events")
    asked = {one.event: one.where for one in wanted if one.event != "*"}
    names = [*_USUAL, *sorted(asked.keys() - set(_USUAL))]
    moments: list[tuple[datetime, int, str]] = []
    for number in range(PEOPLE):
        often = draw.choice((0.05, 0.2, 0.2, 0.6, 1.5))
        last = 0 if draw.random() < 0.6 else draw.randint(3, 40)  # days since they were last here
        for day in range(last, DAYS):
            for _ in range(min(4, int(draw.expovariate(1 / often)))):
                at = now - timedelta(days=day, seconds=draw.uniform(60, 86_400))
                moments.append((at, number, draw.choice(names)))
                if moments[-1][2] == "Listen Started":
                    moments.append((at + timedelta(seconds=draw.uniform(10, 3_000)), number, "Listen Ended"))
    for at, number, name in sorted(moments):
        if at > now:
            continue
        genre = draw.choice(_GENRES)
        item = f"pg-show-{_GENRES.index(genre)}{draw.randint(0, 9)}"
        properties = {"genre": genre, "broadcast_id": item, "seconds": int(draw.expovariate(1 / 600))}
        if draw.random() < 0.6:
            properties |= _fitting(asked.get(name, ()))
        yield Event(
            org=tenant.org, workspace=tenant.workspace, event=name, time=at, received_at=now, message_id=str(uuid7()),
            source=SOURCE, person=person_id(tenant.workspace, f"pg-{number}"), distinct_id=f"pg-{number}",
            object_type="broadcast" if name.startswith("Listen") else "",
            object=item if name.startswith("Listen") else "", properties=properties,
        )  # fmt: skip


def _fitting(where: Sequence[Filter]) -> Mapping[str, Any]:
    """Properties that meet the filters, as far as one value can."""
    found: dict[str, Any] = {}
    for one in where:
        if "." in one.prop:
            continue
        if one.op in ("=", "contains", ">=", "<="):
            found[one.prop] = one.value
        elif one.op == "in" and one.value:
            found[one.prop] = one.value[0]
        elif one.op in (">", "<") and isinstance(one.value, int | float):
            found[one.prop] = one.value + (1 if one.op == ">" else -1)
    return found
