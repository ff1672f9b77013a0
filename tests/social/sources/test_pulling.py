"""A source is asked when it is due, once by everybody together; what goes wrong is said; nothing is lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.whom import Whom
from dure.social.holding import SocialHolder
from dure.social.model import NewMention
from dure.social.plugs import Field, Given, Manifest, Pulled, Raw, Trouble
from dure.social.sources.api import Sources
from tests.people_of import MONDAY_NOON
from tests.social.sources.conftest import KEY, Desk

pytestmark = pytest.mark.anyio

BROKEN = "결제 버튼을 눌러도 오류만 나고 카드 승인이 안 돼요"


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Board:
    """A network that tells its posts two at a page; what it is asked and how it fares is a test's to say."""

    posts: list[NewMention] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)
    asked: list[Mapping[str, Any]] = field(default_factory=list)
    secrets: list[Mapping[str, str]] = field(default_factory=list)
    slow: asyncio.Event | None = None
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    manifest = Manifest(
        "board", "board", {"ko": "게시판", "en": "Board"}, {"ko": "", "en": ""}, "official",
        frozenset({"pull", "edits", "deletions"}),
        settings=(Field("place", {"ko": "곳", "en": "Place"}, default="here"),),
        secrets=(Field("key", {"ko": "열쇠", "en": "Key"}, required=False),), every=60,
    )  # fmt: skip

    async def pull(self, given: Given, cursor: Mapping[str, Any]) -> Pulled:
        self.asked.append(dict(cursor))
        self.secrets.append(given.secrets)
        self.begun.set()
        if self.slow is not None:
            await self.slow.wait()
        if self.troubles:
            raise self.troubles.pop(0)
        at = int(cursor.get("at", 0))
        page = [one for one in self.posts[at : at + 2] if not one.posted_at or one.posted_at >= given.since]
        more = at + 2 < len(self.posts)
        return Pulled(
            {"at": at + 2} if more else {}, page, self.gone, more=more,
            raw=[Raw("page", f"page {at}", [one.id for one in page])], done=at + len(page), total=len(self.posts),
        )  # fmt: skip


def post(number: int, text: str, **more: Any) -> NewMention:
    given = {"posted_at": MONDAY_NOON - timedelta(minutes=number), "handle": f"h{number}", **more}
    return NewMention(network="board", id=f"p{number}", text=text, **given)


@pytest.fixture
def board(desk: Desk) -> Board:
    board = Board()
    desk.sources.connectors["board"] = board
    return board


TEXTS = ["재생이 자꾸 끊겨요", "오늘 방송 정말 좋았어요", BROKEN, "채용 공고 어디서 보나요", "How do I get a refund?"]


async def test_every_page_is_taken_and_nothing_comes_twice(desk: Desk, board: Board) -> None:
    board.posts = [post(number, text) for number, text in enumerate(TEXTS)]
    source = await desk.connect("board")
    await desk.ask(turns=2)
    assert sorted(await desk.texts()) == sorted(TEXTS)
    way = await desk.health(source)
    assert (way.brought, way.trouble, way.failures) == (5, None, 0)
    assert [one["at"] if one else 0 for one in board.asked] == [0, 2, 4, 0, 2, 4]
    assert len(await desk.events("Mention Arrived")) == 5
    assert {one.source for one in await desk.mentions()} == {source.source.id}


async def test_a_process_that_dies_between_two_pages_loses_and_doubles_nothing(desk: Desk, board: Board) -> None:
    board.posts = [post(number, text) for number, text in enumerate(TEXTS)]
    await desk.connect("board")
    committed = desk.sources.pulling._note
    pages = 0

    async def die(*given: Any) -> None:
        nonlocal pages
        await committed(*given)
        pages += 1
        if pages == 2:
            raise Killed  # within the transaction of the second page: it is undone, cursor and all

    desk.sources.pulling._note = die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        await desk.sources.pulling.step()
    assert len(await desk.mentions()) == 2
    after = Sources(desk.state, desk.clock, desk.cast.governance, desk.social, [board], KEY)
    assert not await after.pulling.step()  # the dead one's lease still holds
    desk.clock.advance(timedelta(minutes=4))
    assert await after.pulling.step()
    assert board.asked[-2:] == [{"at": 2}, {"at": 4}]
    assert sorted(await desk.texts()) == sorted(TEXTS)
    assert len(await desk.events("Mention Arrived")) == 5


