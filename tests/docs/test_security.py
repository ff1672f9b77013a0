"""The threat model names what stops each threat and the test that shows it: both are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CELL = re.compile(r"^`([^`]+)`$")
# What the table must speak of, in the words that stand in it.
SPOKEN_OF = (
    "CSRF", "XSS", "SSRF", "path traversal", "rotation", "brute force", "enumeration", "socket hijack", "SQL",
    "resources", "regex", "zip", "page sizes", "nested", "replay", "trail", "pinned", "any route", "any Slack method",
)  # fmt: skip


def lines(text: str) -> list[tuple[str, str, str]]:
    """Threat, file and test of each line of the table of four columns."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and cells[0] != "who":
            found.append((f"{cells[0]}: {cells[1]}", cells[2], cells[3]))
    return found


def missing(threat: str, file: str, test: str) -> list[str]:
    wrong = []
    where, named = _CELL.match(file), _CELL.match(test)
    if where is None or not (ROOT / where[1]).exists():
        wrong.append(f"{threat}: {file} is not there")
    if named is None or "::" not in named[1]:
        return [*wrong, f"{threat}: no test is named"]
    path, name = named[1].split("::")
    if not (ROOT / path).is_file() or not re.search(
        rf"^(async )?def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE
    ):
        wrong.append(f"{threat}: {named[1]} is not there")
    return wrong


def test_every_threat_has_a_file_and_a_test_that_exist() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    table = lines(text)
    assert [wrong for line in table for wrong in missing(*line)] == []
    assert len(table) >= 60
    assert [word for word in SPOKEN_OF if not any(word in threat for threat, _, _ in table)] == []


def test_a_line_without_its_test_is_found_out() -> None:
    assert missing("x", "`src/dure/main.py`", "`tests/docs/test_security.py::test_nowhere`") != []
    assert missing("x", "`src/dure/nothing.py`", "`tests/docs/test_security.py::test_a_line_without`") != []
    assert missing("x", "`src/dure/main.py`", "–") == ["x: no test is named"]
