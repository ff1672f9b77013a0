"""A workspace's rules at the door: its tracking plan, its names, what it keeps of personal data."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dure.ingest import pipeline, rules_store
from dure.ingest.model import Incoming, Reason
from dure.ingest.names import HELD_A_NAME
from dure.ingest.personal import PersonalRule
from dure.ingest.ruled import Noted, Ruled
from dure.ingest.rules import DEFAULT, Rules
from dure.kernel.errors import Invalid, NotAllowed, NotFound
from dure.kernel.ids import person_id
from dure.log.api import Log
from tests.ingest.conftest import Door, acts, track

pytestmark = pytest.mark.anyio

GIFT: dict[str, Any] = {
    "type": "object",
    "properties": {"amount": {"type": "integer", "minimum": 1}, "currency": {"enum": ["KRW", "USD"]},
                   "to": {"type": "object", "properties": {"id": {"type": "string"}}, "additionalProperties": False}},
    "required": ["amount"],
}  # fmt: skip


def gift(**properties: Any) -> dict[str, Any]:
    return track("Gift Sent", properties=properties, context={"locale": "ko-KR", "campaign": {"source": "naver"}})


async def plan(door: Door, action: str, schema: dict[str, Any] = GIFT, event: str = "Gift Sent") -> None:
    await door.ingest.plan.plan_event(door.cast.mina, event, schema, action)


async def violations(door: Door) -> dict[str, int]:
    await door.ingest.tally.write()
    return {row["message"]: row["count"] for row in await door.ingest.plan.violations(door.cast.mina)}


# -- the steps --------------------------------------------------------------------------------------------------------


def test_every_step_says_what_it_does() -> None:
    for step in pipeline.PIPELINE:
        assert (step.act if isinstance(step, Ruled) else step).__doc__


def test_rules_that_are_not_used_are_not_run() -> None:
    chosen = {getattr(step, "func", step).__name__ for step in pipeline.chosen(DEFAULT, Noted())}
    assert chosen & {"follow_plan", "await_approval", "refuse_blocked", "rename_event", "spare_personal_data"} == set()
    assert {"drop_address", "read_agent", "read_campaign"} <= chosen
    fewer = {getattr(step, "func", step).__name__ for step in pipeline.chosen(Rules(read_context=False), Noted())}
    assert chosen - fewer == {"read_agent", "read_campaign"}


# -- the plan ---------------------------------------------------------------------------------------------------------


async def test_an_event_as_planned_goes_on(door: Door) -> None:
    await plan(door, "block")
    await door.batch(gift(amount=3, currency="KRW", of="no schema speaks"), track("Another"))
    assert [event.event for event in await door.events()] == ["Gift Sent", "Another"]
    assert await violations(door) == {}


async def test_warn_lets_it_pass_and_counts_it(door: Door) -> None:
    await plan(door, "warn")
    await door.batch(gift(amount="3", email="a@b.c"), gift(amount=0), gift())
    assert [event.properties.get("amount") for event in await door.events()] == ["3", 0, None]
    assert await violations(door) == {
        'amount: … is not of type "integer"': 1, "amount: … is less than the minimum of 1": 1,
        '"amount" is a required property': 1,
    }  # fmt: skip
    assert await door.rejects() == []


async def test_block_refuses_it_and_says_why(door: Door) -> None:
    await plan(door, "block")
    await door.batch(gift(amount=3), gift(amount="secret"))
    assert [event.properties["amount"] for event in await door.events()] == [3]
    [reject] = await door.rejects()
    assert (reject.reason, reject.message) == (
        Reason.BREAKS_PLAN, 'Gift Sent: amount: … is not of type "integer"',
    )  # fmt: skip
    assert len(await violations(door)) == 1


async def test_strip_takes_away_what_breaks_it_or_is_not_in_it(door: Door) -> None:
    await plan(door, "strip")
    await door.batch(gift(amount=3, currency="GBP", to={"id": "u-2", "name": "x"}, extra=1))
    properties = (await door.one()).properties
    assert {name: properties[name] for name in ("amount", "to")} == {"amount": 3, "to": {"id": "u-2"}}
    assert properties.keys() == {"amount", "to", "context", "utm_source"}, "what Dure adds stays"


async def test_strip_leaves_what_is_missing_missing(door: Door) -> None:
    await plan(door, "strip")
    await door.batch(gift(amount="x"))
    assert "amount" not in (await door.one()).properties
    assert await door.rejects() == []


async def test_violations_keep_their_newest_example_without_personal_data(door: Door) -> None:
    await plan(door, "warn")
    await door.ingest.privacy.keep(door.cast.mina, False, True, [PersonalRule("email")])
    await door.batch(gift(amount="1", email="a@b.c"), gift(amount="2", email="a@b.c"))
    await door.ingest.tally.write()
    [row] = await door.ingest.plan.violations(door.cast.mina, "Gift Sent")
    assert (row["count"], row["source"], row["what"]) == (2, "web", "properties/amount/type")
    assert json.loads(row["example"])["properties"] == {"amount": "2"}
    assert (await door.ingest.plan.violations_by_event(door.cast.mina))["Gift Sent"] == [0] * 13 + [2]


async def test_every_version_stays_readable(door: Door) -> None:
    await plan(door, "warn")
    await plan(door, "warn")
    await plan(door, "block")
    await door.ingest.plan.remove(door.cast.mina, "Gift Sent")
    versions = await door.ingest.plan.versions(door.cast.mina, "Gift Sent")
    assert [(one.version, one.action, one.removed) for one in versions] == [
        (3, "block", True), (2, "block", False), (1, "warn", False),
    ]  # fmt: skip
    assert {one.changed_by for one in versions} == {door.cast.mina.actor}
    assert await door.ingest.plan.planned(door.cast.mina) == []
    with pytest.raises(NotFound):
        await door.ingest.plan.remove(door.cast.mina, "Gift Sent")
    await plan(door, "warn")
    assert (await door.ingest.plan.planned(door.cast.mina))[0].version == 4


async def test_a_plan_is_taken_over_whole_or_not_at_all(door: Door) -> None:
    await plan(door, "warn")
    await plan(door, "warn", event="Old")
    listed = [{"event": "Gift Sent", "schema": GIFT, "action": "warn"}, {"event": "New", "schema": {}}]
    with pytest.raises(Invalid) as raised:
        await door.ingest.plan.take_over(door.cast.mina, [*listed, {"event": "X", "schema": {"type": 1}}], True)
    assert raised.value.field == "events.2.schema"
    done = await door.ingest.plan.take_over(door.cast.mina, listed, True)
    assert (done.added, done.changed, done.removed, done.unchanged) == (1, 0, 1, 1)
    assert [one.event for one in await door.ingest.plan.planned(door.cast.mina)] == ["Gift Sent", "New"]


@pytest.mark.parametrize(
    "schema",
    [[], "x", {"type": "nope"}, {"pattern": "("}, {"$ref": "http://127.0.0.1:1/x"}, {"$ref": "file:///etc/passwd"},
     {"$ref": "#/nowhere"}, {"description": "x" * 40_000}],
)  # fmt: skip
async def test_what_is_no_schema_is_refused_with_its_fault(door: Door, schema: Any) -> None:
    with pytest.raises(Invalid) as raised:
        await door.ingest.plan.plan_event(door.cast.mina, "A", schema)
    assert raised.value.field == "schema"


async def test_a_schema_that_is_one_no_more_does_not_close_the_door(door: Door) -> None:
    """As after an upgrade of the validator: what is stored is refused by it."""
    await plan(door, "block")
    await plan(door, "block", event="Listen Started", schema={"required": ["episode"]})
    async with door.state.begin_system() as tx:
        await tx.run("update ingest.planned_event set schema = '{\"type\": \"gone\"}' where event = 'Gift Sent'")
    await door.batch(gift(), track("Listen Started"))
    assert [event.event for event in await door.events()] == ["Gift Sent"]
    assert await door.reason() == "breaks_plan"


async def test_a_pattern_cannot_hold_the_door_up(door: Door) -> None:
    await plan(door, "block", {"properties": {"amount": {"pattern": "^(a+)+$"}}})
    assert (await door.batch(gift(amount="a" * 5000 + "!"))).status_code == 200
    assert await door.reason() == "breaks_plan"


async def test_only_administrators_change_rules_and_rivals_see_none(door: Door) -> None:
    await plan(door, "block")
    with pytest.raises(NotAllowed):
        await door.ingest.plan.plan_event(door.cast.joon, "A", {})
    with pytest.raises(NotAllowed):
        await door.ingest.names.set_mode(door.cast.joon, "approve")
    with pytest.raises(NotAllowed):
        await door.ingest.privacy.keep(door.cast.joon, True, True, [])
    with pytest.raises(NotAllowed):
        await door.ingest.plan.planned(door.cast.gil)
    assert await door.ingest.plan.planned(door.cast.rina) == []
    theirs = await door.ingest.create_source(door.cast.rina, "web")
    await door.http.post("/v1/track", json=gift(amount="x"), auth=(theirs.write_key, ""))
    assert len(await door.events()) == 1


# -- names ------------------------------------------------------------------------------------------------------------


async def approving(door: Door) -> None:
    await door.ingest.names.set_mode(door.cast.mina, "approve")


async def test_a_closed_plan_takes_only_its_own_names(door: Door) -> None:
    await plan(door, "warn", {})
    await door.ingest.names.set_mode(door.cast.mina, "closed")
    await door.batch(gift(), track("Stranger"), {"type": "page", "userId": "u-1"})
    assert [event.event for event in await door.events()] == ["Gift Sent", "Page Viewed"]
    assert await door.reason() == "not_in_plan"


async def test_a_new_name_waits_and_goes_on_once_with_its_own_times(door: Door) -> None:
    await approving(door)
    call = track("Quiz Won", messageId="m-1", timestamp="2026-11-20T01:02:03Z", properties={"n": 1})
    assert (await door.batch(call, track("Quiz Won", messageId="m-2"))).status_code == 200
    await door.batch(call)
    assert await door.events() == []
    assert await door.rejects() == []
    mode, [waiting] = await door.ingest.names.names(door.cast.mina, "waiting")
    assert (mode, waiting.name, waiting.seen, waiting.held, waiting.source) == ("approve", "Quiz Won", 3, 2, "web")
    assert '"Quiz Won"' in waiting.example
    assert await door.ingest.names.approve(door.cast.mina, "Quiz Won") == 2
    assert await door.ingest.names.approve(door.cast.mina, "Quiz Won") == 0
    first, second = await door.events()
    assert (first.message_id, second.message_id, first.properties) == ("m-1", "m-2", {"n": 1})
    assert first.time.isoformat() == "2026-11-20T01:02:03+00:00"
    await door.batch(track("Quiz Won", messageId="m-3"))
    assert (await door.one()).message_id == "m-3"


async def test_a_name_may_go_on_under_another(door: Door) -> None:
    await approving(door)
    await door.ingest.names.approve(door.cast.mina, "Gift Sent")
    await door.batch(track("gift_sent", messageId="m-1"))
    assert await door.ingest.names.approve(door.cast.mina, "gift_sent", becomes="Gift Sent") == 1
    await door.batch(track("gift_sent", messageId="m-2"))
    assert [(event.event, event.message_id) for event in await door.events()] == [
        ("Gift Sent", "m-1"), ("Gift Sent", "m-2"),
    ]  # fmt: skip
    with pytest.raises(Invalid):
        await door.ingest.names.approve(door.cast.mina, "gift", becomes="gift_sent")


async def test_a_refused_name_is_dropped_then_and_later(door: Door) -> None:
    await approving(door)
    await door.batch(track("Debug", messageId="m-1"))
    assert await door.ingest.names.refuse(door.cast.mina, "Debug") == 1
    await door.batch(track("Debug", messageId="m-2"))
    await door.ingest.names.set_mode(door.cast.mina, "open")
    await door.batch(track("Debug", messageId="m-3"))
    assert await door.events() == []
    [reject] = await door.rejects()
    assert (reject.reason, reject.count, reject.source) == (Reason.BLOCKED_EVENT, 3, "web")


async def test_more_than_may_wait_is_refused_and_counted(door: Door) -> None:
    await approving(door)
    await door.batch(*(track("Flood", messageId=f"m-{n}") for n in range(HELD_A_NAME + 3)))
    _, [waiting] = await door.ingest.names.names(door.cast.mina)
    assert (waiting.held, waiting.seen) == (HELD_A_NAME, HELD_A_NAME + 3)
    [reject] = await door.rejects()
    assert (reject.reason, reject.count) == (Reason.WAITING_FOR_APPROVAL, 3)


async def test_a_decision_meanwhile_holds_for_what_was_under_way(door: Door) -> None:
    """Another process may hold by rules that are seconds old."""
    await approving(door)
    old = await door.ingest.rules_of(door.cast.tenant)
    await door.ingest.names.approve(door.cast.mina, "A", becomes="B")
    await door.ingest.names.refuse(door.cast.mina, "C")
    late = [
        Incoming(event=name, user="u-1", anonymous="", message_id=name, properties={}, received=door.clock.now())
        for name in ("A", "C")
    ]
    passed = pipeline.run(late, door.cast.tenant, "web", old)
    await door.ingest.keep(door.source, passed, door.clock.now(), old)
    assert [(event.event, event.message_id) for event in await door.events()] == [("B", "A")]
    assert await door.reason() == "blocked_event"


async def test_names_that_came_before_anybody_asked_are_known(door: Door, log: Log) -> None:
    await door.batch(track("Listen Started"))
    [event] = await door.events()
    await log.insert("t", json.dumps({"org": event.org, "workspace": event.workspace, "event": event.event,
                                      "time": "2026-11-23 03:00:00"}).encode())  # fmt: skip
    door.ingest.names._log = log
    assert await door.ingest.names.set_mode(door.cast.mina, "approve") == 1
    await door.batch(track("Listen Started"), track("New"))
    assert [one.event for one in await door.events()] == ["Listen Started"] * 2


async def test_held_events_of_an_erased_person_go_too(door: Door) -> None:
    await approving(door)
    await door.batch(track("Quiz Won", user="u-1"), track("Quiz Won", user="u-2"))
    person = person_id(door.cast.tenant.workspace, "u-1")
    async with door.state.begin(door.cast.tenant) as tx:
        assert await rules_store.forget_held(tx, door.cast.tenant.workspace, [person]) == 1
    _, [waiting] = await door.ingest.names.names(door.cast.mina)
    assert (waiting.held, waiting.example) == (1, "")
    assert await door.ingest.names.approve(door.cast.mina, "Quiz Won") == 1
    assert (await door.one()).distinct_id == "u-2"


# -- personal data ----------------------------------------------------------------------------------------------------


async def test_the_address_is_kept_only_when_wanted(door: Door) -> None:
    call = track("A", properties={"ip": "203.0.113.9", "$ip": "203.0.113.9"}, context={"ip": "203.0.113.9"})
    await door.batch(call)
    assert (await door.one()).properties == {}
    await door.ingest.privacy.keep(door.cast.mina, True, True, [])
    await door.batch(call)
    kept = (await door.events())[-1].properties
    assert (kept["ip"], kept["$ip"], kept["context"]) == ("203.0.113.9", "203.0.113.9", {"ip": "203.0.113.9"})


async def test_nothing_that_was_named_is_stored_anywhere(door: Door) -> None:
    """Events, held events, refused ones and the examples of all of them: no table holds the e-mail address."""
    await door.ingest.privacy.keep(
        door.cast.mina, False, True, [PersonalRule("email"), PersonalRule("phone*", "hash", "traits")]
    )
    await plan(door, "warn")
    await approving(door)
    traits = {"email": "a@b.c", "phone_home": "010-1234", "plan": "pro"}
    await door.send("identify", userId="u-1", traits=traits)
    await door.batch(gift(email="a@b.c"), track("New", properties={"email": "a@b.c"}),
                     track(user="null", properties={"user": {"email": "a@b.c"}}))  # fmt: skip
    await door.http.post("/v1/batch", content=b'{"batch":[{"type":"track","properties":{"email":"a@b.c","n":1e999}}]}',
                         auth=(door.source.write_key, ""))  # fmt: skip
    await door.ingest.tally.write()
    events = await door.events()
    identified = events[0].properties
    assert identified.keys() == {"phone_home", "plan"}
    assert len(identified["phone_home"]) == 64
    async with door.state.begin_system() as tx:
        tables = await tx.rows(
            "select tablename from pg_tables where schemaname = 'ingest' and tablename <> 'rule_set'"
        )
        for table in tables:
            stored = await tx.value(f"select string_agg(t::text, ' ') from ingest.{table['tablename']} t")
            assert "a@b.c" not in (stored or ""), table
        held = await tx.value("select line from ingest.held")
        assert b"a@b.c" not in bytes(held)
    for event in events:
        assert "a@b.c" not in json.dumps(event.properties)


async def test_every_change_is_one_event_of_the_feed(door: Door) -> None:
    await plan(door, "warn")
    await door.ingest.plan.remove(door.cast.mina, "Gift Sent")
    await door.ingest.plan.take_over(door.cast.mina, [], False)
    await approving(door)
    await door.ingest.names.approve(door.cast.mina, "A")
    await door.ingest.names.refuse(door.cast.mina, "B")
    await door.ingest.privacy.keep(door.cast.mina, True, False, [])
    found = [event for event in await acts(door) if event.source == "ingest"]
    assert [event.event for event in found] == [
        "Source Created", "Tracking Plan Changed", "Tracking Plan Event Removed", "Tracking Plan Imported",
        "Event Name Mode Set", "Event Name Approved", "Event Name Refused", "Privacy Rules Set",
    ]  # fmt: skip
    assert {event.actor for event in found} == {door.cast.mina.actor}


# -- counts -----------------------------------------------------------------------------------------------------------


async def test_what_came_is_counted_by_outcome(door: Door) -> None:
    await approving(door)
    await door.ingest.names.approve(door.cast.mina, "A")
    await door.batch(track("A"), track("A"), track("New"), track(user="null"))
    assert door.ingest.tally.outcomes == {("taken", ""): 2, ("held", ""): 1, ("refused", "junk_id"): 1}
    assert (sum(door.ingest.tally.latency), door.ingest.backlog) == (1, 0)
