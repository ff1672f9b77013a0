"""The simulated company: the numbers promised, the same every time, and with the truths that the story needs."""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from dure.demo.cast import GENRES
from dure.demo.habits import micros
from dure.demo.history import history, links, traits
from dure.demo.live import comebacks, minute, source_of
from dure.demo.mentions import mentions, with_particles
from dure.demo.sales import STAGES, bookings, opportunities
from dure.demo.talk import talk
from dure.demo.world import Scope, Sizes, World, build
from dure.kernel.ids import person_id

END = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
SCOPE = Scope("E0DEMO", "T0DEMO")


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """A feed line, strictly."""

    org: str
    workspace: str
    event: str
    time: datetime
    person: str
    distinct_id: str
    account: str
    object_type: str
    object: str
    source: str
    message_id: str
    actor: str
    run: str
    properties: dict[str, str | int]
    received_at: datetime


DECODER = msgspec.json.Decoder(Line)


@pytest.fixture(scope="module")
def world() -> World:
    return build(7, END)


@pytest.fixture(scope="module")
def town() -> World:
    """A quarter of the company, where every line is read."""
    return build(7, END, Sizes(listeners=5_000, visitors=2_000))


@pytest.fixture(scope="module")
def lines(town: World) -> list[Line]:
    return [line for chunk in history(town, SCOPE) for line in DECODER.decode_lines(chunk.body)]


def test_the_company_has_its_promised_size(world: World) -> None:
    assert len(world.listeners) == 20_000
    assert (len(world.creators), len(world.customers), len(world.employees)) == (300, 60, 24)
    assert {one.function for one in world.employees} == {"product", "marketing", "sales", "ad_ops", "social", "care"}
    for keys in (
        [c.key for c in world.customers],
        [c.name for c in world.creators],
        [e.email for e in world.employees],
    ):
        assert len(set(keys)) == len(keys)
    assert all(one.contacts for one in world.customers)
    assert sum(one.popularity for one in world.creators) == pytest.approx(1)


def test_the_quarter_is_valid_ndjson_in_time_order(world: World) -> None:
    begun = time.perf_counter()
    chunks = list(history(world, SCOPE))
    seconds, count = time.perf_counter() - begun, sum(chunk.count for chunk in chunks)
    sys.stdout.write(f"\nhistory: {count} events, {sum(len(c.body) for c in chunks) / 1e6:.0f} MB, {seconds:.1f} s\n")
    assert 600_000 <= count <= 900_000
    last, number = world.start, 0
    for chunk in chunks:
        read = DECODER.decode_lines(chunk.body)
        assert len(read) == chunk.count
        for line in read:
            number += 1
            assert line.message_id == f"h-{number}"
            assert last <= line.time < line.received_at < line.time + timedelta(seconds=5)
            last = line.time
        assert chunk.last == micros(last)
    assert last < world.end


def test_people_are_who_their_distinct_ids_say(lines: list[Line]) -> None:
    for line in lines[::5_000]:
        assert line.person == str(person_id(SCOPE.workspace, line.distinct_id))


def test_everybody_who_comes_is_told_of_once_with_their_traits(town: World, lines: list[Line]) -> None:
    known = {user: about for user, about, _ in traits(town)}
    told = [(line.distinct_id, line.properties) for line in lines if line.event == "Identified"]
    assert dict(told) == {user: known[user] for user in {line.distinct_id for line in lines} & set(known)}
    assert len(told) == len(dict(told)) > 3_000


def test_most_begin_without_a_name_on_the_web(town: World, lines: list[Line]) -> None:
    signed_up = {line.distinct_id: line.time for line in lines if line.event == "Signed Up"}
    tied = {link.distinct_id: link for link in links(town)}
    assert 0.65 < len(tied) / len(signed_up) < 0.75
    first = {}
    for line in lines:
        first.setdefault(line.distinct_id, line)
    for user, link in list(tied.items())[50:250]:
        assert first[link.anonymous_id].event == "Page Viewed"
        assert first[link.anonymous_id].time < signed_up[user]
    assert {user for user, *_ in traits(town)} >= set(signed_up)


def test_a_quarter_of_new_listeners_is_back_on_day_seven(town: World, lines: list[Line]) -> None:
    back, size = _retention(town, lines, 7)
    assert 0.19 < back / size < 0.31
    back, size = _retention(town, lines, 1)
    assert 0.1 < back / size < 0.25


def test_listeners_come_back_to_what_they_like(town: World, lines: list[Line]) -> None:
    heard = Counter(
        line.properties["genre"] == GENRES[town.listeners.genre[int(line.distinct_id[2:]) - 1]]
        for line in lines[::10]
        if line.event == "Listen Started" and line.distinct_id.startswith("u-")
    )
    assert 0.5 < heard[True] / heard.total() < 0.8


def test_the_same_seed_gives_the_same_company_and_another_seed_another() -> None:
    small = Sizes(listeners=300, visitors=50, creators=30, broadcasts=90, mentions=200, messages=60)
    one, same, other = (build(seed, END, small) for seed in (1, 1, 2))
    assert list(history(one, SCOPE, 500)) == list(history(same, SCOPE, 500))
    assert list(history(one, SCOPE, 500)) != list(history(other, SCOPE, 500))
    for part in (opportunities, bookings, mentions, talk):
        assert part(one) == part(same)
    assert minute(one, END) == minute(same, END)


def test_what_is_delivered_belongs_to_won_deals_and_to_open_ones_of_the_same_customer(world: World) -> None:
    deals = {one.key: one for one in opportunities(world)}
    of = [(deals[item.opportunity], item) for item in bookings(world).line_items if item.opportunity]
    assert all(deal.account == item.account for deal, item in of)
    stages = {deal.stage for deal, item in of if item.deliveries}
    assert "Closed Won" in stages
    assert any(not stage.startswith("Closed") for stage in stages)
    assert "Closed Lost" not in stages


