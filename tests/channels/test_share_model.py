"""Three organisations do as they like with one channel; a tiny model says who is in it, who hosts it, who kept what.

The model knows nothing of the table that the code answers from: of each side it keeps one word, and of each copy what
had been said when it was made.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from dure.channels.api import Draft
from dure.channels.connect.copies import copy_of
from dure.governance.api import Principal
from dure.kernel.errors import DureError
from tests.channels.room import Room, room_of

SIDES = ("a", "b", "c")
side = st.sampled_from(SIDES)


class World:
    """One server for all runs; each has a channel of its own."""

    def __init__(self, postgres_url: str, template: str) -> None:
        self.runner = asyncio.Runner()
        self.opened: AbstractAsyncContextManager[Room] = room_of(postgres_url, template)
        self.room = self.run(self.opened.__aenter__())
        self.people = {"a": self.room.cast.mina, "b": self.room.cast.rina, "c": self.run(self._third())}
        self.number = 0

    async def _third(self) -> Principal:
        governance = self.room.cast.governance
        third = await governance.found("Third", "third", "dan@third.example", name="Dan")
        return await governance.principal(third.user_token)

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def close(self) -> None:
        self.run(self.opened.__aexit__(None, None, None))
        self.runner.close()


class Sharing(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        world = self.world
        world.number += 1
        self.channels, self.people = world.room.channels, world.people
        made = world.run(self.channels.create(self.people["a"], f"run-{world.number}"))
        self.channel = made.id
        self.host = "a"
        self.state = {"a": "in", "b": "out", "c": "out"}  # out, asked, in, limited
        self.handed = ""
        self.said: list[str] = []
        self.kept: dict[str, list[str]] = {}

    def space(self, who: str) -> str:
        return self.people[who].tenant.workspace

    def does(self, work: Any, *, when: bool) -> None:
        """The act is done where the model says so, and refused where it does not."""
        refused = ""
        try:
            self.world.run(work)
        except DureError as error:
            refused = f"{error.code}: {error.message}"
        assert bool(refused) is not when, refused or "it should have been refused"

    @rule(who=side, to=side, limited=st.booleans())
    def invite(self, who: str, to: str, limited: bool) -> None:
        fine = who == self.host and to != who and self.state[to] == "out"
        self.does(self.channels.offer(self.people[who], self.channel, self.space(to), limited=limited), when=fine)
        if fine:
            self.state[to] = "asked limited" if limited else "asked"

    @rule(who=side)
    def accept(self, who: str) -> None:
        fine = self.state[who].startswith("asked")
        self.does(self.channels.accept(self.people[who], self.channel, f"{who}-{self.channel.lower()}"), when=fine)
        if fine:
            self.state[who] = "limited" if "limited" in self.state[who] else "in"
            self.kept.pop(who, None)  # they are in the channel itself again

    @rule(who=side)
    def decline(self, who: str) -> None:
        fine = self.state[who].startswith("asked")
        self.does(self.channels.decline(self.people[who], self.channel), when=fine)
        if fine:
            self.state[who] = "out"

    @rule(who=side, whom=side)
    def disconnect(self, who: str, whom: str) -> None:
        mine = who == self.host and whom != who and self.state[whom] != "out"
        own = who == whom and who != self.host and self.state[who] in ("in", "limited")
        self.does(self.channels.disconnect(self.people[who], self.channel, self.space(whom)), when=mine or own)
        if mine or own:
            if self.state[whom] == "in":
                self.kept[whom] = list(self.said)
            self.state[whom] = "out"
            self.handed = "" if self.handed == whom else self.handed

    @rule(who=side, whom=side, limited=st.booleans())
    def limit(self, who: str, whom: str, limited: bool) -> None:
        fine = who == self.host and whom != who and self.state[whom] != "out"
        self.does(self.channels.set_limited(self.people[who], self.channel, self.space(whom), limited), when=fine)
        if fine:
            asked = self.state[whom].startswith("asked")
            word = ("asked limited" if limited else "asked") if asked else ("limited" if limited else "in")
            self.state[whom] = word
            self.handed = "" if limited and self.handed == whom else self.handed

    @rule(who=side, to=side)
    def hand_over(self, who: str, to: str) -> None:
        fine = who == self.host and to != who and self.state[to] == "in" and self.handed != to
        self.does(self.channels.ask_transfer(self.people[who], self.channel, self.space(to)), when=fine)
        self.handed = to if fine else self.handed

    @rule(who=side)
    def take_over(self, who: str) -> None:
        fine = who == self.handed
        self.does(self.channels.take_transfer(self.people[who], self.channel), when=fine)
        if fine:
            self.host, self.handed = who, ""

    @rule(who=side)
    def say(self, who: str) -> None:
        text = f"{who} {len(self.said)}"
        fine = self.state[who] in ("in", "limited")
        self.does(self.channels.post(self.people[who], self.channel, Draft(text)), when=fine)
        if fine:
            self.said.append(text)

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        for who in SIDES:
            assert self.world.run(self._sees(who, self.channel)) == (
                self.said if self.state[who] in ("in", "limited") else None
            ), who
            copy = self.world.run(self._copy(who))
            assert (copy is not None) == (who in self.kept), who
            if copy is not None:
                assert self.world.run(self._sees(who, copy)) == self.kept[who], who
        found = self.world.run(self.channels.info(self.people[self.host], self.channel))
        assert found.side.home
        assert sum(share.home for share in found.shares) == 1

    async def _sees(self, who: str, channel: str) -> list[str] | None:
        try:
            page = await self.channels.page(self.people[who], channel, limit=500)
        except DureError:
            return None
        return [one.text for one in reversed(page.messages) if not one.subtype]

    async def _copy(self, who: str) -> str | None:
        async with self.world.room.state.begin_system() as tx:
            found = await copy_of(tx, self.space(who), self.channel)
        return found[0] if found else None


def test_three_organisations_do_as_they_like(postgres_url: str, template: str) -> None:
    Sharing.world = World(postgres_url, template)
    try:
        run_state_machine_as_test(
            Sharing,
            settings=settings(
                max_examples=25, stateful_step_count=14, deadline=None, derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    finally:
        Sharing.world.close()
