"""User groups, quiet hours and the times of reminders: what Slack's door does not show of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dure.channels.groups.api import members_of_groups
from dure.channels.groups.telling import TELLERS
from dure.channels.plugs import Telling
from dure.channels.quiet.model import EVERY_DAY, Quiet, is_quiet, next_quiet
from dure.channels.refusals import TimeInPast
from dure.channels.reminders.refusals import CannotParse
from dure.channels.reminders.times import due
from dure.state import State
from tests.channels.room import open_room
from tests.people_of import MONDAY_NOON

pytestmark = pytest.mark.anyio

SEOUL = "Asia/Seoul"


async def test_a_mention_means_the_people_of_groups_that_are_enabled(state: State) -> None:
    room = await open_room(state)
    cast, groups = room.cast, room.channels.colleagues.groups
    made = await groups.create(cast.mina, "영업", users=[cast.mina.user, cast.joon.user])
    await groups.create(cast.rina, "영업", users=[cast.rina.user])  # another workspace's names are its own
    async with state.begin(cast.tenant) as tx:
        assert await members_of_groups(tx, cast.tenant.workspace, [made.id]) == {
            made.id: {cast.mina.user, cast.joon.user}
        }
        assert await members_of_groups(tx, cast.rina.tenant.workspace, [made.id]) == {}
    await groups.set_enabled(cast.mina, made.id, False)
    async with state.begin(cast.tenant) as tx:
        assert await members_of_groups(tx, cast.tenant.workspace, [made.id]) == {}


async def test_apps_hear_of_groups(state: State) -> None:
    room = await open_room(state)
    cast, groups = room.cast, room.channels.colleagues.groups
    made = await groups.create(cast.mina, "영업")
    await groups.set_users(cast.mina, made.id, [cast.joon.user])
    heard = []
    async with state.begin(cast.tenant) as tx:
        for event in await room.told(cast.tenant.workspace):
            for one in await TELLERS[event.event](Telling(tx, cast.governance), event):
                heard.append((one.kind, one.body.get("added_users")))
    assert heard == [("subteam_created", None), ("subteam_members_changed", [cast.joon.user])]


@pytest.mark.parametrize(
    ("hour", "minutes", "quiet"),
    [(9, 0, False), (8, 59, True), (17, 59, False), (18, 0, True)],
)
def test_outside_of_working_hours_it_is_quiet(hour: int, minutes: int, quiet: bool) -> None:
    at = datetime(2026, 11, 23, hour, minutes, tzinfo=UTC) - timedelta(hours=9)
    assert is_quiet(Quiet("U1", enabled=True), SEOUL, at) is quiet


def test_quiet_time_follows_the_clock_over_weekends_nights_and_summer_time() -> None:
    office = Quiet("U1", enabled=True)
    friday = datetime(2026, 11, 27, 10, tzinfo=UTC)  # 19:00 in Seoul
    window = next_quiet(office, SEOUL, friday)
    assert window == (friday - timedelta(hours=1), datetime(2026, 11, 30, 0, tzinfo=UTC))
    night = Quiet("U1", enabled=True, days=EVERY_DAY, from_minute=22 * 60, until_minute=6 * 60)
    assert not is_quiet(night, SEOUL, datetime(2026, 11, 23, 15, tzinfo=UTC))  # midnight in Seoul
    assert is_quiet(night, SEOUL, MONDAY_NOON)
    # The night on which Berlin's clocks go back has an hour more.
    begin, end = next_quiet(Quiet("U1", enabled=True, days=EVERY_DAY), "Europe/Berlin",
                            datetime(2026, 10, 24, 12, tzinfo=UTC)) or (None, None)  # fmt: skip
    assert begin is not None
    assert end is not None
    assert end - begin == timedelta(hours=16)
    paused = Quiet("U1", snooze_until=MONDAY_NOON + timedelta(minutes=1))
    assert is_quiet(paused, SEOUL, MONDAY_NOON)
    assert next_quiet(paused, SEOUL, MONDAY_NOON) is None


@pytest.mark.parametrize(
    ("text", "seoul"),
    [
        ("in 20 minutes", "11-23 12:20"),
        ("in an hour", "11-23 13:00"),
        ("in half an hour", "11-23 12:30"),
        ("300", "11-23 12:05"),
        ("30분 뒤", "11-23 12:30"),
        ("두 시간 후에", "11-23 14:00"),
        ("tomorrow", "11-24 09:00"),
        ("tomorrow at 9", "11-24 09:00"),
        ("at 3:30pm", "11-23 15:30"),
        ("9am", "11-24 09:00"),
        ("3pm tomorrow", "11-24 15:00"),
        ("on friday at 14:15", "11-27 14:15"),
        ("next week", "11-30 09:00"),
        ("next monday", "11-30 09:00"),
        ("내일", "11-24 09:00"),
        ("내일 9시", "11-24 09:00"),
        ("내일 오후 3시 반", "11-24 15:30"),
        ("모레 정오", "11-25 12:00"),
        ("금요일 오전 10시", "11-27 10:00"),
        ("다음 주 수요일 10시", "12-02 10:00"),
        ("오후 4시", "11-23 16:00"),
        ("12월 25일", "12-25 09:00"),
        ("2026-12-01 14:00", "12-01 14:00"),
    ],
)
def test_times_as_people_write_them(text: str, seoul: str) -> None:
    made = due(text, MONDAY_NOON, SEOUL) + timedelta(hours=9)
    assert made.strftime("%m-%d %H:%M") == seoul


@pytest.mark.parametrize(
    "text",
    ["", "soon", "every thursday", "25:00", "in 5 parsecs", "내일 25시", "2026-02-30", "9" * 12, "in 999999 weeks"],
)
def test_times_that_nobody_can_read_are_refused(text: str) -> None:
    with pytest.raises(CannotParse):
        due(text, MONDAY_NOON, SEOUL)


def test_times_that_have_passed_are_refused() -> None:
    for text in ("2020-01-01", "1600000000", "오늘 오전 9시", "today at 11"):
        with pytest.raises(TimeInPast):
            due(text, MONDAY_NOON, SEOUL)
