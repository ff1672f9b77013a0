"""Which ids are one person: the published cases of Mixpanel, PostHog and Segment, and that order changes nothing."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from dure.kernel.ids import uuid7
from dure.people.links import Claim, Decision, is_junk, owner, root
from tests.people.conftest import Crowd

pytestmark = pytest.mark.anyio
NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)


async def test_a_device_that_signs_in_brings_its_past(crowd: Crowd) -> None:
    """I1 and I2: both devices' events are the user's, also those from before."""
    await crowd.send(device="d-1")
    await crowd.send(device="d-1")
    await crowd.send(user="u-1", device="d-1")
    await crowd.settle()
    assert await crowd.counts() == {crowd.of("u-1"): 3}
    await crowd.send(device="d-2")
    await crowd.send(device="d-2")
    await crowd.send(user="u-1", device="d-2")
    await crowd.settle()
    assert await crowd.counts() == {crowd.of("u-1"): 6}
    person = await crowd.people.person(crowd.mina, "d-2")
    assert (person.id, set(person.distinct_ids)) == (crowd.of("u-1"), {"u-1", "d-1", "d-2"})


async def test_a_shared_device_that_resets_keeps_two_people_apart(crowd: Crowd) -> None:
    """I3."""
    await crowd.send(device="d-1")
    await crowd.send(user="u-1", device="d-1")
    await crowd.send(device="d-2")
    await crowd.send(device="d-2")
    await crowd.send(user="u-2", device="d-2")
    await crowd.settle()
    assert await crowd.counts() == {crowd.of("u-1"): 2, crowd.of("u-2"): 3}


async def test_a_shared_device_that_does_not_reset_stays_with_the_first(crowd: Crowd) -> None:
    await crowd.identify("u-1", "kiosk")
    await crowd.identify("u-2", "kiosk")
    await crowd.send(device="kiosk")
    await crowd.settle()
    assert await crowd.counts() == {crowd.of("u-1"): 2, crowd.of("u-2"): 1}
    [user, device] = (await crowd.people.identity(crowd.mina, "u-1")).ids
    assert (user.is_user, device.distinct_id) == (True, "kiosk")
    assert device.decided_by is not None
    assert (device.decided_by.user_id, device.decided_by.message_id) == ("u-1", "m-1")
    assert [(one.claim.user_id, one.why) for one in device.refused] == [("u-2", "another_came_first")]


async def test_two_known_users_never_become_one(crowd: Crowd) -> None:
    """I4: neither by the other's device nor by an alias."""
    await crowd.identify("alice", "a-1")
    await crowd.identify("alice", "a-2")
    await crowd.identify("bob", "b-1")
    await crowd.identify("alice", "b-1")
    await crowd.send("Aliased", "alice", previous="bob")
    await crowd.settle()
    assert await crowd.who("b-1") == await crowd.who("bob") == crowd.of("bob")
    assert await crowd.who("a-2") == await crowd.who("alice") == crowd.of("alice")


async def test_placeholders_join_nobody(crowd: Crowd) -> None:
    """I5."""
    for junk in ("undefined", "null", "0", "[]", "00000000-0000-0000-0000-000000000000", "-1", "anonymous"):
        assert is_junk(junk)
        await crowd.identify("alice", junk)
        await crowd.identify("bob", junk)
    await crowd.settle()
    assert set(await crowd.counts()) == {crowd.of("alice"), crowd.of("bob")}
    assert (await crowd.people.person(crowd.mina, "alice")).distinct_ids == ("alice",)


async def test_a_shared_email_joins_nobody(crowd: Crowd) -> None:
    """I6: a new user id with somebody's e-mail is a new person."""
    await crowd.identify("abc123", email="jane@sorimaru.example")
    await crowd.identify("abc456", email="jane@sorimaru.example")
    await crowd.settle()
    assert await crowd.who("abc123") != await crowd.who("abc456")
    assert len(await crowd.people.search(crowd.mina, "jane@")) == 2


