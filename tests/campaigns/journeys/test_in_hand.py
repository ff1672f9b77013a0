"""What a worker has in hand: stopped where its campaign was, and not otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

import pytest

from dure.campaigns.journeys import store
from dure.campaigns.journeys.claiming import Handed
from dure.campaigns.journeys.plan import MOVES, queue_of
from dure.state import Tx
from tests.campaigns.journeys.test_ways import journey, launched, message, messages
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio


async def in_hand(house: Studio, event: str, who: str) -> None:
    """Somebody it happens to has come as far as their message, which is in hand and not handed over."""
    engine = house.campaigns.engine
    await house.happen(event, who)
    while await engine.following.step():
        pass
    for queue in MOVES:
        while await engine.moving.step(queue):
            pass
    before = sum(engine.sending._in_hand.values())
    for bulk in (False, True):
        await engine.sending.step(queue_of("email", bulk=bulk), "email", bulk=bulk)
    assert sum(engine.sending._in_hand.values()) == before + 1


async def test_what_is_taken_in_hand_while_it_is_asked_what_was_stopped_goes_out(
    house: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.know("u-300", "u-301", "u-302")
    stopped, live, later = [await launched(house, journey(name, message("hello"))) for name in ("H1", "H2", "H3")]
    sending, statuses = house.campaigns.engine.sending, store.statuses
    asked, answer, again = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(tx: Tx, campaigns: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        found = await statuses(tx, campaigns)
        if asyncio.current_task() is kept:
            if asked.is_set():
                again.set()
                await asyncio.Event().wait()  # so that nothing else is known until the end
            asked.set()
            await answer.wait()
        return found

    await in_hand(house, "H1", "u-300")
    await in_hand(house, "H2", "u-301")
    await house.campaigns.stop(house.cast.joon, stopped.id)
    monkeypatch.setattr(store, "statuses", slow)
    kept = asyncio.create_task(sending.keep())
    await asked.wait()
    await in_hand(house, "H3", "u-302")
    answer.set()
    await again.wait()  # by now it goes by the first answer
    work = asyncio.create_task(sending.work("email"))
    while sending._in_hand and not work.done():
        await asyncio.wait([work], timeout=0.01)
    for task in (kept, work):
        task.cancel()
    await asyncio.gather(kept, work, return_exceptions=True)
    await sending.note_now()
    became = [(one.state, one.reason) for it in (stopped, live, later) for one in (await messages(house, it)).values()]
    assert became == [("skipped", "stopped"), ("sent", ""), ("sent", "")]


async def test_a_lease_is_not_endless_while_it_is_asked_what_is_recommended(
    house: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.know("u-310")
    await launched(house, journey("H4", message("hello")))
    sending = house.campaigns.engine.sending
    with_items = sending._with_items

    async def meanwhile(handed: Sequence[Handed]) -> Any:
        kept = asyncio.create_task(sending.keep())
        await asyncio.sleep(0)  # it has looked, and found nothing in hand
        kept.cancel()
        return await with_items(handed)

    monkeypatch.setattr(sending, "_with_items", meanwhile)
    await in_hand(house, "H4", "u-310")
    assert sending._lease_sure_until < float("inf")
