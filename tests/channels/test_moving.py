"""A company's past in Slack: read, shown, chosen, brought in once, at its own time, and heard by nobody."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dure.channels.api import Conversation, Draft, ts_of
from dure.channels.guarding.api import Guards, Rule
from dure.channels.holding import ChannelHolder
from dure.channels.moving.api import Movings
from dure.channels.moving.model import Choices, Moving, RoomChoice
from dure.channels.moving.refusals import MovingNotFound, MovingNotReady, NotAnExport
from dure.channels.moving.routes import _cell
from dure.channels.moving.working import Mover
from dure.channels.search.index import Indexer
from dure.channels.slack import shapes
from dure.governance.api import Principal
from dure.kernel.errors import Invalid, NotAllowed
from dure.kernel.tenant import Tenant
from dure.kernel.whom import Whom
from dure.state import State
from tests.channels import slack_export as slack
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state
from tests.channels.test_takeout import made

__all__ = ["shared_database", "state"]

pytestmark = pytest.mark.anyio
EVERYTHING = Choices(private=True, direct=True)


@pytest.fixture
async def room(state: State) -> Room:
    return await open_room(state)


class Shelf:
    """Links that are answered from memory; what was asked for is kept."""

    def __init__(self, lies: Mapping[str, bytes]) -> None:
        self.lies, self.asked = lies, list[str]()

    async def fetch(self, tenant: Tenant, url: str, seconds: float, most: int) -> bytes:
        self.asked.append(url)
        if url not in self.lies:
            raise OSError(f"{url} answered 404")
        return self.lies[url]


def movings_of(room: Room) -> Movings:
    return Movings(room.state, room.clock, room.cast.governance, room.channels, room.files)


def mover_of(room: Room, shelf: Shelf | None = None) -> Mover:
    return Mover(
        room.state, room.clock, room.cast.governance, room.channels, room.files, shelf, site="https://dure.example/"
    )


async def parts(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def given(room: Room, content: bytes, *, who: Principal | None = None) -> Moving:
    """An export that was given and read."""
    who = who or room.cast.mina
    one = await movings_of(room).give(who, "sori export.zip", parts(content))
    assert await mover_of(room).tick() == 1
    return (await movings_of(room).one(who, one.id))[0]


async def brought(room: Room, one: Moving, choices: Choices = EVERYTHING, shelf: Shelf | None = None) -> Moving:
    await movings_of(room).start(room.cast.mina, one.id, choices)
    assert await mover_of(room, shelf).tick() == 1
    done = (await movings_of(room).one(room.cast.mina, one.id))[0]
    assert (done.state, done.why) == ("done", "")
    return done


async def called(room: Room, name: str) -> Conversation:
    system = room.cast.governance.system(room.cast.tenant, "test")
    rooms = await room.channels.listed(system, archived=True)
    return next(one for one in rooms if one.name == name)


async def history(room: Room, channel: str, who: Principal | None = None) -> list[dict[str, Any]]:
    """Everything of a conversation as Slack's door shows it, replies too, oldest first."""
    who = who or room.cast.governance.system(room.cast.tenant, "test")
    found, _ = await room.channels.history(who, channel, limit=999)
    said = []
    for one in reversed(found):
        said.append(shapes.message(one))
        if one.reply_count:
            said += [shapes.message(each) for each in (await room.channels.replies(who, channel, one.ts))[1]]
    return said


async def lefts(room: Room, one: Moving) -> list[dict[str, Any]]:
    return [line async for line in await movings_of(room).left(room.cast.mina, one.id)]


