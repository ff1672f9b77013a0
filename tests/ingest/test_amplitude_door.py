"""Amplitude's HTTP V2 and batch uploads: what comes in as which event, and what its clients are answered."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from dure.log.api import Log
from tests.ingest.conftest import Door, nested

pytestmark = pytest.mark.anyio
NOON = 1_795_402_800_000  # 2026-11-23T03:00:00Z, when the door's clock stands still


def event(kind: str = "Listen Started", **more: Any) -> dict[str, Any]:
    return {"event_type": kind, "user_id": "user-17", "device_id": "device-1", "time": NOON, **more}


async def upload(door: Door, *events: Any, path: str = "/2/httpapi", **more: Any) -> httpx.Response:
    return await door.http.post(path, json={"api_key": door.source.write_key, "events": list(events), **more})


async def test_an_event_keeps_its_properties_and_its_device_becomes_a_context(door: Door) -> None:
    answer = await upload(
        door,
        event(
            insert_id="i-1", event_properties={"genre": "jazz"}, revenue=12.5, productId="p-1", session_id=7,
            os_name="iOS", os_version="19", device_model="iPhone", country="KR", language="ko", app_version="4.2",
            ip="198.51.100.7", library="amplitude-python/1.3.0", idfa="an-advertising-id", plan={"branch": "main"},
        ),
    )  # fmt: skip
    body = answer.json()
    assert (answer.status_code, body["code"], body["events_ingested"]) == (200, 200, 1)
    assert (body["server_upload_time"], body["payload_size_bytes"]) == (NOON, len(answer.request.content))
    one = await door.one()
    assert (one.event, one.distinct_id, one.message_id) == ("Listen Started", "user-17", "amplitude:device-1:i-1")
    assert one.time.isoformat() == "2026-11-23T03:00:00+00:00"
    assert one.properties == {
        "genre": "jazz", "revenue": 12.5, "productId": "p-1", "session_id": 7, "anonymous_id": "device-1",
        "context": {
            "locale": "ko", "app": {"version": "4.2"}, "os": {"name": "iOS", "version": "19"},
            "device": {"model": "iPhone"}, "location": {"country": "KR"},
        },
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/2/httpapi", "/batch"])
async def test_gzip_is_read_at_both_paths(door: Door, path: str) -> None:
    body = gzip.compress(json.dumps({"api_key": door.source.write_key, "events": [event()]}).encode())
    answer = await door.http.post(path, content=body, headers={"content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["events_ingested"]) == (200, 1)
    assert (await door.one()).distinct_id == "user-17"


async def test_the_forms_of_old_libraries_are_read(door: Door) -> None:
    key = door.source.write_key
    forms = (
        ("/httpapi", {"api_key": key, "event": json.dumps([event("A"), event("B")])}),
        ("/httpapi", {"api_key": key, "event": json.dumps(event("C"))}),
        ("/2/httpapi", {"client": key, "e": json.dumps([event("D")]), "v": "2", "upload_time": str(NOON)}),
    )
    for path, form in forms:
        answer = await door.http.post(
            path, content=urlencode(form), headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert answer.json()["code"] == 200
    assert [one.event for one in await door.events()] == ["A", "B", "C", "D"]


async def test_user_properties_are_traits_and_their_operations_travel_in_one_property(door: Door) -> None:
    operations = {
        "$set": {"plan": "plus"}, "$setOnce": {"first_seen": "app"}, "$add": {"listens": 2}, "$append": {"tags": "a"},
        "$prepend": {"tags": "z"}, "$unset": {"trial": "-"}, "$preInsert": {"seen": "x"}, "$postInsert": {"seen": "y"},
        "$remove": {"lists": "l"},
    }  # fmt: skip
    await upload(
        door, event("$identify", user_properties=operations), event("$identify", user_properties={"$clearAll": "-"}),
        event("Bought", insert_id="i-2", user_properties={"plan": "pro"}),
    )  # fmt: skip
    first, cleared, bought, beside = await door.events()
    assert (first.event, first.properties) == (
        "Identified",
        {
            "plan": "plus", "anonymous_id": "device-1",
            "trait_changes": {
                "set_once": {"first_seen": "app"}, "add": {"listens": 2}, "append": {"tags": "a"},
                "prepend": {"tags": "z"}, "unset": ["trial"], "pre_insert": {"seen": "x"},
                "post_insert": {"seen": "y"}, "remove": {"lists": "l"},
            },
        },
    )  # fmt: skip
    assert cleared.properties["trait_changes"] == {"clear": []}
    assert (bought.event, "plan" in bought.properties) == ("Bought", False)
    assert (beside.event, beside.properties["plan"]) == ("Identified", "pro")
    assert beside.message_id == "amplitude:device-1:i-2:traits"


async def test_groups_are_accounts(door: Door) -> None:
    await upload(
        door,
        event("$groupidentify", groups={"company": "acc-1"}, group_properties={"$set": {"size": 40}}),
        {"event_type": "$groupidentify", "groups": {"team": "t-1"}, "group_properties": {"$add": {"seats": 1}}},
        event("A", groups={"team": ["t-1", "t-2"], "company": "acc-1"}),
        event("$identify", groups={"company": "acc-1"}, user_properties={"$set": {"company": "acc-1"}}),
    )  # fmt: skip
    company, team, plain, member = await door.events()
    assert (company.event, company.account, company.distinct_id) == ("Account Identified", "acc-1", "")
    assert (company.properties, company.person.int) == ({"size": 40}, 0)
    assert (team.account, team.properties) == ("team:t-1", {"trait_changes": {"add": {"seats": 1}}})
    assert plain.account == "acc-1"
    assert plain.properties["groups"] == {"team": ["t-1", "t-2"], "company": "acc-1"}
    assert (member.event, member.account, member.distinct_id) == ("Identified", "acc-1", "user-17")


async def test_a_wrong_clock_is_put_right_by_the_upload_time(door: Door) -> None:
    await upload(door, event(time=NOON - 3_000_000), client_upload_time="2026-11-23T02:10:10Z")
    assert (await door.one()).time.isoformat() == "2026-11-23T02:59:50+00:00"


async def test_an_insert_id_counts_once_on_its_device(door: Door, log: Log) -> None:
    await upload(door, event(insert_id="i-1"), event(insert_id="i-1", event_type="Other"))
    await upload(door, event(insert_id="i-1"), event(insert_id="i-1", device_id="device-2"), path="/batch")
    assert await door.logged(log) == ["amplitude:device-1:i-1", "amplitude:device-2:i-1"]


BAD: list[tuple[dict[str, Any] | int, str, dict[str, list[int]]]] = [
    (event(event_type=""), "events_with_missing_fields", {"event_type": [1]}),
    ({"event_type": "A"}, "events_with_missing_fields", {"user_id": [1]}),
    (event(time="yesterday"), "events_with_invalid_fields", {"time": [1]}),
    (event(time={}), "events_with_invalid_fields", {"time": [1]}),
    (event(time=NOON + 7_200_000), "events_with_invalid_fields", {"time": [1]}),
    (event(user_id="undefined", device_id=None), "events_with_invalid_fields", {"user_id": [1]}),
    (event(event_properties=nested(65)), "events_with_invalid_fields", {"event_properties": [1]}),
    (17, "events_with_invalid_fields", {"event": [1]}),
    (event(user_properties=nested(65)), "events_with_invalid_fields", {"event_properties": [1]}),
    (event(user_id="u-1", device_id="d"), "events_with_invalid_id_lengths", {"user_id": [1], "device_id": [1]}),
]


async def test_one_bad_event_sends_the_request_back_and_nothing_of_it_is_kept(door: Door) -> None:
    """The clients drop the events that are named and send the others again."""
    for bad, field, places in BAD:
        answer = await upload(door, event("Before"), bad, event("After", user_properties={"a": 1}))
        body = answer.json()
        assert (answer.status_code, body["code"], body[field]) == (400, 400, places), bad
        named = [field for field in body if field.startswith("events_with") and body[field]]
        assert named == [field]
    assert await door.events() == []
    assert sum(reject.count for reject in await door.rejects()) == len(BAD)


async def test_short_ids_are_dropped_and_the_length_is_the_senders_to_say(door: Door) -> None:
    await upload(door, event("A", user_id="u-1"))
    await upload(door, event("B", user_id="u-1"), options={"min_id_length": 1})
    first, second = await door.events()
    assert (first.distinct_id, second.distinct_id) == ("device-1", "u-1")


async def test_what_is_wrong_with_a_request_is_said_in_its_body(door: Door) -> None:
    stranger = await door.http.post("/2/httpapi", json={"api_key": "nobodys", "events": [event()]})
    assert (stranger.status_code, stranger.json()) == (400, {"code": 400, "error": "Invalid API key: nobodys"})
    no_key = await door.http.post("/2/httpapi", json={"events": [event()]})
    assert (no_key.status_code, no_key.json()["missing_field"]) == (400, "api_key")
    assert (await upload(door)).json()["missing_field"] == "events"
    many = await upload(door, *[event()] * 2001)
    assert (many.status_code, many.json()["code"]) == (413, 413)
    large = event(event_properties={"text": "x" * (1 << 20)})
    assert (await upload(door, large)).json()["code"] == 413
    assert (await upload(door, large, path="/batch")).json()["code"] == 200
    for body in (b"{", b"[]", b"{}", b'{"api_key": 1}', b'{"api_key":"k","events":1}', b"\xff", b""):
        answer = await door.http.post("/2/httpapi", content=body)
        assert (answer.status_code, answer.json()["code"]) == (400, 400), body
    assert (await door.http.get("/2/httpapi")).json()["code"] == 405
    assert len(await door.events()) == 1


async def test_when_nothing_can_be_stored_the_client_keeps_its_events(door: Door) -> None:
    assert (await upload(door, event())).status_code == 200
    await door.state.close()
    answer = await upload(door, event())
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, 503, "1")
