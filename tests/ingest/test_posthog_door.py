"""PostHog's capture and flags: what comes in as which event, and what its clients are answered."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from dure.ingest.plugs import AskedFlags, ToldFlag
from dure.kernel.tenant import Tenant
from dure.log.api import Log
from tests.ingest.conftest import Door, nested

pytestmark = pytest.mark.anyio
V1 = "/i/v1/analytics/events"
TIME = "2026-11-23T02:59:00Z"


def event(name: str = "Listen Started", who: str | None = "u-17", **more: Any) -> dict[str, Any]:
    return {"event": name, "distinct_id": who, "properties": {}, "timestamp": TIME, **more}


async def batch(door: Door, *events: Any, path: str = "/batch/", **more: Any) -> httpx.Response:
    return await door.http.post(path, json={"api_key": door.source.write_key, "batch": list(events), **more})


async def test_every_path_takes_a_single_event(door: Door) -> None:
    paths = ["/capture/", "/capture", "/i/v0/e/", "/i/v0/e", "/e/", "/e"]
    for path in paths:
        answer = await door.http.post(path, json={"api_key": door.source.write_key, **event(path)})
        assert (answer.status_code, answer.json()) == (200, {"status": "Ok"})
    for path in ("/batch/", "/batch"):
        assert (await batch(door, event(path), path=path)).status_code == 200
    assert [one.event for one in await door.events()] == [*paths, "/batch/", "/batch"]


async def test_an_event_keeps_its_properties_but_for_what_the_library_says_of_itself(door: Door) -> None:
    properties = {
        "plan": "pro", "$lib": "posthog-python", "$lib_version": "7.91.1", "$geoip_disable": True, "$session_id": "s-1",
        "$groups": {"company": "acc-1", "team": "t-1"}, "$ip": "198.51.100.7", "token": door.source.write_key,
    }  # fmt: skip
    page = {"$current_url": "https://sori.example/live?x=1", "$pathname": "/live", "$referrer": "$direct"}
    await batch(
        door, event(uuid="0190-1", properties=properties), event("$pageview", properties=page),
        event("$screen", properties={"$screen_name": "Player"}),
    )  # fmt: skip
    one, viewed, screen = await door.events()
    assert (one.distinct_id, one.message_id, one.account) == ("u-17", "0190-1", "acc-1")
    assert one.properties == {
        "plan": "pro", "$session_id": "s-1", "groups": {"company": "acc-1", "team": "t-1"},
    }  # fmt: skip
    assert (viewed.event, viewed.properties["url"]) == ("Page Viewed", "https://sori.example/live?x=1")
    assert (viewed.properties["path"], viewed.properties["referrer"]) == ("/live", "$direct")
    assert (screen.event, screen.properties) == ("Screen Viewed", {"name": "Player"})


async def test_browsers_pack_their_events_themselves(door: Door) -> None:
    key = door.source.write_key
    one = {"api_key": key, **event("A")}
    old = {"event": "B", "properties": {"token": key, "distinct_id": "u-17"}}
    form = {"content-type": "application/x-www-form-urlencoded"}
    data = base64.b64encode(json.dumps(old).encode()).decode()
    requests: list[tuple[str, bytes, dict[str, str]]] = [
        ("/e/?compression=gzip-js&ip=0&_=1795402800000&ver=1.2", gzip.compress(json.dumps(one).encode()), {}),
        ("/i/v0/e/?compression=gzip-js", gzip.compress(json.dumps([old]).encode()), {"content-type": "text/plain"}),
        ("/e/?compression=base64", urlencode({"data": data}).encode(), form),
        ("/e/", urlencode({"data": data, "compression": "base64"}).encode(), form),
        ("/e/", urlencode({"data": json.dumps(old)}).encode(), form),
        ("/e/", json.dumps(one).encode(), {"content-type": "text/plain"}),
        ("/batch", gzip.compress(json.dumps({"api_key": key, "batch": [event("A")]}).encode()),
         {"content-encoding": "gzip"}),
        ("/batch?compression=gzip-js", gzip.compress(json.dumps({"api_key": key, "batch": [event("A")]}).encode()), {}),
    ]  # fmt: skip
    for path, content, headers in requests:
        answer = await door.http.post(path, content=content, headers=headers)
        assert answer.status_code == 200, (path, answer.text)
    assert (await door.http.get("/e/", params={"data": data})).status_code == 200
    beacon = await door.http.post("/e/?beacon=1", json=one)
    assert (beacon.status_code, beacon.content) == (204, b"")
    assert [one.event for one in await door.events()] == list("ABBBBAAABA")


async def test_identify_links_the_anonymous_id_and_sets_traits(door: Door) -> None:
    identify = {
        "$anon_distinct_id": "d-1", "$set": {"plan": "pro"}, "$set_once": {"first": "web"}, "$is_identified": True,
        "$device_id": "d-1",
    }  # fmt: skip
    await batch(door, event("$identify", properties=identify), event("$identify", **{"$set": {"plan": "max"}}))
    linked, plain = await door.events()
    assert (linked.event, linked.distinct_id) == ("Identified", "u-17")
    assert linked.properties == {"plan": "pro", "anonymous_id": "d-1", "trait_changes": {"set_once": {"first": "web"}}}
    assert plain.properties == {"plan": "max"}


async def test_aliases_and_merges_name_who_is_kept(door: Door) -> None:
    await batch(
        door, event("$create_alias", "d-1", properties={"distinct_id": "d-1", "alias": "u-17"}),
        event("$merge_dangerously", "u-17", properties={"alias": "u-18"}), event("$create_alias", properties={}),
    )  # fmt: skip
    alias, merge = await door.events()
    assert (alias.event, alias.distinct_id, alias.properties) == ("Aliased", "u-17", {"previous_id": "d-1"})
    assert (merge.event, merge.distinct_id, merge.properties) == ("Aliased", "u-17", {"previous_id": "u-18"})
    assert await door.reason() == "no_identity"


async def test_traits_beside_an_event_are_an_event_of_their_own(door: Door) -> None:
    with_traits = {"$set": {"plan": "pro"}, "$unset": ["trial"], "amount": 1}
    await batch(
        door, event("Bought", uuid="m-1", properties=with_traits), event("$set", properties={"$set": {"a": 1}}),
        event("Seen", properties={"$set": {"b": 1}, "$process_person_profile": False}),
        event("Known", properties={"$set": {"c": 1}, "$is_identified": True}),
        event("$set_once", **{"$set_once": {"d": 1}}),
    )  # fmt: skip
    bought, set_, seen, known, once, beside, of_known = await door.events()
    assert (bought.event, bought.properties) == ("Bought", {"amount": 1})
    assert (beside.event, beside.message_id) == ("Identified", "m-1:traits")
    # Nobody said that somebody signed in under this id: so it may still turn out to be a device.
    assert beside.properties == {"plan": "pro", "trait_changes": {"unset": ["trial"]}, "anonymous_id": "u-17"}
    assert (set_.event, set_.properties) == ("Identified", {"a": 1, "anonymous_id": "u-17"})
    assert (seen.event, seen.properties) == ("Seen", {})
    assert (once.event, once.properties["trait_changes"]) == ("Identified", {"set_once": {"d": 1}})
    assert (known.event, of_known.properties) == ("Known", {"c": 1})


async def test_groups_are_accounts(door: Door) -> None:
    company = {"$group_type": "company", "$group_key": "acc-1", "$group_set": {"size": 40}}
    await batch(
        door, event("$groupidentify", "a-made-up-id", properties=company),
        event("$groupidentify", "u-17", properties={**company, "$group_type": "team", "$device_id": "d-1"}),
        event("$groupidentify", properties={"$group_type": "company"}),
    )  # fmt: skip
    server, browser = await door.events()
    assert (server.event, server.account, server.distinct_id) == ("Account Identified", "acc-1", "")
    assert server.properties == {"size": 40}
    assert (browser.account, browser.distinct_id) == ("team:acc-1", "u-17")
    assert await door.reason() == "no_identity"


async def test_a_wrong_clock_is_put_right_unless_it_is_history_or_the_sender_says_no(door: Door) -> None:
    late = {"timestamp": "2026-11-23T02:10:00Z"}
    await batch(door, event("A", **late), sent_at="2026-11-23T02:10:10Z")
    await batch(door, event("B", **late, properties={"$ignore_sent_at": True}), sent_at="2026-11-23T02:10:10Z")
    await batch(door, event("C", **late), sent_at="2026-11-23T02:10:10Z", historical_migration=True)
    await door.http.post(f"/e/?_={1_795_399_810_000}", json={"api_key": door.source.write_key, **event("D", **late)})
    offset = {"event": "E", "properties": {"token": door.source.write_key, "distinct_id": "u-17"}, "offset": 4000}
    await door.http.post("/e/", json=[offset])
    times = {one.event: one.time.isoformat()[11:19] for one in await door.events()}
    assert times == {"A": "02:59:50", "B": "02:10:00", "C": "02:10:00", "D": "02:59:50", "E": "02:59:56"}


async def test_v1_answers_event_by_event(door: Door) -> None:
    def v1(name: str, uuid: str, **more: Any) -> dict[str, Any]:
        return {**event(name), "uuid": uuid, "options": {}, **more}

    events = [
        v1("A", "m-1", session_id="s-1"), v1("", "m-2"), v1("B", "m-3", distinct_id="undefined"),
        v1("C", "m-4", properties={"$set": nested(65)}),
        v1("D", "m-5", timestamp="2026-11-23T02:10:00Z", options={"disable_skew_correction": True}),
        v1("E", "m-6", timestamp="2026-11-23T02:10:00Z"),
    ]  # fmt: skip
    headers = {
        "authorization": f"Bearer {door.source.write_key}", "posthog-sdk-info": "posthog-python/7.91.1",
        "posthog-attempt": "1", "posthog-request-id": "r-1", "posthog-request-timestamp": "2026-11-23T02:10:10Z",
    }  # fmt: skip
    body = json.dumps({"created_at": TIME, "batch": events}).encode()
    packed = headers | {"content-encoding": "deflate"}
    answer = await door.http.post(V1, content=zlib.compress(body), headers=packed)
    results = answer.json()["results"]
    assert {uuid: told["result"] for uuid, told in results.items()} == {
        "m-1": "ok", "m-2": "drop", "m-3": "drop", "m-4": "warning", "m-5": "ok", "m-6": "ok"
    }  # fmt: skip
    assert "no name" in results["m-2"]["details"]
    stored = {one.message_id: one for one in await door.events()}
    assert sorted(stored) == ["m-1", "m-4", "m-5", "m-6"]
    assert stored["m-1"].properties["$session_id"] == "s-1"
    assert stored["m-5"].time.isoformat()[11:19] == "02:10:00"
    assert stored["m-6"].time.isoformat()[11:19] == "02:59:50"


async def test_v1_words_its_errors(door: Door) -> None:
    good = {"authorization": f"Bearer {door.source.write_key}"}
    cases: list[tuple[Any, dict[str, str], int, str]] = [
        ({"batch": [{**event(), "uuid": "m"}]}, {"authorization": "Bearer x"}, 401, "invalid_api_token"),
        ({"batch": [event()]}, good, 400, "request_parsing_error"),
        ({"batch": [{**event(), "uuid": "m"}] * 2}, good, 400, "request_parsing_error"),
        ({"batch": []}, good, 400, "request_parsing_error"),
    ]
    for body, headers, status, tag in cases:
        answer = await door.http.post(V1, json=body, headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (status, tag)
        assert answer.json()["error_description"]
    assert await door.events() == []


async def test_a_uuid_counts_once(door: Door, log: Log) -> None:
    await batch(door, event(uuid="m-1"), event(uuid="m-1"), event(uuid="m-2"))
    await door.http.post(
        V1, json={"batch": [event(uuid="m-2")]}, headers={"authorization": f"Bearer {door.source.write_key}"}
    )
    assert await door.logged(log) == ["m-1", "m-2"]


async def test_one_bad_event_is_left_out_and_a_request_without_a_good_one_is_400(door: Door) -> None:
    answer = await batch(door, event("Before"), 17, event(who=None), event("", timestamp={}), event("After"))
    assert answer.status_code == 200
    assert [one.event for one in await door.events()] == ["Before", "After"]
    lone = await door.http.post("/capture/", json={"api_key": door.source.write_key, **event(who="null")})
    assert (lone.status_code, lone.json()["type"]) == (400, "validation_error")
    assert "placeholder" in lone.json()["detail"]
    reasons = {reject.reason.value: reject.count for reject in await door.rejects()}
    assert reasons == {"malformed": 1, "no_identity": 1, "time_unreadable": 1, "junk_id": 1}


async def test_what_is_wrong_with_a_request_is_said_in_its_detail(door: Door) -> None:
    stranger = await door.http.post("/batch/", json={"api_key": "nobodys", "batch": [event()]})
    assert (stranger.status_code, stranger.json()["code"]) == (401, "invalid_api_key")
    assert "write key" in stranger.json()["detail"]
    shared = await door.http.post("/batch", json={"api_key": "nobodys", "batch": [event()]})
    assert shared.json()["code"] == "invalid_api_key"
    large = event(properties={"text": "x" * (2 << 20)})
    lone = await door.http.post("/capture/", json={"api_key": door.source.write_key, **large})
    assert (lone.status_code, lone.json()["code"]) == (413, "too_large")
    assert (await batch(door, large)).status_code == 200
    bodies = (b"", b"{", b"null", b"[]", b'{"batch": 1}', b"data=%%%", b"data=bm8=", b"\xff\xfe", b"\x1f\x8b\x00")
    for body in bodies:
        answer = await door.http.post("/e/", content=body)
        assert (answer.status_code, answer.json()["type"]) == (400, "validation_error"), body
    assert (await door.http.get("/e/")).status_code == 400
    bomb = await door.http.post("/e/?compression=gzip-js", content=gzip.compress(b" " * 20_000_000))
    assert bomb.status_code == 413
    assert len(await door.events()) == 1


class Answering:
    """Knows two flags; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[AskedFlags] = []

    async def answer(self, tenant: Tenant, asked: AskedFlags) -> list[ToldFlag]:
        self.asked.append(asked)
        told = [
            ToldFlag("on", 1, 3, True, '{"a":1}', "condition_match", "Matched", 0, False),
            ToldFlag("off", 2, 1, False, None, "no_condition_match", "None", None, False),
            ToldFlag("many", 3, 1, "blue", None, "condition_match", "Matched", 1, True),
        ]
        return [one for one in told if asked.keys is None or one.key in asked.keys]


