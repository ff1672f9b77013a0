"""Channels that were a customer's before relationships were measured: picked up once, seen on their way, stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from dure.deals.relations import picking
from dure.deals.relations.api import Relations
from dure.deals.relations.routes import router
from dure.feed.api import lines_of
from dure.governance.api import Principal, Role
from dure.kernel.errors import NotAllowed
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from dure.state import Tx
from dure.web import front
from dure.web.routing import include
from tests.deals.conftest import Desk
from tests.deals.shared import open_desk
from tests.deals.test_relations import Client

pytestmark = pytest.mark.anyio


class Known:
    """What channels would answer: the links of one workspace."""

    def __init__(self) -> None:
        self.links: list[tuple[str, str]] = []

    async def links_in(self, tx: Tx, tenant: Tenant, after: str, limit: int) -> Sequence[tuple[str, str]]:
        return sorted(one for one in self.links if one[0] > after)[:limit]


@pytest.fixture(scope="module")
async def desk(postgres_url: str, template: str) -> AsyncIterator[Desk]:
    async with open_desk(postgres_url, template) as found:
        yield found


@pytest.fixture
async def relations(desk: Desk, log: Log) -> Relations:
    """A house whose links are older than its relationships: as its migration left it."""
    made = Relations(desk.state, log, desk.clock, desk.cast.governance)
    made.picking.links = Known()
    async with desk.state.begin_system() as tx:
        await tx.run("delete from deals.account_channel")
        await tx.run("delete from deals.pick_up")
        await tx.run(
            "insert into deals.pick_up (workspace, state) values (%s, 'waiting')", (desk.cast.tenant.workspace,)
        )
    return made


async def client_of(desk: Desk) -> Client:
    return Client(desk, (await desk.deals.create_account(desk.cast.mina, "옛고객", owner=desk.sumi.id)).id)


async def rooms(desk: Desk) -> list[tuple[str, bool]]:
    async with desk.state.begin_system() as tx:
        rows = await tx.rows("select channel, caught_up from deals.account_channel order by channel")
    return [(row["channel"], row["caught_up"]) for row in rows]


async def test_what_was_linked_before_is_measured_with_what_was_said_before(
    desk: Desk, relations: Relations, log: Log
) -> None:
    client, mina = await client_of(desk), desk.cast.mina
    relations.picking.links.links = [(client.room(), client.id), ("C0LOST", "001NOBODY")]  # type: ignore[union-attr]
    now = desk.clock.now()
    past = [client.message(now - timedelta(days=day), "Ua") for day in range(1, 40, 3)]
    await log.insert("past of an old channel", lines_of(past))
    assert (await relations.picking.standing(mina)).state == "waiting"
    await relations.tick()
    found = await relations.picking.standing(mina)
    assert (found.state, found.found, found.added, found.read, found.left) == ("done", 2, 1, 1, 0)
    judged = await relations.one(mina, client.id)
    assert (judged["why"], judged["last_theirs"]) == ("", now - timedelta(days=1))
    (told,) = await desk.events("Customer Channels Picked Up")
    assert dict(told.properties) == {"channels": 2, "added": 1}
    # Once: neither the next tick nor another start adds anything or reads anything anew.
    assert await relations.picking.tick() == 0
    await relations.picking.start(mina)
    assert await relations.picking.tick() == 2
    again = await relations.picking.standing(mina)
    assert (again.state, again.found, again.added) == ("done", 2, 0)
    assert await rooms(desk) == [(client.room(), True)]


async def test_it_comes_in_lots_and_goes_on_where_the_last_one_stopped(
    desk: Desk, relations: Relations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picking, "_A_LOT", 2)
    client = await client_of(desk)
    relations.picking.links.links = [(client.room(n), client.id) for n in range(1, 6)]  # type: ignore[union-attr]
    assert await relations.picking.tick() == 2
    halfway = await relations.picking.standing(desk.cast.mina)
    assert (halfway.state, halfway.found, halfway.left) == ("running", 2, 2)
    # Another process goes on, whose house knows nothing of the first.
    other = Relations(desk.state, relations._log, desk.clock, desk.cast.governance)
    assert await other.picking.tick() == 0  # it has nobody to ask
    other.picking.links = relations.picking.links
    assert [await other.picking.tick() for _ in range(3)] == [2, 1, 0]
    assert [room for room, _ in await rooms(desk)] == [client.room(n) for n in range(1, 6)]
    assert (await other.picking.standing(desk.cast.mina)).state == "reading"


async def test_it_is_seen_stopped_and_begun_again_over_http_by_who_sets_up_deals(
    desk: Desk, relations: Relations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picking, "_A_LOT", 2)
    client, cast = await client_of(desk), desk.cast
    relations.picking.links.links = [(client.room(n), client.id) for n in range(1, 4)]  # type: ignore[union-attr]
    async with desk.state.begin_system() as tx:  # one is known by the feed already
        await tx.run(
            "insert into deals.account_channel (workspace, channel, account, caught_up) values (%s, %s, %s, false)",
            (cast.tenant.workspace, client.room(1), client.id),
        )
    app = FastAPI()
    app.state.governance = cast.governance
    front.install(app)
    include(app, router(relations))
    tokens = {"mina": cast.token, "rina": cast.rival_token}
    for name, who in (("joon", cast.joon), ("gil", cast.gil)):
        tokens[name] = await cast.governance.create_token(cast.mina, "user", who.user, ["*"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://dure") as http:

        async def ask(method: str, who: str = "mina") -> tuple[int, dict[str, object]]:
            headers = {"authorization": f"Bearer {tokens[who]}"}
            answer = await http.request(method, "/api/v1/relations/pick-up", headers=headers)
            return answer.status_code, answer.json().get("pick_up", {})

        for who in ("joon", "gil"):
            assert [(await ask(method, who))[0] for method in ("GET", "POST", "DELETE")] == [403, 403, 403]
        assert (await ask("GET", "rina"))[1]["state"] == "none"
        assert [(await ask(method, "rina"))[0] for method in ("DELETE",)] == [409]
        assert (await ask("POST"))[0] == 409
        await relations.picking.tick()
        assert (await ask("GET"))[1] | {"began_at": "", "ended_at": ""} == {
            "state": "running", "found": 2, "added": 1, "read": 0, "left": 1, "began_at": "", "ended_at": "",
        }  # fmt: skip
        status, stopped = await ask("DELETE")
        assert (status, stopped["state"], stopped["left"]) == (200, "cancelled", 0)
        assert await relations.picking.tick() == 0
        assert [room for room, _ in await rooms(desk)] == [client.room(1)]  # what the feed told is not let go of
        assert (await ask("DELETE"))[0] == 409
        assert (await ask("POST"))[1]["state"] == "waiting"
        assert [await relations.picking.tick() for _ in range(2)] == [2, 1]
        assert (await ask("GET"))[1]["added"] == 2
    told = [one.event for one in await desk.events("Customer Channels Pick-up Cancelled")]
    assert len(told) == 1


async def test_a_guest_and_a_token_without_the_right_start_nothing(desk: Desk, relations: Relations) -> None:
    for who in (
        desk.cast.gil, Principal(desk.cast.tenant, desk.cast.mina.user, Role.OWNER, frozenset({"deals:read"}))
    ):  # fmt: skip
        for act in (relations.picking.start, relations.picking.cancel, relations.picking.standing):
            with pytest.raises(NotAllowed):
                await act(who)
