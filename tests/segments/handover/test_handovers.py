"""Handing over: consent before the lots, an outcome beside the control, an end, and lists that leave without it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dure.automation.plugs import Answer
from dure.experiments.halves import compare_halves
from dure.exports.api import Exports
from dure.exports.folder import FolderStorage
from dure.exports.model import Kind, Place
from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.people.api import Known, People
from dure.segments.api import Handover, Segments
from dure.segments.handover.api import Handovers, Wanted
from dure.state import State, Tx
from tests.people_of import MONDAY_NOON, Cast, found_sori
from tests.segments.test_segments import written
from tests.segments.writing import happened, merged, person, write

pytestmark = pytest.mark.anyio


class Said:
    """Who said no, as campaigns would know it."""

    def __init__(self) -> None:
        self.no: set[UUID] = set()

    async def unwilling(self, tx: Tx, tenant: Tenant, people: Collection[UUID]) -> set[UUID]:
        return self.no & set(people)


@dataclass
class Address:
    """An address outside that answers as told and keeps what it got."""

    status: int = 200
    breaks: Exception | None = None
    got: list[dict[str, Any]] = field(default_factory=list)

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float
    ) -> Answer:  # fmt: skip
        self.got.append({"url": url, "key": headers["idempotency-key"], **json.loads(body)})
        if self.breaks:
            raise self.breaks
        return Answer(self.status, "")


@dataclass
class House:
    cast: Cast
    clock: StillClock
    log: Log
    state: State
    said: Said
    address: Address
    segments: Segments
    handovers: Handovers
    exports: Exports
    folder: Path

    async def given(self, **terms: Any) -> Handover:
        """Sixty listeners handed to marketing for two weeks; the goal is to listen again."""
        who = [f"u-{n}" for n in range(60)]
        await write(self.log, [happened(self.cast.tenant, one, "Gift Sent", self.clock.now()) for one in who])
        made = await self.segments.create(self.cast.joon, "선물한 사람", {"kind": "did", "event": "Gift Sent"})
        await self.segments.compute(self.cast.joon, made.id)
        asked = {"goal": {"event": "Listen Started"}, "expires": self.clock.now() + timedelta(days=14)} | terms
        return await self.segments.hand_over(self.cast.joon, made.id, "marketing", "되찾기", **asked)

    async def lists(self, handover: Handover) -> tuple[set[UUID], set[UUID]]:
        """Treated and control."""
        return (
            set(await self.segments.handover_people(self.cast.joon, handover.id, control=False)),
            set(await self.segments.handover_people(self.cast.joon, handover.id, control=True)),
        )

    async def listens(self, people: Collection[str]) -> None:
        await write(self.log, [happened(self.cast.tenant, one, "Listen Started", self.clock.now()) for one in people])

    def named(self, people: Collection[UUID]) -> list[str]:
        return [f"u-{n}" for n in range(60) if person(self.cast.tenant, f"u-{n}") in people]


@pytest.fixture
async def house(state: State, log: Log, tmp_path: Path) -> House:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    people, said, address = People(state, log, clock), Said(), Address()
    segments = Segments(state, log, clock, cast.governance, people=people)
    segments.consents = said
    exports = Exports(state, log, clock, {Kind.FOLDER: FolderStorage(tmp_path)}, b"key" * 20)
    handovers = Handovers(
        state, log, clock, cast.governance, people, address, exports, consents=said, comparing=compare_halves
    )
    known = [Known(f"u-{n}", {"email": f"u{n}@example.com"}, clock.now()) for n in range(60)]
    await people.bulk_people(cast.tenant, known)
    return House(cast, clock, log, state, said, address, segments, handovers, exports, tmp_path)


async def test_who_does_not_want_to_hear_is_in_neither_half(house: House) -> None:
    house.said.no = {person(house.cast.tenant, f"u-{n}") for n in range(10)}
    given = await house.given()
    treated, control = await house.lists(given)
    assert (given.size, given.refused, len(treated) + len(control)) == (50, 10, 50)
    assert not house.said.no & (treated | control)
    (told,) = await written(house.state, "Segment Handed Over")
    assert (told.properties["refused"], told.properties["from"], told.properties["goal"]) == (
        10, "product", "Listen Started",
    )  # fmt: skip
    house.said.no = {person(house.cast.tenant, f"u-{n}") for n in range(60)}
    with pytest.raises(Conflict, match="wants to hear"):
        await house.segments.hand_over(house.cast.joon, given.segment, "marketing", "again")


async def test_the_outcome_is_told_beside_the_control_and_reported_back_when_it_ends(house: House) -> None:
    given = await house.given()
    treated, control = await house.lists(given)
    await house.listens(house.named(treated)[:1])  # at the very moment, so not because of it
    house.clock.advance(timedelta(days=1))
    await house.listens([*house.named(treated)[1:11], *house.named(control)[:3], "somebody else"])
    outcome = await house.handovers.outcome(house.cast.joon, given.id)
    assert outcome is not None
    assert outcome["treated"] == {"people": len(treated), "reached": 10}
    assert outcome["control"] == {"people": len(control), "reached": 3}
    assert outcome["difference"] == pytest.approx(10 / len(treated) - 3 / len(control))
    assert await house.handovers.tick() == 0
    house.clock.advance(timedelta(days=14))
    await house.listens(house.named(control))  # after the window
    assert await house.handovers.tick() == 1
    assert await house.handovers.tick() == 0
    (told,) = await written(house.state, "Handover Ended")
    assert told.properties["channel"] == "#product"
    assert (told.properties["treated_reached"], told.properties["control_reached"]) == (10, 3)
    assert f"of {len(treated)} to act on" in told.properties["said_en"]
    ended = await house.handovers.handover(house.cast.joon, given.id)
    assert ended.ended_at == house.clock.now()
    assert ended.outcome is not None
    assert ended.outcome["treated"]["reached"] == 10
    with pytest.raises(Conflict, match="closed"):
        await house.segments.handover_people(house.cast.joon, given.id, control=False)
    with pytest.raises(Conflict, match="closed"):
        await house.handovers.exporting.export(house.cast.mina, given.id, Wanted("csv"))


async def test_somebody_who_became_another_still_counts_as_who_they_were_on_the_list(house: House) -> None:
    given = await house.given()
    treated, _ = await house.lists(given)
    old = house.named(treated)[0]
    house.clock.advance(timedelta(days=1))
    await write(
        house.log,
        [
            merged(house.cast.tenant, old, "signed-in", house.clock.now()),
            happened(house.cast.tenant, "signed-in", "Listen Started", house.clock.now()),
        ],
    )
    outcome = await house.handovers.outcome(house.cast.joon, given.id)
    assert outcome is not None
    assert outcome["treated"]["reached"] == 1


async def test_it_can_be_ended_before_its_time_once_and_without_a_goal_says_so(house: House) -> None:
    given = await house.given(goal=None)
    await house.handovers.end(house.cast.joon, given.id)
    with pytest.raises(Conflict):
        await house.handovers.end(house.cast.joon, given.id)
    (told,) = await written(house.state, "Handover Ended")
    assert told.properties["verdict"] == ""
    assert "No goal" in told.properties["said_en"]


async def test_a_file_holds_the_treated_who_are_still_willing_and_nobody_of_the_control(house: House) -> None:
    given = await house.given()
    treated, control = await house.lists(given)
    house.said.no = {sorted(treated)[0], sorted(control)[0]}  # they said no since
    made, content = await house.handovers.exporting.export(house.cast.mina, given.id, Wanted("csv"))
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert {UUID(row["person"]) for row in rows} == treated - house.said.no
    assert not {UUID(row["person"]) for row in rows} & control
    assert (made.state, made.people, made.without_consent) == ("done", len(treated) - 1, 1)
    begun, done = await written(house.state, "Segment Export Begun", "Segment Exported")
    assert (begun.event, done.event) == ("Segment Export Begun", "Segment Exported")
    assert done.actor == house.cast.mina.actor
    assert done.properties["sha256"] == made.sha256
    google, listed = await house.handovers.exporting.export(house.cast.mina, given.id, Wanted("csv", "google"))
    assert google.people == len(listed.decode().splitlines()) - 1 == len(treated) - 1
    assert b"example.com" not in content + listed
    assert len(await house.handovers.exporting.exports(house.cast.joon, given.id)) == 2


async def test_a_webhook_gets_parts_with_keys_and_what_goes_wrong_is_kept(house: House) -> None:
    given = await house.given()
    treated, _ = await house.lists(given)
    url = "https://crm.example/in?token=secret"
    made, content = await house.handovers.exporting.export(house.cast.mina, given.id, Wanted("webhook", place=url))
    assert (made.state, content, made.place) == ("done", b"", "https://crm.example/…")
    (call,) = house.address.got
    assert {UUID(one["person"]) for one in call["people"]} == treated
    assert (call["url"], call["key"], call["part"], call["parts"]) == (url, f"{made.id}:1", 1, 1)
    for status, breaks, state in (
        (500, None, "failed"),
        (200, TimeoutError(), "unknown"),
        (200, OSError("no"), "failed"),
    ):
        house.address.status, house.address.breaks = status, breaks
        made, _ = await house.handovers.exporting.export(house.cast.mina, given.id, Wanted("webhook", place=url))
        assert made.state == state
    told = await written(house.state, "Segment Exported")
    assert [event.properties["state"] for event in told] == ["done", "failed", "unknown", "failed"]
    assert "secret" not in str([event.properties for event in told])


async def test_a_storage_gets_the_file_under_the_handovers_name(house: House) -> None:
    given = await house.given()
    target = (await house.exports.create_target(house.cast.mina, "lake", Place(Kind.FOLDER, "out"))).target
    made, _ = await house.handovers.exporting.export(house.cast.mina, given.id, Wanted("s3", "meta", target.id))
    (file,) = (house.folder / house.cast.tenant.workspace / "out" / "handovers" / given.id).iterdir()
    assert file.name == f"{made.id}.csv"
    assert file.read_text().splitlines()[0] == "email,phone,extern_id"
    assert made.people == len(file.read_text().splitlines()) - 1


async def test_only_those_who_may_take_people_out_and_what_makes_sense(house: House) -> None:
    given = await house.given()
    with pytest.raises(NotAllowed):
        await house.handovers.exporting.export(house.cast.joon, given.id, Wanted("csv"))
    with pytest.raises(NotFound):
        await house.handovers.exporting.export(house.cast.rina, given.id, Wanted("csv"))
    with pytest.raises(NotFound):
        await house.handovers.handover(house.cast.rina, given.id)
    for wanted, name in (
        (Wanted("webhook", place="ftp://x"), "place"),
        (Wanted("webhook", "google", "https://x.example"), "form"),
        (Wanted("s3"), "place"),
        (Wanted("csv", country="korea"), "country"),
    ):
        with pytest.raises(Invalid) as refused:
            await house.handovers.exporting.export(house.cast.mina, given.id, wanted)
        assert refused.value.field == name
    for terms, name in (
        ({"from_function": "moon"}, "from_function"),
        ({"window": "soon"}, "window"),
        ({"goal": {"event": " "}}, "goal.event"),
        ({"goal": {"events": "x"}}, "goal"),
    ):
        with pytest.raises(Invalid) as refused:
            await house.segments.hand_over(house.cast.joon, given.segment, "marketing", "x", **terms)
        assert refused.value.field == name
    assert [event.event for event in await written(house.state, "Segment Exported")] == []
