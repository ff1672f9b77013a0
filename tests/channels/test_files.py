"""Files: who may have them, what becomes of them, and that nothing of them is lost or left behind."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from dure.channels.api import Draft
from dure.channels.files import holding, incoming
from dure.channels.files.api import File, Filter, nothing_swept
from dure.channels.files.kinds import kind_of
from dure.channels.files.looks import picture_of, text_of
from dure.channels.files.refusals import FileDeleted, FileNotFound
from dure.channels.files.telling import TELLERS
from dure.channels.plugs import Telling
from dure.channels.refusals import ChannelNotFound
from dure.governance.api import Principal
from dure.kernel.errors import Invalid, NotAllowed, TooLarge, Unavailable
from dure.kernel.whom import Whom
from dure.state import State
from tests.channels.room import Room, open_room, room_of

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def room(postgres_url: str, template: str) -> AsyncIterator[Room]:
    async with room_of(postgres_url, template) as room:
        yield room


async def parts(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1000):
        yield content[start : start + 1000]


async def sent(room: Room, who: Principal, content: bytes = b"content", name: str = "a.bin") -> File:
    return await room.files.upload(who, name, parts(content))


async def shared(room: Room, who: Principal, channel: str, content: bytes = b"content", name: str = "a.bin") -> File:
    file = await sent(room, who, content, name)
    await room.channels.post(who, channel, Draft(files=(file.id,)))
    return file


async def had(room: Room, who: Principal, file: File) -> bytes:
    found = await room.files.info(who, file.id)
    return b"".join([part async for part in room.files.content(found)])


def jpeg(width: int, height: int, turned: int = 1) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "Secret Camera"
    Image.new("RGB", (width, height), (200, 40, 40)).save(out, "JPEG", exif=exif)
    return out.getvalue()


# -- who may have it ------------------------------------------------------------------------------------------------


async def test_a_file_is_had_by_its_owner_and_by_those_who_can_read_where_it_is_shared(room: Room) -> None:
    mina, joon, gil = room.cast.mina, room.cast.joon, room.cast.gil
    file = await sent(room, mina)
    assert await had(room, mina, file) == b"content"
    for other in (joon, gil, room.cast.rina):
        with pytest.raises(FileNotFound):
            await room.files.info(other, file.id)
    board = await room.channel(mina, private=True)
    await room.channels.post(mina, board, Draft("see this", files=(file.id,)))
    with pytest.raises(FileNotFound):
        await room.files.info(joon, file.id)
    team = await room.channel(mina)
    said = await room.channels.post(mina, team, Draft(files=(file.id,)))
    assert await had(room, joon, file) == b"content"
    # Of two places, joon is told the one that he can see; the guest is in neither.
    assert [place.channel for place in (await room.files.info(joon, file.id)).shares] == [team]
    assert {place.channel for place in (await room.files.info(mina, file.id)).shares} == {board, team}
    with pytest.raises(FileNotFound):
        await room.files.info(gil, file.id)
    # The message goes, the file stays with its owner.
    await room.channels.delete(mina, team, said.ts)
    with pytest.raises(FileNotFound):
        await room.files.info(joon, file.id)
    assert await had(room, mina, file) == b"content"


async def test_both_sides_have_what_is_shared_until_they_part(room: Room) -> None:
    mina, joon, rina = room.cast.mina, room.cast.joon, room.cast.rina
    channel = await room.shared()
    ours, theirs = await shared(room, mina, channel, b"ours"), await shared(room, rina, channel, b"theirs")
    assert await had(room, rina, ours) == b"ours"
    assert await had(room, joon, theirs) == b"theirs"
    assert {one.id for one in (await room.files.listed(rina, Filter(channel=channel)))[0]} == {ours.id, theirs.id}
    await room.channels.disconnect(mina, channel, rina.tenant.workspace)
    for who, file in ((rina, ours), (joon, theirs), (mina, theirs)):
        with pytest.raises(FileNotFound):
            await room.files.info(who, file.id)
    assert await had(room, joon, ours) == b"ours"
    assert await had(room, rina, theirs) == b"theirs"
    carried = [said.carried[0] for said in (await room.channels.history(mina, channel))[0] if said.files]
    assert [(one.id, one.cut) for one in carried] == [(theirs.id, True), (ours.id, False)]
    with pytest.raises(ChannelNotFound):
        await room.files.listed(rina, Filter(channel=channel))


async def test_nobody_shares_what_they_cannot_see(room: Room) -> None:
    mina, joon = room.cast.mina, room.cast.joon
    team = await room.channel(mina, joon)
    file = await sent(room, mina)
    for files in ((file.id,), ("F0NOWHERE00",), ("",)):
        with pytest.raises(FileNotFound):
            await room.channels.post(joon, team, Draft("mine now", files=files))
    waiting, _ = await room.files.reserve(joon, "later.bin", 10)
    with pytest.raises(FileNotFound):
        await room.channels.post(joon, team, Draft(files=(waiting.id,)))
    with pytest.raises(Invalid, match="20 files"):
        await room.channels.post(joon, team, Draft(files=tuple(f"F{n}" for n in range(21))))
    history, _ = await room.channels.history(mina, team)
    assert [said for said in history if said.files] == []


# -- what becomes of it ---------------------------------------------------------------------------------------------


async def test_a_deleted_file_leaves_a_tombstone_and_its_bytes_go(state: State) -> None:
    room = await open_room(state)
    mina, joon = room.cast.mina, room.cast.joon
    team = await room.channel(mina, joon)
    file = await shared(room, joon, team, b"gone soon")
    twin = await shared(room, mina, team, b"gone soon")
    assert file.sha256 == twin.sha256
    with pytest.raises(NotAllowed):
        await room.files.delete(Principal(mina.tenant, mina.user, room.cast.users["joon"].role), file.id)
    await room.files.delete(mina, file.id)  # an administrator may
    with pytest.raises(FileDeleted):
        await room.files.info(mina, file.id)
    tomb = next(said.carried[0] for said in (await room.channels.history(joon, team))[0] if said.user == joon.user)
    assert (tomb.state, tomb.name, tomb.sha256) == ("deleted", "", None)
    room.clock.advance(timedelta(hours=3))
    assert await room.files.sweep() == 0  # the twin has the same bytes
    await room.files.delete(mina, twin.id)
    assert await room.files.sweep() == 0
    room.clock.advance(timedelta(hours=3))
    assert await room.files.sweep() == 1
    assert stored(room) == []


def stored(room: Room) -> list[Path]:
    return [path for path in room.folder.rglob("*") if path.is_file()]


async def test_what_nobody_completes_is_taken_away(state: State) -> None:
    room = await open_room(state)
    mina = room.cast.mina
    _, secret = await room.files.reserve(mina, "never-sent.bin", 10)
    await sent(room, mina, b"sent and forgotten")
    kept = await sent(room, mina, b"kept")
    await room.files.complete(mina, [(kept.id, "Kept")])
    room.clock.advance(timedelta(hours=25))
    async with nothing_swept(state):
        assert await room.files.sweep() == 0  # a backup is being taken
    assert await room.files.sweep() == 2
    room.clock.advance(timedelta(hours=3))
    assert await room.files.sweep() == 1
    assert [path.read_bytes() for path in stored(room)] == [b"kept"]
    with pytest.raises(Exception, match="Nothing may be sent"):
        await room.files.receive(secret, parts(b"0123456789"))
    assert (await room.files.info(mina, kept.id)).title == "Kept"


async def test_an_upload_that_breaks_off_leaves_nothing(state: State) -> None:
    room = await open_room(state)

    async def breaking() -> AsyncIterator[bytes]:
        yield b"some"
        raise ConnectionResetError

    file, secret = await room.files.reserve(room.cast.mina, "x.bin", 10)
    with pytest.raises(Unavailable):
        await room.files.receive(secret, breaking())
    assert stored(room) == []
    # The address is as good as it was.
    await room.files.receive(secret, parts(b"0123456789"))
    assert await had(room, room.cast.mina, file) == b"0123456789"
    room.files.largest = 5
    with pytest.raises(TooLarge):
        await sent(room, room.cast.mina, b"123456")
    with pytest.raises(Invalid, match="empty"):
        await sent(room, room.cast.mina, b"")
    assert len(stored(room)) == 1


def test_what_a_process_that_ended_left_behind_is_tidied(tmp_path: Path) -> None:
    import os

    old, new = tmp_path / "a.part", tmp_path / "b.part"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    assert incoming.tidy(tmp_path) == 1
    assert list(tmp_path.iterdir()) == [new]


async def test_an_erasure_takes_files_that_name_the_person(state: State) -> None:
    room = await open_room(state)
    mina = room.cast.mina
    team = await room.channel(mina)
    named = await shared(room, mina, team, b"to: jin@person.example\nthanks", "letter.txt")
    other = await shared(room, mina, team, b"to: somebody else", "other.txt")
    whom = Whom(mina.tenant, ids=("jin-4711",), addresses=("jin@person.example",))
    async with state.begin(mina.tenant) as tx:
        assert await holding.erase(tx, whom) == 1
    assert await room.files.sweep() == 1
    with pytest.raises(FileDeleted):
        await room.files.info(mina, named.id)
    assert await had(room, mina, other) == b"to: somebody else"
    assert [path.read_bytes() for path in stored(room)] == [b"to: somebody else"]


# -- what the feed and apps are told --------------------------------------------------------------------------------


async def test_each_act_is_told_once_and_no_name_with_it(room: Room) -> None:
    mina, rina = room.cast.mina, room.cast.rina
    channel = await room.shared()
    before, there = [len(await room.told(who.tenant.workspace)) for who in (mina, rina)]
    file = await shared(room, mina, channel, name="secret-plan.bin")
    await room.files.publish(mina, file.id, True)
    await room.files.publish(mina, file.id, True)
    await room.files.delete(mina, file.id)
    told = (await room.told(mina.tenant.workspace))[before:]
    assert [one.event for one in told] == [
        "Message Posted", "File Created", "File Shared", "File Changed", "File Deleted", "Message Changed",
    ]  # fmt: skip
    assert not any("secret-plan" in str(one.properties) for one in told)
    theirs = [one.event for one in await room.told(rina.tenant.workspace)][there:]
    assert (theirs.count("File Shared"), theirs.count("File Created"), theirs[-1]) == (1, 0, "Message Changed")
    slack = []
    async with room.state.begin(mina.tenant) as tx:
        for one in told:
            if one.event in TELLERS:
                slack += await TELLERS[one.event](Telling(tx, room.cast.governance), one)
    assert [one.kind for one in slack] == ["file_created", "file_shared", "file_public", "file_change", "file_deleted"]
    assert {one.body["file_id"] for one in slack} == {file.id}
    assert (slack[1].body["channel_id"], slack[1].channel) == (channel, channel)


# -- what is seen of it ---------------------------------------------------------------------------------------------


async def test_a_turned_picture_is_turned_and_says_nothing_of_the_camera(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(jpeg(800, 400, turned=6))
    picture = picture_of(path)
    assert picture is not None
    assert (picture.width, picture.height) == (400, 800)
    sizes = {one.size: (one.width, one.height) for one in picture.small}
    assert sizes == {64: (64, 64), 80: (80, 80), 160: (160, 160), 360: (180, 360), 480: (240, 480), 720: (360, 720)}
    assert not any(b"Secret Camera" in one.content or b"Exif" in one.content for one in picture.small)


async def test_a_small_or_clear_picture_has_what_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(path)
    picture = picture_of(path)
    assert picture is not None
    assert [(one.size, one.mimetype) for one in picture.small] == [(n, "image/png") for n in (64, 80, 160, 360)]


async def test_a_bomb_is_not_unpacked_and_a_broken_picture_is_a_file(room: Room, tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb)
    picture = picture_of(path)
    assert picture is not None
    assert picture.small == ()
    file = await sent(room, room.cast.mina, b"\x89PNG\r\n\x1a\n not a picture at all", "broken.png")
    assert (file.mimetype, file.width, file.thumbs) == ("image/png", None, ())
    # Archives are files like others: nobody looks inside.
    assert (await sent(room, room.cast.mina, b"PK\x03\x04" + bytes(100), "bomb.zip")).filetype == "zip"


def test_kinds_are_told_by_name_and_else_by_the_first_bytes() -> None:
    assert kind_of("계약서.hwp", b"\xd0\xcf").pretty == "Hangul Document"
    assert kind_of("noname", b"\xff\xd8\xff\xe0").mimetype == "image/jpeg"
    assert kind_of("README", "한글로 쓴 글".encode()[:-1]).mimetype == "text/plain"
    assert kind_of("x.html", b"<script>").mimetype == "text/html"
    assert kind_of("x.svg", b"<svg onload=alert(1)>").mimetype == "image/svg+xml"
    assert kind_of("data.qqq", b"\x00\x01").filetype == "binary"
    assert kind_of("fake.txt", b"\x00\x01").mimetype == "application/octet-stream"


def test_texts_of_older_programs_are_read() -> None:
    assert text_of("첫 줄\n둘째 줄".encode("cp949")) == ("첫 줄\n둘째 줄", 2)
    assert text_of(b"one\n") == ("one", 1)
    assert text_of(b"") == ("", 0)
