"""The care report: medians and shares, those who wait still counted, nobody made faster by handing on."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dure.kernel.errors import Invalid, NotAllowed
from dure.social.clocks.report import Report, lengths, likely, quantile
from tests.social.clocks.conftest import USUAL, Desk

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


async def report(desk: Desk, **of: Any) -> Report:
    now = desk.inbox.clock.now()
    return await desk.clocks.reports.report(desk.inbox.cast.mina, now - DAY, now + timedelta(seconds=1), **of)


async def test_a_days_conversations(desk: Desk) -> None:
    care, cast = desk.inbox.care, desk.inbox.cast
    await desk.promise(USUAL, survey="reply")
    desk.at(23, 10)
    talks = [await desk.talk() for _ in range(5)]
    await care.assign(cast.mina, talks[0].id, cast.mina.user)
    await desk.inbox.reply(talks[0], "접수했습니다", "bot", desk.inbox.automation)
    for number, hours in ((0, 1), (1, 3), (2, 6)):
        desk.at(23, 10 + hours)
        await desk.inbox.reply(talks[number], "답합니다", "a", cast.joon, then="resolved")
    await care.transfer(cast.mina, talks[3].id, "sales")
    await desk.clocks.tick()
    secret = desk.inbox.square.said[-1][1].rpartition("/survey/")[2]
    await desk.clocks.surveys.answer(secret, 4, "괜찮아요")
    desk.at(23, 18)
    found = await report(desk)

    [first] = [one for one in found.total if one.kind == "first"]
    assert (first.given, first.open, first.dropped, first.met, first.missed) == (3, 2, 0, 2, 3)
    assert (first.business.median, first.business.p90) == (3 * 3600, 5.4 * 3600)
    assert (first.business.buckets, first.calendar.buckets) == ((1, 1, 1, 0, 0), (1, 1, 1, 0, 0))
    assert (first.business.likely, first.business.open_longest) == (6 * 3600, 8 * 3600)
    assert [one.team for one in found.teams if one.kind == "first"] == ["care", "sales"]
    joon = {one.kind: one for one in found.agents if one.agent == cast.joon.user}
    assert (joon["first"].given, joon["first"].share) == (3, 2 / 3)
    mina = {one.kind: one for one in found.agents if one.agent == cast.mina.user}
    assert "first" not in mina  # it was hers, and the answer was joon's
    assert (mina["agent"].given, mina["agent"].dropped) == (0, 1)
    whole = found.satisfaction[0]
    assert (whole.sent, whole.answered, whole.satisfied, whole.rate) == (3, 1, 1.0, 1 / 3)
    assert [one["comment"] for one in found.comments] == ["괜찮아요"]

    only = await report(desk, team="sales")
    assert [(one.kind, one.open) for one in only.total] == [("first", 1), ("resolve", 1)]
    rows = list(csv.DictReader(io.StringIO(await desk.clocks.reports.sheet(cast.mina, found))))
    assert (rows[0]["kind"], rows[0]["business_median"], rows[0]["share_met"]) == ("first", "10800", "0.4")
    with pytest.raises(NotAllowed):
        await desk.clocks.reports.report(cast.gil, found.since, found.until)
    with pytest.raises(Invalid):
        await desk.clocks.reports.report(cast.mina, found.until, found.since)
    theirs = await desk.clocks.reports.report(cast.rina, found.since, found.until)
    assert (list(theirs.total), list(theirs.satisfaction)) == ([], [])


def test_those_who_wait_still_make_the_likely_wait_longer() -> None:
    assert likely([1, 2, 3], []) == 2
    assert likely([1, 2, 3], [10, 10, 10]) == 3
    assert likely([1], [10, 10]) is None
    assert likely([5], [1, 1, 1]) == 5  # who stopped waiting to be seen early says little


@given(some.lists(some.floats(0, 1e6), min_size=1), some.sampled_from([0.5, 0.9]))
def test_a_quantile_lies_where_it_should(values: list[float], share: float) -> None:
    found = quantile(sorted(values), share)
    assert found is not None
    assert min(values) <= found <= max(values)
    below = sum(value <= found + 1e-6 for value in values)
    assert below >= share * (len(values) - 1)


@given(some.lists(some.floats(0, 2e5)), some.lists(some.floats(0, 2e5)))
def test_every_wait_is_in_one_bucket(over: list[float], still: list[float]) -> None:
    found = lengths(over, still)
    assert (sum(found.buckets), sum(found.open_buckets)) == (len(over), len(still))
