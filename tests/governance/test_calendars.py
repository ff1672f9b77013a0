"""Calendars of opening hours: kept by name, given to teams, and told to the audit trail."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dure.feed.api import Event, tail
from dure.governance.hours import rules
from dure.kernel.errors import Conflict, Invalid, NotAllowed
from dure.state import State
from tests.people_of import found_sori

pytestmark = pytest.mark.anyio


def told(**changes: Any) -> dict[str, Any]:
    week = [[["09:00", "18:00"]]] * 5 + [[], []]
    return {"name": "사무실", "zone": "Asia/Seoul", "week": week, "days": [], **changes}


async def told_of(state: State) -> list[Event]:
    async with state.begin_system() as tx:
        return [event for batch in await tail(tx, 0) for event in batch.events()]


async def test_a_team_goes_by_its_own_calendar_else_by_everybodys_else_always(state: State) -> None:
    cast = await found_sori(state)
    hours = cast.governance.hours
    assert (await hours.of(cast.tenant, "care")).week[6][0].end == 1440
    office = await hours.create(cast.mina, told())
    night = await hours.create(cast.mina, told(name="야간", week=[[["22:00", "06:00"]]] * 7))
    await hours.set_team(cast.mina, "", office.id)
    await hours.set_team(cast.mina, "care", night.id)
    async with state.begin(cast.tenant) as tx:
        found = await hours.of_in(tx, cast.tenant, ["care", "sales"])
    assert (found["care"], found["sales"]) == (night, office)
    assert found["care"].week[0][0].end == 30 * 60
    assert (await hours.of(cast.rina.tenant, "care")).name == ""
    with pytest.raises(Conflict, match="Teams go by"):
        await hours.remove(cast.mina, night.id)
    await hours.set_team(cast.mina, "care", None)
    await hours.remove(cast.mina, night.id)
    assert [one.event for one in await told_of(state) if "Hours" in one.event] == [
        "Opening Hours Created", "Opening Hours Created", "Team Hours Set", "Team Hours Set", "Team Hours Set",
        "Opening Hours Removed",
    ]  # fmt: skip


async def test_a_change_says_what_was_and_two_at_once_are_a_conflict(state: State) -> None:
    cast = await found_sori(state)
    hours = cast.governance.hours
    made = await hours.create(cast.mina, told())
    day = {"date": "2026-12-25", "name": "성탄절", "spans": []}
    changed = await hours.change(cast.mina, made.id, told(days=[day]), 1)
    assert changed.on(date(2026, 12, 25)) == ()
    assert await hours.change(cast.mina, made.id, told(days=[day]), 2) == changed  # nothing to change
    with pytest.raises(Conflict):
        await hours.change(cast.mina, made.id, told(name="다른"), 1)
    with pytest.raises(Conflict, match="사무실"):
        await hours.create(cast.mina, told())
    with pytest.raises(NotAllowed):
        await hours.create(cast.joon, told(name="x"))
    [event] = [one for one in await told_of(state) if one.event == "Opening Hours Changed"]
    assert (event.properties["before"], event.actor) == ({"days": []}, cast.mina.user)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"), ({"zone": "Asia/Nowhere"}, "zone"), ({"week": [[]] * 7}, "week"),
        ({"week": [[]] * 6}, "week"), ({"week": [[["9", "18:00"]]] + [[]] * 6}, "week[0]"),
        ({"week": [[["09:00", "12:00"], ["11:00", "13:00"]]] + [[]] * 6}, "week[0]"),
        ({"week": [[["24:00", "01:00"]]] + [[]] * 6}, "week[0]"),
        ({"days": [{"date": "2026-02-30"}]}, "days[0].date"),
        ({"days": [{"date": "2026-02-01"}, {"date": "2026-02-01"}]}, "days[1].date"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_calendar_is_named(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.calendar(told(**changes))
    assert refused.value.field == field


def test_holidays_are_read_from_a_list() -> None:
    days = rules.holidays("# 2027\n2027-02-06 ~ 2027-02-08 설날\n\n2027-01-01\t신정\n2026-12-31 종무식 09:00-12:00\n")
    assert [(one["date"], one["name"]) for one in days] == [
        ("2026-12-31", "종무식"), ("2027-01-01", "신정"), ("2027-02-06", "설날"), ("2027-02-07", "설날"),
        ("2027-02-08", "설날"),
    ]  # fmt: skip
    assert (days[0]["spans"], days[1]["spans"]) == ([["09:00", "12:00"]], [])
    for wrong, line in (("설날 2027", "text:1"), ("2027-01-01 a\n2027-13-01 b", "text:2")):
        with pytest.raises(Invalid) as refused:
            rules.holidays(wrong)
        assert refused.value.field == line


def test_holidays_are_read_from_a_calendar_file() -> None:
    days = rules.holidays(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260924\r\nDTEND;VALUE=DATE:20260927\r\n"
        "SUMMARY:추석\\, 연\r\n 휴\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20260101T100000Z\r\nSUMMARY:회의\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert [(one["date"], one["name"]) for one in days] == [
        ("2026-09-24", "추석, 연휴"), ("2026-09-25", "추석, 연휴"), ("2026-09-26", "추석, 연휴"),
    ]  # fmt: skip