async def test_the_order_of_arrival_changes_nothing(crowd: Crowd) -> None:
    """I7: the later event arrives first."""
    await crowd.identify("u-1", "d-1", minutes=5)
    await crowd.settle()
    await crowd.send(device="d-1", minutes=1)
    await crowd.identify("u-0", "d-1", minutes=3)
    await crowd.settle()
    assert await crowd.counts() == {crowd.of("u-0"): 2, crowd.of("u-1"): 1}


async def test_an_id_that_proves_to_be_a_users_is_given_back(crowd: Crowd) -> None:
    await crowd.send("Aliased", "u-2", previous="u-1")
    await crowd.settle()
    assert await crowd.who("u-1") == crowd.of("u-2")
    await crowd.identify("u-1", name="Own")
    await crowd.send(user="u-1")
    await crowd.settle()
    assert await crowd.who("u-1") == crowd.of("u-1")
    assert await crowd.counts() == {crowd.of("u-1"): 2, crowd.of("u-2"): 1}


async def test_an_alias_brings_the_former_id(crowd: Crowd) -> None:
    await crowd.send(user="old-7")
    await crowd.send("Aliased", "u-7", previous="old-7")
    await crowd.settle()
    assert await crowd.counts() == {crowd.of("u-7"): 2}


async def test_any_order_of_the_same_statements_ends_in_the_same_people(crowd: Crowd) -> None:
    """Histories of five ids, each told in several orders and cut into different transactions."""
    dice = random.Random(7)
    for history in range(4):
        ids = [f"{history}-{letter}" for letter in "abcde"]
        acts = [(dice.choice(ids), dice.choice(["", *ids]), minute) for minute in range(8)]
        ends = []
        for telling in range(3):
            dice.shuffle(acts)
            for user, device, minute in acts:
                await crowd.identify(f"{telling}.{user}", f"{telling}.{device}" if device else "", minutes=minute)
                if dice.random() < 0.5:
                    await crowd.follower.step()
            await crowd.settle()
            named = [one for one in ids if any(one in act[:2] for act in acts)]
            whose = {one: await crowd.who(f"{telling}.{one}") for one in named}
            ends.append({one: [own for own in named if crowd.of(f"{telling}.{own}") == whose[one]] for one in named})
        assert ends[0] == ends[1] == ends[2]


def claim(device: str, user: str, minute: int) -> Claim:
    return Claim(NOON + timedelta(minutes=minute), f"m-{minute}", device, user)


def test_the_earliest_claim_decides_in_whatever_order() -> None:
    claims = [claim("d", "u-2", 2), claim("d", "u-1", 1), claim("d", "null", 0), claim("d", "d", 0)]
    for order in itertools.permutations(claims):
        decided = owner("d", {"u-1", "u-2"}, order)
        assert decided is not None
        assert decided.user_id == "u-1"
    assert owner("d", {"d"}, claims) is None
    assert owner("d", set(), []) is None


def decided(kind: Literal["split", "join"], two_users: bool = False) -> Decision:
    return Decision(uuid7(), "d", "u-9", kind, two_users, NOON, "mina", "because")


def test_a_decision_by_hand_stands_above_every_claim() -> None:
    claims = [claim("d", "u-1", 1), claim("d", "u-2", 2)]
    assert owner("d", set(), claims, decided("split")) is None
    assert getattr(owner("d", set(), claims, decided("join")), "user_id", "") == "u-9"
    assert owner("d", {"d"}, claims, decided("join")) is None
    assert getattr(owner("d", {"d"}, claims, decided("join", True)), "user_id", "") == "u-9"


def test_users_joined_one_after_the_other_end_in_one() -> None:
    joins = {one: replace(decided("join", True), distinct_id=one, user_id=to) for one, to in (("a", "b"), ("b", "c"))}
    assert [root(one, joins) for one in "abcx"] == ["c", "c", "c", "x"]
    assert root("a", {**joins, "b": replace(joins["b"], kind="split")}) == "b"