async def test_a_preview_says_who_and_what_is_in_it(room: Room) -> None:
    await room.channels.create(room.cast.mina, "general")
    one = await given(room, slack.zipped(slack.realistic(), prefix="Sori export/"))
    assert one.state == "ready"
    assert one.preview is not None
    people = {each["id"]: each for each in one.preview["people"]}
    assert (people[slack.MINA]["match"], people[slack.MINA]["how"]) == (room.cast.mina.user, "email")
    assert [people[who]["kind"] for who in (slack.HANA, slack.GUEST, slack.BOT, slack.STRANGER, "U0UNLISTED")] == [
        "person", "guest", "bot", "outside", "outside",
    ]  # fmt: skip
    assert (people["U0UNLISTED"]["name"], people[slack.HANA]["gone"]) == ("떠난 사람", True)
    rooms = {each["id"]: each for each in one.preview["rooms"]}
    assert [rooms[each]["state"] for each in ("C0OPEN", "C0DEAL")] == ["taken", "new"]
    assert {each["kind"] for each in one.preview["rooms"]} == {"public", "private", "im", "mpim"}
    deal = rooms["C0DEAL"]
    assert (deal["messages"], deal["files"], deal["first"], deal["last"]) == (15, 4, "2026-03-02", "2026-03-03")
    assert rooms["C0OLD"]["archived"]
    assert {each["what"] for each in one.preview["left"]} == {"app_log", "canvases"}


async def test_everything_comes_at_its_own_time_and_means_here_what_it_meant_there(room: Room) -> None:
    cast, group = room.cast, room.channels.colleagues.groups
    sales = await group.create(cast.mina, "Sales", handle="sales")
    one = await given(room, slack.zipped(slack.realistic()))
    done = await brought(room, one)
    assert (done.progress.messages, done.progress.rooms) == (36, 6)
    deal, general = await called(room, "deal-한빛커피"), await called(room, "general")
    assert (deal.topic, deal.purpose, deal.side.private) == ("4분기", "한빛커피와의 딜", False)
    said = {each["ts"]: each for each in await history(room, deal.id)}
    at = [slack.FIRST_DAY + timedelta(hours=n) for n in range(60)]
    root = said[slack.ts(at[1])]
    assert root["user"] == cast.joon.user
    text = f"제안서 v3입니다 <@{cast.mina.user}> {{stranger}} <#{general.id}|general> <!subteam^{sales.id}|@sales>"
    stranger = root["text"].split()[3]
    assert root["text"] == text.replace("{stranger}", stranger) + " <!here>"
    assert root["edited"] == {"user": cast.joon.user, "ts": slack.ts(at[3], 0)}
    assert {each["name"]: each["count"] for each in root["reactions"]} == {"tada": 2, "+1::skin-tone-2": 1}
    assert (root["reply_count"], root["latest_reply"]) == (2, slack.ts(at[4]))
    elements = root["blocks"][0]["elements"][0]["elements"]
    assert [each.get("user_id") or each.get("channel_id") or each.get("usergroup_id") for each in elements] == [
        None, cast.mina.user, stranger[2:-1], general.id, sales.id, None,
    ]  # fmt: skip
    assert (said[slack.ts(at[2])]["thread_ts"], said[slack.ts(at[4])]["subtype"]) == (root["ts"], "thread_broadcast")
    link = f"https://dure.example/archives/{deal.id}/p{root['ts'].replace('.', '')}?thread_ts={root['ts']}"
    assert f"<{link}&amp;cid={deal.id}|여기>" in said[slack.ts(at[5])]["text"]
    alert, card = said[slack.ts(at[6])], said[slack.ts(at[7])]
    assert (alert["subtype"], alert["username"], alert["icons"]) == ("bot_message", "알림봇", {"emoji": ":bell:"})
    assert "actions" not in alert["attachments"][0]
    assert card["username"] == "Deal Bot"
    assert [block["type"] for block in card["blocks"]] == ["section", "context"]  # what was a button is a word
    files = said[slack.ts(at[26])]["text"].split("\n")
    assert files[0] == "파일"
    assert files[1].startswith("📎 제안서 (1.2 MB")
    assert len(files) == 5
    assert not any("xoxe" in json.dumps(each) for each in said.values())
    assert said[slack.ts(at[27])]["text"] == "(huddle thread)"
    assert said[slack.ts(at[28])]["subtype"] == "channel_topic"
    orphan = said[slack.ts(at[31])]
    assert said[orphan["thread_ts"]]["subtype"] == said[slack.ts(at[29])]["subtype"] == "tombstone"
    users = {user.id: user for user in await cast.governance.users(cast.tenant)}
    gone = users[said[slack.ts(at[4])]["user"]]
    assert (gone.name, gone.deleted, gone.email) == ("이하나", True, "hana@sorimaru.example")
    pinned = await room.channels.pins(cast.mina, deal.id)
    assert [slack.ts(at[1])] == [f"{pin.message.ts // 10**6}.{pin.message.ts % 10**6:06d}" for pin in pinned]
    assert [mark.link for mark in await room.channels.bookmarks(cast.mina, deal.id)] == [
        "https://docs.example/contract"
    ]
    assert (await called(room, "old-campaign")).side.archived
    board = await called(room, "경영-비공개")
    assert board.side.private
    assert not (await room.channels.info(cast.mina, board.id)).is_external
    with pytest.raises(Exception, match=r"channel"):
        await room.channels.info(cast.joon, board.id)
    direct, again = await room.channels.open_direct(cast.mina, [cast.joon.user])
    assert again
    assert [each["text"] for each in await history(room, direct.id, cast.joon)] == ["우리끼리", "응"]
    why = {(line["what"], line["why"]) for line in await lefts(room, one)}
    assert why == {
        ("app_log", "not_brought"), ("canvases", "not_brought"), ("reaction", "no_names"), ("file", "deleted"),
        ("file", "hidden"), ("file", "external"), ("file", "not_chosen"), ("message", "as_text"),
        ("pin", "no_message"),
    }  # fmt: skip


