"""A studio for each test; those that move nobody share one database for their module."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from dure.log.api import Log
from dure.state import State
from tests.campaigns.studio import Studio, open_studio
from tests.conftest import database_url

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Ground:
    """A module's databases."""

    url: str
    state: State
    log: Log


@pytest.fixture(scope="module")
async def ground(postgres_url: str, template: str, run_folder: Path, anyio_backend: str) -> AsyncIterator[Ground]:
    name = f"dure_safety_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template} strategy file_copy")
    url = database_url(postgres_url, name)
    state, log = State(url, connections=12), Log(f"chdb://{run_folder}/ch", database=name)
    await state.open()
    log.open()
    yield Ground(url, state, log)
    await state.close()
    log.drop()
    log.close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
async def sori(ground: Ground) -> Studio:
    """A company of its own on its module's ground. Where campaigns send, a test has a database of its own: `studio`."""
    return await open_studio(ground.state, ground.log)
