"""A process that reads exports and brings them in, until somebody kills it: `URL FOLDER`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from dure.channels.api import Channels
from dure.channels.files.api import Files
from dure.channels.files.folder import FolderBlobs
from dure.channels.moving.api import Movings
from dure.channels.moving.working import Mover
from dure.governance.api import Governance
from dure.kernel.clock import ShiftedClock
from dure.state import State


def hands(state: State, folder: Path, offset: timedelta = timedelta()) -> tuple[Movings, Mover]:
    clock = ShiftedClock(offset)
    governance = Governance(state, clock)
    channels = Channels(state, clock, governance)
    files = Files(state, clock, channels, FolderBlobs(folder))
    movings = Movings(state, clock, governance, channels, files)
    return movings, Mover(state, clock, governance, channels, files, lease=timedelta(seconds=30))


async def work(url: str, folder: Path) -> None:
    state = State(url, connections=4)
    await state.open()
    _, mover = hands(state, folder)
    while True:
        await mover.tick()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
