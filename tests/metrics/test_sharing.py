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


EMAILS = {"kind": "trend", "series": [{"event": "listen"}], "breakdown": {"prop": "person.email"}}
OLDEST = {"kind": "trend", "series": [{"event": "Identified", "math": "max", "prop": "age"}]}
CREDIT = {"kind": "attribution", "conversion": {"event": "listen"}, "touch": {"event": "listen"}}
GROUPS = {"kind": "correlation", "start": {"event": "listen"}, "goal": {"event": "listen"}}
PERSONAL: list[dict[str, Any]] = [
    EMAILS,
    {"kind": "funnel", "steps": [{"event": "listen"}], "breakdown": {"prop": "person.email"}},
    {"kind": "retention", "start": {"event": "listen"}, "breakdown": {"prop": "person.name"}},
    {"kind": "paths", "prop": "person.email"},
    {**CREDIT, "prop": "person.email"},
    GROUPS,
    {**GROUPS, "look": ["properties"], "props": ["person.name"]},
    # What becomes a trait is a property of the event that tells it.
    {"kind": "trend", "series": [{"event": "Identified"}], "breakdown": {"prop": "email"}},
    {"kind": "trend", "series": [{"event": "*"}], "breakdown": {"prop": "email"}},
    {"kind": "paths", "prop": "email"},
    {"kind": "metric", "metric": "oldest"},
    {"kind": "metric", "metric": "listeners", "breakdown": {"prop": "person.email"}},
]
IMPERSONAL: list[dict[str, Any]] = [
    {"kind": "trend", "series": [{"event": "listen"}], "breakdown": {"prop": "plan"}},
    {"kind": "trend", "series": [{"event": "*"}], "breakdown": {"prop": "plan"}},
    {"kind": "trend", "series": [{"event": "listen"}], "breakdown": {"prop": "account.plan"}},
    CREDIT,
    {**GROUPS, "look": ["events"]},
    SECRETIVE,
]


async def on_the_board(room: Room, *tiles: dict[str, Any]) -> None:
    body = {"name_ko": "보드", "name_en": "Board", "tiles": list(tiles)}
    await room.metrics.change_board(room.cast.mina, "b", body)


def tiles_of(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"question": question, "title_ko": "q", "title_en": "q"} for question in questions]


async def test_a_link_without_people_shows_no_value_of_a_persons_traits(room: Room) -> None:
    mina, mail = room.cast.mina, "ha@sori.kr"
    told = {"email": mail, "name": "Ha"}
    room.journeys.write({"u0": [("Identified", "2026-11-20 02:00", told), ("listen", "2026-11-20 05:00", {})]})
    await room.metrics.create_metric(mina, listeners(id="oldest", question=OLDEST))
    half = {"kind": "formula", "formula": "A/B", "metrics": {"A": "listeners", "B": "oldest"}}
    await room.metrics.create_metric(mina, listeners(id="half", question=half))
    secret, open_one = await shared(room), await shared(room, people=True)
    # The board changes after the link was made.
    metrics = [{"metric": name, "look": "chart"} for name in ("oldest", "half")]
    await on_the_board(room, *tiles_of(PERSONAL), *metrics, *tiles_of(IMPERSONAL), {"metric": "listeners"})
    number, hidden = (
        len(PERSONAL) + len(metrics),
        [tile["hidden"] for tile in (await asks(room, secret)).json()["tiles"]],
    )
    assert [index for index, one in enumerate(hidden) if one] == list(range(number))
    for index, one in enumerate(hidden):
        answer = await asks(room, f"{secret}/tiles/{index}")
        assert (answer.status_code, mail in answer.text) == (404 if one else 200, False), index
    shown = (await asks(room, open_one)).json()["tiles"]
    assert not any(tile["hidden"] for tile in shown)
    assert mail in (await asks(room, f"{open_one}/tiles/0")).text


async def test_the_bar_of_a_link_without_people_is_not_broken_down_by_them(room: Room) -> None:
    bar = {"last": 7, "breakdown": "person.email"}
    refused = await room.client.post("/api/v1/boards/b/shares", json={"bar": bar})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "bar.breakdown")
    await shared(room, bar=bar, people=True)
    # A bar by a property that tells of people where an event says so, over a metric and over a formula of it.
    who = {"kind": "trend", "series": [{"event": "Identified"}]}
    await room.metrics.create_metric(room.cast.mina, listeners(id="told", question=who))
    twice = {"kind": "formula", "formula": "A+A", "metrics": {"A": "told"}}
    await room.metrics.create_metric(room.cast.mina, listeners(id="twice", question=twice))
    secret = await shared(room, bar={"last": 7, "breakdown": "email"})
    await on_the_board(room, {"metric": "told"}, {"metric": "twice"}, *tiles_of([who]), {"metric": "listeners"})
    assert [tile["hidden"] for tile in (await asks(room, secret)).json()["tiles"]] == [True, True, True, False]


async def test_a_link_kept_from_before_with_a_bar_by_people_hides_what_it_would_show(room: Room) -> None:
    secret = await shared(room)
    async with room.state.begin_system() as tx:
        await tx.run('update metrics.share set bar = \'{"last": 7, "breakdown": "person.email"}\'')
    assert (await asks(room, f"{secret}/tiles/0")).status_code == 404


async def test_what_is_only_for_colleagues_is_not_sent(room: Room) -> None:
    mina, funnel = room.cast.mina, {"kind": "funnel", "steps": [{"event": "listen"}], "actors": {"step": 0}}
    about = {"about_en": "Who listens", "tags": ["core"], "owner": mina.user, "target": 5}
    await room.metrics.change_metric(mina, "listeners", listeners(**about))
    await room.metrics.verify_metric(mina, "listeners")
    sql = {"kind": "sql", "sql": "select count() from events where distinct_id != 'staff'"}
    await room.metrics.create_metric(mina, listeners(id="rows", question=sql))
    stage = {"name_ko": "들음", "name_en": "Listened", "rule": {"event": "listen", "where": SECRETIVE["where"]}}
    journey = {"kind": "journey", "map": {"stages": [stage, {**stage, "name_en": "Twice"}]}}
    metrics = [{"metric": "listeners"}, {"metric": "listeners", "look": "chart"}, {"metric": "rows"}]
    await on_the_board(room, *metrics, *tiles_of([funnel, journey]))
    for people in (False, True):
        secret = await shared(room, people=people)
        shown = [(await asks(room, f"{secret}/tiles/{index}")).json() for index in range(5)]
        metric = shown[0]["metric"]
        assert (metric["about_en"], metric["unit"], metric["target"], metric["verified"]) == (
            "Who listens",
            "count",
            5,
            True,
        )
        assert shown[1]["answer"]["meta"]["definitions"]
        inside = {"owner", "verified_by", "verified_at", "created_by", "tags", "version", "used", "rows_read",
                  "elapsed_ms", "computed"}  # fmt: skip
        assert not inside & set(_names(shown))
        if not people:
            assert not {"actors", "person_id", "distinct_ids", "where", "sql", "map"} & set(_names(shown))
            assert "staff" not in str(shown)


def _names(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(name for one in value.values() for name in _names(one))]
    return [name for one in value for name in _names(one)] if isinstance(value, list) else []