async def test_who_lost_the_turn_commits_nothing(desk: Desk, board: Board) -> None:
    board.posts = [post(1, TEXTS[0])]
    board.slow = asyncio.Event()
    source = await desk.connect("board")
    slow = asyncio.create_task(desk.sources.pulling.step())
    await board.begun.wait()
    await desk.sources.change(desk.cast.mina, source.source.id, paused=True)
    board.slow.set()
    assert await slow
    assert await desk.mentions() == []
    await desk.sources.change(desk.cast.mina, source.source.id, paused=False)
    await desk.ask()
    assert await desk.texts() == [TEXTS[0]]


async def test_two_processes_ask_a_source_once(desk: Desk, board: Board) -> None:
    board.posts = [post(1, TEXTS[0])]
    await desk.connect("board")
    other = Sources(desk.state, desk.clock, desk.cast.governance, desk.social, [board], KEY)
    assert sorted(await asyncio.gather(desk.sources.pulling.step(), other.pulling.step())) == [False, True]
    assert len(board.asked) == 1


async def test_trouble_is_said_in_both_languages_and_asked_again_later_and_later(desk: Desk, board: Board) -> None:
    source = await desk.connect("board")
    board.troubles = [OSError("no route"), OSError("no route"), OSError("no route")]
    waits = []
    for _ in range(3):
        await desk.ask()
        way = await desk.health(source)
        waits.append((way.due_at - desk.clock.now()).total_seconds())
        desk.clock.advance(way.due_at - desk.clock.now())
    assert waits == [30, 60, 120]
    assert (way.trouble["code"], way.trouble["detail"], way.failures) == ("unreached", "no route", 3)
    (failed,) = await desk.events("Source Failed")
    assert failed.properties["said_ko"].startswith("닿을 수 없습니다")
    assert failed.properties["said_en"].startswith("It cannot be reached")
    board.posts = [post(1, TEXTS[0])]
    await desk.ask()
    assert ((await desk.health(source)).trouble, len(await desk.events("Source Recovered"))) == (None, 1)


async def test_a_network_that_wants_to_be_left_alone_is(desk: Desk, board: Board) -> None:
    source = await desk.connect("board")
    board.troubles = [Trouble("busy", "429", wait=900.0)]
    await desk.ask()
    way = await desk.health(source)
    assert way.due_at - desk.clock.now() == timedelta(minutes=15)
    assert await desk.events("Source Failed") == []
    with pytest.raises(Conflict):
        await desk.sources.ask_now(desk.cast.mina, source.source.id)


async def test_a_refused_key_is_told_at_once(desk: Desk, board: Board) -> None:
    await desk.connect("board")
    board.troubles = [Trouble("refused_key", "401"), Trouble("refused_key", "401")]
    await desk.ask(turns=2)
    assert [one.properties["code"] for one in await desk.events("Source Failed")] == ["refused_key"]


async def test_an_answer_nobody_can_read_stops_no_other_source(desk: Desk, board: Board) -> None:
    source = await desk.connect("board")
    board.troubles = [KeyError("items")]
    await desk.ask()
    assert (await desk.health(source)).trouble["code"] == "unreadable"


async def test_a_past_is_brought_beside_what_is_new_and_can_be_stopped(desk: Desk, board: Board) -> None:
    old = [post(60 * 24 * days, f"{TEXTS[0]} {days}일 전") for days in range(2, 9)]
    board.posts = [post(1, TEXTS[1]), *old]
    source = await desk.connect("board")
    await desk.ask()
    assert await desk.texts() == [TEXTS[1]]
    await desk.sources.bring_history(desk.cast.mina, source.source.id, days=5)
    await desk.ask()
    way = await desk.health(source, "history")
    assert (way.ended_at is not None, way.brought, way.total) == (True, 4, 8)
    arrived = await desk.events("Mention Arrived")
    assert [one.properties.get("loaded", False) for one in arrived] == [False, True, True, True, True]
    await desk.sources.bring_history(desk.cast.mina, source.source.id, days=9)
    await desk.sources.stop_history(desk.cast.mina, source.source.id)
    await desk.ask()
    assert len(await desk.mentions()) == 5
    with pytest.raises(Conflict):
        await desk.sources.stop_history(desk.cast.mina, source.source.id)


