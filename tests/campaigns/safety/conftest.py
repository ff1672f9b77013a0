"""A studio for each test; those that move nobody share one database for their module."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dure.log.api import Log
from dure.state import State
from tests.campaigns.studio import Studio, open_studio
from tests.databases import copied, named


@dataclass(frozen=True)
class Ground:
    """A module's databases."""

    url: str
    state: State
    log: Log


@pytest.fixture(scope="module")
async def ground(postgres_url: str, template: str, run_folder: Path, anyio_backend: str) -> AsyncIterator[Ground]:
    with copied(postgres_url, template) as url:
        state, log = State(url, connections=12), Log(f"chdb://{run_folder}/ch", database=named(url))
        await state.open()
        log.open()
        yield Ground(url, state, log)
        await state.close()
        log.drop()
        log.close()


@pytest.fixture
async def sori(ground: Ground) -> Studio:
    """A company of its own on its module's ground. Where campaigns send, a test has a database of its own: `studio`."""
    return await open_studio(ground.state, ground.log)
