"""What the company wrote itself is kept for the talk it stands in; nobody is told of it and nothing counts it."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from dure.feed.api import Event, tail
from dure.kernel.clock import StillClock
from dure.log.api import Log
from dure.social.api import Bearer, Look, NewMention, Social
from dure.social.listening.shelf import Shelf
from dure.social.plugs import Given, Manifest, Outcome, Pulled, Said
from dure.state import State
from tests.people_of import Cast
from tests.social.conftest import Post
from tests.social.sources.conftest import Desk, desk_in

pytestmark = pytest.mark.anyio

ANSWER = "앱이 켜자마자 튕겨서 정말 죄송합니다. 오류를 고친 3.2판을 오늘 저녁에 올립니다"


class Wall:
    """A network that hands back whatever was said on it."""

    manifest = Manifest(
        "wall", "wall", {"ko": "담", "en": "Wall"}, {"ko": "", "en": ""}, "official", frozenset({"pull", "reply"}),
    )  # fmt: skip

    def __init__(self) -> None:
        self.stands = [NewMention(network="wall", id="w1", text="앱이 켜자마자 튕겨요", handle="nari")]
        self.hastily: Callable[[], Awaitable[None]] | None = None  # what happens before whoever says it hears so

    async def pull(self, given: Given, cursor: Any) -> Pulled:
        return Pulled({}, list(self.stands))

    async def reply(self, given: Given, mention: Any, text: str, key: str) -> Outcome:
        said = NewMention(network="wall", id="w2", text=text, handle="sori_help", parent=mention.external, thread="w1")
        self.stands.append(said)
        if self.hastily is not None:
            await self.hastily()
        return Said("w2", "https://wall.example/w2")


@pytest.fixture
async def desk(state: State, clock: StillClock) -> Desk:
    return await desk_in(state, clock, [Wall()])


async def named_ours(state: State, cast: Cast, *names: str) -> None:
    async with state.begin(cast.tenant) as tx:
        await tx.run(
            "insert into social.care_setting (workspace, own, after_reply) values (%s, %s, 'waiting')",
            (cast.tenant.workspace, list(names)),
        )


async def told(state: State, mention: uuid.UUID) -> Sequence[str]:
    async with state.begin_system() as tx:
        found: list[Event] = [event for batch in await tail(tx, 0, limit=10_000) for event in batch.events()]
    return [one.event for one in found if one.object == str(mention)]


async def test_an_answer_that_its_network_hands_back_is_kept_and_not_routed(desk: Desk, clock: StillClock) -> None:
    await desk.connect("wall")
    await desk.ask()
    (asked,) = await desk.mentions()
    await desk.sources.saying.reply(desk.cast.joon, asked.id, ANSWER, "k")
    await desk.ask(2)
    assert [one.id for one in await desk.mentions()] == [asked.id]
    (ours,) = await desk.social.mentions(desk.cast.mina, Look(own="only"))
    assert (ours.external, ours.parent, ours.own, ours.function, ours.state) == ("w2", "w1", True, "", "done")
    assert await told(desk.state, ours.id) == ["Own Post Arrived"]
    copy = NewMention(network="x", id="c1", text=f"RT @sori_help {ANSWER}", handle="somebody")
    (copied,) = (await desk.social.arrive(desk.cast.mina, [copy])).ids
    by_other = await desk.social.one(desk.cast.mina, copied)
    assert (by_other.own, by_other.original) == (False, copied)
    again = NewMention(network="x", id="c2", text=f"RT @sori_help {ANSWER} !!", handle="another")
    (second,) = (await desk.social.arrive(desk.cast.mina, [again])).ids
    assert (await desk.social.one(desk.cast.mina, second)).original == copied
    assert len(await desk.social.mentions(desk.cast.mina, Look(own="all"))) == 3


async def test_an_answer_that_is_back_before_its_outcome_becomes_ours(desk: Desk, log: Log) -> None:
    wall, shelf = desk.sources.connectors["wall"], Shelf(desk.state, log)
    assert isinstance(wall, Wall)
    await desk.connect("wall")
    await desk.ask()
    (asked,) = await desk.mentions()

    async def stream() -> None:
        await desk.social.arrive(desk.cast.mina, wall.stands[1:])
        while await shelf.step():
            pass

    wall.hastily = stream
    await desk.sources.saying.reply(desk.cast.joon, asked.id, ANSWER, "k")
    assert [one.id for one in await desk.mentions()] == [asked.id]
    (ours,) = await desk.social.mentions(desk.cast.mina, Look(own="only"))
    assert (ours.external, ours.function, ours.state) == ("w2", "", "done")
    names = await told(desk.state, ours.id)
    assert (names[0], names[-1]) == ("Mention Arrived", "Own Post Arrived")
    counted = "select toString(mention), sum(sign) from mention where workspace = {workspace:String} group by mention"
    assert dict((await log.query(desk.cast.tenant, counted)).rows) == {str(asked.id): 1, str(ours.id): 1}
    while await shelf.step():
        pass
    assert dict((await log.query(desk.cast.tenant, counted)).rows).get(str(ours.id), 0) == 0


async def test_an_id_of_one_network_is_not_taken_for_that_of_another(desk: Desk) -> None:
    await desk.connect("wall")
    await desk.ask()
    (asked,) = await desk.mentions()
    await desk.sources.saying.reply(desk.cast.joon, asked.id, ANSWER, "k")
    async with desk.state.begin(desk.cast.tenant) as tx:
        other = uuid.uuid4()
        await tx.run(
            "insert into social.source (workspace, org, id, connector, name, settings, every, state, created_by,"
            " created_at) values (%s, %s, %s, 'files', 'Files', '{}', 60, 'on', '', now())",
            (desk.cast.tenant.workspace, desk.cast.tenant.org, other),
        )
    given = NewMention(network="files", id="w2", text="환불해 주세요", handle="dal")
    (found,) = (await desk.social.arrive(desk.cast.mina, [given], bearer=Bearer(other))).ids
    assert not (await desk.social.one(desk.cast.mina, found)).own


async def test_what_our_accounts_write_counts_nowhere(
    social: Social, cast: Cast, state: State, log: Log, post: Post
) -> None:
    await named_ours(state, cast, "x:sorimaru")
    theirs = post("앱이 켜자마자 튕겨요 오류")
    mine = [post(f"앱이 켜자마자 튕겨요 {number} 오류를 고쳤습니다", handle="@SoriMaru") for number in range(3)]
    elsewhere = post("저는 다른 소리마루입니다 반갑습니다", handle="sorimaru", network="blog")
    ids = (await social.arrive(cast.mina, [theirs, *mine, elsewhere])).ids
    seen = {one.external: one for one in await social.mentions(cast.mina, Look(own="all"))}
    assert [seen[one.id].own for one in (theirs, *mine, elsewhere)] == [False, True, True, True, False]
    assert sum(row["mentions"] for row in await social.topics(cast.mina)) == 2
    crash = await social.volume(cast.mina, seen[theirs.id].topic)
    assert sum(crash.seen) == 1
    shelf = Shelf(state, log)
    while await shelf.step():
        pass
    counted = "select toString(mention) from mention where workspace = {workspace:String} group by mention"
    kept = {str(seen[one.id].id) for one in (theirs, elsewhere)}
    assert {row[0] for row in (await log.query(cast.tenant, counted)).rows} == kept
    assert len(ids) == 5


async def test_our_own_that_was_edited_stays_ours(
    social: Social, cast: Cast, state: State, log: Log, post: Post
) -> None:
    await named_ours(state, cast, "x:sorimaru")
    first = post("앱 오류를 고쳤습니다", handle="sorimaru")
    (found,) = (await social.arrive(cast.mina, [first])).ids
    text = "앱이 튕기는 오류로 불편하셨죠? 환불해 드립니다"
    await social.arrive(
        cast.mina, [post(text, id=first.id, handle="sorimaru")], bearer=Bearer(edits=True)
    )  # fmt: skip
    after = await social.change(cast.mina, found, reading={"intent": "complaint"})
    assert (after.text, after.own, after.state, after.function) == (text, True, "done", "")
    shelf = Shelf(state, log)
    while await shelf.step():
        pass
    assert (await log.query(cast.tenant, "select count() from mention where workspace = {workspace:String}")).rows == [
        (0,)
    ]
    assert await told(state, found) == ["Own Post Arrived", "Mention Edited", "Mention Corrected"]
