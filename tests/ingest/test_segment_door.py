"""Segment's HTTP API: what comes in as which event, and what is answered."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from dure.kernel.ids import person_id
from dure.log.api import Log
from tests.ingest.conftest import Door, track

pytestmark = pytest.mark.anyio
SENT = "2026-11-23T03:00:00Z"


async def test_a_track_call_is_an_event_of_its_user(door: Door) -> None:
    answer = await door.send(
        "track", userId="u-17", event="Gift Sent", messageId="m-1", properties={"amount": 3000, "currency": "KRW"},
        timestamp="2026-11-23T11:59:50.5+09:00", sentAt=SENT,
    )  # fmt: skip
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    event = await door.one()
    assert (event.event, event.source, event.distinct_id, event.message_id) == ("Gift Sent", "web", "u-17", "m-1")
    assert event.person == person_id(door.cast.tenant.workspace, "u-17")
    assert event.time.isoformat() == "2026-11-23T02:59:50.500000+00:00"
    assert event.properties == {"amount": 3000, "currency": "KRW"}


@pytest.mark.parametrize(
    ("path", "body", "name", "properties"),
    [
        ("page", {"name": "Home", "properties": {"path": "/"}}, "Page Viewed", {"name": "Home", "path": "/"}),
        ("screen", {"name": "Player", "category": "Live"}, "Screen Viewed", {"name": "Player", "category": "Live"}),
        ("identify", {"traits": {"plan": "plus"}}, "Identified", {"plan": "plus"}),
        ("group", {"groupId": "acc-1", "traits": {"size": 40}}, "Account Identified", {"size": 40}),
        ("alias", {"previousId": "device-1"}, "Aliased", {"previous_id": "device-1"}),
    ],
)
async def test_every_call_has_its_event(
    door: Door, path: str, body: dict[str, object], name: str, properties: dict[str, object]
) -> None:
    for spelled in (path, path[0]):
        assert (await door.send(spelled, userId="u-1", **body)).status_code == 200
    events = await door.events()
    assert [(event.event, event.properties) for event in events] == [(name, properties)] * 2
    assert events[0].account == ("acc-1" if path == "group" else "")


@pytest.mark.parametrize("path", ["batch", "b", "import"])
async def test_a_batch_shares_its_context(door: Door, path: str) -> None:
    answer = await door.send(
        path, batch=[track("A"), track("B", context={"ip": "203.0.113.9", "groupId": "acc-2"})],
        context={"ip": "198.51.100.1", "locale": "ko-KR", "library": {"name": "analytics-python"}},
    )  # fmt: skip
    assert answer.status_code == 200
    first, second = await door.events()
    assert first.properties["context"] == {"locale": "ko-KR"}
    assert second.properties["context"] == {"locale": "ko-KR", "groupId": "acc-2"}
    assert second.account == "acc-2"


async def test_a_campaign_in_the_context_reads_as_the_utm_properties_of_its_link(door: Door) -> None:
    await door.send("page", anonymousId="d-1", context={"campaign": {"source": "naver", "name": "summer"}})
    properties = (await door.one()).properties
    assert (properties["utm_source"], properties["utm_campaign"]) == ("naver", "summer")


async def test_the_user_id_wins_and_the_anonymous_one_beside_it_is_noted(door: Door) -> None:
    await door.send("track", userId="u-1", anonymousId="d-1", event="A")
    event = await door.one()
    assert (event.distinct_id, event.properties) == ("u-1", {"anonymous_id": "d-1"})


async def test_a_property_of_the_senders_own_cannot_pose_as_a_link(door: Door) -> None:
    await door.send("track", userId="u-1", event="A", properties={"anonymous_id": "u-2"})
    assert (await door.one()).properties == {"sent_anonymous_id": "u-2"}


async def test_numbers_are_ids_and_null_is_none(door: Door) -> None:
    await door.send("track", userId=17, anonymousId=None, event="A")
    assert (await door.one()).distinct_id == "17"


@pytest.mark.parametrize("spelled", ["{key}:", "{key}", "{key}:secret"])
async def test_the_key_comes_by_basic_authorisation(door: Door, spelled: str) -> None:
    text = base64.b64encode(spelled.format(key=door.source.write_key).encode()).decode()
    answer = await door.http.post(
        "/v1/track", json={"userId": "u", "event": "A"}, headers={"authorization": f"Basic {text}"}
    )
    assert answer.status_code == 200


async def test_the_key_comes_in_the_body(door: Door) -> None:
    body = {"writeKey": door.source.write_key, "userId": "u", "event": "A"}
    assert (await door.http.post("/v1/t", content=json.dumps(body))).status_code == 200
    batch = {"writeKey": door.source.write_key, "batch": [track()]}
    assert (await door.http.post("/v1/b", content=json.dumps(batch))).status_code == 200
    assert len(await door.events()) == 2


async def test_a_gzip_body_is_read(door: Door) -> None:
    body = gzip.compress(json.dumps({"batch": [track()]}).encode())
    answer = await door.http.post(
        "/v1/batch", content=body, headers={"content-encoding": "gzip"}, auth=(door.source.write_key, "")
    )
    assert answer.status_code == 200
    assert len(await door.events()) == 1


async def test_a_pixel_is_a_picture_and_an_event(door: Door) -> None:
    call = {"writeKey": door.source.write_key, "userId": "u-1", "event": "Mail Opened", "properties": {"mail": "m"}}
    data = base64.urlsafe_b64encode(json.dumps(call).encode()).decode().rstrip("=")
    answer = await door.http.get(f"/v1/pixel/track?data={data}")
    assert (answer.status_code, answer.headers["content-type"], answer.content[:3]) == (200, "image/gif", b"GIF")
    flat = {"writeKey": door.source.write_key, "userId": "u-1", "event": "Mail Opened", "properties.mail": "m"}
    assert (await door.http.get("/v1/pixel/track", params=flat)).status_code == 200
    events = await door.events()
    assert [(event.event, event.properties) for event in events] == [("Mail Opened", {"mail": "m"})] * 2


async def test_a_pixel_that_makes_no_sense_is_still_a_picture(door: Door) -> None:
    for query in ("", "?data=%%%", "?data=bm8"):
        answer = await door.http.get(f"/v1/pixel/track{query}")
        assert (answer.status_code, answer.content[:3]) == (200, b"GIF")


async def test_browsers_are_told_where_to_send_and_let_in(door: Door) -> None:
    settings = await door.http.get(f"/v1/projects/{door.source.write_key}/settings")
    assert settings.json()["integrations"]["Segment.io"]["apiHost"] == "door/v1"
    assert settings.headers["access-control-allow-origin"] == "*"
    assert (await door.http.get("/v1/projects/nobody/settings")).status_code == 404
    asked = await door.http.options("/v1/t", headers={"origin": "https://shop.example"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")


async def test_a_clock_that_is_wrong_is_put_right(door: Door) -> None:
    """Received at 03:00:00; the device says it sent at 02:10:10 what happened at 02:10:00: so it was 02:59:50."""
    await door.batch(track(timestamp="2026-11-23T02:10:00Z"), sentAt="2026-11-23T02:10:10Z")
    event = await door.one()
    assert event.time.isoformat() == "2026-11-23T02:59:50+00:00"
    assert event.properties == {"original_time": "2026-11-23T02:10:00Z"}


async def test_time_under_way_is_not_a_wrong_clock(door: Door) -> None:
    await door.batch(track(timestamp="2026-10-01T00:00:00Z"), sentAt="2026-11-23T02:59:58Z")
    event = await door.one()
    assert (event.time.isoformat(), event.properties) == ("2026-10-01T00:00:00+00:00", {})


async def test_a_clock_in_the_future_does_not_make_events_of_the_future(door: Door) -> None:
    await door.batch(track(timestamp="2030-01-01T00:00:00Z"), sentAt="2030-01-01T00:01:00Z")
    assert (await door.one()).time.isoformat() == "2026-11-23T02:59:00+00:00"


async def test_history_is_imported_as_it_is_dated(door: Door) -> None:
    await door.send("import", batch=[track(timestamp="2001-02-03T04:05:06Z")], sentAt="2020-01-01T00:00:00Z")
    assert (await door.one()).time.isoformat() == "2001-02-03T04:05:06+00:00"


async def test_a_message_counts_once_across_sources(door: Door, log: Log) -> None:
    app = await door.ingest.create_source(door.cast.mina, "app")
    await door.batch(track(messageId="m-1"), track(messageId="m-1"), track(messageId="m-2"))
    assert await door.logged(log) == ["m-1", "m-2"]
    await door.http.post("/v1/track", json=track(messageId="m-1"), auth=(app.write_key, ""))
    await door.batch(track(messageId="m-2"), track(messageId="m-3"))
    assert await door.logged(log) == ["m-1", "m-2", "m-3"]


async def test_the_same_message_id_in_another_workspace_is_another_message(door: Door, log: Log) -> None:
    theirs = await door.ingest.create_source(door.cast.rina, "web")
    await door.batch(track(messageId="m-1"))
    await door.http.post("/v1/track", json=track(messageId="m-1"), auth=(theirs.write_key, ""))
    assert await door.logged(log) == ["m-1"]
    assert await door.logged(log, door.cast.rina.tenant) == ["m-1"]


async def test_messages_without_an_id_are_different_messages(door: Door) -> None:
    await door.batch(track(), track())
    assert len({event.message_id for event in await door.events()}) == 2
