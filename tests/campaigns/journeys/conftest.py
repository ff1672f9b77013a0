"""One studio for each file of tests: every test has campaigns and people of its own in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dure.log.api import Log
from dure.state import State
from tests.campaigns.studio import Studio, open_studio
from tests.databases import copied, named


@pytest.fixture(scope="module")
async def house(postgres_url: str, template: str, run_folder: Path) -> AsyncIterator[Studio]:
    with copied(postgres_url, template) as url:
        state, log = State(url, connections=8), Log(f"chdb://{run_folder}/ch", database=named(url))
        log.open()
        await state.open()
        yield await open_studio(state, log)
        await state.close()
        log.drop()
        log.close()