async def test_an_edit_is_read_again_in_its_place_and_routed_anew_once(desk: Desk, board: Board) -> None:
    board.posts = [post(1, BROKEN)]
    await desk.connect("board")
    await desk.ask()
    (before,) = await desk.mentions()
    board.posts = [post(1, "진행자 목소리가 너무 좋아요, 오늘 방송 최고")]
    await desk.ask(turns=2)
    (after,) = await desk.mentions()
    assert (before.intent, after.intent) == ("complaint", "praise")
    assert (before.function, after.function, after.id) == ("care", "social", before.id)
    (edited,) = await desk.events("Mention Edited")
    assert edited.properties["changed"] == ["text"]
    assert edited.properties["before"]["intent"] == "complaint"
    await desk.ask(turns=2)
    assert (len(await desk.events("Mention Edited")), len(await desk.events("Mention Routed"))) == (1, 2)


async def test_what_a_person_set_right_stays_when_the_text_is_edited(desk: Desk, board: Board) -> None:
    board.posts = [post(1, BROKEN)]
    await desk.connect("board")
    await desk.ask()
    (found,) = await desk.mentions()
    await desk.social.change(desk.cast.mina, found.id, reading={"topic": "refund"}, function="sales")
    board.posts = [post(1, BROKEN + " 환불도 안 되고요")]
    await desk.ask(turns=2)
    (after,) = await desk.mentions()
    assert (after.topic, after.function, after.text) == ("refund", "sales", board.posts[0].text)


async def test_an_edited_copy_that_is_none_any_more_stands_for_itself(desk: Desk, board: Board) -> None:
    board.posts = [post(2, BROKEN), post(1, BROKEN + "!")]
    await desk.connect("board")
    await desk.ask()
    assert [one.copies for one in await desk.mentions()] == [1]
    board.posts = [post(2, BROKEN), post(1, TEXTS[1])]
    await desk.ask(turns=2)
    assert [(one.text, one.copies) for one in await desk.mentions()] == [(BROKEN, 0), (TEXTS[1], 0)]


async def test_what_was_taken_back_is_emptied_and_counted_nowhere(desk: Desk, board: Board) -> None:
    board.posts = [post(3, BROKEN), post(2, BROKEN + "!"), post(1, TEXTS[1])]
    source = await desk.connect("board")
    await desk.ask()
    first, _ = await desk.mentions()
    board.posts, board.gone = board.posts[1:2], ["p3", "p1", "p77"]
    await desk.ask(turns=2)
    (left,) = await desk.mentions()
    assert (left.text, left.copies) == (BROKEN + "!", 0)
    emptied = await desk.social.one(desk.cast.mina, first.id)
    assert (emptied.text, emptied.author, emptied.handle, emptied.deleted_at is not None) == ("", "", "", True)
    topics = await desk.social.topics(desk.cast.mina, 7)
    assert sum(one["mentions"] for one in topics) == 1
    deleted = await desk.events("Mention Deleted")
    assert [one.properties["text"] for one in deleted] == ["", ""]
    assert await desk.sources.payloads(desk.cast.mina, source.source.id, mention="p1") == []
    await desk.ask(turns=2)
    assert (len(await desk.events("Mention Deleted")), len(await desk.mentions())) == (2, 1)


async def test_payloads_are_kept_for_three_days(desk: Desk, board: Board) -> None:
    board.posts = [post(1, TEXTS[0])]
    source = await desk.connect("board")
    await desk.ask()
    (kept,) = await desk.sources.payloads(desk.cast.mina, source.source.id)
    assert (kept.body, kept.ids) == ("page 0", ["p1"])
    desk.clock.advance(timedelta(days=3, minutes=1))
    await desk.sources.forget_payloads()
    assert await desk.sources.payloads(desk.cast.mina, source.source.id) == []


