"""A house whose ways out lead to stand-ins in this process; one for all tests of the folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dure.log.api import Log
from dure.state import State
from tests.campaigns.carriers.world import World, open_world
from tests.databases import copied, named


@pytest.fixture(scope="package")
async def world(postgres_url: str, template: str, run_folder: Path, anyio_backend: str) -> AsyncIterator[World]:
    with copied(postgres_url, template) as url:
        state = State(url, connections=12)
        await state.open()
        log = Log(f"chdb://{run_folder}/ch", database=named(url))
        log.open()
        async with open_world(state, log) as made:
            yield made
        log.drop()
        log.close()
        await state.close()
