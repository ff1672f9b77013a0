"""`dure demo`: a house with a clock that can be turned, the simulated company in it, its story, then life."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dure.demo import company as companies
from dure.demo import eve, memory, play, world
from dure.demo.chapters import sources
from dure.demo.company import PASSWORD, Company, Rooms
from dure.demo.forum import forum
from dure.demo.mailbox import mailbox
from dure.demo.play import Told
from dure.demo.stage import Stage
from dure.kernel.clock import ShiftedClock
from dure.kernel.errors import Conflict
from dure.main import House
from dure.serving import serving
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
async def staged(settings: Settings, console: Console, seed: int = 7) -> AsyncIterator[Stage]:
    """A server with the company in it, its automations on and its quarter lived through; the story not yet told."""
    clock = ShiftedClock()
    async with _opened(settings, clock) as (made, stage_of):
        if await made.governance.workspaces():
            raise Conflict(
                f"The data folder {settings.data} has a company already, and no story that could go on; the story"
                " needs an empty folder: name another with --data, or remove this one."
            )
        rooms = _rooms(made, clock)
        company = await companies.found(rooms, world.build(seed, datetime.now(UTC) - play.BEGINS_BEFORE))
        stage = stage_of(company)
        await play.switch_on(stage)
        with _bar(console) as bar:
            await companies.live_through(rooms, company, bar, lambda: eve.begin(stage))
            await play.furnish(stage)
        memory.keep(settings.data, company)
        yield stage


async def tell_story(
    settings: Settings, console: Console, *, once: bool, seed: int = 7, ready: Callable[[Stage, Report], None]
) -> Report:
    """Plays the story; with `once` ends after it, else tells `ready` and goes on live until SIGINT or SIGTERM."""
    began, report = time.perf_counter(), Report()
    stopped = _until_asked_to_stop()
    async with staged(settings, console, seed) as stage:
        report.events = stage.company.events
        async for told in play.tell(stage):
            report.told.append(told)
            _show(console, told)
        report.seconds = time.perf_counter() - began
        if not once:
            stage.clock.offset = timedelta()
            await _renew_link(stage)
            ready(stage, report)
            await _live(stage, stopped)
    return report


async def go_on(settings: Settings, company: Company, ready: Callable[[Stage, Report], None]) -> Report:
    """Life goes on in a folder whose story was told before, until SIGINT or SIGTERM."""
    stopped = _until_asked_to_stop()
    async with _opened(settings, ShiftedClock()) as (_, stage_of):
        stage = stage_of(company)
        await _renew_link(stage)
        await sources.find_again(stage)
        ready(stage, Report(events=company.events))
        await _live(stage, stopped)
    return Report()


@asynccontextmanager
async def _opened(settings: Settings, clock: ShiftedClock) -> AsyncIterator[tuple[House, Callable[[Company], Stage]]]:
    async with contextlib.AsyncExitStack() as stack:
        box = await stack.enter_async_context(mailbox())
        talk = await stack.enter_async_context(forum(clock.now))
        mailing = replace(
            settings,
            smtp_url=box.url,
            mail_from="hello@sorimaru.example",
            allowed_networks=_with_this_machine(settings),
        )
        made, url = await stack.enter_async_context(serving(mailing, clock))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=120))
        outside = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=120))

        def stage_of(company: Company) -> Stage:
            http.headers["authorization"] = f"Bearer {company.owner_token}"
            return Stage(url, company, clock, box, talk, http, outside)

        yield made, stage_of


def _with_this_machine(settings: Settings) -> str:
    """The company's forum answers on this machine alone."""
    return ",".join(filter(None, (settings.allowed_networks, "127.0.0.1/32")))


def _until_asked_to_stop() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


async def _renew_link(stage: Stage) -> None:
    # A link lasts a day, and the first was made when the quarter began.
    made = await stage.post(f"/api/v1/users/{stage.company.owner.user}/sign-in-link")
    stage.company.sign_in = made["url"].rpartition("/")[2]


async def _live(stage: Stage, stopped: asyncio.Event) -> None:
    living = asyncio.create_task(play.go_on(stage, stage.clock))
    asked = asyncio.create_task(stopped.wait())
    await asyncio.wait([living, asked], return_when=asyncio.FIRST_COMPLETED)
    living.cancel()
    asked.cancel()
    ended, _ = await asyncio.gather(living, asked, return_exceptions=True)
    if isinstance(ended, Exception):
        raise ended


@contextmanager
def passing_folder() -> Iterator[Path]:
    """A data folder that goes with the story."""
    with tempfile.TemporaryDirectory(prefix="dure-demo-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


def print_report(report: Report, console: Console, *, in_json: bool) -> None:
    """How it went: a line, or the whole as JSON."""
    if in_json:
        console.print_json(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        done = sum(one.ok for one in report.told)
        console.print(f"\n{done} of {len(report.told)} chapters, {report.seconds:.1f} s")


def welcome(stage: Stage, report: Report) -> dict[str, Any]:
    """Where the company is met and by whom, with the report."""
    owner = stage.company.world.employees[0]
    return {
        **report.as_json(), "url": stage.url, "sign_in_url": f"{stage.url}/sign-in/{stage.company.sign_in}",
        "email": owner.email, "password": PASSWORD, "token": stage.company.owner_token,
    }  # fmt: skip


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


def print_welcome(console: Console, met: dict[str, Any]) -> None:
    """What a person at the terminal needs to look around."""
    console.print(
        f"\nDure answers at [bold]{met['url']}[/]\n"
        f"sign in with    {met['sign_in_url']}\n"
        f"or as           {met['email']} / {met['password']}\n"
        f"token           {met['token']}\n"
        f"[dim]{met['history_events']:,} events of history; life goes on, Ctrl-C ends it.[/]",
        soft_wrap=True,
    )
