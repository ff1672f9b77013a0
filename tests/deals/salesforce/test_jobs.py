"""Jobs survive whoever works at them."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from dure.deals.api import Deals
from dure.deals.salesforce.apps import Apps
from dure.deals.salesforce.bulk.api import Jobs
from dure.deals.salesforce.bulk.work import Work
from dure.deals.salesforce.call import Call
from dure.deals.salesforce.collections import Collections
from dure.deals.salesforce.door import SalesforceDoor
from dure.deals.salesforce.holding import SalesforceHolder
from dure.deals.salesforce.resources import Resources
from dure.deals.salesforce.writing import Writing
from dure.deals.sync import store as sync_store
from dure.deals.sync.model import Link
from dure.kernel.clock import StillClock
from dure.kernel.whom import Whom
from dure.state import State
from tests.people_of import MONDAY_NOON, Cast, found_sori

pytestmark = pytest.mark.anyio
ROWS = 26


class Office:
    """Deals with a job that has been sent and not been worked at."""

    def __init__(self, state: State, cast: Cast, clock: StillClock) -> None:
        self.cast, self.clock = cast, clock
        self.deals = Deals(state, clock, cast.governance)
        self.door = SalesforceDoor(self.deals, Apps(state, clock, cast.governance))
        self.work = Work(self.deals.desk, Collections(Resources(Writing(self.deals))), rows=10)
        self.jobs = Jobs()

    def call(self, body: Any = None, raw: bytes = b"") -> Call:
        content = raw or json.dumps(body or {}).encode()
        return Call(self.deals.desk, self.cast.mina, "POST", "59.0", (), {}, content)

    async def insert(self, rows: int = ROWS) -> str:
        made = await self.jobs.create(self.call({"operation": "insert", "object": "Lead"}), "ingest")
        job = str(made.body["id"])
        lines = "".join(f"L{n},Crash\n" for n in range(rows))
        await self.jobs.send(self.call(raw=f"LastName,Company\n{lines}".encode()), job)
        await self.jobs.set_state(self.call({"state": "UploadComplete"}), "ingest", job)
        return job

    async def job(self, job: str) -> dict[str, Any]:
        return dict((await self.jobs.one(self.call(), "ingest", job)).body)

    async def names(self) -> list[str]:
        async with self.deals.desk.state.begin(self.cast.tenant) as tx:
            ours = (self.cast.tenant.workspace,)
            rows = await tx.rows("select last_name from deals.lead where workspace = %s and deleted_at is null", ours)
        return [row["last_name"] for row in rows]

    def killed_at(self, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever works ends at the record of this number, as a process that is killed does."""
        real, made = self.deals.leads.create_in, 0

        async def create_in(*given: Any, **more: Any) -> Any:
            nonlocal made
            made += 1
            if made == number:
                monkeypatch.undo()
                raise asyncio.CancelledError
            return await real(*given, **more)

        monkeypatch.setattr(self.deals.leads, "create_in", create_in)


@pytest.fixture
async def office(state: State) -> Office:
    clock = StillClock(MONDAY_NOON)
    return Office(state, await found_sori(state, clock), clock)


async def test_a_job_goes_on_where_a_killed_process_left_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    job = await office.insert()
    office.killed_at(15, monkeypatch)
    with pytest.raises(asyncio.CancelledError):
        await office.work.step()
    assert ((await office.job(job))["state"], len(await office.names())) == ("InProgress", 10)
    assert await office.work.step() is False, "somebody may still be at it"
    office.clock.advance(timedelta(minutes=2))
    assert await office.work.step() is True
    done = await office.job(job)
    assert (done["state"], done["numberRecordsProcessed"], done["numberRecordsFailed"]) == ("JobComplete", ROWS, 0)
    assert sorted(await office.names()) == sorted(f"L{n}" for n in range(ROWS))


async def test_two_processes_never_work_at_one_job(office: Office) -> None:
    job = await office.insert(rows=30)
    worked = await asyncio.gather(office.work.step(), office.door.work.step())
    assert sorted(worked) == [False, True]
    assert (await office.job(job))["numberRecordsProcessed"] == 30
    assert len(await office.names()) == 30


async def test_a_job_of_somebody_who_has_left_fails(office: Office) -> None:
    job = await office.insert(rows=2)
    await office.cast.governance.deactivate(office.cast.mina, office.cast.mina.user)
    await office.work.step()
    assert (await office.job(job))["state"] == "Failed"
    assert await office.names() == []


async def test_what_nobody_can_ask_for_any_more_is_dropped(office: Office) -> None:
    job = await office.insert(rows=1)
    await office.work.step()
    office.clock.advance(timedelta(days=8))
    await office.door.forget()
    with pytest.raises(Exception, match="does not exist"):
        await office.job(job)


async def test_what_is_kept_of_a_person_goes_with_them(office: Office) -> None:
    job = await office.insert(rows=1)
    await office.work.step()
    holder = SalesforceHolder()
    async with office.deals.desk.state.begin(office.cast.tenant) as tx:
        whom = Whom(office.cast.tenant, objects=("003000000000001AAA",), names=("L0",))
        link = Link("Contact", "003000000000001AAA", "003000000000002AAA", "", {"Email": "l0@x.example"}, True)
        await sync_store.keep_link(tx, office.cast.tenant.workspace, link)
        assert (await holder.gather(tx, whom))["salesforce-sync"][0]["seen"] == {"Email": "l0@x.example"}
        assert await holder.erase(tx, whom) == 2
        assert (await holder.gather(tx, whom))["salesforce-sync"] == []
    with pytest.raises(Exception, match="does not exist"):
        await office.job(job)