async def test_nobody_is_told_and_nothing_is_unread(room: Room) -> None:
    cast = room.cast
    here = await room.channels.create(cast.mina, "general", members=[cast.joon.user])
    last = await room.say(cast.mina, here.id, "here already")
    await room.channels.mark(cast.joon, here.id, last.ts)
    before = len(await room.told(cast.tenant.workspace))
    one = await given(room, slack.zipped(slack.realistic()))
    await brought(room, one, replace(EVERYTHING, rooms={"C0OPEN": RoomChoice("into", into=here.id)}))
    told = (await room.told(cast.tenant.workspace))[before:]
    assert {event.event for event in told} == {
        "Import Given", "Import Started", "Import Completed", "Channel Brought In", "Messages Brought In",
    }  # fmt: skip
    assert sum(event.properties["messages"] for event in told if event.event == "Messages Brought In") == 36
    governed = await room.told_by("governance")
    assert {event.event for event in governed if event.time >= one.made_at and "User" in event.event} >= {
        "User Brought In"
    }
    for who in (cast.mina, cast.joon):
        assert [(each.name, each.unread, each.mentions) for each in await room.channels.listed(who)
                if each.unread or each.mentions] == []  # fmt: skip
        assert (await room.channels.threads(who))[2] == 0
    async with room.state.begin_system() as tx:
        assert await tx.value("select count(*) from channels.response") == 0
        for table in ("notice", "told"):
            told_to = f"select count(*) from channels.{table} where workspace = %s"
            assert await tx.value(told_to, (cast.tenant.workspace,)) == 0
    found = await history(room, here.id)
    assert [each["ts"] for each in found] == sorted(each["ts"] for each in found)
    assert found[-1]["text"] == "here already"


async def test_what_was_brought_in_is_found(room: Room) -> None:
    one = await given(room, slack.zipped(slack.realistic()))
    await brought(room, one)
    indexer = Indexer(room.state)
    while await indexer.owed():
        pass
    found = await room.search.messages(room.cast.joon, "제안서")
    at = [slack.FIRST_DAY + timedelta(hours=hours) for hours in (26, 1)]  # by the line of its file, by its words
    assert [hit.ts for hit in found.hits] == [ts_of(slack.ts(when)) for when in at]
    assert (await room.search.messages(room.cast.joon, "임원만")).hits == []


