"""Two Dures, one playing Salesforce: records are kept the same both ways."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from dure.automation.plugs import Answer
from dure.connectors.salesforce import Credentials, SalesforceOrg
from dure.deals.api import Deals
from dure.deals.salesforce.apps import Apps
from dure.deals.salesforce.door import SalesforceDoor
from dure.deals.sync.api import Sync
from dure.deals.sync.routes import router
from dure.feed.api import Event, tail
from dure.kernel.clock import StillClock
from dure.kernel.errors import Conflict
from dure.kernel.tenant import Tenant
from dure.state import State
from dure.web import front
from dure.web.routing import include
from tests.people_of import MONDAY_NOON, Cast, found_sori

pytestmark = pytest.mark.anyio
_numbers = itertools.count(1)


@dataclass
class Wire:
    """The way out, to the org's door in the same process. `dies_after` calls it is cut, as by a crash."""

    app: FastAPI
    calls: list[str] = field(default_factory=list)
    dies_after: int = 10_000

    async def send(
        self, tenant: Tenant, method: str, url: str, headers: Mapping[str, str], body: bytes, seconds: float
    ) -> Answer:
        self.calls.append(f"{method} {url.split('/v59.0/')[-1].split('?')[0]}")
        if len(self.calls) > self.dies_after:
            raise OSError("cut")
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app)) as http:
            got = await http.request(method, url, headers=dict(headers), content=body)
        json = got.json() if "json" in got.headers.get("content-type", "") and got.content else None
        return Answer(got.status_code, got.text, json, dict(got.headers))


@dataclass
class Two:
    """Sorimaru here; there an org where mina signs in too, with Dure as an app that acts as joon."""

    clock: StillClock
    cast: Cast
    here: Deals
    there: Deals
    wire: Wire
    sync: Sync
    state: State

    async def run(self, *, outcome: str = "ok") -> Any:
        self.clock.advance(timedelta(minutes=1))
        status = await self.sync.run(self.cast.mina)
        self.clock.advance(timedelta(minutes=1))
        assert (status.outcome, status.error if outcome == "ok" else "") == (outcome, "")
        return status

    @property
    def org(self) -> Any:
        """Who works in the org."""
        return self.cast.rina

    async def ours(self, name: str, of: str = "account") -> Any:
        found = await self.here.records(of).page(self.cast.mina)
        return next((one for one in found.records if one.name == name), None)

    async def theirs(self, name: str, of: str = "account") -> Any:
        found = await self.there.records(of).page(self.org)
        return next((one for one in found.records if one.name == name), None)

    async def conflicts(self) -> list[dict[str, Any]]:
        return list((await self.sync.state(self.cast.mina))["conflicts"])

    async def events(self, actor: str) -> list[Event]:
        async with self.state.begin_system() as tx:
            found = [event for batch in await tail(tx, 0, limit=10_000) for event in batch.events()]
        return [event for event in found if event.source == "deals" and event.actor == actor]


@pytest.fixture(scope="module")
async def state(module_database: str, anyio_backend: str) -> AsyncIterator[State]:
    state = State(module_database, connections=12)
    await state.open()
    yield state
    await state.close()


@pytest.fixture
async def two(state: State) -> Two:
    clock = StillClock(MONDAY_NOON)
    cast = await found_sori(state, clock)
    here, there = (Deals(state, clock, cast.governance) for _ in range(2))
    for of in ("account", "contact", "lead", "deal"):
        await there.fields.add(cast.rina, of, "Dure_Id__c", "text", external=True)
    apps = Apps(state, clock, cast.governance)
    app = FastAPI()
    front.install(app)
    app.router.routes.append(SalesforceDoor(there, apps, daily_calls=5000).route())
    made = await apps.register(cast.rina, "Dure", account=cast.rina.user)
    wire = Wire(app)
    org = SalesforceOrg(wire, Credentials("https://org.example", "", made.consumer_key, made.consumer_secret))
    return Two(clock, cast, here, there, wire, Sync(here, org, cast.tenant.workspace), state)


async def deal(deals: Deals, who: Any, name: str, account: str = "", amount: int = 1000) -> Any:
    return await deals.create(who, name, account, amount, date(2026, 12, 24))


async def test_what_is_there_comes_here_with_what_it_points_at(two: Two) -> None:
    account = await two.there.create_account(two.org, "한빛커피", industry="food")
    await two.there.create_contact(two.org, account.id, "Eun Choi", email="eun@hanbit.example")
    await deal(two.there, two.org, "Autumn", account.id, 120_000_000)
    status = await two.run()
    assert status.pulled == 3
    ours = await two.ours("Autumn", "deal")
    assert (ours.account_name, ours.amount, ours.stage) == ("한빛커피", 120_000_000, "Prospecting")
    assert (await two.ours("Eun Choi", "contact")).account == ours.account


