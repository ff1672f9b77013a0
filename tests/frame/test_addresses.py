"""A wrong address is answered in the words of the door it was meant for."""

from __future__ import annotations

from pathlib import Path

from tests.frame.running import found, server


def test_a_wrong_address_of_a_program_is_an_error_and_of_a_person_a_page(run_folder: Path) -> None:
    folder = run_folder / "addresses"
    token = found(folder)["user_token"]
    with server(folder) as running:
        client = running.client
        client.headers["authorization"] = f"Bearer {token}"
        for path in ("/api/v1/nope", "/v1/nope", "/s/old/web/app.js"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
        page = client.get("/nope")
        assert (page.status_code, page.headers["content-type"][:9]) == (404, "text/html")
        # Slack's door stands before everything else, and answers all of Slack's methods.
        slack = {
            name: running.client.post(f"/slack/api/{name}").json()
            for name in ("oauth.v2.access", "no.such", "api.test")
        }
        assert slack["oauth.v2.access"]["error"] == "invalid_client_id"
        assert slack["no.such"]["error"] == "unknown_method"
        assert slack["api.test"]["ok"]


def test_a_sign_in_link_shows_a_page_and_works_once(run_folder: Path) -> None:
    folder = run_folder / "link"
    link = "/sign-in/" + found(folder)["sign_in_url"].rpartition("/")[2]
    with server(folder) as running:
        client = running.client
        del client.headers["authorization"]
        assert "<form" in client.get(link).text
        first = client.post(link)
        assert (first.status_code, first.headers["location"]) == (303, "/")
        assert client.get("/api/v1/me").json()["role"] == "owner"
        assert client.post(link).status_code == 401
