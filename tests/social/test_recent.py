"""Near copies are found whichever process took the original in, and whatever became of it since."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from dure.kernel.clock import StillClock
from dure.kernel.whom import Whom
from dure.social import copies, recent, store
from dure.social.api import Bearer, Social
from dure.social.holding import SocialHolder
from dure.social.recent import Block, Shelf, rows_of
from dure.state import State
from tests.people_of import Cast

NOW = datetime(2026, 11, 23, tzinfo=UTC)
POST = "결제 페이지가 하루 종일 하얗게만 나와서 후원을 못 했어요 언제 고쳐지나요"
OTHER = "오늘 방송에서 추천해 주신 노래 제목을 아시는 분이 계시면 알려 주세요"


def signed(*texts: str, posted: datetime = NOW, first: int = 0) -> Any:
    made = copies.signatures([copies.shingles(text) for text in texts])
    return rows_of((uuid.UUID(int=first + at), posted, one) for at, one in enumerate(made))


async def original_of(social: Social, cast: Cast, given: Any) -> uuid.UUID:
    found = await social.arrive(cast.mina, [given])
    return (await social.one(cast.mina, found.ids[0])).original


async def test_another_process_finds_what_the_first_took_in(
    social: Social, cast: Cast, state: State, clock: StillClock, post: Any
) -> None:
    other = Social(state, clock)
    first = await original_of(social, cast, post(POST))
    assert await original_of(other, cast, post(f"RT @x: {POST}")) == first
    second = await original_of(other, cast, post(OTHER))
    assert second != first
    assert await original_of(social, cast, post(f"{OTHER}!!")) == second


async def test_what_came_before_there_were_signatures_is_found(
    social: Social, cast: Cast, state: State, clock: StillClock, post: Any
) -> None:
    first = await original_of(social, cast, post(POST))
    async with state.begin(cast.tenant) as tx:
        await tx.run("truncate social.recent")
    assert await original_of(Social(state, clock), cast, post(f"{POST} ㅠㅠ")) == first


async def test_what_did_not_happen_is_no_original(
    social: Social, cast: Cast, state: State, clock: StillClock, post: Any
) -> None:
    async def no(*_: Any) -> bool:
        return False

    await social.arrive(cast.mina, [post(POST)], along=no)
    again = post(f"{POST}!")
    found = await social.arrive(cast.mina, [again])
    assert (await social.one(cast.mina, found.ids[0])).original == found.ids[0]
    # And what came then is found by who saw the other fail.
    assert await original_of(social, cast, post(POST)) == found.ids[0]


async def test_an_edited_post_is_found_by_what_it_says_now(social: Social, cast: Cast, post: Any) -> None:
    before = post(OTHER)
    first = await original_of(social, cast, before)
    await social.arrive(
        cast.mina, [post(POST, network=before.network, id=before.id)], bearer=Bearer(edits=True)
    )  # fmt: skip
    assert await original_of(social, cast, post(f"RT @x: {POST}")) == first
    assert await original_of(social, cast, post(f"{OTHER}!!")) != first


async def test_who_stands_for_one_that_was_taken_back_is_found(social: Social, cast: Cast, post: Any) -> None:
    first = post(POST)
    await social.arrive(cast.mina, [first])
    heir = (await social.arrive(cast.mina, [post(f"{POST} ㅠㅠ")])).ids[0]
    await social.arrive(cast.mina, [], gone=[(first.network, first.id)])
    assert await original_of(social, cast, post(f"RT @x: {POST}")) == heir


async def test_who_stands_for_one_whose_author_was_erased_is_found(
    social: Social, cast: Cast, state: State, post: Any
) -> None:
    await social.arrive(cast.mina, [post(POST, handle="bom_2041")])
    two = (await social.arrive(cast.mina, [post(f"{POST} ㅠㅠ"), post(f"{POST} !!")])).ids
    await social.arrive(cast.mina, [post(f"RT @y: {POST}", handle="bom_2041")])
    async with state.begin(cast.tenant) as tx:
        await SocialHolder().erase(tx, Whom(cast.tenant, handles=("bom_2041",)))
    heir = await original_of(social, cast, post(f"RT @x: {POST}"))
    assert heir in two  # they came in one moment: either may stand for the other
    another = next(one for one in two if one != heir)
    stands = await social.one(cast.mina, heir)
    assert (stands.original, stands.copies, (await social.one(cast.mina, another)).original) == (heir, 2, heir)


async def test_an_erased_copy_is_counted_no_more(social: Social, cast: Cast, state: State, post: Any) -> None:
    first = await original_of(social, cast, post(POST))
    await social.arrive(cast.mina, [post(f"{POST} ㅠㅠ", handle="bom_2041"), post(f"{POST} !!")])
    async with state.begin(cast.tenant) as tx:
        await SocialHolder().erase(tx, Whom(cast.tenant, handles=("bom_2041",)))
    assert (await social.one(cast.mina, first)).copies == 1


async def test_only_the_newest_are_kept(cast: Cast, state: State) -> None:
    async with state.begin(cast.tenant) as tx:
        for number in range(6):
            await store.add_recent(tx, cast.tenant.workspace, NOW + timedelta(days=number), 10, b"")
        await store.tidy_recent(tx, cast.tenant.workspace, NOW + timedelta(days=1), 30)
        rows = await store.recent_after(tx, cast.tenant.workspace, 0, 20)
        assert [row["number"] for row in rows] == [5, 6]
        assert await tx.value("select count(*) from social.recent") == 3


def test_a_shelf_finds_in_every_block_what_it_was_given() -> None:
    shelf = Shelf()
    texts = [f"{POST[number:]} {OTHER[: number + 5]} {number * 7919}" for number in range(30)]
    for at, text in enumerate(texts):
        shelf.add(Block(signed(text, first=at)))
    assert len(shelf) == 30
    met = shelf.met(signed(*texts))
    assert {(at, uuid.UUID(int=at)) for at in range(30)} <= set(met)
    assert not shelf.met(signed("전혀 다른 이야기를 하는 아주 긴 글이 여기에 하나 있습니다"))


def test_what_was_posted_long_before_is_no_original() -> None:
    block = Block(signed(POST, posted=NOW - timedelta(days=3, seconds=1)))
    assert not len(block.met(signed(POST))[0])
    assert len(Block(signed(POST, posted=NOW - timedelta(days=3))).met(signed(POST))[0]) == 1


def test_a_wave_from_one_template_is_looked_at_from_its_newest() -> None:
    wave = [f"{POST} {number:04}" for number in range(300)]
    met = Block(signed(*wave)).met(signed(f"{POST} 0299"))
    assert len(np.unique(met[1])) <= recent._MET * 12
    assert 299 in met[1]


def test_a_shelf_lets_go_of_the_oldest(monkeypatch: Any) -> None:
    monkeypatch.setattr(recent, "KEPT", 20)
    monkeypatch.setattr(recent, "_BLOCK", 8)
    shelf = Shelf()
    for at in range(60):
        shelf.add(Block(signed(f"{POST} {at * 7919} {at * 104729}", first=at)))
    assert 20 <= len(shelf) < 36
    assert shelf.met(signed(f"{POST} {59 * 7919} {59 * 104729}"))[-1][1] == uuid.UUID(int=59)
