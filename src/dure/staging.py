"""`dure demo`: a house with a clock that can be turned, the simulated company in it, its story, then life."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dure.demo import company as companies
from dure.demo import play, world
from dure.demo.chapters import campaign
from dure.demo.company import PASSWORD, Rooms
from dure.demo.mailbox import mailbox
from dure.demo.play import Told
from dure.demo.stage import Stage
from dure.kernel.clock import ShiftedClock
from dure.kernel.errors import Conflict
from dure.main import House, serving
from dure.settings import Settings


@dataclass
class Report:
    """What came of playing the story: the shape of `dure demo --once --json`."""

    told: list[Told] = field(default_factory=list)
    seconds: float = 0.0
    events: int = 0

    @property
    def ok(self) -> bool:
        return bool(self.told) and all(one.ok for one in self.told)

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "seconds": round(self.seconds, 1),
            "history_events": self.events,
            "chapters": [one.as_json() for one in self.told],
        }


@asynccontextmanager
async def staged(
    settings: Settings, console: Console, sizes: world.Sizes | None = None, seed: int = 7
) -> AsyncIterator[Stage]:
    """A server with the company in it, its automations on and its quarter lived through; the story not yet told."""
    clock = ShiftedClock()
    end = datetime.now(UTC) - play.BEGINS_BEFORE
    async with contextlib.AsyncExitStack() as stack:
        box = await stack.enter_async_context(mailbox())
        mailing = replace(settings, smtp_url=box.url, mail_from="hello@sorimaru.example")
        made, url = await stack.enter_async_context(serving(mailing, clock))
        if await made.governance.workspaces():
            raise Conflict(f"The data folder {settings.data} has a company already; the story needs an empty one.")
        rooms = _rooms(made, clock)
        company = await companies.found(rooms, world.build(seed, end, sizes))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=120))
        http.headers["authorization"] = f"Bearer {company.owner_token}"
        stage = Stage(url, company, clock, box, http)
        await play.switch_on(stage)
        with _bar(console) as bar:
            await companies.live_through(rooms, company, bar, lambda: campaign.begin(stage))
        yield stage


async def tell_story(
    settings: Settings, console: Console, *, once: bool, sizes: world.Sizes | None = None, seed: int = 7
) -> Report:
    """Plays the story; with `once` ends after it, else goes on live until SIGINT or SIGTERM."""
    began, report = time.perf_counter(), Report()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with staged(settings, console, sizes, seed) as stage:
        report.events = stage.company.events
        async for told in play.tell(stage):
            report.told.append(told)
            _show(console, told)
        report.seconds = time.perf_counter() - began
        if once:
            return report
        stage.clock.offset = timedelta()
        _welcome(console, stage, report)
        living = asyncio.create_task(play.go_on(stage, stage.clock))
        await asyncio.wait([living, asyncio.create_task(stopped.wait())], return_when=asyncio.FIRST_COMPLETED)
        living.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await living
    return report


@contextmanager
def passing_folder() -> Iterator[Path]:
    """A data folder that goes with the story."""
    with tempfile.TemporaryDirectory(prefix="dure-demo-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


def print_report(report: Report, console: Console, *, in_json: bool) -> None:
    if in_json:
        console.print_json(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        done = sum(one.ok for one in report.told)
        console.print(f"\n{done} of {len(report.told)} chapters, {report.seconds:.1f} s")


def _rooms(made: House, clock: ShiftedClock) -> Rooms:
    return Rooms(
        made.state,
        clock,
        made.governance,
        made.ingest,
        made.people,
        made.channels,
        made.deals,
        made.pacing,
        made.social,
        made.settle_log,
    )


@contextmanager
def _bar(console: Console) -> Iterator[Any]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda what, share: progress.update(task, description=what, completed=share)


def _show(console: Console, told: Told) -> None:
    mark = "[green]✔[/]" if told.ok else "[red]✘[/]"
    console.print(
        f"{mark} {told.chapter.number}. {told.chapter.title_ko} · {told.chapter.title} [dim]{told.seconds:.1f} s[/]"
    )
    for name, value in told.facts.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        console.print(f"     [dim]{name.replace('_', ' ')}:[/] {shown[:160]}", highlight=False, markup=True)
    if told.error:
        console.print(f"     {told.error}", style="red", markup=False)


def _welcome(console: Console, stage: Stage, report: Report) -> None:
    owner = stage.company.world.employees[0]
    console.print(
        f"\nDure answers at [bold]{stage.url}[/]\n"
        f"sign in with    {stage.url}/sign-in/{stage.company.sign_in}\n"
        f"or as           {owner.email} / {PASSWORD}\n"
        f"token           {stage.company.owner_token}\n"
        f"[dim]{report.events:,} events of history; life goes on, Ctrl-C ends it.[/]",
        soft_wrap=True,
    )
