"""A target gets every event of its workspace from when it began, in whole objects, each event once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from dure.exports.api import Exports, Kind, Place, Target
from dure.feed.api import NOBODY, Batch, Event, Follower, Lane, append_lines, lags, lines_of
from dure.governance.api import Principal
from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from dure.kernel.ids import person_id
from dure.log.api import Log
from dure.state import State
from tests.exports.storing import Shelf
from tests.people_of import MONDAY_NOON, Cast, found_sori

pytestmark = pytest.mark.anyio

HERE = Place(Kind.FOLDER, "warehouse")
BUCKET = Place(Kind.S3, "dure", "https://s3.example", "lake", "", "AKIA")


@dataclass
class Yard:
    """The way out with shelves for storages."""

    cast: Cast
    clock: StillClock
    exports: Exports
    shelf: Shelf
    state: State

    async def target(self, **more: Any) -> Target:
        more = {"max_events": 3, "max_seconds": 60} | more
        return (await self.exports.create_target(self.cast.mina, "warehouse", more.pop("place", HERE), **more)).target

    async def comes(self, *ids: str, at: datetime = MONDAY_NOON, who: Principal | None = None) -> None:
        """Events from outside, one batch."""
        tenant = (who or self.cast.mina).tenant
        events = [
            Event(org=tenant.org, workspace=tenant.workspace, event="Played", time=at, received_at=MONDAY_NOON,
                  message_id=one, source="web", person=person_id(tenant.workspace, "u-1"), distinct_id="u-1",
                  properties={"title": "두레", "seconds": 3.5})
            for one in ids
        ]  # fmt: skip
        async with self.state.begin(tenant) as tx:
            await append_lines(tx, tenant, len(events), lines_of(events))

    def ids(self) -> list[str]:
        return [row["message_id"] for row in self.shelf.rows(self.cast.tenant.workspace) if row["source"] == "web"]


@pytest.fixture
async def yard(state: State, log: Log) -> Yard:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    shelf = Shelf()
    exports = Exports(state, log, clock, {Kind.FOLDER: shelf, Kind.S3: shelf}, b"a key")
    return Yard(cast, clock, exports, shelf, state)


async def test_what_came_before_a_target_is_not_in_it_and_what_comes_after_is_once_it_is_enough(yard: Yard) -> None:
    await yard.comes("old")
    target = await yard.target()
    await yard.exports.follower.advance(target)
    await yard.comes("a", "b")
    assert await yard.exports.follower.advance(target, now=True) == 1
    await yard.comes("c", "d")
    assert await yard.exports.follower.advance(target) == 0, "two are not enough, and a minute has not passed"
    await yard.comes("e")
    assert await yard.exports.follower.advance(target) == 1
    assert yard.ids() == ["a", "b", "c", "d", "e"]


async def test_a_row_holds_all_that_the_event_held(yard: Yard) -> None:
    target = await yard.target()
    await yard.comes("a", at=MONDAY_NOON - timedelta(days=1))
    await yard.exports.follower.advance(target, now=True)
    [row] = [row for row in yard.shelf.rows(yard.cast.tenant.workspace) if row["source"] == "web"]
    assert row == {
        "event": "Played", "time": MONDAY_NOON - timedelta(days=1), "received_at": MONDAY_NOON, "message_id": "a",
        "source": "web", "person": str(person_id(yard.cast.tenant.workspace, "u-1")), "distinct_id": "u-1",
        "account": "", "object_type": "", "object": "", "actor": "", "run": "",
        "properties": '{"title":"두레","seconds":3.5}',
    }  # fmt: skip
    assert [name.split("/")[1] for name in yard.shelf.names()] == ["day=2026-11-22", "day=2026-11-23"]


async def test_a_line_that_leaves_out_what_is_empty_is_a_row_like_any_other(yard: Yard) -> None:
    target = await yard.target()
    tenant = yard.cast.tenant
    line = (
        f'{{"org":"{tenant.org}","workspace":"{tenant.workspace}","event":"Played","time":"2026-11-23T03:00:00Z",'
        '"received_at":"2026-11-23T03:00:00Z","message_id":"bare","source":"web"}'
    )
    async with yard.state.begin(tenant) as tx:
        await append_lines(tx, tenant, 1, line.encode())
    await yard.exports.follower.advance(target, now=True)
    [row] = [row for row in yard.shelf.rows(tenant.workspace) if row["source"] == "web"]
    assert (row["person"], row["account"], row["properties"]) == (str(NOBODY), "", "{}")


async def test_broken_off_before_it_was_confirmed_the_same_objects_are_written_again(yard: Yard) -> None:
    target = await yard.target()
    await yard.comes("a", at=MONDAY_NOON - timedelta(days=1))
    await yard.comes("b", "c")

    def full(name: str) -> None:
        if "2026-11-23" in name:
            raise Unavailable("The disk is full.")

    yard.shelf.before = full
    with pytest.raises(Unavailable):
        await yard.exports.follower.advance(target)
    half = list(yard.shelf.objects)
    yard.shelf.before = None
    await yard.comes("d")
    await yard.exports.follower.advance(target, now=True)
    assert yard.ids() == ["a", "b", "c", "d"]
    assert set(half) < set(yard.shelf.objects)
    [status] = await yard.exports.targets(yard.cast.mina)
    assert status.events == len(yard.shelf.rows(yard.cast.tenant.workspace)), "each object counts once"


async def test_a_message_that_came_twice_in_a_range_is_written_once(yard: Yard) -> None:
    target = await yard.target(max_events=10)
    await yard.comes("a", "b")
    await yard.comes("b", "c")
    await yard.exports.follower.advance(target, now=True)
    assert yard.ids() == ["a", "b", "c"]


async def test_another_workspaces_events_are_passed_by(yard: Yard) -> None:
    target = await yard.target()
    await yard.exports.follower.advance(target, now=True)
    before = list(yard.shelf.puts)
    await yard.comes("theirs", who=yard.cast.rina)
    assert await yard.exports.follower.advance(target, now=True) == 1
    assert yard.shelf.puts == before
    async with yard.state.begin_system() as tx:
        [lag] = [lag for lag in await lags(tx) if lag.name == target.follower]
    assert lag.batches == 0, "they hold nothing of the feed"


async def test_a_paused_target_holds_nothing_of_the_feed_and_goes_on_with_what_comes_then(yard: Yard) -> None:
    target = await yard.target()
    await yard.comes("a")
    paused = await yard.exports.switch_target(yard.cast.mina, target.id, False)
    assert not paused.target.enabled
    async with yard.state.begin_system() as tx:
        assert target.follower not in [lag.name for lag in await lags(tx)]
    await yard.comes("b")
    yard.clock.advance(timedelta(hours=1))
    again = await yard.exports.switch_target(yard.cast.mina, target.id, True)
    assert again.target.since == MONDAY_NOON + timedelta(hours=1)
    await yard.comes("c")
    await yard.exports.follower.advance(again.target, now=True)
    assert yard.ids() == ["c"]
    await yard.exports.remove_target(yard.cast.mina, target.id)
    assert await yard.exports.targets(yard.cast.mina) == []
    async with yard.state.begin_system() as tx:
        assert target.follower not in [lag.name for lag in await lags(tx)]
    with pytest.raises(NotFound):
        await yard.exports.remove_target(yard.cast.mina, target.id)


async def test_a_target_that_is_ended_under_the_followers_hands_gets_nothing_more(yard: Yard) -> None:
    await yard.comes("old")
    target = await yard.target()
    await yard.comes("a", "b", "c")
    await yard.exports.remove_target(yard.cast.mina, target.id)
    assert await yard.exports.follower.advance(target, now=True) == 0
    assert yard.shelf.rows(yard.cast.tenant.workspace) == []
    async with yard.state.begin_system() as tx:
        assert target.follower not in [lag.name for lag in await lags(tx)]


async def test_how_a_target_stands_is_shown_and_its_secret_never(yard: Yard) -> None:
    target = await yard.target(place=BUCKET, secret="do-not-show")
    await yard.comes("a", "b")
    [status] = await yard.exports.targets(yard.cast.mina)
    assert (status.waiting_events >= 2, status.last, status.objects) == (True, None, 0)
    await yard.exports.follower.advance(target, now=True)
    [status] = await yard.exports.targets(yard.cast.mina)
    assert status.last is not None
    assert status.last.name == yard.shelf.puts[-1]
    assert (status.waiting_events, status.objects) == (0, 1)
    assert yard.shelf.secrets == {"do-not-show"}
    async with yard.state.begin_system() as tx:
        row = await tx.row("select * from exports.target")
    assert "do-not-show" not in repr(row)
    other = Exports(yard.state, None, yard.clock, {Kind.S3: yard.shelf}, b"another key")  # type: ignore[arg-type]
    await yard.comes("c")
    with pytest.raises(Conflict, match="another signing key"):
        await other.follower.advance(target, now=True)


async def test_a_place_that_cannot_be_written_is_an_error_at_once(yard: Yard) -> None:
    def no(name: str) -> None:
        raise OSError("nobody there")

    yard.shelf.before = no
    with pytest.raises(Invalid, match="nobody there"):
        await yard.target()
    assert await yard.exports.targets(yard.cast.mina) == []


@pytest.mark.parametrize(
    ("place", "more", "field"),
    [
        (Place(Kind.FOLDER, "../other"), {}, "path"),
        (Place(Kind.FOLDER, "/etc"), {}, "path"),
        (Place(Kind.S3, "", "ftp://s3.example", "lake", "", "AKIA"), {"secret": "s"}, "endpoint"),
        (Place(Kind.S3, "", "https://s3.example", "", "", "AKIA"), {"secret": "s"}, "bucket"),
        (BUCKET, {}, "secret"),
        (HERE, {"max_seconds": 0}, "max_seconds"),
        (HERE, {"max_events": 2_000_000}, "max_events"),
    ],
)
async def test_what_is_no_target_is_said_by_field(yard: Yard, place: Place, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as error:
        await yard.target(place=place, **more)
    assert error.value.field == field
    assert yard.shelf.puts == []


async def test_only_admins_let_data_out_and_only_of_their_own_workspace(yard: Yard) -> None:
    target = await yard.target()
    with pytest.raises(NotAllowed):
        await yard.exports.targets(yard.cast.joon)
    with pytest.raises(NotAllowed):
        await yard.exports.create_target(yard.cast.joon, "mine", HERE)
    assert await yard.exports.targets(yard.cast.rina) == []
    with pytest.raises(NotFound):
        await yard.exports.remove_target(yard.cast.rina, target.id)
    with pytest.raises(NotFound):
        await yard.exports.objects(yard.cast.mina, "no-uuid")
    with pytest.raises(Conflict):
        await yard.target()


async def test_each_act_is_one_event(yard: Yard) -> None:
    target = await yard.target(place=BUCKET, secret="do-not-show")
    await yard.exports.switch_target(yard.cast.mina, target.id, False)
    await yard.exports.switch_target(yard.cast.mina, target.id, False)
    await yard.exports.switch_target(yard.cast.mina, target.id, True)
    await yard.exports.remove_target(yard.cast.mina, target.id)
    found: list[Event] = []

    async def note(_: object, batches: Sequence[Batch]) -> None:
        for batch in batches:
            found.extend(event for event in batch.events() if event.source == "exports")

    await Follower(yard.state, "peek", lanes=(Lane.DOMAIN,)).step(note)
    assert [event.event for event in found] == [
        "Export Target Created", "Export Target Paused", "Export Target Resumed", "Export Target Removed",
    ]  # fmt: skip
    assert "do-not-show" not in repr(found)
