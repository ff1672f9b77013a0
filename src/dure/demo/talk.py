"""What Sorimaru's people write to each other: short scenes, in Korean and English, over the quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from dure.demo.mentions import fill
from dure.demo.scenes import CHANNELS, SCENES, SLOTS
from dure.demo.world import World


@dataclass(frozen=True, slots=True)
class Room:
    """A channel. `members` are e-mail addresses; `account` is the customer it is shared with, or ""."""

    name: str
    topic: str
    members: tuple[str, ...]
    account: str


@dataclass(frozen=True, slots=True)
class Post:
    """One message, `p-<n>` in time order. `thread`: the post it answers, or ""; `reactions`: (emoji, addresses)."""

    key: str
    room: str
    author: str
    text: str
    time: datetime
    thread: str
    reactions: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """All channels and everything said in them."""

    rooms: tuple[Room, ...]
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a scene: who says it, what, whether in the thread, which reactions it gets."""

    who: str
    text: str
    threaded: bool
    reactions: tuple[str, ...]


def talk(world: World) -> Talk:
    """Channels with `sizes.messages` posts on working days in Seoul, nine to seven."""
    rng = world.rng("talk")
    rooms = _rooms(world)
    scenes = [(room, _parse(text)) for room, texts in SCENES.items() for text in texts]
    drafts: list[tuple[datetime, int, str, str, str, int, tuple[str, ...]]] = []
    deck: list[int] = []
    while len(drafts) < world.sizes.messages:
        deck = deck or rng.permutation(len(scenes)).tolist()  # every scene once before any comes again
        room, lines = scenes[deck.pop()]
        drafts += _play(rng, world, rooms, room, lines, len(drafts), world.sizes.messages - len(drafts))
    order = sorted(range(len(drafts)), key=lambda i: (drafts[i][0], drafts[i][1]))
    key = {drafts[i][1]: f"p-{number}" for number, i in enumerate(order, start=1)}
    posts = []
    for i in order:
        at, number, room, author, text, parent, emoji = drafts[i]
        fans = [one for one in rooms[room].members if one != author]
        reactions = tuple((name, _some(rng, fans)) for name in emoji)
        posts.append(Post(key[number], room, author, text, at, key.get(parent, ""), reactions))
    return Talk(tuple(rooms.values()), tuple(posts))


def _rooms(world: World) -> dict[str, Room]:
    rooms = {}
    customers = iter(world.customers)
    for name, topic, functions in CHANNELS:
        wanted = functions.split()
        members = [one.email for one in world.employees if "all" in wanted or one.function in wanted]
        account = ""
        if "customer" in wanted:
            customer = next(customers)
            account = customer.key
            name, topic = name.format(customer=customer.name), topic.format(customer=customer.name)
            team = [[one.email for one in world.employees if one.function == function][:2] for function in wanted]
            members = [email for emails in team for email in emails] + [one.email for one in customer.contacts]
        rooms[name] = Room(name, topic, tuple(members), account)
    return rooms


def _play(
    rng: np.random.Generator,
    world: World,
    rooms: dict[str, Room],
    name: str,
    lines: Sequence[_Line],
    number: int,
    left: int,
) -> list[tuple[datetime, int, str, str, str, int, tuple[str, ...]]]:
    """(time, number, room, author, text, number of the post it answers or -1, reactions) of one scene, filled in."""
    shared = [room for room in rooms.values() if room.account]
    room = shared[int(rng.integers(len(shared)))] if name == "shared" else rooms[name]
    at = _working_moment(rng, world)
    chosen: dict[str, str] = {}
    cast: dict[str, str] = {}
    parent = -1
    drafts = []
    for offset, line in enumerate(lines[:left]):
        if line.who not in cast:
            cast[line.who] = _somebody(rng, world, room, line.who, set(cast.values()))
        text = fill(rng, line.text, world, SLOTS, chosen)
        drafts.append(
            (at, number + offset, room.name, cast[line.who], text, parent if line.threaded else -1, line.reactions)
        )
        if not line.threaded:
            parent = number + offset
        at += timedelta(seconds=int(rng.lognormal(5.2, 1.0)))
        if at >= world.end:
            break
    return drafts


def _somebody(rng: np.random.Generator, world: World, room: Room, who: str, taken: set[str]) -> str:
    """A member of the room for a part: a function's name (`sales`, `sales2`), `customer`, or `any`."""
    if who == "customer":
        customer = next(one for one in world.customers if one.key == room.account)
        return customer.contacts[0].email
    function = who.rstrip("0123456789")
    fits = [one.email for one in world.employees if function in ("any", one.function) and one.email not in taken]
    inside = [email for email in fits if email in room.members] or list(room.members)
    return inside[int(rng.integers(len(inside)))]


def _working_moment(rng: np.random.Generator, world: World) -> datetime:
    """Some moment of the quarter on a weekday between nine and half past six in Seoul."""
    while True:
        day = (world.start + timedelta(days=int(rng.integers(world.sizes.days + 1)), hours=9)).replace(
            hour=0, minute=0, second=0
        )
        minute = int(9 * 60 + 570 * rng.beta(1.3, 1.5))
        at = day + timedelta(minutes=minute - 9 * 60, seconds=int(rng.integers(60)))
        if day.weekday() < 5 and world.start <= at < world.end:
            return at


def _some(rng: np.random.Generator, members: Sequence[str]) -> tuple[str, ...]:
    count = int(rng.integers(1, min(5, len(members)) + 1))
    return tuple(members[int(i)] for i in rng.permutation(len(members))[:count])


def _parse(scene: str) -> tuple[_Line, ...]:
    """`who: text +emoji`, a line each; a line that begins with `>` answers in the thread of the last that does not."""
    lines = []
    for raw in scene.strip().splitlines():
        threaded = raw.startswith(">")
        who, _, rest = raw.lstrip("> ").partition(": ")
        text, *emoji = rest.split(" +")
        lines.append(_Line(who, text, threaded, tuple(emoji)))
    return tuple(lines)
