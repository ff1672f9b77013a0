"""How long people from outside wait: in opening hours, seen but not answered, standing still, handed on, counted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.automation.plugs import StepCall
from dure.channels.model import Response, ts_text
from dure.channels.refusals import ChannelNotFound, IsAnswered, IsOverdue, NotOwner, ResponseNotFound
from dure.channels.responding import rules
from dure.channels.responding.steps import steps
from dure.governance.api import Hours, after, seconds_between
from dure.governance.hours.model import Span
from dure.kernel.errors import Invalid, NotAllowed
from dure.state import State
from tests.channels.room import Room, open_room
from tests.channels.shared_state import shared_database, state  # noqa: F401

pytestmark = pytest.mark.anyio

SEOUL = ZoneInfo("Asia/Seoul")
OFFICE = Hours(None, "사무실", "Asia/Seoul", ((Span(9 * 60, 18 * 60),),) * 5 + ((), ()))
WEEK = {"name": "사무실", "zone": "Asia/Seoul", "week": [[["09:00", "18:00"]]] * 5 + [[], []], "days": {}}


def clock(asked: datetime, minutes: int) -> Response:
    fresh = Response(
        "r", "C1", 0, int(asked.timestamp() * 1e6), "U1", minutes, asked, asked, "waiting", None, None, None
    )
    return rules.timed(fresh, OFFICE, asked, minutes * 60)


@given(
    st.integers(0, 7 * 24 * 60), st.integers(1, 600), st.lists(st.integers(1, 3_000), max_size=4), st.integers(1, 5_000)
)
def test_what_was_waited_is_the_open_time_in_which_the_clock_ran(
    begin: int, minutes: int, legs: Sequence[int], last: int
) -> None:
    """Legs alternate between standing still and running; overdue clocks cannot be put to rest."""
    now = datetime(2026, 11, 23, tzinfo=SEOUL).astimezone(UTC) + timedelta(minutes=begin)
    held, ran = clock(now, minutes), 0.0
    for number, leg in enumerate(legs):
        then = now + timedelta(minutes=leg)
        if number % 2 == 0:  # runs, then rests
            if rules.state_at(held, then) == "overdue":
                break
            ran += seconds_between(OFFICE, now, then)
            held = rules.rested(held, OFFICE, then)
        else:
            held = rules.timed(held, OFFICE, then, held.left or 0)
        now = then
    end = now + timedelta(minutes=last)
    ran += 0 if held.state == "paused" else seconds_between(OFFICE, now, end)
    assert rules.spent(held, OFFICE, end) == pytest.approx(ran)


def test_a_warning_comes_after_four_fifths_of_open_time() -> None:
    friday = datetime(2026, 11, 27, 17, 30, tzinfo=SEOUL)
    held = clock(friday, 60)
    assert held.warn_at == datetime(2026, 11, 30, 9, 18, tzinfo=SEOUL)
    assert held.due_at == datetime(2026, 11, 30, 9, 30, tzinfo=SEOUL) == after(OFFICE, friday, 3600)


def test_a_team_that_is_never_open_is_not_waited_for_at_once() -> None:
    shut = Hours(None, "shut", "UTC", ((),) * 7)
    held = rules.timed(clock(datetime(2026, 11, 23, tzinfo=UTC), 5), shut, datetime(2026, 11, 23, tzinfo=UTC), 300)
    assert held.due_at.year == 2036


async def test_answers_are_timed_in_the_hours_of_the_channels_team(state: State) -> None:  # noqa: F811
    room = await open_room(state)
    mina, rina = room.cast.mina, room.cast.rina
    office = await room.cast.governance.hours.create(mina, WEEK)
    assert office.id
    await room.cast.governance.hours.set_team(mina, "sales", office.id)
    channel = await room.shared()
    await room.channels.set_response_team(mina, channel, "sales")
    room.clock.advance(timedelta(hours=5, minutes=59))  # one minute before six in the evening
    await room.say(rina, channel, "Still there?")
    room.clock.advance(timedelta(hours=15, minutes=2))  # one minute after nine the next day
    await room.channels.tick(room.clock.now())
    await room.say(mina, channel, "Good morning!")
    (done,) = await room.channels.responses(mina, channel)
    assert (done.seconds, done.within) == (54_120.0, True)
    assert done.open_seconds == pytest.approx(120)
    with pytest.raises(Invalid, match="response_team"):
        await room.channels.set_response_team(mina, channel, "wizards")
    with pytest.raises(NotOwner):
        await room.channels.set_response_team(rina, channel, "sales")


async def kinds(room: Room, channel: str) -> list[str]:
    return [one.kind for one in await room.channels.responses(room.cast.mina, channel)]


async def test_the_first_answer_is_told_from_later_ones(state: State) -> None:  # noqa: F811
    room = await open_room(state)
    mina, rina = room.cast.mina, room.cast.rina
    channel = await room.shared()
    asked = await room.say(rina, channel, "Prices?")
    await room.say(mina, channel, "Here.", asked.ts)
    await room.say(rina, channel, "And for two?", asked.ts)
    assert await kinds(room, channel) == ["next", "first"]
    await room.say(mina, channel, "Here.", asked.ts)
    room.clock.advance(timedelta(hours=25))
    await room.say(rina, channel, "Something else")
    assert await kinds(room, channel) == ["first", "next", "first"]
    await room.say(mina, channel, "Go on")
    room.clock.advance(timedelta(hours=2))
    await room.say(rina, channel, "It is this")
    assert (await kinds(room, channel))[0] == "next"
    ours = await room.say(mina, channel, "News for you")
    await room.say(rina, channel, "What does it mean?", ours.ts)
    assert (await kinds(room, channel))[0] == "next"


async def test_a_reaction_says_seen_and_answers_nothing(state: State) -> None:  # noqa: F811
    room = await open_room(state)
    mina, joon, rina = room.cast.mina, room.cast.joon, room.cast.rina
    channel = await room.shared()
    asked = await room.say(rina, channel, "Who looks at this?")
    await room.channels.react(rina, channel, asked.ts, "pray")  # the customer's own says nothing
    (held,) = await room.channels.responses(mina, channel)
    assert (held.state, held.seen_by) == ("waiting", "")
    assert (await room.channels.readers(mina, [held])) == {}
    await room.channels.mark(joon, channel, asked.ts)
    assert (await room.channels.readers(mina, [held]))[held.id] == [joon.user]
    await room.channels.react(joon, channel, asked.ts, "eyes")
    await room.channels.react(mina, channel, asked.ts, "eyes")
    (held,) = await room.channels.responses(mina, channel)
    assert (held.state, held.seen_by) == ("waiting", joon.user)
    told = [one.event for one in await room.told(mina.tenant.workspace)]
    assert told.count("Response Seen") == 1
    room.clock.advance(timedelta(hours=2))
    await room.channels.tick(room.clock.now())
    (held,) = await room.channels.responses(mina, channel)
    assert held.state == "overdue"


async def test_a_clock_stands_still_while_it_is_the_customers_turn(state: State) -> None:  # noqa: F811
    room = await open_room(state)
    mina, joon, rina = room.cast.mina, room.cast.joon, room.cast.rina
    channel = await room.shared()
    await room.say(rina, channel, "It does not work")
    room.clock.advance(timedelta(minutes=20))
    (held,) = await room.channels.responses(mina, channel)
    for who in (rina, room.cast.gil):
        with pytest.raises(ResponseNotFound):
            await room.channels.rest(who, held.id)
    rested = await room.channels.rest(mina, held.id)
    assert (rested.state, rested.left) == ("paused", pytest.approx(2400))
    room.clock.advance(timedelta(days=2))
    await room.channels.tick(room.clock.now())
    await room.say(rina, channel, "Here is the log")
    (held,) = await room.channels.responses(mina, channel)
    assert held.state == "waiting"
    assert held.due_at - room.clock.now() == timedelta(minutes=40)
    room.clock.advance(timedelta(minutes=10))
    await room.say(joon, channel, "Found it")
    (done,) = await room.channels.responses(mina, channel)
    assert done.open_seconds == pytest.approx(1800)
    assert done.within
    with pytest.raises(IsAnswered):
        await room.channels.rest(mina, done.id)
    names = [one.event for one in await room.told(mina.tenant.workspace) if one.event.startswith("Response")]
    assert names == ["Response Paused", "Response Resumed", "Response Answered"]


async def test_what_is_overdue_cannot_be_put_to_rest_and_a_rest_can_be_ended(state: State) -> None:  # noqa: F811
    room = await open_room(state)
    mina, rina = room.cast.mina, room.cast.rina
    channel = await room.shared()
    await room.say(rina, channel, "Hello?")
    (held,) = await room.channels.responses(mina, channel)
    await room.channels.rest(mina, held.id)
    room.clock.advance(timedelta(hours=9))
    assert (await room.channels.resume(mina, held.id)).state == "waiting"
    room.clock.advance(timedelta(hours=1))
    with pytest.raises(IsOverdue):
        await room.channels.rest(mina, held.id)


async def test_a_guest_asks_and_does_not_answer(state: State) -> None:  # noqa: F811
    room = await open_room(state)
    mina, gil, rina = room.cast.mina, room.cast.gil, room.cast.rina
    channel = await room.channel(mina, gil)
    await room.say(gil, channel, "Nobody promised me anything")
    assert await room.channels.responses(mina, channel) == []
    await room.channels.set_response_minutes(mina, channel, 30)
    await room.say(gil, channel, "And now?")
    (held,) = await room.channels.responses(mina, channel)
    assert held.asked_by == gil.user
    assert await room.channels.responses(gil, channel) == []
    assert await room.channels.waiting(gil, [channel]) == {}
    shared = await room.shared()
    await room.channels.invite(mina, shared, [gil.user])
    await room.say(rina, shared, "One for you")
    await room.say(gil, shared, "I am new here, too")
    assert [one.state for one in await room.channels.responses(mina, shared)] == ["waiting"]


async def step(room: Room, name: str, **inputs: Any) -> Any:
    kind = next(one for one in steps(room.channels) if one.name == name)
    principal = room.cast.governance.system(room.cast.tenant, "automation", "run-1")
    call = StepCall(room.cast.tenant, principal, "run-1", "a", "run-1:a:1", "s", room.clock.now())
    async with room.state.begin(room.cast.tenant) as tx:
        return await kind.run(tx, call, msgspec.convert(inputs, kind.inputs))


async def test_a_waiting_question_is_handed_to_somebody_who_is_brought_in(state: State) -> None:  # noqa: F811
    room = await open_room(state)
    mina, rina = room.cast.mina, room.cast.rina
    lead = await room.cast.governance.create_user(mina, "lead@sorimaru.example", "팀장", function="sales")
    channel = await room.shared()
    asked = await room.say(rina, channel, "Nobody?")
    told: dict[str, Any] = {"channel": channel, "asked_ts": ts_text(asked.ts), "to": [lead.id]}
    got = await step(room, "channels.escalate", **told)
    assert (got.waiting, got.added) == (True, [lead.id])
    assert (await step(room, "channels.escalate", **told)).added == []
    (held,) = await room.channels.responses(mina, channel)
    assert held.escalated_to == (lead.id,)
    with pytest.raises(Exception, match="no user"):
        await step(room, "channels.escalate", **{**told, "to": [rina.user]})
    await room.say(mina, channel, "Somebody")
    assert not (await step(room, "channels.escalate", **told)).waiting


async def test_waits_are_counted_with_those_that_are_open(state: State) -> None:  # noqa: F811
    room = await open_room(state)
    mina, joon, rina = room.cast.mina, room.cast.joon, room.cast.rina
    first, second = await room.shared(), await room.shared()
    for minutes in (10, 20, 90):
        asked = await room.say(rina, first, "A question?")
        room.clock.advance(timedelta(minutes=minutes))
        await room.channels.tick(room.clock.now())
        await room.say(joon, first, "An answer.", asked.ts)
    open_one = await room.say(rina, second, "Another?")
    await room.channels.react(joon, second, open_one.ts, "eyes")
    room.clock.advance(timedelta(minutes=61))

    _, _, rows = await room.channels.waits.last_days(mina, 7)
    one, other = rows
    assert (one.group, one.asked, one.answered, one.met, one.missed) == (first, 3, 3, 2, 1)
    assert one.median == pytest.approx(1200)
    assert one.p90 == pytest.approx(1200 + 0.8 * 4200)
    assert (other.group, other.answered, other.missed, other.waiting, other.seen) == (second, 0, 1, 1, 1)
    assert other.within == 0.0

    async def by(what: str, **more: Any) -> dict[str, int]:
        return {row.group: row.asked for row in (await room.channels.waits.last_days(mina, 7, by=what, **more))[2]}

    assert await by("all") == {"": 4}
    assert await by("customer") == {rina.tenant.org: 4}
    assert await by("team") == {"": 4}
    assert await by("person") == {joon.user: 3, "": 1}
    assert await by("week") == {"2026-11-23": 4}
    # Threads are matters of their own; at the top level of the first channel nobody of ours had written.
    assert await by("all", kind="first") == {"": 4}
    assert await by("all", channels=[second]) == {"": 1}
    for given_, field in (({"by": "moon"}, "by"), ({"kind": "last"}, "kind"), ({"days": 0}, "days")):
        with pytest.raises(Invalid) as refused:
            await room.channels.waits.last_days(mina, **{"days": 7, **given_})  # type: ignore[arg-type]
        assert refused.value.field == field
    numbers = await step(room, "channels.response_numbers", channel=first)
    assert (numbers.asked, numbers.median_minutes, numbers.within, numbers.waiting) == (3, 20.0, 66.7, 0)
    assert (await step(room, "channels.response_numbers", days=3)).waiting == 1


async def test_the_report_is_not_for_guests_nor_for_other_organisations(state: State) -> None:  # noqa: F811
    room = await open_room(state)
    mina, joon, gil, rina = room.cast.mina, room.cast.joon, room.cast.gil, room.cast.rina
    hidden = await room.channel(mina, gil, private=True)
    await room.channels.set_response_minutes(mina, hidden, 5)
    await room.say(gil, hidden, "Between us?")
    with pytest.raises(NotAllowed):
        await room.channels.waits.last_days(gil, 7)
    assert (await room.channels.waits.last_days(rina, 7))[2] == []
    assert (await room.channels.waits.last_days(joon, 7))[2] == []  # private, and he is not in it
    assert [row.group for row in (await room.channels.waits.last_days(mina, 7))[2]] == [hidden]
    (held,) = await room.channels.responses(mina, hidden)
    with pytest.raises(ChannelNotFound):
        await room.channels.rest(joon, held.id)
