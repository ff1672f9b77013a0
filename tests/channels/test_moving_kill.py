"""kill -9 of whoever brings an export in, several times in its middle: nothing is lost and nothing is there twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from dure.channels.moving.model import Choices
from dure.kernel.clock import ShiftedClock
from dure.state import State
from tests.channels import slack_export as slack
from tests.channels.moving_worker import hands
from tests.channels.room import open_room
from tests.channels.test_moving import parts

pytestmark = [pytest.mark.anyio, pytest.mark.crash]
MESSAGES, KILLS = 8_000, 3


async def test_a_killed_import_goes_on_where_it_was(state: State, fresh_database: str, tmp_path: Path) -> None:
    room = await open_room(state, ShiftedClock(timedelta()))
    mina = room.cast.mina
    movings, mover = hands(state, tmp_path)
    members = slack.large(MESSAGES, channels=4, people=8, a_day=200)
    one = await movings.give(mina, "export.zip", parts(slack.zipped(members)))
    assert await mover.tick() == 1
    await movings.start(mina, one.id, Choices())
    command = [sys.executable, "-m", "tests.channels.moving_worker", fresh_database, str(tmp_path)]

    async def there() -> int:
        async with state.begin_system() as tx:
            found: int = await tx.value("select count(*) from channels.message where brought is not null")
            return found

    for number in range(KILLS):
        worker = subprocess.Popen(command)  # noqa: ASYNC220 - it is to run beside this
        try:
            while await there() < MESSAGES * (number + 1) // (KILLS + 2):
                assert worker.poll() is None
        finally:
            worker.kill()
            worker.wait()
        async with state.begin_system() as tx:  # whoever finds it left waits for its lease to run out
            left = "update channels.moving set lease_until = now() where state = 'running' returning attempt"
            assert await tx.value(left) == number + 2
    assert 0 < await there() < MESSAGES
    assert await mover.tick() == 1
    done = (await movings.one(mina, one.id))[0]
    assert (done.state, done.progress.messages, done.progress.rooms) == ("done", MESSAGES, 4)
    wanted = Counter(each["ts"] for name, day in members.items() if "/" in name for each in day)
    async with state.begin_system() as tx:
        rows = await tx.rows("select ts, thread, reply_count from channels.message where brought is not null")
        reactions = await tx.value("select count(*) from channels.reaction")
        accounts = await tx.value("select count(*) from governance.account where email like 'person%%'")
        names = await tx.value("select count(*) from channels.share where name like 'room-%%'")
    assert Counter(f"{row['ts'] // 10**6}.{row['ts'] % 10**6:06d}" for row in rows) == wanted
    assert sum(row["reply_count"] for row in rows) == sum(row["thread"] is not None for row in rows) > 0
    given = [each for name, day in members.items() if "/" in name for each in day]
    assert reactions == sum(len(each.get("reactions", [{"users": []}])[0]["users"]) for each in given)
    assert (accounts, names) == (8, 4)
    told = [event for event in await room.told(mina.tenant.workspace) if event.event == "Messages Brought In"]
    assert sum(event.properties["messages"] for event in told) == MESSAGES
