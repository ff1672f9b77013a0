"""Ways through journeys: how people come in, what moves them on, and what takes them out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from dure.automation.plugs import Answer, Unreached
from dure.campaigns.journeys.following import LATE
from dure.campaigns.journeys.withholding import TIMES
from dure.campaigns.model import Campaign, Item, Message
from dure.feed.api import Event, append
from dure.kernel.errors import Conflict
from dure.kernel.ids import uuid7
from dure.kernel.tenant import Tenant
from tests.campaigns.studio import Studio

pytestmark = pytest.mark.anyio

TEXTS = {"ko": {"subject": "{{ person.name }}님", "body": "안녕하세요"}}
NEVER = {"kind": "did", "event": "Never Happened"}


def message(name: str, next: str | None = None, **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "message", "channel": "email", "texts": TEXTS, "next": next, **more}


def journey(event: str, *nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A journey that begins at an event of its own, everybody treated unless told otherwise."""
    return {
        "name": {"ko": f"여정 {event}"}, "kind": "journey", "entry": {"trigger": {"event": event}},
        "start": nodes[0]["id"], "nodes": list(nodes), "goal": {"event": "Listen Started"}, "holdout": 0.0, **more,
    }  # fmt: skip


async def launched(house: Studio, design: Mapping[str, Any]) -> Campaign:
    made = await house.campaigns.create(house.cast.joon, design)
    return await house.campaigns.launch(house.cast.joon, made.id)


async def messages(house: Studio, campaign: Campaign, node: str | None = None) -> dict[str, Message]:
    found = await house.campaigns.messages(house.cast.joon, campaign.id, node=node, limit=1000)
    names = {house.who(f"u-{n}"): f"u-{n}" for n in range(1000)}
    return {names[one.person]: one for one in found}


async def happened(house: Studio, event: str, *who: str, **properties: Any) -> None:
    await house.happen(event, *who, **properties)
    await house.settle()


async def test_who_does_it_in_time_goes_one_way_and_who_does_not_the_other(house: Studio) -> None:
    await house.know("u-1", "u-2", "u-3")
    campaign = await launched(house, journey(
        "A1", {"id": "wait", "kind": "wait", "event": {"event": "Bought", "where": [{"prop": "won", "op": ">=",
               "value": 100}]}, "within": "2d", "then": "thanks", "else": "remind"},
        message("thanks"), message("remind"),
    ))  # fmt: skip
    await happened(house, "A1", "u-1", "u-2", "u-3")
    assert {way.state for way in (await house.ways(campaign)).values()} == {"waiting"}
    house.clock.advance(timedelta(hours=1))
    await house.happen("Bought", "u-1", won=500)
    await happened(house, "Bought", "u-2", won=5)
    assert set(await messages(house, campaign)) == {"u-1"}
    await house.later(days=2)
    found = await messages(house, campaign)
    assert {who: one.node for who, one in found.items()} == {"u-1": "thanks", "u-2": "remind", "u-3": "remind"}
    told = await house.campaigns.progress(house.cast.joon, campaign.id)
    assert (told.nodes["wait"].reached, told.nodes["wait"].here, told.nodes["remind"].states) == (3, 0, {"sent": 2})
    assert told.counts.moving == 0


async def test_what_happened_before_somebody_waited_for_it_does_not_count(house: Studio) -> None:
    await house.know("u-5")
    campaign = await launched(house, journey(
        "A2", {"id": "rest", "kind": "delay", "for": "1h", "next": "wait"},
        {"id": "wait", "kind": "wait", "event": {"event": "Bought"}, "within": "1h", "then": "thanks"},
        message("thanks"),
    ))  # fmt: skip
    await happened(house, "A2", "u-5")
    await house.later(minutes=30)
    await happened(house, "Bought", "u-5")
    await house.later(minutes=31)
    assert (await house.ways(campaign))["u-5"].node == "wait"
    await house.later(minutes=61)
    way = (await house.ways(campaign))["u-5"]
    assert (way.state, await messages(house, campaign)) == ("done", {})


async def test_nine_in_the_morning_is_where_people_are(house: Studio) -> None:
    await house.know("u-10", timezone="America/New_York")
    await house.know("u-11", timezone="Asia/Seoul")
    await house.know("u-12")
    campaign = await launched(house, journey(
        "A3", {"id": "until", "kind": "delay", "until": {"time": "09:00", "zone": "person"}, "next": "hello"},
        message("hello"),
    ))  # fmt: skip
    await happened(house, "A3", "u-10", "u-11", "u-12")
    ways = await house.ways(campaign)
    due = {who: way.due for who, way in ways.items()}
    assert due["u-11"] == due["u-12"], "the workspace's clock for whoever has none"
    assert due["u-10"] is not None
    assert due["u-11"] is not None
    assert (due["u-10"].hour, due["u-11"].hour) in ((14, 0), (13, 0))


