"""Bringing in over HTTP: given, looked at, begun, fetched what was left out; and refused to who may not."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.channels import slack_export as slack
from tests.channels.house import House, open_house
from tests.channels.test_moving_screens import given, state_of
from tests.databases import copied
from tests.waiting import waited


@pytest.fixture(scope="module")
def house(postgres_url: str, template: str) -> Iterator[House]:
    with copied(postgres_url, template) as database, open_house(database) as house:
        yield house


def test_an_export_comes_in_by_http_and_says_what_it_left(house: House) -> None:
    one = given(house, slack.zipped(slack.realistic() | {"general/2026-03-09.json": b'[{"type":', "../out.json": []}))
    waited(lambda: state_of(house, one["id"]) == "ready")
    found = house.ask("mina", "GET", f"/movings/{one['id']}")
    assert (found["may_private"], len(found["preview"]["rooms"])) == (True, 6)
    wrong = httpx.post(
        f"{house.url}/api/v1/movings/{one['id']}/start", json={"rooms": {"C0NONE": {"do": "skip"}}},
        headers={"authorization": f"Bearer {house.tokens['mina']}"},
    )  # fmt: skip
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "rooms")
    house.ask("mina", "POST", f"/movings/{one['id']}/start", rooms={"C0OLD": {"do": "skip"}}, private=True)
    waited(lambda: state_of(house, one["id"]) == "done")
    assert house.ask("mina", "GET", "/movings")["movings"][0]["progress"]["messages"] == 32
    headers = {"authorization": f"Bearer {house.tokens['mina']}"}
    report = httpx.get(f"{house.url}/api/v1/movings/{one['id']}/left", headers=headers).text
    assert report.startswith("\ufeffwhat,why,room,day,ts,about")
    assert "day,broken,general,2026-03-09," in report
    assert "member,leads_out,,,,../out.json" in report
    joon = {"authorization": f"Bearer {house.tokens['joon']}"}
    for method, path in (("PUT", "/moving-files"), ("GET", "/movings"), ("GET", f"/movings/{one['id']}/left")):
        assert httpx.request(method, f"{house.url}/api/v1{path}", headers=joon).status_code == 403
