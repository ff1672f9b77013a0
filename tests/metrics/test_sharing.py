"""A link opens one board for whoever holds it, and nothing else; and it ends when it should."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from dure.governance.api import Principal, Role
from dure.kernel.errors import NotAllowed, NotFound
from dure.log.api import Log
from dure.state import State
from tests.metrics.boarding import SITE, Room, listened, listeners, open_room
from tests.people_of import MONDAY_NOON

pytestmark = pytest.mark.anyio

NOBODY = {"authorization": ""}
SECRETIVE = {
    "kind": "trend", "series": [{"event": "listen", "where": [{"prop": "person.email", "op": "=", "value": "a@b.kr"}]}],
    "where": [{"prop": "plan", "op": "!=", "value": "staff"}],
}  # fmt: skip
TILES = [
    {"metric": "listeners"}, {"question": SECRETIVE, "title_ko": "비밀", "title_en": "Secret"},
    {"question": {"kind": "sql", "sql": "select distinct_id from events"}, "title_ko": "행", "title_en": "Rows"},
    {
        "question": {"kind": "funnel", "steps": [{"event": "listen"}], "actors": {"step": 0}},
        "title_ko": "f", "title_en": "f",
    },
]  # fmt: skip


@pytest.fixture
async def room(shared_state: State, shared_log: Log) -> AsyncIterator[Room]:
    async with open_room(shared_state, shared_log) as room:
        await room.metrics.create_metric(room.cast.mina, listeners())
        for name in ("b", "c"):
            await room.metrics.create_board(
                room.cast.mina,
                {"id": name, "name_ko": "보드", "name_en": "Board", "tiles": TILES if name == "b" else []},
            )
        room.journeys.write(listened(4, "20"))
        room.journeys.write(listened(3, "10"))
        yield room


async def shared(room: Room, **more: Any) -> str:
    """The secret of a new link to the last seven days."""
    made = await room.client.post("/api/v1/boards/b/shares", json={"bar": {"last": 7}, **more})
    assert made.status_code == 201, made.text
    address: str = made.json()["url"]
    assert address.startswith(f"{SITE}/shared/")
    return address.rsplit("/", 1)[1]


async def asks(room: Room, path: str, **more: Any) -> Any:
    return await room.client.get(f"/api/v1/shared/{path}", headers=NOBODY, **more)


async def test_a_link_opens_its_board_and_counts_its_uses(room: Room) -> None:
    secret = await shared(room)
    opened = (await asks(room, secret)).json()
    assert (opened["name_ko"], len(opened["tiles"]), opened["from"]) == ("보드", 4, "2026-11-17")
    assert (await asks(room, f"{secret}/tiles/0")).json()["value"] == 4
    await asks(room, secret)
    (share,) = (await room.client.get("/api/v1/boards/b/shares")).json()["shares"]
    assert (share["uses"], share["used_at"] is not None, "digest" in share) == (2, True, False)
    assert secret not in str(share)
    opens = [event for event in await room.told() if event.event == "Shared Board Opened"]
    assert [event.properties["uses"] for event in opens] == [1, 2]
    assert not any(secret in str(event.properties) for event in await room.told())


async def test_the_secret_is_kept_nowhere(room: Room) -> None:
    secret = await shared(room)
    async with room.state.begin_system() as tx:
        rows = await tx.rows("select * from metrics.share")
    assert secret not in str(rows)
    assert len(rows[0]["digest"]) == 32


async def test_a_link_opens_nothing_else_of_the_api(room: Room) -> None:
    secret = await shared(room)
    paths = (
        "/api/v1/boards", "/api/v1/boards/b", "/api/v1/boards/b/tiles/0", "/api/v1/boards/b/shares", "/api/v1/metrics",
        "/api/v1/annotations?from=2026-11-01&to=2026-11-30", "/api/v1/metric-alerts", "/api/v1/events/names",
        "/api/v1/boards/b/views",
    )  # fmt: skip
    for headers in (
        NOBODY,
        {"authorization": f"Bearer {secret}"},
        {"authorization": "", "cookie": f"dure_session={secret}"},
    ):
        for path in paths:
            assert (await room.client.get(path, headers=headers)).status_code == 401, path
        asked = await room.client.post("/api/v1/query", json=SECRETIVE, headers=headers)
        assert asked.status_code in (401, 403)
    for path in ("/tiles/4", "/tiles/-1", "/boards/c", "/../boards/b"):
        assert (await asks(room, secret + path)).status_code in (401, 404, 422), path


async def test_what_is_behind_the_numbers_stays_inside(room: Room) -> None:
    secret = await shared(room)
    told = (await asks(room, f"{secret}/tiles/1")).text + (await asks(room, f"{secret}/tiles/0")).text
    assert "a@b.kr" not in told
    assert "staff" not in told
    assert room.cast.mina.user not in told
    assert (await asks(room, f"{secret}/tiles/2")).status_code == 404  # SQL may select people
    funnel = await asks(room, f"{secret}/tiles/3")
    assert (funnel.status_code, "u0" in funnel.text) == (200, False)
    behind = await room.client.post(f"/api/v1/shared/{secret}/tiles/0/behind", json={}, headers=NOBODY)
    assert behind.status_code == 404


async def test_dates_are_the_readers_only_where_the_link_says_so_and_filters_never(room: Room) -> None:
    fixed, free = await shared(room), await shared(room, any_range=True)
    dates = {"from": "2026-11-10", "to": "2026-11-10"}
    refused = await asks(room, f"{fixed}/tiles/0", params=dates)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "from")
    assert (await asks(room, f"{free}/tiles/0", params=dates)).json()["value"] == 3
    probing = {"where": '[{"prop": "person.email", "op": "=", "value": "a@b.kr"}]'}
    assert (await asks(room, f"{free}/tiles/0", params=probing)).json()["value"] == 4


async def test_people_are_seen_only_through_a_link_that_was_made_for_it(room: Room) -> None:
    secret = await shared(room, people=True)
    behind = await room.client.post(f"/api/v1/shared/{secret}/tiles/0/behind", json={"series": 0}, headers=NOBODY)
    assert {event["distinct_id"] for event in behind.json()["events"]} == {"u0", "u1", "u2", "u3"}
    other = await room.client.post(f"/api/v1/shared/{secret}/tiles/0/behind", json={"series": 5}, headers=NOBODY)
    assert (other.status_code, other.json()["error"]["field"]) == (422, "cell.series")


async def test_a_link_that_is_over_revoked_or_unknown_is_the_same_404(room: Room) -> None:
    ends = (MONDAY_NOON + timedelta(hours=1)).isoformat()
    expiring, revoked = await shared(room, expires_at=ends), await shared(room)
    (last, *_) = (await room.client.get("/api/v1/boards/b/shares")).json()["shares"]
    assert (await asks(room, expiring)).status_code == 200
    assert (await room.client.delete(f"/api/v1/boards/b/shares/{last['id']}")).status_code == 204
    assert (await room.client.delete(f"/api/v1/boards/b/shares/{last['id']}")).status_code == 404
    room.clock.advance(timedelta(hours=1))
    answers = [await asks(room, secret + path) for secret in (expiring, revoked, "x" * 43) for path in ("", "/tiles/0")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    with pytest.raises(NotFound):
        await room.shares.house(revoked)


async def test_a_link_ends_with_its_maker_and_with_its_board(room: Room) -> None:
    governance, mina = room.cast.governance, room.cast.mina
    admin = await governance.create_user(mina, "ara@sorimaru.example", "아라", role=Role.ADMIN)
    acting = Principal(mina.tenant, admin.id, admin.role)
    _, theirs = await room.shares.share(acting, "b", {})
    assert (await room.shares.house(theirs))["name"] == "sorimaru"
    await governance.deactivate(mina, admin.id)
    with pytest.raises(NotFound):
        await room.shares.house(theirs)
    secret = await shared(room)
    await room.boards.remove(mina, "b")
    with pytest.raises(NotFound):
        await room.shares.house(secret)


async def test_only_admins_share_and_nobody_of_another_house(room: Room) -> None:
    for principal in (room.cast.joon, room.cast.gil):
        with pytest.raises(NotAllowed):
            await room.shares.share(principal, "b", {})
        with pytest.raises(NotAllowed):
            await room.shares.shares(principal, "b")
    rival = {"authorization": f"Bearer {room.cast.rival_token}"}
    made = await room.client.post("/api/v1/boards/b/shares", json={"bar": {}}, headers=rival)
    assert made.status_code == 404
    past = await room.client.post("/api/v1/boards/b/shares", json={"bar": {}, "expires_at": "2026-11-01T00:00:00Z"})
    assert (past.status_code, past.json()["error"]["field"]) == (422, "expires_at")