async def test_a_branch_asks_a_rule_and_a_split_is_drawn_once(house: Studio) -> None:
    people = [f"u-{n}" for n in range(20, 80)]
    await house.know(*people)
    await house.happen("Gift Sent", *people[:10])
    await house.settle()
    campaign = await launched(house, journey(
        "A4", {"id": "givers", "kind": "branch", "when": [{"rule": {"kind": "did", "event": "Gift Sent"},
               "next": "thanks"}], "else": "draw"},
        {"id": "draw", "kind": "split", "arms": [{"name": "a", "share": 3, "next": "first"},
                                                 {"name": "b", "share": 1, "next": "second"}]},
        message("thanks"), message("first"), message("second"),
    ))  # fmt: skip
    await happened(house, "A4", *people)
    found = {who: one.node for who, one in (await messages(house, campaign)).items()}
    assert {who for who, node in found.items() if node == "thanks"} == set(people[:10])
    drawn = [node for node in found.values() if node != "thanks"]
    assert 24 <= drawn.count("first") <= 49
    assert drawn.count("first") + drawn.count("second") == 50
    # The same people are drawn the same way wherever they are asked: the lot hangs on campaign, node and person.
    split = await house.campaigns.progress(house.cast.joon, campaign.id)
    assert split.nodes["first"].reached == drawn.count("first")


async def test_control_goes_the_same_way_and_nothing_is_done_to_it(house: Studio) -> None:
    people = [f"u-{n}" for n in range(100, 140)]
    await house.know(*people)
    campaign = await launched(house, journey(
        "A5", {"id": "mark", "kind": "update", "traits": {"tier": "gold {{ person.name }}"}, "next": "hand"},
        {"id": "hand", "kind": "hand_over", "to": "channel", "channel": "care", "text": "{{ person.name }} 님",
         "next": "hello"},
        message("hello"), holdout=0.5,
    ))  # fmt: skip
    await happened(house, "A5", *people)
    ways, found = await house.ways(campaign), await messages(house, campaign)
    control = {who for who, way in ways.items() if way.arm == "control"}
    assert 8 <= len(control) <= 32
    assert {who for who, one in found.items() if one.state == "held"} == control
    assert {who for who, one in found.items() if one.state == "sent"} == set(people) - control
    marked = await house.people.search(house.cast.joon, "tier:gold", 200)
    async with house.state.begin(house.cast.tenant) as tx:
        traits = await house.people.traits(tx, house.cast.tenant, [house.who(who) for who in people])
    assert {who for who in people if "tier" in traits[house.who(who)]} == set(people) - control
    assert traits[house.who(next(iter(set(people) - control)))]["tier"].startswith("gold 이름 u-")
    assert marked is not None
    handed = [one for one in await house.events("Campaign Handed Over") if one.object == campaign.id]
    assert {one.distinct_id for one in handed} == set(people) - control
    assert (handed[0].properties["channel"], handed[0].properties["to"]) == ("care", "channel")
    entered = [one for one in await house.events("Campaign Entered") if one.object == campaign.id]
    assert len(entered) == 40, "each is told to be in once, wherever something is done first"
    _, counts = await house.campaigns.campaign(house.cast.joon, campaign.id)
    assert (counts.entered, counts.states) == (40, {"held": len(control), "sent": 40 - len(control)})