async def test_what_is_here_goes_there_once(two: Two) -> None:
    account = await two.here.create_account(two.cast.mina, "Dodam", industry="food")
    await deal(two.here, two.cast.mina, "Winter", account.id, 45_000_000)
    assert (await two.run()).pushed == 2
    theirs = await two.theirs("Winter", "deal")
    assert (theirs.account_name, theirs.amount) == ("Dodam", 45_000_000)
    assert (await two.theirs("Dodam")).custom["Dure_Id__c"] == account.id
    again = await two.run()
    assert (again.pulled, again.pushed) == (0, 0)


async def test_changes_go_both_ways_and_none_comes_back_as_an_echo(two: Two) -> None:
    await two.there.create_account(two.org, "Both", industry="food")
    await two.run()
    ours, theirs = await two.ours("Both"), await two.theirs("Both")
    await two.here.accounts.update(two.cast.mina, ours.id, phone="02-123-4567")
    await two.there.accounts.update(two.org, theirs.id, industry="drinks")
    await two.run()
    ours, theirs = await two.ours("Both"), await two.theirs("Both")
    assert (ours.industry, ours.phone) == (theirs.industry, theirs.phone) == ("drinks", "02-123-4567")
    before = (ours.version, theirs.version)
    for _ in range(3):
        quiet = await two.run()
        assert (quiet.pulled, quiet.pushed) == (0, 0)
    assert ((await two.ours("Both")).version, (await two.theirs("Both")).version) == before
    assert await two.conflicts() == []


async def test_where_both_changed_a_field_its_owner_wins_and_it_is_shown(two: Two) -> None:
    await deal(two.there, two.org, "Contested", "", 1000)
    await two.run()
    ours, theirs = await two.ours("Contested", "deal"), await two.theirs("Contested", "deal")
    await two.here.update(two.cast.mina, ours.id, amount=2000, next_step="ours, later")
    await two.there.update(two.org, theirs.id, amount=3000)
    await two.run()
    assert (await two.ours("Contested", "deal")).amount == 3000
    assert (await two.theirs("Contested", "deal")).next_step == "ours, later"
    [conflict] = await two.conflicts()
    assert (conflict["field"], conflict["here"], conflict["there"], conflict["kept"]) == (
        "Amount", 2000.0, 3000.0, "salesforce",
    )  # fmt: skip
    await two.sync.set_owner(two.cast.mina, "Opportunity", "Amount", "dure")
    await two.here.update(two.cast.mina, ours.id, amount=4000)
    await two.there.update(two.org, theirs.id, amount=5000)
    await two.run()
    assert (await two.theirs("Contested", "deal")).amount == 4000


async def test_the_newest_change_wins_a_field_that_is_nobodys(two: Two) -> None:
    await two.there.create_account(two.org, "Newest")
    await two.run()
    ours, theirs = await two.ours("Newest"), await two.theirs("Newest")
    await two.there.accounts.update(two.org, theirs.id, city="Busan")
    two.clock.advance(timedelta(seconds=30))
    await two.here.accounts.update(two.cast.mina, ours.id, city="Seoul")
    await two.run()
    assert ((await two.ours("Newest")).city, (await two.theirs("Newest")).city) == ("Seoul", "Seoul")


@pytest.mark.parametrize(("keep", "city"), [("dure", "Seoul"), ("salesforce", "Busan")])
async def test_a_field_to_be_asked_about_waits_until_somebody_says(two: Two, keep: str, city: str) -> None:
    await two.sync.set_owner(two.cast.mina, "Account", "BillingCity", "ask")
    await two.there.create_account(two.org, "Asked")
    await two.run()
    ours, theirs = await two.ours("Asked"), await two.theirs("Asked")
    await two.here.accounts.update(two.cast.mina, ours.id, city="Seoul")
    await two.there.accounts.update(two.org, theirs.id, city="Busan")
    for _ in range(2):
        await two.run()
        assert ((await two.ours("Asked")).city, (await two.theirs("Asked")).city) == ("Seoul", "Busan")
    [conflict] = await two.conflicts()
    assert conflict["kept"] == ""
    await two.sync.resolve(two.cast.mina, conflict["id"], keep)
    await two.run()
    assert ((await two.ours("Asked")).city, (await two.theirs("Asked")).city) == (city, city)
    with pytest.raises(Conflict):
        await two.sync.resolve(two.cast.mina, conflict["id"], keep)


async def test_deletions_go_both_ways(two: Two) -> None:
    for name in ("Goes here", "Goes there"):
        await two.there.create_account(two.org, name)
    await two.run()
    await two.here.accounts.delete(two.cast.mina, (await two.ours("Goes here")).id)
    await two.there.accounts.delete(two.org, (await two.theirs("Goes there")).id)
    assert (await two.run()).deleted == 2
    for name in ("Goes here", "Goes there"):
        assert (await two.ours(name), await two.theirs(name)) == (None, None)
    quiet = await two.run()
    assert (quiet.pulled, quiet.pushed, quiet.deleted) == (0, 0, 0)


