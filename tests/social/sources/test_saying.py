"""What is said through a source is said at most once: a claim before it, and what nobody knows is never said again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.social.model import Mention, NewMention
from dure.social.plugs import Given, Manifest, Outcome, Pulled, Refused, Said, Trouble, Unknown
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import Desk

pytestmark = pytest.mark.anyio


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Wall:
    """A network that takes answers; `answers` are given one an answer instead of taking it."""

    taken: list[tuple[str, str]] = field(default_factory=list)
    answers: list[Outcome | BaseException] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    slow: asyncio.Event | None = None
    manifest = Manifest(
        "wall", "wall", {"ko": "담", "en": "Wall"}, {"ko": "", "en": ""}, "official", frozenset({"pull", "reply"}),
    )  # fmt: skip

    async def pull(self, given: Given, cursor: Any) -> Pulled:
        return Pulled({}, [NewMention(network="wall", id="w1", text="환불은 어떻게 하나요?", posted_at=MONDAY_NOON)])

    async def reply(self, given: Given, mention: Mention, text: str, key: str) -> Outcome:
        self.taken.append((mention.external, text))
        self.begun.set()
        if self.slow is not None:
            await self.slow.wait()
        answer = self.answers.pop(0) if self.answers else Said(f"a{len(self.taken)}")
        if isinstance(answer, BaseException):
            raise answer
        return answer


@pytest.fixture
async def wall(desk: Desk) -> Wall:
    wall = Wall()
    desk.sources.connectors["wall"] = wall
    await desk.connect("wall")
    await desk.ask()
    return wall


async def reply(desk: Desk, key: str, text: str = "안내합니다") -> Outcome:
    (mention,) = await desk.mentions()
    return await desk.sources.saying.reply(desk.cast.joon, mention.id, text, key)


async def test_the_same_key_says_nothing_twice(desk: Desk, wall: Wall) -> None:
    assert await reply(desk, "k") == await reply(desk, "k") == Said("a1")
    assert len(wall.taken) == 1
    (told,) = await desk.events("Mention Answered")
    assert (told.properties["outcome"], told.properties["answer"], told.actor) == (
        "said",
        "안내합니다",
        desk.cast.joon.user,
    )


async def test_two_who_say_it_at_once_say_it_once(desk: Desk, wall: Wall) -> None:
    wall.slow = asyncio.Event()
    first = asyncio.create_task(reply(desk, "k"))
    await wall.begun.wait()
    with pytest.raises(Conflict):
        await reply(desk, "k")
    wall.slow.set()
    assert await first == Said("a1")
    assert len(wall.taken) == 1


async def test_what_nobody_knows_is_never_said_again(desk: Desk, wall: Wall) -> None:
    wall.answers = [Unknown("timed out")]
    assert await reply(desk, "k") == Unknown("timed out")
    assert await reply(desk, "k") == Unknown("timed out")
    assert len(wall.taken) == 1


async def test_after_a_death_in_between_nobody_knows(desk: Desk, wall: Wall) -> None:
    wall.answers = [Killed()]
    with pytest.raises(Killed):
        await reply(desk, "k")
    with pytest.raises(Conflict):
        await reply(desk, "k")
    desk.clock.advance(timedelta(minutes=6))
    assert isinstance(await reply(desk, "k"), Unknown)
    assert len(wall.taken) == 1


async def test_what_was_refused_may_be_said_again(desk: Desk, wall: Wall) -> None:
    wall.answers = [Refused("busy", "429", 60.0), Trouble("refused_key", "401"), OSError("no route")]
    outcomes = [await reply(desk, "k") for _ in range(4)]
    assert outcomes[0] == Refused("busy", "429", 60.0)
    assert [getattr(one, "code", "said") for one in outcomes] == ["busy", "refused_key", "unreached", "said"]
    assert [one.properties["outcome"] for one in await desk.events("Mention Answered")] == ["refused"] * 3 + ["said"]


async def test_a_key_belongs_to_one_mention(desk: Desk, wall: Wall) -> None:
    await reply(desk, "k")
    (mention,) = await desk.mentions()
    found = await desk.social.arrive(desk.cast.mina, [NewMention(network="x", id="1", text="다른 글입니다")])
    with pytest.raises(Invalid):  # nobody could answer what came by a call
        await desk.sources.saying.reply(desk.cast.joon, found.ids[0], "안내합니다", "k")
    with pytest.raises(Invalid) as refused:
        await desk.sources.saying.reply(desk.cast.joon, mention.id, " ", "k")
    assert refused.value.field == "text"


async def test_only_those_who_may_answer_and_only_what_still_stands(desk: Desk, wall: Wall) -> None:
    (mention,) = await desk.mentions()
    with pytest.raises(NotAllowed):
        await desk.sources.saying.reply(desk.cast.gil, mention.id, "안내합니다", "k")
    with pytest.raises(NotFound):
        await desk.sources.saying.reply(desk.cast.rina, mention.id, "안내합니다", "k")
    await desk.sources.change(desk.cast.mina, desk.ids[0], paused=True)
    with pytest.raises(Conflict):
        await reply(desk, "k")
    await desk.social.arrive(desk.cast.mina, [], gone=[("wall", "w1")])
    with pytest.raises(Conflict):
        await desk.sources.saying.reply(desk.cast.joon, mention.id, "안내합니다", "k")
    assert wall.taken == []
