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
            began = time.perf_counter()
            await mover.tick()
            found = (await movings.one(mina, one.id))[0]
            assert (found.state, found.progress.messages) == ("done", messages), found
            rates.append(messages / (time.perf_counter() - began))
            print(f"{turn}: {rates[-1]:,.0f} messages/s")
        print(f"memory: {memory() - before:,.0f} MiB more than before")
        async with state.begin_system() as tx:
            assert await tx.value("select count(*) from channels.message") == messages
        alone, together = await saying(channels, mina, posted)
        print(f"said one by one: {alone:,.0f}/s; said in sets of a hundred: {together:,.0f}/s")
        print(f"ratio: bringing in is {rates[0] / alone:.1f} × one by one, {rates[0] / together:.1f} × in sets")
        await state.close()
        server.stop()


async def saying(channels: Channels, mina: Principal, posted: int) -> tuple[float, float]:
    """Messages a second of the same kind, said one after the other and a hundred at one moment."""
    room = (await channels.create(mina, "bench")).id
    text = f"메시지 of room: 한빛커피 4분기 제안서를 <@{mina.user}> 검토합니다 {datetime.now(UTC):%H:%M}"
    blocks = [{"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]}]  # fmt: skip
    began = time.perf_counter()
    for _ in range(posted):
        await channels.post(mina, room, Draft(text, blocks=blocks))
    alone = posted / (time.perf_counter() - began)
    began = time.perf_counter()
    for _ in range(posted // 100):
        await asyncio.gather(*(channels.post(mina, room, Draft(text, blocks=blocks)) for _ in range(100)))
    return alone, posted / (time.perf_counter() - began)


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--messages", type=int, default=100_000)
    asked.add_argument("--posted", type=int, default=2_000)
    given = asked.parse_args()
    asyncio.run(bringing(given.messages, given.posted))