async def test_twice_brings_nothing_twice_and_a_later_export_only_what_is_new(room: Room) -> None:
    members = slack.realistic()
    first = await brought(room, await given(room, slack.zipped(members)))
    before = {name: await history(room, (await called(room, name)).id) for name in ("general", "deal-한빛커피")}
    users = len(await room.cast.governance.users(room.cast.tenant))
    members |= slack.by_day("general", [slack.said(slack.MINA, slack.FIRST_DAY + timedelta(days=9), "새 말")])
    one = await given(room, slack.zipped(members))
    assert one.preview is not None
    assert {each["state"] for each in one.preview["rooms"]} == {"known"}
    second = await brought(room, one)
    assert second.progress.messages == first.progress.messages + 1
    after = {name: await history(room, (await called(room, name)).id) for name in before}
    assert after["deal-한빛커피"] == before["deal-한빛커피"]
    assert [each["text"] for each in after["general"]] == [*(each["text"] for each in before["general"]), "새 말"]
    assert len(await room.cast.governance.users(room.cast.tenant)) == users
    names = {(line["what"], line["why"], line["about"]) for line in await lefts(room, one) if line["what"] == "file"}
    assert len(names) == 4


async def test_a_thread_gets_its_beginning_with_the_export_that_has_it(room: Room) -> None:
    root = slack.said(slack.MINA, slack.FIRST_DAY, "beginning", thread_ts=slack.ts(slack.FIRST_DAY))
    reply = slack.said(slack.JOON, slack.FIRST_DAY + timedelta(days=1), "reply", thread_ts=root["ts"])
    members = {"users.json": slack.PEOPLE, "channels.json": [slack.channel("C0OPEN", "general", [slack.MINA])],
               **slack.by_day("general", [reply])}  # fmt: skip
    for days, seen in (([], ["This message was deleted.", "reply"]), ([root], ["beginning", "reply"]),
                       ([root], ["This message was deleted.", "reply"])):  # fmt: skip
        await brought(room, await given(room, slack.zipped(members | slack.by_day("general", days))))
        general = await called(room, "general")
        if seen[0] != "beginning" and days:  # what somebody deleted here is not brought back
            await room.channels.delete(room.cast.mina, general.id, ts_of(root["ts"]))
            await brought(room, await given(room, slack.zipped(members | slack.by_day("general", days))))
        assert [each["text"] for each in await history(room, general.id)] == seen


async def test_a_taken_timestamp_moves_by_a_microsecond_and_its_replies_with_it(room: Room) -> None:
    mina = room.cast.mina
    here = await room.channels.create(mina, "general")
    own = await room.say(mina, here.id, "mine")
    at = f"{own.ts // 10**6}.{own.ts % 10**6:06d}"
    theirs = slack.said(slack.JOON, slack.FIRST_DAY, "theirs", thread_ts=at) | {"ts": at}
    reply = slack.said(slack.MINA, slack.FIRST_DAY, "reply", thread_ts=at) | {"ts": f"{own.ts // 10**6}.900000"}
    room.clock.advance(timedelta(days=1))
    members = {"users.json": slack.PEOPLE, "channels.json": [slack.channel("C0OPEN", "general", [slack.MINA])],
               **slack.by_day("general", [theirs, reply])}  # fmt: skip
    choices = Choices(rooms={"C0OPEN": RoomChoice("into", into=here.id)})
    for _ in range(2):
        await brought(room, await given(room, slack.zipped(members)), choices)
        said = [each for each in await history(room, here.id) if not each.get("subtype")]
        assert [each["text"] for each in said] == ["mine", "theirs", "reply"]
        assert ts_of(said[1]["ts"]) == own.ts + 1
        assert said[2]["thread_ts"] == said[1]["ts"]


