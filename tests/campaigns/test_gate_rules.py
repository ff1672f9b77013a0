"""The gate's pure decisions: quiet hours and calendars in many zones, caps, consent, holdout."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dure.campaigns.gate.caps import Cap, Went, reached
from dure.campaigns.gate.model import Policy
from dure.campaigns.gate.quiet import Quiet, quiet_until
from dure.campaigns.gate.rules import binds, consents, read_policy
from dure.campaigns.gate.walls import day_begins, zone_of
from dure.kernel.errors import Invalid

SEOUL = ZoneInfo("Asia/Seoul")
NIGHT = Quiet("21:00", "08:00")

ZONES = [
    "Asia/Seoul", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide", "Australia/Lord_Howe", "America/St_Johns",
    "Pacific/Chatham", "Pacific/Apia", "America/New_York", "America/Los_Angeles", "America/Santiago",
    "America/Sao_Paulo", "Europe/London", "Europe/Berlin", "Africa/Cairo", "Africa/Casablanca", "Asia/Beirut",
    "Asia/Tehran", "Australia/Sydney", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Honolulu", "Asia/Yangon",
    "Atlantic/Azores",
]  # fmt: skip


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def changes(zone: ZoneInfo, year: int = 2026) -> list[datetime]:
    """The hours of a year before which a zone's offset changes; a summer and a winter day where it never does."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(365 * 24)]
    offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
    found = [hours[n] for n in range(1, len(hours)) if offsets[n] != offsets[n - 1]]
    return found or [utc(f"{year}-01-15T00:00"), utc(f"{year}-07-15T00:00")]


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("quiet", [NIGHT, Quiet("01:30", "02:30"), Quiet("12:00", "13:15")])
def test_quiet_hours_hold_by_the_persons_clock_through_every_change(name: str, quiet: Quiet) -> None:
    zone = ZoneInfo(name)
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    for change in changes(zone):
        # Thirty hours around the change, by every tenth minute: what the clock on the wall says decides.
        for step in range(-15 * 6, 15 * 6):
            at = change + timedelta(minutes=10 * step)
            wall = at.astimezone(zone).time()
            shown = start <= wall < end if start < end else wall >= start or wall < end
            until = quiet_until(at, zone, quiet)
            if shown:
                assert until is not None, (name, at, wall)
            if until is not None:
                assert until > at
                assert quiet_until(until, zone, quiet) is None, (name, at, until)
                assert quiet_until(until - timedelta(seconds=1), zone, quiet) == until
                assert until - at <= timedelta(hours=13)


def test_an_end_that_the_clock_jumps_over_is_the_jump() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # 2026-03-29: 02:00 is followed by 03:00, at 01:00 UTC
    assert quiet_until(utc("2026-03-29T00:30"), berlin, Quiet("22:00", "02:30")) == utc("2026-03-29T01:00")
    santiago = ZoneInfo("America/Santiago")  # 2026-09-06: 00:00 is followed by 01:00, at 04:00 UTC
    assert day_begins(date(2026, 9, 6), santiago) == utc("2026-09-06T04:00")
    assert quiet_until(utc("2026-09-06T04:00"), santiago, Quiet("00:00", "06:00")) == utc("2026-09-06T09:00")


def test_an_hour_that_comes_twice_is_quiet_twice() -> None:
    berlin = ZoneInfo("Europe/Berlin")  # 2026-10-25: 02:00 to 03:00 comes twice, from 00:00 and from 01:00 UTC
    quiet = Quiet("22:00", "02:30")
    assert quiet_until(utc("2026-10-24T23:00"), berlin, quiet) == utc("2026-10-25T01:30")
    assert quiet_until(utc("2026-10-25T00:45"), berlin, quiet) == utc("2026-10-25T01:30")  # 02:45, the first time
    assert quiet_until(utc("2026-10-25T01:30"), berlin, quiet) is None
    adelaide = ZoneInfo("Australia/Adelaide")  # south of the line, and half an hour beside the others
    assert quiet_until(utc("2026-10-03T16:15"), adelaide, Quiet("22:00", "02:15")) == utc("2026-10-03T16:30")


def test_whose_zone_is_not_known_lives_in_the_workspaces() -> None:
    assert zone_of({"timezone": "America/New_York"}, SEOUL).key == "America/New_York"
    for strange in ({}, {"timezone": ""}, {"timezone": "Mars/Olympus"}, {"timezone": "../etc/passwd"}, {"timezone": 9}):
        assert zone_of(strange, SEOUL) is SEOUL