async def test_flags_are_told_in_every_shape_that_is_asked_for(door: Door) -> None:
    door.ingest.know_flags_by(known := Answering())
    asked = {"api_key": door.source.write_key, "distinct_id": "u-17", "person_properties": {"plan": "pro"}}
    told = {path: (await door.http.post(path, json=asked)).json() for path in (
        "/flags/?v=2", "/flags/?v=4", "/flags?v=2", "/flags/", "/decide/?v=4", "/decide/?v=3", "/decide/?v=2",
        "/decide/", "/decide",
    )}  # fmt: skip
    for path in ("/flags/?v=2", "/flags/?v=4", "/flags?v=2", "/decide/?v=4"):
        flags = told[path]["flags"]
        assert {key: (one["enabled"], one["variant"]) for key, one in flags.items()} == {
            "on": (True, None), "off": (False, None), "many": (True, "blue"),
        }, path  # fmt: skip
        assert (flags["on"]["metadata"]["payload"], flags["many"]["metadata"]["has_experiment"]) == ('{"a":1}', True)
        assert ("value" in flags["on"]) == (path == "/flags/?v=4")
    for path in ("/flags/", "/decide/?v=3", "/decide/?v=2"):
        assert told[path]["featureFlags"] == {"on": True, "off": False, "many": "blue"}, path
        assert told[path]["featureFlagPayloads"] == {"on": '{"a":1}'}
    assert told["/decide/"]["featureFlags"] == told["/decide"]["featureFlags"] == ["on", "many"]
    assert known.asked[0] == AskedFlags("u-17", {"plan": "pro"})
    some = await door.http.post("/flags/?v=2", json=asked | {"flag_keys_to_evaluate": ["on"]})
    assert list(some.json()["flags"]) == ["on"]
    for nobody in ({"distinct_id": ""}, {"disable_flags": True}):
        assert (await door.http.post("/flags/?v=2", json=asked | nobody)).json()["flags"] == {}
    packed = base64.b64encode(json.dumps({"token": door.source.write_key}).encode()).decode()
    assert (await door.http.post("/decide/?v=3", data={"data": packed})).status_code == 200
    stranger = await door.http.post("/flags/?v=4", json={"api_key": "nobodys"})
    assert (stranger.status_code, stranger.json()["type"]) == (401, "authentication_error")
    assert (await door.http.post("/flags/?v=4", content=b"{")).status_code == 400
    assert await door.events() == []


async def test_browsers_are_told_where_to_send(door: Door) -> None:
    config = await door.http.get(f"/array/{door.source.write_key}/config", headers={"origin": "https://shop.example"})
    assert (config.status_code, config.headers["access-control-allow-origin"]) == (200, "*")
    assert config.json()["analytics"] == {"endpoint": "/i/v0/e/"}
    assert (config.json()["token"], config.json()["hasFeatureFlags"]) == (door.source.write_key, True)
    assert (await door.http.get("/array/nobodys/config")).status_code == 404
