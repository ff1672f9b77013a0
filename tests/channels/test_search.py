"""What search finds, and what it never shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.channels.api import Draft
from dure.channels.routes.search import router
from dure.channels.search.api import Search
from dure.channels.search.index import Indexer
from dure.governance.api import Principal
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.channels.room import Room, open_room

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Library:
    """Sorimaru's channels with their index; `find` brings it up to date first."""

    room: Room
    search: Search
    indexer: Indexer

    async def find(self, who: Principal, text: str, **more: object) -> list[str]:
        await self.indexer.step()
        return [hit.text for hit in (await self.search.messages(who, text, **more)).hits]  # type: ignore[arg-type]

    async def make(self, name: str, *members: Principal, private: bool = False) -> str:
        made = await self.room.channels.create(
            self.room.cast.mina, name, private=private, members=[one.user for one in members]
        )
        return made.id

    async def say(self, who: Principal, channel: str, text: str, thread: int | None = None) -> int:
        self.room.clock.advance(timedelta(seconds=1))
        return (await self.room.say(who, channel, text, thread)).ts


@pytest.fixture
async def library(state: State) -> Library:
    room = await open_room(state)
    return Library(room, Search(state, room.clock, room.cast.governance, room.channels), Indexer(state))


# -- words ----------------------------------------------------------------------------------------------------------


async def test_words_are_found_as_people_write_them(library: Library) -> None:
    mina, said = library.room.cast.mina, {}
    channel = await library.make("q4")
    for name, text in {
        "coffee": "*한빛커피*가 재계약을 확정했습니다",
        "renewal": "재계약 검토 중, 한빛 아님",
        "deal": "The dealroom renewal: CPM €12 at Café Noir",
        "wide": "ＡＩ　ｃａｍｐａｉｇｎ ２０２６",
        "jamo": "\u1112\u1161\u11ab\u1100\u1173\u11af 자모",
        "mixed": "Q4런칭 snake_case_name https://example.com/price/v3",
        "marked": "<@U0SOMEBODY> <https://sorimaru.example|단가표> a &amp; b",
    }.items():
        said[name] = text
        await library.say(mina, channel, text)
    for query, names in {
        "한빛": ("renewal", "coffee"),
        "커피가": ("coffee",),
        "재계약 한빛": ("renewal", "coffee"),
        "한빛커피": ("coffee",),
        '"한빛 아님"': ("renewal",),
        '"한빛 재계약"': (),
        "한빛 -커피": ("renewal",),
        "빛": ("renewal", "coffee"),
        "DEAL": ("deal",),
        "room": (),
        '"deal"': (),
        "cafe": ("deal",),
        "cpm 12": ("deal",),
        "campaign ai": ("wide",),
        "camp*": ("wide",),
        "한글": ("jamo",),
        "런칭": ("mixed",),
        "q4런칭": ("mixed",),
        "case": ("mixed",),
        "snake_case": ("mixed",),
        "example.com/price": ("mixed",),
        "단가": ("marked",),
        "somebody": (),
        "amp": (),
        "없는말": (),
        "zzz 한빛": (),
    }.items():
        assert await library.find(mina, query) == [said[name] for name in names], query


async def test_blocks_and_attachments_are_read_too(library: Library) -> None:
    mina, channel = library.room.cast.mina, await library.make("cards")
    blocks = [{"type": "section", "fields": [{"type": "mrkdwn", "text": "*금액*\n1억 2,000만원"}]}]
    attachments = [{"title": "제안서", "fields": [{"title": "단계", "value": "협상"}], "color": "#abcdef"}]
    await library.room.channels.post(mina, channel, Draft("알림", blocks=blocks, attachments=attachments))
    for query, found in {"금액": 1, "제안": 1, "협상": 1, "알림 단계": 1, "abcdef": 0, "mrkdwn": 0}.items():
        assert len(await library.find(mina, query)) == found, query


