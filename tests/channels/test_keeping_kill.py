"""kill -9 of whoever purges and exports, in the middle of it: the next goes on, nothing is lost and nothing doubled."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from dure.channels.takeout.api import Takeouts
from dure.kernel.clock import ShiftedClock
from dure.state import State
from tests.channels.keeping_worker import LATER, hands
from tests.channels.room import open_room

pytestmark = [pytest.mark.anyio, pytest.mark.crash]
OURS, THEIRS = 6_000, 300
_MANY = """insert into channels.message (channel, ts, workspace, account, team, text)
select channel, ts + n, workspace, account, team, text || ' ' || n from channels.message, generate_series(1, %s) n
where channel = %s and ts = %s"""


async def killed(url: str, folder: Path, when: Callable[[], Awaitable[bool]]) -> None:
    """Lets a worker work until it is in the middle, and kills it there."""
    command = [sys.executable, "-m", "tests.channels.keeping_worker", url, str(folder)]
    worker = subprocess.Popen(command)  # noqa: ASYNC220 - it is to run beside this
    try:
        while not await when():
            assert worker.poll() is None
    finally:
        worker.kill()
        worker.wait()


async def test_a_killed_purge_goes_on_and_a_killed_export_is_made_anew(
    state: State, fresh_database: str, tmp_path: Path
) -> None:
    room = await open_room(state, ShiftedClock(timedelta()))
    mina, joon, rina = room.cast.mina, room.cast.joon, room.cast.rina
    channel = await room.shared("partners")
    for who, many in ((joon, OURS), (rina, THEIRS)):
        said = await room.say(who, channel, "said")
        room.clock.advance(timedelta(seconds=1))
        async with state.begin_system() as tx:
            await tx.run(_MANY, (many - 1, channel, said.ts))
    await room.channels.retention.hold(mina, "matter", people=[mina.user])
    held = await room.say(mina, channel, "held")
    takeouts = Takeouts(state, room.clock, room.cast.governance, room.files)
    export = await takeouts.ask(rina, "compliance")
    await room.cast.governance.policies.set(mina, "retention.public", 1, whole=True)

    async def left(whose: str) -> int:
        async with state.begin_system() as tx:
            found: int = await tx.value(
                "select count(*) from channels.message where channel = %s and account = %s and subtype = ''",
                (channel, whose),
            )
            return found

    async def in_the_middle() -> bool:
        return (await takeouts.one(rina, export.id)).messages > 0

    async def purged() -> bool:
        return await left(joon.user) <= OURS - 1_000

    await killed(fresh_database, tmp_path, in_the_middle)
    assert (await takeouts.one(rina, export.id)).state == "running"
    await killed(fresh_database, tmp_path, purged)
    assert 0 < await left(joon.user) < OURS
    maker, purge = hands(state, tmp_path, LATER + timedelta(minutes=1))
    assert await maker.tick() == 1
    await purge.round()
    assert (await left(joon.user), await left(rina.user), await left(mina.user)) == (0, THEIRS, 1)
    assert (await room.channels.history(rina, channel, limit=1))[0][0].ts == held.ts
    told = [one for one in await room.told(mina.tenant.workspace) if one.event == "Messages Purged"]
    async with state.begin_system() as tx:
        notes = await tx.value("select count(*) from channels.message where channel = %s and subtype <> ''", (channel,))
    assert OURS <= sum(one.properties["count"] for one in told if one.object == channel) <= OURS + 10 - notes
    done = await takeouts.one(rina, export.id)
    assert (done.state, done.attempt) == ("done", 2)
    content = (tmp_path / done.sha256[:2] / done.sha256).read_bytes()
    archive = zipfile.ZipFile(io.BytesIO(content))
    said = [one for name in archive.namelist() if "/" in name for one in json.loads(archive.read(name))]
    theirs = [one["text"] for one in said if one["user"] == rina.user and not one.get("subtype")]
    assert len(theirs) == len(set(theirs)) == THEIRS
