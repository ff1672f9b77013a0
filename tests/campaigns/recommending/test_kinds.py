"""What is recommended, by each kind, and what never is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.kernel.errors import Invalid
from tests.campaigns.recommending.company import happened, heard, item, liked, read
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio


async def test_each_kind_recommends_what_it_is_for(studio: Studio) -> None:
    now, api, joon = studio.clock.now(), studio.campaigns.recommending, studio.cast.joon
    hour = timedelta(hours=1)
    await api.load_items(joon, [
        item("b-0", creator="c-0"), item("b-1", creator="c-1"), item("b-2", "asmr", "c-2"), item("b-3", "asmr", "c-3"),
        item("l-1", creator="c-1", live_from=now - hour), item("l-9", creator="c-9", live_from=now - hour),
        item("l-0", creator="c-0", live_from=now - 2 * hour, live_to=now - hour),
        item("old", "story", "c-5"),
    ])  # fmt: skip
    studio.clock.advance(timedelta(days=20))  # so nothing of this is new any more
    now = studio.clock.now()
    await api.load_items(joon, [
        item("n-1", creator="c-1"), item("n-2", "news", "c-7"), item("later", creator="c-1", live_from=now + hour),
        item("l-1", creator="c-1", live_from=now - hour), item("l-9", creator="c-9", live_from=now - hour),
    ])  # fmt: skip
    friends = [f"u-{n}" for n in range(10, 16)]
    await happened(studio, [
        *(act for who in friends for act in (heard(who, "b-0", creator="c-0"), heard(who, "b-1", creator="c-1"))),
        *(heard(f"u-{n}", "b-2", creator="c-2", genre="asmr") for n in range(20, 24)),
        heard("u-20", "b-3", creator="c-3", genre="asmr"),
        heard("mina", "b-0", creator="c-0"), heard("mina", "x-9", creator="c-1", ago=2),
        *(heard("mina", "old", creator="c-5", genre="story", ago=50 + n) for n in range(4)),
        ("yuna", "Creator Followed", "", {"creator_id": "c-9"}, 1),
    ])  # fmt: skip
    await read(studio)
    together = await liked(studio, "mina")
    assert together[0] == ("b-1", "together")
    assert {"b-0", "l-0", "later", "old"}.isdisjoint(name for name, _ in together)
    assert (await liked(studio, "mina", "collaborative", 1))[0][1] == "collaborative"
    assert await liked(studio, "mina", "live") == [("l-1", "live")]
    assert await liked(studio, "yuna", "live") == [("l-9", "live")]
    assert await liked(studio, "mina", "resurrect") == [("old", "resurrect")]
    new = await liked(studio, "mina", "new")
    assert new[0][0] in ("n-1", "l-1")
    assert {why for _, why in new} == {"new"}
    assert await liked(studio, "nobody", "new") == []
    assert (await liked(studio, "u-21", "popular", 1)) == [("b-3", "genre")]
    assert len(await liked(studio, "nobody", "popular", 3)) == 3
    everything = await liked(studio, "mina", "blend", 4)
    assert len(everything) == 4
    with pytest.raises(Invalid) as refused:
        await liked(studio, "mina", "best")
    assert refused.value.field == "kind"
    # What is known of thousands is what is known of one.
    people = [studio.who(name) for name in ("mina", "yuna", *friends)]
    many = await api.for_people(studio.cast.tenant, people, "live", 5, now)
    assert [each.item.id for each in many[studio.who("yuna")]] == ["l-9"]
    assert [each.item.id for each in many[studio.who("u-10")]] == ["l-1"]


async def test_what_is_blocked_ended_or_just_heard_is_gone_at_once(studio: Studio) -> None:
    api, joon, mina = studio.campaigns.recommending, studio.cast.joon, str(studio.who("mina"))
    await api.load_items(joon, [item(f"b-{n}", creator=f"c-{n // 2}") for n in range(6)])
    await happened(studio, [heard("mina", "b-0", creator="c-0"), *(heard("u-9", f"b-{n}") for n in range(6))])
    await read(studio)
    names = [name for name, _ in await liked(studio, "mina", "popular", 9)]
    assert sorted(names) == ["b-1", "b-2", "b-3", "b-4", "b-5"]
    assert "b-1" not in [name for name, _ in await liked(studio, "mina", "popular", 9, besides=["b-1"])]
    await api.block_item(joon, "b-2", True)
    await api.block(joon, mina, "item", "b-3", True)
    await api.block(joon, mina, "creator", "c-2", True)
    assert await liked(studio, "mina", "popular", 9) == [("b-1", "genre")]
    assert len(await liked(studio, "u-8", "popular", 9)) == 5  # what mina does not want others may
    await api.block_creator(joon, "c-0", True)
    assert await liked(studio, "mina", "popular", 9) == []
    await api.block_creator(joon, "c-0", False)
    await api.load_items(joon, [item("b-1", creator="c-0", live_to=studio.clock.now() + timedelta(minutes=5))])
    assert await liked(studio, "mina", "popular", 9) == [("b-1", "genre")]
    studio.clock.advance(timedelta(minutes=6))
    assert await liked(studio, "mina", "popular", 9) == []
    # The log says the same: what was blocked stays so when all is read again, and is wanted again when they say so.
    await happened(studio, [("mina", "Creator Unblocked", "c-2", {}, -0.001)])
    await read(studio)
    assert [name for name, _ in await liked(studio, "mina", "popular", 9)] == ["b-4", "b-5"]
    told = await studio.events("Catalogue Changed", "Item Blocked", "Creator Blocked")
    assert [event.event for event in told].count("Catalogue Changed") == 5
    assert [event.object for event in told if event.event == "Item Blocked"] == ["b-3"]


async def test_somebody_new_gets_hits_of_their_genre_and_language(studio: Studio) -> None:
    await studio.campaigns.recommending.load_items(
        studio.cast.joon,
        [item("b-1"), item("b-2", "asmr"), item("b-3", "asmr"), item("b-4", "asmr", language="en")],
    )
    await happened(studio, [
        *(heard(f"u-{n}", "b-1") for n in range(3)), *(heard(f"u-{n}", "b-4", genre="asmr") for n in range(3)),
        heard("u-7", "b-3", genre="asmr"),
    ])  # fmt: skip
    await studio.know("u-1", favourite_genre="asmr")
    await studio.know("strange", favourite_genre="asmr", language="ko")
    await read(studio)
    assert await liked(studio, "strange") == [
        ("b-3", "genre"), ("b-2", "genre"), ("b-1", "popular"), ("b-4", "genre"),
    ]  # fmt: skip


async def test_what_goes_on_air_by_the_log_is_recommended_until_it_ends(studio: Studio) -> None:
    await studio.campaigns.recommending.load_items(studio.cast.joon, [item("b-0", creator="c-1")])
    begun = {"creator_id": "c-1", "title": "밤의 낭독", "genre": "story", "url": "https://s.example/air"}
    await happened(studio, [heard("mina", "b-0", creator="c-1"), ("c", "Broadcast Started", "air", begun, 0.01)])
    await read(studio)
    (found,) = await studio.campaigns.recommending.for_person(studio.cast.joon, str(studio.who("mina")), "live")
    assert (found.item.id, found.item.title["ko"], found.item.url) == ("air", "밤의 낭독", "https://s.example/air")
    await happened(studio, [("c", "Broadcast Ended", "air", {}, 0)])
    studio.clock.advance(timedelta(seconds=1))
    await happened(studio, [heard("u-1", "b-0")])
    await read(studio)
    assert await liked(studio, "mina", "live") == []


async def test_whoever_is_joined_has_one_past_and_two_when_parted(studio: Studio) -> None:
    await studio.campaigns.recommending.load_items(studio.cast.joon, [item("b-1"), item("b-2"), item("b-3")])
    await studio.know("mina")
    await happened(studio, [heard("phone", "b-1"), heard("mina", "b-2"), heard("u-1", "b-3")])
    await read(studio)
    assert await names(studio, "mina") == ["b-1", "b-3"]
    joined = await studio.people.ids.join(studio.cast.mina, "mina", "phone", "같은 사람")
    await read(studio)
    assert await names(studio, "mina") == await names(studio, "phone") == ["b-3"]
    (reason,) = [one for one in joined.ids if one.distinct_id == "phone"]
    assert reason.joined_by is not None
    await studio.people.ids.undo(studio.cast.mina, "mina", str(reason.joined_by.id), "join")
    await read(studio)
    assert await names(studio, "mina") == ["b-1", "b-3"]
    assert await names(studio, "phone") == ["b-2", "b-3"]


async def names(studio: Studio, who: str) -> list[str]:
    return sorted(name for name, _ in await liked(studio, who, "popular"))


async def test_only_what_is_in_the_catalogue_is_recommended(studio: Studio) -> None:
    await happened(studio, [heard("u-20", "b-gone")])
    await read(studio)
    assert await liked(studio, "u-1") == []
