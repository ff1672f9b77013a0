"""One house for each file of tests: every recipe has runs of its own in it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import psycopg
import pytest

from dure.state import State
from tests.conftest import database_url
from tests.recipes.house import House, open_house


@pytest.fixture(scope="module")
async def house(request: pytest.FixtureRequest, postgres_url: str, template: str) -> AsyncIterator[House]:
    name = f"dure_recipes_{os.getpid()}_{request.module.__name__.rpartition('.')[2]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"create database {name} template {template} strategy file_copy")
    state = State(database_url(postgres_url, name), connections=6)
    await state.open()
    yield await open_house(state)
    await state.close()
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
