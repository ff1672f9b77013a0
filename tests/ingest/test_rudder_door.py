"""RudderStack's gateway: its own paths, and its share of Segment's."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from tests.ingest.conftest import Door, track

pytestmark = pytest.mark.anyio
GIF = b"GIF89a"


def call(event: str = "Listen Started", **more: Any) -> dict[str, Any]:
    """As its libraries for servers send it."""
    return track(event, channel="server", context={"library": {"name": "analytics-python", "version": "2.1.9"}}, **more)


async def test_its_libraries_are_answered_ok_at_segments_paths(door: Door) -> None:
    auth = (door.source.write_key, "")
    packed = gzip.compress(json.dumps({"batch": [call("A")], "sentAt": "2026-11-23T03:00:00Z"}).encode())
    server = await door.http.post("/v1/batch", content=packed, headers={"content-encoding": "gzip"}, auth=auth)
    browser = await door.http.post("/v1/track", json=track("B"), headers={"AnonymousId": "ZC0x"}, auth=auth)
    phone = {"name": "com.rudderstack.android.sdk.core"}
    native = await door.http.post("/v1/t", json=track("C", context={"library": phone}), auth=auth)
    for answer in (server, browser, native):
        assert (answer.status_code, answer.text) == (200, "OK")
        assert answer.headers["content-type"].startswith("text/plain")
    segment = await door.batch(track("D"))
    assert segment.json() == {"success": True}
    events = await door.events()
    assert [one.event for one in events] == list("ABCD")
    assert all(one.properties == {} for one in events)


async def test_traits_of_an_identify_are_in_its_context(door: Door) -> None:
    identify = {"type": "identify", "userId": "u-17", "anonymousId": "d-1", "channel": "server",
                "context": {"traits": {"plan": "pro"}}}  # fmt: skip
    await door.batch(identify)
    one = await door.one()
    assert (one.event, one.properties) == ("Identified", {"plan": "pro", "anonymous_id": "d-1"})


async def test_its_requests_may_have_4000_kilobytes(door: Door) -> None:
    large = call(properties={"text": "x" * 600_000})
    assert (await door.batch(large)).text == "OK"
    assert (await door.batch(track(properties={"text": "x" * 600_000}))).json()["code"] == "too_large"
    too_large = call(properties={"text": "x" * (4000 << 10)})
    refused = await door.http.post("/beacon/v1/batch", json={"batch": [too_large]}, auth=(door.source.write_key, ""))
    assert (refused.status_code, refused.headers["content-type"][:10]) == (413, "text/plain")
    assert len(await door.events()) == 1


async def test_pixels_and_beacons_bring_their_key_in_the_address(door: Door) -> None:
    key = door.source.write_key
    flat = {"writeKey": key, "anonymousId": "d-1", "event": "Mail Opened", "properties.mail": "m"}
    pixel = await door.http.get("/pixel/v1/track", params=flat)
    page = await door.http.get("/pixel/v1/page", params={"writeKey": key, "anonymousId": "d-1", "name": "Home"})
    for answer in (pixel, page, await door.http.get("/pixel/v1/track?writeKey=nobodys&event=A&userId=u")):
        assert (answer.status_code, answer.content[:6]) == (200, GIF)
    body = json.dumps({"batch": [call("Left")]})
    beacon = await door.http.post(f"/beacon/v1/batch?writeKey={key}", content=body)
    assert (beacon.status_code, beacon.text) == (200, "OK")
    assert [(one.event, one.properties) for one in await door.events()] == [
        ("Mail Opened", {"mail": "m"}), ("Page Viewed", {"name": "Home"}), ("Left", {})
    ]  # fmt: skip


async def test_a_merge_is_an_alias(door: Door) -> None:
    async def merge(*ids: Any) -> str:
        answer = await door.http.post("/v1/merge", json={"mergeProperties": ids}, auth=(door.source.write_key, ""))
        return answer.text

    assert await merge({"type": "anonymousId", "value": "d-1"}, {"type": "userId", "value": "u-17"}) == "OK"
    assert await merge({"type": "email", "value": "a@sori.example"}, {"type": "phone", "value": "010"}) == "OK"
    assert await merge({"type": "userId", "value": "u-17"}) == await merge(1, 2) == "OK"
    assert [(one.event, one.distinct_id, one.properties) for one in await door.events()] == [
        ("Aliased", "u-17", {"previous_id": "d-1"}), ("Aliased", "a@sori.example", {"previous_id": "010"})
    ]  # fmt: skip
    [reject] = await door.rejects()
    assert (reject.reason.value, reject.count) == ("no_identity", 2)


async def test_what_is_wrong_is_said_in_plain_text(door: Door) -> None:
    key = base64.b64encode(b"nobodys:").decode()
    stranger = await door.http.post("/v1/batch", json={"batch": [call()]}, headers={"authorization": f"Basic {key}"})
    assert (stranger.status_code, stranger.headers["content-type"][:10]) == (401, "text/plain")
    assert "write key" in stranger.text
    for path in ("/v1/merge", "/beacon/v1/batch"):
        broken = await door.http.post(path, content=b"{", auth=(door.source.write_key, ""))
        assert (broken.status_code, "JSON" in broken.text) == (400, True)
    assert (await door.http.get("/v1/merge")).status_code == 400
    assert await door.events() == []
