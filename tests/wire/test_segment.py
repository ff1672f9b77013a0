"""Segment's own client against a real server."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from segment.analytics import Client

from tests.frame.running import Server, dure, found, server
from tests.waiting import waited

_CLIENTS = itertools.count(1)


class Site:
    """A server with a write key; what arrived is read back from the people's timelines."""

    def __init__(self, running: Server, made: dict[str, str]) -> None:
        self.running = running
        self.key = made["write_key"]
        self.workspace = made["workspace_id"]

    def client(self, **options: Any) -> Client:
        return Client(self.key, host=self.running.url, on_error=_fail, **options)

    def timeline(self, who: str, count: int) -> list[dict[str, Any]]:
        """Somebody's events from outside, once there are `count` of them in the log."""

        def arrived() -> list[dict[str, Any]]:
            answer = self.running.client.get(f"/api/v1/people/{who}/timeline?limit=500&source=default")
            events: list[dict[str, Any]] = answer.json()["events"]
            return events if len(events) >= count else []

        return waited(arrived, f"not all {count} events of {who} arrived")


def _fail(error: Exception, _: object) -> None:
    raise AssertionError(str(error))


@pytest.fixture(scope="module")
def site(run_folder: Path) -> Iterator[Site]:
    folder = run_folder / "wire-segment"
    made = found(folder)
    with server(folder) as running:
        yield Site(running, made)


@pytest.mark.parametrize("gzip", [False, True])
def test_segments_python_client_sends_every_call(site: Site, gzip: bool) -> None:
    user, device = f"u-{next(_CLIENTS)}", f"d-{next(_CLIENTS)}"
    client = site.client(gzip=gzip)
    client.page(anonymous_id=device, category="Docs", name="Home", properties={"path": "/"})
    client.identify(user, {"name": "김미나", "plan": "free"}, anonymous_id=device)
    client.track(user, "Listen Started", {"creator_id": "c-1", "seconds": 12.5})
    client.screen(user, name="Player")
    client.group(user, "acc-1", {"name": "한빛커피"})
    client.alias(f"old-{user}", user)
    client.track(f"old-{user}", "Long Ago")
    client.shutdown()
    events = site.timeline(user, 7)
    assert {event["event"] for event in events} == {
        "Page Viewed", "Identified", "Listen Started", "Screen Viewed", "Account Identified", "Aliased", "Long Ago",
    }  # fmt: skip
    listened = next(event for event in events if event["event"] == "Listen Started")
    assert listened["properties"] == {"creator_id": "c-1", "seconds": 12.5}
    person = site.running.client.get(f"/api/v1/people/{device}").json()
    assert person["traits"] == {"name": "김미나", "plan": "free"}
    assert set(person["distinct_ids"]) == {user, device, f"old-{user}"}
    assert person["account"] == "acc-1"


def test_the_client_in_its_synchronous_mode_is_told_of_a_wrong_key(site: Site) -> None:
    from segment.analytics.request import APIError

    stranger = Client("nobodys-key", host=site.running.url, sync_mode=True)
    with pytest.raises(APIError, match="write key") as told:
        stranger.track("u-1", "Listen Started")
    assert (told.value.status, told.value.code) == (401, "not_signed_in")


def test_browsers_phones_and_pixels_have_their_paths(site: Site) -> None:
    user = f"u-{next(_CLIENTS)}"
    http = httpx.Client(base_url=site.running.url)
    settings = http.get(f"/v1/projects/{site.key}/settings", headers={"origin": "https://shop.example"})
    segment = settings.json()["integrations"]["Segment.io"]
    assert segment["apiKey"] == site.key
    browser = {"userId": user, "event": "Clicked", "writeKey": site.key, "context": {"page": {"path": "/"}}}
    plain = {"content-type": "text/plain"}
    sent = httpx.post(f"http://{segment['apiHost']}/t", content=json.dumps(browser), headers=plain)
    assert (sent.status_code, sent.json(), sent.headers["access-control-allow-origin"]) == (200, {"success": True}, "*")
    phone = {"batch": [{"type": "track", "event": "Tapped", "userId": user}], "writeKey": site.key}
    assert http.post("/v1/b", json=phone).status_code == 200
    mail = {"writeKey": site.key, "userId": user, "event": "Mail Opened"}
    data = base64.b64encode(json.dumps(mail).encode()).decode()
    pixel = http.get("/v1/pixel/track", params={"data": data})
    assert (pixel.status_code, pixel.headers["content-type"]) == (200, "image/gif")
    assert {event["event"] for event in site.timeline(user, 3)} == {"Clicked", "Tapped", "Mail Opened"}
    http.close()


def test_what_is_refused_is_seen_with_its_reason(site: Site) -> None:
    with httpx.Client(base_url=site.running.url, auth=(site.key, "")) as http:
        assert http.post("/v1/track", json={"userId": "null", "event": "A"}).status_code == 200
    rejects = site.running.client.get("/api/v1/rejects").json()
    assert [(reject["source"], reject["reason"]) for reject in rejects["rejects"]] == [("default", "junk_id")]


def test_a_file_is_imported_through_the_running_server_once(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "listens.csv"
    path.write_text("who,at,seconds\nu-file,2026-01-02T03:04:05Z,12\nu-file,bad,1\nu-file,2026-01-03,13\n")
    command = ("import", "events", str(path), "--event", "=Listened", "--user", "who", "--time", "at",
               "--source", "default", "--json")  # fmt: skip
    first = json.loads(dure(*command, folder=site.running.folder).stdout)
    assert (first["added"], [bad["line"] for bad in first["bad"]]) == (2, [3])
    assert json.loads(dure(*command, folder=site.running.folder).stdout)["known"] == 2
    assert [event["properties"]["seconds"] for event in site.timeline("u-file", 2)] == [13, 12]
