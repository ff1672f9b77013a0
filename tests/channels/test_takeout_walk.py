"""What an export takes along of a shared channel: every cell of the table, looked for in whole archives."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from dure.channels.api import Draft
from dure.channels.takeout.api import Takeouts
from dure.channels.takeout.making import Maker
from dure.channels.takeout.model import KINDS, Kind
from dure.channels.takeout.table import TABLE, Part, Stage, Taker
from dure.governance.api import Principal
from tests.channels.room import Room, room_of
from tests.channels.two_houses import Company, Network, become_partners, company, settle, share
from tests.databases import copied

pytestmark = pytest.mark.anyio

HERE: tuple[Stage, ...] = ("connected", "private", "archived", "pending", "gone")
SIDES: dict[str, Taker] = {"host": "home", "other": "away", "post": "post_only", "third": "stranger"}


@dataclass
class Walk:
    room: Room
    owners: dict[str, Principal] = field(default_factory=dict)
    archives: dict[tuple[Kind, str], bytes] = field(default_factory=dict)


async def _bytes(text: str) -> AsyncIterator[bytes]:
    """So far down that no preview shows it."""
    yield ("-\n" * 4_000 + text).encode()


async def taken(takeouts: Takeouts, maker: Maker, owner: Principal, kind: Kind) -> bytes:
    """Everything in an export, names and contents, one after the other."""
    one = await takeouts.ask(owner, kind)
    assert await maker.tick() == 1
    _, parts = await takeouts.fetch(owner, one.id)
    archive = zipfile.ZipFile(io.BytesIO(b"".join([part async for part in parts])))
    return b"\n".join(name.encode() + b"\n" + archive.read(name) for name in archive.namelist())


@pytest.fixture(scope="module")
async def walk(postgres_url: str, template: str) -> AsyncIterator[Walk]:
    async with room_of(postgres_url, template) as room:
        made = Walk(room)
        await _fill(made)
        takeouts = Takeouts(room.state, room.clock, room.cast.governance, room.files)
        maker = Maker(room.state, None, room.clock, room.cast.governance, room.channels.keeping, room.files, {})
        for side, owner in made.owners.items():
            for kind in KINDS:
                made.archives[kind, side] = await taken(takeouts, maker, owner, kind)
        yield made


async def _fill(walk: Walk) -> None:
    """Something held, something past its time, and something new of each side in each channel; then how it stands."""
    room, governance, channels = walk.room, walk.room.cast.governance, walk.room.channels
    post = await governance.found("Post", "post", "pia@post.example", name="Pia")
    third = await governance.found("Third", "third", "dan@third.example", name="Dan")
    walk.owners = {"host": room.cast.mina, "other": room.cast.rina,
                   "post": await governance.principal(post.user_token),
                   "third": await governance.principal(third.user_token)}  # fmt: skip
    people: dict[tuple[str, str, Stage], Principal] = {}
    for side in ("host", "other", "post"):
        for kind in ("connect.approval_out", "connect.approval_in"):
            await governance.policies.set(walk.owners[side], kind, "none")
        for stage in HERE:
            for what in ("name", "silent"):
                email = f"mail-{what}-{side}-{stage}@{side}.example"
                user = await governance.create_user(walk.owners[side], email, f"{what}-{side}-{stage}")
                people[what, side, stage] = Principal(walk.owners[side].tenant, user.id, user.role)
    rooms: dict[Stage, str] = {}
    for stage in HERE:
        host = people["name", "host", stage]
        rooms[stage] = (await channels.create(host, f"host-{stage}", private=stage == "private")).id
        await channels.invite(host, rooms[stage], [people["silent", "host", stage].user])
        for side in ("other", "post"):
            guest = people["name", side, stage]
            invite = await channels.invite_shared(host, rooms[stage], user=guest.user, limited=side == "post")
            if stage != "pending":
                await channels.accept_invite(guest, invite.id, f"{side}-{stage}", private=stage == "private")
        if stage != "pending":
            silent = people["silent", "other", stage].user
            await channels.invite(people["name", "other", stage], rooms[stage], [silent])

    async def say(what: str, *, files: bool = False) -> None:
        for stage in HERE:
            for side in ("host", "other", "post") if stage != "pending" else ("host",):
                who, carried = people["name", side, stage], ()
                if files:
                    mark = f"{side}-{stage}"
                    file = await room.files.upload(who, f"file-{mark}.txt", _bytes(f"bytes-{mark}"))
                    carried = (file.id,)
                await channels.post(who, rooms[stage], Draft(f"{what}-{side}-{stage}.", files=carried))
        room.clock.advance(timedelta(hours=1))

    await say("held")
    until = room.clock.now() - timedelta(minutes=1)
    await say("past")
    for side in ("host", "other", "post"):
        await channels.retention.hold(walk.owners[side], "matter", until=until)
        for name in ("retention.public", "retention.private"):
            await governance.policies.set(walk.owners[side], name, 5, whole=True)
    room.clock.advance(timedelta(days=10))
    await say("word", files=True)
    gone = people["name", "host", "gone"]
    for side in ("other", "post"):
        await channels.disconnect(gone, rooms["gone"], walk.owners[side].tenant.workspace)
        await channels.archive(people["name", side, "archived"], rooms["archived"])
    await channels.archive(people["name", "host", "archived"], rooms["archived"])


def marks(side: str, stage: Stage, kind: Kind) -> Iterator[tuple[Part, set[str]]]:
    """What is looked for of each part; the others' of every other side."""
    others = {one for one in ("host", "other", "post") if one != side}
    # At the home nobody else is there while it is pending; what the others are is not known.
    yield "room", {f'"{side}-{stage}"'}
    for part, what, end in (("words", "word", "."), ("past", "past", "."), ("held", "held", ".")):
        yield f"own {part}", {f"{what}-{side}-{stage}{end}"}  # type: ignore[misc]
        yield f"their {part}", {f"{what}-{one}-{stage}{end}" for one in others}  # type: ignore[misc]
    yield "own files", {f"file-{side}-{stage}.txt"}
    yield "their files", {f"file-{one}-{stage}.txt" for one in others}
    yield "own bytes", {f"bytes-{side}-{stage}"}
    yield "their bytes", {f"bytes-{one}-{stage}" for one in others}
    yield "their names", {f"name-{one}-{stage}" for one in others}
    yield "their list", {f"silent-{one}-{stage}" for one in others}
    yield "their addresses", {f"mail-name-{one}-{stage}" for one in others}
    assert kind in KINDS


