"""What was purged leaves the log too; that something was said stays."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.channels.retention.purge import Purge
from dure.log.api import Log
from dure.log.writer import LogWriter
from dure.state import State
from tests.channels.room import open_room

pytestmark = pytest.mark.anyio
_SAID = "select toString(properties.text) from events where event = 'Message Posted' and workspace = {workspace:String}"


async def test_words_that_were_purged_leave_the_log_of_every_side(state: State, log: Log) -> None:
    room = await open_room(state)
    mina, joon, rina = room.cast.mina, room.cast.joon, room.cast.rina
    channel = await room.shared()
    await room.say(joon, channel, "old words")
    await room.say(rina, channel, "their words")
    await room.cast.governance.policies.set(mina, "retention.public", 1, whole=True)
    room.clock.advance(timedelta(days=2))
    await room.say(joon, channel, "new words")
    purge = Purge(
        state, log, room.clock, room.cast.governance, room.channels, every=timedelta(0), gathered=timedelta(0)
    )
    await purge.round()
    assert await purge.log_tick() == 0  # they have not come there yet
    writer = LogWriter(state, log)
    while await writer.step():
        pass

    async def said(tenant: object) -> list[str]:
        return sorted(row[0] for row in (await log.query(tenant, _SAID)).rows if row[0])  # type: ignore[arg-type]

    assert await said(mina.tenant) == ["new words", "old words", "their words"]
    changed = [await purge.log_tick() for _ in range(3)]
    assert sum(changed) == 2
    assert await said(mina.tenant) == await said(rina.tenant) == ["new words", "their words"]
    assert await purge.log_tick() == 0
