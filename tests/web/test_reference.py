"""The reference names what the kit exports, and nothing that it does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dure

KIT = (Path(dure.__file__).parent / "web/static/kit.js").read_text(encoding="utf-8")
REFERENCE = (Path(__file__).parents[2] / "docs/reference/kit.md").read_text(encoding="utf-8")
OURS = [
    name.strip()
    for names, source in re.findall(r"export \{([^}]*)\} from '([^']+)'", KIT)
    if "vendor" not in source
    for name in names.split(",")
    if name.strip()
]


@pytest.mark.parametrize("name", OURS)
def test_everything_the_kit_offers_is_in_the_reference(name: str) -> None:
    assert re.search(rf"(?<!\w){name}(?!\w)", REFERENCE), f"docs/reference/kit.md does not mention {name}"


def test_the_example_imports_only_what_is_there() -> None:
    imported = re.search(r"import \{([^}]*)\} from '../web/kit.js'", REFERENCE)
    assert imported
    assert {name.strip() for name in imported[1].split(",")} <= set(OURS)
