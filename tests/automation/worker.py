"""Workers for the kill test: `python -m tests.automation.worker URL SINK` forks one for each line on its standard input
and says its process id. A worker works until it is killed.

Forked of a process that has read the program already, so that two hundred lives are a matter of minutes.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from datetime import timedelta
from pathlib import Path

from dure.automation.api import Automation
from dure.automation.plugs import StepCall, StepKind
from dure.feed.api import Bell
from dure.governance.api import Governance
from dure.kernel.clock import SystemClock
from dure.state import State
from tests.automation.workshop import Line, Parcel, Receipt, Written, write_in


async def work(url: str, sink: Path) -> None:
    """Its outside step appends the key of each call to a file, as a service beyond our reach would."""
    state = State(url, connections=6)
    await state.open()

    async def ask(call: StepCall, parcel: Parcel) -> Receipt:
        with sink.open("a") as file:
            file.write(call.key + "\n")
        await asyncio.sleep(0.002)
        return Receipt(parcel.to)

    title = {"ko": "시험", "en": "Test"}
    steps = [
        StepKind("book.write", title, Line, Written, write_in),
        StepKind("far.call", title, Parcel, Receipt, ask, outside=True),
    ]
    automation = Automation(
        state, SystemClock(), Governance(state, SystemClock()), steps=steps, rng=random.Random(3),
        lease=timedelta(seconds=1),
    )  # fmt: skip
    bell = Bell(state)
    await asyncio.gather(bell.run(), automation.run_followers(bell), automation.work())


def fork_on_demand(url: str, sink: Path) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        worker = os.fork()
        if not worker:
            asyncio.run(work(url, sink))
            os._exit(0)
        print(worker, flush=True)  # noqa: T201


if __name__ == "__main__":
    fork_on_demand(sys.argv[1], Path(sys.argv[2]))