async def test_an_edit_is_followed_and_what_is_deleted_is_gone(library: Library) -> None:
    mina, channel = library.room.cast.mina, await library.make("q4")
    ts = await library.say(mina, channel, "초안을 보냈습니다")
    assert await library.find(mina, "초안") == ["초안을 보냈습니다"]
    await library.room.channels.update(mina, channel, ts, Draft("최종본을 보냈습니다"))
    # A moment before the index follows, nothing wrong is shown: neither the old words nor what they meant.
    assert [hit.text for hit in (await library.search.messages(mina, "초안")).hits] == []
    assert await library.find(mina, "초안") == []
    assert await library.find(mina, "최종본") == ["최종본을 보냈습니다"]
    await library.room.channels.delete(mina, channel, ts)
    assert (await library.search.messages(mina, "최종본")).hits == []
    assert await library.find(mina, "최종본") == []
    async with library.room.state.begin_system() as tx:
        left = await tx.value("select count(*) + (select coalesce(sum(messages), 0) from channels.indexed_slice)"
                              " from channels.indexed")  # fmt: skip
    assert left == 0


async def test_the_filters_say_who_where_when_and_what(library: Library) -> None:
    room, cast = library.room, library.room.cast
    mina, joon = cast.mina, cast.joon
    q4, ads = await library.make("q4", joon), await library.make("광고", joon)
    direct = (await room.channels.open_direct(mina, [joon.user]))[0].id
    root = await library.say(mina, q4, "보고 하나")
    await library.say(joon, q4, f"보고 둘 <@{mina.user}>", root)
    await library.say(joon, ads, "보고 셋 https://example.com")
    await library.say(joon, direct, "보고 넷")
    await room.channels.react(mina, ads, await library.say(mina, ads, "보고 다섯"), "tada")
    await room.channels.pin(mina, q4, root)
    room.clock.advance(timedelta(days=2))
    await library.say(mina, q4, "보고 여섯")
    for query, found in {
        "보고": "여섯 다섯 넷 셋 둘 하나",
        "보고 from:me": "여섯 다섯 하나",
        "보고 from:@박준": "넷 셋 둘",
        "from:joon": "넷 셋 둘",
        f"from:<@{joon.user}>": "넷 셋 둘",
        "보고 -from:me": "넷 셋 둘",
        "보고 from:me from:joon in:#광고": "다섯 셋",
        "in:#q4": "여섯 둘 하나",
        f"in:{q4} 하나": "하나",
        "보고 -in:q4 -in:@joon": "다섯 셋",
        "in:@박준": "넷",
        "is:dm": "넷",
        "is:thread": "둘 하나",
        "has:link": "셋",
        "has:reaction": "다섯",
        "has:pin": "하나",
        "has::tada:": "다섯",
        "보고 -has:reaction -has:link -is:dm": "여섯 둘 하나",
        "to:me": "넷 둘",
        "on:2026-11-23": "다섯 넷 셋 둘 하나",
        "after:2026-11-23": "여섯",
        "before:today 보고 from:me": "다섯 하나",
        "during:11월 in:q4": "여섯 둘 하나",
        "during:2025": "",
        "from:nobody 보고": "",
        "in:#nowhere": "",
    }.items():
        texts = [text.split()[1] for text in await library.find(mina, query)]
        assert " ".join(texts) == found, query
    page = await library.search.messages(mina, "in:#nowhere from:@nobody")
    assert sorted(page.unknown) == ["from:nobody", "in:nowhere"]


async def test_pages_the_best_and_the_oldest_first(library: Library) -> None:
    mina, channel = library.room.cast.mina, await library.make("q4")
    for n in range(7):
        await library.say(mina, channel, f"단가 {n}" if n != 2 else "단가표 단가")
    await library.find(mina, "")
    first = await library.search.messages(mina, "단가", limit=3)
    assert ([hit.text[-1] for hit in first.hits], first.total, first.more) == (["6", "5", "4"], 7, False)
    await library.say(mina, channel, "단가 새것")
    await library.find(mina, "")
    second = await library.search.messages(mina, "단가", limit=3, after=first.following)
    assert [hit.text[-1] for hit in second.hits] == ["3", "가", "1"]
    third = await library.search.messages(mina, "단가", limit=3, after=second.following)
    assert ([hit.text[-1] for hit in third.hits], third.following) == (["0"], None)
    assert (await library.find(mina, "단가", oldest_first=True, limit=2)) == ["단가 0", "단가 1"]
    best = await library.search.messages(mina, "단가표", sort="score")
    assert [hit.text for hit in best.hits] == ["단가표 단가"]
    assert (await library.find(mina, '단가 "단가표"', sort="score"))[0] == "단가표 단가"