@pytest.mark.parametrize("keep", ["dure", "salesforce"])
async def test_what_was_deleted_there_and_changed_here_is_asked_about(two: Two, keep: str) -> None:
    await two.there.create_account(two.org, "Torn")
    await two.run()
    await two.here.accounts.update(two.cast.mina, (await two.ours("Torn")).id, city="Seoul")
    await two.there.accounts.delete(two.org, (await two.theirs("Torn")).id)
    await two.run()
    [conflict] = await two.conflicts()
    assert (conflict["field"], conflict["kept"]) == ("", "")
    await two.sync.resolve(two.cast.mina, conflict["id"], keep)
    await two.run()
    there = await two.theirs("Torn")
    assert (await two.ours("Torn") is None) == (there is None) == (keep == "salesforce")


async def test_the_orgs_own_stages_come_along(two: Two) -> None:
    from dure.deals.pipelines.api import NewStage

    await two.there.pipelines.add_stage(two.org, "default", NewStage("Perception Analysis", "", "Perception", 33))
    theirs = await deal(two.there, two.org, "Staged")
    await two.there.move(two.org, theirs.id, "Perception Analysis")
    await two.run()
    ours = await two.ours("Staged", "deal")
    assert (ours.stage, ours.probability) == ("Perception Analysis", 33)


async def test_a_run_that_was_cut_goes_on_and_doubles_nothing(two: Two) -> None:
    for n in range(2):
        await two.here.create_account(two.cast.mina, f"Cut {n}")
        await two.there.create_account(two.org, f"Cut back {n}")
    for calls in range(2, 40, 4):
        two.wire.calls.clear()
        two.wire.dies_after = calls
        two.clock.advance(timedelta(minutes=1))
        if (await two.sync.run(two.cast.mina)).outcome == "ok":
            break
    else:
        pytest.fail("it never came to its end")
    names = [f"Cut {n}" for n in range(2)] + [f"Cut back {n}" for n in range(2)]
    for deals, who in ((two.here, two.cast.mina), (two.there, two.org)):
        found = await deals.accounts.page(who)
        assert sorted(one.name for one in found.records) == sorted(names)


async def test_a_call_whose_answer_was_lost_is_sent_again_and_makes_nothing_twice(two: Two) -> None:
    await two.here.create_account(two.cast.mina, "Lost answer")
    real = two.wire.send
    lost: list[str] = []

    async def deaf(tenant: Tenant, method: str, url: str, *rest: Any) -> Answer:
        answer = await real(tenant, method, url, *rest)
        if method == "PATCH" and not lost:
            lost.append(url)
            raise OSError("no answer")
        return answer

    two.wire.send = deaf  # type: ignore[method-assign]
    assert (await two.run(outcome="failed")).pushed == 0
    await two.run()
    found = await two.there.accounts.page(two.org)
    assert [one.name for one in found.records] == ["Lost answer"]


async def test_the_days_calls_are_not_used_up(two: Two, state: State) -> None:
    await two.there.create_account(two.org, "Too dear")
    two.sync._there._share = 0.0005  # type: ignore[union-attr]  # of 5000: after two calls or three
    status = await two.run(outcome="budget")
    assert 0 < status.used <= 4
    assert await two.ours("Too dear") is None
    two.sync._there._share = 0.9  # type: ignore[union-attr]
    await two.run()
    assert await two.ours("Too dear") is not None
    assert (await two.sync.state(two.cast.mina))["budget"]["total"] == 5000


async def test_what_one_side_does_not_take_is_shown_and_tried_again(two: Two) -> None:
    await two.here.fields.add(two.cast.mina, "account", "Region__c", "text", required=True)
    await two.there.create_account(two.org, "Refused")
    assert (await two.run()).failed == 1
    [failure] = (await two.sync.state(two.cast.mina))["failures"]
    assert (failure["way"], "Region__c" in failure["error"]) == ("pull", True)
    await two.here.fields.change(two.cast.mina, "account", "Region__c", required=False)
    two.clock.advance(timedelta(hours=2))
    await two.run()
    assert await two.ours("Refused") is not None
    assert (await two.sync.state(two.cast.mina))["failures"] == []


async def test_the_sync_over_http(two: Two) -> None:
    app = FastAPI()
    app.state.governance = two.cast.governance
    front.install(app)
    include(app, router(two.sync))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://dure.example/api/v1/deals",
        headers={"authorization": f"Bearer {two.cast.token}"},
    ) as http:  # fmt: skip
        assert (await http.post("/sync/run")).json()["outcome"] == "ok"
        state = (await http.get("/sync")).json()
        assert state["on"] is True
        assert {"object": "Opportunity", "field": "Amount", "owner": "salesforce"} in state["fields"]
        bad = await http.put("/sync/fields", json={"object": "Account", "field": "Name", "owner": "me"})
        assert (bad.status_code, bad.json()["error"]["field"]) == (422, "owner")
        assert (await http.post("/sync/conflicts/none", json={"keep": "dure"})).status_code == 404
        http.headers["authorization"] = f"Bearer {two.cast.rival_token}"
        assert (await http.get("/sync")).json()["on"] is False
        assert (await http.post("/sync/run")).status_code == 422