async def test_what_would_come_can_be_seen_with_nothing_kept(desk: Desk, board: Board) -> None:
    board.posts = [post(1, BROKEN), post(2, " "), post(3, TEXTS[1])]
    found = await desk.sources.preview(desk.cast.mina, "board", {"place": "there"}, {})
    assert [(one.text, reading.intent) for one, reading in found.mentions] == [(BROKEN, "complaint")]
    assert (found.skipped, found.more, await desk.mentions()) == (1, True, [])
    board.troubles = [Trouble("refused_key", "401 no")]
    refused = await desk.sources.preview(desk.cast.mina, "board", {}, {})
    assert refused.trouble == {"code": "refused_key", "detail": "401 no"}


async def test_secrets_are_sealed_kept_and_told_to_the_source_alone(desk: Desk, board: Board) -> None:
    source = await desk.connect("board", secrets={"key": "geheim-42"})
    await desk.sources.change(desk.cast.mina, source.source.id, settings={"place": "there"})
    await desk.ask()
    assert board.secrets == [{"key": "geheim-42"}]
    async with desk.state.begin_system() as tx:
        row = await tx.row("select * from social.source where id = %s", (source.source.id,))
    assert row is not None
    assert b"geheim-42" not in bytes(row["sealed"])
    assert "geheim-42" not in str([one.properties for one in await desk.events()])
    other = Sources(desk.state, desk.clock, desk.cast.governance, desk.social, [board], b"another key")
    desk.clock.advance(timedelta(hours=1))
    assert await other.pulling.step()
    assert (await desk.health(source)).trouble["code"] == "unsealed"


async def test_settings_are_held_to_the_manifest(desk: Desk, board: Board) -> None:
    for given, where in (({"nowhere": "x"}, "settings.nowhere"), ({"place": "x" * 300_000}, "settings.place")):
        with pytest.raises(Invalid) as refused:
            await desk.connect("board", given)
        assert refused.value.field == where
    with pytest.raises(Invalid) as refused:
        await desk.connect("board", every=5)
    assert refused.value.field == "every"
    source = await desk.connect("board")
    with pytest.raises(Conflict):
        await desk.sources.connect(desk.cast.mina, "board", source.source.name, {})


async def test_only_administrators_connect_and_nobody_sees_anothers(desk: Desk, board: Board) -> None:
    with pytest.raises(NotAllowed):
        await desk.sources.connect(desk.cast.joon, "board", "x", {})
    source = await desk.connect("board")
    assert [one.source.id for one in await desk.sources.sources(desk.cast.joon)] == [source.source.id]
    assert await desk.sources.sources(desk.cast.rina) == []
    with pytest.raises(NotFound):
        await desk.sources.disconnect(desk.cast.rina, source.source.id)
    await desk.sources.disconnect(desk.cast.mina, source.source.id)
    assert await desk.sources.sources(desk.cast.mina) == []
    names = [one.event for one in await desk.events()]
    assert names == ["Source Connected", "Source Disconnected"]


async def test_erasing_a_person_drops_what_came_of_them_and_what_was_said_to_them(desk: Desk, board: Board) -> None:
    board.posts = [post(1, BROKEN, handle="nari-kim"), post(2, TEXTS[1], handle="joa-lee")]
    source = await desk.connect("board")
    await desk.ask()
    async with desk.state.begin(desk.cast.tenant) as tx:
        await tx.run(
            "insert into social.payload values (%s, %s, %s, %s, '', '{}', 'seen by @nari-kim'),"
            " (%s, %s, %s, %s, '', '{}', 'nobody')",
            (desk.cast.tenant.workspace, source.source.id, uuid4(), desk.clock.now(),
             desk.cast.tenant.workspace, source.source.id, uuid4(), desk.clock.now()),
        )  # fmt: skip
        await SocialHolder().erase(tx, Whom(desk.cast.tenant, handles=("nari-kim",)))
    assert await desk.texts() == [TEXTS[1]]
    kept = await desk.sources.payloads(desk.cast.mina, source.source.id)
    assert [one.body for one in kept] == ["nobody"]