class Far:
    """An address outside. `answers` are given one a call, None is no answer at all."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Mapping[str, str], bytes]] = []
        self.answers: list[Answer | None] = []

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float
    ) -> Answer:
        assert tenant.workspace
        assert seconds > 0
        self.calls.append((method, url, headers, body))
        answer = self.answers.pop(0) if self.answers else Answer(200, "ok")
        if answer is None:
            raise OSError("nothing answered")
        if isinstance(answer, Unreached):
            raise answer
        return answer


async def test_a_webhook_is_called_once_with_a_key_and_told(house: Studio) -> None:
    await house.know("u-200", "u-201", "u-202")
    far = Far()
    house.campaigns.engine.sending._outgoing = far
    campaign = await launched(house, journey(
        "A6", {"id": "call", "kind": "webhook", "url": "https://crm.example/{{ person.distinct_id }}",
               "headers": {"x-team": "growth"}, "body": '{"name": "{{ person.name }}"}', "next": "hello"},
        message("hello"),
    ))  # fmt: skip
    far.answers = [Answer(503, "busy", headers={"retry-after": "0"}), Answer(200, "ok"), Answer(404, "no"), None]
    await happened(house, "A6", "u-200", "u-201", "u-202")
    assert len(far.calls) == 4
    first, again = far.calls[0], far.calls[1]
    assert first == again, "the same call, with the same key"
    assert first[2]["idempotency-key"].endswith(":call")
    assert first[2]["x-team"] == "growth"
    assert len({call[2]["idempotency-key"] for call in far.calls}) == 3
    states = [one.properties["state"] for one in await house.events("Campaign Webhook Called")]
    assert sorted(states) == ["failed", "sent", "unknown"]
    assert {one.state for one in (await messages(house, campaign, "hello")).values()} == {"sent"}


async def test_an_address_where_nobody_was_reached_is_called_again_later_and_not_for_ever(house: Studio) -> None:
    await house.know("u-205", "u-206")
    far = Far()
    house.campaigns.engine.sending._outgoing = far
    campaign = await launched(house, journey(
        "A8", {"id": "call", "kind": "webhook", "url": "https://crm.example/{{ person.distinct_id }}"}))  # fmt: skip
    far.answers = [Unreached("refused"), Unreached("refused"), Answer(200, "ok")]
    await happened(house, "A8", "u-205")
    assert (await house.ways(campaign))["u-205"].due == house.clock.now() + timedelta(minutes=1)
    await house.later(minutes=1)
    await house.later(minutes=1)
    assert ((await house.ways(campaign))["u-205"].state, len(far.calls)) == ("done", 3)
    assert len({call[2]["idempotency-key"] for call in far.calls}) == 1
    far.calls.clear()
    far.answers = [Unreached("refused") for _ in range(99)]
    await happened(house, "A8", "u-206")
    for _ in range(8):
        await house.later(minutes=1)
    assert len(far.calls) == 1 + TIMES
    told = [one.properties for one in await house.events("Campaign Webhook Called") if one.object == campaign.id]
    assert [(one["state"], one["detail"]) for one in told] == [("sent", "200"), ("failed", "refused")]
    assert (await messages(house, campaign))["u-206"].reason == "unreachable"


async def test_a_second_step_recommends_what_the_first_did_not(house: Studio) -> None:
    await house.know("u-215", "u-216", "u-900", "u-901", "u-902")
    await house.campaigns.recommending.load_items(house.cast.joon, [
        Item(f"tw-{n}", {"ko": f"방송 {n}", "en": f"Show {n}"}, f"tc-{n}", "talk", f"https://s.example/{n}")
        for n in range(9)
    ])  # fmt: skip
    for n in range(9):
        await house.listen(f"u-{900 + n % 3}", f"tw-{n}")
    await house.settle()

    def recommends(name: str, next: str | None = None) -> dict[str, Any]:
        texts = {"ko": {"subject": f"{name} {{{{ items[0].id }}}}", "body": "{{ items[0].title }}"}}
        return message(name, next, items={"kind": "popular", "count": 3}) | {"texts": texts}

    campaign = await launched(house, journey(
        "A9", recommends("first", "second"), recommends("second", "third"), recommends("third"), topic="transactional",
    ))  # fmt: skip
    await happened(house, "A9", "u-215", "u-216")
    found = await house.campaigns.messages(house.cast.joon, campaign.id, limit=100)
    for who in ("u-215", "u-216"):
        mine = [item for one in found if one.person == house.who(who) for item in one.items]
        assert (len(mine), len(set(mine))) == (9, 9), "three letters of three items, each named once"


async def test_who_leaves_is_out_at_the_event_and_who_must_not_be_at_the_step(house: Studio) -> None:
    await house.know("u-210", "u-211", "u-212")
    campaign = await launched(house, journey(
        "A7", {"id": "rest", "kind": "delay", "for": "1d", "next": "hello"}, message("hello"),
        exits=[{"event": "Cancelled"}, {"rule": {"kind": "did", "event": "Complained", "within": "7d"}}],
    ))  # fmt: skip
    await happened(house, "A7", "u-210", "u-211", "u-212")
    house.clock.advance(timedelta(hours=2))
    await house.happen("Complained", "u-211")
    await happened(house, "Cancelled", "u-210")
    ways = await house.ways(campaign)
    assert (ways["u-210"].state, ways["u-210"].reason, ways["u-211"].state) == ("left", "exit_event", "moving")
    await house.later(days=1)
    ways = await house.ways(campaign)
    assert (ways["u-211"].reason, set(await messages(house, campaign))) == ("exit_rule", {"u-212"})
    told = [one.properties["reason"] for one in await house.events("Campaign Exited") if one.object == campaign.id]
    assert sorted(told) == ["exit_event", "exit_rule"]


async def test_a_copy_of_an_event_starts_nothing_more(house: Studio) -> None:
    await house.know("u-220")
    campaign = await launched(house, journey("A8", message("hello"), entry={
        "trigger": {"event": "A8"}, "again": {"clock": "entry", "after": "1h"}}))  # fmt: skip
    tenant, now = house.cast.tenant, house.clock.now()
    event = Event(
        org=tenant.org, workspace=tenant.workspace, event="A8", time=now, received_at=now, message_id=str(uuid7()),
        source="web", person=house.who("u-220"), distinct_id="u-220",
    )  # fmt: skip
    for _ in range(2):
        async with house.state.begin(tenant) as tx:
            await append(tx, event, event)
        await house.later(hours=2)
    found = await house.campaigns.ways(house.cast.joon, campaign.id)
    assert [way.key for way in found] == [event.message_id]
    await happened(house, "A8", "u-220")
    assert len(await house.campaigns.ways(house.cast.joon, campaign.id)) == 2
    async with house.state.begin(tenant) as tx:
        old = {"time": now - LATE - timedelta(hours=1), "message_id": str(uuid7()), "person": house.who("u-221")}
        await append(tx, Event(**{**{f: getattr(event, f) for f in Event.__struct_fields__}, **old}))
    await house.settle()
    assert len(await house.campaigns.ways(house.cast.joon, campaign.id)) == 2, "old news is no trigger"


async def test_who_is_not_in_the_audience_may_be_another_time(house: Studio) -> None:
    await house.know("u-230")
    campaign = await launched(house, journey("A9", message("hello"), entry={
        "trigger": {"event": "A9"}, "audience": {"kind": "did", "event": "Subscribed"}}))  # fmt: skip
    for _ in range(3):
        await happened(house, "A9", "u-230")
    (away,) = await house.campaigns.ways(house.cast.joon, campaign.id)
    assert (away.state, away.reason) == ("left", "not_in_audience")
    await house.happen("Subscribed", "u-230")
    await happened(house, "A9", "u-230")
    assert [one.state for one in await house.campaigns.messages(house.cast.joon, campaign.id)] == ["sent", "skipped"]
    _, counts = await house.campaigns.campaign(house.cast.joon, campaign.id)
    assert (counts.reasons, counts.moving) == ({"not_in_audience": 1}, 0)


async def test_paused_is_paused_and_resumed_goes_on(house: Studio) -> None:
    await house.know("u-240", "u-241")
    campaign = await launched(house, journey(
        "B1", {"id": "rest", "kind": "delay", "for": "1h", "next": "hello"}, message("hello")))  # fmt: skip
    await happened(house, "B1", "u-240")
    await house.campaigns.pause(house.cast.joon, campaign.id)
    await happened(house, "B1", "u-241")
    await house.later(hours=3)
    ways = await house.ways(campaign)
    assert (set(ways), await messages(house, campaign)) == ({"u-240"}, {})
    assert ways["u-240"].due is not None
    with pytest.raises(Conflict):
        await house.campaigns.launch(house.cast.joon, campaign.id)
    await house.campaigns.resume(house.cast.joon, campaign.id)
    await house.settle()
    assert set(await messages(house, campaign)) == {"u-240"}


async def test_stopped_takes_everybody_out_and_finished_lets_them_go_to_the_end(house: Studio) -> None:
    await house.know("u-250", "u-251", "u-252", "u-253")
    rest = {"id": "rest", "kind": "delay", "for": "1h", "next": "hello"}
    stopped = await launched(house, journey("B2", rest, message("hello")))
    finished = await launched(house, journey("B3", rest, message("hello")))
    await house.happen("B2", "u-250")
    await happened(house, "B3", "u-251")
    await house.campaigns.stop(house.cast.joon, stopped.id)
    await house.campaigns.finish(house.cast.joon, finished.id)
    await house.happen("B2", "u-252")
    await happened(house, "B3", "u-253")
    way = (await house.ways(stopped))["u-250"]
    assert (way.state, way.reason, way.due) == ("left", "stopped", None), "at once, not when they would be due"
    await house.later(hours=2)
    told = {who: one.state.value for who, one in (await messages(house, finished)).items()}
    assert (await messages(house, stopped), told) == ({}, {"u-251": "sent"})
    with pytest.raises(Conflict):
        await house.campaigns.launch(house.cast.joon, finished.id)


async def test_people_stay_on_their_version_until_they_are_moved(house: Studio) -> None:
    await house.know("u-260", "u-261", "u-262")
    rest = {"id": "rest", "kind": "delay", "for": "1h", "next": "hello"}
    design = journey("B4", rest, message("hello"))
    campaign = await launched(house, design)
    await happened(house, "B4", "u-260")
    words = {"ko": {"subject": "새 제목", "body": "새 글"}}
    changed = await house.campaigns.change(house.cast.joon, campaign.id, {**design, "nodes": [
        rest, message("hello", texts=words)]})  # fmt: skip
    assert changed.version == 2
    with pytest.raises(Conflict):
        await house.campaigns.change(house.cast.joon, campaign.id, {**design, "holdout": 0.5})
    await happened(house, "B4", "u-261")
    assert {who: way.version for who, way in (await house.ways(campaign)).items()} == {"u-260": 1, "u-261": 2}
    await house.later(hours=1)
    found = await messages(house, campaign)
    assert (found["u-260"].subject, found["u-261"].subject) == ("이름 u-260님", "새 제목")
    await happened(house, "B4", "u-262")
    await house.campaigns.change(house.cast.joon, campaign.id, design)
    assert await house.campaigns.move(house.cast.joon, campaign.id) == 1
    await house.later(hours=1)
    assert (await messages(house, campaign))["u-262"].subject == "이름 u-262님"
    assert [one.number for one in await house.campaigns.versions(house.cast.joon, campaign.id)] == [3, 2, 1]


async def test_a_circle_with_a_delay_says_each_thing_once(house: Studio) -> None:
    await house.know("u-270")
    campaign = await launched(house, journey(
        "B5", message("hello", "rest"), {"id": "rest", "kind": "delay", "for": "2d", "next": "hello"},
        exits=[{"event": "Answered"}],
    ))  # fmt: skip
    await happened(house, "B5", "u-270")
    await house.later(days=2)
    await house.later(days=2)
    assert len(house.postbox.taken) == len({letter.to + letter.subject for letter in house.postbox.taken})
    assert set(await messages(house, campaign)) == {"u-270"}
    assert (await house.ways(campaign))["u-270"].state == "moving"
    await happened(house, "Answered", "u-270")
    assert (await house.ways(campaign))["u-270"].reason == "exit_event"


async def test_whoever_was_merged_stays_in_the_half_of_before(house: Studio) -> None:
    pairs = [(f"u-{n}", f"u-{n + 1}") for n in range(500, 540, 2)]
    await house.know(*(one for pair in pairs for one in pair))
    campaign = await launched(house, journey(
        "B7", message("hello"), holdout=0.5, kind="triggered",
        entry={"trigger": {"event": "B7"}, "again": {"clock": "entry", "after": "1h"}}))  # fmt: skip
    await happened(house, "B7", *(first for first, _ in pairs))
    before = {who: way.arm for who, way in (await house.ways(campaign)).items()}
    assert set(before.values()) == {"control", "treated"}
    for first, second in pairs:
        await house.people.ids.join(house.cast.mina, second, first, "The same person.", two_users=True)
    house.clock.advance(timedelta(days=2))
    await happened(house, "B7", *(second for _, second in pairs))
    found = await house.campaigns.ways(house.cast.joon, campaign.id, limit=1000)
    after = {way.person: way.arm for way in found if way.entered_at == house.clock.now()}
    assert after == {house.who(second): before[first] for first, second in pairs}


async def test_whoever_was_merged_is_in_once(house: Studio) -> None:
    await house.know("u-280")
    await house.know("u-281")
    campaign = await launched(house, journey(
        "B6", {"id": "rest", "kind": "delay", "for": "1h", "next": "hello"}, message("hello")))  # fmt: skip
    await happened(house, "B6", "u-281")
    await house.people.ids.join(house.cast.mina, "u-281", "u-280", "The same person.", two_users=True)
    await happened(house, "B6", "u-280")
    assert len(await house.campaigns.ways(house.cast.joon, campaign.id)) == 1
    await house.later(hours=1)
    (sent,) = await house.campaigns.messages(house.cast.joon, campaign.id)
    assert sent.state == "sent"
    assert len(await house.campaigns.ways(house.cast.joon, person=str(house.who("u-280")))) >= 1