async def test_the_place_where_it_stands_is_shown(library: Library) -> None:
    mina, channel = library.room.cast.mina, await library.make("q4")
    await library.say(mina, channel, "앞말 " * 200 + "*한빛*커피가 <script> _Deal_ " + "뒷말 " * 200)
    await library.find(mina, "")
    (hit,) = (await library.search.messages(mina, "한빛 deal")).hits
    assert [text for text, lit in hit.snippet if lit] == ["한빛", "Deal"]
    assert "한빛커피가 <script> Deal 뒷말" in "".join(text for text, _ in hit.snippet)
    assert "".join(text for text, _ in hit.snippet).startswith("…앞말")
    assert len("".join(text for text, _ in hit.snippet)) < 300


# -- who ------------------------------------------------------------------------------------------------------------


async def test_nobody_finds_what_they_may_not_read(library: Library) -> None:
    room, cast = library.room, library.room.cast
    mina, joon, gil, rina = cast.mina, cast.joon, cast.gil, cast.rina
    people = {"mina": mina, "joon": joon, "gil": gil, "rina": rina}
    rooms = {
        "open": await library.make("open"),
        "private": await library.make("private", joon, private=True),
        "guests": await library.make("guests", gil),
        "direct": (await room.channels.open_direct(mina, [joon.user]))[0].id,
        "shared": await room.shared("shared"),
        "archived": await library.make("archived"),
        "left": await library.make("left", joon, private=True),
        "offered": await library.make("offered"),
        "cut": await library.make("cut"),
    }
    for name, channel in rooms.items():
        await library.say(mina, channel, f"비밀 {name}")
    await room.channels.archive(mina, rooms["archived"])
    await room.channels.leave(joon, rooms["left"])
    await room.channels.offer(mina, rooms["offered"], rina.tenant.workspace)
    await room.channels.offer(mina, rooms["cut"], rina.tenant.workspace)
    await room.channels.accept(rina, rooms["cut"], "cut-there", private=True)
    await library.say(rina, rooms["cut"], "비밀 cut")
    assert sorted(set(await library.find(rina, "비밀"))) == ["비밀 cut", "비밀 shared"]
    await room.channels.disconnect(mina, rooms["cut"], rina.tenant.workspace)

    seen = {
        "mina": "open private guests direct shared archived left offered cut",
        "joon": "open private guests direct shared archived offered cut",
        "gil": "guests",
        "rina": "shared cut",  # of what was cut the copy that her side kept, which is another channel
    }
    for who, names in seen.items():
        for query in ("비밀", "from:김미나 비밀", "is:dm 비밀", *(f"in:{channel}" for channel in rooms.values())):
            wanted = {f"비밀 {name}" for name in names.split()}
            if query.startswith("is:dm"):
                wanted &= {"비밀 direct"}
            elif query.startswith("in:"):
                wanted &= {f"비밀 {name}" for name, channel in rooms.items() if query == f"in:{channel}"}
                wanted -= {"비밀 cut"} if who == "rina" else set()
            assert set(await library.find(people[who], query, limit=100)) == wanted, (who, query)
    page = await library.search.messages(rina, "비밀")
    assert (page.total, {hit.channel.name for hit in page.hits}) == (3, {"from-shared", "cut-there"})

    # What the rival keeps private on its side is its members' only.
    other = await cast.governance.create_user(rina, "ryu@rival.example", "류")
    ryu = Principal(rina.tenant, other.id, other.role)
    assert await library.find(ryu, "비밀") == ["비밀 shared"]


async def test_a_name_is_told_only_of_who_can_be_met_there(library: Library) -> None:
    cast, channel = library.room.cast, await library.make("q4")
    shared = await library.room.shared("shared")
    await library.say(cast.mina, channel, f"비밀 <@{cast.rina.user}> <@{cast.joon.user}>")
    await library.say(cast.mina, shared, f"공유 <@{cast.rina.user}>")
    await library.find(cast.mina, "")
    assert set((await library.search.messages(cast.joon, "비밀")).people) == {cast.mina.user, cast.joon.user}
    assert set((await library.search.messages(cast.rina, "공유")).people) == {cast.mina.user, cast.rina.user}
    assert (await library.search.messages(cast.rina, "from:mina")).unknown == ["from:mina"]
    assert await library.find(cast.rina, "from:@김미나 공유") == [f"공유 <@{cast.rina.user}>"]


