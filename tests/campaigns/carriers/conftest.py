"""A house whose ways out lead to stand-ins in this process; one for all tests of the folder."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from dure.log.api import Log
from dure.state import State
from tests.campaigns.carriers.world import World, open_world
from tests.conftest import database_url


@pytest.fixture(scope="package")
async def world(postgres_url: str, template: str, run_folder: Path, anyio_backend: str) -> AsyncIterator[World]:
    name = f"dure_carriers_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template} strategy file_copy")
    state = State(database_url(postgres_url, name), connections=12)
    await state.open()
    log = Log(f"chdb://{run_folder}/ch", database=name)
    log.open()
    async with open_world(state, log) as made:
        yield made
    log.drop()
    log.close()
    await state.close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
