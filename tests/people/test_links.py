"""Links that were made are explained, undone on purpose, made by hand, and follow from the facts in any order."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dure.feed.api import tail
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.ids import person_id
from dure.metrics.api import Metrics
from dure.people.facts import learn
from dure.people.links import Claim
from dure.people.model import Facts, Identity, News, Reason
from tests.people.conftest import Crowd
from tests.people_of import MONDAY_NOON

pytestmark = pytest.mark.anyio

DAY = {"from": "2026-11-23", "to": "2026-11-23"}


async def people_who(crowd: Crowd, event: str) -> int:
    """A *trend* of people, asked as anybody asks it."""
    metrics = Metrics(crowd.state, crowd.log, crowd.people._clock, crowd.cast.governance)
    asked = {"kind": "trend", "series": [{"event": event, "math": "people"}], "interval": "day", **DAY}
    answer = await metrics.ask(crowd.mina, asked)
    return int(answer["series"][0]["total"])


async def funnel(crowd: Crowd, *steps: str) -> list[int]:
    metrics = Metrics(crowd.state, crowd.log, crowd.people._clock, crowd.cast.governance)
    asked = {"kind": "funnel", "steps": [{"event": step} for step in steps], "window": "1d", **DAY}
    return [step["count"] for step in (await metrics.ask(crowd.mina, asked))["steps"]]


def of(identity: Identity, distinct_id: str) -> Reason:
    return next(one for one in identity.ids if one.distinct_id == distinct_id)


async def test_a_merge_changes_a_trend_and_a_funnel_at_once(crowd: Crowd) -> None:
    """I1, asked as questions."""
    await crowd.send("Page Viewed", device="d-1")
    await crowd.send("Page Viewed", device="d-2")
    await crowd.send("Signed Up", "u-1", source="server")
    await crowd.settle()
    assert await people_who(crowd, "Page Viewed") == 2
    assert await funnel(crowd, "Page Viewed", "Signed Up") == [2, 0]
    await crowd.identify("u-1", "d-1")
    await crowd.identify("u-1", "d-2")
    await crowd.settle()
    assert await people_who(crowd, "Page Viewed") == 1
    assert await funnel(crowd, "Page Viewed", "Signed Up") == [1, 1]


async def test_an_undone_link_gives_each_side_its_events_and_traits_back(crowd: Crowd) -> None:
    await crowd.identify("", "d-1", language="ko", plan="none")
    await crowd.send("Page Viewed", device="d-1")
    await crowd.identify("u-1", "d-1", plan="plus", account="acme")
    await crowd.identify("", "d-1", theme="dark")
    await crowd.send("Page Viewed", user="u-1")
    await crowd.settle()
    joined = await crowd.people.person(crowd.mina, "u-1")
    assert joined.traits == {"language": "ko", "plan": "plus", "theme": "dark"}
    assert await people_who(crowd, "Page Viewed") == 1

    identity = await crowd.people.ids.split(crowd.mina, "u-1", "d-1", "a library's computer")
    await crowd.settle()
    assert [one.distinct_id for one in identity.ids] == ["u-1"]
    assert [(one.distinct_id, one.reason) for one in identity.parted] == [("d-1", "a library's computer")]
    user, device = [await crowd.people.person(crowd.mina, one) for one in ("u-1", "d-1")]
    assert (user.traits, user.account) == ({"plan": "plus"}, "acme")
    assert (device.traits, device.account) == ({"language": "ko", "plan": "none", "theme": "dark"}, "")
    async with crowd.state.begin(crowd.cast.tenant) as tx:
        known = await crowd.people.known(tx, crowd.cast.tenant, [crowd.of("u-1"), crowd.of("d-1")])
    assert known[crowd.of("u-1")].first_seen == MONDAY_NOON + timedelta(minutes=3)
    assert known[crowd.of("d-1")].first_seen == MONDAY_NOON + timedelta(minutes=1)
    assert await people_who(crowd, "Page Viewed") == 2
    assert await crowd.counts() == {crowd.of("u-1"): 2, crowd.of("d-1"): 3}


async def test_a_split_stays_when_the_same_claim_comes_again_and_can_be_undone(crowd: Crowd) -> None:
    await crowd.identify("u-1", "d-1", plan="plus")
    await crowd.settle()
    [split] = (await crowd.people.ids.split(crowd.mina, "u-1", "d-1", "shared")).parted
    await crowd.identify("u-1", "d-1")
    await crowd.identify("u-2", "d-1")
    await crowd.settle()
    assert await crowd.who("d-1") == crowd.of("d-1")
    alone = of(await crowd.people.identity(crowd.mina, "d-1"), "d-1")
    assert {(one.claim.user_id, one.why) for one in alone.refused} == {
        ("u-1", "split_by_hand"),
        ("u-2", "split_by_hand"),
    }
    theirs = await crowd.people.ids.undo(crowd.mina, "u-1", str(split.id), "split")
    await crowd.settle()
    assert await crowd.who("d-1") == theirs.person == crowd.of("u-1")
    [told] = of(theirs, "d-1").decisions
    assert (told.undone_by, told.undone_at) == (crowd.mina.user, MONDAY_NOON)
    with pytest.raises(Conflict):
        await crowd.people.ids.undo(crowd.mina, "u-1", str(split.id), "split")


async def test_a_device_joined_by_hand_is_explained_and_undone(crowd: Crowd) -> None:
    await crowd.send("Page Viewed", device="d-9")
    await crowd.identify("u-1", plan="plus")
    await crowd.identify("", "d-9", language="ko")
    await crowd.settle()
    identity = await crowd.people.ids.join(crowd.cast.joon, "u-1", "d-9", "said so on the phone")
    await crowd.settle()
    [decision] = of(identity, "d-9").decisions
    assert of(identity, "d-9").joined_by == decision
    assert (decision.actor, decision.reason, decision.two_users) == (
        crowd.cast.joon.user,
        "said so on the phone",
        False,
    )
    assert (await crowd.people.person(crowd.mina, "d-9")).traits == {"plan": "plus", "language": "ko"}
    await crowd.people.ids.undo(crowd.cast.joon, "u-1", str(decision.id), "join")
    await crowd.settle()
    assert (await crowd.people.person(crowd.mina, "d-9")).traits == {"language": "ko"}
    assert await crowd.counts() == {crowd.of("u-1"): 1, crowd.of("d-9"): 2}


async def test_a_device_joined_by_hand_is_its_own_once_somebody_signs_in_under_it(crowd: Crowd) -> None:
    await crowd.identify("u-1")
    await crowd.send(device="x")
    await crowd.settle()
    await crowd.people.ids.join(crowd.mina, "u-1", "x", "same person")
    await crowd.identify("x", plan="free")
    await crowd.settle()
    assert await crowd.who("x") == crowd.of("x")


async def test_two_users_are_joined_only_by_somebody_privileged_who_says_so(crowd: Crowd) -> None:
    """I4, guarded: with their devices, and reversibly."""
    await crowd.identify("alice", "a-1", name="Alice")
    await crowd.identify("bob", "b-1", plan="plus")
    await crowd.identify("", "b-1", language="ko")
    await crowd.settle()
    with pytest.raises(NotAllowed) as refused:
        await crowd.people.ids.join(crowd.cast.joon, "alice", "bob", "twice signed up", two_users=True)
    assert refused.value.data == {"users": ["bob", "alice"], "needs": "owner or admin", "your_role": "member"}
    with pytest.raises(Conflict) as unsaid:
        await crowd.people.ids.join(crowd.mina, "alice", "bob", "twice signed up")
    assert unsaid.value.field == "two_users"
    identity = await crowd.people.ids.join(crowd.mina, "alice", "bob", "twice signed up", two_users=True)
    await crowd.settle()
    assert {one.distinct_id for one in identity.ids} == {"alice", "a-1", "bob", "b-1"}
    assert await crowd.counts() == {crowd.of("alice"): 3}
    both = await crowd.people.person(crowd.mina, "b-1")
    assert both.traits == {"name": "Alice", "plan": "plus", "language": "ko"}
    await crowd.identify("bob", "b-2", city="Busan")
    await crowd.settle()
    assert await crowd.who("b-2") == crowd.of("alice")

    [join] = of(await crowd.people.identity(crowd.mina, "alice"), "bob").decisions
    with pytest.raises(NotAllowed):
        await crowd.people.ids.undo(crowd.cast.joon, "alice", str(join.id), "join")
    await crowd.people.ids.undo(crowd.mina, "bob", str(join.id), "join")
    await crowd.settle()
    assert await crowd.counts() == {crowd.of("alice"): 1, crowd.of("bob"): 3}
    assert (await crowd.people.person(crowd.mina, "alice")).traits == {"name": "Alice"}
    assert (await crowd.people.person(crowd.mina, "b-1")).traits == {"plan": "plus", "language": "ko", "city": "Busan"}


async def test_users_are_not_joined_to_each_other_both_ways(crowd: Crowd) -> None:
    for user in ("a", "b"):
        await crowd.identify(f"user-{user}")
    await crowd.settle()
    ids = crowd.people.ids
    first = await ids.join(crowd.mina, "user-a", "user-b", "one", two_users=True)
    [join] = of(first, "user-b").decisions
    await ids.split(crowd.mina, "user-a", "user-b", "no")
    [split] = (await ids.identity(crowd.mina, "user-a")).parted
    await ids.join(crowd.mina, "user-b", "user-a", "the other way", two_users=True)
    with pytest.raises(Conflict):
        await ids.undo(crowd.mina, "user-b", str(split.id), "split")
    assert join.id != split.id


async def test_a_refused_alias_of_two_users_is_told_on_both_pages(crowd: Crowd) -> None:
    await crowd.identify("alice", "a-1")
    await crowd.identify("bob", "b-1")
    await crowd.send("Aliased", "alice", previous="bob", source="server")
    await crowd.settle()
    assert await crowd.who("bob") == crowd.of("bob")
    [refused] = of(await crowd.people.identity(crowd.mina, "bob"), "bob").refused
    said = (refused.claim.user_id, refused.claim.event, refused.claim.message_id, refused.claim.source, refused.why)
    assert said == ("alice", "Aliased", "m-3", "server", "two_users")
    [same] = (await crowd.people.identity(crowd.mina, "alice")).refused
    assert (same.claim.distinct_id, same.why) == ("bob", "two_users")


async def test_a_link_names_the_event_that_made_it(crowd: Crowd) -> None:
    await crowd.send("Signed Up", "u-1", "d-1", source="app")
    await crowd.settle()
    decided = of(await crowd.people.identity(crowd.mina, "u-1"), "d-1").decided_by
    assert decided is not None
    assert (decided.event, decided.message_id, decided.source, decided.at) == (
        "Signed Up",
        "m-1",
        "app",
        MONDAY_NOON + timedelta(minutes=1),
    )


async def test_every_act_on_ids_is_one_named_event_with_its_actor(crowd: Crowd) -> None:
    await crowd.identify("u-1", "d-1")
    await crowd.settle()
    [split] = (await crowd.people.ids.split(crowd.mina, "u-1", "d-1", "shared")).parted
    await crowd.people.ids.undo(crowd.mina, "u-1", str(split.id), "split")
    async with crowd.state.begin_system() as tx:
        said = [event for batch in await tail(tx, 0) for event in batch.events() if event.source == "people"]
    acts = [event for event in said if event.event != "Person Linked"]
    assert [(one.event, one.actor, one.person, one.properties["reason"]) for one in acts] == [
        ("Ids Split", crowd.mina.user, crowd.of("u-1"), "shared"),
        ("Split Undone", crowd.mina.user, crowd.of("u-1"), "shared"),
    ]


async def test_what_cannot_be_split_or_joined_is_refused_by_name(crowd: Crowd) -> None:
    await crowd.identify("u-1", "d-1")
    await crowd.send(device="d-2")
    await crowd.settle()
    ids = crowd.people.ids
    for wrong, field, call in (
        (Invalid, "reason", ids.split(crowd.mina, "u-1", "d-1", " ")),
        (NotFound, "distinct_id", ids.split(crowd.mina, "u-1", "d-7", "why")),
        (Invalid, "distinct_id", ids.split(crowd.mina, "u-1", "u-1", "why")),
        (Conflict, "distinct_id", ids.join(crowd.mina, "u-1", "d-1", "why")),
        (Invalid, "distinct_id", ids.join(crowd.mina, "u-1", "null", "why")),
        (Invalid, "id", ids.join(crowd.mina, "d-2", "d-1", "why")),
        (NotFound, "decision", ids.undo(crowd.mina, "u-1", "nothing", "split")),
        (NotAllowed, None, ids.split(crowd.cast.gil, "u-1", "d-1", "why")),
        (NotFound, "distinct_id", ids.split(crowd.cast.rina, "u-1", "d-1", "why")),
    ):
        with pytest.raises(wrong) as refused:
            await call
        assert refused.value.field == field


IDS = st.sampled_from("abcde")
FACT = st.tuples(
    st.sampled_from(["claim", "user", "traits"]), IDS, IDS, st.integers(0, 6), st.sampled_from(["x", "y", None, 3])
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(FACT, min_size=1, max_size=10), seed=st.integers(0, 1 << 30))
async def test_any_order_of_the_same_facts_ends_in_the_same_people(
    crowd: Crowd, facts: list[tuple[str, str, str, int, Any]], seed: int
) -> None:
    """I7 over whole histories: identities, overrides and traits, told twice in other orders and cuts."""
    dice, ends, numbered = random.Random(seed), [], list(enumerate(facts))
    for _ in range(2):
        crowd.sent += 1
        telling = f"{crowd.sent}."
        await tell(crowd, telling, dice.sample(numbered, len(numbered)), dice)
        ends.append(await told(crowd, telling))
    assert ends[0] == ends[1]


async def tell(
    crowd: Crowd, telling: str, facts: list[tuple[int, tuple[str, str, str, int, Any]]], dice: random.Random
) -> None:
    """States facts in this order, cut into transactions by chance; no two are of one moment."""
    stated = Facts()
    for number, (kind, one, other, minute, value) in facts:
        at = MONDAY_NOON + timedelta(minutes=minute, microseconds=number)
        if kind == "claim":
            stated.claims.append(Claim(at, f"{minute}", telling + one, telling + other))
        elif kind == "user":
            stated.users[telling + one] = min(at, stated.users.get(telling + one, at))
        else:
            stated.people.append(News(telling + one, {other: value}, at))
        if dice.random() < 0.4:
            await learned(crowd, stated)
            stated = Facts()
    await learned(crowd, stated)


async def learned(crowd: Crowd, stated: Facts) -> None:
    async with crowd.state.begin(crowd.cast.tenant) as tx:
        await learn(tx, crowd.cast.tenant, stated, MONDAY_NOON)


async def told(crowd: Crowd, telling: str) -> dict[str, Any]:
    """By id: whose it is, what the last override says, and what is known of the person."""
    workspace = crowd.cast.tenant.workspace
    names: dict[UUID, str] = {person_id(workspace, telling + one): one for one in "abcde"}
    async with crowd.state.begin(crowd.cast.tenant) as tx:
        rows = await tx.rows(
            "select distinct_id, person from people.identity where distinct_id like %s", (telling + "%",)
        )
        known = await crowd.people.known(tx, crowd.cast.tenant, list(names))
        linked = [event for batch in await tail(tx, 0, limit=100_000) for event in batch.events()]
    overrides = {
        names[UUID(event.properties["from_person"])]: names[UUID(event.properties["to_person"])]
        for event in linked
        if event.event == "Person Linked" and UUID(event.properties["from_person"]) in names
    }
    return {
        "whose": {row["distinct_id"].removeprefix(telling): names[row["person"]] for row in rows},
        "overrides": {one: to for one, to in overrides.items() if one != to},
        "traits": {names[one]: person.traits for one, person in known.items()},
    }
