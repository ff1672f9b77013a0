"""What is recommended, and what never is."""

from __future__ import annotations

import pytest

from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio


async def titles(studio: Studio, who: str, count: int = 3) -> list[tuple[str, str]]:
    found = await studio.campaigns.recommending.for_person(studio.cast.joon, str(studio.who(who)), count=count)
    return [(each.item.id, each.why) for each in found]


async def test_what_others_heard_who_heard_the_same_comes_first(studio: Studio) -> None:
    await studio.with_items([(f"b-{n}", "talk" if n < 4 else "asmr") for n in range(8)])
    for listener in ("u-10", "u-11", "u-12"):
        await studio.listen(listener, "b-0")
        await studio.listen(listener, "b-5", "asmr")
    await studio.listen("u-1", "b-0")
    await studio.settle()
    found = await titles(studio, "u-1")
    assert found[0] == ("b-5", "together")
    assert "b-0" not in [item for item, _ in found]


async def test_one_listener_in_common_says_nothing(studio: Studio) -> None:
    await studio.campaigns.recommending.load_items(studio.cast.joon, [])
    await studio.with_items([("b-1", "talk")])
    await studio.listen("u-10", "b-x")
    await studio.listen("u-10", "b-1")
    await studio.listen("u-1", "b-x")
    await studio.settle()
    assert await titles(studio, "u-1") == [("b-1", "genre")]


async def test_somebody_new_gets_hits_of_the_genre_they_like(studio: Studio) -> None:
    await studio.with_items([("b-1", "talk"), ("b-2", "asmr"), ("b-3", "asmr")])
    await studio.listen("u-20", "b-1")
    await studio.listen("u-21", "b-3", "asmr")
    await studio.know("u-1", favourite_genre="asmr")
    await studio.settle()
    assert await titles(studio, "u-1") == [("b-3", "genre"), ("b-2", "genre"), ("b-1", "popular")]


async def test_only_what_is_in_the_catalogue_is_recommended(studio: Studio) -> None:
    await studio.listen("u-20", "b-gone")
    await studio.settle()
    assert await titles(studio, "u-1") == []