async def test_rules_and_retention_hold_for_what_is_brought_in(room: Room) -> None:
    cast = room.cast
    guards = Guards(room.state, room.clock, cast.governance, room.channels)
    for action, word in (("keep", "비밀"), ("refuse", "금지"), ("mask", "가림")):
        await guards.put(cast.mina, Rule("", "", "", word, action, words=(word,), enabled=True), whole=True)  # type: ignore[arg-type]
    await cast.governance.policies.set(cast.mina, "retention.public", 100, whole=True)
    now = room.clock.now()
    at = [now - timedelta(days=days) for days in (200, 50, 40, 30, 20, -1)]
    words = ["오래된 말", "비밀 이야기", "금지 이야기", "가림 이야기", "답", "내일의 말"]
    messages = [slack.said(slack.HANA, when, word) for when, word in zip(at, words, strict=True)]
    messages[4]["thread_ts"] = slack.ts(at[1])
    members = {"users.json": slack.PEOPLE, "channels.json": [slack.channel("C0OPEN", "general", [slack.MINA])],
               **slack.by_day("general", messages)}  # fmt: skip
    one = await given(room, slack.zipped(members))
    for _ in range(2):
        done = await brought(room, one)
        assert (done.progress.messages, done.progress.held) == (2, 1)
        why = [(line["why"], line["ts"]) for line in await lefts(room, one) if line["what"] == "message"]
        assert sorted(why) == sorted([
            ("past_time", slack.ts(at[0])), ("held", slack.ts(at[1])), ("guarded", slack.ts(at[2])),
            ("future", slack.ts(at[5])),
        ])  # fmt: skip
        waiting, counts = await guards.violations(cast.mina, state="waiting")
        assert len(waiting) == 1
        assert counts["stopped"] == 1
    general = await called(room, "general")
    assert [each["text"] for each in await history(room, general.id)][1:] == ["답", "•• 이야기"]
    let = await guards.let(cast.mina, waiting[0].id)  # its writer is gone, and its time is its own
    assert let.ts == ts_of(slack.ts(at[1]))
    said = await history(room, general.id)
    assert [(each["text"], each["ts"]) for each in said] == [
        ("비밀 이야기", slack.ts(at[1])), ("답", slack.ts(at[4])), ("•• 이야기", slack.ts(at[3])),
    ]  # fmt: skip
    await brought(room, one)
    assert len(await history(room, general.id)) == 3


async def test_files_come_where_somebody_wants_them_and_else_a_line_stands_there(room: Room) -> None:
    link = "https://files.slack.example/download/a.pdf?t=xoxe-1-secret"
    for number, (lies, carried, why) in enumerate((
        ({link: b"%PDF-1.4 proposal"}, ["제안서.pdf"], []),
        ({link: b"<!DOCTYPE html><p>sign in"}, [], ["failed"]),
        ({}, [], ["failed"]),
    )):  # fmt: skip
        members = slack.realistic()
        members["channels.json"] = [{**members["channels.json"][1], "id": f"C0DEAL{number}", "name": f"deal-{number}"}]
        day = members.pop("deal-한빛커피/2026-03-03.json")
        one = await given(room, slack.zipped({
            "users.json": members["users.json"], "channels.json": members["channels.json"],
            f"deal-{number}/2026-03-03.json": day,
        }))  # fmt: skip
        shelf = Shelf(lies)
        for _ in range(2):
            await brought(room, one, Choices(files="fetch"), shelf)
            deal = await called(room, f"deal-{number}")
            said = next(each for each in await history(room, deal.id) if each["text"].startswith("파일"))
            assert [each["name"] for each in said.get("files", [])] == carried
            assert said["text"].count("📎") == 4 - len(carried)
            left = [line for line in await lefts(room, one) if line["what"] == "file"]
            assert [line["why"] for line in left if line["why"] not in ("deleted", "hidden", "external")] == why
            assert not any("xoxe" in line["about"] for line in left)
        assert shelf.asked == [link]
        if carried:
            file = await room.files.info(room.cast.joon, said["files"][0]["id"])
            content = b"".join([part async for part in room.files.content(file)])
            assert content == lies[link]


