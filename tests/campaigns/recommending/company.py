"""An audio company whose listeners have tastes, read and learned: one for all tests of a module."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dure.campaigns.model import Item
from dure.feed.api import Event, append
from dure.kernel.ids import uuid7
from dure.log.api import LogWriter
from tests.campaigns.studio import Studio


def item(key: str, genre: str = "talk", creator: str = "", **more: Any) -> Item:
    return Item(key, {"ko": f"방송 {key}", "en": f"Show {key}"}, creator, genre, f"https://s.example/{key}", **more)


async def happened(studio: Studio, acts: Sequence[tuple[Any, ...]]) -> None:
    """(who, event, object, properties, days ago) of outside, on the feed in one transaction."""
    now, tenant = studio.clock.now(), studio.cast.tenant
    async with studio.state.begin(tenant) as tx:
        await append(tx, *(
            Event(
                org=tenant.org, workspace=tenant.workspace, event=event, time=now - timedelta(days=ago),
                received_at=now, message_id=str(uuid7()), source="app", person=studio.who(who), distinct_id=who,
                object=about, properties=told,
            )
            for who, event, about, told, ago in acts
        ))  # fmt: skip


def heard(who: str, about: str, *, creator: str = "", genre: str = "talk", ago: float = 1.0) -> tuple[Any, ...]:
    return who, "Listen Started", about, {"genre": genre, **({"creator_id": creator} if creator else {})}, ago


async def read(studio: Studio) -> None:
    """The log is caught up and read, and a model learned."""
    writer = LogWriter(studio.state, studio.log)
    while await writer.step():
        pass
    await studio.campaigns.recommending.tick()
    await studio.campaigns.recommending.want_model(studio.cast.joon)
    await studio.campaigns.recommending.learn()


async def liked(studio: Studio, who: str, kind: str = "together", count: int = 5, **more: Any) -> list[tuple[str, str]]:
    found = await studio.campaigns.recommending.for_person(
        studio.cast.joon, str(studio.who(who)), kind, count, **more
    )  # fmt: skip
    return [(each.item.id, each.why) for each in found]
