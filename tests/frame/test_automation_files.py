"""`dure automation`: out as a file, compared, in as new versions; by a server that answers what it is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dure.commands import automations, cli

TEXT = {"id": "a1", "name": "Welcome", "recipe": "", "definition": {"nodes": []}}
CHANGE = {
    "what": "changed", "place": "nodes.w.with.text", "before": "hi", "after": "hello",
    "said": {"ko": "단계 w · with.text 변경", "en": "step w · with.text changed"},
}  # fmt: skip
KNOWN = {
    "name": "Welcome",
    "automation": "a1",
    "version": 2,
    "published": 3,
    "changes": [CHANGE],
    "error": "",
    "field": "",
}
NEW = {**KNOWN, "name": "Farewell", "automation": "", "version": 0, "published": 1, "changes": []}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    asked: list[Any] = []

    def call(settings: object, workspace: str, method: str, path: str, *, json: Any = None) -> Any:
        asked.append((method, path, json))
        return {"automations": [TEXT, {**TEXT, "id": "a2", "name": "Farewell"}], "reviews": [KNOWN, NEW]}

    monkeypatch.setattr(automations, "call", call)
    return asked


def test_one_is_written_to_a_file(asked: list[Any], tmp_path: Path) -> None:
    file = tmp_path / "welcome.json"
    done = CliRunner().invoke(cli, ["automation", "export", "Welcome", "--to", str(file)])
    assert (done.exit_code, json.loads(file.read_text())) == (0, {"automations": [TEXT]})
    gone = CliRunner().invoke(cli, ["automation", "export", "Nobody"])
    assert (gone.exit_code, "no automation 'Nobody'" in gone.stderr) == (1, True)


def test_a_difference_is_printed_and_nothing_published(asked: list[Any]) -> None:
    done = CliRunner().invoke(cli, ["automation", "diff", "-"], input=json.dumps({"automations": [TEXT]}))
    assert done.stdout.splitlines() == [
        "Welcome: version 2", "  ~ step w · with.text changed: hi → hello", "Farewell: new",
    ]  # fmt: skip
    assert asked == [("POST", "/api/v1/automations/import", {"automations": [TEXT]})]


def test_an_import_says_which_versions_came_of_it(asked: list[Any]) -> None:
    done = CliRunner().invoke(cli, ["automation", "import", "-", "--note", "why"], input=json.dumps(TEXT))
    assert done.stdout.splitlines() == ["Welcome: version 3", "Farewell: version 1 (new, switched off)"]
    assert asked[0][2] == {"automations": [TEXT], "publish": True, "note": "why"}


def test_a_file_that_is_not_json_is_refused(asked: list[Any]) -> None:
    done = CliRunner().invoke(cli, ["automation", "diff", "-"], input="{")
    assert (done.exit_code, "not JSON" in done.stderr, asked) == (1, True, [])
