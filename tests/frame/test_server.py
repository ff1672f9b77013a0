"""The server as its keeper meets it: started, met twice, ended well and badly, and found whole again."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from dure.folder import running
from tests.frame.running import Server, dure, found, server


@pytest.fixture
def folder(run_folder: Path, request: pytest.FixtureRequest) -> Path:
    return run_folder / f"house-{abs(hash(request.node.name)) % 10_000}"


@pytest.fixture(scope="module")
def kept(run_folder: Path) -> Iterator[Server]:
    """A server for those who leave it as they found it."""
    found(run_folder / "house-kept")
    with server(run_folder / "house-kept") as kept:
        yield kept


def test_init_prints_what_one_needs_and_a_second_time_changes_nothing_unless_another_is_asked_for(folder: Path) -> None:
    made = found(folder)
    assert set(made) == {
        "org_id", "workspace_id", "owner_user_id", "write_key", "user_token", "bot_token", "app_token", "sign_in_url",
    }  # fmt: skip
    assert made["user_token"].startswith("xoxp-")
    assert made["bot_token"].startswith("xoxb-")
    assert made["app_token"].startswith("xapp-")
    again = dure("init", "--org", "Other", "--workspace", "o", "--email", "o@o.example", "--json", folder=folder)
    assert again.returncode == 1
    assert "already belongs to Sorimaru" in again.stderr
    beside = dure(
        "init", "--another", "--org", "Other", "--workspace", "o", "--email", "o@o.example", "--json", folder=folder
    )
    assert json.loads(beside.stdout)["org_id"] != made["org_id"]
    tokens = json.loads(dure("token", "list", "--json", folder=folder).stdout)
    assert len(tokens) == 3


def test_a_token_made_while_the_server_runs_opens_its_doors_and_closes_when_revoked(kept: Server) -> None:
    done = dure("token", "create", "--kind", "user", "--user", "mina@sorimaru.example", "--json", folder=kept.folder)
    token = json.loads(done.stdout)["token"]
    headers = {"authorization": f"Bearer {token}"}
    me = kept.client.get("/api/v1/me", headers=headers).json()
    assert me["user"]["email"] == "mina@sorimaru.example"
    listed = json.loads(dure("token", "list", "--json", folder=kept.folder).stdout)
    assert dure("token", "revoke", listed[-1]["id"], folder=kept.folder).returncode == 0
    answer = kept.client.get("/api/v1/me", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")


def test_a_second_server_on_the_same_folder_says_who_has_it(kept: Server) -> None:
    second = dure("serve", "--port", "0", folder=kept.folder)
    assert second.returncode == 1
    assert f"in use by the server at {kept.url}" in second.stderr
    assert kept.client.get("/healthz").status_code == 200


def test_a_port_in_use_is_said_and_nothing_is_left_behind(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = dure("serve", "--port", str(taken.getsockname()[1]), folder=folder)
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert running(folder) is None
    with server(folder) as later:
        assert later.client.get("/readyz").json()["ok"]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_drains_and_exits_with_0(folder: Path, end: signal.Signals) -> None:
    with server(folder) as running_server:
        assert running_server.end(end) == 0
    assert running(folder) is None
    assert not (folder / "postgres" / "postmaster.pid").exists()


def test_killed_it_comes_back_with_everything(folder: Path) -> None:
    made = found(folder)
    with server(folder) as first:
        first.end(signal.SIGKILL)
    assert running(folder) is None, "what a killed server left behind is not believed"
    with server(folder) as second:
        me = second.client.get("/api/v1/me", headers={"authorization": f"Bearer {made['user_token']}"})
        assert me.json()["workspace"]["id"] == made["workspace_id"]


def test_probes_and_metrics_answer_without_signing_in(kept: Server) -> None:
    assert kept.client.get("/healthz", headers={"authorization": ""}).json()["status"] == "ok"
    assert kept.client.get("/readyz").json()["parts"]["log"]["ok"]
    assert "dure_feed_behind_batches" in kept.client.get("/metrics").text


def test_a_setting_that_is_not_known_is_named(folder: Path) -> None:
    folder.mkdir()
    (folder / "dure.toml").write_text("prot = 80\n")
    done = dure("serve", "--port", "0", folder=folder)
    assert done.returncode == 1
    assert "prot" in done.stderr