async def test_apps_do_not_search_and_a_token_opens_what_its_scopes_say(library: Library) -> None:
    room, cast = library.room, library.room.cast
    for name, private in (("open", False), ("closed", True)):
        await library.say(cast.mina, await library.make(name, cast.joon, private=private), f"비밀 {name}")
    await library.say(cast.mina, (await room.channels.open_direct(cast.mina, [cast.joon.user]))[0].id, "비밀 direct")
    bot = await cast.governance.principal(cast.bot_token)
    with pytest.raises(NotAllowed):
        await library.search.messages(bot, "비밀")

    def joon(*scopes: str) -> Principal:
        return Principal(cast.tenant, cast.joon.user, cast.joon.role, frozenset(scopes))

    assert len(await library.find(joon("search:read"), "비밀")) == 3
    assert await library.find(joon("search:read.public"), "비밀") == ["비밀 open"]
    assert await library.find(joon("search:read.im", "search:read.private"), "비밀") == ["비밀 direct", "비밀 closed"]
    for act in (library.search.messages, library.search.people, library.search.rooms):
        with pytest.raises(NotAllowed):
            await act(joon("chat:write"), "비밀")


async def test_people_and_channels_are_found_by_those_who_may_know_them(library: Library) -> None:
    cast, search = library.room.cast, library.search
    await library.make("deal-한빛커피", cast.gil)
    await library.make("경영-한빛", private=True)

    async def rooms(who: Principal, text: str) -> list[str]:
        return [room.name for room in (await search.rooms(who, text))[0]]

    async def people(who: Principal, text: str) -> list[str]:
        return [user.name for user in (await search.people(who, text))[0]]

    assert sorted(await rooms(cast.mina, "한빛")) == ["deal-한빛커피", "경영-한빛"]
    assert await rooms(cast.joon, "한빛") == ["deal-한빛커피"]
    assert await rooms(cast.gil, "커피") == ["deal-한빛커피"]
    assert await rooms(cast.rina, "한빛") == []
    assert await people(cast.mina, "미나") == ["김미나"]
    assert await people(cast.mina, "joon") == ["박준"]
    assert await people(cast.gil, "박준") == []
    assert await people(cast.rina, "박준") == []


