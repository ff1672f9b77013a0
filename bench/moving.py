"""What bringing in a Slack export costs: messages a second and memory, beside saying the same in the process.

One process, its own embedded PostgreSQL. An export of everyday messages (blocks in all, a tenth in threads, reactions
on an eighth) is given, read and brought in; then as many as `--posted` of the same are said through the same API one
after the other, and in sets of a hundred at one moment. Memory is what the process has at most while it brings in,
beside what it had before. It is brought in once more, which must add nothing.

    python bench/moving.py [--messages 100000] [--posted 2000]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from dure.channels.api import Channels, Draft
from dure.channels.files.api import Files
from dure.channels.files.folder import FolderBlobs
from dure.channels.moving.api import Movings
from dure.channels.moving.model import Choices
from dure.channels.moving.working import Mover
from dure.governance.api import Governance, Principal
from dure.kernel.clock import SystemClock
from dure.state import State
from dure.state.embedded import EmbeddedPostgres
from dure.state.migrations import migrate


async def content_of(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            yield part


def used(folder: Path) -> float:
    """Seconds of CPU of this process and of PostgreSQL's, which other work on the machine does not change much."""
    ticks, whole = os.sysconf("SC_CLK_TCK"), time.process_time()
    postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            fields = stat.read_text().rpartition(")")[2].split()
            if postmaster in (int(stat.parent.name), int(fields[1])):
                whole += sum(int(one) for one in fields[11:15]) / ticks
    return whole


def memory() -> float:
    """MiB of this process at most, so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def bringing(messages: int, posted: int) -> None:
    with tempfile.TemporaryDirectory(prefix="dure-bench-") as folder:
        path = Path(folder) / "export.zip"
        # Made in a process of its own, so that its memory is not in the figure.
        maker = await asyncio.create_subprocess_exec(
            sys.executable, "-c",
            "import sys; from tests.channels import slack_export as slack;"
            f"open({str(path)!r}, 'wb').write(slack.zipped(slack.large({messages})))",
        )  # fmt: skip
        if await maker.wait():
            raise SystemExit("the export could not be made")
        print(f"an export of {messages:,} messages: {path.stat().st_size / 1e6:.1f} MB")
        server = EmbeddedPostgres(Path(folder) / "postgres")
        state, clock = State(server.start(), connections=4), SystemClock()
        await state.open()
        await migrate(state)
        governance = Governance(state, clock)
        made = await governance.found("Sori", "sori", "mina@sori.example")
        mina = await governance.principal(made.user_token)
        channels = Channels(state, clock, governance)
        files = Files(state, clock, channels, FolderBlobs(Path(folder) / "files"))
        movings, mover = (
            Movings(state, clock, governance, channels, files),
            Mover(state, clock, governance, channels, files),
        )
        one = await movings.give(mina, "export.zip", content_of(path))
        before, began = memory(), time.perf_counter()
        await mover.tick()
        print(f"read through: {messages / (time.perf_counter() - began):,.0f} messages/s")
        rates = []
        for turn in ("brought in", "brought in again"):
            await movings.start(mina, one.id, Choices(people="active" if turn == "brought in" else "deactivated"))
            began, busy = time.perf_counter(), used(Path(folder))
            await mover.tick()
            busy = used(Path(folder)) - busy
            found = (await movings.one(mina, one.id))[0]
            assert (found.state, found.progress.messages) == ("done", messages), found
            rates.append((messages / (time.perf_counter() - began), messages / busy))
            print(f"{turn}: {rates[-1][0]:,.0f} messages/s, {rates[-1][1]:,.0f} a second of CPU")
        print(f"memory: {memory() - before:,.0f} MiB more than before")
        async with state.begin_system() as tx:
            assert await tx.value("select count(*) from channels.message") == messages
        said = []
        for name, at_once in (("one by one", 1), ("in sets of a hundred", 100)):
            began, busy = time.perf_counter(), used(Path(folder))
            await saying(channels, mina, posted, at_once)
            said.append((posted / (time.perf_counter() - began), posted / (used(Path(folder)) - busy)))
            print(f"said {name}: {said[-1][0]:,.0f} messages/s, {said[-1][1]:,.0f} a second of CPU")
        for what, place in (("by the clock", 0), ("by CPU", 1)):
            one_by_one, in_sets = (rates[0][place] / one[place] for one in said)
            print(f"ratio {what}: bringing in is {one_by_one:.1f} × one by one, {in_sets:.1f} × in sets")
        await state.close()
        server.stop()


async def saying(channels: Channels, mina: Principal, posted: int, at_once: int) -> None:
    """Says as many messages of the same kind, so many of them at one moment."""
    room = (await channels.create(mina, f"bench-{at_once}")).id
    text = f"메시지 of room: 한빛커피 4분기 제안서를 <@{mina.user}> 검토합니다 {datetime.now(UTC):%H:%M}"
    blocks = [{"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]}]  # fmt: skip
    for _ in range(posted // at_once):
        await asyncio.gather(*(channels.post(mina, room, Draft(text, blocks=blocks)) for _ in range(at_once)))


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--messages", type=int, default=100_000)
    asked.add_argument("--posted", type=int, default=2_000)
    given = asked.parse_args()
    asyncio.run(bringing(given.messages, given.posted))
