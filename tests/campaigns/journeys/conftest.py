"""One studio for each file of tests: every test has campaigns and people of its own in it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from dure.log.api import Log
from dure.state import State
from tests.campaigns.studio import Studio, open_studio
from tests.conftest import database_url


@pytest.fixture(scope="module")
async def house(
    request: pytest.FixtureRequest, postgres_url: str, template: str, run_folder: Path
) -> AsyncIterator[Studio]:
    name = f"dure_ways_{os.getpid()}_{request.module.__name__.rpartition('.')[2]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template} strategy file_copy")
    state, log = State(database_url(postgres_url, name), connections=8), Log(f"chdb://{run_folder}/ch", database=name)
    log.open()
    await state.open()
    yield await open_studio(state, log)
    await state.close()
    log.drop()
    log.close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
