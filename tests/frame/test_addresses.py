"""A wrong address is answered in the words of the door it was meant for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.frame.running import found, server


@pytest.fixture(scope="module")
def house(run_folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Where it answers, and what founding it printed."""
    made = found(run_folder / "addresses")
    with server(run_folder / "addresses") as running:
        yield running.url, made


def test_a_wrong_address_of_a_program_is_an_error_and_of_a_person_a_page(house: tuple[str, dict[str, str]]) -> None:
    url, made = house
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {made['user_token']}"}, timeout=30) as client:
        for path in ("/api/v1/nope", "/v1/nope", "/s/old/web/app.js"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
        page = client.get("/nope")
        assert (page.status_code, page.headers["content-type"][:9]) == (404, "text/html")
        # Slack's door stands before everything else, and answers all of Slack's methods.
        slack = {name: client.post(f"/slack/api/{name}").json() for name in ("oauth.v2.access", "no.such", "api.test")}
        assert slack["oauth.v2.access"]["error"] == "invalid_client_id"
        assert slack["no.such"]["error"] == "unknown_method"
        assert slack["api.test"]["ok"]


def test_a_sign_in_link_shows_a_page_and_works_once(house: tuple[str, dict[str, str]]) -> None:
    url, made = house
    link = "/sign-in/" + made["sign_in_url"].rpartition("/")[2]
    with httpx.Client(base_url=url, timeout=30) as client:
        assert "<form" in client.get(link).text
        first = client.post(link)
        assert (first.status_code, first.headers["location"]) == (303, "/")
        assert client.get("/api/v1/me").json()["role"] == "owner"
        assert client.post(link).status_code == 401
