"""Which events leave an entry in the audit trail: every one is in a table, or left out for a reason."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import dure
from dure.governance.plugs import Audited
from dure.proof import TABLES

SOURCE = Path(dure.__file__).parent
_NAME = re.compile(r"[A-Z][A-Za-z]*(?: [A-Za-z]+)+|[A-Z][a-z]+")
_SECRET = re.compile(r"token|secret|password|digest|(?<![a-z])text|comment|email|address|url|body", re.I)
# Kept for what they say, not for a secret: which of an app's secrets was renewed, and counts.
_HARMLESS = {"secret", "without_address", "keep_address"}


def told() -> set[tuple[str, str]]:
    """(slice, event name) of everything that any slice's `events` names."""
    found = set()
    for path in sorted(SOURCE.glob("**/events.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        module = importlib.import_module(".".join(("dure", *parts)))
        for key, value in vars(module).items():
            if key.isupper() and isinstance(value, str) and _NAME.fullmatch(value):
                found.add((parts[0], value))
    return found


def test_every_event_is_proven_or_left_out_for_a_reason() -> None:
    everything = told()
    assert len(everything) > 350
    assert sorted(f"{room}: {name}" for room, name in everything if name not in TABLES.get(room, {})) == []


def test_no_row_is_of_an_event_that_is_not_there() -> None:
    source = "\n".join(path.read_text() for path in SOURCE.rglob("*.py") if path.name != "audited.py")
    assert [name for table in TABLES.values() for name in table if f'"{name}"' not in source] == []


def test_slices_that_share_a_name_agree_about_it() -> None:
    decided: dict[str, bool] = {}
    for table in TABLES.values():
        for name, row in table.items():
            assert decided.setdefault(name, isinstance(row, Audited)) is isinstance(row, Audited), name


@pytest.mark.parametrize("room", sorted(TABLES))
def test_no_row_keeps_a_secret_or_what_points_at_a_customer(room: str) -> None:
    for name, row in TABLES[room].items():
        if isinstance(row, Audited):
            assert [kept for kept in row.keep if _SECRET.search(kept) and kept not in _HARMLESS] == [], name
        else:
            assert len(row) > 10, name
