"""`dure import slack` as somebody at a terminal uses it, beside the running server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.channels import slack_export as slack
from tests.frame.running import dure, found, server


@pytest.fixture
def folder(run_folder: Path) -> Path:
    return run_folder / "moving"


def test_a_past_is_looked_at_brought_in_once_and_what_was_left_out_is_in_a_file(folder: Path, tmp_path: Path) -> None:
    export, left, junk = tmp_path / "Sori export.zip", tmp_path / "left.csv", tmp_path / "junk.zip"
    export.write_bytes(slack.zipped(slack.realistic()))
    junk.write_text("junk")
    found(folder)
    with server(folder) as running:
        looked = dure("import", "slack", str(export), "--dry-run", folder=folder)
        assert looked.returncode == 0, looked.stderr
        assert "36 messages, 4 files" in looked.stdout
        names = {one["name"] for one in running.client.get("/api/v1/channels").json()["channels"]}
        assert not any("old-campaign" in name for name in names)

        done = dure("import", "slack", str(export), "--private", "--direct", "--left", str(left), folder=folder)
        assert done.returncode == 0, done.stderr
        assert "done: 36 messages" in done.stdout
        assert "제안서.pdf" in left.read_text("utf-8-sig")

        def said() -> int:
            rooms = running.client.get("/api/v1/channels?archived=true").json()["channels"]
            [deal] = [one["id"] for one in rooms if one["name"] == "deal-한빛커피"]
            return len(running.client.get(f"/api/v1/channels/{deal}/messages?limit=100").json()["messages"])

        before = said()
        again = dure("import", "slack", str(export), "--private", "--direct", "--json", folder=folder)
        assert json.loads(again.stdout)["state"] == "done"
        assert said() == before > 0

        refused = dure("import", "slack", str(junk), folder=folder)
        assert refused.returncode == 1
        assert "no zip" in refused.stderr
        assert dure("import", "slack", str(export), "--skip", "nowhere", folder=folder).returncode == 1
