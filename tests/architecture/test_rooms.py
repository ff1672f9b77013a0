"""The house keeps its walls: the order of the rooms, what may be named across them, and how the code is written."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "dure"
SLICES = {
    "automation", "campaigns", "channels", "deals", "experiments", "governance", "ingest", "metrics", "pacing",
    "people", "segments", "social",
}  # fmt: skip
# `http` is how governance tells routes who calls.
OPEN_DOORS = {"api", "events", "model", "plugs", "http"}


def run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_follow_the_order_of_the_rooms() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_has_nothing_to_say() -> None:
    run("ruff", "check", ".")


def test_the_code_is_formatted() -> None:
    run("ruff", "format", "--check", ".")


def test_the_types_hold() -> None:
    run("mypy")


@pytest.mark.parametrize("room", sorted(SLICES))
def test_only_a_slices_open_doors_are_named_from_other_slices(room: str) -> None:
    reaching = []
    for path in sorted((SOURCE / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("dure."):
                parts = node.module.split(".")
                names = [parts[2]] if len(parts) > 2 else [alias.name for alias in node.names]
                if parts[1] in SLICES and parts[1] != room and not set(names) <= OPEN_DOORS:
                    reaching.append(f"{path.relative_to(ROOT)}:{node.lineno} reaches into {node.module}")
    assert not reaching


@pytest.mark.parametrize("room", sorted(SLICES))
def test_sql_of_a_slice_names_only_its_own_tables(room: str) -> None:
    others = "|".join(sorted(SLICES - {room} | {"feed"}))
    foreign = re.compile(rf"\b(?:from|join|into|update|truncate)\s+(?:{others})\.[a-z_]+\b(?!.*\bimport\b)", re.I)
    for path in sorted((SOURCE / room).rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not foreign.search(line), f"{path.relative_to(ROOT)}:{number} reaches another room's tables"
