"""Traits, timelines, finding somebody, and loading a history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.feed.api import Follower
from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.people.api import Known
from tests.people.conftest import Crowd
from tests.people_of import MONDAY_NOON

pytestmark = pytest.mark.anyio


async def test_what_is_known_of_somebody_is_the_latest_of_each_trait(crowd: Crowd) -> None:
    await crowd.identify("u-1", minutes=2, name="김미나", plan="free", odd="a\u0000b")
    await crowd.identify("u-1", minutes=3, plan="plus")
    await crowd.identify("u-1", minutes=1, plan="trial", country="KR")
    await crowd.settle()
    person = await crowd.people.person(crowd.mina, "u-1")
    assert person.traits == {"name": "김미나", "plan": "plus", "country": "KR", "odd": "ab"}
    assert person.first_seen == MONDAY_NOON + timedelta(minutes=1)
    assert person.last_seen == MONDAY_NOON + timedelta(minutes=3)


async def test_a_devices_traits_are_its_users_once_it_signs_in(crowd: Crowd) -> None:
    await crowd.identify("", "d-1", minutes=1, language="ko", plan="none yet")
    await crowd.identify("u-1", minutes=2, plan="free")
    await crowd.settle()
    assert (await crowd.people.person(crowd.mina, "d-1")).traits == {"language": "ko", "plan": "none yet"}
    await crowd.send(user="u-1", device="d-1")
    await crowd.settle()
    assert (await crowd.people.person(crowd.mina, "d-1")).traits == {"language": "ko", "plan": "free"}
    assert [person.id for person in await crowd.people.search(crowd.mina, "language:ko")] == [crowd.of("u-1")]


async def test_an_account_has_traits_and_people(crowd: Crowd) -> None:
    await crowd.send("Account Identified", "u-1", account="acc-1", name="한빛커피", size=40)
    await crowd.settle()
    assert (await crowd.people.person(crowd.mina, "u-1")).account == "acc-1"
    async with crowd.state.begin(crowd.cast.tenant) as tx:
        assert await crowd.people.accounts(tx, crowd.cast.tenant, ["acc-1"]) == {
            "acc-1": {"name": "한빛커피", "size": 40}
        }


async def test_a_timeline_is_one_line_across_devices_and_sources_newest_first(crowd: Crowd) -> None:
    await crowd.send("Page Viewed", device="d-1", path="/")
    await crowd.send("Signed Up", "u-1", "d-1", source="web", plan="free")
    await crowd.send("Listen Started", "u-1", source="app", creator_id="c-1")
    await crowd.send("Listen Started", "u-2", source="app")
    await crowd.settle()
    for asked in ("u-1", "d-1", str(crowd.of("u-1")), str(crowd.of("d-1"))):
        line = await crowd.people.timeline(crowd.mina, asked, sources=["web", "app"])
        assert [moment.event for moment in line] == ["Listen Started", "Signed Up", "Page Viewed"]
    assert line[1].properties == {"plan": "free", "anonymous_id": "d-1"}
    older = await crowd.people.timeline(crowd.mina, "u-1", before=line[0].time, limit=1)
    assert [moment.event for moment in older] == ["Signed Up"]
    [newest] = await crowd.people.timeline(crowd.mina, "u-1", after=line[1].time, sources=["app"])
    assert newest == line[0]
    assert "people" in {moment.source for moment in await crowd.people.timeline(crowd.mina, "u-1")}


async def test_what_is_sent_to_somebody_is_no_visit_of_theirs(crowd: Crowd) -> None:
    await crowd.send(user="u-1", minutes=1)
    await crowd.identify("u-2", minutes=2, name="미나")
    for who in ("u-1", "u-2", "sent-to"):
        await crowd.send("Message Sent", who, minutes=9, source="campaigns")
    await crowd.settle()
    visits = {"u-1": 1, "u-2": 2, "sent-to": None}
    for who, minutes in visits.items():
        last = MONDAY_NOON + timedelta(minutes=minutes) if minutes else None
        assert (await crowd.people.person(crowd.mina, who)).last_seen == last, who
        [found] = await crowd.people.find(crowd.mina, who)
        assert found.person.last_seen == last, who
        [*_, found] = await crowd.people.find(crowd.mina, who[:-1])
        assert (found.person.last_seen is None) == (who == "sent-to"), who
    assert [found.person.distinct_ids for found in await crowd.people.find(crowd.mina, "")] == [("u-2",), ("u-1",)]
    for device in range(9):  # more ids than are looked at one by one
        await crowd.send(user="u-1", device=f"d-{device}", minutes=-device)
    await crowd.settle()
    person = await crowd.people.person(crowd.mina, "u-1")
    assert person.first_seen == MONDAY_NOON - timedelta(minutes=8)
    assert person.last_seen == MONDAY_NOON + timedelta(minutes=1)


async def test_events_of_one_moment_are_read_page_by_page_without_a_gap(crowd: Crowd) -> None:
    for _ in range(5):
        await crowd.send(user="u-1", minutes=1)
    await crowd.settle()
    pages = [await crowd.people.timeline(crowd.mina, "u-1", limit=2)]
    while len(pages[-1]) == 2:
        last = pages[-1][-1]
        pages.append(await crowd.people.timeline(crowd.mina, "u-1", before=last.time, message=last.message_id, limit=2))
    assert [moment.message_id for page in pages for moment in page] == ["m-5", "m-4", "m-3", "m-2", "m-1"]


async def test_somebody_without_traits_is_found_by_their_events(crowd: Crowd) -> None:
    await crowd.send(device="d-9")
    await crowd.settle()
    person = await crowd.people.person(crowd.mina, "d-9")
    assert (person.distinct_ids, person.traits) == (("d-9",), {})
    with pytest.raises(NotFound):
        await crowd.people.person(crowd.mina, "nobody")
    with pytest.raises(NotFound) as unknown:
        await crowd.people.identity(crowd.mina, "nobody")
    assert unknown.value.field == "id"


async def test_finding_by_email_name_id_and_trait(crowd: Crowd) -> None:
    await crowd.identify("u-1", "d-1", name="김미나", email="Mina@sorimaru.example", plan="plus", birth_year=1994)
    await crowd.identify("u-2", name="Ben 100%", email="ben@sorimaru.example", plan="free")
    await crowd.settle()
    for text in ("mina@", "김미", "u-1", "d-1", "plan:plus", "birth_year:1994", str(crowd.of("u-1"))):
        assert [person.id for person in await crowd.people.search(crowd.mina, text)] == [crowd.of("u-1")], text
    assert [person.id for person in await crowd.people.search(crowd.mina, "ben 100%")] == [crowd.of("u-2")]
    assert await crowd.people.search(crowd.mina, "%") == []
    assert await crowd.people.search(crowd.mina, "zz") == []


async def test_without_a_text_those_who_were_here_last(crowd: Crowd) -> None:
    await crowd.identify("u-1", "d-1", minutes=1, name="Mina")
    await crowd.send(device="d-2", minutes=2)
    await crowd.send(device="d-1", minutes=3)
    await crowd.settle()
    first, second = await crowd.people.search(crowd.mina)
    assert (first.id, first.traits["name"]) == (crowd.of("u-1"), "Mina")
    assert second.distinct_ids == ("d-2",)


async def test_a_rival_finds_nobody_here(crowd: Crowd) -> None:
    await crowd.identify("u-1", name="Mina")
    await crowd.settle()
    rina = crowd.cast.rina
    assert await crowd.people.search(rina, "mina") == []
    assert await crowd.people.timeline(rina, str(crowd.of("u-1"))) == []
    with pytest.raises(NotFound):
        await crowd.people.person(rina, str(crowd.of("u-1")))


async def test_guests_do_not_see_people(crowd: Crowd) -> None:
    with pytest.raises(NotAllowed):
        await crowd.people.search(crowd.cast.gil, "mina")
    with pytest.raises(Invalid):
        await crowd.people.search(crowd.mina, "mina", limit=0)


async def test_a_history_of_people_loads_once(crowd: Crowd) -> None:
    rows = [
        Known(f"u-{n}", {"plan": "free", "n": n}, MONDAY_NOON, ((f"d-{n}", MONDAY_NOON),) if n % 2 else ())
        for n in range(12_000)
    ]
    assert await crowd.people.bulk_people(crowd.cast.tenant, rows) == 6000
    assert await crowd.people.bulk_people(crowd.cast.tenant, rows) == 0
    await crowd.settle()
    assert await crowd.who("d-7") == crowd.of("u-7")
    assert await crowd.people.count(crowd.mina) == 12_000
    people = [crowd.of("u-1"), crowd.of("d-3"), crowd.of("nobody")]
    async with crowd.state.begin(crowd.cast.tenant) as tx:
        traits = await crowd.people.traits(tx, crowd.cast.tenant, people)
    assert traits == {crowd.of("u-1"): {"plan": "free", "n": 1}, crowd.of("d-3"): {"plan": "free", "n": 3}}
    moved = await crowd.log.query(
        crowd.cast.tenant, "select count() from person_override where workspace = {workspace:String}"
    )
    assert moved.rows == [(6000,)]


async def test_what_failed_half_way_is_learned_by_the_next_try(crowd: Crowd) -> None:
    await crowd.identify("u-1", "d-1")
    follower = Follower(crowd.state, "people")

    async def die(tx: object, batches: object) -> None:
        await crowd.follower.handle(tx, batches)  # type: ignore[arg-type]
        raise SystemError("killed here")

    with pytest.raises(SystemError):
        await follower.step(die)
    await crowd.settle()
    assert await crowd.who("d-1") == crowd.of("u-1")
    assert len((await crowd.people.identity(crowd.mina, "u-1")).ids) == 2
