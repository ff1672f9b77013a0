"""A worker process for the kill test: `python -m tests.automation.worker URL SINK`. Works until it is killed."""

from __future__ import annotations

import asyncio
import random
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
    print("working", flush=True)  # noqa: T201
    await asyncio.gather(bell.run(), automation.run_followers(bell), automation.work())


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
