"""Whose question runs next."""

from __future__ import annotations

import asyncio

import pytest

from dure.metrics.serving.turns import Turns

pytestmark = pytest.mark.anyio


class Hall:
    """Questions that run until they are let go."""

    def __init__(self, slots: int, each: int) -> None:
        self.turns = Turns(slots, each)
        self.running: list[str] = []
        self.most = 0
        self._doors: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Hall:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)

    async def ask(self, *names: str) -> None:
        """Each name is a workspace and a number: `sori-1`."""
        for name in names:
            self._doors[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._run(name))
        await settle()

    async def finish(self, name: str) -> None:
        self._doors[name].set()
        await settle()

    async def _run(self, name: str) -> None:
        async with self.turns.turn(name.split("-")[0]):
            self.running.append(name)
            self.most = max(self.most, len(self.running))
            try:
                await self._doors[name].wait()
            finally:
                self.running.remove(name)


async def settle() -> None:
    """Lets everything that can go on go on."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_board_leaves_a_turn_to_the_next_workspace() -> None:
    async with Hall(slots=3, each=2) as hall:
        await hall.ask(*(f"sori-{n}" for n in range(12)), "rival-1")
        assert hall.running == ["sori-0", "sori-1", "rival-1"]


async def test_workspaces_go_in_turn() -> None:
    async with Hall(slots=1, each=1) as hall:
        await hall.ask("sori-1", "sori-2", "sori-3", "rival-1", "third-1")
        seen = []
        while hall.running:
            seen += hall.running
            await hall.finish(hall.running[0])
        assert seen == ["sori-1", "sori-2", "rival-1", "third-1", "sori-3"]
        assert hall.most == 1


async def test_one_that_leaves_while_it_waits_or_runs_takes_nobodys_turn() -> None:
    async with Hall(slots=1, each=1) as hall:
        await hall.ask("sori-1", "sori-2", "sori-3")
        hall.tasks["sori-2"].cancel()
        await settle()
        hall.tasks["sori-1"].cancel()
        await settle()
        assert hall.running == ["sori-3"]
        await hall.finish("sori-3")
        assert hall.turns.running.total() == 0


async def test_one_that_leaves_at_the_moment_its_turn_comes_gives_it_back() -> None:
    async with Hall(slots=1, each=1) as hall:
        await hall.ask("sori-1", "sori-2")
        first = hall.tasks["sori-1"]
        first.add_done_callback(lambda _: hall.tasks["sori-2"].cancel())
        await hall.finish("sori-1")
        await hall.ask("sori-3")
        assert hall.running == ["sori-3"]