async def test_every_cell_of_the_table_is_what_the_archives_hold(walk: Walk) -> None:
    cells, there, wrong = 0, 0, list[str]()
    for kind in KINDS:
        for side, taker in SIDES.items():
            text = walk.archives[kind, side].decode()
            for stage in HERE:
                seen = set()
                for part, looked in marks(side, stage, kind):
                    seen.add(part)
                    expected = TABLE[kind][taker][part][stage]
                    found = {one for one in looked if _holds(text, one)}
                    cells, there = cells + 1, there + expected
                    if found != (looked if expected else set()):
                        wrong.append(f"{kind} · {side} · {stage} · {part}: {'lacks' if expected else 'has'} "
                                     f"{sorted(looked - found if expected else found)}")  # fmt: skip
                assert seen == set(TABLE[kind][taker])
    assert not wrong, f"{len(wrong)} wrong\n" + "\n".join(wrong)
    assert cells == 2 * 4 * 5 * 14
    assert there > 130


def _holds(text: str, mark: str) -> bool:
    """A mark of one's own people may stand in another mark: `name-x` in `mail-name-x`."""
    if mark.startswith("name-"):
        return f'"{mark}"' in text
    return mark in text


async def meanwhile(home: Company, away: Company, act: Awaitable[object]) -> None:
    """An act that waits for the other server, which answers meanwhile."""
    for house in (home, away):
        house.federation.asking._patience = 20
    doing = asyncio.ensure_future(act)
    while not doing.done():
        await asyncio.wait([doing], timeout=0.01)
        for house in (home, away):
            await house.step()
    await doing
    await settle(home, away)


async def test_each_of_two_servers_takes_what_it_has_of_the_other(
    postgres_url: str, template: str, tmp_path: Path
) -> None:
    network = Network()
    with copied(postgres_url, template) as one, copied(postgres_url, template) as other:
        async with company(one, "sori", network, tmp_path) as home, company(other, "hanbit", network, tmp_path) as away:
            await become_partners(home, away)
            here, there = await share(home, away, "together")
            for house, channel, side in ((home, here, "home"), (away, there, "away")):
                # Who comes into the channel is told there; who never did is not known to the other side.
                await house.governance.create_user(house.owner, f"mail-{side}@x.example", f"silent-{side}")
                file = await house.files.upload(house.owner, f"file-{side}.txt", _bytes(f"bytes-{side}"))
                said = Draft(f"word-{side}.", files=(file.id,))
                await meanwhile(home, away, house.channels.post(house.owner, channel, said))
            for house, side, theirs in ((home, "home", "away"), (away, "away", "home")):
                for kind in KINDS:
                    await _look(house, kind, side, theirs)


async def _look(house: Company, kind: Kind, side: str, theirs: str) -> None:
    takeouts = Takeouts(house.state, house.clock, house.governance, house.files)
    maker = Maker(house.state, None, house.clock, house.governance, house.channels.keeping, house.files, {})
    text = (await taken(takeouts, maker, house.owner, kind)).decode()
    named = {"home": "Owner of sori", "away": "Owner of hanbit"}
    looked: dict[Part, str] = {
        "room": '"together"', "own words": f"word-{side}.", "their words": f"word-{theirs}.",
        "their names": f'"{named[theirs]}"', "own files": f"file-{side}.txt", "own bytes": f"bytes-{side}",
        "their files": f"file-{theirs}.txt", "their bytes": f"bytes-{theirs}", "their list": f"silent-{theirs}",
        "their addresses": {"home": "owner@sori.example", "away": "owner@hanbit.example"}[theirs],
    }  # fmt: skip
    row = TABLE[kind]["home" if side == "home" else "away"]
    assert {part: mark in text for part, mark in looked.items()} == {part: row[part]["elsewhere"] for part in looked}
