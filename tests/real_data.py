"""Real data sets, which are not kept in the repository: a test that needs one skips where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("DURE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))


def real(name: str) -> Path:
    """A file of the folder that `DURE_SHARED_DATA` names, else of `shared/data` beside the checkout."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not here; DURE_SHARED_DATA names the folder of the real data sets")
    return path