async def bytes_of(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_files_are_found_where_they_may_be_seen(library: Library) -> None:
    room, cast = library.room, library.room.cast
    places = {
        "open": await library.make("open"),
        "closed": await library.make("closed", private=True),
        "shared": await room.shared("shared"),
    }
    sent = {}
    for name, channel in places.items():
        sent[name] = await room.files.upload(cast.mina, f"한빛커피단가표_{name}.bin", bytes_of(name.encode()))
        room.clock.advance(timedelta(seconds=1))
        await room.channels.post(cast.mina, channel, Draft(f"첨부 {name}", files=(sent[name].id,)))

    async def files(who: Principal, text: str) -> list[str]:
        await library.indexer.step()
        return [one.name.split("_")[1] for one in (await library.search.files(who, text)).found]

    assert await files(cast.mina, "단가") == ["shared.bin", "closed.bin", "open.bin"]
    assert await files(cast.joon, "단가표 bin") == ["shared.bin", "open.bin"]
    assert await files(cast.gil, "단가") == []
    assert await files(cast.rina, "단가") == ["shared.bin"]
    assert await files(cast.mina, "단가 in:#open") == ["open.bin"]
    assert await files(cast.mina, "첨부") == []
    assert await library.find(cast.joon, "한빛 has:file in:#open") == ["첨부 open"]
    await room.files.delete(cast.mina, sent["open"].id)
    assert await files(cast.mina, "단가 in:#open") == []
    assert await library.find(cast.joon, "한빛 in:#open") == []


# -- the index ------------------------------------------------------------------------------------------------------


async def test_what_comes_twice_is_counted_once_and_what_was_there_before_is_walked(library: Library) -> None:
    mina, state = library.room.cast.mina, library.room.state
    shared = await library.room.shared("both")
    ts = await library.say(mina, shared, "한 번만")
    await library.say(mina, shared, "답", ts)
    await library.find(mina, "")

    async def counted() -> tuple[int, int]:
        async with state.begin_system() as tx:
            there = await tx.value("select count(*) from channels.indexed")
            slices = await tx.value("select sum(messages)::int from channels.indexed_slice where level = 44")
        return there, slices

    before = await counted()
    assert before == (2, 2)
    async with state.begin_system() as tx:
        await tx.run("delete from channels.indexed where ts = %s", (ts,))
        await tx.run("update channels.indexed_slice set messages = messages - 1 where messages > 0")
        await tx.run("delete from channels.index_walk")
        await tx.run("update feed.cursor set position = 0 where name = 'channels-search'")
    assert await library.find(mina, "한 번") == ["한 번만"]
    again = Indexer(state)
    while await again.walk(limit=1):
        pass
    assert await counted() == before


async def test_hostile_text_is_only_text(library: Library) -> None:
    mina, channel = library.room.cast.mina, await library.make("q4")
    for text in ("가" * 40_000, "a" * 40_000, "😀" * 3_000, "\u202e<b>%_\\'\";--", "\ud800 반쪽"):
        await library.say(mina, channel, text)
    for query in (
        "가" * 900,
        "a" * 900,
        "%",
        "_",
        "'; drop table x; --",
        "\x00\ud800",
        '"' * 50,
        "in:" * 100,
        "-" * 99,
    ):
        await library.find(mina, query)
    assert [text[-2:] for text in await library.find(mina, "반쪽")] == ["반쪽"]
    assert len(await library.find(mina, "가가가가")) == 1
    with pytest.raises(Invalid) as refused:
        await library.search.messages(mina, "가" * 1_001)
    assert refused.value.field == "q"


async def test_our_own_door_says_what_fits_of_each_kind(library: Library) -> None:
    room, cast = library.room, library.room.cast
    channel = await library.make("단가-회의", cast.joon)
    for n in range(3):
        await library.say(cast.joon, channel, f"단가 {n}")
    await library.find(cast.mina, "")
    app = FastAPI()
    app.state.governance = cast.governance
    front.install(app)
    include(app, router(library.search, room.channels))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://dure/api/v1") as http:

        async def ask(status: int = 200, token: str = cast.token, **params: str) -> dict[str, Any]:
            answer = await http.get("/search", params=params, headers={"authorization": f"Bearer {token}"})
            assert answer.status_code == status, answer.text
            return dict(answer.json())

        page = await ask(q="단가", limit="2")
        assert [hit["snippet"] for hit in page["results"]] == [[["단가", True], [f" {n}", False]] for n in (2, 1)]
        assert page["results"][0]["channel_name"] == "단가-회의"
        assert page["people"][cast.joon.user]["name"] == "박준"
        none = {"total": 0, "more": False}
        assert page["counts"] == {
            "messages": {"total": 3, "more": False}, "files": none, "people": none,
            "channels": {"total": 1, "more": False},
        }  # fmt: skip
        rest = await ask(q="단가", limit="2", cursor=page["cursor"])
        assert ([hit["ts"] < page["results"][1]["ts"] for hit in rest["results"]], rest["cursor"]) == ([True], "")
        best = await ask(q="단가", sort="score", limit="2")
        assert len((await ask(q="단가", sort="score", limit="2", cursor=best["cursor"]))["results"]) == 1
        assert [one["name"] for one in (await ask(q="박준", kind="people"))["results"]] == ["박준"]
        assert [one["name"] for one in (await ask(q="회의", kind="channels"))["results"]] == ["단가-회의"]
        assert (await ask(q="단가", token=cast.rival_token))["results"] == []
        for wrong, field in ({"kind": "posts"}, "kind"), ({"sort": "random"}, "sort"), ({"limit": "0"}, "limit"):
            assert (await ask(422, q="단가", **wrong))["error"]["field"] == field
        for cursor in ("x", "1-", "99999", "1763866800.000100-' or 1"):
            assert (await ask(422, q="단가", cursor=cursor))["error"]["field"] == "cursor"
        await ask(403, q="단가", token=cast.bot_token)
