"""Quiet channels are found, and none that somebody still needs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from dure.automation.plugs import StepCall
from dure.channels.api import Draft
from dure.channels.dormant.steps import steps
from dure.kernel.errors import Invalid
from dure.state import State
from tests.channels.room import Room, open_room

pytestmark = pytest.mark.anyio


async def found(room: Room, **inputs: Any) -> list[str]:
    (kind,) = steps()
    principal = room.cast.governance.system(room.cast.tenant, "automation", "run-1")
    call = StepCall(room.cast.tenant, principal, "run-1", "archive-quiet", "run-1:a:1", "", room.clock.now())
    async with room.state.begin(room.cast.tenant) as tx:
        names: list[str] = (await kind.run(tx, call, msgspec.convert(inputs, kind.inputs))).names
    return names


async def test_channels_without_a_message_are_found_the_quietest_first(state: State) -> None:
    room = await open_room(state)
    mina = room.cast.mina
    made = {}
    for name in ("deal-old", "deal-older", "deal-busy", "deal-gone", "product"):
        made[name] = (await room.channels.create(mina, name)).id
    await room.channels.create(mina, "deal-secret", private=True)
    for name in ("deal-older", "deal-old", "product"):
        await room.channels.post(mina, made[name], Draft("예전에"))
    await room.channels.archive(mina, made["deal-gone"])
    room.clock.advance(timedelta(days=61))
    await room.channels.post(mina, made["deal-busy"], Draft("오늘"))
    await room.channels.create(mina, "deal-new")
    quiet = await found(room, days=60, prefix="deal-")
    assert set(quiet) == {"deal-old", "deal-older"}
    assert await found(room, days=60, prefix="deal-", most=1) == quiet[:1]
    assert "product" in await found(room, days=60)
    assert await found(room, days=90, prefix="deal-") == []
    with pytest.raises(Invalid, match="`days` is between"):
        await found(room, days=0)
