"""One line of all that concerns somebody, and that a page of it costs the same however much they did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from dure.feed.api import append
from dure.governance.events import act
from dure.kernel.errors import Invalid
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people import timeline
from dure.people.timeline import Wanted
from tests.people.conftest import Crowd
from tests.people_of import MONDAY_NOON

pytestmark = pytest.mark.anyio


async def test_a_line_holds_what_all_slices_wrote_about_somebody(crowd: Crowd) -> None:
    await crowd.send("Page Viewed", device="d-1", minutes=1)
    await crowd.send("Account Identified", "u-1", "d-1", account="acme", minutes=2, name="한빛커피")
    await crowd.settle()
    at = MONDAY_NOON + timedelta(minutes=3)
    mina, person = crowd.mina, crowd.of("u-1")
    async with crowd.state.begin(crowd.cast.tenant) as tx:
        await append(
            tx,
            act(mina, "campaigns", "Message Sent", "campaign", "c-1", {"subject": "안녕하세요"}, at, person=person),
            act(mina, "segments", "Segment Entered", "segment", "s-1", {"name": "단골"}, at, person=crowd.of("d-1")),
            act(mina, "deals", "Deal Won", "deal", "006", {"name": "연간 계약"}, at, account="acme"),
            act(mina, "deals", "Deal Won", "deal", "007", {"name": "다른 회사"}, at, account="other"),
        )
    await crowd.settle()
    line = await crowd.people.timeline(mina, "d-1")
    assert {(moment.event, moment.of) for moment in line} == {
        ("Page Viewed", "person"),
        ("Account Identified", "person"),
        ("Person Linked", "person"),
        ("Message Sent", "person"),
        ("Segment Entered", "person"),
        ("Deal Won", "account"),
    }
    for kind, shown in (
        ("activity", {"Page Viewed", "Account Identified"}),
        ("messages", {"Message Sent"}),
        ("deals", {"Deal Won"}),
        ("segments", {"Segment Entered"}),
        ("people", {"Person Linked"}),
        ("social", set()),
    ):
        assert {moment.event for moment in await crowd.people.timeline(mina, "u-1", kinds=[kind])} == shown, kind
    both = await crowd.people.timeline(mina, "u-1", kinds=["activity", "messages"])
    assert {moment.event for moment in both} == {"Page Viewed", "Account Identified", "Message Sent"}
    with pytest.raises(Invalid) as refused:
        await crowd.people.timeline(mina, "u-1", kinds=["weather"])
    assert refused.value.field == "kind"


async def test_a_line_is_read_page_by_page_across_ids_and_their_accounts_deals(crowd: Crowd) -> None:
    for minute in range(1, 8):
        await crowd.send("Page Viewed", device="d-1", minutes=minute)
    await crowd.send("Account Identified", "u-1", "d-1", account="acme", minutes=4)
    await crowd.settle()
    async with crowd.state.begin(crowd.cast.tenant) as tx:
        for minute in (2, 5):
            at = MONDAY_NOON + timedelta(minutes=minute)
            await append(tx, act(crowd.mina, "deals", "Deal Changed", "deal", "006", {}, at, account="acme"))
    await crowd.settle()
    whole = await crowd.people.timeline(crowd.mina, "u-1", kinds=["activity", "deals"])
    assert len(whole) == 10
    pages, before, message = [], None, ""
    while len(page := await crowd.people.timeline(
        crowd.mina, "u-1", kinds=["activity", "deals"], before=before, message=message, limit=3
    )) == 3:  # fmt: skip
        pages += page
        before, message = page[-1].time, page[-1].message_id
    assert pages + page == whole
    day = await crowd.people.timeline(crowd.mina, "u-1", before=MONDAY_NOON + timedelta(minutes=3), kinds=["activity"])
    assert [moment.event for moment in day] == ["Page Viewed", "Page Viewed"]


BUSY, OTHERS, EVENTS = UUID("b0000000-0000-5000-8000-000000000001"), 2_000_000, 100_000
TENANT = Tenant("E0BUSY", "T0BUSY")


def fill(log: Log) -> None:
    """A quarter of two million events by fifty thousand people, and a hundred thousand by one more."""
    columns = "org, workspace, event, time, person, distinct_id, source, message_id, properties, received_at"
    for seed, many, person in (
        (1, OTHERS, "reinterpretAsUUID(MD5(toString(rand(2) % 50000)))"),
        (2, EVENTS, f"toUUID('{BUSY}')"),
    ):
        log.query_now(
            TENANT,
            f"insert into events ({columns}) select 'E0BUSY', 'T0BUSY',"
            " arrayElement(['Page Viewed', 'Listen Started', 'Listen Ended', 'Gift Sent'], 1 + number % 4),"
            " toDateTime64('2026-09-01 00:00:00', 6, 'UTC') + toIntervalSecond(cityHash64(number, {seed:UInt8}) %"
            f" 7776000), {person}, 'u', if(number % 1000 = 7 and {{seed:UInt8}} = 2, 'campaigns', 'web'),"
            " concat({seed:String}, '-', toString(number)), '{}', now64(6) from numbers({many:UInt64})"
            " settings max_insert_threads = 1",
            {"seed": seed, "many": many},
        )


async def test_a_page_of_a_hundred_thousand_events_reads_a_bounded_number_of_rows(log: Log) -> None:
    fill(log)
    [(parts,)] = (
        await log.query(
            TENANT,
            "select count() from system.parts where active and table = 'events' and database = currentDatabase()",
        )
    ).rows
    # The projection and the table are read by granules of 8,192 rows: one a part for the times, and those that hold
    # the page's fifty events.
    bound = 8192 * (2 * parts + 50)
    first = await timeline.moments(log, TENANT, [BUSY], Wanted(limit=50))
    assert len(first.moments) == 50
    assert first.rows_read < bound < OTHERS / 3
    last = first.moments[-1]
    second = await timeline.moments(log, TENANT, [BUSY], Wanted(last.time, last.message_id, limit=50))
    assert second.rows_read < bound
    assert first.moments[-1].time >= second.moments[0].time
    assert not {one.message_id for one in first.moments} & {one.message_id for one in second.moments}
    october = await timeline.moments(log, TENANT, [BUSY], Wanted(datetime(2026, 10, 1, tzinfo=UTC), limit=50))
    assert october.rows_read < bound
    assert october.moments[0].time < datetime(2026, 10, 1, tzinfo=UTC)
    rare = await timeline.moments(log, TENANT, [BUSY], Wanted(kinds=["messages"], limit=20))
    assert {one.source for one in rare.moments} == {"campaigns"}
    assert len(rare.moments) == 20
    named = await timeline.moments(log, TENANT, [BUSY], Wanted(events=["Deal Won", "Segment Entered"], limit=20))
    assert (named.moments, named.rows_read) == ([], 0)
    exact = await log.query(
        TENANT,
        "select message_id from events where workspace = {workspace:String} and person = {p:UUID}"
        " order by time desc, message_id desc limit 50",
        {"p": BUSY},
    )
    assert [one.message_id for one in first.moments] == [message for (message,) in exact.rows]


async def test_when_somebody_busy_was_here_is_told_without_reading_all(log: Log) -> None:
    fill(log)
    first, last, known_as = await timeline.first_and_last(log, TENANT, [BUSY])
    [row] = (
        await log.query(
            TENANT,
            "select min(time), max(time) from events where workspace = {workspace:String} and person = {p:UUID}",
            {"p": BUSY},
        )
    ).rows
    assert (first, last, known_as) == (*(one.replace(tzinfo=UTC) for one in row), "u")
