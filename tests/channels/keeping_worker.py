"""A process that makes exports and purges, three days on, until somebody kills it: `URL FOLDER`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from dure.channels.api import Channels
from dure.channels.files.api import Files
from dure.channels.files.folder import FolderBlobs
from dure.channels.retention.purge import Purge
from dure.channels.takeout.making import Maker
from dure.governance.api import Governance
from dure.kernel.clock import ShiftedClock
from dure.state import State

LATER = timedelta(days=3)


def hands(state: State, folder: Path, offset: timedelta) -> tuple[Maker, Purge]:
    clock = ShiftedClock(offset)
    governance = Governance(state, clock)
    channels = Channels(state, clock, governance)
    files = Files(state, clock, channels, FolderBlobs(folder))
    maker = Maker(state, None, clock, governance, channels.keeping, files, {}, lease=timedelta(seconds=30))
    return maker, Purge(state, None, clock, governance, channels, every=timedelta(0))


async def work(url: str, folder: Path) -> None:
    state = State(url, connections=4)
    await state.open()
    maker, purge = hands(state, folder, LATER)
    while True:
        await maker.tick()
        await purge.tick()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