def test_deals_stand_in_every_stage_with_their_path(world: World) -> None:
    deals = opportunities(world)
    assert len(deals) == 120
    assert {one.stage for one in deals} == set(STAGES)
    for deal in deals:
        assert deal.history[-1].stage == deal.stage
        assert deal.history[0].stage == "Prospecting"
        assert [step.at for step in deal.history] == sorted({step.at for step in deal.history})
        assert deal.history[-1].at < world.end
        assert deal.owner not in deal.team


@pytest.mark.parametrize("day", range(7))
def test_line_items_that_will_miss_look_fine_to_a_straight_line(day: int) -> None:
    now = END + timedelta(days=day)
    booked = bookings(build(7, now, Sizes(listeners=10, broadcasts=300)))
    today = (now + timedelta(hours=9)).date()
    assert len(booked.line_items) == 90
    assert Counter(booked.expected.values()) == {"healthy": 78, "at_risk": 5, "over": 4, "not_launched": 3}
    assert len(booked.campaigns) == 40
    for item in booked.line_items:
        so_far, done = sum(one.impressions for one in item.deliveries), len(item.deliveries)
        length = (item.end - item.start).days + 1
        straight = so_far / max(done, 1) * length / item.goal
        fate = booked.expected[item.key]
        if fate == "at_risk":
            recent = {one.date.weekday(): one.impressions for one in item.deliveries[-7:]}
            ahead = [today + timedelta(days=n) for n in range((item.end - today).days + 1)]
            assert straight > 1.0
            assert (so_far + sum(recent[one.weekday()] for one in ahead)) / item.goal < 0.96
        elif fate == "not_launched":
            assert not item.deliveries
            assert item.start < today <= item.end
        elif fate == "over":
            assert straight > 1.2
        elif item.end < today:
            assert so_far >= item.goal
        elif item.start < today:
            assert straight > 0.9


def test_mentions_are_mostly_korean_and_end_in_a_spike(world: World) -> None:
    posts = mentions(world)
    assert len(posts) == 5_000
    assert 0.66 < sum(one.language == "ko" for one in posts) / len(posts) < 0.75
    assert [one.time for one in posts] == sorted(one.time for one in posts)
    assert world.start <= posts[0].time
    assert posts[-1].time < world.end
    assert not any("{" in one.text for one in posts)
    broken = [one for one in posts if one.truth.topic == "payment" and one.language == "ko"]
    recent = [one for one in broken if one.time >= world.end - timedelta(hours=2)]
    assert 115 <= len(recent) <= 130
    assert all("결제" in one.text for one in recent[-50:])
    assert {one.truth.intent for one in posts} == {"praise", "question", "complaint", "purchase", "hiring", "press"}


def test_korean_particles_follow_the_last_syllable() -> None:
    assert with_particles("한빛커피와/과 손잡고") == "한빛커피와 손잡고"
    assert with_particles("구름은행와/과 손잡고") == "구름은행과 손잡고"


def test_talk_is_said_by_members_and_threads_follow_their_post(world: World) -> None:
    said = talk(world)
    rooms = {room.name: room for room in said.rooms}
    assert len(said.posts) == 1_500
    assert len(rooms) == 14
    seen: dict[str, str] = {}
    for post in said.posts:
        assert post.author in rooms[post.room].members
        assert not post.thread or seen[post.thread] == post.room
        assert "{" not in post.text
        seen[post.key] = post.room
    assert [post.time for post in said.posts] == sorted(post.time for post in said.posts)
    assert sum(bool(room.account) for room in said.rooms) == 2


def test_a_live_minute_is_watchable_and_ends_what_it_began(world: World) -> None:
    begun, ended, ids = set(), set(), set()
    for number in range(25):
        calls = minute(world, world.end + timedelta(minutes=number))
        assert 40 <= len(calls) <= 120
        for call in calls:
            assert call["type"] in {"track", "identify", "page"}
            assert source_of(call) in {"web", "app"}
            assert "userId" in call or "anonymousId" in call
            ids.add(call["messageId"])
            start = datetime.fromisoformat(str(call["timestamp"]))
            assert 0 <= (start - world.end).total_seconds() - number * 60 < 60
            key = str(call["messageId"]).rsplit("-", 1)[0]
            (
                begun
                if call.get("event") == "Listen Started"
                else ended
                if call.get("event") == "Listen Ended"
                else ids
            ).add(key)
    assert ended <= begun


def test_a_recommendation_to_their_taste_brings_more_back(world: World) -> None:
    people = [f"u-{n}" for n in range(1, 2_001)]
    liked = [(one, GENRES[world.listeners.genre[int(one[2:]) - 1]]) for one in people]

    def back(calls: list[dict[str, object]]) -> float:
        return len({call["userId"] for call in calls}) / len(people)

    assert back(comebacks(world, liked, [], END)) == pytest.approx(0.22, abs=0.03)
    assert back(comebacks(world, [], people, END)) == pytest.approx(0.10, abs=0.03)


def _retention(world: World, lines: list[Line], days: int) -> tuple[int, int]:
    """(came on exactly that day, could have) of those who signed up in the quarter; days are Seoul's."""
    seoul = timedelta(hours=9)
    signed_up, opened = {}, defaultdict(set)
    for line in lines:
        day = (line.time + seoul).toordinal()
        if line.event == "Signed Up":
            signed_up[line.distinct_id] = day
        elif line.event == "App Opened":
            opened[line.distinct_id].add(day)
    last = (world.end + seoul).toordinal()
    size = {user: day for user, day in signed_up.items() if day + days < last}
    return sum(day + days in opened[user] for user, day in size.items()), len(size)
