"""Exports: in Slack's layout, with what their kind takes, made anew when the maker dies, gone after their time."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from dure.channels.api import Draft
from dure.channels.takeout.api import Takeouts
from dure.channels.takeout.archive import Archive
from dure.channels.takeout.making import Maker
from dure.channels.takeout.refusals import TakeoutNotFound, TakeoutNotReady
from dure.governance.api import Principal
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import State
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state

__all__ = ["shared_database", "state"]

pytestmark = pytest.mark.anyio


@pytest.fixture
async def room(state: State) -> Room:
    return await open_room(state)


def takeouts_of(room: Room) -> Takeouts:
    return Takeouts(room.state, room.clock, room.cast.governance, room.files)


def maker_of(room: Room) -> Maker:
    async def automations(principal: Principal) -> list[Any]:
        return [{"id": "a1", "workspace": principal.tenant.workspace}]

    return Maker(
        room.state, None, room.clock, room.cast.governance, room.channels.keeping, room.files,
        {"automations": automations},
    )  # fmt: skip


async def made(room: Room, kind: str, **asked: Any) -> zipfile.ZipFile:
    takeouts = takeouts_of(room)
    one = await takeouts.ask(room.cast.mina, kind, **asked)
    assert await maker_of(room).tick() == 1
    found, parts = await takeouts.fetch(room.cast.mina, one.id)
    content = b"".join([part async for part in parts])
    assert (found.state, found.size) == ("done", len(content))
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return archive


def said_in(archive: zipfile.ZipFile, folder: str) -> list[dict[str, Any]]:
    days = sorted(name for name in archive.namelist() if name.startswith(f"{folder}/"))
    return [one for day in days for one in json.loads(archive.read(day)) if not one.get("subtype")]


def lines_of(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(name).splitlines()]


async def uploaded(room: Room, who: Principal, name: str, content: bytes) -> str:
    async def parts() -> AsyncIterator[bytes]:
        yield content

    return (await room.files.upload(who, name, parts())).id


async def test_a_workspace_leaves_with_everything_in_slacks_layout(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    public = await room.channels.create(mina, "일반-대화", members=[joon.user])
    private = await room.channels.create(mina, "secret", private=True)
    direct, _ = await room.channels.open_direct(mina, [joon.user])
    said = await room.say(joon, public.id, "안녕 <@U1> & more")
    await room.say(mina, public.id, "a reply", said.ts)
    await room.channels.react(mina, public.id, said.ts, "tada")
    await room.channels.pin(mina, public.id, said.ts)
    room.clock.advance(timedelta(days=1))
    await room.say(mina, public.id, "the next day")
    file = await uploaded(room, mina, "../../figures.csv", b"a,b\n1,2\n")
    await room.channels.post(mina, private.id, Draft("look", files=(file,)))
    await room.say(joon, direct.id, "between us")
    await room.pages.write(mina, public.id, "Page", "# body", 0)
    archive = await made(room, "leaving")
    users = {one["id"]: one for one in json.loads(archive.read("users.json"))}
    assert {mina.user, joon.user} <= set(users)
    assert users[joon.user]["profile"]["email"] == "joon@sorimaru.example"
    (channel,) = json.loads(archive.read("channels.json"))
    assert (channel["name"], set(channel["members"])) == ("일반-대화", {mina.user, joon.user})
    assert [one["name"] for one in json.loads(archive.read("groups.json"))] == ["secret"]
    assert [one["id"] for one in json.loads(archive.read("dms.json"))] == [direct.id]
    assert json.loads(archive.read("mpims.json")) == []
    told = said_in(archive, "일반-대화")
    assert [one["text"] for one in told] == ["안녕 <@U1> & more", "a reply", "the next day"]
    assert told[0]["reactions"] == [{"name": "tada", "users": [mina.user], "count": 1}]
    assert (told[1]["thread_ts"], told[1]["user_profile"]["real_name"]) == (told[0]["ts"], "김미나")
    assert len([name for name in archive.namelist() if name.startswith("일반-대화/")]) == 2
    assert channel["pins"][0]["id"] == told[0]["ts"]
    assert [one["text"] for one in said_in(archive, direct.id)] == ["between us"]
    (listed,) = lines_of(archive, "files.ndjson")
    assert archive.read(listed["path"]) == b"a,b\n1,2\n"
    assert not any(name.startswith("/") or ".." in name.split("/") for name in archive.namelist())
    assert [one["body"] for one in lines_of(archive, "canvases.ndjson")] == ["# body"]
    assert lines_of(archive, "definitions/automations.ndjson")[0]["workspace"] == room.cast.tenant.workspace


async def test_compliance_has_changes_and_what_is_held_and_of_others_only_their_names(room: Room) -> None:
    mina, joon, rina = room.cast.mina, room.cast.joon, room.cast.rina
    channel = await room.shared("partners")
    await room.channels.retention.hold(mina, "matter", people=[joon.user])
    first = await room.say(joon, channel, "first words")
    await room.channels.update(joon, channel, first.ts, Draft("second words"))
    gone = await room.say(joon, channel, "deleted words")
    await room.channels.delete(joon, channel, gone.ts)
    theirs = await uploaded(room, rina, "theirs.txt", b"x")
    await room.channels.post(rina, channel, Draft("from outside", files=(theirs,)))
    await room.cast.governance.policies.set(mina, "retention.public", 1, whole=True)
    room.clock.advance(timedelta(days=2))
    await room.say(mina, channel, "today")
    archive = await made(room, "compliance")
    told = said_in(archive, "partners")
    assert [(one["text"], one.get("hidden", False)) for one in told] == [
        ("second words", True), ("from outside", False), ("today", False),
    ]  # fmt: skip
    assert told[1]["user_profile"]["real_name"] == "Rina"
    assert told[1]["files"] == [{"id": theirs, "mode": "hidden_by_limit", "file_access": "access_denied"}]
    assert "rina@rival.example" not in archive.read("users.json").decode()
    (listed,) = json.loads(archive.read("channels.json"))
    assert rina.user not in listed["members"]
    assert [one["text"] for one in lines_of(archive, "edits.ndjson")] == ["first words"]
    held = [(one["why"], one["body"]["text"]) for one in lines_of(archive, "held.ndjson")]
    assert held == [("changed", "first words"), ("deleted", "deleted words")]
    assert not any(name.startswith("files/") for name in archive.namelist())
    narrow = await made(room, "compliance", people=[mina.user], since=room.clock.now() - timedelta(hours=1))
    assert [one["text"] for one in said_in(narrow, "partners")] == ["today"]
    assert lines_of(narrow, "held.ndjson") == []
    leaving = await made(room, "leaving")
    assert [one["text"] for one in said_in(leaving, "partners")] == ["from outside", "today"]


async def test_only_those_whom_the_policy_names_make_fetch_and_see_exports(room: Room) -> None:
    takeouts, mina = takeouts_of(room), room.cast.mina
    one = await takeouts.ask(mina, "compliance")
    admin = Principal(mina.tenant, room.cast.joon.user, type(mina.role).ADMIN)
    for who in (room.cast.joon, room.cast.gil, admin):
        for act in (takeouts.ask(who, "leaving"), takeouts.listed(who), takeouts.fetch(who, one.id)):
            with pytest.raises(NotAllowed):
                await act
    await room.cast.governance.policies.set(mina, "exports.make", "admins", whole=True)
    assert [found.id for found in await takeouts.listed(admin)] == [one.id]
    with pytest.raises(TakeoutNotFound):
        await takeouts.one(room.cast.rina, one.id)
    with pytest.raises(Invalid):
        await takeouts.ask(mina, "leaving", people=["U1"])
    with pytest.raises(Invalid, match="nobody with the id 'U1'"):
        await takeouts.ask(mina, "compliance", people=["U1"])
    await takeouts.cancel(mina, one.id)


async def test_an_export_is_cancelled_and_dies_and_each_step_is_told(room: Room) -> None:
    takeouts, mina, maker = takeouts_of(room), room.cast.mina, maker_of(room)
    stopped = await takeouts.ask(mina, "compliance")
    with pytest.raises(TakeoutNotReady):
        await takeouts.fetch(mina, stopped.id)
    assert (await takeouts.cancel(mina, stopped.id)).state == "cancelled"
    assert await maker.tick() == 0
    one = await takeouts.ask(mina, "compliance")
    await maker.tick()
    await takeouts.fetch(mina, one.id)
    room.clock.advance(timedelta(days=7, seconds=1))
    with pytest.raises(TakeoutNotFound):
        await takeouts.fetch(mina, one.id)
    await maker.tick()
    room.clock.advance(timedelta(hours=3))
    await room.files.sweep()
    async with room.state.begin_system() as tx:
        assert (
            await tx.rows("select from channels.blob where sha256 = %s", ((await takeouts.one(mina, one.id)).sha256,))
            == []
        )
    told = [event.event for event in await room.told(mina.tenant.workspace) if event.object_type == "takeout"]
    assert told == [
        "Takeout Started", "Takeout Cancelled", "Takeout Started", "Takeout Completed", "Takeout Downloaded",
    ]  # fmt: skip


async def test_who_was_stopped_in_the_middle_is_followed_by_another_and_writes_nothing_after(room: Room) -> None:
    takeouts, mina = takeouts_of(room), room.cast.mina
    channel = await room.channel(mina)
    await room.say(mina, channel, "hello")
    one = await takeouts.ask(mina, "leaving")
    slow, going, go_on = maker_of(room), asyncio.Event(), asyncio.Event()
    note = slow.note

    async def held_up(takeout: Any) -> None:
        going.set()
        await go_on.wait()
        await note(takeout)

    slow.note = held_up  # type: ignore[method-assign]
    first = asyncio.ensure_future(slow.tick())
    await going.wait()
    assert await maker_of(room).tick() == 0  # it is in somebody's hands
    room.clock.advance(timedelta(minutes=3))
    assert await maker_of(room).tick() == 1
    go_on.set()
    assert await first == 0
    found = await takeouts.one(mina, one.id)
    assert (found.state, found.attempt) == ("done", 2)
    assert list(room.files.blobs.incoming.glob("takeout-*")) == []


async def test_an_archive_has_no_two_members_of_one_name_and_none_outside(tmp_path: Any) -> None:
    with Archive(tmp_path / "a.zip") as archive:
        for name in ("a/b.json", "a/b.json", "../x.json", "/etc/passwd", "a/\u0000.json"):
            archive.json(name, 1)
    names = zipfile.ZipFile(tmp_path / "a.zip").namelist()
    assert names == ["a/b.json", "a/b-2.json", "_/x.json", "_/etc/passwd", "a/_.json"]