async def test_only_administrators_and_of_what_is_private_only_whom_the_rules_let(room: Room) -> None:
    cast, movings = room.cast, movings_of(room)
    one = await given(room, slack.zipped(slack.realistic()))
    for who in (cast.joon, cast.gil):
        for act in (
            movings.give(who, "a.zip", parts(b"PK")),
            movings.listed(who),
            movings.one(who, one.id),
            movings.start(who, one.id, Choices()),
            movings.cancel(who, one.id),
            movings.left(who, one.id),
        ):
            with pytest.raises(NotAllowed):
                await act
    for act in (
        movings.one(cast.rina, one.id),
        movings.start(cast.rina, one.id, Choices()),
        movings.cancel(cast.rina, one.id),
        movings.left(cast.rina, one.id),
    ):
        with pytest.raises(MovingNotFound):
            await act
    assert await movings.listed(cast.rina) == []
    await cast.governance.policies.set(cast.mina, "exports.make", "owners", whole=True)
    admin = replace(cast.joon, role=type(cast.mina.role).ADMIN)
    for choices in (Choices(private=True), Choices(direct=True)):
        with pytest.raises(NotAllowed):
            await movings.start(admin, one.id, choices)
    shared = await room.shared("with-rival")
    open_one, private = await room.channel(cast.mina), await room.channel(cast.mina, private=True)
    for wrong in (
        {"C0OPEN": RoomChoice("into", into=shared)}, {"G0BOARD": RoomChoice("into", into=open_one)},
        {"D0MJ": RoomChoice("into", into=private)}, {"C0NONE": RoomChoice()},
        {"C0OPEN": RoomChoice("bring", name="No Name!")},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            await movings.start(cast.mina, one.id, Choices(rooms=wrong))
    with pytest.raises(Invalid):
        await movings.start(cast.mina, one.id, Choices(match={slack.HANA: cast.rina.user}))
    await brought(room, one, Choices(match={slack.HANA: cast.gil.user}))
    assert {each.name for each in await room.channels.listed(cast.mina)} >= {"general", "deal-한빛커피"}
    assert "경영-비공개" not in {each.name for each in await room.channels.listed(cast.mina)}
    assert {(line["why"]) for line in await lefts(room, one) if line["what"] == "room"} == {
        "private_not_chosen", "direct_not_chosen",
    }  # fmt: skip


async def test_accounts_that_are_active_are_those_of_people_who_are_there(room: Room) -> None:
    people = [*slack.PEOPLE, slack.user("U0NEW", "새 사람", "new@sorimaru.example"), slack.user("U0NOMAIL", "No Mail")]
    members = {"users.json": people, "channels.json": [slack.channel("C0OPEN", "general", ["U0NEW", slack.GUEST])],
               **slack.by_day("general", [slack.said("U0NEW", slack.FIRST_DAY, "hi")])}  # fmt: skip
    await brought(room, await given(room, slack.zipped(members)), Choices(people="active"))
    users = {user.name: user for user in await room.cast.governance.users(room.cast.tenant)}
    assert [users[name].deleted for name in ("새 사람", "Guest of Hanbit", "이하나", "No Mail", "Stranger")] == [
        False, False, True, True, True,
    ]  # fmt: skip
    assert (users["Guest of Hanbit"].role, users["Guest of Hanbit"].guest) == ("guest", "multi")
    general = await called(room, "general")
    system = room.cast.governance.system(room.cast.tenant, "test")
    seated = {one.user for one in await room.channels.members(system, general.id)}
    assert seated == {users["새 사람"].id, users["Guest of Hanbit"].id}


async def test_it_is_stopped_and_goes_on_and_its_file_is_taken_away(room: Room) -> None:
    movings, mina = movings_of(room), room.cast.mina
    one = await given(room, slack.zipped(slack.realistic(), prefix="Only here/"))  # no other test keeps its bytes
    await movings.start(mina, one.id, Choices())
    with pytest.raises(MovingNotReady):
        await movings.start(mina, one.id, Choices())
    mover = mover_of(room)
    hold, seen = mover.hold, list[str]()

    async def held_up(tx: Any, moving: Moving) -> None:
        seen.append(moving.id)
        if len(seen) == 8:
            await movings.cancel(mina, one.id)
        await hold(tx, moving)

    mover.hold = held_up  # type: ignore[method-assign,assignment]
    assert await mover.tick() == 0
    found = (await movings.one(mina, one.id))[0]
    assert found.state == "cancelled"
    assert 0 < found.progress.messages < 32
    assert (await brought(room, one, Choices())).progress.messages == 32
    assert (await movings.cancel(mina, one.id)).state == "gone"
    with pytest.raises(MovingNotReady):
        await movings.start(mina, one.id, Choices())
    room.clock.advance(timedelta(hours=3))
    await room.files.sweep()
    assert [path for path in room.folder.rglob("*") if path.is_file()] == []


async def test_of_who_is_erased_nothing_is_left_in_what_was_read_of_an_export(room: Room) -> None:
    cast, address = room.cast, "eun@person.example"
    guards = Guards(room.state, room.clock, cast.governance, room.channels)
    await guards.put(cast.mina, Rule("", "", "", "비밀", "keep", words=("비밀",), enabled=True), whole=True)
    members = slack.realistic()
    members["users.json"] = [*members["users.json"], slack.user("U0EUN", "Eun", address)]
    day = next(name for name in members if name.startswith("deal-한빛커피/"))
    members[day] = [
        *members[day], slack.said(slack.JOON, slack.FIRST_DAY + timedelta(hours=12), f"비밀 {address}"),
        slack.said(slack.JOON, slack.FIRST_DAY + timedelta(hours=12, minutes=1), "파일", files=[
            {"id": "F0EUN", "name": f"{address}.pdf", "mimetype": "application/pdf", "size": 9, "mode": "hosted",
             "url_private": "https://files.slack.example/files-pri/T0-F0EUN/a.pdf"}]),
    ]  # fmt: skip
    await brought(room, await given(room, slack.zipped(members)), EVERYTHING)

    async def told() -> dict[str, bool]:
        async with room.state.begin(cast.tenant) as tx:
            return {
                table: bool(await tx.value(f"select count(*) from channels.{table} x where x::text ~ %s", (address,)))
                for table in ("moving", "moving_left", "moving_held")
            }

    assert await told() == {"moving": True, "moving_left": True, "moving_held": True}
    async with room.state.begin(cast.tenant) as tx:
        await ChannelHolder(None).erase(tx, Whom(cast.tenant, addresses=(address,)))  # type: ignore[arg-type]
    assert await told() == {"moving": False, "moving_left": False, "moving_held": False}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x"])
async def test_no_spreadsheet_takes_a_line_of_the_report_for_a_formula(cell: str) -> None:
    written = io.StringIO()
    csv.writer(written).writerow([_cell(cell)])
    assert written.getvalue().startswith("'")


def told(shape: dict[str, Any], people: Mapping[str, str], rooms: Mapping[str, str]) -> dict[str, Any]:
    """A message as Slack's door shows it, with ids as names, and without what only its server can say."""
    kept = {name: value for name, value in shape.items() if name not in ("client_msg_id", "team", "subscribed")}
    kept["files"] = [(one["name"], one["mimetype"], one["size"]) for one in shape.get("files", [])]
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    for ours, name in {**people, **rooms}.items():
        text = text.replace(ours, name)
    found: dict[str, Any] = json.loads(text)
    return found


async def test_what_leaves_another_dure_has_the_same_history_here(room: Room) -> None:
    mina, joon, rina = room.cast.mina, room.cast.joon, room.cast.rina
    public = await room.channels.create(mina, "캠페인", members=[joon.user], topic="4분기", purpose="모두의 것")
    private = await room.channels.create(mina, "secret", private=True, members=[joon.user])
    direct, _ = await room.channels.open_direct(mina, [joon.user])
    section = {"type": "section", "text": {"type": "mrkdwn", "text": f"*<@{joon.user}>*", "verbatim": False}}
    file = (await room.files.upload(mina, "figures.csv", parts(b"a,b\n1,2\n"))).id
    said = await room.channels.post(mina, public.id, Draft(f"<@{joon.user}> <#{private.id}>", blocks=[section]))
    await room.channels.post(joon, public.id, Draft("답", thread=said.ts))
    await room.channels.post(joon, public.id, Draft("모두에게", thread=said.ts, broadcast=True))
    await room.channels.post(mina, public.id, Draft("파일", files=(file,)))
    changed = await room.say(joon, public.id, "first")
    await room.channels.update(joon, public.id, changed.ts, Draft("second"))
    await room.channels.react(joon, public.id, said.ts, "tada")
    await room.channels.pin(mina, public.id, said.ts)
    await room.say(joon, private.id, "just us two")
    await room.say(mina, direct.id, "between us")
    archive = await made(room, "leaving")
    room.clock.advance(timedelta(days=1))
    one = await movings_of(room).give(rina, "leaving.zip", parts(archive.fp.getvalue()))  # type: ignore[union-attr]
    mover = mover_of(room)
    assert await mover.tick() == 1
    await movings_of(room).start(rina, one.id, EVERYTHING)
    assert await mover.tick() == 1
    done = (await movings_of(room).one(rina, one.id))[0]
    assert (done.state, done.progress.files) == ("done", 1)
    there = room.cast.governance.system(rina.tenant, "test")
    kinds = ("public_channel", "private_channel")
    theirs = {each.name: each for each in await room.channels.listed(there, kinds=kinds)}
    ours = {each.name: each for each in (public, private)}
    assert theirs.keys() == ours.keys()
    people = {}
    for tenant in (mina.tenant, rina.tenant):
        people |= {user.id: user.name for user in await room.cast.governance.users(tenant)}
    rooms = {each.id: name for shelf in (ours, theirs) for name, each in shelf.items()}
    for name, found in ours.items():
        before = [told(each, people, rooms) for each in await history(room, found.id)]
        after = [told(each, people, rooms) for each in await history(room, theirs[name].id, there)]
        assert after == before
        assert len(before) == (6 if name == "캠페인" else 1)
    assert [pin.message.ts for pin in await room.channels.pins(there, theirs["캠페인"].id)] == [said.ts]
    assert (theirs["캠페인"].topic, theirs["캠페인"].purpose) == ("4분기", "모두의 것")
    async with room.state.begin_system() as tx:
        texts = await tx.rows(
            "select m.text from channels.message m join channels.conversation c on c.id = m.channel"
            " where c.workspace = %s and c.kind = 'im'", (rina.tenant.workspace,),
        )  # fmt: skip
    assert [row["text"] for row in texts] == ["between us"]


async def test_what_is_no_export_says_so(room: Room) -> None:
    with pytest.raises(NotAnExport):
        await movings_of(room).give(room.cast.mina, "a.zip", parts(b"no zip at all"))
    for content in (b"PK\x03\x04 but not really", slack.zipped({"readme.txt": b"hello"})):
        one = await given(room, content)
        assert one.state == "failed"
        assert one.why
        with pytest.raises(MovingNotReady):
            await movings_of(room).start(room.cast.mina, one.id, Choices())


async def test_the_system_and_what_is_said_afterwards_go_on_as_ever(room: Room) -> None:
    one = await given(room, slack.zipped(slack.realistic()))
    await brought(room, one)
    mina, joon = room.cast.mina, room.cast.joon
    deal = await called(room, "deal-한빛커피")
    root = ts_of(slack.ts(slack.FIRST_DAY + timedelta(hours=1)))
    reply = await room.channels.post(mina, deal.id, Draft("이어서", thread=root))
    (unread,) = [each for each in await room.channels.listed(joon) if each.id == deal.id]
    assert (unread.unread, (await room.channels.threads(joon))[2]) == (0, 1)
    assert reply.ts > deal.last_ts
