"""Mixpanel's ingestion: what comes in as which event, and what its clients are answered."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import httpx
import pytest

from dure.log.api import Log
from tests.ingest.conftest import Door, nested

pytestmark = pytest.mark.anyio
NOON = 1_795_402_800  # 2026-11-23T03:00:00Z, when the door's clock stands still
DAY = 86_400


def event(door: Door, name: str = "Listen Started", **more: Any) -> dict[str, Any]:
    return {"event": name, "properties": {"token": door.source.write_key, "distinct_id": "u-17", "time": NOON, **more}}


def update(door: Door, **operations: Any) -> dict[str, Any]:
    return {"$token": door.source.write_key, "$distinct_id": "u-17", **operations}


def in_base64(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


async def imported(door: Door, *events: Any, query: str = "strict=1", **more: Any) -> httpx.Response:
    return await door.http.post(f"/import?{query}", json=list(events), auth=(door.source.write_key, ""), **more)


async def test_events_come_as_json_as_forms_and_from_old_browsers(door: Door) -> None:
    one = event(door, "A")
    texts = [
        await door.http.post("/track", json=[one, one]),
        await door.http.post("/track/", json=one),
        await door.http.post("/track?verbose=0&ip=0", data={"data": json.dumps(one)}),
        await door.http.post("/track", data={"data": in_base64([one])}),
        await door.http.get("/track/", params={"data": in_base64(one)}),
    ]
    assert [(answer.status_code, answer.text) for answer in texts] == [(200, "1")] * 5
    words = await door.http.post("/track", data={"data": json.dumps(one), "verbose": 1, "ip": 0})
    assert (words.status_code, words.json()) == (200, {"status": 1, "error": None})
    picture = await door.http.get("/track", params={"data": in_base64(one), "img": 1})
    assert (picture.headers["content-type"], picture.content[:3]) == ("image/gif", b"GIF")
    script = await door.http.get("/track", params={"data": in_base64(one), "callback": "app.done"})
    assert (script.headers["content-type"], script.text) == ("text/javascript", "app.done(1);")
    sly = await door.http.get("/track", params={"data": in_base64(one), "callback": "alert(1)//"})
    assert sly.text == "1"
    browser = await door.http.post("/track/?verbose=1", json=[one], headers={"origin": "https://shop.example"})
    assert browser.headers["access-control-allow-origin"] == "https://shop.example"
    assert browser.headers["access-control-allow-credentials"] == "true"
    assert len(await door.events()) == 11


async def test_an_event_keeps_its_properties_but_for_what_the_library_says_of_itself(door: Door) -> None:
    own = {"plan": "pro", "mp_lib": "python", "$lib_version": "5.4.1", "$insert_id": "i-1", "ip": "198.51.100.7",
           "company": "acc-1"}  # fmt: skip
    page = {"current_url_path": "/live", "current_page_title": "Live"}
    await door.http.post("/track", json=[event(door, **own), event(door, "$mp_web_page_view", **page)])
    one, viewed = await door.events()
    assert (one.distinct_id, one.account, one.time.isoformat()) == ("u-17", "acc-1", "2026-11-23T03:00:00+00:00")
    assert one.properties == {"plan": "pro", "company": "acc-1"}
    assert (viewed.event, viewed.properties) == ("Page Viewed", {"path": "/live", "title": "Live"})


async def test_time_is_in_seconds_or_milliseconds_and_track_takes_five_days(door: Door) -> None:
    answer = await door.http.post(
        "/track?verbose=1",
        json=[
            event(door, "seconds", time=NOON - 0.5), event(door, "milliseconds", time=(NOON - 60) * 1000),
            event(door, "future", time=NOON + 9 * DAY), event(door, "old", time=NOON - 5 * DAY - 1),
            event(door, "none", time=None), event(door, "text", time="noon"),
        ],
    )  # fmt: skip
    assert answer.json() == {"status": 1, "error": None}
    times = {one.event: one.time.isoformat()[11:21] for one in await door.events()}
    assert times == {
        "seconds": "02:59:59.5", "milliseconds": "02:59:00+0", "future": "03:00:00+0", "none": "03:00:00+0"
    }  # fmt: skip
    assert {reject.reason.value for reject in await door.rejects()} == {"time_too_early", "time_unreadable"}
    old = await door.http.post("/track?verbose=1", json=[event(door, time=NOON - 6 * DAY)])
    assert (old.status_code, old.json()["status"]) == (400, 0)
    assert "/import" in old.json()["error"]


async def test_history_is_imported_and_the_bad_records_are_listed(door: Door) -> None:
    good = event(door, "A", time=NOON - 900 * DAY, **{"$insert_id": "i-1"})
    answer = await imported(door, good)
    assert (answer.status_code, answer.json()) == (200, {"code": 200, "num_records_imported": 1, "status": "OK"})
    answer = await imported(
        door, good | {"event": "B"}, event(door), event(door, time=None, **{"$insert_id": "i-2"}),
        event(door, distinct_id="null", **{"$insert_id": "i-3"}), 17,
        event(door, time=NOON + 7200, **{"$insert_id": "i-4"}), {"event": "C", "properties": 1},
        event(door, text="x" * (1 << 20), **{"$insert_id": "i-5"}),
    )  # fmt: skip
    body = answer.json()
    assert (answer.status_code, body["code"], body["num_records_imported"]) == (400, 400, 1)
    assert [(bad["index"], bad["$insert_id"], bad["field"]) for bad in body["failed_records"]] == [
        (1, "", "properties.$insert_id"), (2, "i-2", "properties.time"), (3, "i-3", "properties.distinct_id"),
        (4, "", ""), (5, "i-4", "properties.time"), (6, "", ""), (7, "i-5", ""),
    ]  # fmt: skip
    assert all(bad["message"] for bad in body["failed_records"])
    loose = await imported(door, event(door, "D"), 17, query="strict=0")
    assert (loose.status_code, loose.json()["num_records_imported"]) == (200, 1)
    assert [one.event for one in await door.events()] == ["A", "B", "D"]


async def test_imports_come_a_line_each_packed_and_with_the_key_in_basic_or_the_events(door: Door) -> None:
    bare = {"distinct_id": "u-17", "time": NOON, "$insert_id": "i-1"}
    lines = "\n".join(json.dumps({"event": name, "properties": bare}) for name in "AB") + "\n\n"
    headers = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}
    answer = await door.http.post(
        "/import?strict=1&project_id=7", content=gzip.compress(lines.encode()), headers=headers,
        auth=(door.source.write_key, ""),
    )  # fmt: skip
    assert answer.json() == {"code": 200, "num_records_imported": 2, "status": "OK"}
    service = await door.http.post("/import", json=[event(door, "C", **{"$insert_id": "i"})], auth=("service", "s"))
    assert service.json()["num_records_imported"] == 1
    form = await door.http.post("/import", data={"data": json.dumps(event(door, "D")), "verbose": 1})
    assert form.json() == {"status": 1, "error": None}
    assert [one.event for one in await door.events()] == ["A", "B", "C", "D"]


async def test_devices_and_users_are_told_apart(door: Door) -> None:
    await door.http.post(
        "/track",
        json=[
            event(door, distinct_id="$device:d-1"),
            event(door, distinct_id="$device:d-1", **{"$device_id": "d-1"}),
            event(door, distinct_id="u-17", **{"$device_id": "d-1", "$user_id": "u-17"}),
            event(door, distinct_id="d-2", **{"$device_id": "d-2"}),
        ],
    )
    events = await door.events()
    assert [one.distinct_id for one in events] == ["d-1", "d-1", "u-17", "d-2"]
    assert [one.properties for one in events] == [{}, {}, {"anonymous_id": "d-1"}, {}]


async def test_identify_alias_and_merge_join_ids(door: Door) -> None:
    def joins(name: str, **properties: Any) -> dict[str, Any]:
        return {"event": name, "properties": {"token": door.source.write_key, **properties}}

    answer = await door.http.post(
        "/track",
        json=[
            joins("$identify", **{"$identified_id": "u-17", "$anon_id": "d-1"}),
            joins("$create_alias", distinct_id="d-2", alias="u-17"),
            joins("$create_alias", distinct_id="d-2"),
        ],
    )
    assert answer.text == "1"
    merge = joins("$merge", **{"$distinct_ids": ["u-17", "u-18"]})
    assert (await door.http.post("/import", data={"data": json.dumps(merge), "verbose": 1})).json()["status"] == 1
    events = await door.events()
    assert [(one.event, one.distinct_id, one.properties) for one in events] == [
        ("Identified", "u-17", {"anonymous_id": "d-1"}), ("Aliased", "u-17", {"previous_id": "d-2"}),
        ("Aliased", "u-17", {"previous_id": "u-18"}),
    ]  # fmt: skip
    assert await door.reason() == "no_identity"


async def test_every_operation_on_a_profile_is_one_on_traits(door: Door) -> None:
    operations: list[tuple[str, Any]] = [
        ("set_once", {"first": "app"}), ("add", {"n": 1}), ("append", {"tags": "a"}), ("union", {"tags": ["b"]}),
        ("remove", {"tags": "a"}), ("unset", ["trial"]),
    ]  # fmt: skip
    for path, data in (("/engage", {"$set": {"$email": "mina@sori.example", "plan": "pro"}}), ("/engage/", {})):
        record = update(door, **(data or {f"${name}": given for name, given in operations}))
        assert (await door.http.post(path, json=[record])).text == "1"
    await door.http.post("/engage#profile-delete", data={"data": json.dumps(update(door, **{"$delete": ""}))})
    set_, changed, deleted = await door.events()
    assert (set_.event, set_.distinct_id) == ("Identified", "u-17")
    assert set_.properties == {"email": "mina@sori.example", "plan": "pro"}
    assert changed.properties == {"trait_changes": dict(operations)}
    assert deleted.properties == {"trait_changes": {"delete": []}}


async def test_groups_are_accounts(door: Door) -> None:
    group = {"$token": door.source.write_key, "$group_key": "company", "$group_id": "acc-1"}
    records = [group | {"$set": {"$name": "한빛커피"}}, group | {"$group_key": "team", "$union": {"tags": ["a"]}},
               {"$token": door.source.write_key, "$set": {"a": 1}}, group]  # fmt: skip
    assert (await door.http.post("/groups?verbose=1", json=records)).json()["status"] == 1
    company, team = await door.events()
    assert (company.event, company.account, company.distinct_id) == ("Account Identified", "acc-1", "")
    assert company.properties == {"name": "한빛커피"}
    assert (team.account, team.properties) == ("team:acc-1", {"trait_changes": {"union": {"tags": ["a"]}}})
    assert {reject.reason.value for reject in await door.rejects()} == {"no_identity", "malformed"}


async def test_duplicates_have_the_same_event_time_id_and_insert_id(door: Door, log: Log) -> None:
    one = {"$insert_id": "i-1"}
    same = event(door, **one)
    others = [event(door, "Other", **one), event(door, time=NOON - 1, **one), event(door, distinct_id="u-2", **one)]
    await door.http.post("/track", json=[same, same, *others])
    await imported(door, same)
    again = update(door, **{"$add": {"n": 1}, "$time": NOON})
    for _ in range(2):
        await door.http.post("/engage", json=[again])
    assert len(await door.logged(log)) == 5


async def test_what_is_wrong_with_a_request_is_said_in_its_own_words(door: Door) -> None:
    stranger = {"event": "A", "properties": {"token": "nobodys", "distinct_id": "u"}}
    plain = await door.http.post("/track", json=[stranger])
    assert (plain.status_code, plain.text) == (401, "0")
    words = await door.http.post("/track", data={"data": json.dumps(stranger), "verbose": 1})
    assert (words.status_code, words.json()["status"]) == (401, 0)
    assert "write key" in words.json()["error"]
    history = await door.http.post("/import", json=[stranger])
    assert (history.status_code, history.json()["status"]) == (401, "Unauthorized")
    many = [event(door, **{"$insert_id": "i"})] * 2001
    answer = await imported(door, *many)
    assert (answer.status_code, answer.json()["code"]) == (413, 413)
    for body in (b"", b"[]", b"{", b"data=%%%", b"data=", b"nonsense", b"\xff\xfe", b"data=bm8="):
        answer = await door.http.post("/track?verbose=1", content=body)
        assert (answer.status_code, answer.json()["status"]) == (400, 0), body
        assert answer.json()["error"]
    mixed = await imported(door, event(door, **{"$insert_id": "i-1"}), stranger)
    assert mixed.json()["failed_records"][0]["index"] == 1
    deep = await imported(door, event(door, deep=nested(65), **{"$insert_id": "i-2"}))
    assert deep.json()["failed_records"][0]["field"] == "properties"
    wrong = await door.http.post("/engage?verbose=1", json=[update(door, **{"$set": [1]})])
    assert (wrong.status_code, wrong.json()["error"]) == (400, "`$set` is an object.")
    assert len(await door.events()) == 1