def test_a_rolling_cap_counts_hours_and_a_calendar_one_the_persons_days() -> None:
    now = utc("2026-11-23T15:30")  # half past midnight on Tuesday in Seoul, Monday morning in New York
    went = [Went(now - timedelta(hours=1), "email", "marketing")]
    day, hours = Cap(1, "day"), Cap(1, "rolling", 24)
    assert reached([hours], "email", "marketing", now, SEOUL, went) == (hours, False)
    assert reached([day], "email", "marketing", now, SEOUL, went) == (None, False)
    assert reached([day], "email", "marketing", now, ZoneInfo("America/New_York"), went) == (day, False)
    exactly = [Went(now - timedelta(hours=24), "email", "marketing")]
    assert reached([hours], "email", "marketing", now, SEOUL, exactly) == (None, False)
    sunday = [Went(utc("2026-11-22T14:59"), "email", "marketing")]  # 23:59 on Sunday in Seoul
    week = Cap(1, "week")
    assert reached([week], "email", "marketing", now, SEOUL, sunday) == (None, False)
    assert reached([week], "email", "marketing", now, SEOUL, [Went(utc("2026-11-22T15:00"), "sms", "x")]) == (
        week, False,
    )  # fmt: skip


def test_a_cap_of_a_channel_or_a_topic_counts_and_stops_only_its_own() -> None:
    now = utc("2026-11-23T03:00")
    went = [Went(now - timedelta(hours=1), "sms", "marketing"), Went(now - timedelta(hours=2), "sms", "news")]
    sms, news = Cap(2, "rolling", 24, channel="sms"), Cap(1, "rolling", 24, topic="news")
    assert reached([sms, news], "sms", "marketing", now, SEOUL, went) == (sms, False)
    assert reached([sms, news], "email", "news", now, SEOUL, went) == (news, False)
    assert reached([sms, news], "email", "marketing", now, SEOUL, went) == (None, False)
    assert (sms.name, news.name, Cap(3, "week").name) == ("2 per 24h, sms", "1 per 24h, news", "3 per week")


def test_the_last_place_is_kept_for_whom_goes_first_if_it_is_due_within_the_window() -> None:
    now = utc("2026-11-23T03:00")
    two, went = Cap(2, "day"), [Went(now - timedelta(hours=1), "email", "marketing")]
    soon = [Went(now + timedelta(hours=2), "email", "marketing")]
    tomorrow = [Went(now + timedelta(hours=13), "email", "marketing")]
    assert reached([two], "email", "marketing", now, SEOUL, went, soon) == (two, True)
    assert reached([two], "email", "marketing", now, SEOUL, went, tomorrow) == (None, False)
    assert reached([two], "email", "marketing", now, SEOUL, [], soon) == (None, False)


def test_a_no_counts_and_silence_is_what_the_workspace_says() -> None:
    out, into = Policy(), Policy(consent="opt_in", choices={"news": "opt_out", "marketing/sms": "opt_in"})
    assert consents(out, "marketing", "email", {})
    assert not consents(into, "marketing", "email", {})
    assert consents(into, "news", "email", {})
    assert consents(into, "marketing", "email", {("marketing", "email"): True})
    assert consents(into, "marketing", "email", {("", "email"): True})
    assert not consents(out, "marketing", "email", {("", "email"): False})
    assert not consents(out, "marketing", "email", {("", "email"): True, ("marketing", "email"): False})
    assert consents(out, "marketing", "sms", {("", "email"): False})
    assert consents(into, "transactional", "email", {("", "email"): False})
    assert binds("bounced", "transactional")
    assert not binds("unsubscribed", "transactional")
    assert binds("unsubscribed", "marketing")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"caps": [{"most": 0}]}, "caps[0].most"),
        ({"caps": [{"most": 1, "per": "month"}]}, "caps[0].per"),
        ({"caps": [{"most": 1, "hours": 9_000}]}, "caps[0].hours"),
        ({"quiet": {"start": "25:00", "end": "08:00"}}, "quiet.start"),
        ({"quiet": {"start": "08:00", "end": "08:00"}}, "quiet.end"),
        ({"rates": {"smtp": {"second": -1}}}, "rates.smtp.second"),
        ({"seeds": ["nobody"]}, "seeds[0]"),
        ({"watch": {"bounced": {"share": 2}}}, "watch.bounced.share"),
        ({"approval": {"demanded": "perhaps"}}, "approval.demanded"),
    ],
)
def test_demands_that_make_no_sense_are_refused_by_name(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as error:
        read_policy(wrong)
    assert error.value.field == field
